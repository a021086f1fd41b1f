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

/// Why a directory cannot be exported.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// It cannot be opened.
    #[error("cannot open the directory {0}: {1}")]
    Root(PathBuf, #[source] std::io::Error),
    /// Data could not be opened.
    #[error("/proc/self/fd is needed: {0}")]
    Proc(#[source] std::io::Error),
    /// Kernel handles were asked for.
    #[error("no kernel handles for {0}: {1} (use the index instead)")]
    Handles(PathBuf, #[source] std::io::Error),
    /// The index of names cannot be used.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// The root of an export, where paths begin.
#[derive(Debug)]
pub(super) struct Anchor {
    /// What the index calls it.
    pub(super) id: Id,
    pub(super) inode: (u64, u64),
    pub(super) fd: OwnedFd,
}

/// A directory that is going to be an export.
#[derive(Debug)]
pub(crate) struct Prepared {
    path: PathBuf,
    root: OwnedFd,
    stat: Statx,
    /// The root's id, where the kernel makes handles and they are wanted.
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
                    |error| tracing::info!(path = %path.display(), %error, "handles by an index of names"),
                )
                .ok(),
            HandleKind::Kernel => {
                Some(probe(&root).map_err(|error| SetupError::Handles(path.to_owned(), error.into()))?)
            }
        };
        // In an overlay a file is born again when it is first written to.
        let births = rustix::fs::fstatfs(&root).map_err(wrong)?.f_type as u64 != OVERLAY;
        let read_only = is_read_only(root.as_fd()).map_err(wrong)?;
        Ok(Self { path: path.to_owned(), root, stat, kernel_id, births, read_only })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The device of its file system.
    pub(crate) fn device(&self) -> u64 {
        device(&self.stat)
    }

    /// Device and inode number of the directory.
    pub(super) fn inode(&self) -> (u64, u64) {
        (self.device(), self.stat.stx_ino)
    }

    /// The mount through which it is seen.
    pub(super) fn mount(&self) -> u64 {
        self.stat.stx_mnt_id
    }

    /// The open directory.
    pub(super) fn into_root(self) -> OwnedFd {
        self.root
    }

    /// Whether nothing can be written there, whatever its files allow.
    pub(crate) fn read_only(&self) -> bool {
        self.read_only
    }

    /// The id of the root.
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

/// The root's id in the index. Where there are no birth times it is told from others by its number alone.
fn indexed_root(stat: &rustix::fs::Statx, births: bool) -> Id {
    match btime(stat).filter(|_| births) {
        Some(btime) => body::born(0, stat.stx_ino, btime),
        None => body::first_seen(0, stat.stx_ino, 0),
    }
}

/// Whether the kernel makes a lasting handle of the root and opens it again; the root's id then.
fn probe(root: &OwnedFd) -> Result<Id, Errno> {
    // Its handles are forgotten with its cache.
    if rustix::fs::fstatfs(root)?.f_type as u64 == FUSE {
        return Err(Errno::OPNOTSUPP);
    }
    let handle = sys::name_to_handle(root.as_fd())?;
    let opened = sys::open_by_handle(root.as_fd(), handle.kind, &handle.octets)?;
    let (there, here) = (stat(opened.as_fd())?, stat(root.as_fd())?);
    let id = body::kernel(&handle);
    let same = there.stx_ino == here.stx_ino && there.stx_dev_minor == here.stx_dev_minor;
    if same && id.len() <= BODY_BYTES_MAX { Ok(id) } else { Err(Errno::OPNOTSUPP) }
}
