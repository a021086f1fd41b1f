//! The mark of an exported directory: by it the next start recognizes the file system.
//!
//! ```text
//! 1 | file system u64 | root u64 | whose handles its files have u64 | what is not entered u64 | path u64
//!   | mount point: length of its path u16, u64
//! ```
//!
//! All but the length are hashes, which say no more than that something is the same.

use super::handle::ExportId;
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

/// Holds what a mark is made of.
pub(crate) struct MarkParts<'a> {
    /// The kind of the file system.
    pub(crate) fs_kind: u64,
    /// The number that the file system has for this purpose; 0 where there is none.
    pub(crate) fs_number: u64,
    /// The id of the root directory.
    pub(crate) root: &'a [u8],
    /// Whose handles the files have.
    pub(crate) files: ExportId,
    /// The mounts below that are not entered.
    pub(crate) excluded: &'a [PathBuf],
    /// The path of the directory.
    pub(crate) path: &'a Path,
    /// Where its file system is mounted.
    pub(crate) point: &'a Path,
}

impl MarkParts<'_> {
    /// Returns the mark in bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut mark = vec![VERSION];
        let mut put = |number: u64| mark.extend_from_slice(&number.to_be_bytes());
        put(hash([&self.fs_kind.to_be_bytes()[..], &self.fs_number.to_be_bytes()]));
        put(hash([self.root]));
        put(self.files.0);
        put(hash(self.excluded.iter().map(|point| point.as_os_str().as_bytes())));
        put(hash([self.path.as_os_str().as_bytes()]));
        let point = self.point.as_os_str().as_bytes();
        mark.extend_from_slice(&u16::try_from(point.len()).unwrap_or(u16::MAX).to_be_bytes());
        mark.extend_from_slice(&hash([point]).to_be_bytes());
        mark
    }
}

/// Tells whether a file system was mounted at the export with the mark `before`, which is at the same path as the one with
/// the mark `now`, and is not mounted now: the directory shows the file system above it.
pub(super) fn is_unmounted(before: &[u8], now: &[u8]) -> bool {
    let (Ok(before), Ok(now)) = (<&[u8; MARK_BYTES]>::try_from(before), <&[u8; MARK_BYTES]>::try_from(now))
    else {
        return false;
    };
    let same_path = before[0] == now[0] && before[PATH] == now[PATH];
    same_path && before[FILE_SYSTEM] != now[FILE_SYSTEM] && now[POINT_BYTES] < before[POINT_BYTES]
}

/// Tells whether the files of the export have handles of the export itself.
pub(super) fn has_own_handles(mark: &[u8], export: &str) -> bool {
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
