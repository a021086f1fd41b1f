//! The nodes of a tree and where they live.

use super::{Entry, Start};

/// Entries in a leaf.
pub const LEAF: usize = 32;
/// Children of an inner node.
pub const FAN: usize = 32;

/// The number of a node in its array.
pub type Id = u32;

/// The lowest level: entries, ascending, side by side.
#[derive(Clone)]
pub struct Leaf<E: Entry> {
    len: u32,
    items: [E; LEAF],
}

impl<E: Entry> Leaf<E> {
    /// A leaf of nothing; `filler` only occupies what is not in use.
    fn empty(filler: E) -> Self {
        Self { len: 0, items: [filler; LEAF] }
    }

    pub fn items(&self) -> &[E] {
        &self.items[..self.len as usize]
    }

    pub fn items_mut(&mut self) -> &mut [E] {
        &mut self.items[..self.len as usize]
    }

    pub fn sum(&self) -> Option<E::Sum> {
        self.items().iter().map(E::sum).reduce(E::join)
    }

    /// Puts `entry` at `at`; a full leaf gives what no longer fits to a new one on its right.
    pub fn insert(&mut self, at: usize, entry: E) -> Option<Self> {
        let len = self.len as usize;
        if len < LEAF {
            self.items.copy_within(at..len, at + 1);
            self.items[at] = entry;
            self.len += 1;
            return None;
        }
        // Whoever locks upwards goes on doing so: leave full leaves behind.
        let mid = if at == LEAF { LEAF } else { LEAF / 2 };
        let mut right = Self::empty(entry);
        right.append(&self.items[mid..]);
        self.len = mid as u32;
        if at <= mid && mid < LEAF {
            self.insert(at, entry)
        } else {
            right.insert(at - mid, entry)
        };
        Some(right)
    }

    pub fn remove(&mut self, at: usize) {
        self.items.copy_within(at + 1..self.len as usize, at);
        self.len -= 1;
    }

    /// Adds entries that come after all others and for which there is room.
    pub fn append(&mut self, more: &[E]) {
        let len = self.len as usize;
        self.items[len..len + more.len()].copy_from_slice(more);
        self.len += more.len() as u32;
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
pub struct Inner<E: Entry> {
    len: u32,
    pub keys: [E::Key; FAN],
    pub kids: [Id; FAN],
    pub sums: [E::Sum; FAN],
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

    /// The child in whose part of the order `key` lies.
    pub fn toward(&self, key: E::Key) -> usize {
        Start::Floor(key).index(self.keys(), |key| *key)
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
    pub(super) leaves: Vec<Leaf<E>>,
    pub(super) inners: Vec<Inner<E>>,
    /// Level and number of nodes that nothing refers to any more; empty between operations.
    pub(super) dead: Vec<(u32, Id)>,
}

impl<E: Entry> Nodes<E> {
    /// A tree of one leaf.
    pub fn new(sorted: &[E]) -> Self {
        let leaves = sorted.first().map(|filler| {
            let mut leaf = Leaf::empty(*filler);
            leaf.append(sorted);
            leaf
        });
        let total = leaves.as_ref().and_then(Leaf::sum);
        let leaves = leaves.into_iter().collect();
        Self { len: sorted.len(), height: 0, root: 0, total, leaves, inners: Vec::new(), dead: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn leaf(&self, id: Id) -> &Leaf<E> {
        &self.leaves[id as usize]
    }

    pub fn inner(&self, id: Id) -> &Inner<E> {
        &self.inners[id as usize]
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
                self.leaves.swap_remove(id as usize);
                shrink(&mut self.leaves);
            } else {
                self.inners.swap_remove(id as usize);
                shrink(&mut self.inners);
            }
        }
    }

    /// Makes whoever refers to the node `old` refer to `new`.
    fn rename(&mut self, level: u32, old: Id, new: Id) {
        let key = if level == 0 { self.leaf(old).items()[0].key() } else { self.inner(old).keys[0] };
        let mut at = (self.height, self.root);
        if level > 0 {
            // An inner node's own level is not known from its number: it is met on the way down.
            if self.root == old {
                self.root = new;
                return;
            }
        }
        while at.0 > 0 {
            let inner = &mut self.inners[at.1 as usize];
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

/// Adds a node and answers its number. Room grows by a quarter: what doubling leaves unused is much in a large file.
pub fn grow<T>(nodes: &mut Vec<T>, node: T) -> Id {
    if nodes.len() == nodes.capacity() {
        nodes.reserve_exact(1 + nodes.len() / 4);
    }
    nodes.push(node);
    nodes.len() as Id - 1
}

/// Gives memory back once less than half is in use.
fn shrink<T>(nodes: &mut Vec<T>) {
    if nodes.capacity() > 2 * nodes.len() {
        nodes.shrink_to(nodes.len() + nodes.len() / 4);
    }
}
