//! Extended attributes (RFC 8276): those that Linux calls `user.NAME`.

use super::result::Result;
use crate::nfs4::Status;

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
