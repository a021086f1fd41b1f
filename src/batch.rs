//! Changes of records in one buffer, and the one definition of how they are encoded.
//!
//! The state core writes its changes in this form, the host hands them on without looking into them, and the store writes
//! them to disk as they are. So this module is all that knows the byte format:
//!
//! ```text
//! length of the key u16 | length of the value u32 | key | value            little-endian
//! ```
//!
//! In place of the length of the value, all ones say that the record is deleted. The highest bit of the length says that
//! there was no record with this key before. Stores on disk hold this format: it must not change.

/// Longest key, in bytes. Keys are identities (clientid, owner, filehandle); a longer one is a programming error.
pub const KEY_BYTES_MAX: usize = 4096;
/// Longest value, in bytes.
pub const VALUE_BYTES_MAX: usize = 1 << 24;

/// Capacity that [`Batch::clear`] keeps, in bytes.
const KEPT_BYTES: usize = 1 << 20;

/// Size of the two lengths before a key, in bytes.
pub(crate) const HEAD_BYTES: usize = 6;
/// In place of the length of a value: the record is deleted.
const DELETED: u32 = u32::MAX;
/// Added to the length of a value: there was no record with this key.
const NEW: u32 = 1 << 31;

/// Says what a change does to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Deletes it.
    Deleted,
    /// Sets its value, whether or not it existed.
    Put(&'a [u8]),
    /// Creates it with this value. There was no record with this key before.
    New(&'a [u8]),
}

impl<'a> Value<'a> {
    /// Returns the new value, or `None` if the record is deleted.
    pub fn get(self) -> Option<&'a [u8]> {
        match self {
            Self::Deleted => None,
            Self::Put(value) | Self::New(value) => Some(value),
        }
    }

    /// Combines this change with an `older` one of the same record. Returns `None` if the two cancel each other out.
    pub(crate) fn after(self, older: Self) -> Option<Self> {
        match (older, self) {
            (Self::New(_), Self::Deleted) => None,
            (Self::New(_), Self::Put(value) | Self::New(value)) => Some(Self::New(value)),
            (_, Self::New(value)) => Some(Self::Put(value)),
            (_, newer) => Some(newer),
        }
    }
}

/// Says what is known about a record before it is put. If it is known to be new, the store does not have to keep a
/// deletion marker when it is deleted soon after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// There is no record with this key.
    Nothing,
    /// There may be one.
    Perhaps,
}

impl Before {
    /// Returns `Nothing` if the record is `new`.
    pub fn nothing_if(new: bool) -> Self {
        if new { Self::Nothing } else { Self::Perhaps }
    }
}

/// Encodes the head of a change that puts a record.
#[inline]
fn put_head(key_bytes: usize, value_bytes: usize, before: Before) -> [u8; HEAD_BYTES] {
    let mark = match before {
        Before::Nothing => NEW,
        Before::Perhaps => 0,
    };
    head(key_bytes, value_bytes as u32 | mark)
}

#[inline]
fn head(key_bytes: usize, value: u32) -> [u8; HEAD_BYTES] {
    let ([k0, k1], [v0, v1, v2, v3]) = ((key_bytes as u16).to_le_bytes(), value.to_le_bytes());
    [k0, k1, v0, v1, v2, v3]
}

/// Holds changes of records, in order, in one buffer. Of several changes with the same key, the last one counts.
///
/// A cleared batch keeps its buffer, so that one batch can serve all requests without allocating.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    encoded: Vec<u8>,
}

impl Batch {
    /// Makes a batch that changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the value of the record `key`.
    ///
    /// Panics: the key is empty or longer than [`KEY_BYTES_MAX`], or the value is longer than [`VALUE_BYTES_MAX`].
    pub fn put(&mut self, key: &[u8], value: &[u8]) {
        self.change(key, Value::Put(value));
    }

    /// Sets the value of a record that does not exist yet. A store that knows this does not have to keep a deletion
    /// marker for a record that is deleted soon after.
    ///
    /// It is a programming error if there is such a record: once the new one is deleted, the old one may reappear.
    pub fn put_new(&mut self, key: &[u8], value: &[u8]) {
        self.change(key, Value::New(value));
    }

    /// Deletes the record `key`. Deleting one that does not exist is not an error.
    ///
    /// Panics: as [`put`](Self::put).
    pub fn delete(&mut self, key: &[u8]) {
        self.change(key, Value::Deleted);
    }

    /// Appends one change.
    ///
    /// Panics: as [`put`](Self::put).
    pub(crate) fn change(&mut self, key: &[u8], value: Value<'_>) {
        let payload = value.get().unwrap_or_default();
        assert!(payload.len() <= VALUE_BYTES_MAX, "a value of {} bytes", payload.len());
        assert!(!key.is_empty() && key.len() <= KEY_BYTES_MAX, "a key of {} bytes", key.len());
        let head = match value {
            Value::Deleted => head(key.len(), DELETED),
            Value::Put(_) => put_head(key.len(), payload.len(), Before::Perhaps),
            Value::New(_) => put_head(key.len(), payload.len(), Before::Nothing),
        };
        self.encoded.reserve(HEAD_BYTES + key.len() + payload.len());
        self.encoded.extend_from_slice(&head);
        self.encoded.extend_from_slice(key);
        self.encoded.extend_from_slice(payload);
    }

    /// Appends a change whose key and value are written straight to the end of the buffer. Their lengths are within the
    /// limits of [`put`](Self::put).
    pub(crate) fn put_with(
        &mut self,
        before: Before,
        write_key: impl FnOnce(&mut Vec<u8>),
        write_value: impl FnOnce(&mut Vec<u8>),
    ) {
        let (at, key_bytes) = self.start(write_key);
        write_value(&mut self.encoded);
        let value_bytes = self.encoded.len() - at - HEAD_BYTES - key_bytes;
        self.set_head(at, put_head(key_bytes, value_bytes, before));
    }

    /// Deletes like [`delete`](Self::delete), with a key that is written straight to the end of the buffer.
    pub(crate) fn delete_with(&mut self, write_key: impl FnOnce(&mut Vec<u8>)) {
        let (at, key_bytes) = self.start(write_key);
        self.set_head(at, head(key_bytes, DELETED));
    }

    /// Appends room for a head, and a key. Returns where the head is, and the length of the key.
    fn start(&mut self, write_key: impl FnOnce(&mut Vec<u8>)) -> (usize, usize) {
        let at = self.encoded.len();
        self.encoded.extend_from_slice(&[0; HEAD_BYTES]);
        write_key(&mut self.encoded);
        (at, self.encoded.len() - at - HEAD_BYTES)
    }

    fn set_head(&mut self, at: usize, head: [u8; HEAD_BYTES]) {
        self.encoded[at..at + HEAD_BYTES].copy_from_slice(&head);
    }

    /// Appends a change that was built elsewhere, which is faster for short ones. `built` has [`HEAD_BYTES`] bytes of room,
    /// which this fills, then the key and the first part of the value; `rest` is the other parts of the value.
    #[inline]
    pub(crate) fn append_built<const N: usize>(
        &mut self,
        before: Before,
        built: &mut [u8],
        key_bytes: usize,
        rest: [&[u8]; N],
    ) {
        let rest_bytes: usize = rest.iter().map(|part| part.len()).sum();
        let value_bytes = built.len() - HEAD_BYTES - key_bytes + rest_bytes;
        built[..HEAD_BYTES].copy_from_slice(&put_head(key_bytes, value_bytes, before));
        self.encoded.extend_from_slice(built);
        rest.into_iter().for_each(|part| self.encoded.extend_from_slice(part));
    }

    /// Appends the changes of `later`.
    pub fn append(&mut self, later: &Self) {
        self.encoded.extend_from_slice(&later.encoded);
    }

    /// Iterates over the changes in order.
    pub fn iter(&self) -> Changes<'_> {
        Changes(&self.encoded)
    }

    /// Returns whether the batch changes nothing.
    pub fn is_empty(&self) -> bool {
        self.encoded.is_empty()
    }

    /// Removes all changes and keeps the buffer, unless it is large.
    pub fn clear(&mut self) {
        self.encoded.clear();
        self.encoded.shrink_to(KEPT_BYTES);
    }

    /// Returns the size of the encoded changes, in bytes.
    pub fn encoded_bytes(&self) -> usize {
        self.encoded.len()
    }

    /// Returns the changes as the module describes; [`changes`] reads them.
    pub(crate) fn encoded(&self) -> &[u8] {
        &self.encoded
    }
}

impl<'a> IntoIterator for &'a Batch {
    type Item = Change<'a>;
    type IntoIter = Changes<'a>;

    fn into_iter(self) -> Changes<'a> {
        self.iter()
    }
}

/// A key, and what happens to its record.
pub type Change<'a> = (&'a [u8], Value<'a>);

/// Iterates over encoded changes.
#[derive(Clone, Debug)]
pub struct Changes<'a>(&'a [u8]);

impl<'a> Changes<'a> {
    /// Reads the changes in `encoded`, up to the first place where there is none.
    pub(crate) fn new(encoded: &'a [u8]) -> Self {
        Self(encoded)
    }
}

impl<'a> Iterator for Changes<'a> {
    type Item = Change<'a>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (change, rest) = split(self.0)?;
        self.0 = rest;
        Some(change)
    }
}

/// Checks that `encoded` is the encoding of a batch, and reads it. Returns `None` if it is not.
pub(crate) fn changes(encoded: &[u8]) -> Option<Changes<'_>> {
    let mut rest = encoded;
    while !rest.is_empty() {
        (_, rest) = split(rest)?;
    }
    Some(Changes(encoded))
}

/// Splits off the first change. Returns `None` if `encoded` does not begin with one.
#[inline]
pub(crate) fn split(encoded: &[u8]) -> Option<(Change<'_>, &[u8])> {
    let (&[k0, k1, v0, v1, v2, v3], rest) = encoded.split_first_chunk::<HEAD_BYTES>()?;
    let (key, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes([k0, k1])))?;
    if key.is_empty() {
        return None;
    }
    match u32::from_le_bytes([v0, v1, v2, v3]) {
        DELETED => Some(((key, Value::Deleted), rest)),
        bytes => {
            let (value, rest) = rest.split_at_checked((bytes & !NEW) as usize)?;
            let value = if bytes & NEW == 0 { Value::Put(value) } else { Value::New(value) };
            Some(((key, value), rest))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Value::{Deleted, New, Put};
    use super::*;

    fn sample() -> Batch {
        let mut batch = Batch::new();
        batch.put(b"a", b"1");
        batch.delete(b"a");
        batch.put_new(b"b", b"");
        batch
    }

    #[test]
    fn changes_come_back_in_order() {
        let mut batch = sample();
        let mut later = Batch::new();
        later.put(b"c", &[7; 300]);
        batch.append(&later);
        let seen: Vec<_> = batch.iter().collect();
        let expected: [Change<'_>; 4] =
            [(b"a", Put(b"1")), (b"a", Deleted), (b"b", New(b"")), (b"c", Put(&[7; 300]))];
        assert_eq!(seen, expected);
        assert_eq!(batch.encoded_bytes(), 4 * HEAD_BYTES + 4 + 1 + 300);
    }

    #[test]
    fn two_changes_of_a_record_combine_into_one() {
        let (a, b) = (&b"a"[..], &b"b"[..]);
        for (older, newer, both) in [
            (Put(a), Put(b), Some(Put(b))),
            (Put(a), Deleted, Some(Deleted)),
            (Deleted, Put(b), Some(Put(b))),
            // Something may have been there before the older one.
            (Deleted, New(b), Some(Put(b))),
            (Deleted, Deleted, Some(Deleted)),
            (New(a), Put(b), Some(New(b))),
            (New(a), Deleted, None),
        ] {
            assert_eq!(newer.after(older), both, "{newer:?} after {older:?}");
        }
    }

    #[test]
    fn a_cleared_batch_is_empty_and_keeps_its_buffer() {
        let mut batch = sample();
        let capacity = batch.encoded.capacity();
        batch.clear();
        assert!(batch.is_empty() && batch.iter().next().is_none() && batch.encoded_bytes() == 0);
        assert_eq!(batch.encoded.capacity(), capacity);
    }

    #[test]
    fn truncated_bytes_are_not_changes() {
        let batch = sample();
        let encoded = batch.encoded();
        let ends = [0, HEAD_BYTES + 2, 2 * HEAD_BYTES + 3, encoded.len()];
        for end in 0..=encoded.len() {
            assert_eq!(changes(&encoded[..end]).is_some(), ends.contains(&end), "{end}");
        }
        assert!(changes(&[0; HEAD_BYTES]).is_none(), "an empty key");
    }

    #[test]
    fn all_ways_to_append_encode_alike() {
        let (mut put, mut in_place, mut built) = (Batch::new(), Batch::new(), Batch::new());
        for (before, value) in [(Before::Perhaps, Put(b"value")), (Before::Nothing, New(b"value"))] {
            put.change(b"key", value);
            in_place.put_with(
                before,
                |out| out.extend_from_slice(b"key"),
                |out| out.extend_from_slice(b"value"),
            );
            let mut start = [&[0; HEAD_BYTES][..], b"keyva"].concat();
            built.append_built(before, &mut start, 3, [b"l", b"ue"]);
        }
        assert_eq!(in_place, put);
        assert_eq!(built, put);
        put.delete(b"key");
        in_place.delete_with(|out| out.extend_from_slice(b"key"));
        assert_eq!(in_place, put);
        assert_eq!(put.encoded()[..HEAD_BYTES], [3, 0, 5, 0, 0, 0], "little-endian, and never otherwise");
        assert_eq!(put.encoded()[14..20], [3, 0, 5, 0, 0, 0x80]);
        assert_eq!(put.encoded()[28..], [3, 0, 0xff, 0xff, 0xff, 0xff, b'k', b'e', b'y']);
    }

    #[test]
    #[should_panic(expected = "a key of 0 bytes")]
    fn an_empty_key_panics() {
        Batch::new().put(b"", b"1");
    }
}
