//! Where an export is.

use crate::files::directory_mark::MarkParts;
use crate::files::handle::ExportId;
use crate::files::mount_table::MountTable;
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};

/// Says where an export is by the name of its directory; what its file system is, the open directory says.
#[derive(Clone, Debug)]
pub(crate) struct Location {
    path: PathBuf,
    /// Where the file system is mounted on which it is.
    point: PathBuf,
    /// Whose handles the files have.
    files: ExportId,
    /// Mounts below that are not entered.
    excluded: Vec<PathBuf>,
}

impl Location {
    /// Finds where the directory `path` is. `excluded` are the mounts below it that belong to another export.
    pub(crate) fn new(path: &Path, files: ExportId, excluded: Vec<PathBuf>, table: &MountTable) -> Self {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let point = table.point_above(&path).unwrap_or(Path::new("/")).to_owned();
        Self { path, point, files, excluded }
    }

    /// Returns the mark of the export whose open root and its id are given.
    pub(super) fn mark(&self, root: BorrowedFd<'_>, root_id: &[u8]) -> Vec<u8> {
        let parts = MarkParts {
            fs_kind: rustix::fs::fstatfs(root).map_or(0, |stat| stat.f_type as u64),
            fs_number: rustix::fs::fstatvfs(root).map_or(0, |stat| stat.f_fsid),
            root: root_id,
            files: self.files,
            excluded: &self.excluded,
            path: &self.path,
            point: &self.point,
        };
        parts.to_bytes()
    }
}
