//! The changes of log files over a file of records.

use super::fault::Fault;
use super::records::Reader;
use crate::store::batch::{Batch, Changes};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::ops::ControlFlow;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Which value each changed key has in the end; `None`: it has none. Borrows the octets of the log.
#[derive(Debug, Default)]
pub(super) struct Overlay<'a> {
    last: HashMap<&'a [u8], Option<&'a [u8]>, Seed>,
}

/// Makes hashers of keys. Keys hold what clients chose, so nobody may foresee their hashes; the standard hasher takes
/// three times as long, and this is most of what folding a commit costs.
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

impl<'a> Overlay<'a> {
    /// Adds later changes. `false`: these octets are no changes, or not all of them.
    pub fn add(&mut self, octets: &'a [u8]) -> bool {
        let mut changes = Changes::new(octets);
        self.last.extend(&mut changes);
        changes.is_whole()
    }

    /// The changes as a batch, which needs no other octets.
    pub fn to_batch(&self) -> Batch {
        let mut batch = Batch::new();
        for (key, value) in &self.last {
            match value {
                Some(value) => batch.put(key, value),
                None => batch.delete(key),
            }
        }
        batch
    }

    /// The changes, keys ascending.
    pub fn sorted(self) -> Vec<(&'a [u8], Option<&'a [u8]>)> {
        let mut all: Vec<_> = self.last.into_iter().collect();
        all.sort_unstable_by_key(|(key, _)| *key);
        all
    }
}

/// Takes a record and says whether to go on.
pub(super) type Take<'a> = dyn FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, Fault> + 'a;

/// Gives `take` the records of `below`, if any, with the changes `over` made to them, keys ascending.
pub(super) fn merge(
    below: Option<&mut Reader>,
    over: &[(&[u8], Option<&[u8]>)],
    take: &mut Take<'_>,
) -> Result<ControlFlow<()>, Fault> {
    let mut over = over.iter().copied().peekable();
    if let Some(below) = below {
        while let Some(records) = below.next()? {
            for (key, value) in records {
                // What is changed and comes first.
                while let Some((changed, value)) = over.next_if(|(changed, _)| *changed < key) {
                    if give(changed, value, take)?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                let change = over.next_if(|(changed, _)| changed.cmp(&key) == Ordering::Equal);
                let value = change.map_or(value, |(_, value)| value);
                if give(key, value, take)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
    }
    for (key, value) in over {
        if give(key, value, take)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn give(key: &[u8], value: Option<&[u8]>, take: &mut Take<'_>) -> Result<ControlFlow<()>, Fault> {
    match value {
        Some(value) => take(key, value),
        None => Ok(ControlFlow::Continue(())),
    }
}
