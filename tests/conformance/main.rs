//! Conformance of an NFS server with its RFCs, seen from the network alone. The path of a test is its citation.
//!
//! `LOCKHOUSE_TARGET=HOST:PORT/PATH` points the suite at any server; it needs a directory that user 0 (AUTH_SYS, any
//! port) may write. Without it the suite starts a server of ours.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod broken_connections;
mod rfc4506;
mod rfc5531;
mod rfc7530;
mod rfc7862;
mod rfc8276;
mod rfc8881;
mod slow_store;
mod support;
