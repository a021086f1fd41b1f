//! Attributes and permissions.

use super::answer::Request;
use crate::files::attr::{Attr, FsStat, SetAttr};
use crate::nfs4::Cred;

/// Reads the attributes of an object. Needs no permission on the object itself.
#[derive(Clone, Copy, Debug)]
pub struct GetattrRequest;

impl Request for GetattrRequest {
    type Answer<H> = Attr;
}

/// Reads the figures of the file system that holds an object.
#[derive(Clone, Copy, Debug)]
pub struct StatfsRequest;

impl Request for StatfsRequest {
    type Answer<H> = FsStat;
}

/// Asks what the caller may do with an object.
#[derive(Clone, Copy, Debug)]
pub struct PermissionRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
}

impl Request for PermissionRequest<'_> {
    type Answer<H> = Permission;
}

/// Changes all attributes that are given, in the order size, owner and group, mode, times, or stops at the first that
/// fails.
#[derive(Debug)]
pub struct SetattrRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
    /// The attributes to set.
    pub set: &'a SetAttr,
    /// Whether the caller holds an open for writing, which permits it to change the size.
    pub has_open: bool,
    /// Receives what was set, also when the rest failed; the caller gives the default.
    pub applied: &'a mut Applied,
}

impl Request for SetattrRequest<'_> {
    type Answer<H> = ();
}

/// Tells which of the attributes of a [`SetAttr`] were set; also those an exclusive create used for its verifier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The size.
    pub size: bool,
    /// The mode.
    pub mode: bool,
    /// The owner.
    pub owner: bool,
    /// The group.
    pub group: bool,
    /// The time of the last access.
    pub atime: bool,
    /// The time of the last modification.
    pub mtime: bool,
}

impl Applied {
    /// Returns all attributes that `set` asks for.
    pub(crate) fn all_of(set: &SetAttr) -> Self {
        Self {
            size: set.size.is_some(),
            mode: set.mode.is_some(),
            owner: set.uid.is_some(),
            group: set.gid.is_some(),
            atime: set.atime.is_some(),
            mtime: set.mtime.is_some(),
        }
    }
}

/// Holds the bits of a permission, as in `rwx`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permission {
    /// Permits to read data, or to list a directory.
    pub read: bool,
    /// Permits to write data, or to change the entries of a directory.
    pub write: bool,
    /// Permits to execute, or to search a directory.
    pub execute: bool,
}
