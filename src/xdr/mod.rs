//! Bytes ⇄ values. Everything read from a network goes through here, bounded.
//!
//! - [`decode`] what the server reads: nom parsers, borrowed, one op at a time
//! - [`encode`] what the server writes
//! - `generated` the types of `xdr/*.x`, made by `xdr/gen`, with `Pack` and `Unpack`, and `strict`, the reader for them:
//!   for the client and for tests (feature `client`)
//! - [`limits`] the bounds

pub mod decode;
pub mod encode;
#[cfg(feature = "client")]
pub mod generated;
pub mod limits;
#[cfg(feature = "client")]
pub mod strict;

mod bitmap;
#[cfg(feature = "client")]
mod convert;
mod error;
#[cfg(feature = "client")]
mod list;

pub use bitmap::Bitmap;
pub use encode::Encoder;
pub use error::DecodeError;
#[cfg(feature = "client")]
pub use strict::Strict;

#[cfg(test)]
mod tests;
