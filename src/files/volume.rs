//! What a backend must offer to the namespace: [`Files`](super::Files) for one export, in terms of [`Object`]s.

use super::handle::Object;
use super::posix::LiveMark;
use super::{
    Applied, Attr, ChangeInfo, CreateMode, DependencyKind, DirEntry, Found, FsStat, NewObject, Permission,
    Result, SetAttr, Side, Stability,
};
use crate::nfs4::{Content, Cred, Status, XattrMode};
use std::sync::Arc;

/// A new or found object; the fields as in [`Created`](super::Created).
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) object: Object,
    pub(crate) change: ChangeInfo,
    pub(crate) applied: Applied,
    pub(crate) new: bool,
}

/// The tree of one export. The methods are those of [`Files`](super::Files), where each is described; what differs:
///
/// - the namespace has checked the kinds: `dir` names a directory, `readlink` gets a symbolic link, `read`, `write`,
///   `commit`, a new size and all that speaks of regions a regular file, `link` no directory, `hold` and `release` a
///   regular file, extended attributes a regular file or a directory; that offsets and sizes fit an `i64`, regions are
///   not empty, names of extended attributes are possible ones and their values not too long; and that both sides of a
///   copy are in this export, the source is long enough and regions of one file do not overlap;
/// - what only some backends can has a body here that refuses, and `copy` is read and written when that is `NotSupp`;
/// - `getattr` leaves the major part of `fsid` 0;
/// - a body may be one of another backend or of an earlier start: what it cannot be is `Stale`.
pub(crate) trait Volume: Send + Sync + 'static {
    /// The root of the export.
    fn root(&self) -> Object;

    /// What the handles of this export depend on: kind and mark of each. See [`Dependency`](super::Dependency).
    fn dependencies(&self) -> Vec<(DependencyKind, Vec<u8>)>;

    /// How far the index has come on which handles depend, if there is one.
    fn index_mark(&self) -> Option<Arc<LiveMark>> {
        None
    }

    /// See [`Files::make_lasting`](super::Files::make_lasting).
    fn make_lasting(&self) -> Result<()> {
        Ok(())
    }

    /// See [`Files::sync_handles`](super::Files::sync_handles).
    fn sync_handles(&self) -> std::io::Result<()> {
        Ok(())
    }

    fn getattr(&self, object: &Object) -> Result<Attr>;

    fn statfs(&self, object: &Object) -> Result<FsStat>;

    fn permission(&self, cred: &Cred, object: &Object) -> Result<Permission>;

    fn lookup(&self, cred: &Cred, dir: &Object, name: &[u8]) -> Result<Object>;

    /// The directory that holds `dir`; never asked for the root of the export.
    fn parent(&self, cred: &Cred, dir: &Object) -> Result<Object>;

    fn readdir(
        &self,
        cred: &Cred,
        dir: &Object,
        cookie: u64,
        take: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<bool>;

    fn readlink(&self, cred: &Cred, link: &Object) -> Result<Vec<u8>>;

    fn create(
        &self,
        cred: &Cred,
        dir: &Object,
        name: &[u8],
        what: NewObject<'_>,
        set: &SetAttr,
    ) -> Result<Made>;

    fn create_file(
        &self,
        cred: &Cred,
        dir: &Object,
        name: &[u8],
        mode: CreateMode,
        set: &SetAttr,
    ) -> Result<Made>;

    fn setattr(&self, cred: &Cred, object: &Object, set: &SetAttr, by_right: bool) -> (Applied, Result<()>);

    fn read(
        &self,
        cred: &Cred,
        file: &Object,
        offset: u64,
        count: u32,
        by_right: bool,
        data: &mut Vec<u8>,
    ) -> Result<bool>;

    fn write(
        &self,
        cred: &Cred,
        file: &Object,
        offset: u64,
        data: &[u8],
        stability: Stability,
        by_right: bool,
    ) -> Result<(u32, Stability)>;

    fn commit(&self, cred: &Cred, file: &Object) -> Result<()>;

    fn seek(&self, _: &Cred, _: &Object, _offset: u64, _: Content, _by_right: bool) -> Result<Found> {
        Err(Status::NotSupp)
    }

    fn allocate(&self, _: &Cred, _: &Object, _offset: u64, _length: u64, _by_right: bool) -> Result<()> {
        Err(Status::NotSupp)
    }

    fn deallocate(&self, _: &Cred, _: &Object, _offset: u64, _length: u64, _by_right: bool) -> Result<()> {
        Err(Status::NotSupp)
    }

    fn copy(&self, _: Side<'_, Object>, _: Side<'_, Object>, _count: u64) -> Result<(u64, Stability)> {
        Err(Status::NotSupp)
    }

    fn clone_region(&self, _: Side<'_, Object>, _: Side<'_, Object>, _count: u64) -> Result<()> {
        Err(Status::NotSupp)
    }

    fn xattr(&self, _: &Cred, _: &Object, _name: &[u8]) -> Result<Vec<u8>> {
        Err(Status::NotSupp)
    }

    fn set_xattr(
        &self,
        _: &Cred,
        _: &Object,
        _name: &[u8],
        _value: &[u8],
        _: XattrMode,
    ) -> Result<ChangeInfo> {
        Err(Status::NotSupp)
    }

    fn remove_xattr(&self, _: &Cred, _: &Object, _name: &[u8]) -> Result<ChangeInfo> {
        Err(Status::NotSupp)
    }

    fn list_xattrs(&self, _: &Cred, _: &Object) -> Result<Vec<Vec<u8>>> {
        Err(Status::NotSupp)
    }

    fn remove(&self, cred: &Cred, dir: &Object, name: &[u8]) -> Result<ChangeInfo>;

    fn rename(
        &self,
        cred: &Cred,
        from_dir: &Object,
        from: &[u8],
        to_dir: &Object,
        to: &[u8],
    ) -> Result<(ChangeInfo, ChangeInfo)>;

    fn link(&self, cred: &Cred, object: &Object, dir: &Object, name: &[u8]) -> Result<ChangeInfo>;

    fn hold(&self, file: &Object) -> Result<()>;

    fn release(&self, file: &Object);
}
