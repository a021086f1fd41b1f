//! SEEK, ALLOCATE, DEALLOCATE, COPY and CLONE.

use super::errno::status;
use super::node::Node;
use super::{Posix, sys};
use crate::files::handle::Object;
use crate::files::{Found, Result, Side, Stability, access};
use crate::nfs4::{Content, Cred, Status};
use rustix::fs::{FallocateFlags, SeekFrom};
use rustix::io::Errno;
use std::os::fd::{AsFd, OwnedFd};

impl Posix {
    pub(super) fn seek_content(
        &self,
        cred: &Cred,
        node: &Node,
        offset: u64,
        what: Content,
        by_right: bool,
    ) -> Result<Found> {
        let file = self.open_data(cred, node, access::READ, by_right)?;
        let to = match what {
            Content::Data => SeekFrom::Data(offset),
            Content::Hole => SeekFrom::Hole(offset),
        };
        let size = node.stat.stx_size;
        match rustix::fs::seek(&file, to) {
            Ok(offset) => Ok(Found { eof: offset >= size, offset }),
            // There is no data from here to the end.
            Err(Errno::NXIO) if offset < size => Ok(Found { eof: true, offset: size }),
            Err(error) => Err(status(error)),
        }
    }

    pub(super) fn make_room(
        &self,
        cred: &Cred,
        node: Node,
        region: (u64, u64),
        by_right: bool,
    ) -> Result<()> {
        let file = self.open_data(cred, &node, access::WRITE, by_right)?;
        self.fallocate(cred, node, &file, FallocateFlags::empty(), region)
    }

    pub(super) fn make_hole(
        &self,
        cred: &Cred,
        node: Node,
        (offset, length): (u64, u64),
        by_right: bool,
    ) -> Result<()> {
        let file = self.open_data(cred, &node, access::WRITE, by_right)?;
        // File systems refuse to look further than their longest file.
        let end = node.stat.stx_size.next_multiple_of(u64::from(node.stat.stx_blksize).max(1));
        match length.min(end.saturating_sub(offset)) {
            0 => Ok(()),
            length => {
                let how = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
                self.fallocate(cred, node, &file, how, (offset, length))
            }
        }
    }

    /// fallocate(2), as the caller for the same reasons as in WRITE.
    fn fallocate(
        &self,
        cred: &Cred,
        mut node: Node,
        file: &OwnedFd,
        how: FallocateFlags,
        (offset, length): (u64, u64),
    ) -> Result<()> {
        let acting = self.rights.act_as(cred)?;
        rustix::io::retry_on_intr(|| rustix::fs::fallocate(file, how, offset, length)).map_err(status)?;
        drop(acting);
        self.changed(&mut node).map(drop)
    }

    pub(super) fn copy_region(
        &self,
        from: &Side<'_, Object>,
        to: &Side<'_, Object>,
        count: u64,
    ) -> Result<(u64, Stability)> {
        let (source, mut target) = (self.resolve(from.file)?, self.resolve(to.file)?);
        let input = self.open_data(from.cred, &source, access::READ, from.by_right)?;
        let output = self.open_data(to.cred, &target, access::WRITE, to.by_right)?;
        let (mut read_at, mut write_at) = (from.offset, to.offset);
        let mut left = usize::try_from(count).unwrap_or(usize::MAX);
        let result = {
            let _acting = self.rights.act_as(to.cred)?;
            loop {
                if left == 0 {
                    break Ok(());
                }
                let (read_at, write_at) = (Some(&mut read_at), Some(&mut write_at));
                match rustix::fs::copy_file_range(&input, read_at, &output, write_at, left) {
                    Ok(0) => break Ok(()),
                    Ok(more) => left = left.saturating_sub(more),
                    Err(Errno::INTR) => {}
                    Err(error) => break Err(error),
                }
            }
        };
        let done = write_at - to.offset;
        if done > 0 {
            self.changed(&mut target)?;
        }
        match result {
            // What some kernels and file systems say of files between which they do not copy.
            Err(Errno::XDEV | Errno::NOSYS | Errno::OPNOTSUPP | Errno::INVAL) if done == 0 => {
                Err(Status::NotSupp)
            }
            Err(error) if done == 0 => Err(status(error)),
            _ => Ok((done, Stability::Unstable)),
        }
    }

    pub(super) fn clone_data(
        &self,
        from: &Side<'_, Object>,
        to: &Side<'_, Object>,
        count: u64,
    ) -> Result<()> {
        let (source, mut target) = (self.resolve(from.file)?, self.resolve(to.file)?);
        let input = self.open_data(from.cred, &source, access::READ, from.by_right)?;
        let output = self.open_data(to.cred, &target, access::WRITE, to.by_right)?;
        if count == 0 {
            return Ok(());
        }
        {
            let _acting = self.rights.act_as(to.cred)?;
            let regions = (from.offset, to.offset, count);
            sys::clone_range(input.as_fd(), output.as_fd(), regions).map_err(|error| match error {
                Errno::NOTTY => Status::NotSupp,
                error => status(error),
            })?;
        }
        self.changed(&mut target).map(drop)
    }
}
