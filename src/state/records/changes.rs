//! What must be stored before the replies behind it may leave.
//!
//! The core writes down each change of its state as a change of one *record* (`records`), in the order in which they
//! happened. Stored up to any point, they are the state of the core at that point.

use super::codec::encode;
use super::key::Key;
use super::sink::{Short, Sink};
use crate::batch::{self, Batch, HEAD_BYTES};
use serde::Serialize;

pub(in crate::state) use crate::batch::Before;

/// What must be on stable storage, not only in the memory of the system, before the reply that caused it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientChange {
    /// This client (`nfs_client_id4.id`) now may hold state, so it may reclaim after a restart of the machine.
    ClientRecorded(Box<[u8]>),
    /// This client holds nothing any more.
    ClientForgotten(Box<[u8]>),
}

/// Collects changes of records, in the order in which they happen.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    batch: Batch,
    clients: Vec<ClientChange>,
    /// Number of changes ever made.
    count: u64,
}

impl Changes {
    pub(in crate::state) fn put<T: Serialize>(&mut self, key: Key<'_>, value: &T) {
        self.put_over(Before::Perhaps, key, value);
    }

    /// Puts as [`Changes::put`], when something is known of what was there.
    pub(in crate::state) fn put_over<T: Serialize>(&mut self, before: Before, key: Key<'_>, value: &T) {
        self.batch.put_with(before, |out| key.write(out), |out| encode(value, out));
        self.counted();
    }

    /// Puts as [`Changes::put`] a value whose bytes `write` makes: for the short records of each request.
    pub(in crate::state) fn put_short(
        &mut self,
        before: Before,
        key: Key<'_>,
        write: impl FnOnce(&mut Short),
    ) {
        self.put_short_with(before, key, write, []);
    }

    /// Puts as [`Changes::put_short`], and `appended` is the rest of the value.
    pub(in crate::state) fn put_short_with<const N: usize>(
        &mut self,
        before: Before,
        key: Key<'_>,
        write: impl FnOnce(&mut Short),
        appended: [&[u8]; N],
    ) {
        let mut record = Short::default();
        record.bytes(&[0; HEAD_BYTES]);
        key.write(&mut record);
        let value_at = record.len;
        write(&mut record);
        let built = record.bytes.get_mut(..record.len).unwrap_or_default();
        self.batch.append_built(before, built, value_at - HEAD_BYTES, appended);
        self.counted();
    }

    pub(in crate::state) fn delete(&mut self, key: Key<'_>) {
        self.batch.delete_with(|out| key.write(out));
        self.counted();
    }

    fn counted(&mut self) {
        self.count += 1;
        crate::ranges::step();
    }

    pub(in crate::state) fn client(&mut self, change: ClientChange) {
        self.clients.push(change);
        self.count += 1;
    }

    /// Counts on where `before` ended.
    pub(in crate::state) fn carry_on(&mut self, before: &Self) {
        self.count = before.count;
    }

    /// Returns a number that grows with each change.
    pub(in crate::state) fn count(&self) -> u64 {
        self.count
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.batch.is_empty() && self.clients.is_empty()
    }

    /// Iterates over the changes of records, in order.
    pub fn records(&self) -> batch::Changes<'_> {
        self.batch.iter()
    }

    /// Returns the changes of records, to be stored.
    pub fn batch(&self) -> &Batch {
        &self.batch
    }

    /// Returns which clients may hold state, in the order in which that changed.
    pub fn clients(&self) -> &[ClientChange] {
        &self.clients
    }

    /// Forgets all changes.
    pub fn clear(&mut self) {
        self.batch.clear();
        self.clients.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Value;
    use crate::nfs4::ClientId;

    #[test]
    fn changes_come_out_as_they_went_in() {
        let mut changes = Changes::default();
        assert!(changes.is_empty());
        let (a, b) = (Key::Client(ClientId(1)), Key::Open(ClientId(1), 7));
        changes.put(a, &(1u8, 300u32));
        changes.delete(b);
        changes.put_over(Before::Nothing, b, &());
        changes.put_short(Before::Nothing, b, |value| value.number(300));
        let got: Vec<_> = changes.records().map(|(key, value)| (key[0], value)).collect();
        let (a, b) = (a.tag(), b.tag());
        let (new, other) = ((b, Value::New(&[])), (b, Value::New(&[0xac, 2])));
        assert_eq!(got, [(a, Value::Put(&[1, 0xac, 2])), (b, Value::Deleted), new, other]);
        changes.clear();
        assert!(changes.is_empty() && changes.records().next().is_none());
        assert_eq!(changes.count(), 4);
    }
}
