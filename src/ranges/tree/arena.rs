//! Where nodes live: a dense array in pieces, so that no operation ever moves all of it.

/// Nodes in a piece.
const PIECE: usize = 64;

/// The number of a node.
pub type Id = u32;

/// A dense array of nodes. The first piece is apart so that a small tree is one step closer; it grows by halves, the others
/// are made whole.
#[derive(Clone)]
pub struct Arena<T> {
    len: usize,
    first: Vec<T>,
    more: Vec<Vec<T>>,
}

impl<T> Arena<T> {
    pub const fn new() -> Self {
        Self { len: 0, first: Vec::new(), more: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn get(&self, id: Id) -> &T {
        let id = id as usize;
        if id < PIECE { &self.first[id] } else { &self.more[id / PIECE - 1][id % PIECE] }
    }

    pub fn get_mut(&mut self, id: Id) -> &mut T {
        let id = id as usize;
        if id < PIECE { &mut self.first[id] } else { &mut self.more[id / PIECE - 1][id % PIECE] }
    }

    /// Returns all nodes by number.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.first.iter().chain(self.more.iter().flatten())
    }

    /// Returns all nodes by number.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.first.iter_mut().chain(self.more.iter_mut().flatten())
    }

    /// Adds a node and answers its number.
    pub fn push(&mut self, node: T) -> Id {
        let id = self.len as Id;
        let first = &mut self.first;
        if first.len() < PIECE {
            if first.len() == first.capacity() {
                first.reserve_exact((first.len() / 2).clamp(1, PIECE - first.len()));
            }
            first.push(node);
        } else {
            if self.len.is_multiple_of(PIECE) {
                self.more.push(Vec::with_capacity(PIECE));
            }
            self.more.last_mut().unwrap_or(first).push(node);
        }
        self.len += 1;
        id
    }

    /// Takes out a node and puts the last one in its place.
    pub fn swap_remove(&mut self, id: Id) {
        let last = self.more.last_mut().unwrap_or(&mut self.first);
        let Some(node) = last.pop() else { return };
        self.len -= 1;
        if last.is_empty() {
            self.more.pop();
        }
        if (id as usize) < self.len {
            *self.get_mut(id) = node;
        }
    }

    /// Returns how many nodes there is room for.
    #[cfg(test)]
    pub fn capacity(&self) -> usize {
        self.more.iter().chain([&self.first]).map(Vec::capacity).sum()
    }
}
