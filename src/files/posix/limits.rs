//! How long a file can become, which no system call says: asked by moving the position in a file, which changes nothing and
//! is refused beyond the end that the file system has for all files.

use super::node::Node;
use rustix::fs::SeekFrom;
use rustix::io::Errno;
use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::sync::{Mutex, PoisonError};

/// `f_type` of ext2, ext3 and ext4.
const EXT: u64 = 0xef53;
/// Longest file that any file system has: what an offset can say.
pub(super) const OFFSET_MAX: u64 = i64::MAX as u64;
/// Most file systems that are remembered.
const REMEMBERED_MAX: usize = 4096;

/// The longest files by device.
#[derive(Debug, Default)]
pub(super) struct FileLimits(Mutex<BTreeMap<u64, u64>>);

impl FileLimits {
    /// Returns the largest size of a file on the file system of `node`, in bytes. Asks each file system once, by a file
    /// that `open` opens; where it cannot be asked, what is known of its kind decides.
    pub(super) fn file_bytes_max(&self, node: &Node, open: impl FnOnce() -> Option<OwnedFd>) -> u64 {
        let device = node.inode().0;
        let limits = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(limit) = limits().get(&device) {
            return *limit;
        }
        // Not under the lock: a file system may block.
        let Some(limit) = open().and_then(|file| position_max(&file)) else {
            return usual(node);
        };
        let mut limits = limits();
        if limits.len() < REMEMBERED_MAX {
            limits.insert(device, limit);
        }
        limit
    }
}

/// The greatest position that a file takes; `None` when it takes none.
fn position_max(file: &OwnedFd) -> Option<u64> {
    let takes = |position| match rustix::fs::seek(file, SeekFrom::Start(position)) {
        Ok(_) => Ok(true),
        Err(Errno::INVAL | Errno::OVERFLOW | Errno::FBIG) => Ok(false),
        Err(error) => Err(error),
    };
    greatest(OFFSET_MAX, takes).ok().flatten()
}

/// The greatest number up to `most` that `fits`, where all below one that does do so too; `None` when not even 0 does. Asks 64
/// times at most.
fn greatest<E>(most: u64, mut fits: impl FnMut(u64) -> Result<bool, E>) -> Result<Option<u64>, E> {
    if fits(most)? {
        return Ok(Some(most));
    }
    if !fits(0)? {
        return Ok(None);
    }
    let (mut good, mut bad) = (0, most);
    while bad - good > 1 {
        let middle = good + (bad - good) / 2;
        if fits(middle)? {
            good = middle;
        } else {
            bad = middle;
        }
    }
    Ok(Some(good))
}

/// What is known of the kind of file system: those of the ext family number the blocks of a file with 32 bits.
pub(super) fn usual(node: &Node) -> u64 {
    match rustix::fs::fstatfs(&node.fd) {
        Ok(stat) if stat.f_type as u64 == EXT => {
            u64::try_from(stat.f_bsize).unwrap_or(4096).saturating_mul(u32::MAX.into()).min(OFFSET_MAX)
        }
        _ => OFFSET_MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_is_found() {
        for limit in [0, 1, 2, (1 << 44) - 4096, OFFSET_MAX - 1, OFFSET_MAX] {
            let mut asked = 0;
            let found = greatest(OFFSET_MAX, |number| {
                asked += 1;
                Ok::<_, ()>(number <= limit)
            });
            assert_eq!(found, Ok(Some(limit)));
            assert!(asked <= 66, "{asked}");
        }
        assert_eq!(greatest(9, |_| Ok::<_, ()>(false)), Ok(None));
        assert_eq!(greatest(9, |number| if number == 4 { Err(()) } else { Ok(number < 5) }), Err(()));
    }
}
