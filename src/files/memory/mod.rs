//! The memory tree: for tests, and for pure lock service.
//!
//! One lock covers the tree; nothing blocks under it. Handles carry a number that differs with each start, so that
//! those of an earlier start are `Stale`. Reading leaves the time of last access alone.

mod data;
mod entries;
mod node;
mod regions;
mod setattr;
mod tree;
mod volume;
mod xattrs;

pub(super) use volume::Memory;
