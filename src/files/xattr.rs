//! Extended attributes (RFC 8276): those that Linux calls `user.NAME`.

use super::result::Result;
use crate::nfs4::Status;

/// Longest name in bytes, with its prefix, as on Linux.
const NAME_BYTES_MAX: usize = 255;

/// The prefix of each name on the server.
pub(crate) const PREFIX: &[u8] = b"user.";

/// Checks a name. Errors: `Inval` for an empty name or one with a zero byte, `NameTooLong`.
pub(crate) fn check_name(name: &[u8]) -> Result<()> {
    if name.is_empty() || name.contains(&0) {
        return Err(Status::Inval);
    }
    if PREFIX.len() + name.len() > NAME_BYTES_MAX { Err(Status::NameTooLong) } else { Ok(()) }
}
