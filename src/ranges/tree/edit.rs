//! Changing a tree. Each step down returns what its parent has to take note of.

use super::Entry;
use super::leaf::LEAF;
use super::nodes::{Branch, FAN, Id, Inner, Nodes};
use smallvec::SmallVec;

/// A node with less than this looks for a neighbour to merge with,
const LEAF_LOW: usize = LEAF / 4;
const FAN_LOW: usize = FAN / 4;
/// and merges if both together leave room for some more.
const LEAF_FIT: usize = LEAF / 4 * 3;
const FAN_FIT: usize = FAN / 4 * 3;

/// What became of a subtree's sum.
enum Sum<S> {
    /// The new entry's was joined to it.
    Joined,
    Same,
    Is(S),
}

struct Put<E: Entry> {
    added: bool,
    sum: Sum<E::Sum>,
    /// A new node on the right of the one that was asked.
    split: Option<Branch<E>>,
}

struct Removed<E: Entry> {
    /// The new sum, if that changed.
    sum: Option<E::Sum>,
    /// The new lowest key, if that changed.
    low: Option<E::Key>,
}

impl<E: Entry> Nodes<E> {
    /// Adds the entry, or puts it in the place of the one with the same key.
    pub fn put(&mut self, entry: E) {
        let Some(total) = self.total else {
            *self = Self::new(&[entry]);
            return;
        };
        if self.put_at_once(entry) {
            self.len += 1;
            self.total = Some(E::join(total, entry.sum()));
            return;
        }
        let put = self.put_under(self.height, self.root, entry);
        self.len += usize::from(put.added);
        self.total = Some(match put.sum {
            Sum::Is(sum) if put.split.is_none() => sum,
            // A split moves entries; their sum is what it was, and the new one. And what was raised on the way down and is
            // right so was raised here too.
            Sum::Is(_) | Sum::Joined | Sum::Same => E::join(total, entry.sum()),
        });
        if let Some(right) = put.split {
            self.grow_up(right);
        }
    }

    /// Puts a new root over the old one and the node that was split off from it.
    fn grow_up(&mut self, right: Branch<E>) {
        let Some(left) = self.branch(self.height, self.root) else { return };
        let mut root = Inner::new(left);
        root.insert(1, right);
        self.root = self.inners.push(root);
        self.height += 1;
    }

    /// Adds a new entry if that needs no new node: one way down, sums raised on the way. Raising them is no harm if it
    /// turns out not to be so, since the entry is put in any case.
    fn put_at_once(&mut self, entry: E) -> bool {
        let mut node = self.root;
        for _ in 0..self.height {
            let inner = self.inners.get_mut(node);
            let at = inner.toward(entry.key());
            if entry.key() < inner.keys[at] {
                inner.keys[at] = entry.key();
            }
            let (before, sum) = (inner.sums()[at], E::join(inner.sums()[at], entry.sum()));
            if sum != before {
                inner.set_sum(at, sum);
            }
            node = inner.kids[at];
        }
        let leaf = self.leaves.get_mut(node);
        match leaf.seek(entry.key()) {
            Err(at) if leaf.len() < LEAF => leaf.insert(at, entry).is_none(),
            _ => false,
        }
    }

    /// Takes out an entry if no node changes but in its sum: one way down, and up again as far as sums change. Answers whether
    /// it did, or there was nothing to take out.
    fn remove_at_once(&mut self, key: E::Key) -> bool {
        let mut path = SmallVec::<[(Id, usize); 6]>::new();
        let (mut node, mut before) = (self.root, self.total);
        for _ in 0..self.height {
            let inner = self.inner(node);
            let at = inner.toward(key);
            path.push((node, at));
            (node, before) = (inner.kids[at], Some(inner.sums()[at]));
        }
        let leaf = self.leaves.get_mut(node);
        let (Ok(at), Some(before)) = (leaf.seek(key), before) else { return true };
        if at == 0 || leaf.len() <= LEAF_LOW {
            return false;
        }
        leaf.remove(at);
        self.len -= 1;
        let mut changed = leaf.sum_after(before);
        while let Some(sum) = changed {
            let Some((node, at)) = path.pop() else {
                self.total = Some(sum);
                break;
            };
            let before = path.last().map_or(self.total, |(above, at)| Some(self.inner(*above).sums()[*at]));
            let inner = self.inners.get_mut(node);
            inner.set_sum(at, sum);
            changed = before.and_then(|before| inner.sum_after(before));
        }
        true
    }

    fn put_under(&mut self, level: u32, node: Id, entry: E) -> Put<E> {
        if level == 0 {
            return self.put_in_leaf(node, entry);
        }
        let inner = self.inners.get_mut(node);
        let at = inner.toward(entry.key());
        if entry.key() < inner.keys[at] {
            inner.keys[at] = entry.key();
        }
        let kid = inner.kids[at];
        let put = self.put_under(level - 1, kid, entry);
        let inner = self.inners.get_mut(node);
        let Some(branch) = put.split else {
            let sum = inner.update_sum(at, put.sum, entry);
            return Put { sum, ..put };
        };
        inner.update_sum(at, put.sum, entry);
        let right = inner.insert(at + 1, branch);
        let Some(right) = right else { return Put { added: true, sum: Sum::Joined, split: None } };
        let sum = inner.sum().map_or(Sum::Joined, Sum::Is);
        let right = self.inners.push(right);
        Put { added: true, sum, split: self.branch(level, right) }
    }

    fn put_in_leaf(&mut self, node: Id, entry: E) -> Put<E> {
        let leaf = self.leaves.get_mut(node);
        let at = match leaf.seek(entry.key()) {
            Err(at) => at,
            Ok(at) => {
                leaf.change(at, entry.payload());
                let sum = leaf.sum().map_or(Sum::Same, Sum::Is);
                return Put { added: false, sum, split: None };
            }
        };
        let Some(right) = leaf.insert(at, entry) else {
            return Put { added: true, sum: Sum::Joined, split: None };
        };
        let sum = leaf.sum().map_or(Sum::Joined, Sum::Is);
        let right = self.leaves.push(right);
        Put { added: true, sum, split: self.branch(0, right) }
    }

    /// Takes out the entry with this key, if there is one.
    pub fn remove(&mut self, key: E::Key) {
        if self.remove_at_once(key) {
            return;
        }
        let Some(total) = self.total else { return };
        let Some(removed) = self.remove_under(self.height, self.root, key, total) else { return };
        self.len -= 1;
        self.total = removed.sum.or(self.total);
        while self.height > 0 && self.inner(self.root).len() == 1 {
            self.dead.push((self.height, self.root));
            self.root = self.inner(self.root).kids[0];
            self.height -= 1;
        }
        self.bury();
    }

    /// Removes the key from a subtree. `before` is the sum of the node.
    fn remove_under(&mut self, level: u32, node: Id, key: E::Key, before: E::Sum) -> Option<Removed<E>> {
        if level == 0 {
            let leaf = self.leaves.get_mut(node);
            let at = leaf.seek(key).ok()?;
            leaf.remove(at);
            let low = leaf.keys().first().copied().filter(|_| at == 0);
            return Some(Removed { sum: leaf.sum_after(before), low });
        }
        let inner = self.inner(node);
        let at = inner.toward(key);
        let (kid, sum) = (inner.kids[at], inner.sums()[at]);
        let below = self.remove_under(level - 1, kid, key, sum)?;
        let empty = self.count(level - 1, kid) == 0;
        let inner = self.inners.get_mut(node);
        if empty {
            inner.remove(at);
            self.dead.push((level - 1, kid));
        } else {
            inner.keys[at] = below.low.unwrap_or(inner.keys[at]);
            inner.set_sum(at, below.sum.unwrap_or(sum));
        }
        let changed = empty || below.sum.is_some();
        let sum = if changed { inner.sum_after(before) } else { None };
        let low = inner.keys().first().copied().filter(|_| at == 0 && (empty || below.low.is_some()));
        if !empty {
            self.merge_if_low(level, node, at);
        }
        Some(Removed { sum, low })
    }

    /// Merges the child `at` of a node with a neighbour if it has become small.
    fn merge_if_low(&mut self, level: u32, node: Id, at: usize) {
        let (low, fit) = if level == 1 { (LEAF_LOW, LEAF_FIT) } else { (FAN_LOW, FAN_FIT) };
        let inner = self.inner(node);
        let count = self.count(level - 1, inner.kids[at]);
        if count >= low {
            return;
        }
        let fits = |other: &usize| count + self.count(level - 1, inner.kids[*other]) <= fit;
        let left = at.checked_sub(1).filter(fits);
        let right = Some(at).filter(|at| at + 1 < inner.len() && fits(&(at + 1)));
        if let Some(left) = left.or(right) {
            self.merge(level, node, left);
        }
    }

    /// Moves what the child after `left` has into the child `left`.
    fn merge(&mut self, level: u32, node: Id, left: usize) {
        let inner = self.inners.get_mut(node);
        let (to, from) = (inner.kids[left], inner.kids[left + 1]);
        inner.set_sum(left, E::join(inner.sums()[left], inner.sums()[left + 1]));
        inner.remove(left + 1);
        if level == 1 {
            let more = self.leaf(from).clone();
            self.leaves.get_mut(to).append(&more, 0);
        } else {
            let more = self.inner(from).clone();
            self.inners.get_mut(to).append(&more, 0);
        }
        self.dead.push((level - 1, from));
    }

    /// Returns how many entries or children a node has.
    fn count(&self, level: u32, node: Id) -> usize {
        if level == 0 { self.leaf(node).len() } else { self.inner(node).len() }
    }

    /// Returns a node as its parent is to know it; `None` if it is empty.
    fn branch(&self, level: u32, kid: Id) -> Option<Branch<E>> {
        let (key, sum) = if level == 0 {
            let leaf = self.leaf(kid);
            (*leaf.keys().first()?, leaf.sum()?)
        } else {
            let inner = self.inner(kid);
            (*inner.keys().first()?, inner.sum()?)
        };
        Some(Branch { key, sum, kid })
    }
}

impl<E: Entry> Inner<E> {
    /// Updates the sum of the child `at`; returns what became of the sum of all.
    fn update_sum(&mut self, at: usize, sum: Sum<E::Sum>, put: E) -> Sum<E::Sum> {
        let (new, joined) = match sum {
            Sum::Same => return Sum::Same,
            Sum::Joined => (E::join(self.sums()[at], put.sum()), true),
            Sum::Is(sum) => (sum, false),
        };
        if new == self.sums()[at] {
            return Sum::Same;
        }
        self.set_sum(at, new);
        if joined { Sum::Joined } else { self.sum().map_or(Sum::Same, Sum::Is) }
    }
}
