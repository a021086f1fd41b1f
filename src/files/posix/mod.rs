//! Exports that are real directories.
//!
//! Every operation opens what it needs and closes it again, apart from files that are held (see `held`); nothing is
//! cached but names (see `index`) and change attributes (see `change`). Objects are opened as `O_PATH`, which wakes no device and needs no permission; data is
//! reached through `/proc/self/fd`, which must be there. As root each access runs with the caller's identity in the
//! kernel's eyes; otherwise the mode bits decide first and new files belong to the server's user (see `creds`).

mod attrs;
mod body;
mod change;
mod creds;
mod dir;
mod entries;
mod errno;
mod file_system;
mod held;
mod index;
mod index_log;
mod io;
mod limits;
mod make;
mod node;
mod regions;
mod resolve;
mod setup;
mod sys;
mod whereabouts;
mod xattrs;

pub(super) use file_system::{FileSystem, Territories};
pub(in crate::files) use index::LiveMark;
pub use index_log::IndexError;
pub(in crate::files) use index_log::index_continues;
pub(super) use setup::Prepared;
pub use setup::SetupError;
pub(super) use whereabouts::{Whereabouts, has_own_handles, is_unmounted};

use super::handle::Object;
use super::volume::{Made, Volume};
use super::{
    Applied, Attr, ChangeInfo, CreateMode, DependencyKind, DirEntry, Found, FsStat, NewObject, Permission,
    Result, SetAttr, Side, Stability, access,
};
use crate::nfs4::{Content, Cred, FileType, Status, XattrMode};
use creds::Rights;
use errno::status;
use index::Id;
use node::Node;
use rustix::fs::{Mode, OFlags};
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Arc;

/// Most hard links that file systems commonly allow (ext4); none can be asked for the number.
const LINKS_MAX: u32 = 65_000;

/// A directory that is exported.
#[derive(Debug)]
pub(crate) struct Posix {
    root: OwnedFd,
    root_id: Id,
    root_inode: (u64, u64),
    root_mount: u64,
    root_read_only: bool,
    /// `/proc/self/fd`.
    descriptors: OwnedFd,
    rights: Rights,
    whereabouts: Whereabouts,
    /// What it shares with other exports.
    fs: Arc<FileSystem>,
}

impl Posix {
    /// Opens the data of an object that is open as `O_PATH`; permissions are checked as for any open.
    fn reopen(&self, node: &Node, flags: OFlags) -> std::result::Result<OwnedFd, rustix::io::Errno> {
        let flags = flags | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        rustix::fs::openat(&self.descriptors, node.fd.as_raw_fd().to_string(), flags, Mode::empty())
    }

    /// Where the kernel does not see the caller: refuses what the mode bits do not give.
    fn require(&self, node: &Node, cred: &Cred, want: Permission) -> Result<()> {
        if self.rights.by_mode_bits() { access::require(&node.attr()?, cred, want) } else { Ok(()) }
    }

    /// Attributes as the namespace gives them out.
    fn attr(&self, node: &Node) -> Result<Attr> {
        let mut attr = node.attr()?;
        attr.change = self.fs.changes.get(node.inode(), node.ctime());
        attr.fsid.1 = if node.inode().0 == self.root_inode.0 { 0 } else { node.inode().0 };
        Ok(attr)
    }

    /// Notes that the object was changed just now; answers its new change attribute.
    fn changed(&self, node: &mut Node) -> Result<u64> {
        node.refresh()?;
        Ok(self.fs.changes.raise(node.inode(), node.ctime()))
    }

    /// The change of an object whose change attribute was `before`.
    fn dir_changed(&self, dir: &mut Node, before: u64) -> Result<ChangeInfo> {
        Ok(ChangeInfo { atomic: false, before, after: self.changed(dir)? })
    }

    fn change_of(&self, node: &Node) -> u64 {
        self.fs.changes.get(node.inode(), node.ctime())
    }
}

impl Volume for Posix {
    fn root(&self) -> Object {
        Object { kind: FileType::Directory, body: self.root_id.clone() }
    }

    fn dependencies(&self) -> Vec<(DependencyKind, Vec<u8>)> {
        vec![(DependencyKind::Directory, self.mark())]
    }

    fn index_mark(&self) -> Option<Arc<LiveMark>> {
        Some(self.index().mark())
    }

    fn make_lasting(&self) -> Result<()> {
        if !self.index().is_behind() {
            return Ok(());
        }
        self.index_mut().catch_up().map_err(|error| match error.kind() {
            std::io::ErrorKind::StorageFull => Status::NoSpc,
            std::io::ErrorKind::QuotaExceeded => Status::DQuot,
            _ => Status::Io,
        })
    }

    fn sync_handles(&self) -> std::io::Result<()> {
        self.index_mut().sync()
    }

    fn getattr(&self, object: &Object) -> Result<Attr> {
        let node = self.resolve(object)?;
        let mut attr = self.attr(&node)?;
        if let Some(fileid) = self.covered_fileid(&node) {
            attr.mounted_on_fileid = fileid;
        }
        Ok(attr)
    }

    fn statfs(&self, object: &Object) -> Result<FsStat> {
        let node = self.resolve(object)?;
        let stat = rustix::fs::fstatvfs(&node.fd).map_err(status)?;
        let bytes = |blocks: u64| blocks.saturating_mul(stat.f_frsize);
        Ok(FsStat {
            space_total: bytes(stat.f_blocks),
            space_free: bytes(stat.f_bfree),
            space_avail: bytes(stat.f_bavail),
            files_total: stat.f_files,
            files_free: stat.f_ffree,
            files_avail: stat.f_favail,
            maxfilesize: self.file_size_max(&node),
            maxname: u32::try_from(stat.f_namemax).unwrap_or(u32::MAX),
            maxlink: LINKS_MAX,
            clone_blksize: u32::try_from(stat.f_bsize).unwrap_or(u32::MAX),
            // Whatever the export takes, others may have made another name.
            utf8_only: false,
        })
    }

    fn permission(&self, cred: &Cred, object: &Object) -> Result<Permission> {
        self.permission_of(cred, &self.resolve(object)?)
    }

    fn lookup(&self, cred: &Cred, dir: &Object, name: &[u8]) -> Result<Object> {
        let node = self.resolve(dir)?;
        let entry = self.look(cred, &node, name)?.ok_or(Status::NoEnt)?;
        self.identify(&entry, dir, name)
    }

    fn parent(&self, cred: &Cred, dir: &Object) -> Result<Object> {
        let node = self.resolve(dir)?;
        if !self.permission_of(cred, &node)?.execute {
            return Err(Status::Access);
        }
        self.above(dir, &node)
    }

    fn readdir(
        &self,
        cred: &Cred,
        dir: &Object,
        cookie: u64,
        take: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<bool> {
        self.list(cred, &self.resolve(dir)?, cookie, take)
    }

    fn readlink(&self, _cred: &Cred, link: &Object) -> Result<Vec<u8>> {
        let node = self.resolve(link)?;
        let text = rustix::fs::readlinkat(&node.fd, "", Vec::new()).map_err(status)?;
        Ok(text.into_bytes())
    }

    fn create(
        &self,
        cred: &Cred,
        dir: &Object,
        name: &[u8],
        what: NewObject<'_>,
        set: &SetAttr,
    ) -> Result<Made> {
        self.make_object(cred, dir, name, what, set)
    }

    fn create_file(
        &self,
        cred: &Cred,
        dir: &Object,
        name: &[u8],
        mode: CreateMode,
        set: &SetAttr,
    ) -> Result<Made> {
        self.make_or_find_file(cred, dir, name, mode, set)
    }

    fn setattr(&self, cred: &Cred, object: &Object, set: &SetAttr, by_right: bool) -> (Applied, Result<()>) {
        let mut applied = Applied::default();
        let result = self.resolve(object).and_then(|mut node| {
            let result = self.apply(cred, &mut node, set, by_right, &mut applied);
            if applied != Applied::default() {
                self.changed(&mut node)?;
            }
            result
        });
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
        self.read_data(cred, &self.resolve(file)?, offset, count, by_right, data)
    }

    fn write(
        &self,
        cred: &Cred,
        file: &Object,
        offset: u64,
        data: &[u8],
        stability: Stability,
        by_right: bool,
    ) -> Result<(u32, Stability)> {
        let written = self.write_data(cred, self.resolve(file)?, offset, data, stability, by_right)?;
        Ok((written, stability))
    }

    fn commit(&self, _cred: &Cred, file: &Object) -> Result<()> {
        self.sync(&self.resolve(file)?)
    }

    fn seek(&self, cred: &Cred, file: &Object, offset: u64, what: Content, by_right: bool) -> Result<Found> {
        self.seek_content(cred, &self.resolve(file)?, offset, what, by_right)
    }

    fn allocate(&self, cred: &Cred, file: &Object, offset: u64, length: u64, by_right: bool) -> Result<()> {
        self.make_room(cred, self.resolve(file)?, (offset, length), by_right)
    }

    fn deallocate(&self, cred: &Cred, file: &Object, offset: u64, length: u64, by_right: bool) -> Result<()> {
        self.make_hole(cred, self.resolve(file)?, (offset, length), by_right)
    }

    fn copy(&self, from: Side<'_, Object>, to: Side<'_, Object>, count: u64) -> Result<(u64, Stability)> {
        self.copy_region(&from, &to, count)
    }

    fn clone_region(&self, from: Side<'_, Object>, to: Side<'_, Object>, count: u64) -> Result<()> {
        self.clone_data(&from, &to, count)
    }

    fn xattr(&self, cred: &Cred, object: &Object, name: &[u8]) -> Result<Vec<u8>> {
        self.get_xattr(cred, &self.resolve(object)?, name)
    }

    fn set_xattr(
        &self,
        cred: &Cred,
        object: &Object,
        name: &[u8],
        value: &[u8],
        mode: XattrMode,
    ) -> Result<ChangeInfo> {
        self.put_xattr(cred, self.resolve(object)?, name, value, mode)
    }

    fn remove_xattr(&self, cred: &Cred, object: &Object, name: &[u8]) -> Result<ChangeInfo> {
        self.drop_xattr(cred, self.resolve(object)?, name)
    }

    fn list_xattrs(&self, cred: &Cred, object: &Object) -> Result<Vec<Vec<u8>>> {
        self.xattr_names(cred, &self.resolve(object)?)
    }

    fn remove(&self, cred: &Cred, dir: &Object, name: &[u8]) -> Result<ChangeInfo> {
        self.remove_entry(cred, dir, name)
    }

    fn rename(
        &self,
        cred: &Cred,
        from_dir: &Object,
        from: &[u8],
        to_dir: &Object,
        to: &[u8],
    ) -> Result<(ChangeInfo, ChangeInfo)> {
        self.rename_entry(cred, (from_dir, from), (to_dir, to))
    }

    fn link(&self, cred: &Cred, object: &Object, dir: &Object, name: &[u8]) -> Result<ChangeInfo> {
        self.link_entry(cred, object, dir, name)
    }

    fn hold(&self, file: &Object) -> Result<()> {
        self.hold_file(file)
    }

    fn release(&self, file: &Object) {
        self.release_file(file);
    }
}
