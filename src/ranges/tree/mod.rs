//! An ordered map of small copyable entries: a B+ tree in which every subtree carries a sum of its entries.
//!
//! What decides the time of an operation among a million ranges is how often it waits for memory *after* having waited:
//! loads that do not depend on each other overlap. So nodes are wide, their keys lie side by side apart from the rest, and
//! a search in a node asks for all lines of keys at once instead of halving its way through them. With 64 keys in a node
//! the levels above the leaves of a million ranges fit into a second-level cache, and no leaf lies in two pages. What an entry is besides its key lies in
//! no order and never moves. Nodes are numbers in two arrays that stay dense: the last node moves into the place of one that
//! is given up.
//!
//! Up to [`FEW`] entries there is no tree, only a sorted vector that starts inline.
//!
//! A search goes down by keys and from there on from left to right. It skips subtrees whose sum cannot interest it.

mod arena;
mod edit;
mod find;
mod leaf;
mod nodes;
mod parts;
mod prefetch;

use super::steps::step;
use smallvec::SmallVec;

pub use arena::Arena;
use nodes::Nodes;
pub use prefetch::{PrefetchTarget, ask_for_all};

/// What a tree holds.
pub trait Entry: Copy {
    /// The order of the entries; no two are equal.
    type Key: Copy + Ord;
    /// What an entry is besides its key.
    type Payload: Copy;
    /// What a subtree knows of its entries.
    type Sum: Copy + PartialEq;
    /// What any two different sums make, if that is always the same.
    const SEVERAL: Option<Self::Sum>;

    fn new(key: Self::Key, payload: Self::Payload) -> Self;

    fn key(&self) -> Self::Key;

    fn payload(&self) -> Self::Payload;

    /// Returns the sum of this entry alone.
    fn sum(&self) -> Self::Sum;

    /// Returns the sum of two subtrees. Associative and commutative, and what is joined twice counts once.
    fn join(a: Self::Sum, b: Self::Sum) -> Self::Sum;
}

/// Returns the sum of what is `left` of a subtree with the sum `before`, if it is not `known`; `None` if it is still
/// that. A sum that is reached stays, so in most cases few have to be looked at.
fn shrunk<E: Entry>(
    before: E::Sum,
    known: Option<E::Sum>,
    left: impl Iterator<Item = E::Sum>,
) -> Option<E::Sum> {
    if known.is_some() {
        return known.filter(|sum| *sum != before);
    }
    let mut all = None;
    for sum in left {
        let joined = all.map_or(sum, |all| E::join(all, sum));
        if joined == before {
            return None;
        }
        all = Some(joined);
    }
    all
}

/// Where a search starts.
#[derive(Clone, Copy, Debug)]
pub enum Start<K> {
    /// At the lowest key.
    First,
    /// At the highest key that is not above this one; at the lowest key if all are above.
    Floor(K),
    /// At the lowest key above this one.
    After(K),
}

impl<K: Copy + Ord> Start<K> {
    /// Returns where to start, given how many keys are not above a certain one.
    fn index(self, count_to: impl Fn(K) -> usize) -> usize {
        match self {
            Self::First => 0,
            Self::Floor(key) => count_to(key).saturating_sub(1),
            Self::After(key) => count_to(key),
        }
    }
}

/// Returns how many of these ascending keys are not above `key`.
///
/// Two rounds without branches on keys: the last key of every eight, each in another cache line or two, then the eight.
fn count_to<K: Copy + Ord>(keys: &[K], key: K) -> usize {
    const BLOCK: usize = 8;
    let blocks: usize = keys.chunks_exact(BLOCK).map(|block| usize::from(block[BLOCK - 1] <= key)).sum();
    let from = blocks * BLOCK;
    let rest = keys[from..].iter().take(BLOCK);
    from + rest.map(|other| usize::from(*other <= key)).sum::<usize>()
}

/// Up to here a sorted vector is the smaller and faster form.
const FEW: usize = 16;

/// From this height on, some thousands of entries, leaves may not be near.
const FAR: u32 = 2;

/// How far down. What is above may be taken to be near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    Leaf = 0,
    AboveLeaf = 1,
}

#[derive(Clone)]
enum Form<E: Entry> {
    Few(SmallVec<[E; 2]>),
    Many(Box<Nodes<E>>),
}

/// An ordered map of entries with distinct keys.
#[derive(Clone)]
pub struct Tree<E: Entry>(Form<E>);

impl<E: Entry> Default for Tree<E> {
    fn default() -> Self {
        Self(Form::Few(SmallVec::new()))
    }
}

impl<E: Entry> Tree<E> {
    pub fn len(&self) -> usize {
        match &self.0 {
            Form::Few(items) => items.len(),
            Form::Many(nodes) => nodes.len(),
        }
    }

    /// Adds the entry, or puts it in the place of the one with the same key.
    pub fn put(&mut self, entry: E) {
        step();
        match &mut self.0 {
            Form::Few(items) => match items.binary_search_by(|item| item.key().cmp(&entry.key())) {
                Ok(at) => items[at] = entry,
                Err(at) if items.len() < FEW => items.insert(at, entry),
                Err(_) => {
                    let mut nodes = Nodes::new(items);
                    nodes.put(entry);
                    self.0 = Form::Many(Box::new(nodes));
                }
            },
            Form::Many(nodes) => nodes.put(entry),
        }
    }

    /// Takes out the entry with this key, if there is one.
    pub fn remove(&mut self, key: E::Key) {
        step();
        match &mut self.0 {
            Form::Few(items) => {
                if let Ok(at) = items.binary_search_by(|item| item.key().cmp(&key)) {
                    items.remove(at);
                }
            }
            Form::Many(nodes) => {
                nodes.remove(key);
                // Half way down, so that one entry more or less does not change the form to and fro.
                if nodes.len() <= FEW / 2 {
                    self.0 = Form::Few(self.iter().collect());
                }
            }
        }
    }

    /// Returns the first entry from `start` on, with a key not above `to`, for which `accept` holds. Subtrees for whose
    /// sum `prune` holds may be skipped.
    pub fn find(
        &self,
        start: Start<E::Key>,
        to: E::Key,
        prune: impl Fn(&E::Sum) -> bool,
        accept: impl Fn(&E) -> bool,
    ) -> Option<E> {
        let accept = |entry: &E| {
            step();
            accept(entry)
        };
        match &self.0 {
            Form::Few(items) => {
                let at = start.index(|key| items.partition_point(|item| item.key() <= key));
                items[at..].iter().take_while(|item| item.key() <= to).find(|item| accept(item)).copied()
            }
            Form::Many(nodes) => nodes.find(start, to, prune, accept),
        }
    }

    /// Returns whether it is so large that some of it may be far away.
    pub fn is_large(&self) -> bool {
        matches!(&self.0, Form::Many(nodes) if nodes.height >= FAR)
    }

    /// Returns what a search for `key` will read of the leaf, or of the node above it, if the tree is so large that it
    /// may be far away.
    pub fn far(&self, key: E::Key, depth: Depth) -> Option<PrefetchTarget<'_>> {
        match &self.0 {
            Form::Many(nodes) if nodes.height >= FAR => Some(nodes.place_of(key, depth as u32)),
            Form::Few(_) | Form::Many(_) => None,
        }
    }

    /// Returns whether it is in its small form.
    pub fn is_few(&self) -> bool {
        matches!(self.0, Form::Few(_))
    }

    /// Returns every entry, ascending.
    pub fn iter(&self) -> impl Iterator<Item = E> {
        let (few, many) = match &self.0 {
            Form::Few(items) => (Some(items.iter().copied()), None),
            Form::Many(nodes) => (None, Some(nodes.iter())),
        };
        few.into_iter().flatten().chain(many.into_iter().flatten())
    }
}

#[cfg(test)]
mod tests;
