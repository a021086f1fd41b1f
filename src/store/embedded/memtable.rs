//! The changes of log files, as they lie over runs.

use crate::store::batch::{Batch, Change, Value};
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// What all changes together make of each key that they change. Where the same few keys are changed over and over, or soon
/// deleted again, this is short.
pub(super) fn last_of_each<'a>(changes: impl Iterator<Item = Change<'a>>) -> Batch {
    let mut last: HashMap<&[u8], Value<'_>, Seed> = HashMap::default();
    for (key, value) in changes {
        match last.get_mut(key) {
            None => drop(last.insert(key, value)),
            Some(place) => match value.after(*place) {
                Some(both) => *place = both,
                None => drop(last.remove(key)),
            },
        }
    }
    let mut batch = Batch::new();
    last.into_iter().for_each(|(key, value)| batch.change(key, value));
    batch
}

/// The same, keys ascending.
pub(super) fn sorted<'a>(changes: impl Iterator<Item = Change<'a>>) -> Vec<Change<'a>> {
    let changes: Vec<_> = changes.collect();
    let seed = Seed::default();
    // Keys are all over the memory, so numbers are sorted that are next to each other.
    let place = |((key, _), at): (&Change<'_>, u32)| Place {
        beginning: beginning(key),
        hash: seed.hash_one(key),
        at,
    };
    let mut places: Vec<_> = changes.iter().zip(0..).map(place).collect();
    places.sort_unstable();
    let mut last: Vec<Change<'a>> = Vec::new();
    for alike in places.chunk_by(|a, b| (a.beginning, a.hash) == (b.beginning, b.hash)) {
        let mut ones = alike.iter().filter_map(|place| changes.get(place.at as usize).copied());
        match (ones.next(), ones.next()) {
            (Some(one), None) => last.push(one),
            (Some(one), Some(other)) => add_last([one, other].into_iter().chain(ones), &mut last),
            (None, _) => {}
        }
    }
    for run in last.chunk_by_mut(|a, b| beginning(a.0) == beginning(b.0)).filter(|run| run.len() > 1) {
        run.sort_unstable_by_key(|(key, _)| *key);
    }
    last
}

/// Adds what these changes make of each of their keys, of which there are several only if they have the same hash by chance.
fn add_last<'a>(changes: impl Iterator<Item = Change<'a>>, last: &mut Vec<Change<'a>>) {
    let from = last.len();
    for (key, value) in changes {
        let mut before = last.iter().enumerate().skip(from);
        let Some((at, older)) = before.find_map(|(at, other)| (other.0 == key).then_some((at, other.1)))
        else {
            last.push((key, value));
            continue;
        };
        match (value.after(older), last.get_mut(at)) {
            (Some(both), Some(place)) => place.1 = both,
            _ => drop(last.swap_remove(at)),
        }
    }
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
    /// Its number.
    at: u32,
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

    type Model = BTreeMap<Vec<u8>, Vec<u8>>;

    fn apply<'a>(model: &mut Model, changes: impl IntoIterator<Item = Change<'a>>) {
        for (key, value) in changes {
            match value.octets() {
                Some(value) => drop(model.insert(key.to_vec(), value.to_vec())),
                None => drop(model.remove(key)),
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_last_change_counts_and_keys_ascend(
            before in vec(vec(0..3_u8, 1..20), 0..20),
            changes in vec((vec(0..3_u8, 1..20), proptest::option::of(vec(any::<u8>(), 0..4))), 0..200),
        ) {
            let mut expected: Model = before.into_iter().map(|key| (key, vec![9; 9])).collect();
            let mut once = expected.clone();
            let mut all = Vec::new();
            for (key, value) in &changes {
                let value = match value {
                    Some(value) if expected.contains_key(key) => Value::Put(value),
                    Some(value) => Value::New(value),
                    None => Value::Deleted,
                };
                apply(&mut expected, [(&key[..], value)]);
                all.push((&key[..], value));
            }
            let got = sorted(all.iter().copied());
            prop_assert!(got.is_sorted_by(|a, b| a.0 < b.0));
            let batch = last_of_each(all.iter().copied());
            prop_assert_eq!(&sorted(batch.iter()), &got);
            let is_new = |(key, value): &Change<'_>| matches!(value, Value::New(_)) && once.contains_key(*key);
            prop_assert!(!got.iter().any(is_new), "something is new that was there");
            apply(&mut once, got);
            prop_assert_eq!(once, expected);
        }
    }
}
