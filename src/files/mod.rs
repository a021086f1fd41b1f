//! Exports: the files behind the locks. Real directories and an in-memory tree behind one trait.
//!
//! Everything here is synchronous and may block on a disk; the caller runs it where blocking is allowed. Nothing here
//! knows about clients, opens or locks. No operation follows a symbolic link or leaves an export.

mod access;
mod attr;
mod dependency;
mod exclusive;
mod genuine;
mod handle;
mod memory;
mod mount_table;
mod name_rule;
mod namespace;
mod posix;
mod region;
mod secret;
#[cfg(test)]
mod tests;
mod volume;
mod xattr;

pub use attr::{Attr, FsStat, SetAttr};
pub use dependency::{Dependency, DependencyKind, Growing};
pub(crate) use mount_table::MountTable;
pub use name_rule::NameRule;
pub use namespace::{Backend, ExportSpec, HandleKind, Namespace, SetupError};
pub use posix::{IndexError, SetupError as DirectoryError};
pub use region::{COPY_BYTES_MAX, Found, Side};
pub use secret::Secret;
pub use xattr::{XATTR_BYTES_MAX, XATTR_LIST_BYTES_MAX};

use crate::nfs4::{Content, Cred, FileType, Filehandle, Status, Verifier, XattrMode};

/// Result of an operation on files; the error goes to the client as it is.
pub type Result<T> = std::result::Result<T, Status>;

/// `change_info4`: a directory's change attribute around an operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChangeInfo {
    /// Whether `before` and `after` were read atomically with the change.
    pub atomic: bool,
    /// Change attribute before.
    pub before: u64,
    /// Change attribute after.
    pub after: u64,
}

/// Which of the attributes of a [`SetAttr`] were set; also those an exclusive create used for its verifier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The size.
    pub size: bool,
    /// The mode.
    pub mode: bool,
    /// The owner.
    pub owner: bool,
    /// The group.
    pub group: bool,
    /// The time of the last access.
    pub atime: bool,
    /// The time of the last modification.
    pub mtime: bool,
}

/// A new or found object.
#[derive(Clone, Debug)]
pub struct Created {
    /// Its filehandle.
    pub fh: Filehandle,
    /// The change of the directory.
    pub change: ChangeInfo,
    /// The attributes that were set on it.
    pub applied: Applied,
    /// Whether it is new.
    pub new: bool,
}

/// What CREATE makes (`createtype4`); regular files come from OPEN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewObject<'a> {
    /// A directory.
    Directory,
    /// A symbolic link with this text.
    Symlink(&'a [u8]),
    /// A named pipe.
    Fifo,
    /// A socket.
    Socket,
    /// A block device (major, minor).
    Block(u32, u32),
    /// A character device (major, minor).
    Character(u32, u32),
}

/// How OPEN makes a file (`createmode4`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateMode {
    /// `UNCHECKED4`: an existing regular file is fine and keeps its attributes (the caller truncates if it must).
    Unchecked,
    /// `GUARDED4`: an existing object is `Exist`.
    Guarded,
    /// `EXCLUSIVE4`: an existing regular file is fine if it was made with the same verifier and not touched since,
    /// else `Exist`. The verifier is kept in the file's times, so that it outlives a restart.
    Exclusive(Verifier),
}

/// How far data must have gone before a WRITE is answered (`stable_how4`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stability {
    /// `UNSTABLE4`: may be lost with the machine until COMMIT.
    Unstable,
    /// `DATA_SYNC4`: data on stable storage, and what is needed to read it back.
    DataSync,
    /// `FILE_SYNC4`: data and all attributes on stable storage.
    FileSync,
}

/// Bits of a permission question, as in `rwx`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permission {
    /// May read data, or list a directory.
    pub read: bool,
    /// May write data, or change a directory's entries.
    pub write: bool,
    /// May execute, or search a directory.
    pub execute: bool,
}

/// One entry handed out by [`Files::readdir`].
#[derive(Clone, Debug)]
pub struct DirEntry<'a> {
    /// The name.
    pub name: &'a [u8],
    /// Where to go on after this entry; never 0, 1 or 2. Stays good when other entries come and go.
    pub cookie: u64,
}

/// The whole tree that a server exports, from its root. All methods may block.
///
/// `cred` is who asks, after squashing. Errors common to all: `Stale` when the object is gone or its export is no longer
/// there, `BadHandle` for octets that this server never gave out, `Access` (or `Perm`, for what only an owner may do) by
/// the object's permissions, `Io`, `NoSpc`, `DQuot`, `RoFs`, `NotDir` where a directory is needed.
pub trait Files: Send + Sync + 'static {
    /// Filehandle of the root of the tree.
    fn root(&self) -> Filehandle;

    /// What kind of object a handle names, from the handle alone, without touching a disk.
    /// Errors: `BadHandle`; `Stale` when its export is gone.
    fn file_type(&self, fh: &Filehandle) -> Result<FileType>;

    /// The handle that the object of `fh` has by now, when that is another one than `fh`; the two mean the same, and state is
    /// kept by the one that it has now. Touches no disk.
    fn canonical(&self, fh: &Filehandle) -> Option<Filehandle>;

    /// The credential that `cred` becomes for the export of `fh`: root squashed or not.
    fn squash(&self, fh: &Filehandle, cred: Cred) -> Cred;

    /// Attributes of an object. Needs no permission on the object itself.
    fn getattr(&self, fh: &Filehandle) -> Result<Attr>;

    /// Figures of the file system that holds `fh`.
    fn statfs(&self, fh: &Filehandle) -> Result<FsStat>;

    /// What `cred` may do with the object.
    fn permission(&self, cred: &Cred, fh: &Filehandle) -> Result<Permission>;

    /// Finds `name` (checked by the caller, never `.` or `..`) in `dir`; crosses into another export grafted there.
    /// Errors: `NoEnt`; `Symlink` when `dir` is a symbolic link, `NotDir` when it is any other non-directory.
    fn lookup(&self, cred: &Cred, dir: &Filehandle, name: &[u8]) -> Result<Filehandle>;

    /// The directory that holds the directory `dir`; crosses out of a grafted export. Errors: `NoEnt` at the root.
    fn parent(&self, cred: &Cred, dir: &Filehandle) -> Result<Filehandle>;

    /// Hands the entries of `dir` after `cookie` (0: from the start; without `.` and `..`) to `take` until it answers
    /// `false` for one it did not take. Answers whether the end was reached. `take` may call the other methods.
    /// Errors: `BadCookie` for a cookie that cannot be one of ours.
    fn readdir(
        &self,
        cred: &Cred,
        dir: &Filehandle,
        cookie: u64,
        take: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<bool>;

    /// The text of a symbolic link. Errors: `Inval` for any other object.
    fn readlink(&self, cred: &Cred, fh: &Filehandle) -> Result<Vec<u8>>;

    /// Makes an object that is not a regular file. Errors: `Exist`; `Perm` for devices where they are not allowed.
    fn create(
        &self,
        cred: &Cred,
        dir: &Filehandle,
        name: &[u8],
        what: NewObject<'_>,
        set: &SetAttr,
    ) -> Result<Created>;

    /// Makes or finds a regular file. `set.size` other than 0 is honoured on a new file. What exists and is no regular
    /// file is `IsDir` or `Symlink` when `mode` is `Unchecked`. Never truncates what exists.
    fn create_file(
        &self,
        cred: &Cred,
        dir: &Filehandle,
        name: &[u8],
        mode: CreateMode,
        set: &SetAttr,
    ) -> Result<Created>;

    /// Changes attributes: all that are given, in the order size, owner and group, mode, times, or stops at the first
    /// that fails; what was set until then is in the first part of the answer.
    /// `by_right` says that the caller holds an open for writing, which is the right to change the size.
    fn setattr(&self, cred: &Cred, fh: &Filehandle, set: &SetAttr, by_right: bool) -> (Applied, Result<()>);

    /// Reads up to `count` bytes at `offset` onto the end of `data`; answers whether the end of the file was reached.
    /// `by_right` says that the caller holds an open for reading; else the permissions decide, and the owner always may.
    /// Errors: `IsDir` for a directory, `Inval` for any other object that is no regular file.
    fn read(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        offset: u64,
        count: u32,
        by_right: bool,
        data: &mut Vec<u8>,
    ) -> Result<bool>;

    /// Writes all of `data` at `offset`, or as much as fits; answers how much and how stable it is.
    /// `by_right` as in [`Files::read`]. Errors: as there, `FBig`.
    fn write(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        offset: u64,
        data: &[u8],
        stability: Stability,
        by_right: bool,
    ) -> Result<(u32, Stability)>;

    /// Brings what was written unstably to stable storage.
    fn commit(&self, cred: &Cred, fh: &Filehandle) -> Result<()>;

    /// The next byte of a file from `offset` on that is data, or in a hole; there is always a hole at the end of the
    /// file. Rights and errors as in [`Files::read`]; `Nxio` when `offset` is not inside the file.
    fn seek(&self, cred: &Cred, fh: &Filehandle, offset: u64, what: Content, by_right: bool)
    -> Result<Found>;

    /// Reserves room for `length` bytes at `offset`, so that writing there cannot fail for want of it; the file becomes
    /// as long as that needs. Rights and errors as in [`Files::write`]; `Inval` for an empty or impossible region,
    /// `NotSupp` where the file system cannot.
    fn allocate(&self, cred: &Cred, fh: &Filehandle, offset: u64, length: u64, by_right: bool) -> Result<()>;

    /// Gives back the room of `length` bytes at `offset`, which read as zeros then; the size stays.
    /// Rights and errors as in [`Files::allocate`].
    fn deallocate(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        offset: u64,
        length: u64,
        by_right: bool,
    ) -> Result<()>;

    /// Copies `count` bytes (0: up to the end of the source), or as many as fit and at most [`COPY_BYTES_MAX`]; answers
    /// how many and how stable they are. The sides may be in different exports.
    /// Errors: those of reading and writing; `Inval` when the source is not as long, or the regions of one file overlap.
    fn copy(&self, from: Side<'_>, to: Side<'_>, count: u64) -> Result<(u64, Stability)>;

    /// As [`Files::copy`], but all `count` bytes or nothing, and without a second copy where the file system can.
    /// Errors: `NotSupp` where it cannot, `Xdev` between file systems, `Inval` for regions not aligned as it needs.
    fn clone_region(&self, from: Side<'_>, to: Side<'_>, count: u64) -> Result<()>;

    /// The value of the extended attribute `name`, without its prefix `user.`. The permissions decide.
    /// Errors: `NoXattr`; `NotSupp` where the file system has none; `Inval` and `NameTooLong` for names that cannot be.
    fn xattr(&self, cred: &Cred, fh: &Filehandle, name: &[u8]) -> Result<Vec<u8>>;

    /// Sets an extended attribute of a regular file or a directory; answers the change of the object.
    /// Errors: `Exist` and `NoXattr` by `mode`, `Xattr2Big` for more than [`XATTR_BYTES_MAX`], `Perm` for other objects
    /// and in another's sticky directory; and as in [`Files::xattr`].
    fn set_xattr(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        name: &[u8],
        value: &[u8],
        mode: XattrMode,
    ) -> Result<ChangeInfo>;

    /// Removes an extended attribute. Errors as in [`Files::set_xattr`].
    fn remove_xattr(&self, cred: &Cred, fh: &Filehandle, name: &[u8]) -> Result<ChangeInfo>;

    /// The names of all extended attributes, in ascending order; together with an octet for each at most
    /// [`XATTR_LIST_BYTES_MAX`]. Names that the export does not allow are left out.
    fn list_xattrs(&self, cred: &Cred, fh: &Filehandle) -> Result<Vec<Vec<u8>>>;

    /// Removes an entry of a directory. Errors: `NoEnt`, `NotEmpty`.
    fn remove(&self, cred: &Cred, dir: &Filehandle, name: &[u8]) -> Result<ChangeInfo>;

    /// Renames, replacing the target as rename(2) does; both names of one object: nothing happens.
    /// Errors: `Xdev` between exports, `Exist` when the kinds do not fit (a directory over a file or the reverse),
    /// `NotEmpty` or `Exist` for a target directory with entries, `Inval` for a directory into itself.
    /// Answers the change of the source directory, then of the target directory.
    fn rename(
        &self,
        cred: &Cred,
        from_dir: &Filehandle,
        from: &[u8],
        to_dir: &Filehandle,
        to: &[u8],
    ) -> Result<(ChangeInfo, ChangeInfo)>;

    /// Makes a second name for a non-directory. Errors: `Exist`, `IsDir` when `fh` is a directory, `Xdev`, `MLink`.
    /// `NoEnt` when it is held and has no name any more.
    fn link(&self, cred: &Cred, fh: &Filehandle, dir: &Filehandle, name: &[u8]) -> Result<ChangeInfo>;

    /// Sees to it that `fh`, and each handle of its export that was given out, means the same after the process was killed.
    /// To be asked before state is granted on a file, for state is stored with its handle.
    /// Errors: `NoSpc`, `DQuot`, `Io` when what is needed for that cannot be written.
    fn make_lasting(&self, fh: &Filehandle) -> Result<()>;

    /// Brings to the disk what is needed so that handles mean the same after the machine has ended.
    fn sync_handles(&self) -> std::io::Result<()>;

    /// Keeps the regular file `fh` usable although its last name may be removed, until `release` or the end of the
    /// process. Holding what is held is no error, and one `release` ends it. Objects of other kinds are left alone.
    /// Errors: `Stale` when it is gone already; `Resource` when too many files are held. After an error it is as it was.
    fn hold(&self, fh: &Filehandle) -> Result<()>;

    /// Ends [`Files::hold`]; a file without a name is gone then. Handles that are not held are fine, also unknown ones.
    fn release(&self, fh: &Filehandle);
}
