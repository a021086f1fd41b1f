//! Where an export is, in few octets that are kept: by them the next start knows its file system again.
//!
//! ```text
//! 1 | file system u64 | root u64 | whose handles its files have u64 | what is not entered u64 | path u64
//!   | mount point: length of its path u16, u64
//! ```
//!
//! All but the length are hashes, which say no more than that something is the same.

use super::Posix;
use super::setup::Prepared;
use crate::files::handle::ExportId;
use crate::files::mount_table::MountTable;
use siphasher::sip::SipHasher24;
use std::hash::Hasher;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

const VERSION: u8 = 1;
const MARK_BYTES: usize = 51;
const FILE_SYSTEM: std::ops::Range<usize> = 1..9;
const FILES: std::ops::Range<usize> = 17..25;
const PATH: std::ops::Range<usize> = 33..41;
const POINT_BYTES: std::ops::Range<usize> = 41..43;
/// Key of the hashes; they only tell apart, and protect nothing.
const KEY: [u8; 16] = *b"lockhouse places";

/// Where an export is, by the name of the directory; what the file system is, the open directory says.
#[derive(Clone, Debug)]
pub(crate) struct Whereabouts {
    path: PathBuf,
    /// Where the file system is mounted on which it is.
    point: PathBuf,
    /// Whose handles the files have.
    files: ExportId,
    /// Mounts below that are not entered.
    shut: Vec<PathBuf>,
}

impl Whereabouts {
    /// Of a directory that is open. `shut` are the mounts below it that are another export's.
    pub(crate) fn new(prepared: &Prepared, files: ExportId, shut: Vec<PathBuf>, table: &MountTable) -> Self {
        let path = prepared.path().canonicalize().unwrap_or_else(|_| prepared.path().to_owned());
        let point = table.point_above(&path).unwrap_or(Path::new("/")).to_owned();
        Self { path, point, files, shut }
    }
}

impl Posix {
    /// The mark of this export.
    pub(super) fn mark(&self) -> Vec<u8> {
        let Whereabouts { path, point, files, shut } = &self.whereabouts;
        let mut mark = vec![VERSION];
        let mut put = |number: u64| mark.extend_from_slice(&number.to_be_bytes());
        put(self.file_system_mark());
        put(hash([&self.root_id[..]]));
        put(files.0);
        put(hash(shut.iter().map(|point| point.as_os_str().as_bytes())));
        put(hash([path.as_os_str().as_bytes()]));
        let point = point.as_os_str().as_bytes();
        mark.extend_from_slice(&u16::try_from(point.len()).unwrap_or(u16::MAX).to_be_bytes());
        mark.extend_from_slice(&hash([point]).to_be_bytes());
        mark
    }

    /// Tells the file system from others: its kind, and the number that it has for this purpose, which is 0 where there is none.
    fn file_system_mark(&self) -> u64 {
        let kind = rustix::fs::fstatfs(&self.root).map_or(0, |stat| stat.f_type as u64);
        let number = rustix::fs::fstatvfs(&self.root).map_or(0, |stat| stat.f_fsid);
        hash([&kind.to_be_bytes()[..], &number.to_be_bytes()])
    }
}

/// Whether a file system was mounted at the export with the mark `before`, at the same place as now with the mark `now`, that is
/// not mounted now: what shows is the file system above it.
pub(crate) fn is_unmounted(before: &[u8], now: &[u8]) -> bool {
    let (Ok(before), Ok(now)) = (<&[u8; MARK_BYTES]>::try_from(before), <&[u8; MARK_BYTES]>::try_from(now))
    else {
        return false;
    };
    let same_place = before[0] == now[0] && before[PATH] == now[PATH];
    same_place && before[FILE_SYSTEM] != now[FILE_SYSTEM] && now[POINT_BYTES] < before[POINT_BYTES]
}

/// Whether the files of the export have had the handles of the export itself at all times.
pub(crate) fn has_own_handles(mark: &[u8], export: &str) -> bool {
    mark.get(FILES).is_none_or(|files| files == ExportId::of(export).0.to_be_bytes())
}

fn hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let mut hasher = SipHasher24::new_with_key(&KEY);
    for part in parts {
        hasher.write(&part.len().to_be_bytes());
        hasher.write(part);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(fs: u8, path: u8, point_bytes: u16) -> Vec<u8> {
        let mut mark = vec![0; MARK_BYTES];
        mark[0] = VERSION;
        mark[FILE_SYSTEM].fill(fs);
        mark[PATH].fill(path);
        mark[POINT_BYTES].copy_from_slice(&point_bytes.to_be_bytes());
        mark
    }

    #[test]
    fn a_mount_point_without_its_file_system_is_recognized() {
        let mounted = mark(1, 1, 9);
        assert!(is_unmounted(&mounted, &mark(2, 1, 1)));
        assert!(!is_unmounted(&mounted, &mark(2, 1, 9)), "another one is mounted there");
        assert!(!is_unmounted(&mounted, &mark(2, 2, 1)), "another directory");
        assert!(!is_unmounted(&mounted, &mounted));
        assert!(!is_unmounted(&mark(2, 1, 1), &mounted), "now one is mounted there");
        assert!(!is_unmounted(&mounted[1..], &mark(2, 1, 1)), "what is not ours says nothing");
    }

    #[test]
    fn whose_handles_files_have() {
        let mut mark = mark(1, 1, 1);
        mark[FILES].copy_from_slice(&ExportId::of("a").0.to_be_bytes());
        assert!(has_own_handles(&mark, "a") && !has_own_handles(&mark, "b") && has_own_handles(b"", "b"));
    }
}
