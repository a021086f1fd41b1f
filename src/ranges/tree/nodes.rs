//! The nodes of a tree and where they live.

use super::arena::Arena;
pub use super::arena::Id;
use super::{Entry, Start};

/// Entries in a leaf: as many as make its first cache line and those of its keys full.
pub const LEAF: usize = 56;
/// Children of an inner node.
pub const FAN: usize = 64;

/// How many of these ascending keys are not above `key`.
///
/// Two rounds without branches on keys: the last key of every eight, each in another cache line or two, then the eight.
fn count_to<K: Copy + Ord>(keys: &[K], key: K) -> usize {
    const BLOCK: usize = 8;
    let blocks: usize = keys.chunks_exact(BLOCK).map(|block| usize::from(block[BLOCK - 1] <= key)).sum();
    let from = blocks * BLOCK;
    let rest = keys[from..].iter().take(BLOCK);
    from + rest.map(|other| usize::from(*other <= key)).sum::<usize>()
}

/// The lowest level: entries, ascending.
#[derive(Clone)]
#[repr(C, align(64))]
pub struct Leaf<E: Entry> {
    len: u32,
    /// Where in `rests` the rest of each entry is, and after these all free places. They share a cache line with the
    /// length, so they are there when the search in the keys is done.
    places: [u8; LEAF],
    _line: [u8; 4],
    keys: [E::Key; LEAF],
    rests: [E::Rest; LEAF],
}

impl<E: Entry> Leaf<E> {
    /// A leaf of nothing; `filler` only occupies what is not in use.
    fn empty(filler: E) -> Self {
        let places = std::array::from_fn(|place| place as u8);
        let (keys, rests) = ([filler.key(); LEAF], [filler.rest(); LEAF]);
        Self { len: 0, places, _line: [0; 4], keys, rests }
    }

    pub fn len(&self) -> usize {
        self.len as usize
    }

    pub fn keys(&self) -> &[E::Key] {
        &self.keys[..self.len()]
    }

    pub fn get(&self, at: usize) -> E {
        E::new(self.keys[at], self.rests[usize::from(self.places[at])])
    }

    pub fn iter(&self) -> impl Iterator<Item = E> {
        (0..self.len()).map(|at| self.get(at))
    }

    pub fn sum(&self) -> Option<E::Sum> {
        self.iter().map(|entry| entry.sum()).reduce(E::join)
    }

    /// Where a search starts here.
    pub fn start(&self, start: Start<E::Key>) -> usize {
        start.index(|key| count_to(self.keys(), key))
    }

    /// Where `key` is, or else where it would be.
    pub fn seek(&self, key: E::Key) -> Result<usize, usize> {
        let above = count_to(self.keys(), key);
        match above.checked_sub(1) {
            Some(at) if self.keys[at] == key => Ok(at),
            _ => Err(above),
        }
    }

    /// Changes what belongs to the key at `at`.
    pub fn set(&mut self, at: usize, rest: E::Rest) {
        self.rests[usize::from(self.places[at])] = rest;
    }

    /// Puts `entry` at `at`; a full leaf gives what no longer fits to a new one on its right.
    pub fn insert(&mut self, at: usize, entry: E) -> Option<Self> {
        let len = self.len();
        if len < LEAF {
            self.keys.copy_within(at..len, at + 1);
            self.keys[at] = entry.key();
            self.places[at..=len].rotate_right(1);
            self.set(at, entry.rest());
            self.len += 1;
            return None;
        }
        // Whoever locks upwards goes on doing so: leave full leaves behind.
        let mid = if at == LEAF { LEAF } else { LEAF / 2 };
        let mut right = Self::empty(entry);
        right.append(self, mid);
        self.len = mid as u32;
        if at <= mid && mid < LEAF {
            self.insert(at, entry)
        } else {
            right.insert(at - mid, entry)
        };
        Some(right)
    }

    pub fn remove(&mut self, at: usize) {
        let len = self.len();
        self.keys.copy_within(at + 1..len, at);
        self.places[at..len].rotate_left(1);
        self.len -= 1;
    }

    /// Adds the entries of `other` from `from` on, which come after all others and for which there is room.
    pub fn append(&mut self, other: &Self, from: usize) {
        for at in from..other.len() {
            let entry = other.get(at);
            self.keys[self.len()] = entry.key();
            self.set(self.len(), entry.rest());
            self.len += 1;
        }
    }
}

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
    pub sums: [E::Sum; FAN],
    len: u32,
}

impl<E: Entry> Inner<E> {
    /// A node with one child.
    pub fn new(branch: Branch<E>) -> Self {
        Self { len: 1, keys: [branch.key; FAN], kids: [branch.kid; FAN], sums: [branch.sum; FAN] }
    }

    pub fn len(&self) -> usize {
        self.len as usize
    }

    pub fn keys(&self) -> &[E::Key] {
        &self.keys[..self.len()]
    }

    pub fn kids(&self) -> &[Id] {
        &self.kids[..self.len()]
    }

    /// The child in whose part of the order `key` lies.
    pub fn toward(&self, key: E::Key) -> usize {
        count_to(self.keys(), key).saturating_sub(1)
    }

    pub fn sum(&self) -> Option<E::Sum> {
        self.sums[..self.len()].iter().copied().reduce(E::join)
    }

    /// Puts `branch` at `at`; a full node gives what no longer fits to a new one on its right.
    pub fn insert(&mut self, at: usize, branch: Branch<E>) -> Option<Self> {
        let len = self.len();
        if len < FAN {
            self.keys.copy_within(at..len, at + 1);
            self.kids.copy_within(at..len, at + 1);
            self.sums.copy_within(at..len, at + 1);
            self.set(at, branch);
            self.len += 1;
            return None;
        }
        let mid = if at == FAN { FAN } else { FAN / 2 };
        let mut right = Self::new(branch);
        right.len = 0;
        right.append(self, mid);
        self.len = mid as u32;
        if at <= mid && mid < FAN {
            self.insert(at, branch)
        } else {
            right.insert(at - mid, branch)
        };
        Some(right)
    }

    pub fn remove(&mut self, at: usize) {
        let len = self.len();
        self.keys.copy_within(at + 1..len, at);
        self.kids.copy_within(at + 1..len, at);
        self.sums.copy_within(at + 1..len, at);
        self.len -= 1;
    }

    /// Adds the children of `other` from `from` on, which come after all others and for which there is room.
    pub fn append(&mut self, other: &Self, from: usize) {
        let (len, more) = (self.len(), other.len() - from);
        self.keys[len..len + more].copy_from_slice(&other.keys[from..other.len()]);
        self.kids[len..len + more].copy_from_slice(&other.kids[from..other.len()]);
        self.sums[len..len + more].copy_from_slice(&other.sums[from..other.len()]);
        self.len += more as u32;
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
    /// A tree of one leaf.
    pub fn new(sorted: &[E]) -> Self {
        let mut leaves = Arena::new();
        if let Some(filler) = sorted.first() {
            let mut leaf = Leaf::empty(*filler);
            sorted.iter().enumerate().for_each(|(at, entry)| drop(leaf.insert(at, *entry)));
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

    /// Makes whoever refers to the node `old` refer to `new`.
    fn rename(&mut self, level: u32, old: Id, new: Id) {
        let key = if level == 0 { self.leaf(old).keys[0] } else { self.inner(old).keys[0] };
        let mut at = (self.height, self.root);
        if level > 0 {
            // An inner node's own level is not known from its number: it is met on the way down.
            if self.root == old {
                self.root = new;
                return;
            }
        }
        while at.0 > 0 {
            let inner = self.inners.get_mut(at.1);
            let i = inner.toward(key);
            let down = at.0 - 1;
            if inner.kids[i] == old && (down == 0) == (level == 0) {
                inner.kids[i] = new;
                return;
            }
            at = (down, inner.kids[i]);
        }
        self.root = new;
    }
}
