//! What must be stored before the replies behind it may leave.
//!
//! The core writes down each change of its state as a change of one *record* (`records`), in the order in which they
//! happened. Stored up to any point, they are the state of the core at that point.

use super::key::Key;
use serde::Serialize;

/// What must be on stable storage, not only in the memory of the system, before the reply that caused it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// This client (`nfs_client_id4.id`) now may hold state, so it may reclaim after a restart of the machine.
    ClientRecorded(Box<[u8]>),
    /// This client holds nothing any more.
    ClientForgotten(Box<[u8]>),
}

/// Changes of records in order, in one buffer.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// As [`Changes::as_octets`] says.
    octets: Vec<u8>,
    clients: Vec<Change>,
    /// How many there ever were.
    count: u64,
}

/// Octets of the two lengths before a key.
const HEAD_BYTES: usize = 6;
/// In place of the length of a value: the record is deleted.
const DELETED: u32 = u32::MAX;
/// Added to the length of a value: there was no such record.
const NEW: u32 = 1 << 31;
/// What is kept of a buffer that was once large.
const KEPT_BYTES: usize = 1 << 20;

/// What is known of a record before it is put. That it is new spares the store remembering that it is gone, if it soon goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::state) enum Before {
    /// There is none of its key.
    Nothing,
    /// There may be one.
    Perhaps,
}

impl Before {
    /// That there was none, if `new`.
    pub fn nothing_if(new: bool) -> Self {
        if new { Self::Nothing } else { Self::Perhaps }
    }

    /// What it adds to the length of a value.
    fn mark(self) -> u32 {
        match self {
            Self::Nothing => NEW,
            Self::Perhaps => 0,
        }
    }
}

/// A change of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its key.
    pub key: &'a [u8],
    /// Its value, unless it was deleted.
    pub value: Option<&'a [u8]>,
    /// There was no such record before.
    pub is_new: bool,
}

impl Changes {
    pub(in crate::state) fn put<T: Serialize>(&mut self, key: Key<'_>, value: &T) {
        self.put_over(Before::Perhaps, key, value);
    }

    /// As [`Changes::put`], and something is known of what was there.
    pub(in crate::state) fn put_over<T: Serialize>(&mut self, before: Before, key: Key<'_>, value: &T) {
        let head = self.begin(key);
        let value_at = self.octets.len();
        // Writing into memory does not fail, and every value is of plain types.
        let written = postcard::serialize_with_flavor(value, Octets(&mut self.octets));
        debug_assert!(written.is_ok(), "{written:?}");
        let value_bytes = (self.octets.len() - value_at) as u32 | before.mark();
        self.octets[head + 2..head + HEAD_BYTES].copy_from_slice(&value_bytes.to_le_bytes());
    }

    /// As [`Changes::put`] with a value whose octets `write` makes: for the short records of each request.
    pub(in crate::state) fn put_short(
        &mut self,
        before: Before,
        key: Key<'_>,
        write: impl FnOnce(&mut Short),
    ) {
        self.put_short_with(before, key, write, []);
    }

    /// As [`Changes::put_short`], and `appended` is the rest of the value.
    pub(in crate::state) fn put_short_with<const N: usize>(
        &mut self,
        before: Before,
        key: Key<'_>,
        write: impl FnOnce(&mut Short),
        appended: [&[u8]; N],
    ) {
        let mut record = Short::default();
        record.octets(&[0; HEAD_BYTES]);
        key.write(&mut record);
        let value_at = record.len;
        write(&mut record);
        let key_bytes = (value_at - HEAD_BYTES) as u16;
        let appended_bytes: usize = appended.iter().map(|octets| octets.len()).sum();
        let value_bytes = (record.len - value_at + appended_bytes) as u32 | before.mark();
        record.octets[..2].copy_from_slice(&key_bytes.to_le_bytes());
        record.octets[2..HEAD_BYTES].copy_from_slice(&value_bytes.to_le_bytes());
        self.octets.extend_from_slice(record.as_bytes());
        appended.into_iter().for_each(|octets| self.octets.extend_from_slice(octets));
        self.count += 1;
        crate::ranges::step();
    }

    pub(in crate::state) fn delete(&mut self, key: Key<'_>) {
        self.begin(key);
    }

    fn begin(&mut self, key: Key<'_>) -> usize {
        let head = self.octets.len();
        self.octets.extend_from_slice(&[0; 2]);
        self.octets.extend_from_slice(&DELETED.to_le_bytes());
        key.write(&mut self.octets);
        // A key is a few numbers, or a name of at most 1,024 octets.
        let key_bytes = (self.octets.len() - head - HEAD_BYTES) as u16;
        self.octets[head..head + 2].copy_from_slice(&key_bytes.to_le_bytes());
        self.count += 1;
        crate::ranges::step();
        head
    }

    pub(in crate::state) fn client(&mut self, change: Change) {
        self.clients.push(change);
        self.count += 1;
    }

    /// Counts on where `before` ended.
    pub(in crate::state) fn carry_on(&mut self, before: &Self) {
        self.count = before.count;
    }

    /// A number that grows with each change.
    pub(in crate::state) fn count(&self) -> u64 {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.octets.is_empty() && self.clients.is_empty()
    }

    /// The records in the order in which they changed: length of the key u16, length of the value u32, both little-endian;
    /// then the key, then the value. In place of the length of a value all ones say that the record is deleted, and its
    /// highest bit that there was none.
    pub fn as_octets(&self) -> &[u8] {
        &self.octets
    }

    /// The records in the order in which they changed.
    pub fn records(&self) -> impl Iterator<Item = Record<'_>> {
        let mut rest = &self.octets[..];
        std::iter::from_fn(move || {
            let (key_bytes, after) = rest.split_first_chunk::<2>()?;
            let (value_bytes, after) = after.split_first_chunk::<4>()?;
            let (key, after) = after.split_at_checked(u16::from_le_bytes(*key_bytes).into())?;
            let value_bytes = u32::from_le_bytes(*value_bytes);
            let there = value_bytes != DELETED;
            let bytes = if there { value_bytes & !NEW } else { 0 };
            let (value, after) = after.split_at_checked(bytes as usize)?;
            rest = after;
            Some(Record { key, value: there.then_some(value), is_new: there && value_bytes & NEW != 0 })
        })
    }

    /// Which clients may hold state, in the order in which that changed.
    pub fn clients(&self) -> &[Change] {
        &self.clients
    }

    /// Forgets all changes.
    pub fn clear(&mut self) {
        self.octets.clear();
        self.octets.shrink_to(KEPT_BYTES);
        self.clients.clear();
    }
}

/// Where a key and a value can be written to.
pub(in crate::state) trait Sink {
    fn octets(&mut self, octets: &[u8]);
}

impl Sink for Vec<u8> {
    fn octets(&mut self, octets: &[u8]) {
        self.extend_from_slice(octets);
    }
}

/// A record of at most so many octets, in the making.
const SHORT_BYTES: usize = 80;

/// See [`Changes::put_short`].
pub(in crate::state) struct Short {
    len: usize,
    octets: [u8; SHORT_BYTES],
}

impl Default for Short {
    fn default() -> Self {
        Self { len: 0, octets: [0; SHORT_BYTES] }
    }
}

impl Sink for Short {
    #[inline]
    fn octets(&mut self, octets: &[u8]) {
        self.octets[self.len..self.len + octets.len()].copy_from_slice(octets);
        self.len += octets.len();
    }
}

impl Short {
    pub fn as_bytes(&self) -> &[u8] {
        &self.octets[..self.len]
    }

    #[inline]
    pub fn octet(&mut self, octet: u8) {
        self.octets[self.len] = octet;
        self.len += 1;
    }

    /// A number as postcard writes it: seven bits in each octet, the lowest first, all but the last marked.
    #[inline]
    pub fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.octet(number as u8 | 0x80);
            number >>= 7;
        }
        self.octet(number as u8);
    }
}

/// Lets values be written at the end of a buffer.
struct Octets<'a>(&'a mut Vec<u8>);

impl postcard::ser_flavors::Flavor for Octets<'_> {
    type Output = ();

    fn try_push(&mut self, octet: u8) -> postcard::Result<()> {
        self.0.push(octet);
        Ok(())
    }

    fn try_extend(&mut self, octets: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(octets);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        let seen = |record: Record<'_>| (record.key[0], record.value.map(<[u8]>::to_vec), record.is_new);
        let got: Vec<_> = changes.records().map(seen).collect();
        let (a, b) = (a.tag(), b.tag());
        let (new, other) = ((b, Some(vec![]), true), (b, Some(vec![0xac, 2]), true));
        assert_eq!(got, [(a, Some(vec![1, 0xac, 2]), false), (b, None, false), new, other]);
        changes.clear();
        assert!(changes.is_empty() && changes.records().next().is_none());
        assert_eq!(changes.count(), 4);
    }
}
