//! What one owner holds, and the POSIX rules by which its own ranges replace, merge and split each other.

use crate::nfs4::{LockKind, Range};

use super::reads::Reads;
use super::tree::{Entry, Start, Tree};
use super::writes::Writes;
use super::{OwnerId, RangeEdit};

/// One range of an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Own {
    pub first: u64,
    pub last: u64,
    pub kind: LockKind,
}

impl Own {
    pub fn range(self) -> Range {
        whole(self.first, self.last)
    }
}

impl Entry for Own {
    type Key = u64;
    type Payload = (u64, LockKind);
    type Sum = ();
    const SEVERAL: Option<()> = Some(());

    fn new(first: u64, (last, kind): Self::Payload) -> Self {
        Self { first, last, kind }
    }

    fn key(&self) -> u64 {
        self.first
    }

    fn payload(&self) -> Self::Payload {
        (self.last, self.kind)
    }

    fn sum(&self) {}

    fn join((): (), (): ()) {}
}

/// The ranges of one owner by first byte: disjoint, and no two of the same kind touch. Most owners have one: that needs no
/// tree, and who has had more at a time keeps its tree until it has none.
#[derive(Clone, Default)]
pub enum OwnerList {
    #[default]
    None,
    One(Own),
    Many(Box<Tree<Own>>),
}

impl OwnerList {
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::One(_) => 1,
            Self::Many(tree) => tree.len(),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = Own> {
        let (one, many) = match self {
            Self::None => (None, None),
            Self::One(own) => (Some(*own), None),
            Self::Many(tree) => (None, Some(tree.iter())),
        };
        one.into_iter().chain(many.into_iter().flatten())
    }

    /// Returns those that have a byte in `window`, ascending.
    pub fn within(&self, window: Range) -> impl Iterator<Item = Own> {
        std::iter::successors(self.first_in(window), move |own| self.next_in(*own, window))
    }

    /// Returns the first one that has a byte in `window`.
    fn first_in(&self, window: Range) -> Option<Own> {
        match self {
            Self::None => None,
            Self::One(own) => Some(*own).filter(|own| own.range().overlaps(window)),
            Self::Many(tree) => {
                let start = Start::Floor(window.first());
                tree.find(start, window.last(), |()| false, |own| own.last >= window.first())
            }
        }
    }

    /// Returns the next one after `own` that has a byte in `window`.
    fn next_in(&self, own: Own, window: Range) -> Option<Own> {
        match self {
            Self::Many(tree) if own.last < window.last() => {
                tree.find(Start::After(own.first), window.last(), |()| false, |_| true)
            }
            _ => None,
        }
    }

    /// Adds a range, or puts it in the place of the one with the same first byte. A tree is made of `spare` if there is one.
    fn put(&mut self, own: Own, spare: &mut Spare) {
        match self {
            Self::None => *self = Self::One(own),
            Self::One(one) if one.first == own.first => *one = own,
            Self::One(one) => {
                let mut tree = spare.take().unwrap_or_default();
                tree.put(*one);
                tree.put(own);
                *self = Self::Many(tree);
            }
            Self::Many(tree) => tree.put(own),
        }
    }

    /// Returns what is left of a list that is empty.
    pub fn into_spare(self) -> Spare {
        match self {
            Self::Many(tree) if tree.is_few() => Some(tree),
            Self::None | Self::One(_) | Self::Many(_) => None,
        }
    }

    fn remove(&mut self, first: u64) {
        match self {
            Self::One(one) if one.first == first => *self = Self::None,
            Self::None | Self::One(_) => {}
            Self::Many(tree) => tree.remove(first),
        }
    }
}

/// An empty tree that one owner of a file leaves to the next: who holds some ranges for a moment, again and again, needs
/// no new memory each time.
pub type Spare = Option<Box<Tree<Own>>>;

/// Returns the range from `first` to `last`; both ends were compared before.
fn whole(first: u64, last: u64) -> Range {
    Range::new(first, last).unwrap_or(Range::WHOLE)
}

/// A change of one owner's ranges, which its list and the trees of the file follow together.
pub struct Edit<'a, F> {
    pub owner: OwnerId,
    pub own: &'a mut OwnerList,
    pub spare: &'a mut Spare,
    pub writes: &'a mut Writes,
    pub reads: &'a mut Reads,
    /// Is told of each step.
    pub note: F,
}

impl<F: FnMut(RangeEdit)> Edit<'_, F> {
    /// Makes `range` the owner's, as `kind`. No other owner has anything against it.
    pub fn lock(mut self, range: Range, kind: LockKind) {
        // One byte more on either side finds the neighbours to merge with.
        let window = whole(range.first().saturating_sub(1), range.last().saturating_add(1));
        let (mut first, mut last, mut grows) = (range.first(), range.last(), false);
        let mut next = self.own.first_in(window);
        while let Some(own) = next {
            next = self.own.next_in(own, window);
            if own.kind != kind {
                self.cut(own, range);
            } else if own.first <= range.first() && own.last >= range.last() {
                return;
            } else {
                last = last.max(own.last);
                if own.first <= first {
                    // Stays where it is and grows by the insertion below.
                    (first, grows) = (own.first, true);
                } else {
                    self.remove(own);
                }
            }
        }
        let own = Own { first, last, kind };
        if grows { self.change(own) } else { self.add(own) }
    }

    /// Takes `range` from the owner; answers whether there was anything to take.
    pub fn unlock(mut self, range: Range) -> bool {
        let mut next = self.own.first_in(range);
        let any = next.is_some();
        while let Some(own) = next {
            next = self.own.next_in(own, range);
            self.cut(own, range);
        }
        any
    }

    /// Takes `range` out of `own`, which may only lie beside it.
    fn cut(&mut self, own: Own, range: Range) {
        if !own.range().overlaps(range) {
            return;
        }
        if own.first < range.first() {
            self.change(Own { last: range.first() - 1, ..own });
        } else {
            self.remove(own);
        }
        if own.last > range.last() {
            self.add(Own { first: range.last() + 1, ..own });
        }
    }

    /// Adds a range, where none starts.
    fn add(&mut self, own: Own) {
        (self.note)(RangeEdit::Added(own.range(), own.kind));
        self.put(own);
    }

    /// Changes the end of the range of the same kind that starts there.
    fn change(&mut self, own: Own) {
        (self.note)(RangeEdit::Changed(own.range(), own.kind));
        self.put(own);
    }

    fn put(&mut self, own: Own) {
        self.own.put(own, self.spare);
        match own.kind {
            LockKind::Read => self.reads.put(own.first, own.last, self.owner),
            LockKind::Write => self.writes.put(own.first, own.last, self.owner),
        }
    }

    fn remove(&mut self, own: Own) {
        self.own.remove(own.first);
        (self.note)(RangeEdit::Removed(own.first));
        match own.kind {
            LockKind::Read => self.reads.remove(own.first, self.owner),
            LockKind::Write => self.writes.remove(own.first),
        }
    }
}

/// Returns a hash of a number that the server gives out itself, like an owner id: nobody outside can cause collisions,
/// and a fixed function keeps what they are in deterministic. A multiplication by the golden ratio, whose high bits are
/// then brought down.
#[inline]
pub fn mix(number: u64) -> u64 {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 32)
}

#[cfg(test)]
impl OwnerList {
    /// Panics unless the tree is in order, and so are the ranges: disjoint, and merged where they could be.
    pub fn check(&self) {
        if let Self::Many(tree) = self {
            tree.check();
        }
        let all: Vec<Own> = self.iter().collect();
        for (a, b) in all.iter().zip(all.iter().skip(1)) {
            assert!(a.last < b.first, "{a:?} overlaps {b:?}");
            assert!(a.kind != b.kind || a.last + 1 < b.first, "{a:?} should have merged with {b:?}");
        }
    }
}
