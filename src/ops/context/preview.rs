//! What an operation will need, told from its arguments before it is carried out.

use crate::nfs4::LockHint;
use crate::xdr::decode::Parsed;

/// Says what an operation will need.
#[derive(Clone, Copy, Debug)]
pub struct Preview<'i> {
    /// The input behind its arguments.
    pub rest: &'i [u8],
    /// The ranges that it will look up, which may have to come from memory.
    pub hint: Option<LockHint>,
    /// The largest size of its result, with the memory that is needed beside it to make it.
    pub bytes: usize,
    /// How many stateids it tests: no other thread has the core meanwhile.
    pub steps: usize,
}

impl<'i> Preview<'i> {
    /// Makes the preview of an ordinary operation: its result has at most [`RESULT_BYTES`].
    #[inline]
    pub fn of(rest: &'i [u8]) -> Self {
        Self { rest, hint: None, bytes: RESULT_BYTES, steps: 0 }
    }

    /// Adds `bytes` to what the result and its making take.
    pub fn with_bytes(self, bytes: usize) -> Self {
        Self { bytes: self.bytes + bytes, ..self }
    }
}

/// Passes over the arguments of an ordinary operation, which `parser` decodes; `None` when they are malformed.
pub fn preview<'i, T>(input: &'i [u8], parser: impl Fn(&'i [u8]) -> Parsed<'i, T>) -> Option<Preview<'i>> {
    parser(input).ok().map(|(rest, _)| Preview::of(rest))
}

/// Bytes of any result whose length the arguments do not tell. The longest are LOCK4denied with an owner of 1024 bytes, and
/// what EXCHANGE_ID says of the server.
pub const RESULT_BYTES: usize = 1280;

/// A reply without a session that has grown to this many bytes takes no further operation, and READ and READDIR end there.
/// With sessions, `ca_maxresponsesize` is the limit, which is less.
pub const REPLY_BYTES_MAX: usize = 2 << 20;

/// Most bytes of a reply and of what is needed to make it, whatever the arguments say, beside the tag: the last result may
/// be one of [`RESULT_BYTES`] or a link's text, and in a session a copy or a list of names needs less than the difference
/// of the two limits.
pub const MEMORY_BYTES_MAX: usize = REPLY_BYTES_MAX + (256 << 10);

/// Most steps of a nonblocking COMPOUND: some 50 µs.
pub const STEPS_MAX: usize = 256;
