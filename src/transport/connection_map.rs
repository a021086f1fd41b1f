//! A map by connection id: each round looks up each of its connections several times.

use crate::nfs4::ConnectionId;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Maps connection ids, with a hash that costs one multiplication.
pub(super) type ConnectionMap<T> = HashMap<ConnectionId, T, BuildHasherDefault<IdHasher>>;

/// Hashes numbers that the server counts up itself: nobody outside can choose some that collide.
#[derive(Debug, Default)]
pub(super) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, number: u64) {
        // 2^64 by the golden ratio: numbers in a row end up far apart, in the low bits and in the high ones.
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::hash::BuildHasher;

    #[test]
    fn numbers_in_a_row_collide_in_no_table() {
        let map = ConnectionMap::<()>::default();
        let hashes: Vec<_> = (0..1024).map(|number| map.hasher().hash_one(ConnectionId(number))).collect();
        let places: BTreeSet<_> = hashes.iter().map(|hash| hash % 1024).collect();
        let tags: BTreeSet<_> = hashes.iter().map(|hash| hash >> 57).collect();
        assert_eq!(
            (places.len(), tags.len()),
            (1024, 128),
            "low bits choose the place, high ones are compared"
        );
    }
}
