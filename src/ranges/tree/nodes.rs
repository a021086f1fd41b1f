//! The levels above the leaves, and all nodes together.

use super::arena::Arena;
pub use super::arena::Id;
use super::leaf::Leaf;
use super::parts::Parts;
use super::prefetch::PrefetchTarget;
use super::{Entry, count_to, shrunk};

/// Children of an inner node.
pub const FAN: usize = 64;

/// A child as its parent knows it.
#[derive(Clone, Copy)]
pub struct Branch<E: Entry> {
    /// The lowest key below.
    pub key: E::Key,
    /// The sum of everything below.
    pub sum: E::Sum,
    pub kid: Id,
}

/// The levels above the leaves: children, ascending. Keys lie apart from the rest because a search reads only them.
#[derive(Clone)]
#[repr(C, align(64))]
pub struct Inner<E: Entry> {
    pub keys: [E::Key; FAN],
    pub kids: [Id; FAN],
    sums: [E::Sum; FAN],
    parts: Parts<E>,
}

impl<E: Entry> Inner<E> {
    /// Creates a node with one child.
    pub fn new(branch: Branch<E>) -> Self {
        let (keys, kids, sums) = ([branch.key; FAN], [branch.kid; FAN], [branch.sum; FAN]);
        let mut parts = Parts::new(branch.sum);
        parts.came(branch.sum);
        Self { keys, kids, sums, parts }
    }

    pub fn len(&self) -> usize {
        self.parts.len()
    }

    pub fn keys(&self) -> &[E::Key] {
        &self.keys[..self.len()]
    }

    pub fn kids(&self) -> &[Id] {
        &self.kids[..self.len()]
    }

    /// Returns what a search reads of it.
    pub fn front(&self) -> PrefetchTarget<'_> {
        PrefetchTarget::first_of(std::mem::offset_of!(Self, sums), self)
    }

    /// Returns the child in whose part of the order `key` lies.
    pub fn toward(&self, key: E::Key) -> usize {
        count_to(self.keys(), key).saturating_sub(1)
    }

    pub fn sums(&self) -> &[E::Sum] {
        &self.sums[..self.len()]
    }

    pub fn sum(&self) -> Option<E::Sum> {
        self.parts.sum().or_else(|| self.sums().iter().copied().reduce(E::join))
    }

    /// Returns the sum, which was `before` when there was more in it; `None` if it still is.
    pub fn sum_after(&self, before: E::Sum) -> Option<E::Sum> {
        shrunk::<E>(before, self.parts.sum(), self.sums().iter().copied())
    }

    /// Sets the sum of the child `at`.
    pub fn set_sum(&mut self, at: usize, sum: E::Sum) {
        self.parts.went(self.sums[at]);
        self.parts.came(sum);
        self.sums[at] = sum;
        self.recount_if(self.parts.lacks_the_one());
    }

    fn recount_if(&mut self, wrong: bool) {
        if wrong {
            let len = self.len();
            self.parts.recount(self.sums[..len].iter().copied());
        }
    }

    /// Puts `branch` at `at`; a full node gives what no longer fits to a new one on its right.
    pub fn insert(&mut self, at: usize, branch: Branch<E>) -> Option<Self> {
        let len = self.len();
        if len < FAN {
            self.keys.copy_within(at..len, at + 1);
            self.kids.copy_within(at..len, at + 1);
            self.sums.copy_within(at..len, at + 1);
            self.set(at, branch);
            self.parts.came(branch.sum);
            return None;
        }
        let mid = if at == FAN { FAN } else { FAN / 2 };
        let mut right = Self::new(branch);
        right.parts = Parts::new(branch.sum);
        right.append(self, mid);
        self.parts.set_len(mid);
        self.recount_if(true);
        if at <= mid && mid < FAN {
            self.insert(at, branch)
        } else {
            right.insert(at - mid, branch)
        };
        Some(right)
    }

    pub fn remove(&mut self, at: usize) {
        let len = self.len();
        self.parts.went(self.sums[at]);
        self.keys.copy_within(at + 1..len, at);
        self.kids.copy_within(at + 1..len, at);
        self.sums.copy_within(at + 1..len, at);
        self.recount_if(self.parts.lacks_the_one());
    }

    /// Adds the children of `other` from `from` on, which come after all others and for which there is room.
    pub fn append(&mut self, other: &Self, from: usize) {
        let (len, more) = (self.len(), other.len() - from);
        self.keys[len..len + more].copy_from_slice(&other.keys[from..other.len()]);
        self.kids[len..len + more].copy_from_slice(&other.kids[from..other.len()]);
        self.sums[len..len + more].copy_from_slice(&other.sums[from..other.len()]);
        self.parts.set_len(len + more);
        self.recount_if(true);
    }

    fn set(&mut self, at: usize, branch: Branch<E>) {
        self.keys[at] = branch.key;
        self.kids[at] = branch.kid;
        self.sums[at] = branch.sum;
    }
}

/// All nodes of a tree. Level 0 are the leaves, the root is at level `height`.
#[derive(Clone)]
pub struct Nodes<E: Entry> {
    pub(super) len: usize,
    pub(super) height: u32,
    pub(super) root: Id,
    /// The sum of everything, if there is anything.
    pub(super) total: Option<E::Sum>,
    pub(super) leaves: Arena<Leaf<E>>,
    pub(super) inners: Arena<Inner<E>>,
    /// Level and number of nodes that nothing refers to any more; empty between operations.
    pub(super) dead: Vec<(u32, Id)>,
}

impl<E: Entry> Nodes<E> {
    /// Creates a tree of one leaf.
    pub fn new(sorted: &[E]) -> Self {
        let mut leaves = Arena::new();
        if let Some(filler) = sorted.first() {
            let mut leaf = Leaf::empty(*filler);
            for (at, entry) in sorted.iter().enumerate() {
                leaf.insert(at, *entry);
            }
            leaves.push(leaf);
        }
        let total = sorted.iter().map(E::sum).reduce(E::join);
        Self { len: sorted.len(), height: 0, root: 0, total, leaves, inners: Arena::new(), dead: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn leaf(&self, id: Id) -> &Leaf<E> {
        self.leaves.get(id)
    }

    pub fn inner(&self, id: Id) -> &Inner<E> {
        self.inners.get(id)
    }

    /// Gives the places of the dead nodes to the last ones of their arrays, highest place first, so that the last one is
    /// itself alive when it moves.
    pub(super) fn bury(&mut self) {
        self.dead.sort_unstable_by_key(|(_, id)| *id);
        while let Some((level, id)) = self.dead.pop() {
            let last = if level == 0 { self.leaves.len() } else { self.inners.len() } as Id - 1;
            if id != last {
                self.rename(level, last, id);
            }
            if level == 0 {
                self.leaves.swap_remove(id);
            } else {
                self.inners.swap_remove(id);
            }
        }
    }

    /// Makes whoever refers to the node `old` refer to `new`. `level` says only whether it is a leaf: how high an inner node
    /// stands is met on the way down.
    fn rename(&mut self, level: u32, old: Id, new: Id) {
        let leaf = level == 0;
        let key = if leaf { self.leaf(old).keys()[0] } else { self.inner(old).keys[0] };
        let (mut height, mut node) = (self.height, self.root);
        while height > 0 && (leaf || node != old) {
            let inner = self.inners.get_mut(node);
            let at = inner.toward(key);
            height -= 1;
            node = inner.kids[at];
            if node == old && (height == 0) == leaf {
                inner.kids[at] = new;
                return;
            }
        }
        self.root = new;
    }
}
