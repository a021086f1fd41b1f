//! SEEK, ALLOCATE, DEALLOCATE, COPY and CLONE.

use super::errno::status;
use super::export::Posix;
use super::node::Node;
use super::sys;
use crate::files::access;
use crate::files::handle::Object;
use crate::files::request::{
    AllocateRequest, CloneRequest, CopyRequest, DeallocateRequest, Found, SeekRequest, Side, Stability,
};
use crate::files::result::Result;
use crate::files::volume::Serve;
use crate::nfs4::{Content, Cred, Status};
use rustix::fs::{FallocateFlags, SeekFrom};
use rustix::io::Errno;
use std::os::fd::{AsFd, OwnedFd};

impl Serve<SeekRequest<'_>> for Posix {
    fn serve(&self, file: &Object, request: SeekRequest<'_>) -> Result<Found> {
        let SeekRequest { cred, offset, content, has_open } = request;
        let node = self.resolve(file)?;
        let file = self.open_data(cred, &node, access::READ, has_open)?;
        let to = match content {
            Content::Data => SeekFrom::Data(offset),
            Content::Hole => SeekFrom::Hole(offset),
        };
        let size = node.stat.stx_size;
        match rustix::fs::seek(&file, to) {
            Ok(offset) => Ok(Found { eof: offset >= size, offset }),
            // No data from here to the end.
            Err(Errno::NXIO) if offset < size => Ok(Found { eof: true, offset: size }),
            Err(error) => Err(status(error)),
        }
    }
}

impl Serve<AllocateRequest<'_>> for Posix {
    fn serve(&self, file: &Object, request: AllocateRequest<'_>) -> Result<()> {
        let AllocateRequest { cred, offset, length, has_open } = request;
        let node = self.resolve(file)?;
        let file = self.open_data(cred, &node, access::WRITE, has_open)?;
        self.fallocate(cred, node, &file, FallocateFlags::empty(), (offset, length))
    }
}

impl Serve<DeallocateRequest<'_>> for Posix {
    fn serve(&self, file: &Object, request: DeallocateRequest<'_>) -> Result<()> {
        let DeallocateRequest { cred, offset, length, has_open } = request;
        let node = self.resolve(file)?;
        let file = self.open_data(cred, &node, access::WRITE, has_open)?;
        // File systems refuse regions beyond their largest size.
        let end = node.stat.stx_size.next_multiple_of(u64::from(node.stat.stx_blksize).max(1));
        match length.min(end.saturating_sub(offset)) {
            0 => Ok(()),
            length => {
                let how = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
                self.fallocate(cred, node, &file, how, (offset, length))
            }
        }
    }
}

impl Posix {
    /// Calls fallocate(2), as the caller for the same reasons as in WRITE.
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

    /// Opens both files of a copy.
    fn open_both(
        &self,
        source: &Object,
        from: Side<'_>,
        target: &Object,
        to: Side<'_>,
    ) -> Result<(OwnedFd, OwnedFd, Node)> {
        let (source, target) = (self.resolve(source)?, self.resolve(target)?);
        let input = self.open_data(from.cred, &source, access::READ, from.has_open)?;
        let output = self.open_data(to.cred, &target, access::WRITE, to.has_open)?;
        Ok((input, output, target))
    }
}

impl Serve<CopyRequest<'_, Object>> for Posix {
    fn serve(&self, source: &Object, request: CopyRequest<'_, Object>) -> Result<(u64, Stability)> {
        let CopyRequest { from, target, to, count } = request;
        let (input, output, mut target) = self.open_both(source, from, target, to)?;
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
            // Errors of kernels and file systems that cannot copy between these files.
            Err(Errno::XDEV | Errno::NOSYS | Errno::OPNOTSUPP | Errno::INVAL) if done == 0 => {
                Err(Status::NotSupp)
            }
            Err(error) if done == 0 => Err(status(error)),
            _ => Ok((done, Stability::Unstable)),
        }
    }
}

impl Serve<CloneRequest<'_, Object>> for Posix {
    fn serve(&self, source: &Object, request: CloneRequest<'_, Object>) -> Result<()> {
        let CloneRequest { from, target, to, count } = request;
        let (input, output, mut target) = self.open_both(source, from, target, to)?;
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
