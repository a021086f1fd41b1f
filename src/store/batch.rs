//! What one commit changes.

/// Longest key, in octets. Keys are identities (clientid, owner, filehandle): a longer one is a fault of the caller.
pub const KEY_BYTES_MAX: usize = 4096;
/// Longest value, in octets.
pub const VALUE_BYTES_MAX: usize = 1 << 24;

/// What is kept of a buffer that was once large.
const KEPT_BYTES: usize = 1 << 20;

/// Length of a key u16, length of a value u32, both little-endian; then the key, then the value.
const HEAD_BYTES: usize = 6;
/// In place of the length of a value: the key is deleted.
const DELETED: u32 = u32::MAX;
/// Added to the length of a value: there was no such key.
const NEW: u32 = 1 << 31;

/// What a change makes of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// There is none any more.
    Deleted,
    /// This is its value.
    Put(&'a [u8]),
    /// This is its value, and there was no such record before.
    New(&'a [u8]),
}

impl<'a> Value<'a> {
    /// The value, unless the record is deleted.
    pub fn octets(self) -> Option<&'a [u8]> {
        match self {
            Self::Deleted => None,
            Self::Put(octets) | Self::New(octets) => Some(octets),
        }
    }

    /// What this change makes of a record together with an older one. `None`: they leave everything as it was before them.
    pub(super) fn after(self, older: Self) -> Option<Self> {
        match (older, self) {
            (Self::New(_), Self::Deleted) => None,
            (Self::New(_), Self::Put(octets) | Self::New(octets)) => Some(Self::New(octets)),
            (_, Self::New(octets)) => Some(Self::Put(octets)),
            (_, newer) => Some(newer),
        }
    }
}

/// Changes of records, in order, in one buffer. Of several changes of one key the last counts.
///
/// A batch that is cleared keeps its buffer, so that one batch can serve all requests without allocating.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    octets: Vec<u8>,
}

impl Batch {
    /// A batch that changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The record `key` has this value from now on.
    ///
    /// Panics: the key is empty or longer than [`KEY_BYTES_MAX`], the value longer than [`VALUE_BYTES_MAX`].
    pub fn put(&mut self, key: &[u8], value: &[u8]) {
        self.change(key, Value::Put(value));
    }

    /// As [`put`](Self::put) of a record that is not there. A store that knows this need not remember of a record that is
    /// soon deleted that it is gone.
    ///
    /// It is a fault of the caller if there is one: when the new one is deleted, the old one may come back.
    pub fn put_new(&mut self, key: &[u8], value: &[u8]) {
        self.change(key, Value::New(value));
    }

    /// There is no record `key` from now on. That there was none is no error.
    ///
    /// Panics: as [`put`](Self::put).
    pub fn delete(&mut self, key: &[u8]) {
        self.change(key, Value::Deleted);
    }

    pub(super) fn change(&mut self, key: &[u8], value: Value<'_>) {
        let octets = value.octets().unwrap_or_default();
        assert!(octets.len() <= VALUE_BYTES_MAX, "a value of {} octets", octets.len());
        let bytes = octets.len() as u32;
        match value {
            Value::Deleted => self.head(key, DELETED),
            Value::Put(_) => self.head(key, bytes),
            Value::New(_) => self.head(key, bytes | NEW),
        }
        self.octets.extend_from_slice(octets);
    }

    fn head(&mut self, key: &[u8], value_bytes: u32) {
        assert!(!key.is_empty() && key.len() <= KEY_BYTES_MAX, "a key of {} octets", key.len());
        self.octets.reserve(HEAD_BYTES + key.len());
        self.octets.extend_from_slice(&(key.len() as u16).to_le_bytes());
        self.octets.extend_from_slice(&value_bytes.to_le_bytes());
        self.octets.extend_from_slice(key);
    }

    /// Puts changes behind those of this batch that are written as batches are: for each the length of its key u16 and of
    /// its value u32, little-endian, then the key, then the value. In place of the length of a value all ones say that the
    /// record is deleted, and its highest bit that there was none. Lengths are within those of [`put`](Self::put).
    pub fn append_octets(&mut self, changes: &[u8]) {
        debug_assert!(self::changes(changes).is_some(), "these are not changes");
        self.octets.extend_from_slice(changes);
    }

    /// Puts the changes of `later` behind those of this one.
    pub fn append(&mut self, later: &Self) {
        self.octets.extend_from_slice(&later.octets);
    }

    /// The changes in order.
    pub fn iter(&self) -> Changes<'_> {
        Changes(&self.octets)
    }

    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.octets.is_empty()
    }

    /// Forgets all changes and keeps the buffer, unless it is large.
    pub fn clear(&mut self) {
        self.octets.clear();
        self.octets.shrink_to(KEPT_BYTES);
    }

    /// The size of the batch, in octets.
    pub fn bytes(&self) -> usize {
        self.octets.len()
    }

    /// The changes as they are stored; [`changes`] reads them.
    pub(super) fn as_octets(&self) -> &[u8] {
        &self.octets
    }
}

impl<'a> IntoIterator for &'a Batch {
    type Item = Change<'a>;
    type IntoIter = Changes<'a>;

    fn into_iter(self) -> Changes<'a> {
        self.iter()
    }
}

/// Iterator over the changes of a batch.
#[derive(Clone, Debug)]
pub struct Changes<'a>(&'a [u8]);

impl<'a> Changes<'a> {
    /// The changes in these octets, up to the first place where there is none.
    pub(super) fn new(octets: &'a [u8]) -> Self {
        Self(octets)
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

/// Reads what [`Batch::as_octets`] gave. `None`: these octets are not the changes of a batch.
pub(super) fn changes(octets: &[u8]) -> Option<Changes<'_>> {
    let mut rest = octets;
    while !rest.is_empty() {
        (_, rest) = split(rest)?;
    }
    Some(Changes(octets))
}

/// A key, and what becomes of its record.
pub type Change<'a> = (&'a [u8], Value<'a>);

/// The change at the start of `octets`, and what follows it.
#[inline]
pub(super) fn split(octets: &[u8]) -> Option<(Change<'_>, &[u8])> {
    let (&[k0, k1, v0, v1, v2, v3], rest) = octets.split_first_chunk::<HEAD_BYTES>()?;
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
        batch.append_octets(later.as_octets());
        let seen: Vec<_> = batch.iter().collect();
        let expected: [Change<'_>; 4] =
            [(b"a", Put(b"1")), (b"a", Deleted), (b"b", New(b"")), (b"c", Put(&[7; 300]))];
        assert_eq!(seen, expected);
        assert_eq!(batch.bytes(), 4 * HEAD_BYTES + 4 + 1 + 300);
    }

    #[test]
    fn changes_of_one_record_are_one_change() {
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
        let capacity = batch.octets.capacity();
        batch.clear();
        assert!(batch.is_empty() && batch.iter().next().is_none() && batch.bytes() == 0);
        assert_eq!(batch.octets.capacity(), capacity);
    }

    #[test]
    fn octets_that_are_cut_off_are_not_changes() {
        let batch = sample();
        let octets = batch.as_octets();
        let ends = [0, HEAD_BYTES + 2, 2 * HEAD_BYTES + 3, octets.len()];
        for end in 0..=octets.len() {
            assert_eq!(changes(&octets[..end]).is_some(), ends.contains(&end), "{end}");
        }
        assert!(changes(&[0; HEAD_BYTES]).is_none(), "an empty key");
    }

    #[test]
    #[should_panic(expected = "a key of 0 octets")]
    fn an_empty_key_is_a_fault() {
        Batch::new().put(b"", b"1");
    }
}
