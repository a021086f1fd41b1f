//! SEEK, ALLOCATE, DEALLOCATE and CLONE of the memory tree. COPY is read and written.

use super::setattr::data_changed;
use super::tree::{Content as NodeContent, NodeId, Tree};
use crate::files::{Found, Permission, Result, Side, access};
use crate::nfs4::{Content, Cred, Status};

/// How many bytes at a time a clone takes.
const CHUNK: u32 = 64 * 1024;

impl Tree {
    pub(super) fn seek(
        &self,
        cred: &Cred,
        id: NodeId,
        offset: u64,
        what: Content,
        by_right: bool,
    ) -> Result<Found> {
        self.check_right(cred, id, access::READ, by_right)?;
        let NodeContent::File(data) = &self.node(id)?.content else { return Err(Status::Inval) };
        if offset >= data.size() {
            return Err(Status::Nxio);
        }
        let found = match what {
            Content::Data => data.next_data(offset),
            Content::Hole => data.next_hole(offset),
        };
        let offset = found.min(data.size());
        Ok(Found { eof: offset == data.size(), offset })
    }

    pub(super) fn allocate(
        &mut self,
        cred: &Cred,
        id: NodeId,
        (offset, length): (u64, u64),
        by_right: bool,
    ) -> Result<()> {
        self.check_right(cred, id, access::WRITE, by_right)?;
        let (node, budget) = self.node_and_budget(id)?;
        let NodeContent::File(data) = &mut node.content else { return Err(Status::Inval) };
        if !data.allocate(offset, length, budget) {
            return Err(Status::NoSpc);
        }
        data_changed(node, cred);
        Ok(())
    }

    pub(super) fn deallocate(
        &mut self,
        cred: &Cred,
        id: NodeId,
        (offset, length): (u64, u64),
        by_right: bool,
    ) -> Result<()> {
        self.check_right(cred, id, access::WRITE, by_right)?;
        let (node, budget) = self.node_and_budget(id)?;
        let NodeContent::File(data) = &mut node.content else { return Err(Status::Inval) };
        data.deallocate(offset, length, budget);
        data_changed(node, cred);
        Ok(())
    }

    /// CLONE: there is room for all of it before the first byte is copied.
    pub(super) fn clone_region(
        &mut self,
        from: &Side<'_, NodeId>,
        to: &Side<'_, NodeId>,
        count: u64,
    ) -> Result<()> {
        self.check_right(from.cred, *from.file, access::READ, from.by_right)?;
        self.check_right(to.cred, *to.file, access::WRITE, to.by_right)?;
        if count == 0 {
            return Ok(());
        }
        // The caller looked at the size before this lock was taken.
        if self.attr(*from.file)?.size < from.offset.saturating_add(count) {
            return Err(Status::Inval);
        }
        self.allocate(to.cred, *to.file, (to.offset, count), true)?;
        let mut buffer = Vec::new();
        let mut done = 0;
        while done < count {
            let chunk = CHUNK.min(u32::try_from(count - done).unwrap_or(u32::MAX));
            buffer.clear();
            self.read(from.cred, *from.file, from.offset + done, chunk, true, &mut buffer)?;
            self.write(to.cred, *to.file, to.offset + done, &buffer, true)?;
            done += u64::from(chunk);
        }
        Ok(())
    }

    fn check_right(&self, cred: &Cred, id: NodeId, want: Permission, by_right: bool) -> Result<()> {
        access::may_touch_data(&self.attr(id)?, cred, want, by_right)
    }
}
