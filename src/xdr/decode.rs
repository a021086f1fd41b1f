//! What the server reads: nom parsers over a borrowed slice, one operation at a time.
//!
//! Each operation with arguments has a function of its name and a struct with the field names of RFC 7530 §16 or RFC 8881 §18. Nothing
//! is allocated; names, owners, filehandles and data are slices of the request. Parsers check that the bytes are
//! well-formed XDR (RFC 4506) within the bounds that the RFC gives its types, and nothing more: whether a filehandle exists, a
//! name is too long or no UTF-8 or a share mode makes sense is for the operation to say. A number that an enumeration does not define is an
//! error, except where the RFC has an own status for it.

mod client;
mod data;
mod lock;
mod name;
mod open;
mod primitive;
mod session;
mod v42;

pub use client::*;
pub use data::*;
pub use lock::*;
pub use name::*;
pub use open::*;
pub use primitive::*;
pub use session::*;
pub use v42::*;

use super::DecodeError;

/// What is left of the bytes, and the value read from their head.
///
/// [`DecodeError`] is made from the error by `From`, so `?` works in functions that return it.
pub type Parsed<'a, T> = nom::IResult<&'a [u8], T, DecodeError>;

/// The arguments of a COMPOUND up to its first operation (RFC 7530 §15.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompoundHead<'a> {
    /// A text of the client's choice, to be sent back.
    pub tag: &'a [u8],
    /// Minor version.
    pub minorversion: u32,
    /// How many operations follow; a claim of the sender, without limit.
    pub count: u32,
}

/// Reads the head of `COMPOUND4args`. Each operation behind it is a number ([`u32_`]), then its arguments.
#[inline]
pub fn compound_head(i: &[u8]) -> Parsed<'_, CompoundHead<'_>> {
    let (i, tag) = any_opaque(i)?;
    let (i, minorversion) = u32_(i)?;
    let (i, count) = u32_(i)?;
    Ok((i, CompoundHead { tag, minorversion, count }))
}

/// Says whether all bytes are used up.
///
/// Errors: `Trailing` when not.
pub fn end(i: &[u8]) -> Result<(), DecodeError> {
    if i.is_empty() { Ok(()) } else { Err(DecodeError::Trailing) }
}

#[cfg(test)]
mod tests;
