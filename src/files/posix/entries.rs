//! REMOVE, RENAME and LINK.

use super::errno;
use super::errno::status;
use super::export::Posix;
use super::id::Id;
use super::index::Index;
use super::node::Node;
use crate::files::access;
use crate::files::handle::Object;
use crate::files::request::{ChangeInfo, LinkRequest, RemoveRequest, RenameRequest};
use crate::files::result::Result;
use crate::files::volume::Serve;
use crate::nfs4::{Cred, Status};
use rustix::fs::AtFlags;
use rustix::io::Errno;
use std::os::fd::AsRawFd;
use std::sync::RwLockWriteGuard;

impl Serve<RemoveRequest<'_>> for Posix {
    fn serve(&self, dir: &Object, request: RemoveRequest<'_>) -> Result<ChangeInfo> {
        let RemoveRequest { cred, name } = request;
        let mut parent = self.resolve(dir)?;
        let mut node = self.look(cred, &parent, name)?.ok_or(Status::NoEnt)?;
        self.check_remove(cred, &parent, &node)?;
        let before = self.change_of(&parent);
        let flags = if node.is_dir() { AtFlags::REMOVEDIR } else { AtFlags::empty() };
        let mut tracked = self.tracked(&node)?;
        {
            let _acting = self.rights.act_as(cred)?;
            rustix::fs::unlinkat(&parent.fd, name, flags).map_err(not_empty)?;
        }
        if let Some((index, id)) = &mut tracked {
            index.unlink(id, &dir.body, name);
        }
        drop(tracked);
        self.lost_name(&mut node, dir, name)?;
        self.changed_from(&mut parent, before)
    }
}

impl Serve<RenameRequest<'_, Object>> for Posix {
    fn serve(
        &self,
        from_dir: &Object,
        request: RenameRequest<'_, Object>,
    ) -> Result<(ChangeInfo, ChangeInfo)> {
        let RenameRequest { cred, name: from, to_dir, to_name: to } = request;
        let (mut from_parent, mut to_parent) = (self.resolve(from_dir)?, self.resolve(to_dir)?);
        let target = self.look(cred, &to_parent, to)?;
        let mut source = self.look(cred, &from_parent, from)?.ok_or(Status::NoEnt)?;
        let before = (self.change_of(&from_parent), self.change_of(&to_parent));
        if target.as_ref().is_some_and(|target| target.inode() == source.inode()) {
            let unchanged = |change| ChangeInfo { atomic: false, before: change, after: change };
            return Ok((unchanged(before.0), unchanged(before.1)));
        }
        self.check_rename(cred, &from_parent, &source, &to_parent, target.as_ref())?;
        let moved = self.move_entry(cred, &source, (&from_parent, from_dir, from), (&to_parent, to_dir, to));
        moved.map_err(|status| match (status, &target) {
            // RFC 7530 §16.27.4: a directory over another object, or the reverse.
            (Status::NotDir | Status::IsDir | Status::NotEmpty, Some(target))
                if source.is_dir() != target.is_dir() =>
            {
                Status::Exist
            }
            (status, _) => status,
        })?;
        if let Some(mut target) = target {
            self.lost_name(&mut target, to_dir, to)?;
        }
        self.changed(&mut source)?;
        let change = self.changed_from(&mut from_parent, before.0)?;
        if from_parent.inode() == to_parent.inode() {
            return Ok((change, change));
        }
        Ok((change, self.changed_from(&mut to_parent, before.1)?))
    }
}

impl Serve<LinkRequest<'_, Object>> for Posix {
    fn serve(&self, dir: &Object, request: LinkRequest<'_, Object>) -> Result<ChangeInfo> {
        let LinkRequest { cred, file, name } = request;
        let (mut node, mut parent) = (self.resolve(file)?, self.resolve(dir)?);
        if self.look(cred, &parent, name)?.is_some() {
            return Err(Status::Exist);
        }
        self.require(&parent, cred, access::CHANGE)?;
        let before = self.change_of(&parent);
        let mut tracked = self.tracked(&node)?;
        {
            let _acting = self.rights.act_as(cred)?;
            let descriptor = node.fd.as_raw_fd().to_string();
            let follow = AtFlags::SYMLINK_FOLLOW;
            rustix::fs::linkat(&self.descriptors, descriptor, &parent.fd, name, follow).map_err(status)?;
        }
        if let Some((index, id)) = &mut tracked {
            index.learn(id, &dir.body, name);
        }
        drop(tracked);
        self.changed(&mut node)?;
        self.changed_from(&mut parent, before)
    }
}

impl Posix {
    /// Returns the id of an object that the index may know, with the index locked so that it changes together with the
    /// directory.
    fn tracked(&self, node: &Node) -> Result<Option<(RwLockWriteGuard<'_, Index>, Id)>> {
        if self.kernel_id(node)?.is_some() {
            return Ok(None);
        }
        let index = self.index_mut();
        Ok(self.indexed_id(&index, &node.stat).map(|id| (index, id)))
    }

    /// Records that the object is no longer `name` in `dir`: its number of links changed, or it is gone.
    fn lost_name(&self, node: &mut Node, dir: &Object, name: &[u8]) -> Result<()> {
        self.changed(node)?;
        let Some((mut index, id)) = self.tracked(node)? else { return Ok(()) };
        if node.stat.stx_nlink == 0 || node.is_dir() {
            // Its number may be given to another object soon.
            index.forget(&id);
        } else {
            index.unlink(&id, &dir.body, name);
        }
        Ok(())
    }

    fn check_remove(&self, cred: &Cred, dir: &Node, entry: &Node) -> Result<()> {
        let by_bits = self.rights.by_mode_bits();
        if by_bits { access::may_remove(&dir.attr()?, &entry.attr()?, cred) } else { Ok(()) }
    }

    /// Renames the entry, and does the same in the index.
    fn move_entry(
        &self,
        cred: &Cred,
        source: &Node,
        (from_parent, from_dir, from): (&Node, &Object, &[u8]),
        (to_parent, to_dir, to): (&Node, &Object, &[u8]),
    ) -> Result<()> {
        let mut tracked = self.tracked(source)?;
        {
            let _acting = self.rights.act_as(cred)?;
            rustix::fs::renameat(&from_parent.fd, from, &to_parent.fd, to).map_err(not_empty)?;
        }
        if let Some((index, id)) = &mut tracked {
            index.learn(id, &to_dir.body, to);
            index.unlink(id, &from_dir.body, from);
        }
        Ok(())
    }

    fn check_rename(
        &self,
        cred: &Cred,
        from_dir: &Node,
        source: &Node,
        to_dir: &Node,
        target: Option<&Node>,
    ) -> Result<()> {
        if !self.rights.by_mode_bits() {
            return Ok(());
        }
        self.check_remove(cred, from_dir, source)?;
        match target {
            None => self.require(to_dir, cred, access::CHANGE)?,
            Some(target) => self.check_remove(cred, to_dir, target)?,
        }
        if source.is_dir() && from_dir.inode() != to_dir.inode() {
            // Its `..` changes.
            self.require(source, cred, access::WRITE)?;
        }
        Ok(())
    }
}

/// Maps both errors that file systems have for a directory with entries.
fn not_empty(error: Errno) -> Status {
    if error == Errno::EXIST { Status::NotEmpty } else { errno::status(error) }
}
