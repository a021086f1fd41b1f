//! Exports: the files behind the locks. Real directories and memory trees in one namespace.
//!
//! Everything here is synchronous and may block on a disk; the caller runs it where blocking is allowed. Nothing here
//! knows about clients, opens or locks. No operation follows a symbolic link or leaves an export.
//!
//! Each operation is a struct in `request`, which says what is asked, what is answered and which errors there are. A caller
//! hands it to [`Namespace::call`] with a filehandle; the namespace finds the export of the handle, checks what the request
//! needs (`namespace::route`), and passes it on to the volume, which implements `Serve` for each request: `posix` for real
//! directories, `memory` for trees in memory.

mod access;
mod attr;
mod dependency;
mod directory_mark;
mod exclusive;
mod export;
mod handle;
mod handle_cache;
mod index_mark;
mod memory;
mod mount_table;
mod name_rule;
mod namespace;
mod posix;
mod request;
mod result;
mod secret;
#[cfg(test)]
mod tests;
mod volume;
mod xattr;

pub use attr::{Attr, FsStat, SetAttr};
pub use dependency::{Dependency, DependencyKind, Growing};
pub use export::{Backend, ExportSpec, HandleKind};
pub(crate) use mount_table::MountTable;
pub use name_rule::NameRule;
pub use namespace::{Namespace, SetupError};
pub use posix::{IndexError, SetupError as DirectoryError};
pub use request::*;
pub use result::Result;
pub use secret::Secret;
