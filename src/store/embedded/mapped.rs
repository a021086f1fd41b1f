//! Mapped segments: a commit is copied into the mapped log file instead of being written by a system call, which takes as
//! long as the lock operation itself. Copied bytes are in the page cache, as written ones are: they survive the process.
//!
//! A write to mapped memory cannot report a full disk; it ends the process. So only files whose space is allocated, on
//! file systems that overwrite it in place, are mapped.

use memmap2::{MmapOptions, MmapRaw, UncheckedAdvice};
use rustix::fs::fstatfs;
use std::fs::File;
use std::sync::atomic::{Ordering, compiler_fence};

/// File systems that overwrite bytes in place, by `f_type` of statfs(2): ext4, XFS, tmpfs. ext2 and ext3 have the same
/// number as ext4, but cannot allocate space in advance.
const OVERWRITING: [u64; 3] = [0xef53, 0x5846_5342, 0x0102_1994];

/// Returns whether a file system with this `f_type` overwrites allocated space in place.
fn overwrites_in_place(f_type: u64) -> bool {
    OVERWRITING.contains(&f_type)
}

/// Returns whether `file` keeps the space that is allocated for it, so that it can be written through memory on a full disk.
pub(super) fn keeps_allocated_space(file: &File) -> bool {
    fstatfs(file).is_ok_and(|found| overwrites_in_place(found.f_type as u64))
}

/// Maps a log file into memory. Only one thread at a time may write, and nobody reads through it.
#[derive(Debug)]
pub(super) struct MappedSegment(MmapRaw);

impl MappedSegment {
    /// Maps the first `bytes` bytes of a file, which are allocated. Returns `None` where they may not stay so.
    pub fn map(file: &File, bytes: u64) -> Option<Self> {
        let length = usize::try_from(bytes).ok().filter(|_| keeps_allocated_space(file))?;
        let map = MmapOptions::new().len(length).map_raw(file);
        map.inspect_err(|error| tracing::debug!(%error, "a log file is not mapped")).ok().map(Self)
    }

    /// Writes `bytes` at `at`. Returns `false`, and writes nothing, if they do not fit.
    pub fn write(&self, at: u64, bytes: &[u8]) -> bool {
        let end = usize::try_from(at).ok().and_then(|at| at.checked_add(bytes.len()));
        if end.is_none_or(|end| end > self.0.len()) {
            return false;
        }
        #[allow(unsafe_code, reason = "a slice would claim that nobody else can change the file")]
        // SAFETY: the range from `at` on lies in the map, as was just checked, and `bytes` does not overlap it: nobody has
        // a reference to mapped memory.
        unsafe {
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.0.as_mut_ptr().add(at as usize), bytes.len());
        }
        // The commit mark, which is written next, must not become visible before this.
        compiler_fence(Ordering::SeqCst);
        true
    }

    /// Gives the mapped pages back to the system. Their content stays in the file, and the next write maps them again.
    pub fn release_pages(&self) {
        #[allow(unsafe_code, reason = "this advice would lose the content of private memory")]
        // SAFETY: the map is shared, so nothing of it is in this memory alone.
        let _ = unsafe { self.0.unchecked_advise(UncheckedAdvice::DontNeed) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::FileExt;

    #[test]
    fn writes_reach_the_file_and_stay() {
        let file = tempfile::tempfile_in("/dev/shm").unwrap();
        file.set_len(10_000).unwrap();
        let mapped = MappedSegment::map(&file, 10_000).expect("tmpfs overwrites in place");
        let read = |at: u64| {
            let mut bytes = [0; 3];
            file.read_exact_at(&mut bytes, at).unwrap();
            bytes
        };
        assert!(mapped.write(5000, b"abc") && mapped.write(9997, b"end") && mapped.write(10_000, b""));
        mapped.release_pages();
        assert_eq!([read(5000), read(9997)], [*b"abc", *b"end"]);
        assert!(mapped.write(5001, b"x"));
        assert_eq!(read(5000), *b"axc");
        for at in [9998, 10_001, u64::MAX] {
            assert!(!mapped.write(at, b"abc"));
        }
        assert_eq!(read(9997), *b"end");
    }

    #[test]
    fn copy_on_write_and_network_file_systems_are_not_mapped() {
        let (btrfs, overlayfs, nfs, zfs) = (0x9123_683e, 0x794c_7630, 0x6969, 0x2fc1_2fc1);
        assert!(![btrfs, overlayfs, nfs, zfs].into_iter().any(overwrites_in_place));
        assert!(OVERWRITING.into_iter().all(overwrites_in_place));
    }

    #[test]
    fn a_directory_is_not_mapped() {
        assert!(MappedSegment::map(&File::open("/dev/shm").unwrap(), 10).is_none());
    }
}
