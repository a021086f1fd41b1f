//! Change attributes that never miss a change made through this server.
//!
//! The change attribute is the kernel's time of last change, in nanoseconds. Kernels stamp files with a clock that may
//! tick only every few milliseconds, so two changes can get one time. Therefore each change made here raises the
//! attribute at least by one; a table holds how far it is ahead of the time. The attribute of an object without an
//! entry is the time alone.
//!
//! Bounds: the table holds the 32,768 to 65,536 objects changed last. An object that falls out goes back to its time,
//! a few nanoseconds less than before (as it does after a restart): clients see another value and read again, which is
//! harmless. What must not happen is that one value stands for two states. For that, after falling out, a change would
//! have to be stamped with exactly the time to which the earlier changes had been raised, that is fewer nanoseconds
//! later than there were changes within one tick, each of which takes more than a nanosecond.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Most entries of one of the two halves.
const HALF_MAX: usize = 32_768;

/// Identifies an inode by device and number.
pub(super) type Inode = (u64, u64);

/// Holds the change attributes that are ahead of the time.
#[derive(Debug, Default)]
pub(super) struct ChangeAttributes {
    halves: Mutex<Halves>,
}

/// Fills the newer half; when it is full, the older one is dropped and they are swapped.
#[derive(Debug, Default)]
struct Halves {
    newer: HashMap<Inode, u64>,
    older: HashMap<Inode, u64>,
}

impl Halves {
    fn get(&self, inode: Inode) -> Option<u64> {
        self.newer.get(&inode).or_else(|| self.older.get(&inode)).copied()
    }
}

impl ChangeAttributes {
    /// Returns the change attribute of an object whose time of last change is `ctime` nanoseconds.
    pub(super) fn get(&self, inode: Inode, ctime: u64) -> u64 {
        let halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        halves.get(inode).map_or(ctime, |change| change.max(ctime))
    }

    /// Records a change that left the time at `ctime`; returns the new change attribute.
    pub(super) fn raise(&self, inode: Inode, ctime: u64) -> u64 {
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        // The last value given out was the entry or a time, and no time was later than this one.
        let last = halves.get(inode).map_or(ctime, |change| change.max(ctime));
        let change = last.saturating_add(1);
        if halves.newer.len() >= HALF_MAX && !halves.newer.contains_key(&inode) {
            halves.older = std::mem::take(&mut halves.newer);
        }
        halves.newer.insert(inode, change);
        change
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_change_shows_within_one_tick() {
        let changes = ChangeAttributes::default();
        let file = (1, 2);
        assert_eq!(changes.get(file, 100), 100);
        let values: Vec<u64> = (0..5).map(|_| changes.raise(file, 100)).collect();
        assert_eq!(values, [101, 102, 103, 104, 105]);
        assert_eq!(changes.get(file, 100), 105);
        assert_eq!(changes.get(file, 2000), 2000, "the clock has advanced");
        assert_eq!(changes.raise(file, 2000), 2001, "a time that was given out is not given out again");
        assert_eq!(changes.raise(file, 50), 2002, "the clock may be set back");
    }

    #[test]
    fn the_table_is_bounded_and_keeps_the_newest() {
        let changes = ChangeAttributes::default();
        for inode in 0..200_000 {
            changes.raise((1, inode), 10);
        }
        let halves = changes.halves.lock().unwrap();
        assert!(halves.newer.len() <= HALF_MAX && halves.older.len() <= HALF_MAX);
        assert_eq!(halves.get((1, 199_999)), Some(11));
        assert_eq!(halves.get((1, 199_999 - HALF_MAX as u64 + 1)), Some(11));
        assert_eq!(halves.get((1, 0)), None);
    }
}
