//! The mark of an index of names: its id, a random number that it keeps when it is rewritten, and how many changes it has
//! seen. A mark of earlier tells whether everything of then is still there.

use std::sync::atomic::{AtomicU64, Ordering};

/// Grows with the mark of any index, so that one look tells that none has changed.
static MARKS_CHANGED: AtomicU64 = AtomicU64::new(0);

/// Tells an index from others, and from its earlier and later states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IndexMark {
    /// The id of the index.
    pub(crate) id: u64,
    /// The number of changes that it has seen.
    pub(crate) changes: u64,
}

impl IndexMark {
    /// Returns the mark in bytes.
    pub(crate) fn to_bytes(self) -> [u8; 16] {
        ((u128::from(self.id) << 64) | u128::from(self.changes)).to_be_bytes()
    }

    /// Reads what [`IndexMark::to_bytes`] wrote.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let number = u128::from_be_bytes(bytes.try_into().ok()?);
        Some(Self { id: (number >> 64) as u64, changes: number as u64 })
    }
}

/// Tells whether an index with the mark `now` has everything that the one with the mark `before` had.
pub(crate) fn index_continues(before: &[u8], now: &[u8]) -> bool {
    match (IndexMark::from_bytes(before), IndexMark::from_bytes(now)) {
        (Some(before), Some(now)) => before.id == now.id && before.changes <= now.changes,
        _ => false,
    }
}

/// Shares the mark of an index with those who store what refers to it.
#[derive(Debug)]
pub(crate) struct LiveIndexMark {
    id: u64,
    changes: AtomicU64,
}

impl LiveIndexMark {
    /// Creates the mark of an index that has seen nothing.
    pub(crate) fn new(id: u64) -> Self {
        Self { id, changes: AtomicU64::new(0) }
    }

    /// Sets the number of changes that the index has seen.
    pub(crate) fn set(&self, changes: u64) {
        if self.changes.swap(changes, Ordering::AcqRel) != changes {
            MARKS_CHANGED.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Returns the mark in bytes; `None` while the index has seen nothing, so that nothing refers to it.
    pub(crate) fn get(&self) -> Option<[u8; 16]> {
        let changes = self.changes.load(Ordering::Acquire);
        (changes > 0).then(|| IndexMark { id: self.id, changes }.to_bytes())
    }

    /// Returns a number that differs when any mark has changed.
    pub(crate) fn version() -> u64 {
        MARKS_CHANGED.load(Ordering::Acquire)
    }
}
