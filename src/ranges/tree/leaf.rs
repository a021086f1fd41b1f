//! The leaves of a tree.

use super::parts::Parts;
use super::prefetch::PrefetchTarget;
use super::{Entry, Start, count_to, shrunk};

/// Entries in a leaf: as many as make it a kibibyte. Then no leaf lies in two pages, which would be two waits for memory
/// where it has to be found in the page table.
pub const LEAF: usize = 40;
/// So few keys at the end of a leaf are taken for those of others, ahead of one who locks upwards.
const AHEAD: usize = 4;
/// So many places stay free in the leaves that one who locks upwards leaves behind. Full ones would be halved by whoever locks
/// and unlocks among them, so that the same ranges were spread over twice the memory.
pub const FREE: usize = 4;

/// The lowest level: entries, ascending.
#[derive(Clone)]
#[repr(C, align(1024))]
pub struct Leaf<E: Entry> {
    /// Where in `payloads` the payload of each entry is, and after these all free places. They share a cache line with the
    /// length, so they are there when the search in the keys is done.
    places: [u8; LEAF],
    parts: Parts<E>,
    keys: [E::Key; LEAF],
    payloads: [E::Payload; LEAF],
}

impl<E: Entry> Leaf<E> {
    /// An entry that does not fit in the kibibyte would make every leaf two of them.
    const FITS: () = assert!(size_of::<Self>() == 1024);

    /// Creates a leaf of nothing; `filler` only occupies what is not in use.
    pub fn empty(filler: E) -> Self {
        const { Self::FITS };
        let places = std::array::from_fn(|place| place as u8);
        let (keys, payloads) = ([filler.key(); LEAF], [filler.payload(); LEAF]);
        Self { places, parts: Parts::new(filler.sum()), keys, payloads }
    }

    pub fn len(&self) -> usize {
        self.parts.len()
    }

    pub fn keys(&self) -> &[E::Key] {
        &self.keys[..self.len()]
    }

    pub fn get(&self, at: usize) -> E {
        E::new(self.keys[at], self.payloads[usize::from(self.places[at])])
    }

    #[cfg(test)]
    pub fn iter(&self) -> impl Iterator<Item = E> {
        (0..self.len()).map(|at| self.get(at))
    }

    fn sums(&self) -> impl Iterator<Item = E::Sum> + Clone {
        (0..self.len()).map(|at| self.get(at).sum())
    }

    pub fn sum(&self) -> Option<E::Sum> {
        self.parts.sum().or_else(|| self.sums().reduce(E::join))
    }

    /// Returns the sum, which was `before` when there was more in it; `None` if it still is.
    pub fn sum_after(&self, before: E::Sum) -> Option<E::Sum> {
        shrunk::<E>(before, self.parts.sum(), self.sums())
    }

    /// Returns what a search reads first. The rests are more lines than that, of which one or two will be needed: asked
    /// for as well, they would be in each other's way.
    pub fn front(&self) -> PrefetchTarget<'_> {
        PrefetchTarget::first_of(std::mem::offset_of!(Self, payloads), self)
    }

    /// Returns where a search starts here. What it finds is read next, so the lines of the rests are asked for together
    /// with those of the keys: among a million ranges that is one wait for memory instead of two.
    pub fn start(&self, start: Start<E::Key>) -> usize {
        PrefetchTarget::first_of(usize::MAX, &self.payloads).ask();
        start.index(|key| count_to(self.keys(), key))
    }

    /// Returns where `key` is, or else where it would be.
    pub fn seek(&self, key: E::Key) -> Result<usize, usize> {
        let above = count_to(self.keys(), key);
        match above.checked_sub(1) {
            Some(at) if self.keys[at] == key => Ok(at),
            _ => Err(above),
        }
    }

    /// Changes what belongs to the key at `at`.
    pub fn change(&mut self, at: usize, payload: E::Payload) {
        self.parts.went(self.get(at).sum());
        self.set(at, payload);
        self.parts.came(self.get(at).sum());
        self.recount_if(self.parts.lacks_the_one());
    }

    fn recount_if(&mut self, wrong: bool) {
        if wrong {
            let mut parts = self.parts.clone();
            parts.recount(self.sums());
            self.parts = parts;
        }
    }

    fn set(&mut self, at: usize, payload: E::Payload) {
        self.payloads[usize::from(self.places[at])] = payload;
    }

    /// Puts `entry` at `at`; a full leaf gives what no longer fits to a new one on its right.
    pub fn insert(&mut self, at: usize, entry: E) -> Option<Self> {
        let len = self.len();
        if len < LEAF {
            self.keys.copy_within(at..len, at + 1);
            self.keys[at] = entry.key();
            self.places[at..=len].rotate_right(1);
            self.set(at, entry.payload());
            self.parts.came(entry.sum());
            return None;
        }
        // Whoever locks upwards goes on doing so: leave good leaves behind, also below a few keys that stay ahead.
        let mid = if at + AHEAD >= LEAF { at.min(LEAF - FREE) } else { LEAF / 2 };
        let mut right = Self::empty(if mid < LEAF { self.get(mid) } else { entry });
        right.append(self, mid);
        self.parts.set_len(mid);
        self.recount_if(true);
        if at <= mid && mid < LEAF {
            self.insert(at, entry)
        } else {
            right.insert(at - mid, entry)
        };
        Some(right)
    }

    pub fn remove(&mut self, at: usize) {
        let len = self.len();
        self.parts.went(self.get(at).sum());
        self.keys.copy_within(at + 1..len, at);
        self.places[at..len].rotate_left(1);
        self.recount_if(self.parts.lacks_the_one());
    }

    /// Adds the entries of `other` from `from` on, which come after all others and for which there is room.
    pub fn append(&mut self, other: &Self, from: usize) {
        for at in from..other.len() {
            let entry = other.get(at);
            self.keys[self.len()] = entry.key();
            self.set(self.len(), entry.payload());
            self.parts.came(entry.sum());
        }
    }
}
