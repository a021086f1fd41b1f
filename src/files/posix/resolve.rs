//! From handles to open objects and back.
//!
//! Objects on the mount of the export's root have kernel handles where those work, and so have other regular files of its
//! file system (bind mounts). All others, also those on file systems mounted below the root, are found through the index.
//! Mounts below the root belong to the export, unless another export has that file system.
//!
//! A directory is found below the root of its export. Other objects are the same to all exports of the file system, and are
//! found below any of their roots.
//!
//! When a local user moves objects out of the export, a directory is no longer reachable, nor is what is looked up in it. A
//! file keeps its kernel handle wherever it goes in its file system, because a handle says nothing about directories;
//! a client that has it can still use it, within the permissions of the file.

use super::body::{self, Body};
use super::errno::status;
use super::export::Posix;
use super::id::Id;
use super::index::{Index, Link};
use super::node::{LOOK, Node, btime, device, is_read_only};
use super::sys;
use crate::files::handle::Object;
use crate::files::result::Result;
use crate::nfs4::{FileType, Status};
use rustix::fs::{Mode, ResolveFlags, Statx};
use rustix::io::Errno;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{PoisonError, RwLockReadGuard, RwLockWriteGuard};

/// Deepest directory that is served.
const DEPTH_MAX: usize = 4096;
/// Deepest directory for which other names than the last learned are tried.
const DEPTH_SEARCHED_MAX: usize = 256;
/// Most entries opened in such a search.
const OPENS_MAX: u32 = 4096;
/// Attempts to open a handle whose inode number is being reused for a new object.
const RETRIES_MAX: u32 = 1000;
/// Longest path given to one system call (`PATH_MAX` with a margin).
const PATH_BYTES_MAX: usize = 4000;

/// Says below which roots an object is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// The export's own.
    Export,
    /// Those of all exports of the file system.
    FileSystem,
}

impl Reach {
    fn of(kind: FileType) -> Self {
        if kind == FileType::Directory { Self::Export } else { Self::FileSystem }
    }
}

impl Posix {
    /// Opens the object of a handle; a held one also without a name. Errors: `Stale` when it is gone, was moved out of the
    /// export, or was replaced by another object.
    pub(super) fn resolve(&self, object: &Object) -> Result<Node> {
        let node = match self.fs.held.open(object)? {
            Some(node) => node,
            None => self.open_id(&object.body, Reach::of(object.kind))?,
        };
        let here = node.inode().0 == self.root_inode.0;
        let ours = if here { !self.is_out_of_use(object, &node)? } else { self.fs.may_enter(&node) };
        if ours && node.kind()? == object.kind { Ok(node) } else { Err(Status::Stale) }
    }

    /// Tells whether the file that this handle names has another handle now: it was made when files that are found on another
    /// mount of the file system had no kernel handles.
    fn is_out_of_use(&self, object: &Object, node: &Node) -> Result<bool> {
        let indexed = matches!(body::read(&object.body), Some(Body::Indexed));
        Ok(indexed && object.kind == FileType::Regular && self.kernel_id(node)?.is_some())
    }

    fn open_id(&self, id: &Id, reach: Reach) -> Result<Node> {
        match self.open_anchor(id, reach)? {
            Some(node) => Ok(node),
            None => self.open_indexed(id, reach),
        }
    }

    /// Opens an object that needs no index; `None` when it does.
    fn open_anchor(&self, id: &Id, reach: Reach) -> Result<Option<Node>> {
        let root = match reach {
            Reach::Export => (*id == self.root_id).then_some(&self.root),
            Reach::FileSystem => {
                self.fs.anchors.iter().find(|anchor| anchor.id == *id).map(|anchor| &anchor.fd)
            }
        };
        if let Some(root) = root {
            let fd = rustix::io::fcntl_dupfd_cloexec(root, 0).map_err(status)?;
            return Node::new(fd).map(Some);
        }
        match body::read(id).ok_or(Status::Stale)? {
            Body::Kernel { .. } if !self.fs.kernel => Err(Status::Stale),
            Body::Kernel { kind, bytes } => self.open_kernel(kind, bytes, reach).map(Some),
            Body::Indexed => Ok(None),
        }
    }

    fn open_kernel(&self, kind: i32, bytes: &[u8], reach: Reach) -> Result<Node> {
        let fd = self.open_handle_retrying(kind, bytes).map_err(|error| match error {
            // The MAC proves that this server made it, so it was valid once.
            Errno::INVAL | Errno::NOENT | Errno::OPNOTSUPP => Status::Stale,
            error => status(error),
        })?;
        let node = Node::new(fd)?;
        if node.stat.stx_nlink == 0 {
            return Err(Status::Stale);
        }
        if node.is_dir() {
            self.check_inside(&node, reach)?;
        }
        Ok(node)
    }

    /// Opens a kernel handle. While another object is being created with the inode number of the handle, the kernel answers
    /// ENOMEM; that ends shortly.
    fn open_handle_retrying(&self, kind: i32, bytes: &[u8]) -> rustix::io::Result<OwnedFd> {
        for _ in 0..RETRIES_MAX {
            match sys::open_by_handle(self.root.as_fd(), kind, bytes) {
                Err(Errno::NOMEM) => std::thread::yield_now(),
                answer => return answer,
            }
        }
        Err(Errno::NOMEM)
    }

    /// Walks up from a directory to the root of the export, or of any of the file system. Errors: `Stale` when it is not
    /// beneath.
    fn check_inside(&self, dir: &Node, reach: Reach) -> Result<()> {
        let mut below = dir.inode();
        let mut above: Option<Node> = None;
        for _ in 0..DEPTH_MAX {
            if below == self.root_inode || reach == Reach::FileSystem && self.fs.root_with(below).is_some() {
                return Ok(());
            }
            let fd = above.as_ref().map_or(dir.fd.as_fd(), |node| node.fd.as_fd());
            let next = Node::new(rustix::fs::openat(fd, "..", LOOK, Mode::empty()).map_err(status)?)?;
            if next.inode() == below {
                break;
            }
            below = next.inode();
            above = Some(next);
        }
        Err(Status::Stale)
    }

    pub(super) fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.fs.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn index_mut(&self) -> RwLockWriteGuard<'_, Index> {
        self.fs.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens an object by its names. The index is locked while its names are opened, and by a rename while it changes both
    /// the directory and the index, so that both are seen together.
    fn open_indexed(&self, id: &Id, reach: Reach) -> Result<Node> {
        if let Some(node) = self.open_by_last_names(&self.index(), id, reach)? {
            return Ok(node);
        }
        let mut index = self.index_mut();
        if let Some(node) = self.open_by_last_names(&index, id, reach)? {
            return Ok(node);
        }
        let mut opens = OPENS_MAX;
        self.open_by_any_name(&mut index, id, reach, 0, &mut opens)?.ok_or(Status::Stale)
    }

    /// Opens the object under the names learned last, with as few system calls as possible; `None` when it is not there.
    fn open_by_last_names(&self, index: &Index, id: &Id, reach: Reach) -> Result<Option<Node>> {
        let mut names = Vec::new();
        let mut at = id;
        let base = loop {
            if let Some(base) = self.open_anchor(at, reach)? {
                break base;
            }
            let Some(link) = index.links(at).first() else { return Ok(None) };
            names.push(&*link.name);
            at = &link.parent;
            if names.len() > DEPTH_MAX {
                return Ok(None);
            }
        };
        names.reverse();
        self.open_checked(base, &names, id)
    }

    fn open_checked(&self, base: Node, names: &[&[u8]], id: &Id) -> Result<Option<Node>> {
        match open_beneath(base.fd, names) {
            Ok(fd) => {
                let node = Node::new(fd)?;
                Ok(self.is(&node.stat, id).then_some(node))
            }
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::XDEV) => Ok(None),
            Err(error) => Err(status(error)),
        }
    }

    /// Tries all names, checks each directory on the way, and drops the names that turn out wrong.
    fn open_by_any_name(
        &self,
        index: &mut Index,
        id: &Id,
        reach: Reach,
        depth: usize,
        opens: &mut u32,
    ) -> Result<Option<Node>> {
        if let Some(node) = self.open_anchor(id, reach)? {
            return Ok(Some(node));
        }
        if depth > DEPTH_SEARCHED_MAX {
            return Ok(None);
        }
        let links: Vec<Link> = index.links(id).to_vec();
        for link in links {
            *opens = opens.saturating_sub(1);
            if *opens == 0 {
                return Ok(None);
            }
            let Some(parent) = self.open_by_any_name(index, &link.parent, reach, depth + 1, opens)? else {
                continue;
            };
            match self.open_checked(parent, &[&link.name], id)? {
                Some(node) => {
                    index.learn(id, &link.parent, &link.name);
                    return Ok(Some(node));
                }
                None => index.unlink(id, &link.parent, &link.name),
            }
        }
        Ok(None)
    }

    /// Tells whether the object with these attributes is the one that the index calls `id`.
    fn is(&self, stat: &Statx, id: &Id) -> bool {
        let (device, inode) = (self.device_marker(stat), stat.stx_ino);
        match (self.birth(stat), body::inode_of_first_seen(id)) {
            (_, Some(seen)) => body::inode_of_first_seen(&body::first_seen(device, inode, 0)) == Some(seen),
            (Some(btime), None) => body::born(device, inode, btime) == *id,
            (None, None) => false,
        }
    }

    /// Returns the birth time, where it stays the same while the object exists.
    fn birth(&self, stat: &Statx) -> Option<u64> {
        if self.fs.births { btime(stat) } else { None }
    }

    fn device_marker(&self, stat: &Statx) -> u64 {
        match device(stat) {
            device if device == self.root_inode.0 => 0,
            device => device,
        }
    }

    /// Returns the object found as `name` in `dir`; the index learns the name. Errors: `Access` for what another export
    /// serves, and for a file on a read-only mount of a file system that is writable through another mount.
    pub(super) fn identify(&self, node: &Node, dir: &Object, name: &[u8]) -> Result<Object> {
        let kind = node.kind()?;
        if node.inode().0 != self.root_inode.0 && !self.fs.may_enter(node) {
            return Err(Status::Access);
        }
        if let Some(body) = self.kernel_id(node)? {
            return Ok(Object { kind, body });
        }
        let known = self.indexed_id(&self.index(), &node.stat);
        if let Some(body) = &known
            && self.index().knows(body, &dir.body, name)
        {
            return Ok(Object { kind, body: body.clone() });
        }
        let mut index = self.index_mut();
        let body = match known.or_else(|| self.indexed_id(&index, &node.stat)) {
            Some(body) => body,
            None => {
                let random = getrandom::u64().map_err(|_| Status::ServerFault)?;
                body::first_seen(self.device_marker(&node.stat), node.stat.stx_ino, random)
            }
        };
        index.learn(&body, &dir.body, name);
        Ok(Object { kind, body })
    }

    /// Returns the id by which the index knows, or would know, an object; `None` when it needs a new random number.
    pub(super) fn indexed_id(&self, index: &Index, stat: &Statx) -> Option<Id> {
        let (device, inode) = (self.device_marker(stat), stat.stx_ino);
        if device == 0
            && let Some(root) = self.fs.root_with((self.root_inode.0, inode))
        {
            return Some(root.clone());
        }
        match self.birth(stat) {
            Some(btime) => Some(body::born(device, inode, btime)),
            None => {
                index.first_seen(body::inode_of_first_seen(&body::first_seen(device, inode, 0))?).cloned()
            }
        }
    }

    /// Returns the id with the kernel's handle of an object; `None` when there is none. Errors: `Access` for a regular file on
    /// another mount that is read-only while the export is not: its handle would not tell through which mount it was found.
    pub(super) fn kernel_id(&self, node: &Node) -> Result<Option<Id>> {
        if !self.fs.kernel || node.inode().0 != self.root_inode.0 {
            return Ok(None);
        }
        if node.stat.stx_mnt_id != self.root_mount {
            if node.kind()? != FileType::Regular {
                return Ok(None);
            }
            if !self.root_read_only && is_read_only(node.fd.as_fd()).map_err(status)? {
                return Err(Status::Access);
            }
        }
        match sys::name_to_handle(node.fd.as_fd()) {
            Ok(handle) => Ok(Some(body::kernel(&handle))),
            Err(Errno::OPNOTSUPP | Errno::OVERFLOW) => Ok(None),
            Err(error) => Err(status(error)),
        }
    }

    /// Returns the directory above `dir`, which is not the root.
    pub(super) fn above(&self, dir: &Object, node: &Node) -> Result<Object> {
        if let Some(Body::Indexed) = body::read(&dir.body) {
            let parent = self.index().links(&dir.body).first().ok_or(Status::Stale)?.parent.clone();
            let parent = Object { kind: FileType::Directory, body: parent };
            return self.resolve(&parent).map(|_| parent);
        }
        let fd = rustix::fs::openat(&node.fd, "..", LOOK, Mode::empty()).map_err(status)?;
        let above = Node::new(fd)?;
        let body = self.kernel_id(&above)?.ok_or(Status::Stale)?;
        Ok(Object { kind: FileType::Directory, body })
    }
}

/// Opens a path of names below `dir`, never leaving it and never following a link.
fn open_beneath(dir: OwnedFd, names: &[&[u8]]) -> std::result::Result<OwnedFd, Errno> {
    let mut at = dir;
    let mut path = Vec::new();
    for (index, name) in names.iter().enumerate() {
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(name);
        let next = names.get(index + 1).map_or(PATH_BYTES_MAX, |next| next.len());
        if path.len() + next >= PATH_BYTES_MAX {
            at = open_path(at.as_fd(), &path)?;
            path.clear();
        }
    }
    Ok(at)
}

fn open_path(dir: BorrowedFd<'_>, path: &[u8]) -> std::result::Result<OwnedFd, Errno> {
    const BENEATH: ResolveFlags =
        ResolveFlags::BENEATH.union(ResolveFlags::NO_SYMLINKS).union(ResolveFlags::NO_MAGICLINKS);
    match rustix::fs::openat2(dir, path, LOOK, Mode::empty(), BENEATH) {
        // An old kernel, a filter that does not know the call, or a concurrent rename.
        Err(Errno::NOSYS | Errno::PERM | Errno::AGAIN) => {}
        result => return result,
    }
    let mut at = dir.try_clone_to_owned().map_err(|_| Errno::MFILE)?;
    for name in path.split(|byte| *byte == b'/') {
        // A link among them is opened as itself, and nothing is beneath it.
        at = rustix::fs::openat(&at, name, LOOK, Mode::empty())?;
    }
    Ok(at)
}
