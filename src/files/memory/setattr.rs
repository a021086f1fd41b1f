//! SETATTR and data of the memory tree.

use super::node::{Content, Node, NodeId, now};
use super::tree::Tree;
use crate::files::access;
use crate::files::attr::SetAttr;
use crate::files::request::{ReadRequest, SetattrRequest, WriteRequest};
use crate::files::result::Result;
use crate::nfs4::{Cred, FileType, SetTime, Status};

impl Tree {
    /// Sets attributes (SETATTR); adds to `applied` what was set, also when the rest failed.
    pub(super) fn setattr(&mut self, id: NodeId, request: SetattrRequest<'_>) -> Result<()> {
        let SetattrRequest { cred, set, has_open, applied } = request;
        if let Some(size) = set.size {
            self.set_size(cred, id, size, has_open)?;
            applied.size = true;
        }
        let attr = self.attr(id)?;
        let node = self.node_mut(id)?;
        if set.uid.is_some() || set.gid.is_some() {
            access::may_set_owner(&attr, cred, set)?;
            set_owner(node, set);
            (applied.owner, applied.group) = (set.uid.is_some(), set.gid.is_some());
        }
        if let Some(mode) = set.mode {
            let mode = access::mode_to_set(&node.attr(id), cred, mode)?;
            if attr.kind != FileType::Symlink {
                node.mode = mode;
                node.touch();
            }
            applied.mode = access::takes_mode(attr.kind, mode);
        }
        if set.atime.is_some() || set.mtime.is_some() {
            access::may_set_times(&node.attr(id), cred, set)?;
            set_times(node, set);
            (applied.atime, applied.mtime) = (set.atime.is_some(), set.mtime.is_some());
        }
        Ok(())
    }

    fn set_size(&mut self, cred: &Cred, id: NodeId, size: u64, has_open: bool) -> Result<()> {
        let attr = self.attr(id)?;
        access::check_size(attr.kind, size)?;
        access::may_touch_data(&attr, cred, access::WRITE, has_open)?;
        let (node, budget) = self.node_and_budget(id)?;
        if let Content::File(data) = &mut node.content {
            data.set_size(size, budget);
            data_changed(node, cred);
        }
        Ok(())
    }

    /// Reads data (READ).
    pub(super) fn read(&self, id: NodeId, request: ReadRequest<'_>) -> Result<bool> {
        let ReadRequest { cred, offset, count, has_open, data: out } = request;
        let node = self.node(id)?;
        access::may_touch_data(&node.attr(id), cred, access::READ, has_open)?;
        match &node.content {
            Content::File(data) => Ok(data.read(offset, count, out)),
            _ => Err(Status::Inval),
        }
    }

    /// Writes data (WRITE); returns the number of bytes.
    pub(super) fn write(&mut self, id: NodeId, request: WriteRequest<'_>) -> Result<usize> {
        let WriteRequest { cred, offset, data: bytes, has_open, .. } = request;
        let attr = self.attr(id)?;
        access::may_touch_data(&attr, cred, access::WRITE, has_open)?;
        let (node, budget) = self.node_and_budget(id)?;
        let Content::File(data) = &mut node.content else { return Err(Status::Inval) };
        if bytes.is_empty() {
            return Ok(0);
        }
        let written = data.write(offset, bytes, budget);
        if written == 0 {
            return Err(Status::NoSpc);
        }
        data_changed(node, cred);
        Ok(written)
    }
}

pub(super) fn data_changed(node: &mut Node, cred: &Cred) {
    if cred.uid != 0 {
        node.mode = access::without_set_ids(node.mode);
    }
    node.modify();
}

fn set_owner(node: &mut Node, set: &SetAttr) {
    node.uid = set.uid.unwrap_or(node.uid);
    node.gid = set.gid.unwrap_or(node.gid);
    if node.content.kind() != FileType::Directory {
        node.mode = access::without_set_ids(node.mode);
    }
    node.touch();
}

fn set_times(node: &mut Node, set: &SetAttr) {
    let now = now();
    for (field, time) in [(&mut node.atime, set.atime), (&mut node.mtime, set.mtime)] {
        match time {
            Some(SetTime::Now) => *field = now,
            Some(SetTime::To(time)) => *field = time,
            None => {}
        }
    }
    node.touch();
}
