//! A log file as memory: a commit is copied there instead of being handed to the system, which takes a call alone as long as
//! the lock it is about. What was copied is in the page cache, as what was written is: it outlives the process.
//!
//! Memory cannot say that the disk is full, it only can end the process. So this is for files that have their room already,
//! and keep it when they are written over.

use memmap2::{MmapOptions, MmapRaw, UncheckedAdvice};
use rustix::fs::fstatfs;
use std::fs::File;
use std::sync::atomic::{Ordering, compiler_fence};

/// File systems that write over octets where they are, by `f_type` of statfs(2): ext4, XFS, tmpfs. ext2 and ext3 have the
/// number of ext4, but cannot take room ahead.
const KEEPING_ROOM: [u64; 3] = [0xef53, 0x5846_5342, 0x0102_1994];

/// Whether a file of such a file system keeps the room that was taken for it.
fn keeps_room(kind: u64) -> bool {
    KEEPING_ROOM.contains(&kind)
}

/// Whether `file` keeps the room that was taken for it, so that it can be written through memory on a full disk.
pub(super) fn file_keeps_room(file: &File) -> bool {
    fstatfs(file).is_ok_and(|found| keeps_room(found.f_type as u64))
}

/// See the module. Only one at a time may write, and nobody reads through it.
#[derive(Debug)]
pub(super) struct MappedSegment(MmapRaw);

impl MappedSegment {
    /// Onto the first `bytes` octets of a file for which these are allocated. `None` where it is not sure that they stay so.
    pub fn onto(file: &File, bytes: u64) -> Option<Self> {
        let length = usize::try_from(bytes).ok().filter(|_| file_keeps_room(file))?;
        let map = MmapOptions::new().len(length).map_raw(file);
        map.inspect_err(|error| tracing::debug!(%error, "a log file is not mapped")).ok().map(Self)
    }

    /// Puts `octets` at `at`. Answers whether they fit; if not, nothing is written.
    pub fn write(&self, at: u64, octets: &[u8]) -> bool {
        let end = usize::try_from(at).ok().and_then(|at| at.checked_add(octets.len()));
        if end.is_none_or(|end| end > self.0.len()) {
            return false;
        }
        #[allow(unsafe_code, reason = "a slice would claim that nobody else can change the file")]
        // SAFETY: the octets from `at` on lie in the map, as was just checked, and `octets` cannot: nobody has a reference
        // to what is mapped.
        unsafe {
            std::ptr::copy_nonoverlapping(
                octets.as_ptr(),
                self.0.as_mut_ptr().add(at as usize),
                octets.len(),
            );
        }
        // What is written later, elsewhere, says that this is there.
        compiler_fence(Ordering::SeqCst);
        true
    }

    /// Gives back the memory in which the file is seen. It stays in the file, and is seen again when it is written to.
    pub fn rest(&self) {
        #[allow(unsafe_code, reason = "this advice would lose what is in private memory")]
        // SAFETY: the map is shared, so nothing of it is in this memory alone.
        let _ = unsafe { self.0.unchecked_advise(UncheckedAdvice::DontNeed) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::FileExt;

    #[test]
    fn what_is_put_there_is_in_the_file_and_stays() {
        let file = tempfile::tempfile_in("/dev/shm").unwrap();
        file.set_len(10_000).unwrap();
        let mapped = MappedSegment::onto(&file, 10_000).expect("tmpfs keeps room");
        let read = |at: u64| {
            let mut octets = [0; 3];
            file.read_exact_at(&mut octets, at).unwrap();
            octets
        };
        assert!(mapped.write(5000, b"abc") && mapped.write(9997, b"end") && mapped.write(10_000, b""));
        mapped.rest();
        assert_eq!([read(5000), read(9997)], [*b"abc", *b"end"]);
        assert!(mapped.write(5001, b"x"));
        assert_eq!(read(5000), *b"axc");
        for at in [9998, 10_001, u64::MAX] {
            assert!(!mapped.write(at, b"abc"));
        }
        assert_eq!(read(9997), *b"end");
    }

    #[test]
    fn who_copies_on_write_or_lies_elsewhere_keeps_no_room() {
        let (btrfs, overlayfs, nfs, zfs) = (0x9123_683e, 0x794c_7630, 0x6969, 0x2fc1_2fc1);
        assert!(![btrfs, overlayfs, nfs, zfs].into_iter().any(keeps_room));
        assert!(KEEPING_ROOM.into_iter().all(keeps_room));
    }

    #[test]
    fn a_file_that_cannot_be_mapped_has_none() {
        assert!(MappedSegment::onto(&File::open("/dev/shm").unwrap(), 10).is_none());
    }
}
