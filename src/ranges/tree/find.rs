//! Searching a tree.

use super::nodes::{Id, Nodes};
use super::{Entry, Start};

/// What a search looks for.
struct Query<K, W, H> {
    to: K,
    worth: W,
    hit: H,
}

/// How a subtree was left.
enum Left<E> {
    Hit(E),
    /// By a key above the last one asked for.
    Over,
    /// At its right end.
    Through,
}

impl<E: Entry> Nodes<E> {
    /// See [`super::Tree::find`].
    pub fn find(
        &self,
        start: Start<E::Key>,
        to: E::Key,
        worth: impl Fn(&E::Sum) -> bool,
        hit: impl Fn(&E) -> bool,
    ) -> Option<E> {
        if !worth(self.total.as_ref()?) {
            return None;
        }
        match self.find_under(self.height, self.root, start, &Query { to, worth, hit }) {
            Left::Hit(entry) => Some(entry),
            Left::Over | Left::Through => None,
        }
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
            if (query.worth)(&inner.sums[at]) {
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
        let items = self.leaf(node).items();
        for item in &items[start.index(items, E::key)..] {
            if item.key() > query.to {
                return Left::Over;
            }
            if (query.hit)(item) {
                return Left::Hit(*item);
            }
        }
        Left::Through
    }

    /// The rest of a leaf from `start` on; empty if nothing comes after it.
    pub fn run(&self, start: Start<E::Key>) -> &[E] {
        if self.total.is_none() { &[] } else { self.run_under(self.height, self.root, start) }
    }

    fn run_under(&self, level: u32, node: Id, start: Start<E::Key>) -> &[E] {
        if level == 0 {
            let items = self.leaf(node).items();
            return &items[start.index(items, E::key)..];
        }
        let inner = self.inner(node);
        let at = match start {
            Start::First => 0,
            Start::Floor(key) | Start::After(key) => inner.toward(key),
        };
        let run = self.run_under(level - 1, inner.kids[at], start);
        if run.is_empty() && at + 1 < inner.len() {
            return self.run_under(level - 1, inner.kids[at + 1], Start::First);
        }
        run
    }
}
