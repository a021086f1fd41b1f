//! The few XDR items (RFC 4506) that RPC headers are made of.

use nom::bytes::complete::take;
use nom::error::{Error, ErrorKind};
use nom::number::complete::be_u32;
use nom::{Err, IResult};

/// Octets left to parse, and what was parsed; borrowed.
pub type Parsed<'a, T> = IResult<&'a [u8], T>;

/// `unsigned int`.
pub fn uint32(input: &[u8]) -> Parsed<'_, u32> {
    be_u32(input)
}

/// `opaque<bytes_max>` with its padding; what the padding holds is not looked at.
pub fn opaque(bytes_max: usize) -> impl Fn(&[u8]) -> Parsed<'_, &[u8]> {
    move |input| {
        let (rest, length) = be_u32(input)?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > bytes_max {
            return Err(Err::Failure(Error::new(input, ErrorKind::TooLarge)));
        }
        let (rest, octets) = take(length)(rest)?;
        let (rest, _) = take(length.wrapping_neg() % 4)(rest)?;
        Ok((rest, octets))
    }
}

/// Appends an `unsigned int`.
pub fn put_uint32(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_be_bytes());
}
