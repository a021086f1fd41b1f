//! Searching a tree.

use super::leaf::Leaf;
use super::nodes::{Id, Nodes};
use super::prefetch::PrefetchTarget;
use super::{Entry, Start};

/// What a search looks for.
struct Query<K, W, H> {
    to: K,
    prune: W,
    accept: H,
}

/// How a subtree was left.
enum Left<E> {
    Accepted(E),
    /// By a key above the last one asked for.
    Over,
    /// At its right end.
    Through,
}

impl<E: Entry> Nodes<E> {
    /// Finds as [`super::Tree::find`].
    pub fn find(
        &self,
        start: Start<E::Key>,
        to: E::Key,
        prune: impl Fn(&E::Sum) -> bool,
        accept: impl Fn(&E) -> bool,
    ) -> Option<E> {
        if prune(self.total.as_ref()?) {
            return None;
        }
        match self.find_under(self.height, self.root, start, &Query { to, prune, accept }) {
            Left::Accepted(entry) => Some(entry),
            Left::Over | Left::Through => None,
        }
    }

    /// Returns what a search for `key` reads first of the node that it meets at `level`, which is the height at most.
    /// Nothing of it is read.
    pub fn place_of(&self, key: E::Key, level: u32) -> PrefetchTarget<'_> {
        let mut node = self.root;
        for _ in level..self.height {
            let inner = self.inner(node);
            node = inner.kids[inner.toward(key)];
        }
        if level == 0 { self.leaf(node).front() } else { self.inner(node).front() }
    }

    fn find_under<W, H>(
        &self,
        level: u32,
        node: Id,
        start: Start<E::Key>,
        query: &Query<E::Key, W, H>,
    ) -> Left<E>
    where
        W: Fn(&E::Sum) -> bool,
        H: Fn(&E) -> bool,
    {
        if level == 0 {
            return self.find_in_leaf(node, start, query);
        }
        let inner = self.inner(node);
        let mut at = 0;
        if let Start::Floor(key) | Start::After(key) = start {
            // No look at the sum: it would cost a wait for memory, and this child is almost always the one.
            at = inner.toward(key);
            let left = self.find_under(level - 1, inner.kids[at], start, query);
            if !matches!(left, Left::Through) {
                return left;
            }
            at += 1;
        }
        for at in at..inner.len() {
            if inner.keys[at] > query.to {
                return Left::Over;
            }
            if !(query.prune)(&inner.sums()[at]) {
                let left = self.find_under(level - 1, inner.kids[at], Start::First, query);
                if !matches!(left, Left::Through) {
                    return left;
                }
            }
        }
        Left::Through
    }

    fn find_in_leaf<W, H>(&self, node: Id, start: Start<E::Key>, query: &Query<E::Key, W, H>) -> Left<E>
    where
        H: Fn(&E) -> bool,
    {
        let leaf = self.leaf(node);
        for at in leaf.start(start)..leaf.len() {
            if leaf.keys()[at] > query.to {
                return Left::Over;
            }
            let entry = leaf.get(at);
            if (query.accept)(&entry) {
                return Left::Accepted(entry);
            }
        }
        Left::Through
    }

    /// Returns every entry, ascending.
    pub fn iter(&self) -> impl Iterator<Item = E> {
        let mut next = self.total.and_then(|_| self.place_under(self.height, self.root, Start::First));
        std::iter::from_fn(move || {
            let (leaf, at) = next?;
            let entry = leaf.get(at);
            next = if at + 1 < leaf.len() {
                Some((leaf, at + 1))
            } else {
                self.place_under(self.height, self.root, Start::After(entry.key()))
            };
            Some(entry)
        })
    }

    /// Returns the leaf and the place in it where a walk from `start` begins, if there is anything.
    fn place_under(&self, level: u32, node: Id, start: Start<E::Key>) -> Option<(&Leaf<E>, usize)> {
        if level == 0 {
            let leaf = self.leaf(node);
            return Some((leaf, leaf.start(start))).filter(|(leaf, at)| *at < leaf.len());
        }
        let inner = self.inner(node);
        let at = match start {
            Start::First => 0,
            Start::Floor(key) | Start::After(key) => inner.toward(key),
        };
        let next = || self.place_under(level - 1, *inner.kids().get(at + 1)?, Start::First);
        self.place_under(level - 1, inner.kids[at], start).or_else(next)
    }
}
