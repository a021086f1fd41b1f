//! The hash of bytes that clients choose.

use siphasher::sip::SipHasher13;

/// Hashes bytes that clients choose. They cannot make them collide, for the hash is keyed by the seed of the core, which
/// they do not know. Equal seeds give equal hashes, so that the core is deterministic.
#[derive(Clone, Copy, Debug)]
pub(in crate::state) struct NameHash {
    seed: u64,
    table: u64,
}

impl NameHash {
    /// Creates the hash of one table of a core. Tables of different numbers have different hashes: what meets in one
    /// does not meet in another.
    pub fn new(seed: u64, table: u64) -> Self {
        Self { seed, table }
    }

    /// Returns the hash of these bytes.
    #[inline]
    pub fn of(self, bytes: &[u8]) -> u64 {
        SipHasher13::new_with_keys(self.seed, self.table).hash(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_hash_depends_on_seed_table_and_bytes_and_on_nothing_else() {
        let mut seen = BTreeSet::new();
        for (seed, table, bytes) in [
            (1, 1, &b"name"[..]),
            (2, 1, b"name"),
            (1, 2, b"name"),
            (1, 1, b"names"),
            (1, 1, b""),
            (1, 1, b"\0"),
        ] {
            let hash = NameHash::new(seed, table).of(bytes);
            assert_eq!(hash, NameHash::new(seed, table).of(bytes));
            assert!(seen.insert(hash), "{seed} {table} {bytes:?}");
        }
    }
}
