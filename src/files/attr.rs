//! Attributes of objects and of file systems, as the file systems give them.

use crate::nfs4::{FileType, SetTime, Timespec};

/// Holds the attributes of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attr {
    /// Kind of object.
    pub kind: FileType,
    /// Grows with each change of data or attributes made through this server.
    pub change: u64,
    /// Bytes of data; of a link, of its text.
    pub size: u64,
    /// Bytes of storage used.
    pub space_used: u64,
    /// Which file system (major, minor).
    pub fsid: (u64, u64),
    /// Unique in its file system.
    pub fileid: u64,
    /// The fileid of the directory entry under which it is found; differs from `fileid` at the root of a graft.
    pub mounted_on_fileid: u64,
    /// The lower 12 bits of st_mode.
    pub mode: u32,
    /// Count of hard links.
    pub numlinks: u32,
    /// Owning user.
    pub uid: u32,
    /// Owning group.
    pub gid: u32,
    /// Device numbers (major, minor) of a block or character device, else zeros.
    pub rawdev: (u32, u32),
    /// Last access.
    pub atime: Timespec,
    /// Last change of data.
    pub mtime: Timespec,
    /// Last change of attributes.
    pub ctime: Timespec,
    /// Creation, where the file system knows it.
    pub btime: Option<Timespec>,
}

/// Holds the figures of a file system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FsStat {
    /// Bytes in all.
    pub space_total: u64,
    /// Bytes free.
    pub space_free: u64,
    /// Bytes free to an ordinary user.
    pub space_avail: u64,
    /// Count of file slots in all.
    pub files_total: u64,
    /// Count of free file slots.
    pub files_free: u64,
    /// Count of file slots free to an ordinary user.
    pub files_avail: u64,
    /// Largest size of a file, in bytes.
    pub maxfilesize: u64,
    /// Longest name, in bytes.
    pub maxname: u32,
    /// Most hard links to an object.
    pub maxlink: u32,
    /// What offsets and lengths of a clone must be multiples of, in bytes.
    pub clone_blksize: u32,
    /// Whether all names are UTF-8, also those that were not made through this server.
    pub utf8_only: bool,
}

/// Holds attributes to set; `None` leaves one as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SetAttr {
    /// Size in bytes: cuts off or fills with zeros.
    pub size: Option<u64>,
    /// The lower 12 bits of st_mode.
    pub mode: Option<u32>,
    /// Owning user.
    pub uid: Option<u32>,
    /// Owning group.
    pub gid: Option<u32>,
    /// Last access.
    pub atime: Option<SetTime>,
    /// Last change of data.
    pub mtime: Option<SetTime>,
}
