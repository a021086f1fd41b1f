//! [`Files`] for the namespace: finds the export of each handle, checks kinds and bounds, and asks its backend.

use super::entries::GRAFT_IS_FIXED;
use super::{Mount, Namespace};
use crate::files::handle::Object;
use crate::files::volume::Made;
use crate::files::{
    Applied, Attr, ChangeInfo, CreateMode, Created, DirEntry, Files, Found, FsStat, NewObject, Permission,
    Result, SetAttr, Side, Stability, access,
};
use crate::nfs4::{Content, Cred, FileType, Filehandle, Status, XattrMode};

impl Namespace {
    fn created(&self, mount: &Mount, made: Made) -> Result<Created> {
        let fh = self.seal(mount, &made.object)?;
        Ok(Created { fh, change: made.change, applied: made.applied, new: made.new })
    }

    /// A directory in which the entry `name` is about to change; `taken` when a graft has that name.
    fn locate_to_change(&self, dir: &Filehandle, name: &[u8], taken: Status) -> Result<(&Mount, Object)> {
        let (mount, dir) = self.locate_dir(dir)?;
        mount.check_name(name)?;
        if self.graft(mount, &dir, name).is_some() { Err(taken) } else { Ok((mount, dir)) }
    }
}

impl Files for Namespace {
    fn root(&self) -> Filehandle {
        self.root.clone()
    }

    fn file_type(&self, fh: &Filehandle) -> Result<FileType> {
        self.genuine.kind(fh, || Ok(self.locate(fh)?.1.kind))
    }

    fn canonical(&self, fh: &Filehandle) -> Option<Filehandle> {
        self.handle_now(fh)
    }

    fn squash(&self, fh: &Filehandle, cred: Cred) -> Cred {
        // A handle that we cannot read gives no rights.
        let squash = self.locate(fh).map_or(true, |(mount, _)| mount.root_squash);
        if squash { squashed(cred) } else { cred }
    }

    fn getattr(&self, fh: &Filehandle) -> Result<Attr> {
        let (mount, object) = self.locate(fh)?;
        Ok(self.complete(mount, &object, mount.volume.getattr(&object)?))
    }

    fn statfs(&self, fh: &Filehandle) -> Result<FsStat> {
        let (mount, object) = self.locate(fh)?;
        mount.volume.statfs(&object)
    }

    fn permission(&self, cred: &Cred, fh: &Filehandle) -> Result<Permission> {
        let (mount, object) = self.locate(fh)?;
        mount.volume.permission(cred, &object)
    }

    fn lookup(&self, cred: &Cred, dir: &Filehandle, name: &[u8]) -> Result<Filehandle> {
        self.lookup_in(cred, dir, name)
    }

    fn parent(&self, cred: &Cred, dir: &Filehandle) -> Result<Filehandle> {
        self.parent_of(cred, dir)
    }

    fn readdir(
        &self,
        cred: &Cred,
        dir: &Filehandle,
        cookie: u64,
        take: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<bool> {
        self.list(cred, dir, cookie, take)
    }

    fn readlink(&self, cred: &Cred, fh: &Filehandle) -> Result<Vec<u8>> {
        let (mount, object) = self.locate(fh)?;
        if object.kind != FileType::Symlink {
            return Err(Status::Inval);
        }
        mount.volume.readlink(cred, &object)
    }

    fn create(
        &self,
        cred: &Cred,
        dir: &Filehandle,
        name: &[u8],
        what: NewObject<'_>,
        set: &SetAttr,
    ) -> Result<Created> {
        let (mount, dir) = self.locate_to_change(dir, name, Status::Exist)?;
        if set.size.is_some() {
            return Err(Status::Inval);
        }
        self.created(mount, mount.volume.create(cred, &dir, name, what, set)?)
    }

    fn create_file(
        &self,
        cred: &Cred,
        dir: &Filehandle,
        name: &[u8],
        mode: CreateMode,
        set: &SetAttr,
    ) -> Result<Created> {
        let taken = if mode == CreateMode::Unchecked { Status::IsDir } else { Status::Exist };
        let (mount, dir) = self.locate_to_change(dir, name, taken)?;
        if let Some(size) = set.size {
            access::check_size(FileType::Regular, size)?;
        }
        self.created(mount, mount.volume.create_file(cred, &dir, name, mode, set)?)
    }

    fn setattr(&self, cred: &Cred, fh: &Filehandle, set: &SetAttr, by_right: bool) -> (Applied, Result<()>) {
        let located = self.locate(fh).and_then(|(mount, object)| {
            set.size.map_or(Ok(()), |size| access::check_size(object.kind, size))?;
            Ok((mount, object))
        });
        match located {
            Ok((mount, object)) => mount.volume.setattr(cred, &object, set, by_right),
            Err(status) => (Applied::default(), Err(status)),
        }
    }

    fn read(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        offset: u64,
        count: u32,
        by_right: bool,
        data: &mut Vec<u8>,
    ) -> Result<bool> {
        let (mount, object) = self.locate_file(fh)?;
        // No file reaches there; the system calls would call such an offset invalid.
        let offset = offset.min(i64::MAX as u64);
        let count = count.min(u32::try_from(i64::MAX as u64 - offset).unwrap_or(u32::MAX));
        mount.volume.read(cred, &object, offset, count, by_right, data)
    }

    fn write(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        offset: u64,
        data: &[u8],
        stability: Stability,
        by_right: bool,
    ) -> Result<(u32, Stability)> {
        let (mount, object) = self.locate_file(fh)?;
        let end = offset.checked_add(data.len() as u64).ok_or(Status::FBig)?;
        access::check_size(FileType::Regular, end)?;
        mount.volume.write(cred, &object, offset, data, stability, by_right)
    }

    fn commit(&self, cred: &Cred, fh: &Filehandle) -> Result<()> {
        let (mount, object) = self.locate_file(fh)?;
        mount.volume.commit(cred, &object)
    }

    fn seek(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        offset: u64,
        what: Content,
        by_right: bool,
    ) -> Result<Found> {
        self.seek_in(cred, fh, offset, what, by_right)
    }

    fn allocate(&self, cred: &Cred, fh: &Filehandle, offset: u64, length: u64, by_right: bool) -> Result<()> {
        self.allocate_in(cred, fh, (offset, length), by_right)
    }

    fn deallocate(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        offset: u64,
        length: u64,
        by_right: bool,
    ) -> Result<()> {
        self.deallocate_in(cred, fh, (offset, length), by_right)
    }

    fn copy(&self, from: Side<'_>, to: Side<'_>, count: u64) -> Result<(u64, Stability)> {
        self.copy_between(from, to, count)
    }

    fn clone_region(&self, from: Side<'_>, to: Side<'_>, count: u64) -> Result<()> {
        self.clone_between(from, to, count)
    }

    fn xattr(&self, cred: &Cred, fh: &Filehandle, name: &[u8]) -> Result<Vec<u8>> {
        self.xattr_of(cred, fh, name)
    }

    fn set_xattr(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        name: &[u8],
        value: &[u8],
        mode: XattrMode,
    ) -> Result<ChangeInfo> {
        self.set_xattr_of(cred, fh, name, value, mode)
    }

    fn remove_xattr(&self, cred: &Cred, fh: &Filehandle, name: &[u8]) -> Result<ChangeInfo> {
        let (mount, object) = self.locate_to_set_xattr(fh, name)?;
        mount.volume.remove_xattr(cred, &object, name)
    }

    fn list_xattrs(&self, cred: &Cred, fh: &Filehandle) -> Result<Vec<Vec<u8>>> {
        self.xattrs_of(cred, fh)
    }

    fn remove(&self, cred: &Cred, dir: &Filehandle, name: &[u8]) -> Result<ChangeInfo> {
        let (mount, dir) = self.locate_to_change(dir, name, GRAFT_IS_FIXED)?;
        mount.volume.remove(cred, &dir, name)
    }

    fn rename(
        &self,
        cred: &Cred,
        from_dir: &Filehandle,
        from: &[u8],
        to_dir: &Filehandle,
        to: &[u8],
    ) -> Result<(ChangeInfo, ChangeInfo)> {
        let (mount, from_dir) = self.locate_to_change(from_dir, from, GRAFT_IS_FIXED)?;
        let (to_mount, to_dir) = self.locate_to_change(to_dir, to, Status::Exist)?;
        if mount.id != to_mount.id {
            return Err(Status::Xdev);
        }
        mount.volume.rename(cred, &from_dir, from, &to_dir, to)
    }

    fn link(&self, cred: &Cred, fh: &Filehandle, dir: &Filehandle, name: &[u8]) -> Result<ChangeInfo> {
        let (mount, object) = self.locate(fh)?;
        if object.kind == FileType::Directory {
            return Err(Status::IsDir);
        }
        let (to_mount, dir) = self.locate_to_change(dir, name, Status::Exist)?;
        if mount.files_id != to_mount.files_id {
            return Err(Status::Xdev);
        }
        to_mount.volume.link(cred, &object, &dir, name)
    }

    fn make_lasting(&self, fh: &Filehandle) -> Result<()> {
        self.locate(fh)?.0.volume.make_lasting()
    }

    fn sync_handles(&self) -> std::io::Result<()> {
        self.by_id.values().try_for_each(|mount| mount.volume.sync_handles())
    }

    fn hold(&self, fh: &Filehandle) -> Result<()> {
        let (mount, object) = self.locate(fh)?;
        if object.kind == FileType::Regular { mount.volume.hold(&object) } else { Ok(()) }
    }

    fn release(&self, fh: &Filehandle) {
        if let Ok((mount, object)) = self.locate_file(fh) {
            mount.volume.release(&object);
        }
    }
}

/// The credential without anything of root in it.
fn squashed(mut cred: Cred) -> Cred {
    if cred.uid == 0 {
        cred.uid = Cred::NOBODY;
    }
    if cred.gid == 0 {
        cred.gid = Cred::NOBODY;
    }
    cred.groups.iter_mut().filter(|group| **group == 0).for_each(|group| *group = Cred::NOBODY);
    cred
}
