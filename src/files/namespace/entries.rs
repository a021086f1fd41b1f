//! Lookups, and changes of entries.

use super::route::{Route, Target};
use super::tree::Namespace;
use crate::files::access;
use crate::files::request::{
    ChangeInfo, CreateFileRequest, CreateMode, CreateRequest, Created, LinkRequest, LookupRequest,
    ParentRequest, PermissionRequest, RemoveRequest, RenameRequest,
};
use crate::files::result::Result;
use crate::nfs4::{Cred, FileType, Filehandle, Status};

/// What removing or renaming a graft is answered.
const GRAFT_IS_FIXED: Status = Status::Access;

/// Finds a directory in which the entry `name` is about to change. Errors: `taken` when a graft has that name.
fn changing<'n>(
    namespace: &'n Namespace,
    dir: &Filehandle,
    name: &[u8],
    taken: Status,
) -> Result<Target<'n>> {
    let dir = namespace.target(dir)?;
    dir.require_dir()?;
    dir.mount.check_name(name)?;
    if namespace.graft(dir.mount, &dir.object, name).is_some() { Err(taken) } else { Ok(dir) }
}

/// Requires permission to search the directory. Errors: `Access`.
fn require_search(cred: &Cred, dir: &Target<'_>) -> Result<()> {
    if dir.serve(PermissionRequest { cred })?.execute { Ok(()) } else { Err(Status::Access) }
}

impl Route for LookupRequest<'_> {
    fn route(self, namespace: &Namespace, fh: &Filehandle) -> Result<Filehandle> {
        let dir = namespace.target(fh)?;
        match dir.object.kind {
            FileType::Directory => {}
            FileType::Symlink => return Err(Status::Symlink),
            _ => return Err(Status::NotDir),
        }
        dir.mount.check_name(self.name)?;
        if let Some(graft) = namespace.graft(dir.mount, &dir.object, self.name) {
            require_search(self.cred, &dir)?;
            return namespace.seal(graft, &graft.root);
        }
        namespace.seal(dir.mount, &dir.serve(self)?)
    }
}

impl Route for ParentRequest<'_> {
    fn route(self, namespace: &Namespace, fh: &Filehandle) -> Result<Filehandle> {
        let dir = namespace.target(fh)?;
        dir.require_dir()?;
        if dir.object != dir.mount.root {
            return namespace.seal(dir.mount, &dir.serve(self)?);
        }
        if namespace.is_root(dir.mount, &dir.object) {
            return Err(Status::NoEnt);
        }
        require_search(self.cred, &dir)?;
        Ok(namespace.root())
    }
}

impl Route for CreateRequest<'_> {
    fn route(self, namespace: &Namespace, fh: &Filehandle) -> Result<Created> {
        let dir = changing(namespace, fh, self.name, Status::Exist)?;
        if self.set.size.is_some() {
            return Err(Status::Inval);
        }
        dir.serve(self)?.try_map(|object| namespace.seal(dir.mount, &object))
    }
}

impl Route for CreateFileRequest<'_> {
    fn route(self, namespace: &Namespace, fh: &Filehandle) -> Result<Created> {
        let taken = if self.mode == CreateMode::Unchecked { Status::IsDir } else { Status::Exist };
        let dir = changing(namespace, fh, self.name, taken)?;
        if let Some(size) = self.set.size {
            access::check_size(FileType::Regular, size)?;
        }
        dir.serve(self)?.try_map(|object| namespace.seal(dir.mount, &object))
    }
}

impl Route for RemoveRequest<'_> {
    fn route(self, namespace: &Namespace, fh: &Filehandle) -> Result<ChangeInfo> {
        changing(namespace, fh, self.name, GRAFT_IS_FIXED)?.serve(self)
    }
}

impl Route for RenameRequest<'_> {
    fn route(self, namespace: &Namespace, fh: &Filehandle) -> Result<(ChangeInfo, ChangeInfo)> {
        let RenameRequest { cred, name, to_dir, to_name } = self;
        let from_dir = changing(namespace, fh, name, GRAFT_IS_FIXED)?;
        let to_dir = changing(namespace, to_dir, to_name, Status::Exist)?;
        if from_dir.mount.id != to_dir.mount.id {
            return Err(Status::Xdev);
        }
        from_dir.serve(RenameRequest { cred, name, to_dir: &to_dir.object, to_name })
    }
}

impl Route for LinkRequest<'_> {
    fn route(self, namespace: &Namespace, fh: &Filehandle) -> Result<ChangeInfo> {
        let LinkRequest { cred, file, name } = self;
        let file = namespace.target(file)?;
        if file.object.kind == FileType::Directory {
            return Err(Status::IsDir);
        }
        let dir = changing(namespace, fh, name, Status::Exist)?;
        if file.mount.files_id != dir.mount.files_id {
            return Err(Status::Xdev);
        }
        dir.serve(LinkRequest { cred, file: &file.object, name })
    }
}
