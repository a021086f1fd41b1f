//! Changes of directories: create, remove, rename, link. Each checks everything before it changes anything.

use super::data::Data;
use super::node::{Content, Directory, LINKS_MAX, NODE_BYTES, Node, NodeId, ROOT};
use super::tree::Tree;
use crate::files::access;
use crate::files::attr::{Attr, SetAttr};
use crate::files::exclusive;
use crate::files::request::{
    Applied, ChangeInfo, CreateFileRequest, CreateMode, CreateRequest, Created, LinkRequest, NewObject,
    RemoveRequest, RenameRequest,
};
use crate::files::result::Result;
use crate::nfs4::{Cred, FileType, SetTime, Status};

/// A created or found node.
type CreatedNode = Created<(NodeId, FileType)>;

impl Tree {
    /// Creates an object that is not a regular file (CREATE).
    pub(super) fn create(&mut self, dir: NodeId, request: CreateRequest<'_>) -> Result<CreatedNode> {
        let CreateRequest { cred, name, object, set } = request;
        if self.search(cred, dir, name)?.is_some() {
            return Err(Status::Exist);
        }
        let content = match object {
            NewObject::Directory => Content::Directory(Directory::new(dir)),
            NewObject::Symlink(text) => Content::Symlink(text.to_vec()),
            NewObject::Fifo => Content::Fifo,
            NewObject::Socket => Content::Socket,
            NewObject::Block(..) | NewObject::Character(..) if cred.uid != 0 => return Err(Status::Perm),
            NewObject::Block(major, minor) => Content::Block(major, minor),
            NewObject::Character(major, minor) => Content::Character(major, minor),
        };
        self.make(cred, dir, name, content, set)
    }

    /// Creates or finds a regular file (OPEN).
    pub(super) fn create_file(&mut self, dir: NodeId, request: CreateFileRequest<'_>) -> Result<CreatedNode> {
        let CreateFileRequest { cred, name, mode, set } = request;
        if let Some(id) = self.search(cred, dir, name)? {
            return self.found(dir, id, mode, set);
        }
        let content = Content::File(Data::default());
        match mode {
            CreateMode::Exclusive(verifier) => {
                let mut made = self.make(cred, dir, name, content, &exclusive::set_attr(&verifier, set))?;
                made.applied = exclusive::applied(set);
                Ok(made)
            }
            CreateMode::Unchecked | CreateMode::Guarded => self.make(cred, dir, name, content, set),
        }
    }

    fn found(&self, dir: NodeId, id: NodeId, mode: CreateMode, set: &SetAttr) -> Result<CreatedNode> {
        let attr = self.attr(id)?;
        let applied = match mode {
            CreateMode::Guarded => return Err(Status::Exist),
            CreateMode::Exclusive(verifier) if exclusive::was_created_with(&attr, &verifier) => {
                exclusive::applied(set)
            }
            CreateMode::Exclusive(_) => return Err(Status::Exist),
            CreateMode::Unchecked => match attr.kind {
                FileType::Regular => Applied::default(),
                FileType::Directory => return Err(Status::IsDir),
                _ => return Err(Status::Symlink),
            },
        };
        let change = self.node(dir)?.change;
        let change = ChangeInfo { atomic: true, before: change, after: change };
        Ok(Created { object: (id, attr.kind), change, applied, new: false })
    }

    /// Creates a node and its entry.
    fn make(
        &mut self,
        cred: &Cred,
        dir: NodeId,
        name: &[u8],
        content: Content,
        set: &SetAttr,
    ) -> Result<CreatedNode> {
        let dir_attr = self.attr(dir)?;
        access::require(&dir_attr, cred, access::CHANGE)?;
        if dir_attr.numlinks >= LINKS_MAX && content.kind() == FileType::Directory {
            return Err(Status::MLink);
        }
        let node = new_node(cred, &dir_attr, content, set)?;
        let text = if let Content::Symlink(text) = &node.content { text.len() as u64 } else { 0 };
        if !self.budget.take(NODE_BYTES + text) {
            return Err(Status::NoSpc);
        }
        let kind = node.content.kind();
        let id = self.add(node);
        let change = self.enter(dir, name, id)?;
        let mode = access::mode_applied(kind, set);
        let applied = Applied { mode, ..Applied::all_of(set) };
        Ok(Created { object: (id, kind), change, applied, new: true })
    }

    /// Removes an entry (REMOVE).
    pub(super) fn remove(&mut self, dir: NodeId, request: RemoveRequest<'_>) -> Result<ChangeInfo> {
        let RemoveRequest { cred, name } = request;
        let id = self.search(cred, dir, name)?.ok_or(Status::NoEnt)?;
        access::may_remove(&self.attr(dir)?, &self.attr(id)?, cred)?;
        self.check_empty(id)?;
        let change = self.take_out(dir, name, id)?;
        self.drop_link(id)?;
        Ok(change)
    }

    /// Checks that a node is no directory with entries. Errors: `NotEmpty`.
    fn check_empty(&self, id: NodeId) -> Result<()> {
        match &self.node(id)?.content {
            Content::Directory(directory) if !directory.is_empty() => Err(Status::NotEmpty),
            _ => Ok(()),
        }
    }

    /// Renames an entry (RENAME).
    pub(super) fn rename(
        &mut self,
        from_dir: NodeId,
        request: RenameRequest<'_, NodeId>,
    ) -> Result<(ChangeInfo, ChangeInfo)> {
        let RenameRequest { cred, name: from, to_dir: &to_dir, to_name: to } = request;
        // Whether both exist is checked before permissions.
        self.directory(from_dir)?;
        let target = self.search(cred, to_dir, to)?;
        let source = self.search(cred, from_dir, from)?.ok_or(Status::NoEnt)?;
        if target == Some(source) {
            return Ok((self.unchanged(from_dir)?, self.unchanged(to_dir)?));
        }
        self.check_rename(cred, from_dir, source, to_dir, target)?;
        let (before_from, before_to) = (self.node(from_dir)?.change, self.node(to_dir)?.change);
        if let Some(target) = target {
            self.take_out(to_dir, to, target)?;
            self.drop_link(target)?;
        }
        self.take_out(from_dir, from, source)?;
        self.enter(to_dir, to, source)?;
        self.node_mut(source)?.touch();
        let change = |before, after| ChangeInfo { atomic: true, before, after };
        let (after_from, after_to) = (self.node(from_dir)?.change, self.node(to_dir)?.change);
        Ok((change(before_from, after_from), change(before_to, after_to)))
    }

    fn unchanged(&self, dir: NodeId) -> Result<ChangeInfo> {
        let change = self.node(dir)?.change;
        Ok(ChangeInfo { atomic: true, before: change, after: change })
    }

    fn check_rename(
        &self,
        cred: &Cred,
        from_dir: NodeId,
        source: NodeId,
        to_dir: NodeId,
        target: Option<NodeId>,
    ) -> Result<()> {
        let (to_attr, source_attr) = (self.attr(to_dir)?, self.attr(source)?);
        let is_directory = source_attr.kind == FileType::Directory;
        if is_directory && self.is_beneath(to_dir, source)? {
            return Err(Status::Inval);
        }
        if target.is_some_and(|target| self.is_beneath(from_dir, target) == Ok(true)) {
            // Over a directory that contains the source. Linux checks this before permissions.
            return Err(if is_directory { Status::NotEmpty } else { Status::Exist });
        }
        access::may_remove(&self.attr(from_dir)?, &source_attr, cred)?;
        match target {
            None => access::require(&to_attr, cred, access::CHANGE)?,
            Some(target) => {
                let target_attr = self.attr(target)?;
                access::may_remove(&to_attr, &target_attr, cred)?;
                if is_directory != (target_attr.kind == FileType::Directory) {
                    return Err(Status::Exist);
                }
            }
        }
        if is_directory && from_dir != to_dir {
            // Its `..` changes.
            access::require(&source_attr, cred, access::WRITE)?;
            if to_attr.numlinks >= LINKS_MAX {
                return Err(Status::MLink);
            }
        }
        target.map_or(Ok(()), |target| self.check_empty(target))
    }

    /// Enters a second name (LINK).
    pub(super) fn link(&mut self, dir: NodeId, request: LinkRequest<'_, NodeId>) -> Result<ChangeInfo> {
        let LinkRequest { cred, file: &id, name } = request;
        let numlinks = self.node(id)?.numlinks;
        if self.search(cred, dir, name)?.is_some() {
            return Err(Status::Exist);
        }
        access::require(&self.attr(dir)?, cred, access::CHANGE)?;
        if numlinks == 0 {
            // As on Linux: a node without a name gets no other.
            return Err(Status::NoEnt);
        }
        if numlinks >= LINKS_MAX {
            return Err(Status::MLink);
        }
        if !self.budget.take(NODE_BYTES) {
            return Err(Status::NoSpc);
        }
        let node = self.node_mut(id)?;
        node.numlinks += 1;
        node.touch();
        self.enter(dir, name, id)
    }

    /// Returns the directory above `dir`.
    pub(super) fn parent(&self, cred: &Cred, dir: NodeId) -> Result<NodeId> {
        access::require(&self.attr(dir)?, cred, access::SEARCH)?;
        let parent = self.directory(dir)?.parent;
        if dir == ROOT { Err(Status::NoEnt) } else { Ok(parent) }
    }
}

/// Creates the node of a new object with all its attributes. Errors: `Perm`, `Inval`, `FBig`.
fn new_node(cred: &Cred, dir: &Attr, content: Content, set: &SetAttr) -> Result<Node> {
    let kind = content.kind();
    let (gid, mode) = access::inherited(dir, cred, kind, access::default_mode(kind));
    let mut node = Node::new(content, mode, cred.uid, gid);
    access::may_set_owner(&node.attr(0), cred, set)?;
    node.uid = set.uid.unwrap_or(node.uid);
    node.gid = set.gid.unwrap_or(node.gid);
    if let Some(mode) = set.mode.filter(|_| kind != FileType::Symlink) {
        let (_, mode) = access::inherited(dir, cred, kind, mode & 0o7777);
        let member = cred.uid == 0 || kind == FileType::Directory || cred.in_group(node.gid);
        node.mode = if member { mode } else { mode & !access::SETGID };
    }
    for (field, time) in [(&mut node.atime, set.atime), (&mut node.mtime, set.mtime)] {
        if let Some(SetTime::To(time)) = time {
            *field = time;
        }
    }
    if let Some(size) = set.size {
        if kind != FileType::Regular {
            return Err(Status::Inval);
        }
        access::check_size(kind, size)?;
        if let Content::File(data) = &mut node.content {
            // A hole needs no space.
            data.set_size(size, &mut super::data::Budget { used: 0, bytes_max: 0 });
        }
    }
    Ok(node)
}
