//! Finds by bytes what is kept elsewhere under a number: the bytes themselves are there once.

use super::page_map::Number;
use crate::ranges::Table;
use std::fmt;
use std::hash::{BuildHasher, RandomState};

/// A number and the hash of its bytes, so that none are looked at when entries are moved.
#[derive(Clone, Copy)]
struct Entry {
    hash: u32,
    number: [u32; 2],
}

impl Entry {
    fn number(self) -> u64 {
        u64::from(self.number[0]) << 32 | u64::from(self.number[1])
    }

    fn spread(&self) -> u64 {
        u64::from(self.hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

/// Numbers by bytes that clients choose, who cannot aim at a place: the hash has a secret. Nothing comes out in its order.
#[derive(Default)]
pub(in crate::state) struct NameIndex {
    table: Table<Entry>,
    secret: RandomState,
}

impl NameIndex {
    fn entry(&self, octets: &[u8], number: u64) -> Entry {
        let hash = self.secret.hash_one(octets) as u32;
        Entry { hash, number: [(number >> 32) as u32, number as u32] }
    }

    /// The number whose bytes, as `octets_of` knows them, are these.
    pub fn find<'a, K: Number>(&self, octets: &[u8], octets_of: impl Fn(K) -> Option<&'a [u8]>) -> Option<K> {
        let sought = self.entry(octets, 0);
        let is_it = |entry: &Entry| {
            entry.hash == sought.hash && octets_of(K::numbered(entry.number())) == Some(octets)
        };
        self.table.find(sought.spread(), is_it).map(|entry| K::numbered(entry.number()))
    }

    /// Adds a number whose bytes no other has.
    pub fn insert(&mut self, octets: &[u8], number: impl Number) {
        let entry = self.entry(octets, number.number());
        self.table.insert(entry.spread(), entry, Entry::spread);
    }

    pub fn remove(&mut self, octets: &[u8], number: impl Number) {
        let gone = self.entry(octets, number.number());
        self.table.remove(gone.spread(), |entry| entry.number == gone.number, Entry::spread);
    }
}

impl fmt::Debug for NameIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} names", self.table.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_forgotten() {
        let octets: Vec<[u8; 4]> = (0..1000u32).map(u32::to_be_bytes).collect();
        let octets_of = |number: u64| octets.get(number as usize).map(|octets| &octets[..]);
        let mut names = NameIndex::default();
        for (number, octets) in (0u64..).zip(&octets) {
            assert_eq!(names.find::<u64>(octets, octets_of), None);
            names.insert(octets, number);
        }
        for (number, octets) in (0u64..).zip(&octets) {
            assert_eq!(names.find(octets, octets_of), Some(number));
            names.remove(octets, number);
            assert_eq!(names.find::<u64>(octets, octets_of), None);
        }
        assert!(names.table.capacity() <= 8);
    }
}
