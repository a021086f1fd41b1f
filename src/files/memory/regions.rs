//! SEEK, ALLOCATE, DEALLOCATE and CLONE of the memory tree. COPY reads and writes.

use super::node::{Content as NodeContent, NodeId};
use super::setattr::data_changed;
use super::tree::Tree;
use crate::files::access;
use crate::files::request::{
    AllocateRequest, CloneRequest, DeallocateRequest, Found, Permission, ReadRequest, SeekRequest, Side,
    Stability, WriteRequest,
};
use crate::files::result::Result;
use crate::nfs4::{Content, Cred, Status};

/// Bytes that a clone copies at a time.
const CHUNK: u32 = 64 * 1024;

impl Tree {
    pub(super) fn seek(&self, id: NodeId, request: SeekRequest<'_>) -> Result<Found> {
        let SeekRequest { cred, offset, content, has_open } = request;
        self.check_right(cred, id, access::READ, has_open)?;
        let NodeContent::File(data) = &self.node(id)?.content else { return Err(Status::Inval) };
        if offset >= data.size() {
            return Err(Status::Nxio);
        }
        let found = match content {
            Content::Data => data.next_data(offset),
            Content::Hole => data.next_hole(offset),
        };
        let offset = found.min(data.size());
        Ok(Found { eof: offset == data.size(), offset })
    }

    pub(super) fn allocate(&mut self, id: NodeId, request: AllocateRequest<'_>) -> Result<()> {
        let AllocateRequest { cred, offset, length, has_open } = request;
        self.check_right(cred, id, access::WRITE, has_open)?;
        let (node, budget) = self.node_and_budget(id)?;
        let NodeContent::File(data) = &mut node.content else { return Err(Status::Inval) };
        if !data.allocate(offset, length, budget) {
            return Err(Status::NoSpc);
        }
        data_changed(node, cred);
        Ok(())
    }

    pub(super) fn deallocate(&mut self, id: NodeId, request: DeallocateRequest<'_>) -> Result<()> {
        let DeallocateRequest { cred, offset, length, has_open } = request;
        self.check_right(cred, id, access::WRITE, has_open)?;
        let (node, budget) = self.node_and_budget(id)?;
        let NodeContent::File(data) = &mut node.content else { return Err(Status::Inval) };
        data.deallocate(offset, length, budget);
        data_changed(node, cred);
        Ok(())
    }

    /// Copies a region (CLONE); reserves space for all of it before the first byte is copied.
    pub(super) fn clone_region(&mut self, source: NodeId, request: CloneRequest<'_, NodeId>) -> Result<()> {
        let CloneRequest { from, target, to, count } = request;
        self.check_right(from.cred, source, access::READ, from.has_open)?;
        self.check_right(to.cred, *target, access::WRITE, to.has_open)?;
        if count == 0 {
            return Ok(());
        }
        // The caller looked at the size before this lock was taken.
        if self.attr(source)?.size < from.offset.saturating_add(count) {
            return Err(Status::Inval);
        }
        let Side { cred, offset, .. } = to;
        self.allocate(*target, AllocateRequest { cred, offset, length: count, has_open: true })?;
        let mut buffer = Vec::new();
        let mut done = 0;
        while done < count {
            let chunk = CHUNK.min(u32::try_from(count - done).unwrap_or(u32::MAX));
            buffer.clear();
            self.copy_chunk((source, from.later(done)), (*target, to.later(done)), chunk, &mut buffer)?;
            done += u64::from(chunk);
        }
        Ok(())
    }

    fn copy_chunk(
        &mut self,
        (source, from): (NodeId, Side<'_>),
        (target, to): (NodeId, Side<'_>),
        count: u32,
        buffer: &mut Vec<u8>,
    ) -> Result<()> {
        let Side { cred, offset, .. } = from;
        self.read(source, ReadRequest { cred, offset, count, has_open: true, data: buffer })?;
        let (Side { cred, offset, .. }, stability) = (to, Stability::Unstable);
        self.write(target, WriteRequest { cred, offset, data: buffer, stability, has_open: true }).map(drop)
    }

    fn check_right(&self, cred: &Cred, id: NodeId, want: Permission, has_open: bool) -> Result<()> {
        access::may_touch_data(&self.attr(id)?, cred, want, has_open)
    }
}
