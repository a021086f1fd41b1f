//! The WRITE ranges of a file. They exclude everybody else, so they are disjoint and ordered by their first byte alone.

use crate::nfs4::{LockKind, Range};

use super::subtree_owner::SubtreeOwner;
use super::tree::{Depth, Entry, PrefetchTarget, Start, Tree};
use super::{Held, OwnerId};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Write {
    first: u64,
    last: u64,
    owner: OwnerId,
}

impl Write {
    fn held(self) -> Held {
        let range = Range::new(self.first, self.last).unwrap_or(Range::WHOLE);
        Held { owner: self.owner, range, kind: LockKind::Write }
    }
}

impl Entry for Write {
    type Key = u64;
    type Payload = (u64, OwnerId);
    type Sum = SubtreeOwner;
    const SEVERAL: Option<SubtreeOwner> = Some(SubtreeOwner::SEVERAL);

    fn new(first: u64, (last, owner): Self::Payload) -> Self {
        Self { first, last, owner }
    }

    fn key(&self) -> u64 {
        self.first
    }

    fn payload(&self) -> Self::Payload {
        (self.last, self.owner)
    }

    fn sum(&self) -> SubtreeOwner {
        SubtreeOwner::of(self.owner)
    }

    fn join(a: SubtreeOwner, b: SubtreeOwner) -> SubtreeOwner {
        a.and(b)
    }
}

/// The WRITE ranges of a file.
#[derive(Clone, Default)]
pub struct Writes(Tree<Write>);

impl Writes {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_large(&self) -> bool {
        self.0.is_large()
    }

    /// Returns what [`super::RangeSet::far`] does.
    pub fn far(&self, first: u64, depth: Depth) -> Option<PrefetchTarget<'_>> {
        self.0.far(first, depth)
    }

    /// Adds a range, or changes the end of the one that starts there.
    pub fn put(&mut self, first: u64, last: u64, owner: OwnerId) {
        self.0.put(Write { first, last, owner });
    }

    pub fn remove(&mut self, first: u64) {
        self.0.remove(first);
    }

    /// Returns the first one with a byte in `range` that is not `owner`'s.
    pub fn conflict(&self, owner: OwnerId, range: Range) -> Option<Held> {
        self.seek(Start::Floor(range.first()), owner, range)
    }

    /// Returns all of them.
    pub fn conflicts(&self, owner: OwnerId, range: Range) -> impl Iterator<Item = Held> {
        std::iter::successors(self.conflict(owner, range), move |held| {
            self.seek(Start::After(held.range.first()), owner, range)
        })
    }

    pub fn iter(&self) -> impl Iterator<Item = Held> {
        self.0.iter().map(Write::held)
    }

    fn seek(&self, start: Start<u64>, owner: OwnerId, range: Range) -> Option<Held> {
        // Of those that start before the range only the last can reach into it: they are disjoint.
        let prune = |sum: &SubtreeOwner| sum.is_all_of(owner);
        let accept = |write: &Write| write.owner != owner && write.last >= range.first();
        self.0.find(start, range.last(), prune, accept).map(Write::held)
    }
}

#[cfg(test)]
impl Writes {
    /// Panics unless the tree is in order and its ranges are disjoint.
    pub fn check(&self) {
        self.0.check();
        let all: Vec<Write> = self.0.iter().collect();
        for (a, b) in all.iter().zip(all.iter().skip(1)) {
            assert!(a.last < b.first, "{a:?} overlaps {b:?}");
        }
    }
}
