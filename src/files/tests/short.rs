//! Short forms of the requests, for tests: what is asked by position.

use crate::files::*;
use crate::nfs4::{Content, Cred, Filehandle, XattrMode};

/// A file and where in it a copy reads or writes.
pub(super) type FileSide<'a> = (&'a Filehandle, Side<'a>);

impl Namespace {
    pub(super) fn getattr(&self, fh: &Filehandle) -> Result<Attr> {
        self.call(fh, GetattrRequest)
    }

    pub(super) fn statfs(&self, fh: &Filehandle) -> Result<FsStat> {
        self.call(fh, StatfsRequest)
    }

    pub(super) fn permission(&self, cred: &Cred, fh: &Filehandle) -> Result<Permission> {
        self.call(fh, PermissionRequest { cred })
    }

    pub(super) fn lookup(&self, cred: &Cred, dir: &Filehandle, name: &[u8]) -> Result<Filehandle> {
        self.call(dir, LookupRequest { cred, name })
    }

    pub(super) fn parent(&self, cred: &Cred, dir: &Filehandle) -> Result<Filehandle> {
        self.call(dir, ParentRequest { cred })
    }

    pub(super) fn readdir(
        &self,
        cred: &Cred,
        dir: &Filehandle,
        cookie: u64,
        take: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<bool> {
        self.call(dir, ReaddirRequest { cred, cookie, take })
    }

    pub(super) fn create(
        &self,
        cred: &Cred,
        dir: &Filehandle,
        name: &[u8],
        object: NewObject<'_>,
        set: &SetAttr,
    ) -> Result<Created> {
        self.call(dir, CreateRequest { cred, name, object, set })
    }

    pub(super) fn create_file(
        &self,
        cred: &Cred,
        dir: &Filehandle,
        name: &[u8],
        mode: CreateMode,
        set: &SetAttr,
    ) -> Result<Created> {
        self.call(dir, CreateFileRequest { cred, name, mode, set })
    }

    pub(super) fn setattr(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        set: &SetAttr,
        has_open: bool,
    ) -> (Applied, Result<()>) {
        let mut applied = Applied::default();
        let result = self.call(fh, SetattrRequest { cred, set, has_open, applied: &mut applied });
        (applied, result)
    }

    pub(super) fn read(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        offset: u64,
        count: u32,
        has_open: bool,
        data: &mut Vec<u8>,
    ) -> Result<bool> {
        self.call(fh, ReadRequest { cred, offset, count, has_open, data })
    }

    pub(super) fn write(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        offset: u64,
        data: &[u8],
        stability: Stability,
        has_open: bool,
    ) -> Result<(u32, Stability)> {
        self.call(fh, WriteRequest { cred, offset, data, stability, has_open })
    }

    pub(super) fn seek(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        offset: u64,
        content: Content,
        has_open: bool,
    ) -> Result<Found> {
        self.call(fh, SeekRequest { cred, offset, content, has_open })
    }

    pub(super) fn copy(
        &self,
        (source, from): FileSide<'_>,
        (target, to): FileSide<'_>,
        count: u64,
    ) -> Result<(u64, Stability)> {
        self.call(source, CopyRequest { from, target, to, count })
    }

    pub(super) fn clone_region(
        &self,
        (source, from): FileSide<'_>,
        (target, to): FileSide<'_>,
        count: u64,
    ) -> Result<()> {
        self.call(source, CloneRequest { from, target, to, count })
    }

    pub(super) fn set_xattr(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        name: &[u8],
        value: &[u8],
        mode: XattrMode,
    ) -> Result<ChangeInfo> {
        self.call(fh, SetxattrRequest { cred, name, value, mode })
    }

    pub(super) fn remove(&self, cred: &Cred, dir: &Filehandle, name: &[u8]) -> Result<ChangeInfo> {
        self.call(dir, RemoveRequest { cred, name })
    }

    pub(super) fn rename(
        &self,
        cred: &Cred,
        from_dir: &Filehandle,
        name: &[u8],
        to_dir: &Filehandle,
        to_name: &[u8],
    ) -> Result<(ChangeInfo, ChangeInfo)> {
        self.call(from_dir, RenameRequest { cred, name, to_dir, to_name })
    }

    pub(super) fn link(
        &self,
        cred: &Cred,
        file: &Filehandle,
        dir: &Filehandle,
        name: &[u8],
    ) -> Result<ChangeInfo> {
        self.call(dir, LinkRequest { cred, file, name })
    }
}
