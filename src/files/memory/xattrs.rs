//! Extended attributes of the memory tree.

use super::tree::{Node, NodeId, Tree};
use crate::files::{ChangeInfo, Result, XATTR_LIST_BYTES_MAX, access};
use crate::nfs4::{Cred, Status, XattrMode};

/// What an attribute takes from the budget beside its name and value: an estimate of its real cost.
const XATTR_BYTES: u64 = 128;

fn cost(name: &[u8], value: &[u8]) -> u64 {
    XATTR_BYTES + name.len() as u64 + value.len() as u64
}

/// What all attributes of a node take from the budget.
pub(super) fn cost_of_all(node: &Node) -> u64 {
    node.xattrs.iter().map(|(name, value)| cost(name, value)).sum()
}

impl Tree {
    pub(super) fn xattr(&self, cred: &Cred, id: NodeId, name: &[u8]) -> Result<Vec<u8>> {
        access::may_touch_xattrs(&self.attr(id)?, cred, access::READ)?;
        self.node(id)?.xattrs.get(name).cloned().ok_or(Status::NoXattr)
    }

    pub(super) fn set_xattr(
        &mut self,
        cred: &Cred,
        id: NodeId,
        name: &[u8],
        value: &[u8],
        mode: XattrMode,
    ) -> Result<ChangeInfo> {
        access::may_touch_xattrs(&self.attr(id)?, cred, access::WRITE)?;
        let (node, budget) = self.node_and_budget(id)?;
        let old = node.xattrs.get(name).map(|value| cost(name, value));
        match mode {
            XattrMode::Create if old.is_some() => return Err(Status::Exist),
            XattrMode::Replace if old.is_none() => return Err(Status::NoXattr),
            _ => {}
        }
        let listed: usize = node.xattrs.keys().map(|name| name.len() + 1).sum();
        if old.is_none() && listed + name.len() + 1 > XATTR_LIST_BYTES_MAX {
            return Err(Status::NoSpc);
        }
        let (old, new) = (old.unwrap_or(0), cost(name, value));
        if !budget.take(new.saturating_sub(old)) {
            return Err(Status::NoSpc);
        }
        budget.give(old.saturating_sub(new));
        node.xattrs.insert(name.into(), value.to_vec());
        Ok(touched(node))
    }

    pub(super) fn remove_xattr(&mut self, cred: &Cred, id: NodeId, name: &[u8]) -> Result<ChangeInfo> {
        access::may_touch_xattrs(&self.attr(id)?, cred, access::WRITE)?;
        let (node, budget) = self.node_and_budget(id)?;
        let value = node.xattrs.remove(name).ok_or(Status::NoXattr)?;
        budget.give(cost(name, &value));
        Ok(touched(node))
    }

    pub(super) fn list_xattrs(&self, cred: &Cred, id: NodeId) -> Result<Vec<Vec<u8>>> {
        access::may_touch_xattrs(&self.attr(id)?, cred, access::READ)?;
        Ok(self.node(id)?.xattrs.keys().map(|name| name.to_vec()).collect())
    }
}

fn touched(node: &mut Node) -> ChangeInfo {
    let before = node.change;
    node.touch();
    ChangeInfo { atomic: true, before, after: node.change }
}
