//! The byte ranges held on one file (RFC 7530 §9, §16.10; RFC 8881 §9, §18.10).
//!
//! A [`RangeSet`] decides who may hold which bytes, by the POSIX rules: the ranges of one owner replace, merge and
//! split each other, a WRITE range excludes every other owner, READ ranges overlap freely. It is a pure data structure:
//! no clock, no I/O, no randomness, and owners are plain numbers.
//!
//! # Structure
//!
//! Three kinds of ordered tree, all the same [`tree::Tree`]:
//!
//! - `writes`: every WRITE range, by first byte. They are disjoint, whoever owns them.
//! - `reads`: every READ range, by first byte and owner, each subtree knowing its greatest last byte.
//! - one list per owner: its ranges of both kinds, by first byte. They are disjoint and no two equal ones touch. Of one
//!   range there is no tree.
//!
//! Each subtree of the first two also knows whether all of it is of one owner. Where that is the requester, nothing in the
//! subtree can conflict and it is skipped whole: the owner of a million ranges tests the whole file in one step, and
//! another owner's single range among that million is found on one path.
//!
//! # Cost
//!
//! With n ranges on the file and m of them changed: grant and unlock O((1 + m) log n), conflict O(log n), each further
//! conflict O(log n), release of an owner O(log n) for each of its ranges. A set that never held a range owns no memory,
//! one with a million takes 50 to 80 bytes for each.
//!
//! # Why not `rangemap`
//!
//! `RangeInclusiveMap` does the merging and splitting right, but it cannot tell that everything in a stretch has one owner,
//! so the holder of a million ranges would scan them to test the whole file; and its nodes of eleven keys mean more waits for
//! memory in a row. Measured side by side, one more range locked and unlocked at a random place, in nanoseconds, against two
//! such maps (the file's and the owner's): 320 against 1080 among a thousand ranges, 1700 against 3060 among a million; near
//! the last one 295 against 620 and 495 against 850. `benches/ranges.rs` measures this set alone.

mod claims;
mod owner;
mod owners;
mod reads;
mod steps;
mod subtree_owner;
mod table;
mod tree;
mod writes;

use std::fmt;
use std::iter::Peekable;

use crate::nfs4::{LockKind, Range};

use claims::Claims;
pub(crate) use owner::mix;
use owner::{Edit, Own, OwnerList, Spare};
use owners::Owners;
use reads::Reads;
use smallvec::SmallVec;
pub(crate) use steps::step;
#[cfg(test)]
pub(crate) use steps::take_steps;
pub(crate) use table::Table;
use tree::{Depth, PrefetchTarget, ask_for_all};
use writes::Writes;

/// Most ranges of an owner that [`RangeSet::holds_against`] looks at.
const AGAINST_MAX: usize = 64;

/// Who holds a range, as a plain number whose meaning the set does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnerId(pub u64);

/// A range that somebody holds, as large as it is after merging.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Held {
    /// Who holds it.
    pub owner: OwnerId,
    /// All of it.
    pub range: Range,
    /// How it is held.
    pub kind: LockKind,
}

/// One step of a change of an owner's ranges, in the order in which they are made. An owner never has two ranges with the
/// same first byte, not even in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeEdit {
    /// The owner now holds this, and held nothing that began at its first byte.
    Added(Range, LockKind),
    /// The owner now holds this, in place of what began at its first byte.
    Changed(Range, LockKind),
    /// The range that began at this byte is no more.
    Removed(u64),
}

/// The byte ranges held on one file.
#[derive(Clone, Default)]
pub struct RangeSet {
    owners: Owners,
    /// What somebody is about to hold, and nobody else is to get.
    claims: Claims,
    writes: Writes,
    reads: Reads,
    /// From the last owner that had several ranges and gave them up.
    spare: Spare,
}

impl RangeSet {
    /// Returns what keeps `owner` from holding `range` as `kind`: of all such ranges the one with the lowest first byte, and of
    /// several readers from the same byte the lowest owner. Own ranges never conflict, nor do READ and READ.
    pub fn conflict(&self, owner: OwnerId, range: Range, kind: LockKind) -> Option<Held> {
        let write = self.writes.conflict(owner, range);
        let write = if self.claims.is_empty() {
            write
        } else {
            lower(write, self.claims.conflict(owner, range, kind))
        };
        match kind {
            LockKind::Read => write,
            LockKind::Write => lower(write, self.reads.conflict(owner, range, None)),
        }
    }

    /// Returns the memory that will be needed to lock from the byte `first` on and may be far away, none if the set is small.
    /// See [`ask_for_all`].
    fn far(&self, first: u64, depth: Depth) -> impl Iterator<Item = PrefetchTarget<'_>> {
        self.writes.far(first, depth).into_iter().chain(self.reads.far(first, depth))
    }

    /// Asks for the memory that will be needed to lock from these bytes on in these sets, and waits for little of it.
    pub fn prefetch(ways: &[(&Self, u64)]) {
        for depth in [Depth::AboveLeaf, Depth::Leaf] {
            let far = ways.iter().flat_map(|(ranges, first)| ranges.far(*first, depth));
            ask_for_all(&far.collect::<SmallVec<[_; 16]>>());
        }
    }

    /// Returns whether some of it may be far away in memory.
    pub fn is_large(&self) -> bool {
        self.writes.is_large() || self.reads.is_large()
    }

    /// Returns everything that keeps `owner` from holding `range` as `kind`, ascending by first byte and owner, found as the
    /// iterator moves. There can be as many as there are ranges: the caller bounds how many it takes.
    pub fn conflicts(&self, owner: OwnerId, range: Range, kind: LockKind) -> impl Iterator<Item = Held> {
        let reads = match kind {
            LockKind::Read => None,
            LockKind::Write => Some(self.reads.conflicts(owner, range)),
        };
        let held = Merged::new(self.writes.conflicts(owner, range), reads.into_iter().flatten());
        Merged::new(held, self.claims.conflicts(owner, range, kind))
    }

    /// Gives `range` to `owner` as `kind`, in place of what the owner held there.
    ///
    /// # Errors
    ///
    /// The [`conflict`](Self::conflict) that forbids it; then nothing has changed.
    pub fn lock(&mut self, owner: OwnerId, range: Range, kind: LockKind) -> Result<(), Held> {
        self.lock_noting(owner, range, kind, |_| ())
    }

    /// Locks as [`lock`](Self::lock), and tells `note` of each step.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn lock_noting(
        &mut self,
        owner: OwnerId,
        range: Range,
        kind: LockKind,
        note: impl FnMut(RangeEdit),
    ) -> Result<(), Held> {
        if let Some(held) = self.conflict(owner, range, kind) {
            return Err(held);
        }
        self.grant_noting(owner, range, kind, note);
        Ok(())
    }

    /// Locks as [`lock_noting`](Self::lock_noting) when it is known that there is no [`conflict`](Self::conflict).
    pub fn grant_noting(
        &mut self,
        owner: OwnerId,
        range: Range,
        kind: LockKind,
        note: impl FnMut(RangeEdit),
    ) {
        debug_assert_eq!(self.conflict(owner, range, kind), None);
        let own = self.owners.entry(owner);
        let Self { writes, reads, spare, .. } = self;
        Edit { owner, own, spare, writes, reads, note }.lock(range, kind);
    }

    /// Takes `range` from `owner`; answers whether the owner held any of it.
    pub fn unlock(&mut self, owner: OwnerId, range: Range) -> bool {
        self.unlock_noting(owner, range, |_| ())
    }

    /// Unlocks as [`unlock`](Self::unlock), and tells `note` of each step.
    pub fn unlock_noting(&mut self, owner: OwnerId, range: Range, note: impl FnMut(RangeEdit)) -> bool {
        let Some(own) = self.owners.get_mut(owner) else { return false };
        let Self { writes, reads, spare, .. } = self;
        let held = Edit { owner, own, spare, writes, reads, note }.unlock(range);
        if own.is_empty() {
            let left = self.owners.remove(owner).and_then(OwnerList::into_spare);
            self.spare = left.or(self.spare.take());
        }
        held
    }

    /// Returns for how many owners there is room.
    #[cfg(test)]
    pub fn owner_room(&self) -> usize {
        self.owners.capacity()
    }

    /// Takes everything from `owner`; answers how many ranges that were.
    pub fn release(&mut self, owner: OwnerId) -> usize {
        let Some(list) = self.owners.remove(owner) else { return 0 };
        for own in list.iter() {
            match own.kind {
                LockKind::Read => self.reads.remove(own.first, owner),
                LockKind::Write => self.writes.remove(own.first),
            }
        }
        list.len()
    }

    /// Returns whether `owner` holds anything here.
    pub fn is_held_by(&self, owner: OwnerId) -> bool {
        self.owners.get(owner).is_some()
    }

    /// Returns whether `owner` holds anything that keeps others from holding `range` as `kind`. A WRITE range behind more than
    /// `AGAINST_MAX` READ ranges is not found.
    pub fn holds_against(&self, owner: OwnerId, range: Range, kind: LockKind) -> bool {
        let own = self.owners.get(owner);
        own.is_some_and(|own| own.within(range).take(AGAINST_MAX).any(|own| own.kind.conflicts(kind)))
    }

    /// Returns whether `owner` holds more than `most` ranges that have a byte in `range`. Takes as long as `most` is.
    pub fn holds_more_than(&self, most: usize, owner: OwnerId, range: Range) -> bool {
        let many = self.owners.get(owner).filter(|own| own.len() > most);
        many.is_some_and(|own| own.within(range).nth(most).is_some())
    }

    /// Returns the beginning of `range`, or all of it, in which `owner` has `most` ranges at most.
    pub fn first_piece(&self, most: usize, owner: OwnerId, range: Range) -> Range {
        let own = self.owners.get(owner);
        let next = own.and_then(|own| own.within(range).nth(most));
        // That one begins inside, for another begins before it.
        let last = next.and_then(|next| next.first.checked_sub(1));
        last.and_then(|last| Range::new(range.first(), last)).unwrap_or(range)
    }

    /// Keeps others from getting `range` against `kind`, which `owner` will hold and nobody else holds anything against.
    pub fn claim(&mut self, owner: OwnerId, range: Range, kind: LockKind) {
        self.claims.add(Held { owner, range, kind });
    }

    /// Ends the claims of `owner`: what it claimed it holds, or will not.
    pub fn unclaim(&mut self, owner: OwnerId) {
        self.claims.remove(owner);
    }

    /// Returns how many ranges are held, after merging.
    pub fn len(&self) -> usize {
        self.writes.len() + self.reads.len()
    }

    /// Returns whether nobody holds anything.
    pub fn is_empty(&self) -> bool {
        self.owners.len() == 0
    }

    /// Returns the ranges of `owner`, ascending.
    pub fn held_by(&self, owner: OwnerId) -> impl Iterator<Item = (Range, LockKind)> {
        self.owners.get(owner).into_iter().flat_map(OwnerList::iter).map(|own: Own| (own.range(), own.kind))
    }

    /// Returns every range, ascending by first byte and owner.
    pub fn iter(&self) -> impl Iterator<Item = Held> {
        Merged::new(self.writes.iter(), self.reads.iter())
    }
}

impl fmt::Debug for RangeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Returns where a range stands in the order of the set.
fn place(held: &Held) -> (u64, OwnerId) {
    (held.range.first(), held.owner)
}

/// Returns the one that comes first.
fn lower(a: Option<Held>, b: Option<Held>) -> Option<Held> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if place(&a) <= place(&b) { a } else { b }),
        (a, b) => a.or(b),
    }
}

/// Two ascending sequences as one.
struct Merged<A: Iterator, B: Iterator> {
    a: Peekable<A>,
    b: Peekable<B>,
}

impl<A: Iterator<Item = Held>, B: Iterator<Item = Held>> Merged<A, B> {
    fn new(a: A, b: B) -> Self {
        Self { a: a.peekable(), b: b.peekable() }
    }
}

impl<A: Iterator<Item = Held>, B: Iterator<Item = Held>> Iterator for Merged<A, B> {
    type Item = Held;

    fn next(&mut self) -> Option<Held> {
        match (self.a.peek(), self.b.peek()) {
            (Some(a), Some(b)) if place(b) < place(a) => self.b.next(),
            (Some(_), _) => self.a.next(),
            (None, _) => self.b.next(),
        }
    }
}

#[cfg(test)]
mod tests;
