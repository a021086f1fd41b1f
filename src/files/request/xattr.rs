//! Extended attributes (RFC 8276): those that Linux calls `user.NAME`; names are without that prefix.

use super::answer::Request;
use super::directory::ChangeInfo;
use crate::nfs4::{Cred, XattrMode};

/// Bounds a value, in bytes, as on Linux.
pub const XATTR_BYTES_MAX: usize = 65_536;

/// Bounds the names of an object's attributes, in bytes, with one byte more for each name, as on Linux.
pub const XATTR_LIST_BYTES_MAX: usize = 65_536;

/// Reads the value of an extended attribute; the permissions decide.
/// Errors: `NoXattr`; `NotSupp` where the file system has none; `Inval` and `NameTooLong` for impossible names.
#[derive(Clone, Copy, Debug)]
pub struct GetxattrRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
    /// The name of the attribute.
    pub name: &'a [u8],
}

impl Request for GetxattrRequest<'_> {
    type Answer<H> = Vec<u8>;
}

/// Sets an extended attribute of a regular file or a directory; returns the change of the object.
/// Errors: as for [`GetxattrRequest`]; `Exist` and `NoXattr` by `mode`, `Xattr2Big` for more than [`XATTR_BYTES_MAX`],
/// `Perm` for other objects and in a sticky directory of another owner.
#[derive(Clone, Copy, Debug)]
pub struct SetxattrRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
    /// The name of the attribute.
    pub name: &'a [u8],
    /// The new value.
    pub value: &'a [u8],
    /// Whether the attribute must or must not exist.
    pub mode: XattrMode,
}

impl Request for SetxattrRequest<'_> {
    type Answer<H> = ChangeInfo;
}

/// Removes an extended attribute; returns the change of the object. Errors: as for [`SetxattrRequest`].
#[derive(Clone, Copy, Debug)]
pub struct RemovexattrRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
    /// The name of the attribute.
    pub name: &'a [u8],
}

impl Request for RemovexattrRequest<'_> {
    type Answer<H> = ChangeInfo;
}

/// Lists the names of all extended attributes that the export allows, in ascending order; with one byte more for each
/// name they take at most [`XATTR_LIST_BYTES_MAX`] bytes.
#[derive(Clone, Copy, Debug)]
pub struct ListxattrsRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
}

impl Request for ListxattrsRequest<'_> {
    type Answer<H> = Vec<Vec<u8>>;
}
