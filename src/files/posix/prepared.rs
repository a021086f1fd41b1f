//! Directories that are going to be exported.

use super::body;
use super::id::Id;
use super::index_record::IndexError;
use super::node::{btime, device, is_read_only, stat};
use super::sys;
use crate::files::export::HandleKind;
use crate::files::handle::BODY_BYTES_MAX;
use rustix::fs::{CWD, Mode, OFlags, Statx};
use rustix::io::Errno;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

/// `f_type` of FUSE and of overlays.
const FUSE: u64 = 0x6573_5546;
const OVERLAY: u64 = 0x794c_7630;

/// Says why a directory cannot be exported.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// It cannot be opened.
    #[error("cannot open the directory {0}: {1}")]
    Root(PathBuf, #[source] std::io::Error),
    /// `/proc` is missing, so data could not be opened.
    #[error("/proc/self/fd is needed: {0}")]
    Proc(#[source] std::io::Error),
    /// Kernel handles were configured, but are not available.
    #[error("no kernel handles for {0}: {1} (use the index instead)")]
    Handles(PathBuf, #[source] std::io::Error),
    /// The index of names cannot be used.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// Holds the root of an export, where paths begin.
#[derive(Debug)]
pub(super) struct Anchor {
    /// Its id in the index.
    pub(super) id: Id,
    pub(super) inode: (u64, u64),
    pub(super) fd: OwnedFd,
}

/// Holds an open directory that is going to be exported.
#[derive(Debug)]
pub(crate) struct Prepared {
    path: PathBuf,
    root: OwnedFd,
    stat: Statx,
    /// The root's id, where the kernel makes handles and they are configured.
    pub(super) kernel_id: Option<Id>,
    pub(super) births: bool,
    read_only: bool,
}

impl Prepared {
    /// Opens the directory `path`, and finds out how handles are made there.
    pub(crate) fn new(path: &Path, handles: HandleKind) -> Result<Self, SetupError> {
        let wrong = |error: Errno| SetupError::Root(path.to_owned(), error.into());
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = rustix::fs::openat(CWD, path, flags, Mode::empty()).map_err(wrong)?;
        let stat = stat(root.as_fd()).map_err(wrong)?;
        let kernel_id = match handles {
            HandleKind::Index => None,
            HandleKind::Auto => probe(&root)
                .inspect_err(
                    |error| tracing::info!(path = %path.display(), %error, "no kernel handles; filehandles are made by an index of names"),
                )
                .ok(),
            HandleKind::Kernel => {
                Some(probe(&root).map_err(|error| SetupError::Handles(path.to_owned(), error.into()))?)
            }
        };
        // In an overlay a file gets a new birth time when it is first written to.
        let births = rustix::fs::fstatfs(&root).map_err(wrong)?.f_type as u64 != OVERLAY;
        let read_only = is_read_only(root.as_fd()).map_err(wrong)?;
        Ok(Self { path: path.to_owned(), root, stat, kernel_id, births, read_only })
    }

    /// Returns the path of the directory.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the device of its file system.
    pub(crate) fn device(&self) -> u64 {
        device(&self.stat)
    }

    /// Returns device and inode number of the directory.
    pub(super) fn inode(&self) -> (u64, u64) {
        (self.device(), self.stat.stx_ino)
    }

    /// Returns the id of the mount through which it is seen.
    pub(super) fn mount(&self) -> u64 {
        self.stat.stx_mnt_id
    }

    /// Returns the open directory.
    pub(super) fn into_root(self) -> OwnedFd {
        self.root
    }

    /// Tells whether the file system or its mount is read-only.
    pub(crate) fn read_only(&self) -> bool {
        self.read_only
    }

    /// Returns the id of the root.
    pub(super) fn root_id(&self, kernel: bool, births: bool) -> Id {
        match &self.kernel_id {
            Some(id) if kernel => id.clone(),
            _ => indexed_root(&self.stat, births),
        }
    }

    pub(super) fn anchor(&self, kernel: bool, births: bool) -> Result<Anchor, SetupError> {
        let (id, inode) = (self.root_id(kernel, births), self.inode());
        let fd = self.root.try_clone().map_err(|error| SetupError::Root(self.path.clone(), error))?;
        Ok(Anchor { id, inode, fd })
    }
}

/// Returns the root's id in the index. Without birth times it consists of its number alone.
fn indexed_root(stat: &rustix::fs::Statx, births: bool) -> Id {
    match btime(stat).filter(|_| births) {
        Some(btime) => body::born(0, stat.stx_ino, btime),
        None => body::first_seen(0, stat.stx_ino, 0),
    }
}

/// Checks that the kernel makes a lasting handle of the root and opens it again; returns the root's id.
fn probe(root: &OwnedFd) -> Result<Id, Errno> {
    // FUSE handles do not outlive the kernel's cache.
    if rustix::fs::fstatfs(root)?.f_type as u64 == FUSE {
        return Err(Errno::OPNOTSUPP);
    }
    let handle = sys::name_to_handle(root.as_fd())?;
    let opened = sys::open_by_handle(root.as_fd(), handle.kind, &handle.bytes)?;
    let (there, here) = (stat(opened.as_fd())?, stat(root.as_fd())?);
    let id = body::kernel(&handle);
    let same = there.stx_ino == here.stx_ino && there.stx_dev_minor == here.stx_dev_minor;
    if same && id.len() <= BODY_BYTES_MAX { Ok(id) } else { Err(Errno::OPNOTSUPP) }
}
