//! Why bytes from the network are not what they should be.

use nom::error::{ErrorKind, ParseError};
use std::fmt;

/// What is wrong with the bytes. The server answers with `NFS4ERR_BADXDR` inside a COMPOUND, with `GARBAGE_ARGS`
/// before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// The bytes end inside a value.
    Truncated,
    /// A length is above the limit for its field.
    TooLong {
        /// The length on the wire.
        length: u32,
        /// The limit.
        max: u32,
    },
    /// A byte of padding is not zero (RFC 4506 §3).
    Padding,
    /// A `bool` that is neither 0 nor 1 (RFC 4506 §4.4).
    NotBool(u32),
    /// A number that its enumeration does not define (RFC 4506 §4.3).
    Undefined {
        /// The enumeration, by its name in the RFC.
        of: &'static str,
        /// The number on the wire.
        value: u32,
    },
    /// Bytes are left over where a message must end.
    Trailing,
    /// A combinator gave up for another reason.
    Malformed,
}

impl<'a> ParseError<&'a [u8]> for DecodeError {
    fn from_error_kind(_: &'a [u8], kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Eof => Self::Truncated,
            _ => Self::Malformed,
        }
    }

    // The innermost error says most; what stands around it is not recorded, so that a refusal costs no allocation.
    fn append(_: &'a [u8], _: ErrorKind, other: Self) -> Self {
        other
    }
}

impl From<nom::Err<DecodeError>> for DecodeError {
    fn from(error: nom::Err<DecodeError>) -> Self {
        match error {
            nom::Err::Incomplete(_) => Self::Truncated,
            nom::Err::Error(inner) | nom::Err::Failure(inner) => inner,
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Truncated => f.write_str("ends inside a value"),
            Self::TooLong { length, max } => write!(f, "length {length} is above the limit of {max}"),
            Self::Padding => f.write_str("padding is not zero"),
            Self::NotBool(value) => write!(f, "{value} is no boolean"),
            Self::Undefined { of, value } => write!(f, "{value} is not defined in {of}"),
            Self::Trailing => f.write_str("bytes are left over"),
            Self::Malformed => f.write_str("malformed"),
        }
    }
}

impl std::error::Error for DecodeError {}
