//! The memtable: the changes of log files that are not in a sorted run yet, reduced to one change for each key.
//!
//! There is none while commits are written, because nothing looks records up. It is built when the log is compacted or
//! scanned.

use crate::batch::{Batch, Change, Value};
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Combines all changes of each key. The result is short where the same few keys are changed over and over, or records are
/// deleted soon after they were made.
pub(super) fn last_of_each<'a>(changes: impl Iterator<Item = Change<'a>>) -> Batch {
    let mut last: HashMap<&[u8], Value<'_>, Seed> = HashMap::default();
    for (key, value) in changes {
        match last.get_mut(key) {
            None => drop(last.insert(key, value)),
            Some(older) => match value.after(*older) {
                Some(both) => *older = both,
                None => drop(last.remove(key)),
            },
        }
    }
    let mut batch = Batch::new();
    last.into_iter().for_each(|(key, value)| batch.change(key, value));
    batch
}

/// Combines all changes of each key, and sorts them by key.
pub(super) fn sorted<'a>(changes: impl Iterator<Item = Change<'a>>) -> Vec<Change<'a>> {
    let changes: Vec<_> = changes.collect();
    let seed = Seed::default();
    // Keys are scattered in memory, so a table of prefixes and hashes is sorted instead.
    let sort_key =
        |((key, _), at): (&Change<'_>, u32)| SortKey { prefix: prefix(key), hash: seed.hash_one(key), at };
    let mut sort_keys: Vec<_> = changes.iter().zip(0..).map(sort_key).collect();
    sort_keys.sort_unstable();
    let mut last: Vec<Change<'a>> = Vec::new();
    for alike in sort_keys.chunk_by(|a, b| (a.prefix, a.hash) == (b.prefix, b.hash)) {
        let mut ones = alike.iter().filter_map(|key| changes.get(key.at as usize).copied());
        match (ones.next(), ones.next()) {
            (Some(one), None) => last.push(one),
            (Some(one), Some(other)) => add_combined([one, other].into_iter().chain(ones), &mut last),
            (None, _) => {}
        }
    }
    for part in last.chunk_by_mut(|a, b| prefix(a.0) == prefix(b.0)).filter(|part| part.len() > 1) {
        part.sort_unstable_by_key(|(key, _)| *key);
    }
    last
}

/// Combines these changes for each key and adds the result to `last`. They have the same prefix and hash, so that there is
/// more than one key only by chance.
fn add_combined<'a>(changes: impl Iterator<Item = Change<'a>>, last: &mut Vec<Change<'a>>) {
    let from = last.len();
    for (key, value) in changes {
        let mut before = last.iter().enumerate().skip(from);
        let Some((at, older)) = before.find_map(|(at, other)| (other.0 == key).then_some((at, other.1)))
        else {
            last.push((key, value));
            continue;
        };
        match (value.after(older), last.get_mut(at)) {
            (Some(both), Some(change)) => change.1 = both,
            _ => drop(last.swap_remove(at)),
        }
    }
}

/// Memory that [`sorted`] takes for each change besides the change itself, in bytes.
pub(super) const SORTED_BYTES: usize = 2 * size_of::<Change<'_>>() + size_of::<SortKey>();

/// Represents a change while changes are sorted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct SortKey {
    /// The first bytes of its key.
    prefix: u128,
    /// The hash of its key.
    hash: u64,
    /// Its index.
    at: u32,
}

/// Returns the first sixteen bytes as a number. Keys with different prefixes are in the order of their prefixes.
fn prefix(key: &[u8]) -> u128 {
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(key) {
        *to = *from;
    }
    u128::from_be_bytes(bytes)
}

/// Hashes keys with a random seed: clients choose a part of the keys and must not be able to predict hashes. The standard
/// hasher takes three times as long, and hashing is a large part of the cost of a compaction.
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
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64_with_seed(bytes, self.0);
    }

    // The length of the key, which its hash already depends on.
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
            match value.get() {
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
