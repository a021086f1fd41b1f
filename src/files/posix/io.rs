//! READ, WRITE, COMMIT and changes of the size.

use super::errno::status;
use super::export::Posix;
use super::node::Node;
use crate::files::access;
use crate::files::handle::Object;
use crate::files::request::{CommitRequest, Permission, ReadRequest, Stability, WriteRequest};
use crate::files::result::Result;
use crate::files::volume::Serve;
use crate::nfs4::Cred;
use rustix::fs::OFlags;
use rustix::io::Errno;
use std::os::fd::OwnedFd;

impl Posix {
    /// Opens a file's data. An open held by the caller (`has_open`) was checked when it was made; without one the
    /// permissions decide, but the owner always may, like a program that opened the file before changing its mode.
    pub(super) fn open_data(
        &self,
        cred: &Cred,
        node: &Node,
        want: Permission,
        has_open: bool,
    ) -> Result<OwnedFd> {
        let flags = if want.write { OFlags::WRONLY } else { OFlags::RDONLY };
        if self.rights.by_mode_bits() {
            access::may_touch_data(&node.attr()?, cred, want, has_open)?;
        } else if !has_open {
            let acting = self.rights.act_as(cred)?;
            match self.reopen(node, flags) {
                Err(Errno::ACCESS) if cred.uid == node.stat.stx_uid => {}
                result => return result.map_err(status),
            }
            drop(acting);
        }
        self.reopen(node, flags).map_err(status)
    }

    pub(super) fn set_size(&self, cred: &Cred, node: &mut Node, size: u64, has_open: bool) -> Result<()> {
        let file = self.open_data(cred, node, access::WRITE, has_open)?;
        let acting = self.rights.act_as(cred)?;
        rustix::fs::ftruncate(&file, size).map_err(status)?;
        drop(acting);
        node.refresh()
    }
}

impl Serve<ReadRequest<'_>> for Posix {
    fn serve(&self, file: &Object, request: ReadRequest<'_>) -> Result<bool> {
        let ReadRequest { cred, offset, count, has_open, data } = request;
        let node = self.resolve(file)?;
        let file = self.open_data(cred, &node, access::READ, has_open)?;
        // No larger buffer than there is data: the count is chosen by the client.
        let there = node.stat.stx_size.saturating_sub(offset);
        let count = usize::try_from(there.min(count.into())).unwrap_or(usize::MAX);
        let (start, mut done) = (data.len(), 0);
        data.resize(start + count, 0);
        let result = loop {
            let Some(rest) = data.get_mut(start + done..).filter(|rest| !rest.is_empty()) else {
                break Ok(());
            };
            match rustix::io::pread(&file, rest, offset + done as u64) {
                Ok(0) => break Ok(()),
                Ok(more) => done += more,
                Err(Errno::INTR) => {}
                Err(error) => break Err(status(error)),
            }
        };
        data.truncate(start + done);
        result.map(|()| offset.saturating_add(done as u64) >= node.stat.stx_size || done < count)
    }
}

impl Serve<WriteRequest<'_>> for Posix {
    fn serve(&self, file: &Object, request: WriteRequest<'_>) -> Result<(u32, Stability)> {
        let WriteRequest { cred, offset, data, stability, has_open } = request;
        let mut node = self.resolve(file)?;
        let file = self.open_data(cred, &node, access::WRITE, has_open)?;
        let written = {
            // As the caller, so that the kernel clears set-user-id bits and charges the right quota.
            let _acting = self.rights.act_as(cred)?;
            write_all(&file, offset, data)?
        };
        match stability {
            Stability::Unstable => Ok(()),
            Stability::DataSync => rustix::fs::fdatasync(&file),
            Stability::FileSync => rustix::fs::fsync(&file),
        }
        .map_err(status)?;
        if written > 0 {
            self.changed(&mut node)?;
        }
        Ok((u32::try_from(written).unwrap_or(u32::MAX), stability))
    }
}

impl Serve<CommitRequest> for Posix {
    fn serve(&self, file: &Object, _: CommitRequest) -> Result<()> {
        let node = self.resolve(file)?;
        let file = match self.reopen(&node, OFlags::RDONLY) {
            Err(Errno::ACCESS) => self.reopen(&node, OFlags::WRONLY),
            result => result,
        };
        rustix::fs::fdatasync(file.map_err(status)?).map_err(status)
    }
}

/// Writes all, or as much as fits; returns the number of bytes. Errors: only when nothing was written.
fn write_all(file: &OwnedFd, offset: u64, data: &[u8]) -> Result<usize> {
    let mut done = 0;
    while let Some(rest) = data.get(done..).filter(|rest| !rest.is_empty()) {
        match rustix::io::pwrite(file, rest, offset + done as u64) {
            Ok(0) => break,
            Ok(more) => done += more,
            Err(Errno::INTR) => {}
            Err(error) if done == 0 => return Err(status(error)),
            // The client sends the rest again and gets the error then.
            Err(_) => break,
        }
    }
    Ok(done)
}
