//! Octets ⇄ values. Everything read from a network goes through here, bounded.
//!
//! - [`decode`] what the server reads: nom parsers, borrowed, one op at a time
//! - [`limits`] the bounds

pub mod decode;
pub mod encode;
pub mod limits;

mod bitmap;
mod error;

pub use bitmap::Bitmap;
pub use error::DecodeError;
