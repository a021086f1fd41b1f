//! LOOKUP, LOOKUPP and READDIR.

use super::errno::status;
use super::export::Posix;
use super::node::Node;
use crate::files::access;
use crate::files::handle::Object;
use crate::files::request::{DirEntry, LookupRequest, ParentRequest, ReaddirRequest};
use crate::files::result::Result;
use crate::files::volume::Serve;
use crate::nfs4::{Cred, Status};
use rustix::fs::{OFlags, RawDir, SeekFrom};
use rustix::io::Errno;
use std::mem::MaybeUninit;

/// Bytes of a directory that are read at a time.
const BUFFER_BYTES: usize = 32 * 1024;
/// Set in cookies whose number means something else on the wire.
const SMALL: u64 = 1 << 63;
/// First cookie that means the same on the wire as in the kernel.
const COOKIE_MIN: u64 = 3;

/// Returns the cookie for a position of the kernel, whose highest bit is never set.
fn cookie_of(position: u64) -> u64 {
    if position < COOKIE_MIN { position | SMALL } else { position }
}

/// Returns the kernel's position for a cookie. Errors: `BadCookie` for 1, 2 and what [`cookie_of`] never made.
fn position_of(cookie: u64) -> Result<u64> {
    match cookie {
        0 => Ok(0),
        _ if cookie & SMALL != 0 && cookie & !SMALL < COOKIE_MIN => Ok(cookie & !SMALL),
        _ if cookie & SMALL != 0 || cookie < COOKIE_MIN => Err(Status::BadCookie),
        _ => Ok(cookie),
    }
}

impl Posix {
    /// Opens the entry `name` of a directory that `cred` may search; `None` when there is none.
    pub(super) fn look(&self, cred: &Cred, dir: &Node, name: &[u8]) -> Result<Option<Node>> {
        self.require(dir, cred, access::SEARCH)?;
        let _acting = self.rights.act_as(cred)?;
        match dir.entry(name) {
            Ok(node) => Ok(Some(node)),
            Err(Errno::NOENT) if dir.stat.stx_nlink == 0 => Err(Status::Stale),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(status(error)),
        }
    }
}

impl Serve<LookupRequest<'_>> for Posix {
    fn serve(&self, dir: &Object, request: LookupRequest<'_>) -> Result<Object> {
        let LookupRequest { cred, name } = request;
        let node = self.resolve(dir)?;
        let entry = self.look(cred, &node, name)?.ok_or(Status::NoEnt)?;
        self.identify(&entry, dir, name)
    }
}

impl Serve<ParentRequest<'_>> for Posix {
    fn serve(&self, dir: &Object, request: ParentRequest<'_>) -> Result<Object> {
        let node = self.resolve(dir)?;
        if !self.permission_of(request.cred, &node)?.execute {
            return Err(Status::Access);
        }
        self.above(dir, &node)
    }
}

impl Serve<ReaddirRequest<'_>> for Posix {
    /// Uses the kernel's own positions as cookies, which file systems keep stable.
    fn serve(&self, dir: &Object, request: ReaddirRequest<'_>) -> Result<bool> {
        let ReaddirRequest { cred, cookie, take } = request;
        let dir = self.resolve(dir)?;
        let position = position_of(cookie)?;
        self.require(&dir, cred, access::READ)?;
        let fd = {
            let _acting = self.rights.act_as(cred)?;
            self.reopen(&dir, OFlags::RDONLY | OFlags::DIRECTORY).map_err(status)?
        };
        if position != 0 {
            rustix::fs::seek(&fd, SeekFrom::Start(position)).map_err(|_| Status::BadCookie)?;
        }
        let mut buffer = vec![MaybeUninit::uninit(); BUFFER_BYTES];
        let mut entries = RawDir::new(&fd, &mut buffer);
        while let Some(entry) = entries.next() {
            let entry = entry.map_err(status)?;
            let name = entry.file_name().to_bytes();
            let cookie = cookie_of(entry.next_entry_cookie());
            if name != b"." && name != b".." && !take(DirEntry { name, cookie }) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_positions() {
        for position in [0, 1, 2, 3, 4, 1 << 32, i64::MAX as u64] {
            let cookie = cookie_of(position);
            assert!(cookie > 2);
            assert_eq!(position_of(cookie), Ok(position));
        }
        for cookie in [1, 2, SMALL | 3, u64::MAX] {
            assert_eq!(position_of(cookie), Err(Status::BadCookie));
        }
        assert_eq!(position_of(0), Ok(0));
    }
}
