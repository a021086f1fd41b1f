//! Octets ⇄ values. Everything read from a network goes through here, bounded.
//!
//! - [`generated`] the types of `xdr/*.x`, made by `xdr/gen`, with `Pack` and `Unpack`
//! - [`decode`] what the server reads: nom parsers, borrowed, one op at a time
//! - [`encode`] what the server writes
//! - [`limits`] the bounds
