//! Extended attributes of the memory tree.

use super::node::{Node, NodeId, xattr_cost};
use super::tree::Tree;
use crate::files::access;
use crate::files::request::{
    ChangeInfo, GetxattrRequest, ListxattrsRequest, RemovexattrRequest, SetxattrRequest, XATTR_LIST_BYTES_MAX,
};
use crate::files::result::Result;
use crate::nfs4::{Status, XattrMode};

impl Tree {
    pub(super) fn xattr(&self, id: NodeId, request: GetxattrRequest<'_>) -> Result<Vec<u8>> {
        let GetxattrRequest { cred, name } = request;
        access::may_touch_xattrs(&self.attr(id)?, cred, access::READ)?;
        self.node(id)?.xattrs.get(name).cloned().ok_or(Status::NoXattr)
    }

    pub(super) fn set_xattr(&mut self, id: NodeId, request: SetxattrRequest<'_>) -> Result<ChangeInfo> {
        let SetxattrRequest { cred, name, value, mode } = request;
        access::may_touch_xattrs(&self.attr(id)?, cred, access::WRITE)?;
        let (node, budget) = self.node_and_budget(id)?;
        let old = node.xattrs.get(name).map(|value| xattr_cost(name, value));
        match mode {
            XattrMode::Create if old.is_some() => return Err(Status::Exist),
            XattrMode::Replace if old.is_none() => return Err(Status::NoXattr),
            _ => {}
        }
        let listed: usize = node.xattrs.keys().map(|name| name.len() + 1).sum();
        if old.is_none() && listed + name.len() + 1 > XATTR_LIST_BYTES_MAX {
            return Err(Status::NoSpc);
        }
        let (old, new) = (old.unwrap_or(0), xattr_cost(name, value));
        if !budget.take(new.saturating_sub(old)) {
            return Err(Status::NoSpc);
        }
        budget.give(old.saturating_sub(new));
        node.xattrs.insert(name.into(), value.to_vec());
        Ok(touched(node))
    }

    pub(super) fn remove_xattr(&mut self, id: NodeId, request: RemovexattrRequest<'_>) -> Result<ChangeInfo> {
        let RemovexattrRequest { cred, name } = request;
        access::may_touch_xattrs(&self.attr(id)?, cred, access::WRITE)?;
        let (node, budget) = self.node_and_budget(id)?;
        let value = node.xattrs.remove(name).ok_or(Status::NoXattr)?;
        budget.give(xattr_cost(name, &value));
        Ok(touched(node))
    }

    pub(super) fn list_xattrs(&self, id: NodeId, request: ListxattrsRequest<'_>) -> Result<Vec<Vec<u8>>> {
        access::may_touch_xattrs(&self.attr(id)?, request.cred, access::READ)?;
        Ok(self.node(id)?.xattrs.keys().map(|name| name.to_vec()).collect())
    }
}

fn touched(node: &mut Node) -> ChangeInfo {
    let before = node.change;
    node.touch();
    ChangeInfo { atomic: true, before, after: node.change }
}
