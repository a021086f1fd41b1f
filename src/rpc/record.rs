//! Record marking (RFC 5531 §11): a record travels as fragments, each after a word of one bit "last" and 31 bits length.

use super::wire::uint32;

/// Bytes of the word before each fragment.
const MARK_BYTES: usize = 4;
/// The bit of the word that says that the record ends with this fragment.
const LAST_FRAGMENT: u32 = 1 << 31;

/// More room than this is given back after use.
const BYTES_KEPT: usize = 64 << 10;

/// Limits how much a peer may make the server hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordLimits {
    /// Longest record, in bytes, without its fragment words.
    pub record_bytes_max: usize,
    /// Most fragments without content in one record.
    pub empty_fragments_max: u32,
}

impl RecordLimits {
    /// A WRITE of 1 MiB and 64 KiB for everything around it.
    pub const DEFAULT: Self = Self { record_bytes_max: (1 << 20) + (64 << 10), empty_fragments_max: 16 };
}

impl Default for RecordLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Says why a stream cannot be followed any further. The connection has to be closed: where the next record starts is
/// unknown, or the peer wants more memory than it gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The fragments announced so far make the record longer than the limit.
    #[error("a record of at least {bytes} bytes is over the limit of {bytes_max}")]
    TooLong {
        /// Bytes announced so far.
        bytes: usize,
        /// The limit.
        bytes_max: usize,
    },
    /// More fragments without content than the limit.
    #[error("too many empty fragments in one record")]
    TooManyEmptyFragments,
}

/// Puts records together from whatever pieces a connection delivers.
///
/// Read into [`RecordAssembler::buffer`], then call [`RecordAssembler::next_record`] until it has no more. Memory grows
/// with what has arrived, never with what a fragment word claims.
#[derive(Debug)]
pub struct RecordAssembler {
    limits: RecordLimits,
    /// What has arrived, from `at` on not yet looked at.
    input: Vec<u8>,
    at: usize,
    /// Content of the fragments of the current record that were taken out of `input`.
    partial: Vec<u8>,
    /// The record in `partial` was handed out.
    partial_is_done: bool,
    /// Where in `input` the record handed out last begins, if it is there.
    handed_out: usize,
    /// The fragment that `partial` is being filled from.
    fragment: Option<Fragment>,
    empty_fragments: u32,
}

#[derive(Clone, Copy, Debug)]
struct Fragment {
    bytes_left: usize,
    last: bool,
}

impl RecordAssembler {
    /// Creates an assembler at the start of a stream.
    pub fn new(limits: RecordLimits) -> Self {
        let (input, partial) = (Vec::new(), Vec::new());
        Self {
            limits,
            input,
            at: 0,
            partial,
            partial_is_done: false,
            handed_out: 0,
            fragment: None,
            empty_fragments: 0,
        }
    }

    /// Returns the buffer to whose end the next bytes of the stream are to be appended.
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        self.compact();
        &mut self.input
    }

    /// Gives back memory that is not in use.
    pub fn shrink(&mut self) {
        self.compact();
        self.input.shrink_to_fit();
        self.partial.shrink_to_fit();
    }

    /// Forgets what was looked at. Records that are handed out are not moved, so that it is done once for each time that
    /// more bytes arrive.
    fn compact(&mut self) {
        self.input.drain(..self.at);
        self.at = 0;
        if self.input.is_empty() && self.input.capacity() > BYTES_KEPT {
            self.input = Vec::new();
        }
        if std::mem::take(&mut self.partial_is_done) {
            self.partial = Vec::new();
        }
    }

    fn unread(&self) -> &[u8] {
        &self.input[self.at..]
    }

    /// Returns whether the stream stands between two records, with nothing of the next one seen.
    pub fn is_idle(&self) -> bool {
        self.unread().is_empty()
            && (self.partial.is_empty() || self.partial_is_done)
            && self.fragment.is_none()
            && self.empty_fragments == 0
    }

    /// Returns the records that [`next_record`](Self::next_record) hands out next, as far as they have arrived, each in
    /// one piece, and no byte of the first was looked at.
    pub fn upcoming(&self) -> impl Iterator<Item = &[u8]> {
        let between = self.fragment.is_none() && (self.partial.is_empty() || self.partial_is_done);
        let mut rest = if between { self.unread() } else { &[] };
        std::iter::from_fn(move || {
            let (after, mark) = uint32(rest).ok().filter(|(_, mark)| mark & LAST_FRAGMENT != 0)?;
            let (record, after) = after.split_at_checked((mark & !LAST_FRAGMENT) as usize)?;
            rest = after;
            Some(record)
        })
    }

    /// Returns the next whole record, or `None` until more bytes have arrived. After an error the stream is of no more
    /// use.
    pub fn next_record(&mut self) -> Result<Option<&[u8]>, RecordError> {
        if std::mem::take(&mut self.partial_is_done) {
            self.partial.clear();
        }
        loop {
            let fragment = match self.fragment.take() {
                Some(fragment) => fragment,
                None => match self.next_fragment()? {
                    Some(fragment) => fragment,
                    None => return Ok(None),
                },
            };
            if fragment.last && self.partial.is_empty() {
                // The usual case, a record in one piece: handed out where it is.
                if self.unread().len() < fragment.bytes_left {
                    self.fragment = Some(fragment);
                    return Ok(None);
                }
                self.empty_fragments = 0;
                self.handed_out = self.at;
                self.at += fragment.bytes_left;
                return Ok(Some(&self.input[self.handed_out..self.at]));
            }
            let taken = fragment.bytes_left.min(self.unread().len());
            self.partial.extend_from_slice(&self.input[self.at..self.at + taken]);
            self.at += taken;
            let bytes_left = fragment.bytes_left - taken;
            if bytes_left > 0 {
                self.fragment = Some(Fragment { bytes_left, ..fragment });
                return Ok(None);
            }
            if fragment.last {
                self.empty_fragments = 0;
                self.partial_is_done = true;
                return Ok(Some(&self.partial));
            }
        }
    }

    /// Takes the record back that was handed out last: it is the next one again. To be called at once, and only once.
    pub fn put_back(&mut self) {
        let bytes_left = match std::mem::take(&mut self.partial_is_done) {
            true => 0,
            false => self.at - self.handed_out,
        };
        self.at -= bytes_left;
        self.fragment = Some(Fragment { bytes_left, last: true });
    }

    /// Returns how many bytes of memory it holds.
    pub fn bytes(&self) -> usize {
        self.input.capacity() + self.partial.capacity()
    }

    /// Takes the next fragment word off the input, if all of it is there.
    fn next_fragment(&mut self) -> Result<Option<Fragment>, RecordError> {
        let Ok((_, mark)) = uint32(self.unread()) else { return Ok(None) };
        self.at += MARK_BYTES;
        let length = (mark & !LAST_FRAGMENT) as usize;
        let (bytes, bytes_max) = (self.partial.len().saturating_add(length), self.limits.record_bytes_max);
        if bytes > bytes_max {
            return Err(RecordError::TooLong { bytes, bytes_max });
        }
        if length == 0 {
            self.empty_fragments += 1;
            if self.empty_fragments > self.limits.empty_fragments_max {
                return Err(RecordError::TooManyEmptyFragments);
            }
        }
        Ok(Some(Fragment { bytes_left: length, last: mark & LAST_FRAGMENT != 0 }))
    }
}

/// Starts a record in an empty `out`: room for its fragment word.
pub fn begin_record(out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(&[0; MARK_BYTES]);
}

/// Completes the record that [`begin_record`] started: one fragment, the last one. `false`, with `out` as it was, when
/// it is longer than the 2³¹−1 bytes of a fragment.
#[must_use]
pub fn finish_record(out: &mut [u8]) -> bool {
    let Some((mark, content)) = out.split_first_chunk_mut::<MARK_BYTES>() else { return false };
    match u32::try_from(content.len()) {
        Ok(length) if length < LAST_FRAGMENT => {
            *mark = (LAST_FRAGMENT | length).to_be_bytes();
            true
        }
        _ => false,
    }
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
