//! Open objects.

use super::errno::status;
use crate::files::attr::Attr;
use crate::files::result::Result;
use crate::nfs4::{FileType, Status, Timespec};
use rustix::fs::{AtFlags, OFlags, StatVfsMountFlags, Statx, StatxFlags, StatxTimestamp};
use rustix::io::Errno;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// Holds an object open as `O_PATH`, or with access to its data, and its attributes as of then.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) fd: OwnedFd,
    pub(super) stat: Statx,
}

/// Opens entries without waking devices or following symbolic links.
pub(super) const LOOK: OFlags = OFlags::PATH.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

impl Node {
    pub(super) fn new(fd: OwnedFd) -> Result<Self> {
        let stat = stat(fd.as_fd()).map_err(status)?;
        Ok(Self { fd, stat })
    }

    /// Opens the entry `name` of this directory.
    pub(super) fn entry(&self, name: &[u8]) -> std::result::Result<Self, Errno> {
        let fd = rustix::fs::openat(&self.fd, name, LOOK, rustix::fs::Mode::empty())?;
        let stat = stat(fd.as_fd())?;
        Ok(Self { fd, stat })
    }

    /// Reads the attributes again.
    pub(super) fn refresh(&mut self) -> Result<()> {
        self.stat = stat(self.fd.as_fd()).map_err(status)?;
        Ok(())
    }

    pub(super) fn kind(&self) -> Result<FileType> {
        kind(&self.stat)
    }

    pub(super) fn is_dir(&self) -> bool {
        self.kind() == Ok(FileType::Directory)
    }

    /// Returns device and inode number.
    pub(super) fn inode(&self) -> (u64, u64) {
        (device(&self.stat), self.stat.stx_ino)
    }

    /// Returns the time of the last change in nanoseconds.
    pub(super) fn ctime(&self) -> u64 {
        nanos(self.stat.stx_ctime)
    }

    /// Returns the attributes that do not depend on the export.
    pub(super) fn attr(&self) -> Result<Attr> {
        let stat = &self.stat;
        let kind = self.kind()?;
        let device = matches!(kind, FileType::Block | FileType::Character);
        let born = stat.stx_mask & StatxFlags::BTIME.bits() != 0;
        Ok(Attr {
            kind,
            change: self.ctime(),
            size: stat.stx_size,
            space_used: stat.stx_blocks.saturating_mul(512),
            fsid: (0, 0),
            fileid: stat.stx_ino,
            mounted_on_fileid: stat.stx_ino,
            mode: u32::from(stat.stx_mode) & 0o7777,
            numlinks: stat.stx_nlink,
            uid: stat.stx_uid,
            gid: stat.stx_gid,
            rawdev: if device { (stat.stx_rdev_major, stat.stx_rdev_minor) } else { (0, 0) },
            atime: time(stat.stx_atime),
            mtime: time(stat.stx_mtime),
            ctime: time(stat.stx_ctime),
            btime: born.then(|| time(stat.stx_btime)),
        })
    }
}

/// Calls statx(2) on an open object.
pub(super) fn stat(fd: BorrowedFd<'_>) -> std::result::Result<Statx, Errno> {
    let flags = AtFlags::EMPTY_PATH | AtFlags::SYMLINK_NOFOLLOW | AtFlags::NO_AUTOMOUNT;
    rustix::fs::statx(fd, "", flags, StatxFlags::BASIC_STATS | StatxFlags::BTIME | StatxFlags::MNT_ID)
}

/// Tells whether a file system, or the mount through which it is seen, is read-only.
pub(super) fn is_read_only(fd: BorrowedFd<'_>) -> std::result::Result<bool, Errno> {
    Ok(rustix::fs::fstatvfs(fd)?.f_flag.contains(StatVfsMountFlags::RDONLY))
}

/// Returns the device number of an object's file system.
pub(super) fn device(stat: &Statx) -> u64 {
    rustix::fs::makedev(stat.stx_dev_major, stat.stx_dev_minor)
}

/// Returns the birth time in nanoseconds, where the file system knows it.
pub(super) fn btime(stat: &Statx) -> Option<u64> {
    (stat.stx_mask & StatxFlags::BTIME.bits() != 0).then(|| nanos(stat.stx_btime))
}

fn kind(stat: &Statx) -> Result<FileType> {
    Ok(match rustix::fs::FileType::from_raw_mode(u32::from(stat.stx_mode)) {
        rustix::fs::FileType::RegularFile => FileType::Regular,
        rustix::fs::FileType::Directory => FileType::Directory,
        rustix::fs::FileType::Symlink => FileType::Symlink,
        rustix::fs::FileType::Fifo => FileType::Fifo,
        rustix::fs::FileType::Socket => FileType::Socket,
        rustix::fs::FileType::CharacterDevice => FileType::Character,
        rustix::fs::FileType::BlockDevice => FileType::Block,
        _ => return Err(Status::Io),
    })
}

fn time(time: StatxTimestamp) -> Timespec {
    Timespec { seconds: time.tv_sec, nanos: time.tv_nsec }
}

fn nanos(time: StatxTimestamp) -> u64 {
    (time.tv_sec as u64).wrapping_mul(1_000_000_000).wrapping_add(u64::from(time.tv_nsec))
}
