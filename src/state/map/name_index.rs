//! Finds by bytes what is kept elsewhere under a number: the bytes themselves are there once.

use super::name_hash::NameHash;
use super::page_map::Number;
use crate::ranges::Table;
use std::fmt;

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

/// Finds numbers by bytes that clients choose, who cannot cause collisions ([`NameHash`]).
pub(in crate::state) struct NameIndex {
    table: Table<Entry>,
    hash: NameHash,
}

impl NameIndex {
    /// Creates an empty index.
    pub fn new(hash: NameHash) -> Self {
        Self { table: Table::default(), hash }
    }

    /// Returns how the bytes are hashed.
    pub fn hash(&self) -> NameHash {
        self.hash
    }

    fn entry(&self, bytes: &[u8], number: u64) -> Entry {
        let hash = self.hash.of(bytes) as u32;
        Entry { hash, number: [(number >> 32) as u32, number as u32] }
    }

    /// Returns the number whose bytes, as `bytes_of` knows them, are these.
    pub fn find<'a, K: Number>(&self, bytes: &[u8], bytes_of: impl Fn(K) -> Option<&'a [u8]>) -> Option<K> {
        let sought = self.entry(bytes, 0);
        let is_it =
            |entry: &Entry| entry.hash == sought.hash && bytes_of(K::numbered(entry.number())) == Some(bytes);
        self.table.find(sought.spread(), is_it).map(|entry| K::numbered(entry.number()))
    }

    /// Adds a number whose bytes no other has.
    pub fn insert(&mut self, bytes: &[u8], number: impl Number) {
        let entry = self.entry(bytes, number.number());
        self.table.insert(entry.spread(), entry, Entry::spread);
    }

    /// Removes a number and its bytes.
    pub fn remove(&mut self, bytes: &[u8], number: impl Number) {
        let gone = self.entry(bytes, number.number());
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
        let bytes: Vec<[u8; 4]> = (0..1000u32).map(u32::to_be_bytes).collect();
        let bytes_of = |number: u64| bytes.get(number as usize).map(|bytes| &bytes[..]);
        let mut names = NameIndex::new(NameHash::new(1, 2));
        for (number, bytes) in (0u64..).zip(&bytes) {
            assert_eq!(names.find::<u64>(bytes, bytes_of), None);
            names.insert(bytes, number);
        }
        for (number, bytes) in (0u64..).zip(&bytes) {
            assert_eq!(names.find(bytes, bytes_of), Some(number));
            names.remove(bytes, number);
            assert_eq!(names.find::<u64>(bytes, bytes_of), None);
        }
        assert!(names.table.capacity() <= 8);
    }
}
