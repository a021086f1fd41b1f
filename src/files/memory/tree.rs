//! The nodes of the memory tree and their links.

use super::data::Budget;
use super::node::{Content, Directory, NODE_BYTES, Node, NodeId, ROOT, xattrs_cost};
use crate::files::access;
use crate::files::attr::Attr;
use crate::files::request::ChangeInfo;
use crate::files::result::Result;
use crate::nfs4::{Cred, FileType, Status};
use std::collections::HashMap;

/// Holds all nodes.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: HashMap<NodeId, Node>,
    next: NodeId,
    pub(super) budget: Budget,
}

impl Tree {
    /// Creates a tree with an empty root directory, which all users may change as in `/tmp`.
    pub(super) fn new(bytes_max: u64) -> Self {
        let root = Node::new(Content::Directory(Directory::new(ROOT)), 0o1777, 0, 0);
        Self { nodes: HashMap::from([(ROOT, root)]), next: ROOT + 1, budget: Budget { used: 0, bytes_max } }
    }

    pub(super) fn len(&self) -> u64 {
        self.nodes.len() as u64
    }

    pub(super) fn node(&self, id: NodeId) -> Result<&Node> {
        self.nodes.get(&id).ok_or(Status::Stale)
    }

    pub(super) fn node_mut(&mut self, id: NodeId) -> Result<&mut Node> {
        self.nodes.get_mut(&id).ok_or(Status::Stale)
    }

    /// Returns the node and the budget.
    pub(super) fn node_and_budget(&mut self, id: NodeId) -> Result<(&mut Node, &mut Budget)> {
        Ok((self.nodes.get_mut(&id).ok_or(Status::Stale)?, &mut self.budget))
    }

    pub(super) fn attr(&self, id: NodeId) -> Result<Attr> {
        Ok(self.node(id)?.attr(id))
    }

    pub(super) fn directory(&self, id: NodeId) -> Result<&Directory> {
        match &self.node(id)?.content {
            Content::Directory(directory) => Ok(directory),
            _ => Err(Status::NotDir),
        }
    }

    fn directory_mut(&mut self, id: NodeId) -> Result<&mut Directory> {
        match &mut self.node_mut(id)?.content {
            Content::Directory(directory) => Ok(directory),
            _ => Err(Status::NotDir),
        }
    }

    /// Finds the entry `name` of a directory that `cred` may search.
    pub(super) fn search(&self, cred: &Cred, dir: NodeId, name: &[u8]) -> Result<Option<NodeId>> {
        let directory = self.directory(dir)?;
        access::require(&self.attr(dir)?, cred, access::SEARCH)?;
        Ok(directory.get(name))
    }

    /// Adds a node without an entry. The caller has taken its bytes from the budget.
    pub(super) fn add(&mut self, node: Node) -> NodeId {
        let id = self.next;
        self.next += 1;
        self.nodes.insert(id, node);
        id
    }

    /// Enters `id` as `name` into `dir`, where the name is free; records the change.
    pub(super) fn enter(&mut self, dir: NodeId, name: &[u8], id: NodeId) -> Result<ChangeInfo> {
        let is_directory = self.node(id)?.content.kind() == FileType::Directory;
        self.directory_mut(dir)?.insert(name, id);
        if is_directory {
            self.directory_mut(id)?.parent = dir;
        }
        self.record_change(dir, if is_directory { 1 } else { 0 })
    }

    /// Removes the entry `name` for `id` from `dir`; records the change. The node stays.
    pub(super) fn take_out(&mut self, dir: NodeId, name: &[u8], id: NodeId) -> Result<ChangeInfo> {
        let is_directory = self.node(id)?.content.kind() == FileType::Directory;
        self.directory_mut(dir)?.remove(name);
        self.record_change(dir, if is_directory { -1 } else { 0 })
    }

    fn record_change(&mut self, dir: NodeId, links: i32) -> Result<ChangeInfo> {
        let node = self.node_mut(dir)?;
        let before = node.change;
        node.modify();
        node.numlinks = node.numlinks.saturating_add_signed(links);
        Ok(ChangeInfo { atomic: true, before, after: node.change })
    }

    /// Removes one link of a node that lost an entry; frees the node without links unless it is held.
    pub(super) fn drop_link(&mut self, id: NodeId) -> Result<()> {
        let node = self.node_mut(id)?;
        node.numlinks = node.numlinks.saturating_sub(1);
        node.touch();
        if node.numlinks > 0 && node.content.kind() != FileType::Directory {
            self.budget.give(NODE_BYTES);
        } else if !node.held {
            self.discard(id);
        }
        Ok(())
    }

    /// Ends the hold of a node; frees it without links.
    pub(super) fn release(&mut self, id: NodeId) {
        let Ok(node) = self.node_mut(id) else { return };
        node.held = false;
        if node.numlinks == 0 {
            self.discard(id);
        }
    }

    fn discard(&mut self, id: NodeId) {
        let Some(node) = self.nodes.remove(&id) else { return };
        let data = match &node.content {
            Content::File(data) => data.allocated(),
            Content::Symlink(text) => text.len() as u64,
            _ => 0,
        };
        self.budget.give(NODE_BYTES + data + xattrs_cost(&node));
    }

    /// Tells whether `below` is `above` or beneath it.
    pub(super) fn is_beneath(&self, mut below: NodeId, above: NodeId) -> Result<bool> {
        // The tree has no cycles: rename prevents them by this function.
        while below != above {
            if below == ROOT {
                return Ok(false);
            }
            below = self.directory(below)?.parent;
        }
        Ok(true)
    }
}
