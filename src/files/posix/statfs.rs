//! Figures of file systems.

use super::errno::status;
use super::export::Posix;
use super::node::Node;
use crate::files::attr::FsStat;
use crate::files::handle::Object;
use crate::files::request::StatfsRequest;
use crate::files::result::Result;
use crate::files::volume::Serve;
use crate::nfs4::FileType;
use rustix::fs::{Mode, OFlags};
use std::os::fd::OwnedFd;

/// Most hard links that file systems commonly allow (ext4); no system call tells the number.
const LINKS_MAX: u32 = 65_000;

impl Serve<StatfsRequest> for Posix {
    fn serve(&self, object: &Object, _: StatfsRequest) -> Result<FsStat> {
        let node = self.resolve(object)?;
        let stat = rustix::fs::fstatvfs(&node.fd).map_err(status)?;
        let bytes = |blocks: u64| blocks.saturating_mul(stat.f_frsize);
        Ok(FsStat {
            space_total: bytes(stat.f_blocks),
            space_free: bytes(stat.f_bfree),
            space_avail: bytes(stat.f_bavail),
            files_total: stat.f_files,
            files_free: stat.f_ffree,
            files_avail: stat.f_favail,
            maxfilesize: self.fs.file_limits.file_bytes_max(&node, || self.any_file(&node)),
            maxname: u32::try_from(stat.f_namemax).unwrap_or(u32::MAX),
            maxlink: LINKS_MAX,
            clone_blksize: u32::try_from(stat.f_bsize).unwrap_or(u32::MAX),
            // Whatever the export accepts, others may have created another name.
            utf8_only: false,
        })
    }
}

impl Posix {
    /// Opens a regular file there: `node` itself, or one without a name, which is gone when it is closed.
    fn any_file(&self, node: &Node) -> Option<OwnedFd> {
        match node.kind().ok()? {
            FileType::Regular => self.reopen(node, OFlags::RDONLY).ok(),
            FileType::Directory => {
                let flags = OFlags::WRONLY | OFlags::TMPFILE | OFlags::CLOEXEC;
                rustix::fs::openat(&node.fd, ".", flags, Mode::from_raw_mode(0o600)).ok()
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::limits::{OFFSET_MAX, usual};
    use super::*;
    use crate::files::HandleKind;
    use crate::files::volume::Volume;

    #[test]
    fn what_is_reported_is_what_the_file_system_takes() {
        let (dir, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let posix = Posix::open(dir.path(), HandleKind::Auto, &state.path().join("index")).unwrap();
        let reported = posix.serve(&posix.root(), StatfsRequest).unwrap().maxfilesize;
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing is left behind");
        let file = std::fs::File::create(dir.path().join("f")).unwrap();
        file.set_len(reported).unwrap();
        if reported < OFFSET_MAX {
            assert!(file.set_len(reported + 1).is_err());
        }
        // The same by a file, and by what is known without asking when this is such a file system.
        let again = Posix::open(dir.path(), HandleKind::Auto, &state.path().join("index")).unwrap();
        let root = again.resolve(&again.root()).unwrap();
        let object = again.identify(&root.entry(b"f").unwrap(), &again.root(), b"f").unwrap();
        assert_eq!(again.serve(&object, StatfsRequest).unwrap().maxfilesize, reported);
        assert_eq!(usual(&root), reported);
    }
}
