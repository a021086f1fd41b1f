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
const HEAD_BYTES: usize = 6;
/// In place of the length of a value: the record is deleted.
const DELETED: u32 = u32::MAX;
/// Added to the length of a value: there was no record with this key.
const NEW: u32 = 1 << 31;

/// What a change does to a record.
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

/// Changes of records, in order, in one buffer. Of several changes with the same key, the last one counts.
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
        let bytes = payload.len() as u32;
        match value {
            Value::Deleted => self.head(key, DELETED),
            Value::Put(_) => self.head(key, bytes),
            Value::New(_) => self.head(key, bytes | NEW),
        }
        self.encoded.extend_from_slice(payload);
    }

    fn head(&mut self, key: &[u8], value_bytes: u32) {
        assert!(!key.is_empty() && key.len() <= KEY_BYTES_MAX, "a key of {} bytes", key.len());
        self.encoded.reserve(HEAD_BYTES + key.len());
        self.encoded.extend_from_slice(&(key.len() as u16).to_le_bytes());
        self.encoded.extend_from_slice(&value_bytes.to_le_bytes());
        self.encoded.extend_from_slice(key);
    }

    /// Appends changes that are encoded as the module describes. Lengths are within the limits of [`put`](Self::put).
    pub fn append_encoded(&mut self, encoded: &[u8]) {
        debug_assert!(changes(encoded).is_some(), "these are not changes");
        self.encoded.extend_from_slice(encoded);
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
        batch.append_encoded(later.encoded());
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
    #[should_panic(expected = "a key of 0 bytes")]
    fn an_empty_key_panics() {
        Batch::new().put(b"", b"1");
    }
}
