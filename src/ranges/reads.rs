//! The READ ranges of a file: an interval tree. Ranges of different owners overlap freely, so each subtree carries its
//! greatest last byte, and one that ends before the range asked for is skipped.
//!
//! A search is O(log n) although it also skips the requester's own ranges: of the ranges that start before the one asked for
//! and reach into it at most one is the requester's, and in a subtree that starts inside it either all are the requester's, which
//! the subtree says, or one that counts is there.

use crate::nfs4::{LockKind, Range};

use super::subtree_owner::SubtreeOwner;
use super::tree::{Depth, Entry, PrefetchTarget, Start, Tree};
use super::{Held, OwnerId};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Read {
    first: u64,
    last: u64,
    owner: OwnerId,
}

impl Read {
    fn held(self) -> Held {
        let range = Range::new(self.first, self.last).unwrap_or(Range::WHOLE);
        Held { owner: self.owner, range, kind: LockKind::Read }
    }
}

/// What a subtree knows of its ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sum {
    last: u64,
    subtree_owner: SubtreeOwner,
}

impl Entry for Read {
    type Key = (u64, OwnerId);
    type Payload = u64;
    type Sum = Sum;
    const SEVERAL: Option<Sum> = None;

    fn new((first, owner): Self::Key, last: u64) -> Self {
        Self { first, last, owner }
    }

    fn key(&self) -> Self::Key {
        (self.first, self.owner)
    }

    fn payload(&self) -> u64 {
        self.last
    }

    fn sum(&self) -> Sum {
        Sum { last: self.last, subtree_owner: SubtreeOwner::of(self.owner) }
    }

    fn join(a: Sum, b: Sum) -> Sum {
        Sum { last: a.last.max(b.last), subtree_owner: a.subtree_owner.and(b.subtree_owner) }
    }
}

/// The READ ranges of a file.
#[derive(Clone, Default)]
pub struct Reads(Tree<Read>);

impl Reads {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_large(&self) -> bool {
        self.0.is_large()
    }

    /// Returns what [`super::RangeSet::far`] does.
    pub fn far(&self, first: u64, depth: Depth) -> Option<PrefetchTarget<'_>> {
        self.0.far((first, OwnerId(u64::MAX)), depth)
    }

    /// Adds a range, or changes the end of the owner's range that starts there.
    pub fn put(&mut self, first: u64, last: u64, owner: OwnerId) {
        self.0.put(Read { first, last, owner });
    }

    pub fn remove(&mut self, first: u64, owner: OwnerId) {
        self.0.remove((first, owner));
    }

    /// Returns the first one with a byte in `range` that is not `owner`'s and stands after `after`.
    pub fn conflict(&self, owner: OwnerId, range: Range, after: Option<Held>) -> Option<Held> {
        let start = after.map_or(Start::First, |held| Start::After((held.range.first(), held.owner)));
        let to = (range.last(), OwnerId(u64::MAX));
        let prune = |sum: &Sum| sum.last < range.first() || sum.subtree_owner.is_all_of(owner);
        let accept = |read: &Read| read.last >= range.first() && read.owner != owner;
        self.0.find(start, to, prune, accept).map(Read::held)
    }

    /// Returns all of them.
    pub fn conflicts(&self, owner: OwnerId, range: Range) -> impl Iterator<Item = Held> {
        std::iter::successors(self.conflict(owner, range, None), move |held| {
            self.conflict(owner, range, Some(*held))
        })
    }

    pub fn iter(&self) -> impl Iterator<Item = Held> {
        self.0.iter().map(Read::held)
    }
}

#[cfg(test)]
impl Reads {
    /// Panics unless the tree is in order.
    pub fn check(&self) {
        self.0.check();
    }
}
