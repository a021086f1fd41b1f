//! A reader under which generated `Unpack` code is safe.

use super::DecodeError;
use std::io::{Error, ErrorKind, Read, Result};
use xdr_codec::Unpack;

/// Reads from a slice, and fails at its end.
///
/// An ordinary reader says "no more" with `Ok(0)`, which `xdr-codec` takes for the end of a variable-length opaque (so
/// that a text that ends early is a shorter one) and does not notice at all in a fixed one (so that it reads for ever).
#[derive(Clone, Debug)]
pub struct Strict<'a> {
    rest: &'a [u8],
}

impl<'a> Strict<'a> {
    /// Reads from `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Returns what is not read yet.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Reads one value.
    ///
    /// Errors: `Truncated`, or `Malformed` for a length above its limit or an undefined number.
    pub fn value<T: Unpack<Self>>(&mut self) -> std::result::Result<T, DecodeError> {
        match T::unpack(self) {
            Ok((value, _)) => Ok(value),
            Err(error) => Err(match error.kind() {
                xdr_codec::ErrorKind::IOError(_) => DecodeError::Truncated,
                _ => DecodeError::Malformed,
            }),
        }
    }

    /// Reads one value that takes up all of `bytes`.
    ///
    /// Errors: as [`value`](Self::value), and `Trailing`.
    pub fn whole<T: Unpack<Self>>(bytes: &'a [u8]) -> std::result::Result<T, DecodeError> {
        let mut reader = Self::new(bytes);
        let value = reader.value()?;
        super::decode::end(reader.rest).map(|()| value)
    }
}

impl Read for Strict<'_> {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        if self.rest.is_empty() && !buf.is_empty() {
            return Err(Error::from(ErrorKind::UnexpectedEof));
        }
        self.rest.read(buf)
    }
}
