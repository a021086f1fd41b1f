//! An ordered map of small copyable entries (first, simple form: a sorted vector).

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

#[derive(Clone)]
pub struct Tree<E: Entry> {
    items: Vec<E>,
}

impl<E: Entry> Default for Tree<E> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

impl<E: Entry> Tree<E> {
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Adds the entry, or puts it in the place of the one with the same key.
    pub fn put(&mut self, entry: E) {
        match self.items.binary_search_by(|e| e.key().cmp(&entry.key())) {
            Ok(at) => self.items[at] = entry,
            Err(at) => self.items.insert(at, entry),
        }
    }

    pub fn remove(&mut self, key: E::Key) {
        if let Ok(at) = self.items.binary_search_by(|e| e.key().cmp(&key)) {
            self.items.remove(at);
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
        let at = match start {
            Start::First => 0,
            Start::Floor(key) => self.items.partition_point(|e| e.key() <= key).saturating_sub(1),
            Start::After(key) => self.items.partition_point(|e| e.key() <= key),
        };
        self.items[at..].iter().take_while(|e| e.key() <= to).find(|e| worth(&e.sum()) && hit(e)).copied()
    }

    pub fn iter(&self) -> impl Iterator<Item = E> {
        self.items.iter().copied()
    }
}

#[cfg(test)]
impl<E: Entry> Tree<E> {
    pub fn check(&self) {
        assert!(self.items.is_sorted_by(|a, b| a.key() < b.key()));
    }
}
