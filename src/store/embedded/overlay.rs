//! The changes of log files over a file of records.

use super::fault::Fault;
use super::records::Reader;
use crate::store::batch::{self, Batch};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// Which value each changed key has in the end; `None`: it has none. Borrows the octets of the log.
#[derive(Debug, Default)]
pub(super) struct Overlay<'a> {
    // Keys hold what clients chose, so the hash must be one that they cannot foresee: the standard one.
    last: HashMap<&'a [u8], Option<&'a [u8]>>,
}

impl<'a> Overlay<'a> {
    /// Adds later changes. `false`: these octets are no changes.
    pub fn add(&mut self, octets: &'a [u8]) -> bool {
        let Some(changes) = batch::changes(octets) else { return false };
        self.last.extend(changes);
        true
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
