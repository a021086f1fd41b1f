//! The types of `xdr/*.x`, made by `xdr/gen`. Names are the RFCs' own.
//!
//! For the client, for callbacks, and for tests as a second opinion on [`decode`](super::decode). Read them through
//! [`Strict`](super::Strict) only: from an ordinary slice a text that ends early is taken for a shorter one, or read
//! for ever. Structs have public fields; a union is an enum with a variant for each label, `default` with the value of
//! the selector where the RFC has a void default; an `opaque` type is a tuple struct over its octets.

/// ONC RPC messages (RFC 5531).
#[allow(missing_docs, reason = "xdr/rpc.x says what they are")]
#[allow(nonstandard_style, clippy::all, reason = "generated; the names are the RFC's")]
#[allow(unused_assignments, unused_imports, unused_mut, reason = "generated")]
pub mod rpc;

/// NFSv4.0, 4.1 and 4.2 (RFC 7531, RFC 5662, RFC 7863, RFC 8276).
#[allow(missing_docs, reason = "xdr/nfs4.x says what they are")]
#[allow(nonstandard_style, clippy::all, reason = "generated; the names are the RFC's")]
#[allow(unused_assignments, unused_imports, unused_mut, reason = "generated")]
pub mod nfs4;

/// Callbacks (RFC 7531, RFC 5662, RFC 7863).
#[allow(missing_docs, reason = "xdr/nfs4_cb.x says what they are")]
#[allow(nonstandard_style, clippy::all, reason = "generated; the names are the RFC's")]
#[allow(unused_assignments, unused_imports, unused_mut, reason = "generated")]
pub mod nfs4_cb;
