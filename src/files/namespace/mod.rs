//! The tree that clients see: one root, with exports grafted into it.
//!
//! An export with an empty name is the root itself; the others are directories `/NAME` of the root, in place of an
//! entry of that name. Without a root export the root is a synthetic directory that holds the grafts alone. Clients
//! cannot remove, rename or replace grafts.

mod attributes;
mod data;
mod entries;
mod error;
mod handles;
mod listing;
mod mount;
mod mounts;
mod open;
mod regions;
mod route;
mod synthetic;
mod tree;
mod xattrs;

pub use error::SetupError;
pub use tree::Namespace;
