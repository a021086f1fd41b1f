//! The memory tree: for tests, and for pure lock service.
//!
//! One lock covers the tree; nothing blocks under it. Handles carry a number that differs with each start, so that
//! those of an earlier start are `Stale`. Reading leaves the time of last access alone.

mod data;
mod entries;
mod regions;
mod setattr;
mod tree;
mod xattrs;

use super::handle::Object;
use super::volume::{Made, Volume};
use super::{
    Applied, Attr, ChangeInfo, CreateMode, DependencyKind, DirEntry, Found, FsStat, NameRule, NewObject,
    Permission, Result, SetAttr, Side, Stability, access,
};
use crate::nfs4::{Content as Sought, Cred, FileType, NAME_BYTES_MAX, Status, XattrMode};
use entries::MadeNode;
use smallvec::SmallVec;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tree::{COOKIE_MIN, Content, LINKS_MAX, NODE_BYTES, NodeId, ROOT, Tree};

/// Bytes that a memory tree may use when nothing else is said.
pub(crate) const BYTES_MAX_DEFAULT: u64 = 1 << 30;

/// How many entries are copied at a time by a listing.
const ENTRIES_BATCH: usize = 128;

/// A tree in memory.
#[derive(Debug)]
pub(crate) struct Memory {
    instance: u64,
    names: NameRule,
    tree: RwLock<Tree>,
}

impl Memory {
    /// An empty tree whose data, names and nodes take at most about `bytes_max` bytes; `instance` is different with
    /// each start. Its user lets in only names that obey `names`.
    pub(crate) fn new(bytes_max: u64, instance: u64, names: NameRule) -> Self {
        Self { instance, names, tree: RwLock::new(Tree::new(bytes_max)) }
    }

    // Nothing panics half way through a change; were it so, serving on is still better than refusing everything.
    fn tree(&self) -> RwLockReadGuard<'_, Tree> {
        self.tree.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn tree_mut(&self) -> RwLockWriteGuard<'_, Tree> {
        self.tree.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn object(&self, id: NodeId, kind: FileType) -> Object {
        let mut body = SmallVec::from_slice(&self.instance.to_be_bytes());
        body.extend_from_slice(&id.to_be_bytes());
        Object { kind, body }
    }

    fn id(&self, object: &Object) -> Result<NodeId> {
        let (instance, rest) = object.body.split_first_chunk().ok_or(Status::Stale)?;
        let id: [u8; 8] = rest.try_into().map_err(|_| Status::Stale)?;
        let same = u64::from_be_bytes(*instance) == self.instance;
        if same { Ok(u64::from_be_bytes(id)) } else { Err(Status::Stale) }
    }

    /// The next entries of a directory. A copy, because `take` may come back to this tree and must not meet its lock.
    fn entries_after(&self, cred: &Cred, id: NodeId, cookie: u64) -> Result<Vec<(u64, Arc<[u8]>)>> {
        let tree = self.tree();
        let directory = tree.directory(id)?;
        access::require(&tree.attr(id)?, cred, access::READ)?;
        Ok(directory.after(cookie).take(ENTRIES_BATCH).map(|(cookie, name)| (cookie, name.clone())).collect())
    }

    fn made(&self, made: MadeNode) -> Made {
        let object = self.object(made.id, made.kind);
        Made { object, change: made.change, applied: made.applied, new: made.new }
    }
}

impl Volume for Memory {
    fn root(&self) -> Object {
        self.object(ROOT, FileType::Directory)
    }

    fn dependencies(&self) -> Vec<(DependencyKind, Vec<u8>)> {
        vec![(DependencyKind::Tree, self.instance.to_be_bytes().to_vec())]
    }

    fn getattr(&self, object: &Object) -> Result<Attr> {
        self.tree().attr(self.id(object)?)
    }

    fn statfs(&self, object: &Object) -> Result<FsStat> {
        let tree = self.tree();
        tree.node(self.id(object)?)?;
        let space_free = tree.budget.bytes_max.saturating_sub(tree.budget.used);
        let files_free = space_free / NODE_BYTES;
        Ok(FsStat {
            space_total: tree.budget.bytes_max,
            space_free,
            space_avail: space_free,
            files_total: tree.len() + files_free,
            files_free,
            files_avail: files_free,
            maxfilesize: i64::MAX as u64,
            maxname: NAME_BYTES_MAX as u32,
            maxlink: LINKS_MAX,
            clone_blksize: 1,
            utf8_only: self.names == NameRule::Utf8,
        })
    }

    fn permission(&self, cred: &Cred, object: &Object) -> Result<Permission> {
        Ok(access::permitted(&self.getattr(object)?, cred))
    }

    fn lookup(&self, cred: &Cred, dir: &Object, name: &[u8]) -> Result<Object> {
        let tree = self.tree();
        let id = tree.search(cred, self.id(dir)?, name)?.ok_or(Status::NoEnt)?;
        Ok(self.object(id, tree.node(id)?.content.kind()))
    }

    fn parent(&self, cred: &Cred, dir: &Object) -> Result<Object> {
        Ok(self.object(self.tree().parent(cred, self.id(dir)?)?, FileType::Directory))
    }

    fn readdir(
        &self,
        cred: &Cred,
        dir: &Object,
        cookie: u64,
        take: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<bool> {
        if cookie != 0 && cookie < COOKIE_MIN {
            return Err(Status::BadCookie);
        }
        let id = self.id(dir)?;
        let mut at = cookie;
        loop {
            let batch = self.entries_after(cred, id, at)?;
            let Some(&(last, _)) = batch.last() else { return Ok(true) };
            if !batch.iter().all(|(cookie, name)| take(DirEntry { name, cookie: *cookie })) {
                return Ok(false);
            }
            at = last;
        }
    }

    fn readlink(&self, _cred: &Cred, link: &Object) -> Result<Vec<u8>> {
        match &self.tree().node(self.id(link)?)?.content {
            Content::Symlink(text) => Ok(text.clone()),
            _ => Err(Status::Inval),
        }
    }

    fn create(
        &self,
        cred: &Cred,
        dir: &Object,
        name: &[u8],
        what: NewObject<'_>,
        set: &SetAttr,
    ) -> Result<Made> {
        let dir = self.id(dir)?;
        Ok(self.made(self.tree_mut().create(cred, dir, name, what, set)?))
    }

    fn create_file(
        &self,
        cred: &Cred,
        dir: &Object,
        name: &[u8],
        mode: CreateMode,
        set: &SetAttr,
    ) -> Result<Made> {
        let dir = self.id(dir)?;
        Ok(self.made(self.tree_mut().create_file(cred, dir, name, mode, set)?))
    }

    fn setattr(&self, cred: &Cred, object: &Object, set: &SetAttr, by_right: bool) -> (Applied, Result<()>) {
        let mut applied = Applied::default();
        let result =
            self.id(object).and_then(|id| self.tree_mut().setattr(cred, id, set, by_right, &mut applied));
        (applied, result)
    }

    fn read(
        &self,
        cred: &Cred,
        file: &Object,
        offset: u64,
        count: u32,
        by_right: bool,
        data: &mut Vec<u8>,
    ) -> Result<bool> {
        self.tree().read(cred, self.id(file)?, offset, count, by_right, data)
    }

    fn write(
        &self,
        cred: &Cred,
        file: &Object,
        offset: u64,
        data: &[u8],
        _stability: Stability,
        by_right: bool,
    ) -> Result<(u32, Stability)> {
        let written = self.tree_mut().write(cred, self.id(file)?, offset, data, by_right)?;
        // Nothing here is lost while the tree is there: no need for the client to keep a copy until COMMIT.
        Ok((u32::try_from(written).unwrap_or(u32::MAX), Stability::FileSync))
    }

    fn commit(&self, _cred: &Cred, file: &Object) -> Result<()> {
        self.tree().node(self.id(file)?).map(|_| ())
    }

    fn seek(&self, cred: &Cred, file: &Object, offset: u64, what: Sought, by_right: bool) -> Result<Found> {
        self.tree().seek(cred, self.id(file)?, offset, what, by_right)
    }

    fn allocate(&self, cred: &Cred, file: &Object, offset: u64, length: u64, by_right: bool) -> Result<()> {
        let id = self.id(file)?;
        self.tree_mut().allocate(cred, id, (offset, length), by_right)
    }

    fn deallocate(&self, cred: &Cred, file: &Object, offset: u64, length: u64, by_right: bool) -> Result<()> {
        let id = self.id(file)?;
        self.tree_mut().deallocate(cred, id, (offset, length), by_right)
    }

    fn clone_region(&self, from: Side<'_, Object>, to: Side<'_, Object>, count: u64) -> Result<()> {
        let (source, target) = (self.id(from.file)?, self.id(to.file)?);
        self.tree_mut().clone_region(&from.of(&source), &to.of(&target), count)
    }

    fn xattr(&self, cred: &Cred, object: &Object, name: &[u8]) -> Result<Vec<u8>> {
        self.tree().xattr(cred, self.id(object)?, name)
    }

    fn set_xattr(
        &self,
        cred: &Cred,
        object: &Object,
        name: &[u8],
        value: &[u8],
        mode: XattrMode,
    ) -> Result<ChangeInfo> {
        let id = self.id(object)?;
        self.tree_mut().set_xattr(cred, id, name, value, mode)
    }

    fn remove_xattr(&self, cred: &Cred, object: &Object, name: &[u8]) -> Result<ChangeInfo> {
        let id = self.id(object)?;
        self.tree_mut().remove_xattr(cred, id, name)
    }

    fn list_xattrs(&self, cred: &Cred, object: &Object) -> Result<Vec<Vec<u8>>> {
        self.tree().list_xattrs(cred, self.id(object)?)
    }

    fn remove(&self, cred: &Cred, dir: &Object, name: &[u8]) -> Result<ChangeInfo> {
        let dir = self.id(dir)?;
        self.tree_mut().remove(cred, dir, name)
    }

    fn rename(
        &self,
        cred: &Cred,
        from_dir: &Object,
        from: &[u8],
        to_dir: &Object,
        to: &[u8],
    ) -> Result<(ChangeInfo, ChangeInfo)> {
        let (from_dir, to_dir) = (self.id(from_dir)?, self.id(to_dir)?);
        self.tree_mut().rename(cred, from_dir, from, to_dir, to)
    }

    fn link(&self, cred: &Cred, object: &Object, dir: &Object, name: &[u8]) -> Result<ChangeInfo> {
        let (object, dir) = (self.id(object)?, self.id(dir)?);
        self.tree_mut().link(cred, object, dir, name)
    }

    fn hold(&self, file: &Object) -> Result<()> {
        let id = self.id(file)?;
        self.tree_mut().node_mut(id)?.held = true;
        Ok(())
    }

    fn release(&self, file: &Object) {
        if let Ok(id) = self.id(file) {
            self.tree_mut().release(id);
        }
    }
}
