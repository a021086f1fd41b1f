//! Octets ⇄ values. Everything read from a network goes through here, bounded.
//!
//! - [`decode`] what the server reads: nom parsers, borrowed, one op at a time
//! - [`encode`] what the server writes
//! - [`generated`] the types of `xdr/*.x`, made by `xdr/gen`, with `Pack` and `Unpack`: for the client and for tests
//! - [`strict`] the reader for them
//! - [`limits`] the bounds

pub mod decode;
pub mod encode;
pub mod generated;
pub mod limits;
pub mod strict;

mod bitmap;
mod convert;
mod error;
mod list;

pub use bitmap::Bitmap;
pub use encode::Encoder;
pub use error::DecodeError;
pub use strict::Strict;

#[cfg(test)]
mod tests;
