//! The changes of log files, as they lie over runs.

use crate::store::batch::Batch;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A key, and its value or that it has none.
pub(super) type Change<'a> = (&'a [u8], Option<&'a [u8]>);

/// The last change of each key. Where the same few keys are changed over and over this is short.
pub(super) fn last_of_each<'a>(changes: impl Iterator<Item = Change<'a>>) -> Batch {
    let mut last = HashMap::with_hasher(Seed::default());
    last.extend(changes);
    let mut batch = Batch::new();
    for (key, value) in last {
        match value {
            Some(value) => batch.put(key, value),
            None => batch.delete(key),
        }
    }
    batch
}

/// The last change of each key, keys ascending.
pub(super) fn sorted<'a>(changes: impl Iterator<Item = Change<'a>>) -> Vec<Change<'a>> {
    let changes: Vec<_> = changes.collect();
    let key = |at: u32| changes.get(at as usize).map_or(&[][..], |(key, _)| *key);
    let seed = Seed::default();
    // Keys are all over the memory, so numbers are sorted that are next to each other. Of equal keys the last comes first.
    let place = |at: u32| Place { beginning: beginning(key(at)), hash: seed.hash_one(key(at)), newest: !at };
    let mut places: Vec<_> = (0..changes.len() as u32).map(place).collect();
    places.sort_unstable();
    let alike = |place: Place, other: Place| (other.beginning, other.hash) == (place.beginning, place.hash);
    // In place, because of a long log this is most of the memory.
    let mut kept: usize = 0;
    for at in 0..places.len() {
        let Some(&place) = places.get(at) else { break };
        let before = places.get(..kept).unwrap_or_default().iter().rev();
        // More than one is alike only if keys have the same hash by chance.
        let mut others = before.take_while(|other| alike(place, **other));
        if !others.any(|other| key(!other.newest) == key(!place.newest)) {
            places.swap(kept, at);
            kept += 1;
        }
    }
    places.truncate(kept);
    for run in places.chunk_by_mut(|a, b| a.beginning == b.beginning).filter(|run| run.len() > 1) {
        run.sort_unstable_by_key(|place| key(!place.newest));
    }
    places.iter().filter_map(|place| changes.get(!place.newest as usize).copied()).collect()
}

/// What [`sorted`] takes for each change, in octets, besides the changes themselves.
pub(super) const SORTED_BYTES: usize = 2 * size_of::<Change<'_>>() + size_of::<Place>();

/// Stands for a change while changes are sorted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// What its key begins with.
    beginning: u128,
    /// The hash of its key.
    hash: u64,
    /// The complement of its number, so that later ones are less.
    newest: u32,
}

/// The first sixteen octets as a number, so that keys whose numbers differ are in the order of those.
fn beginning(key: &[u8]) -> u128 {
    let mut octets = [0; 16];
    for (place, octet) in octets.iter_mut().zip(key) {
        *place = *octet;
    }
    u128::from_be_bytes(octets)
}

/// Makes hashers of keys. Keys hold what clients chose, so nobody may foresee their hashes. The standard hasher takes three
/// times as long, and this is much of what folding a commit costs.
#[derive(Clone, Debug)]
struct Seed(u64);

impl Default for Seed {
    fn default() -> Self {
        Self(RandomState::new().build_hasher().finish())
    }
}

impl BuildHasher for Seed {
    type Hasher = KeyHasher;

    fn build_hasher(&self) -> KeyHasher {
        KeyHasher(self.0)
    }
}

#[derive(Debug)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn write(&mut self, octets: &[u8]) {
        self.0 = xxh3_64_with_seed(octets, self.0);
    }

    // The length of the key, which its hash tells already.
    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_last_change_counts_and_keys_ascend(
            changes in vec((vec(0..3_u8, 1..20), proptest::option::of(vec(any::<u8>(), 0..4))), 0..200),
        ) {
            let changes: Vec<Change<'_>> =
                changes.iter().map(|(key, value)| (key.as_slice(), value.as_deref())).collect();
            let expected: Vec<_> = changes.iter().copied().collect::<BTreeMap<_, _>>().into_iter().collect();
            prop_assert_eq!(&sorted(changes.iter().copied()), &expected);
            let batch = last_of_each(changes.iter().copied());
            prop_assert_eq!(batch.iter().count(), expected.len());
            prop_assert_eq!(sorted(batch.iter()), expected);
        }
    }
}
