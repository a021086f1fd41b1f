//! Exports that are real directories.
//!
//! Every operation opens what it needs and closes it again, apart from files that are held (see `held`); nothing is
//! cached but names (see `index`) and change attributes (see `change`). Objects are opened as `O_PATH`, which wakes no
//! device and needs no permission; data is reached through `/proc/self/fd`, which must be there. As root, each access
//! runs with the identity of the caller in the kernel's eyes; otherwise the mode bits decide first and new files belong
//! to the server's user (see `creds`).

mod attrs;
mod body;
mod change;
mod creds;
mod descriptors;
mod dir;
mod entries;
mod errno;
mod export;
mod file_system;
mod held;
mod id;
mod index;
mod index_log;
mod index_record;
mod io;
mod limits;
mod location;
mod make;
mod node;
mod prepared;
mod regions;
mod resolve;
mod statfs;
mod sys;
mod volume;
mod xattrs;

pub(super) use export::Posix;
pub(super) use file_system::{DeviceOwners, FileSystem};
pub use index_record::IndexError;
pub(super) use location::Location;
pub(super) use prepared::Prepared;
pub use prepared::SetupError;
