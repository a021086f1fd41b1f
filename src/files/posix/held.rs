//! Files that stay usable without a name: a descriptor keeps the inode, and its number, from going.

use super::errno::status;
use super::index::Id;
use super::node::{Node, stat};
use super::{Posix, setup};
use crate::files::Result;
use crate::files::handle::Object;
use crate::nfs4::{FileType, Status};
use std::collections::HashMap;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Of the process's descriptors, this part of four may keep files; the rest is for connections and for operations.
const QUARTERS_FOR_FILES: u64 = 3;

/// Shared by all exports, as the descriptors are.
static ROOM: LazyLock<Arc<Room>> = LazyLock::new(|| {
    let files_max = setup::descriptors_max() / 4 * QUARTERS_FOR_FILES;
    Arc::new(Room { files: AtomicU64::new(0), files_max })
});

/// How many files are held, and may be.
#[derive(Debug)]
struct Room {
    files: AtomicU64,
    files_max: u64,
}

impl Room {
    /// Errors: `Resource` when there is none left.
    fn take(self: &Arc<Self>) -> Result<Place> {
        let more = |files| (files < self.files_max).then_some(files + 1);
        match self.files.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more) {
            Ok(_) => Ok(Place(self.clone())),
            Err(_) => Err(Status::Resource),
        }
    }
}

/// One of the places of a [`Room`], until it is dropped.
#[derive(Debug)]
struct Place(Arc<Room>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.files.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The held files of a file system.
#[derive(Debug)]
pub(super) struct Held {
    files: RwLock<HashMap<Id, (OwnedFd, Place)>>,
    room: Arc<Room>,
}

impl Held {
    /// None yet; the room is the process's.
    pub(super) fn new() -> Self {
        Self { files: RwLock::default(), room: ROOM.clone() }
    }

    fn files(&self) -> RwLockReadGuard<'_, HashMap<Id, (OwnedFd, Place)>> {
        self.files.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn files_mut(&self) -> RwLockWriteGuard<'_, HashMap<Id, (OwnedFd, Place)>> {
        self.files.write().unwrap_or_else(PoisonError::into_inner)
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

impl Posix {
    pub(super) fn hold_file(&self, file: &Object) -> Result<()> {
        if self.fs.held.files().contains_key(&file.body) {
            return Ok(());
        }
        let place = self.fs.held.room.take()?;
        let node = self.resolve(file).map_err(|status| match status {
            // Out of descriptors or memory: unlike an operation, this one needs them for long.
            Status::Delay => Status::Resource,
            status => status,
        })?;
        self.fs.held.files_mut().entry(file.body.clone()).or_insert((node.fd, place));
        Ok(())
    }

    pub(super) fn release_file(&self, file: &Object) {
        let Some(held) = self.fs.held.files_mut().remove(&file.body) else { return };
        if stat(held.0.as_fd()).is_ok_and(|stat| stat.stx_nlink == 0) {
            // Somebody else may have removed it, and now its number may be given to another object.
            self.index_mut().forget(&file.body);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::volume::Volume;
    use crate::files::{CreateMode, HandleKind, SetAttr};
    use crate::nfs4::Cred;

    #[test]
    fn files_are_held_while_there_is_room() {
        let (dir, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let room = Arc::new(Room { files: AtomicU64::new(0), files_max: 2 });
        let mut posix = Posix::open(dir.path(), HandleKind::Index, &state.path().join("index")).unwrap();
        Arc::get_mut(&mut posix.fs).unwrap().held.room = room.clone();
        let root_user = Cred { uid: 0, gid: 0, groups: smallvec::SmallVec::new() };
        let make = |name: &str| {
            let set = SetAttr::default();
            posix
                .create_file(&root_user, &posix.root(), name.as_bytes(), CreateMode::Guarded, &set)
                .unwrap()
                .object
        };
        let (a, b, c) = (make("a"), make("b"), make("c"));
        assert_eq!([&a, &a, &b].map(|file| posix.hold(file)), [Ok(()); 3]);
        assert_eq!(posix.hold(&c), Err(Status::Resource));
        assert_eq!(posix.getattr(&c).map(|attr| attr.numlinks), Ok(1), "it is as it was");
        assert_eq!(posix.hold(&a), Ok(()), "what is held needs no more room");
        posix.release(&c);
        assert_eq!(posix.hold(&c), Err(Status::Resource), "it had none to give back");
        posix.release(&a);
        posix.release(&a);
        assert_eq!(posix.hold(&c), Ok(()));
        assert_eq!(posix.hold(&a), Err(Status::Resource));
        posix.remove(&root_user, &posix.root(), b"a").unwrap();
        posix.release(&b);
        assert_eq!(posix.hold(&a), Err(Status::Stale));
        assert_eq!(room.files.load(Ordering::Relaxed), 1, "a failure gives its room back");
        drop(posix);
        assert_eq!(room.files.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn the_process_may_have_all_descriptors_that_it_is_allowed() {
        assert!(ROOM.files_max > 0 && ROOM.files_max < setup::descriptors_max());
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
        assert_eq!(limit.current, limit.maximum);
    }
}
