//! Opening an export.

use super::body;
use super::creds::Rights;
use super::index::Index;
use super::index_log::IndexError;
use super::node::{Node, btime, stat};
use super::{Changes, Held, Posix, sys};
use crate::files::handle::BODY_BYTES_MAX;
use crate::files::namespace::HandleKind;
use rustix::fs::{CWD, Mode, OFlags};
use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, RwLock};

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

impl Posix {
    /// Opens the export of the directory `path`, with its index at `index`.
    pub(crate) fn open(path: &Path, handles: HandleKind, index: &Path) -> Result<Self, SetupError> {
        Self::open_with(path, handles, index, Rights::detect())
    }

    pub(super) fn open_with(
        path: &Path,
        handles: HandleKind,
        index: &Path,
        rights: Rights,
    ) -> Result<Self, SetupError> {
        let wrong = |error: Errno| SetupError::Root(path.to_owned(), error.into());
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = rustix::fs::openat(CWD, path, flags, Mode::empty()).map_err(wrong)?;
        let root_stat = stat(root.as_fd()).map_err(wrong)?;
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let descriptors = rustix::fs::openat(CWD, "/proc/self/fd", flags, Mode::empty())
            .map_err(|error| SetupError::Proc(error.into()))?;
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
        let index = Index::open(index, kernel_id.is_none())?;
        let (kernel, root_id) = match kernel_id {
            Some(id) => (true, id),
            None => (false, indexed_root(&root_stat, births)),
        };
        let node = Node { fd: root, stat: root_stat };
        Ok(Self {
            root_id,
            root_inode: node.inode(),
            root_mount: root_stat.stx_mnt_id,
            root: node.fd,
            kernel,
            births,
            descriptors,
            rights,
            index: RwLock::new(index),
            changes: Changes::default(),
            held: Held::new(),
        })
    }
}

/// How many descriptors this process may have: as many as it is allowed to ask for, which it does the first time.
pub(super) fn descriptors_max() -> u64 {
    static DESCRIPTORS_MAX: LazyLock<u64> = LazyLock::new(|| {
        let limit = getrlimit(Resource::Nofile);
        let raised = Rlimit { current: limit.maximum, ..limit };
        match setrlimit(Resource::Nofile, raised) {
            Ok(()) => raised.current,
            Err(error) => {
                tracing::warn!(%error, "cannot raise the limit of open files");
                limit.current
            }
        }
        .unwrap_or(u64::MAX)
    });
    *DESCRIPTORS_MAX
}

/// The root's id in the index. Where there are no birth times it is told from others by its number alone.
fn indexed_root(stat: &rustix::fs::Statx, births: bool) -> super::Id {
    match btime(stat).filter(|_| births) {
        Some(btime) => body::born(0, stat.stx_ino, btime),
        None => body::first_seen(0, stat.stx_ino, 0),
    }
}

/// Whether the kernel makes a lasting handle of the root and opens it again; the root's id then.
fn probe(root: &OwnedFd) -> Result<super::Id, Errno> {
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
