//! The memory tree as a volume.

use super::node::{COOKIE_MIN, Content, LINKS_MAX, NODE_BYTES, NodeId, ROOT};
use super::tree::Tree;
use crate::files::access;
use crate::files::attr::{Attr, FsStat};
use crate::files::dependency::DependencyKind;
use crate::files::handle::Object;
use crate::files::name_rule::NameRule;
use crate::files::request::{
    AllocateRequest, ChangeInfo, CloneRequest, CommitRequest, CopyRequest, CreateFileRequest, CreateRequest,
    Created, DeallocateRequest, DirEntry, Found, GetattrRequest, GetxattrRequest, LinkRequest,
    ListxattrsRequest, LookupRequest, ParentRequest, Permission, PermissionRequest, ReadRequest,
    ReaddirRequest, ReadlinkRequest, RemoveRequest, RemovexattrRequest, RenameRequest, SeekRequest,
    SetattrRequest, SetxattrRequest, Stability, StatfsRequest, WriteRequest,
};
use crate::files::result::Result;
use crate::files::volume::{Serve, Volume};
use crate::nfs4::{Cred, FileType, NAME_BYTES_MAX, Status};
use smallvec::SmallVec;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// How many entries are copied at a time by a listing.
const ENTRIES_BATCH: usize = 128;

/// Serves a tree in memory.
#[derive(Debug)]
pub(crate) struct Memory {
    instance: u64,
    names: NameRule,
    tree: RwLock<Tree>,
}

impl Memory {
    /// Creates an empty tree whose data, names and nodes take at most approximately `bytes_max` bytes; `instance` differs
    /// with each start. The caller admits only names that obey `names`.
    pub(crate) fn new(bytes_max: u64, instance: u64, names: NameRule) -> Self {
        Self { instance, names, tree: RwLock::new(Tree::new(bytes_max)) }
    }

    // Nothing panics within a change; if something did, to continue is still better than to refuse everything.
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
        let (instance, id) = object.body.split_first_chunk().ok_or(Status::Stale)?;
        let id: [u8; 8] = id.try_into().map_err(|_| Status::Stale)?;
        let same = u64::from_be_bytes(*instance) == self.instance;
        if same { Ok(u64::from_be_bytes(id)) } else { Err(Status::Stale) }
    }

    /// Copies the next entries of a directory: `take` of a listing may call this tree and must not meet its lock.
    fn entries_after(&self, cred: &Cred, id: NodeId, cookie: u64) -> Result<Vec<(u64, Arc<[u8]>)>> {
        let tree = self.tree();
        let directory = tree.directory(id)?;
        access::require(&tree.attr(id)?, cred, access::READ)?;
        Ok(directory.after(cookie).take(ENTRIES_BATCH).map(|(cookie, name)| (cookie, name.clone())).collect())
    }

    fn created(&self, created: Created<(NodeId, FileType)>) -> Result<Created<Object>> {
        created.try_map(|(id, kind)| Ok(self.object(id, kind)))
    }
}

impl Volume for Memory {
    fn root(&self) -> Object {
        self.object(ROOT, FileType::Directory)
    }

    fn dependencies(&self) -> Vec<(DependencyKind, Vec<u8>)> {
        vec![(DependencyKind::Tree, self.instance.to_be_bytes().to_vec())]
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

impl Serve<GetattrRequest> for Memory {
    fn serve(&self, object: &Object, _: GetattrRequest) -> Result<Attr> {
        self.tree().attr(self.id(object)?)
    }
}

impl Serve<StatfsRequest> for Memory {
    fn serve(&self, object: &Object, _: StatfsRequest) -> Result<FsStat> {
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
}

impl Serve<PermissionRequest<'_>> for Memory {
    fn serve(&self, object: &Object, request: PermissionRequest<'_>) -> Result<Permission> {
        Ok(access::permitted(&self.tree().attr(self.id(object)?)?, request.cred))
    }
}

impl Serve<LookupRequest<'_>> for Memory {
    fn serve(&self, dir: &Object, request: LookupRequest<'_>) -> Result<Object> {
        let tree = self.tree();
        let id = tree.search(request.cred, self.id(dir)?, request.name)?.ok_or(Status::NoEnt)?;
        Ok(self.object(id, tree.node(id)?.content.kind()))
    }
}

impl Serve<ParentRequest<'_>> for Memory {
    fn serve(&self, dir: &Object, request: ParentRequest<'_>) -> Result<Object> {
        Ok(self.object(self.tree().parent(request.cred, self.id(dir)?)?, FileType::Directory))
    }
}

impl Serve<ReaddirRequest<'_>> for Memory {
    fn serve(&self, dir: &Object, request: ReaddirRequest<'_>) -> Result<bool> {
        let ReaddirRequest { cred, cookie, take } = request;
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
}

impl Serve<ReadlinkRequest> for Memory {
    fn serve(&self, link: &Object, _: ReadlinkRequest) -> Result<Vec<u8>> {
        match &self.tree().node(self.id(link)?)?.content {
            Content::Symlink(text) => Ok(text.clone()),
            _ => Err(Status::Inval),
        }
    }
}

impl Serve<CreateRequest<'_>> for Memory {
    fn serve(&self, dir: &Object, request: CreateRequest<'_>) -> Result<Created<Object>> {
        let dir = self.id(dir)?;
        let created = self.tree_mut().create(dir, request)?;
        self.created(created)
    }
}

impl Serve<CreateFileRequest<'_>> for Memory {
    fn serve(&self, dir: &Object, request: CreateFileRequest<'_>) -> Result<Created<Object>> {
        let dir = self.id(dir)?;
        let created = self.tree_mut().create_file(dir, request)?;
        self.created(created)
    }
}

impl Serve<SetattrRequest<'_>> for Memory {
    fn serve(&self, object: &Object, request: SetattrRequest<'_>) -> Result<()> {
        let id = self.id(object)?;
        self.tree_mut().setattr(id, request)
    }
}

impl Serve<ReadRequest<'_>> for Memory {
    fn serve(&self, file: &Object, request: ReadRequest<'_>) -> Result<bool> {
        self.tree().read(self.id(file)?, request)
    }
}

impl Serve<WriteRequest<'_>> for Memory {
    fn serve(&self, file: &Object, request: WriteRequest<'_>) -> Result<(u32, Stability)> {
        let id = self.id(file)?;
        let written = self.tree_mut().write(id, request)?;
        // Nothing here is lost while the tree is there: the client need not keep a copy until COMMIT.
        Ok((u32::try_from(written).unwrap_or(u32::MAX), Stability::FileSync))
    }
}

impl Serve<CommitRequest> for Memory {
    fn serve(&self, file: &Object, _: CommitRequest) -> Result<()> {
        self.tree().node(self.id(file)?).map(|_| ())
    }
}

impl Serve<SeekRequest<'_>> for Memory {
    fn serve(&self, file: &Object, request: SeekRequest<'_>) -> Result<Found> {
        self.tree().seek(self.id(file)?, request)
    }
}

impl Serve<AllocateRequest<'_>> for Memory {
    fn serve(&self, file: &Object, request: AllocateRequest<'_>) -> Result<()> {
        let id = self.id(file)?;
        self.tree_mut().allocate(id, request)
    }
}

impl Serve<DeallocateRequest<'_>> for Memory {
    fn serve(&self, file: &Object, request: DeallocateRequest<'_>) -> Result<()> {
        let id = self.id(file)?;
        self.tree_mut().deallocate(id, request)
    }
}

impl Serve<CopyRequest<'_, Object>> for Memory {
    fn serve(&self, _: &Object, _: CopyRequest<'_, Object>) -> Result<(u64, Stability)> {
        Err(Status::NotSupp)
    }
}

impl Serve<CloneRequest<'_, Object>> for Memory {
    fn serve(&self, source: &Object, request: CloneRequest<'_, Object>) -> Result<()> {
        let CloneRequest { from, target, to, count } = request;
        let (source, target) = (self.id(source)?, self.id(target)?);
        self.tree_mut().clone_region(source, CloneRequest { from, target: &target, to, count })
    }
}

impl Serve<GetxattrRequest<'_>> for Memory {
    fn serve(&self, object: &Object, request: GetxattrRequest<'_>) -> Result<Vec<u8>> {
        self.tree().xattr(self.id(object)?, request)
    }
}

impl Serve<SetxattrRequest<'_>> for Memory {
    fn serve(&self, object: &Object, request: SetxattrRequest<'_>) -> Result<ChangeInfo> {
        let id = self.id(object)?;
        self.tree_mut().set_xattr(id, request)
    }
}

impl Serve<RemovexattrRequest<'_>> for Memory {
    fn serve(&self, object: &Object, request: RemovexattrRequest<'_>) -> Result<ChangeInfo> {
        let id = self.id(object)?;
        self.tree_mut().remove_xattr(id, request)
    }
}

impl Serve<ListxattrsRequest<'_>> for Memory {
    fn serve(&self, object: &Object, request: ListxattrsRequest<'_>) -> Result<Vec<Vec<u8>>> {
        self.tree().list_xattrs(self.id(object)?, request)
    }
}

impl Serve<RemoveRequest<'_>> for Memory {
    fn serve(&self, dir: &Object, request: RemoveRequest<'_>) -> Result<ChangeInfo> {
        let dir = self.id(dir)?;
        self.tree_mut().remove(dir, request)
    }
}

impl Serve<RenameRequest<'_, Object>> for Memory {
    fn serve(
        &self,
        from_dir: &Object,
        request: RenameRequest<'_, Object>,
    ) -> Result<(ChangeInfo, ChangeInfo)> {
        let RenameRequest { cred, name, to_dir, to_name } = request;
        let (from_dir, to_dir) = (self.id(from_dir)?, self.id(to_dir)?);
        self.tree_mut().rename(from_dir, RenameRequest { cred, name, to_dir: &to_dir, to_name })
    }
}

impl Serve<LinkRequest<'_, Object>> for Memory {
    fn serve(&self, dir: &Object, request: LinkRequest<'_, Object>) -> Result<ChangeInfo> {
        let LinkRequest { cred, file, name } = request;
        let (file, dir) = (self.id(file)?, self.id(dir)?);
        self.tree_mut().link(dir, LinkRequest { cred, file: &file, name })
    }
}
