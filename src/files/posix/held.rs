//! Files that stay usable without a name: an open descriptor keeps the inode and its number.

use super::descriptors::descriptors_max;
use super::errno::status;
use super::id::Id;
use super::node::Node;
use crate::files::handle::Object;
use crate::files::result::Result;
use crate::nfs4::{FileType, Status};
use std::collections::HashMap;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Quarters of the process's descriptors that may hold files; the rest is for connections and for operations.
const QUARTERS_FOR_FILES: u64 = 3;

/// Bounds the held files of all exports, which share the descriptors.
static PERMITS: LazyLock<Arc<Permits>> = LazyLock::new(|| {
    let files_max = descriptors_max() / 4 * QUARTERS_FOR_FILES;
    Arc::new(Permits { files: AtomicU64::new(0), files_max })
});

/// Counts the held files, and bounds them.
#[derive(Debug)]
struct Permits {
    files: AtomicU64,
    files_max: u64,
}

impl Permits {
    /// Takes a permit. Errors: `Resource` when none is left.
    fn take(self: &Arc<Self>) -> Result<Permit> {
        let more = |files| (files < self.files_max).then_some(files + 1);
        match self.files.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more) {
            Ok(_) => Ok(Permit(self.clone())),
            Err(_) => Err(Status::Resource),
        }
    }
}

/// Permits to hold one file, until it is dropped.
#[derive(Debug)]
struct Permit(Arc<Permits>);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.files.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Holds files of a file system.
#[derive(Debug)]
pub(super) struct Held {
    files: RwLock<HashMap<Id, (OwnedFd, Permit)>>,
    permits: Arc<Permits>,
}

impl Held {
    /// Creates an empty set with the permits of the process.
    pub(super) fn new() -> Self {
        Self { files: RwLock::default(), permits: PERMITS.clone() }
    }

    fn files(&self) -> RwLockReadGuard<'_, HashMap<Id, (OwnedFd, Permit)>> {
        self.files.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn files_mut(&self) -> RwLockWriteGuard<'_, HashMap<Id, (OwnedFd, Permit)>> {
        self.files.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds a file that `open` opens, unless it is held already. Errors: `Resource`; those of `open`.
    pub(super) fn hold(&self, id: &Id, open: impl FnOnce() -> Result<Node>) -> Result<()> {
        if self.files().contains_key(id) {
            return Ok(());
        }
        let permit = self.permits.take()?;
        let node = open()?;
        self.files_mut().entry(id.clone()).or_insert((node.fd, permit));
        Ok(())
    }

    /// Ends the hold of a file and returns its descriptor, if it was held.
    pub(super) fn release(&self, id: &Id) -> Option<OwnedFd> {
        self.files_mut().remove(id).map(|(fd, _)| fd)
    }

    /// Opens a held file; `None` when it is not held.
    pub(super) fn open(&self, object: &Object) -> Result<Option<Node>> {
        if object.kind != FileType::Regular {
            return Ok(None);
        }
        let fd = match self.files().get(&object.body) {
            Some((fd, _)) => rustix::io::fcntl_dupfd_cloexec(fd, 0).map_err(status)?,
            None => return Ok(None),
        };
        Node::new(fd).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::posix::Posix;
    use crate::files::volume::{Serve, Volume};
    use crate::files::{CreateFileRequest, CreateMode, GetattrRequest, HandleKind, RemoveRequest, SetAttr};
    use crate::nfs4::Cred;

    #[test]
    fn files_are_held_while_there_are_permits() {
        let (dir, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let permits = Arc::new(Permits { files: AtomicU64::new(0), files_max: 2 });
        let mut posix = Posix::open(dir.path(), HandleKind::Index, &state.path().join("index")).unwrap();
        Arc::get_mut(&mut posix.fs).unwrap().held.permits = permits.clone();
        let root_user = Cred { uid: 0, gid: 0, groups: smallvec::SmallVec::new() };
        let make = |name: &str| {
            let set = SetAttr::default();
            let (cred, name, mode) = (&root_user, name.as_bytes(), CreateMode::Guarded);
            let request = CreateFileRequest { cred, name, mode, set: &set };
            posix.serve(&posix.root(), request).unwrap().object
        };
        let (a, b, c) = (make("a"), make("b"), make("c"));
        assert_eq!([&a, &a, &b].map(|file| posix.hold(file)), [Ok(()); 3]);
        assert_eq!(posix.hold(&c), Err(Status::Resource));
        assert_eq!(posix.serve(&c, GetattrRequest).map(|attr| attr.numlinks), Ok(1), "it is as it was");
        assert_eq!(posix.hold(&a), Ok(()), "what is held needs no other permit");
        posix.release(&c);
        assert_eq!(posix.hold(&c), Err(Status::Resource), "it had no permit");
        posix.release(&a);
        posix.release(&a);
        assert_eq!(posix.hold(&c), Ok(()));
        assert_eq!(posix.hold(&a), Err(Status::Resource));
        let request = RemoveRequest { cred: &root_user, name: b"a" };
        posix.serve(&posix.root(), request).unwrap();
        posix.release(&b);
        assert_eq!(posix.hold(&a), Err(Status::Stale));
        assert_eq!(permits.files.load(Ordering::Relaxed), 1, "a failure returns its permit");
        drop(posix);
        assert_eq!(permits.files.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn the_process_may_have_all_descriptors_that_it_is_allowed() {
        assert!(PERMITS.files_max > 0 && PERMITS.files_max < descriptors_max());
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
        assert_eq!(limit.current, limit.maximum);
    }
}
