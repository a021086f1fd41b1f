//! The few XDR items (RFC 4506) that RPC headers are made of.

use nom::error::{Error, ErrorKind};
use nom::{Err, IResult};

/// Bytes left to parse, and what was parsed; borrowed.
pub type Parsed<'a, T> = IResult<&'a [u8], T>;

/// Returns the input ends too early.
fn eof<T>(input: &[u8]) -> Parsed<'_, T> {
    Result::Err(Err::Error(Error::new(input, ErrorKind::Eof)))
}

/// Parses an `unsigned int`.
#[inline(always)]
pub fn uint32(input: &[u8]) -> Parsed<'_, u32> {
    match input.split_first_chunk() {
        Some((bytes, rest)) => Ok((rest, u32::from_be_bytes(*bytes))),
        None => eof(input),
    }
}

/// Parses an `opaque<bytes_max>` with its padding, whose content is ignored.
#[inline]
pub fn opaque(bytes_max: usize, input: &[u8]) -> Parsed<'_, &[u8]> {
    let (rest, length) = uint32(input)?;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if length > bytes_max {
        return Result::Err(Err::Failure(Error::new(input, ErrorKind::TooLarge)));
    }
    let Some((bytes, rest)) = rest.split_at_checked(length) else { return eof(rest) };
    match rest.split_at_checked(length.wrapping_neg() % 4) {
        Some((_, rest)) => Ok((rest, bytes)),
        None => eof(rest),
    }
}

/// Appends an `unsigned int`.
pub fn put_uint32(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_be_bytes());
}
