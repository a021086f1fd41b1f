//! An ordered map of small copyable entries: a B+ tree in which every subtree carries a sum of its entries.
//!
//! What decides the time of an operation among a million ranges is how often it waits for memory, so entries lie side by
//! side in wide leaves, the levels above them are few and stay in the caches, and nodes are numbers in two arrays. Both
//! arrays stay dense: the last node moves into the place of one that is given up, and the array shrinks with its content.
//! Up to [`FEW`] entries there is no tree, only a sorted vector that starts inline.
//!
//! A search goes down by keys and from there on from left to right. It skips subtrees whose sum cannot interest it.

mod edit;
mod find;
mod nodes;

use smallvec::SmallVec;

use nodes::Nodes;

/// What a tree holds.
pub trait Entry: Copy {
    /// The order of the entries; no two are equal.
    type Key: Copy + Ord;
    /// What a subtree knows of its entries.
    type Sum: Copy + PartialEq;

    fn key(&self) -> Self::Key;

    /// The sum of this entry alone.
    fn sum(&self) -> Self::Sum;

    /// The sum of two subtrees; associative and commutative.
    fn join(a: Self::Sum, b: Self::Sum) -> Self::Sum;
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
    /// Where to start in something sorted by `key`.
    fn index<T>(self, sorted: &[T], key: impl Fn(&T) -> K) -> usize {
        match self {
            Self::First => 0,
            Self::Floor(at) => sorted.partition_point(|item| key(item) <= at).saturating_sub(1),
            Self::After(at) => sorted.partition_point(|item| key(item) <= at),
        }
    }
}

/// Up to here a sorted vector is the smaller and faster form.
const FEW: usize = 16;

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

    /// The first entry from `start` on, with a key not above `to`, for which `hit` holds. Subtrees for whose sum `worth`
    /// does not hold may be skipped.
    pub fn find(
        &self,
        start: Start<E::Key>,
        to: E::Key,
        worth: impl Fn(&E::Sum) -> bool,
        hit: impl Fn(&E) -> bool,
    ) -> Option<E> {
        match &self.0 {
            Form::Few(items) => {
                let rest = &items[start.index(items, E::key)..];
                rest.iter().take_while(|item| item.key() <= to).find(|item| hit(item)).copied()
            }
            Form::Many(nodes) => nodes.find(start, to, worth, hit),
        }
    }

    /// Every entry, ascending.
    pub fn iter(&self) -> impl Iterator<Item = E> {
        let mut run = self.run(Start::First).iter();
        std::iter::from_fn(move || {
            let entry = *run.next()?;
            if run.len() == 0 {
                run = self.run(Start::After(entry.key())).iter();
            }
            Some(entry)
        })
    }

    /// Entries from `start` on that lie side by side; none if there are no more.
    fn run(&self, start: Start<E::Key>) -> &[E] {
        match &self.0 {
            Form::Few(items) => &items[start.index(items, E::key)..],
            Form::Many(nodes) => nodes.run(start),
        }
    }
}

#[cfg(test)]
mod tests;
