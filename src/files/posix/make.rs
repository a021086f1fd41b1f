//! CREATE, and the creating half of OPEN.

use super::attrs::{hypothetical, owner, timestamps};
use super::errno::status;
use super::export::Posix;
use super::node::Node;
use crate::files::access;
use crate::files::attr::SetAttr;
use crate::files::exclusive;
use crate::files::handle::Object;
use crate::files::request::{
    Applied, ChangeInfo, CreateFileRequest, CreateMode, CreateRequest, Created, NewObject,
};
use crate::files::result::Result;
use crate::files::volume::Serve;
use crate::nfs4::{Cred, FileType, Status};
use rustix::fs::{AtFlags, Mode, OFlags};
use rustix::io::Errno;
use std::os::fd::{AsRawFd, OwnedFd};

/// Attempts for a name that others create and remove meanwhile.
const TRIES: usize = 8;

impl Serve<CreateRequest<'_>> for Posix {
    fn serve(&self, dir: &Object, request: CreateRequest<'_>) -> Result<Created<Object>> {
        let CreateRequest { cred, name, object, set } = request;
        let mut parent = self.resolve(dir)?;
        if self.look(cred, &parent, name)?.is_some() {
            return Err(Status::Exist);
        }
        self.check_make(cred, &parent, set)?;
        let before = self.change_of(&parent);
        let kind = kind_of(&object);
        let node = {
            let _acting = self.rights.act_as(cred)?;
            make(&parent, name, &object, set.mode.unwrap_or(access::default_mode(kind)), cred)?;
            let node = parent.entry(name).map_err(status)?;
            self.init_attributes(node, kind, set).inspect_err(|_| discard(&parent, name, kind))?
        };
        let applied = Applied { mode: access::mode_applied(kind, set), ..Applied::all_of(set) };
        self.made(dir, &mut parent, name, &node, before, applied)
    }
}

impl Serve<CreateFileRequest<'_>> for Posix {
    fn serve(&self, dir: &Object, request: CreateFileRequest<'_>) -> Result<Created<Object>> {
        let CreateFileRequest { cred, name, mode, set } = request;
        let mut parent = self.resolve(dir)?;
        let asked = set;
        let (set, applied) = match &mode {
            CreateMode::Exclusive(verifier) => (exclusive::set_attr(verifier, set), exclusive::applied(set)),
            CreateMode::Unchecked | CreateMode::Guarded => (*set, Applied::all_of(set)),
        };
        for _ in 0..TRIES {
            if let Some(node) = self.look(cred, &parent, name)? {
                let applied = found(&node, mode, asked)?;
                let change = self.change_of(&parent);
                let change = ChangeInfo { atomic: false, before: change, after: change };
                let object = self.identify(&node, dir, name)?;
                return Ok(Created { object, change, applied, new: false });
            }
            self.check_make(cred, &parent, &set)?;
            let before = self.change_of(&parent);
            if let Some(node) = self.make_file(cred, &parent, name, &set)? {
                return self.made(dir, &mut parent, name, &node, before, applied);
            }
        }
        Err(Status::Delay)
    }
}

impl Posix {
    /// Creates a regular file; `None` when the name has been taken meanwhile. Where the file system can, the file gets its
    /// name after its attributes: a crash never leaves a file without the verifier by which its creator recognizes it.
    fn make_file(&self, cred: &Cred, dir: &Node, name: &[u8], set: &SetAttr) -> Result<Option<Node>> {
        let mode = Mode::from_raw_mode(set.mode.unwrap_or(access::default_mode(FileType::Regular)) & 0o777);
        let _acting = self.rights.act_as(cred)?;
        match rustix::fs::openat(&dir.fd, ".", OFlags::WRONLY | OFlags::TMPFILE | OFlags::CLOEXEC, mode) {
            Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => self.make_named(dir, name, mode, set),
            result => self.make_nameless(dir, name, result.map_err(status)?, set),
        }
    }

    fn make_nameless(&self, dir: &Node, name: &[u8], fd: OwnedFd, set: &SetAttr) -> Result<Option<Node>> {
        let path = format!("/proc/self/fd/{}", fd.as_raw_fd());
        let mut node = self.init_file(fd, set)?;
        match rustix::fs::linkat(rustix::fs::CWD, &path, &dir.fd, name, AtFlags::SYMLINK_FOLLOW) {
            Err(Errno::EXIST) => return Ok(None),
            result => result.map_err(status)?,
        }
        node.refresh()?;
        Ok(Some(node))
    }

    fn make_named(&self, dir: &Node, name: &[u8], mode: Mode, set: &SetAttr) -> Result<Option<Node>> {
        let flags = OFlags::WRONLY
            | OFlags::CREATE
            | OFlags::EXCL
            | OFlags::NOFOLLOW
            | OFlags::NONBLOCK
            | OFlags::CLOEXEC;
        let fd = match rustix::fs::openat(&dir.fd, name, flags, mode) {
            Err(Errno::EXIST) => return Ok(None),
            result => result.map_err(status)?,
        };
        self.init_file(fd, set).map(Some).inspect_err(|_| discard(dir, name, FileType::Regular))
    }

    fn init_file(&self, fd: OwnedFd, set: &SetAttr) -> Result<Node> {
        set.size.map_or(Ok(()), |size| rustix::fs::ftruncate(&fd, size)).map_err(status)?;
        self.init_attributes(Node::new(fd)?, FileType::Regular, set)
    }

    /// Checks early what could not be set on the new object.
    fn check_make(&self, cred: &Cred, dir: &Node, set: &SetAttr) -> Result<()> {
        self.require(dir, cred, access::CHANGE)?;
        timestamps(set)?;
        owner(set)?;
        let mut new = hypothetical(&dir.attr()?, cred);
        if self.rights.by_mode_bits() {
            new.uid = rustix::process::geteuid().as_raw();
        }
        access::may_set_owner(&new, cred, set)
    }

    /// Sets the attributes of a new object, with the identity of the thread. The mode is set again because the umask of the
    /// process was applied at creation; all threads share the umask, so it stays. (As after any chmod(2), a directory then
    /// loses a set-group-id bit inherited from a group that its creator is not in.)
    fn init_attributes(&self, mut node: Node, kind: FileType, set: &SetAttr) -> Result<Node> {
        // Another object of that name may have been created meanwhile; it gets none of the attributes.
        if node.kind()? != kind {
            return Err(Status::Exist);
        }
        if set.uid.is_some() || set.gid.is_some() {
            let (uid, gid) = owner(set)?;
            let flags = AtFlags::EMPTY_PATH | AtFlags::SYMLINK_NOFOLLOW;
            rustix::fs::chownat(&node.fd, "", uid, gid, flags).map_err(status)?;
        }
        if kind != FileType::Symlink {
            let have = u32::from(node.stat.stx_mode) & 0o7777;
            let inherited = if kind == FileType::Directory { have & access::SETGID } else { 0 };
            let mode = set.mode.unwrap_or(access::default_mode(kind)) & 0o7777 | inherited;
            if mode != have || set.uid.is_some() || set.gid.is_some() {
                self.chmod(&node, mode)?;
            }
        }
        if set.atime.is_some() || set.mtime.is_some() {
            self.utimes(&node, &timestamps(set)?)?;
        }
        node.refresh()?;
        Ok(node)
    }

    fn made(
        &self,
        dir: &Object,
        parent: &mut Node,
        name: &[u8],
        node: &Node,
        before: u64,
        applied: Applied,
    ) -> Result<Created<Object>> {
        let change = self.changed_from(parent, before)?;
        let object = self.identify(node, dir, name)?;
        Ok(Created { object, change, applied, new: true })
    }
}

/// Decides what creation means for an existing object. Errors: `Exist`, `IsDir`, `Symlink`.
fn found(node: &Node, mode: CreateMode, set: &SetAttr) -> Result<Applied> {
    let attr = node.attr()?;
    match mode {
        CreateMode::Guarded => Err(Status::Exist),
        CreateMode::Exclusive(verifier) if exclusive::was_created_with(&attr, &verifier) => {
            Ok(exclusive::applied(set))
        }
        CreateMode::Exclusive(_) => Err(Status::Exist),
        CreateMode::Unchecked => match attr.kind {
            FileType::Regular => Ok(Applied::default()),
            FileType::Directory => Err(Status::IsDir),
            _ => Err(Status::Symlink),
        },
    }
}

fn kind_of(what: &NewObject<'_>) -> FileType {
    match what {
        NewObject::Directory => FileType::Directory,
        NewObject::Symlink(_) => FileType::Symlink,
        NewObject::Fifo => FileType::Fifo,
        NewObject::Socket => FileType::Socket,
        NewObject::Block(..) => FileType::Block,
        NewObject::Character(..) => FileType::Character,
    }
}

fn make(dir: &Node, name: &[u8], what: &NewObject<'_>, mode: u32, cred: &Cred) -> Result<()> {
    let mode = Mode::from_raw_mode(mode & 0o777);
    let node = |kind, device| rustix::fs::mknodat(&dir.fd, name, kind, mode, device);
    match *what {
        NewObject::Directory => rustix::fs::mkdirat(&dir.fd, name, mode),
        NewObject::Symlink(text) => rustix::fs::symlinkat(text, &dir.fd, name),
        NewObject::Fifo => node(rustix::fs::FileType::Fifo, 0),
        NewObject::Socket => node(rustix::fs::FileType::Socket, 0),
        // The kernel refuses most of these itself, but lets all users make the character device 0, 0.
        NewObject::Block(..) | NewObject::Character(..) if cred.uid != 0 => Err(Errno::PERM),
        NewObject::Block(major, minor) => {
            node(rustix::fs::FileType::BlockDevice, rustix::fs::makedev(major, minor))
        }
        NewObject::Character(major, minor) => {
            node(rustix::fs::FileType::CharacterDevice, rustix::fs::makedev(major, minor))
        }
    }
    .map_err(status)
}

/// Removes an object that could not get its attributes.
fn discard(dir: &Node, name: &[u8], kind: FileType) {
    let flags = if kind == FileType::Directory { AtFlags::REMOVEDIR } else { AtFlags::empty() };
    if let Err(error) = rustix::fs::unlinkat(&dir.fd, name, flags) {
        tracing::debug!(%error, "cannot remove an incompletely created object");
    }
}
