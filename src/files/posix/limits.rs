//! The largest size of a file, which no system call tells. It is found by moving the position in a file, which changes
//! nothing and is refused beyond the limit of the file system.

use super::node::Node;
use rustix::fs::SeekFrom;
use rustix::io::Errno;
use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::sync::{Mutex, PoisonError};

/// `f_type` of ext2, ext3 and ext4.
const EXT: u64 = 0xef53;
/// Largest size of a file on any file system, in bytes: what an offset can hold.
pub(super) const OFFSET_MAX: u64 = i64::MAX as u64;
/// Most file systems whose limit is kept.
const REMEMBERED_MAX: usize = 4096;

/// Holds the largest sizes by device.
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

/// Returns the largest position that a file accepts; `None` when it accepts none.
fn position_max(file: &OwnedFd) -> Option<u64> {
    let takes = |position| match rustix::fs::seek(file, SeekFrom::Start(position)) {
        Ok(_) => Ok(true),
        Err(Errno::INVAL | Errno::OVERFLOW | Errno::FBIG) => Ok(false),
        Err(error) => Err(error),
    };
    greatest(OFFSET_MAX, takes).ok().flatten()
}

/// Returns the largest number up to `most` that `fits`, if all below it do so too; `None` when not even 0 does. Asks at
/// most 66 times.
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

/// Returns the usual limit of the kind of file system: those of the ext family number the blocks of a file with 32 bits.
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
