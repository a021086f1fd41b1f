//! What must hold for any bytes from a network or a disk, one function a target: each takes bytes and panics when it does not.
//!
//! The fuzzer calls them, and so does a test of the server's own crate (`tests/fuzz_smoke`), which includes this file.

pub mod callbacks;
pub mod compound;
pub mod decode;
pub mod ops;
pub mod record;
pub mod restore;
pub mod rpc_header;
