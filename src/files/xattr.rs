//! Extended attributes (RFC 8276): those that Linux calls `user.NAME`.

use super::Result;
use crate::nfs4::Status;

/// Longest value, in octets, as on Linux.
pub const XATTR_BYTES_MAX: usize = 65_536;

/// Most octets that the names of an object's attributes take, with one more for each, as on Linux.
pub const XATTR_LIST_BYTES_MAX: usize = 65_536;

/// Longest name in octets, with its prefix, as on Linux.
const NAME_BYTES_MAX: usize = 255;

/// What precedes each name on the server's side.
pub(crate) const PREFIX: &[u8] = b"user.";

/// Errors: `Inval` for an empty name or one with a zero octet, `NameTooLong`.
pub(crate) fn check_name(name: &[u8]) -> Result<()> {
    if name.is_empty() || name.contains(&0) {
        return Err(Status::Inval);
    }
    if PREFIX.len() + name.len() > NAME_BYTES_MAX { Err(Status::NameTooLong) } else { Ok(()) }
}
