//! An export that is a directory, and what most of its operations need.

use super::creds::Rights;
use super::file_system::FileSystem;
use super::id::Id;
use super::location::Location;
use super::node::Node;
use super::prepared::{Prepared, SetupError};
use crate::files::access;
use crate::files::attr::Attr;
use crate::files::request::{ChangeInfo, Permission};
use crate::files::result::Result;
use crate::nfs4::Cred;
use rustix::fs::{CWD, Mode, OFlags};
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Arc;

/// Serves a directory.
#[derive(Debug)]
pub(crate) struct Posix {
    pub(super) root: OwnedFd,
    pub(super) root_id: Id,
    pub(super) root_inode: (u64, u64),
    pub(super) root_mount: u64,
    pub(super) root_read_only: bool,
    /// `/proc/self/fd`.
    pub(super) descriptors: OwnedFd,
    pub(super) rights: Rights,
    pub(super) location: Location,
    /// What it shares with other exports.
    pub(super) fs: Arc<FileSystem>,
}

impl Posix {
    /// Creates the export of a directory on this file system.
    pub(crate) fn new(
        prepared: Prepared,
        fs: Arc<FileSystem>,
        location: Location,
    ) -> std::result::Result<Self, SetupError> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let descriptors = rustix::fs::openat(CWD, "/proc/self/fd", flags, Mode::empty())
            .map_err(|error| SetupError::Proc(error.into()))?;
        Ok(Self {
            root_id: prepared.root_id(fs.kernel, fs.births),
            root_inode: prepared.inode(),
            root_mount: prepared.mount(),
            root_read_only: prepared.read_only(),
            root: prepared.into_root(),
            descriptors,
            rights: Rights::detect(),
            location,
            fs,
        })
    }

    /// Opens the data of an object that is open as `O_PATH`; permissions are checked as for any open.
    pub(super) fn reopen(
        &self,
        node: &Node,
        flags: OFlags,
    ) -> std::result::Result<OwnedFd, rustix::io::Errno> {
        let flags = flags | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        rustix::fs::openat(&self.descriptors, node.fd.as_raw_fd().to_string(), flags, Mode::empty())
    }

    /// Refuses, where the kernel does not see the caller, what the mode bits do not permit. Errors: `Access`.
    pub(super) fn require(&self, node: &Node, cred: &Cred, needed: Permission) -> Result<()> {
        if self.rights.by_mode_bits() { access::require(&node.attr()?, cred, needed) } else { Ok(()) }
    }

    /// Returns the attributes as the namespace gives them out.
    pub(super) fn attr(&self, node: &Node) -> Result<Attr> {
        let mut attr = node.attr()?;
        attr.change = self.change_of(node);
        attr.fsid.1 = if node.inode().0 == self.root_inode.0 { 0 } else { node.inode().0 };
        Ok(attr)
    }

    /// Records that the object has just been changed; returns its new change attribute.
    pub(super) fn changed(&self, node: &mut Node) -> Result<u64> {
        node.refresh()?;
        Ok(self.fs.changes.raise(node.inode(), node.ctime()))
    }

    /// Records that the object has just been changed; returns the change from `before`.
    pub(super) fn changed_from(&self, node: &mut Node, before: u64) -> Result<ChangeInfo> {
        Ok(ChangeInfo { atomic: false, before, after: self.changed(node)? })
    }

    /// Returns the change attribute.
    pub(super) fn change_of(&self, node: &Node) -> u64 {
        self.fs.changes.get(node.inode(), node.ctime())
    }
}

#[cfg(test)]
impl Posix {
    /// Opens the export of the directory `path`, which shares its file system with no other, with its index at `index`.
    pub(crate) fn open(
        path: &std::path::Path,
        handles: crate::files::HandleKind,
        index: &std::path::Path,
    ) -> std::result::Result<Self, SetupError> {
        let prepared = Prepared::new(path, handles)?;
        let fs = FileSystem::open(&[&prepared], index, 0, &Default::default())?;
        let id = crate::files::handle::ExportId::of("");
        let location = Location::new(prepared.path(), id, Vec::new(), &Default::default());
        Self::new(prepared, fs, location)
    }
}
