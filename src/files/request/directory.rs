//! Directories and their entries. The object of a request is the directory; names are checked by the caller and never
//! `.` or `..`.

use super::answer::Request;
use super::attributes::Applied;
use crate::files::attr::SetAttr;
use crate::nfs4::{Cred, Filehandle, Verifier};

/// Finds the entry `name`; crosses into another export that is grafted there.
/// Errors: `NoEnt`; `Symlink` when the object is a symbolic link, `NotDir` when it is any other non-directory.
#[derive(Clone, Copy, Debug)]
pub struct LookupRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
    /// The name of the entry.
    pub name: &'a [u8],
}

impl Request for LookupRequest<'_> {
    type Answer<H> = H;
}

/// Finds the directory that holds the directory; crosses out of a grafted export. Errors: `NoEnt` at the root.
#[derive(Clone, Copy, Debug)]
pub struct ParentRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
}

impl Request for ParentRequest<'_> {
    type Answer<H> = H;
}

/// Lists the entries after `cookie`, without `.` and `..`; returns whether the end was reached.
/// Errors: `BadCookie` for a cookie that this server cannot have given out.
pub struct ReaddirRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
    /// The cookie of the last entry that was taken; 0 starts at the first one.
    pub cookie: u64,
    /// Takes an entry and returns `true`, or returns `false` to end the listing before it. May call the namespace.
    pub take: &'a mut dyn FnMut(DirEntry<'_>) -> bool,
}

impl Request for ReaddirRequest<'_> {
    type Answer<H> = bool;
}

/// Names one entry of a listing.
#[derive(Clone, Debug)]
pub struct DirEntry<'a> {
    /// The name.
    pub name: &'a [u8],
    /// Where to continue after this entry; never 0, 1 or 2. Stays valid when other entries come and go.
    pub cookie: u64,
}

/// Creates an object that is not a regular file. Errors: `Exist`; `Perm` for devices where they are not allowed.
#[derive(Clone, Copy, Debug)]
pub struct CreateRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
    /// The name of the new entry.
    pub name: &'a [u8],
    /// What to create.
    pub object: NewObject<'a>,
    /// Its attributes.
    pub set: &'a SetAttr,
}

impl Request for CreateRequest<'_> {
    type Answer<H> = Created<H>;
}

/// Names what CREATE makes (`createtype4`); regular files come from OPEN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Creates or finds a regular file; never truncates an existing one.
/// Errors: `Exist`; `IsDir` or `Symlink` for an existing object that is not a regular file when `mode` is `Unchecked`.
#[derive(Clone, Copy, Debug)]
pub struct CreateFileRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
    /// The name of the entry.
    pub name: &'a [u8],
    /// What to do with an existing object.
    pub mode: CreateMode,
    /// The attributes of a new file, with its size.
    pub set: &'a SetAttr,
}

impl Request for CreateFileRequest<'_> {
    type Answer<H> = Created<H>;
}

/// Says how OPEN creates a file (`createmode4`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateMode {
    /// `UNCHECKED4`: an existing regular file is found and keeps its attributes (the caller truncates it if it must).
    Unchecked,
    /// `GUARDED4`: an existing object is `Exist`.
    Guarded,
    /// `EXCLUSIVE4`: an existing regular file is found if it was created with the same verifier and not changed since,
    /// else `Exist`. The verifier is kept in the file's times, so that it outlives a restart.
    Exclusive(Verifier),
}

/// Describes a created or found object.
#[derive(Clone, Debug)]
pub struct Created<H = Filehandle> {
    /// The object.
    pub object: H,
    /// The change of the directory.
    pub change: ChangeInfo,
    /// The attributes that were set on it.
    pub applied: Applied,
    /// Whether it is new.
    pub new: bool,
}

impl<H> Created<H> {
    /// Names the object in another way. Errors: those of `name`.
    pub(crate) fn try_map<G, E>(self, name: impl FnOnce(H) -> Result<G, E>) -> Result<Created<G>, E> {
        let object = name(self.object)?;
        Ok(Created { object, change: self.change, applied: self.applied, new: self.new })
    }
}

/// Removes an entry. Errors: `NoEnt`, `NotEmpty`.
#[derive(Clone, Copy, Debug)]
pub struct RemoveRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
    /// The name of the entry.
    pub name: &'a [u8],
}

impl Request for RemoveRequest<'_> {
    type Answer<H> = ChangeInfo;
}

/// Renames an entry of the directory, replacing the target as rename(2) does; nothing happens when both names are of one
/// object. Returns the change of the source directory, then of the target directory.
/// Errors: `Xdev` between exports, `Exist` when the kinds do not fit (a directory over a file or the reverse),
/// `NotEmpty` or `Exist` for a target directory with entries, `Inval` for a directory into itself.
#[derive(Clone, Copy, Debug)]
pub struct RenameRequest<'a, H = Filehandle> {
    /// The caller.
    pub cred: &'a Cred,
    /// The name of the entry.
    pub name: &'a [u8],
    /// The directory to move it into.
    pub to_dir: &'a H,
    /// Its name there.
    pub to_name: &'a [u8],
}

impl<N> Request for RenameRequest<'_, N> {
    type Answer<H> = (ChangeInfo, ChangeInfo);
}

/// Enters a second name for a non-directory into the directory.
/// Errors: `Exist`, `IsDir` when `file` is a directory, `Xdev`, `MLink`; `NoEnt` when `file` is held and has no name.
#[derive(Clone, Copy, Debug)]
pub struct LinkRequest<'a, H = Filehandle> {
    /// The caller.
    pub cred: &'a Cred,
    /// The object to name.
    pub file: &'a H,
    /// The name of the new entry.
    pub name: &'a [u8],
}

impl<N> Request for LinkRequest<'_, N> {
    type Answer<H> = ChangeInfo;
}

/// Holds the change attribute of an object before and after an operation (`change_info4`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChangeInfo {
    /// Whether `before` and `after` were read atomically with the change.
    pub atomic: bool,
    /// The change attribute before.
    pub before: u64,
    /// The change attribute after.
    pub after: u64,
}
