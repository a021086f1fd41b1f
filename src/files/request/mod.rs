//! The operations on files: each is one struct, which says what is asked and what is answered.
//!
//! A request does not name the object it is about; that is given beside it, as a filehandle to
//! [`Namespace::call`](super::Namespace::call) and as an object to a volume. Only what names a second object has a
//! parameter `H` for how objects are named.
//!
//! `cred` is the caller, after squashing. `has_open` says that the caller holds an open that permits the access; without
//! one the permissions decide, and the owner is always permitted.
//!
//! Errors of all requests: `Stale` when the object is gone or its export is no longer there, `BadHandle` for a handle
//! that this server never gave out, `Access` (or `Perm`, for what only an owner may do) by the permissions of the object,
//! `Io`, `NoSpc`, `DQuot`, `RoFs`, `NotDir` where a directory is needed. Each request lists its further errors.

mod answer;
mod attributes;
mod data;
mod directory;
mod region;
mod xattr;

pub use answer::Request;
pub use attributes::{Applied, GetattrRequest, Permission, PermissionRequest, SetattrRequest, StatfsRequest};
pub use data::{CommitRequest, ReadRequest, ReadlinkRequest, Stability, WriteRequest};
pub use directory::{
    ChangeInfo, CreateFileRequest, CreateMode, CreateRequest, Created, DirEntry, LinkRequest, LookupRequest,
    NewObject, ParentRequest, ReaddirRequest, RemoveRequest, RenameRequest,
};
pub use region::{
    AllocateRequest, COPY_BYTES_MAX, CloneRequest, CopyRequest, DeallocateRequest, Found, SeekRequest, Side,
};
pub use xattr::{
    GetxattrRequest, ListxattrsRequest, RemovexattrRequest, SetxattrRequest, XATTR_BYTES_MAX,
    XATTR_LIST_BYTES_MAX,
};
