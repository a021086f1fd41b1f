//! Permissions and SETATTR.

use super::errno::status;
use super::export::Posix;
use super::node::Node;
use super::sys;
use crate::files::access;
use crate::files::attr::{Attr, SetAttr};
use crate::files::handle::Object;
use crate::files::request::{Applied, GetattrRequest, Permission, PermissionRequest, SetattrRequest};
use crate::files::result::Result;
use crate::files::volume::Serve;
use crate::nfs4::{Cred, FileType, SetTime, Status};
use rustix::fs::{AtFlags, Gid, Mode, RawDir, StatxAttributes, Timestamps, UTIME_NOW, UTIME_OMIT, Uid};
use rustix::io::Errno;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd};

impl Serve<GetattrRequest> for Posix {
    fn serve(&self, object: &Object, _: GetattrRequest) -> Result<Attr> {
        let node = self.resolve(object)?;
        let mut attr = self.attr(&node)?;
        if let Some(fileid) = self.covered_fileid(&node) {
            attr.mounted_on_fileid = fileid;
        }
        Ok(attr)
    }
}

impl Serve<PermissionRequest<'_>> for Posix {
    fn serve(&self, object: &Object, request: PermissionRequest<'_>) -> Result<Permission> {
        self.permission_of(request.cred, &self.resolve(object)?)
    }
}

impl Serve<SetattrRequest<'_>> for Posix {
    fn serve(&self, object: &Object, request: SetattrRequest<'_>) -> Result<()> {
        let SetattrRequest { cred, set, has_open, applied } = request;
        let mut node = self.resolve(object)?;
        let result = self.apply(cred, &mut node, set, has_open, applied);
        if *applied != Applied::default() {
            self.changed(&mut node)?;
        }
        result
    }
}

impl Posix {
    /// Returns what `cred` may do: as the kernel decides, and where it does not see the caller also by the mode bits.
    pub(super) fn permission_of(&self, cred: &Cred, node: &Node) -> Result<Permission> {
        let attr = node.attr()?;
        let bits = access::permitted(&attr, cred);
        let _acting = self.rights.act_as(cred)?;
        let may = |mode| match sys::may_access(node.fd.as_fd(), mode) {
            // This kernel cannot be asked.
            Err(Errno::NOSYS | Errno::INVAL) => Ok(None),
            result => result.map(Some).map_err(status),
        };
        let (read, write, execute) = (may(libc::R_OK)?, may(libc::W_OK)?, may(libc::X_OK)?);
        let decide = |kernel: Option<bool>, bit: bool| match kernel {
            Some(kernel) if self.rights.by_mode_bits() => kernel && bit,
            Some(kernel) => kernel,
            None => bit,
        };
        Ok(Permission {
            read: decide(read, bits.read),
            write: decide(write, bits.write),
            execute: decide(execute, bits.execute),
        })
    }

    /// Sets attributes in the order of the request; adds to `applied` what was set.
    pub(super) fn apply(
        &self,
        cred: &Cred,
        node: &mut Node,
        set: &SetAttr,
        has_open: bool,
        applied: &mut Applied,
    ) -> Result<()> {
        if let Some(size) = set.size {
            self.set_size(cred, node, size, has_open)?;
            applied.size = true;
        }
        if set.uid.is_some() || set.gid.is_some() {
            self.set_owner(cred, node, set)?;
            (applied.owner, applied.group) = (set.uid.is_some(), set.gid.is_some());
        }
        if let Some(mode) = set.mode {
            applied.mode = self.set_mode(cred, node, mode)?;
        }
        if set.atime.is_some() || set.mtime.is_some() {
            self.set_times(cred, node, set)?;
            (applied.atime, applied.mtime) = (set.atime.is_some(), set.mtime.is_some());
        }
        Ok(())
    }

    fn set_owner(&self, cred: &Cred, node: &mut Node, set: &SetAttr) -> Result<()> {
        let attr = node.attr()?;
        if self.rights.by_mode_bits() {
            access::may_set_owner(&attr, cred, set)?;
        }
        let _acting = self.rights.act_as(cred)?;
        let (uid, gid) = owner(set)?;
        let flags = AtFlags::EMPTY_PATH | AtFlags::SYMLINK_NOFOLLOW;
        rustix::fs::chownat(&node.fd, "", uid, gid, flags).map_err(status)?;
        node.refresh()
    }

    /// Sets the mode; tells whether the object has it now, which a symbolic link has not.
    fn set_mode(&self, cred: &Cred, node: &mut Node, mode: u32) -> Result<bool> {
        let attr = node.attr()?;
        let mode = access::mode_to_set(&attr, cred, mode)?;
        if attr.kind == FileType::Symlink {
            return Ok(access::takes_mode(attr.kind, mode));
        }
        let _acting = self.rights.act_as(cred)?;
        self.chmod(node, mode)?;
        node.refresh()?;
        Ok(true)
    }

    /// Calls chmod(2) on an object open as `O_PATH`.
    pub(super) fn chmod(&self, node: &Node, mode: u32) -> Result<()> {
        let name = node.fd.as_raw_fd().to_string();
        let mode = Mode::from_raw_mode(mode);
        rustix::fs::chmodat(&self.descriptors, name, mode, AtFlags::empty()).map_err(status)
    }

    fn set_times(&self, cred: &Cred, node: &mut Node, set: &SetAttr) -> Result<()> {
        if self.rights.by_mode_bits() {
            access::may_set_times(&node.attr()?, cred, set)?;
        }
        let times = timestamps(set)?;
        let _acting = self.rights.act_as(cred)?;
        self.utimes(node, &times)?;
        node.refresh()
    }

    /// Calls utimensat(2) on an object open as `O_PATH`.
    pub(super) fn utimes(&self, node: &Node, times: &Timestamps) -> Result<()> {
        let name = node.fd.as_raw_fd().to_string();
        rustix::fs::utimensat(&self.descriptors, name, times, AtFlags::empty()).map_err(status)
    }

    /// Returns the fileid of the covered directory, for the root of a file system mounted below the export.
    pub(super) fn covered_fileid(&self, node: &Node) -> Option<u64> {
        let mounted = node.stat.stx_attributes.contains(StatxAttributes::MOUNT_ROOT);
        if !mounted || node.inode() == self.root_inode {
            return None;
        }
        let path =
            rustix::fs::readlinkat(&self.descriptors, node.fd.as_raw_fd().to_string(), Vec::new()).ok()?;
        let name = path.as_bytes().rsplit(|&byte| byte == b'/').next()?;
        let flags = rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::DIRECTORY | rustix::fs::OFlags::CLOEXEC;
        let above = rustix::fs::openat(&node.fd, "..", flags, Mode::empty()).ok()?;
        // The entry in the parent directory still has the number of the covered directory.
        let mut buffer = vec![MaybeUninit::uninit(); 32 * 1024];
        let mut entries = RawDir::new(&above, &mut buffer);
        while let Some(Ok(entry)) = entries.next() {
            if entry.file_name().to_bytes() == name {
                return Some(entry.ino());
            }
        }
        None
    }
}

/// Returns owner and group to set. Errors: `Inval` for all ones, which means "leave it" to the kernel.
pub(super) fn owner(set: &SetAttr) -> Result<(Option<Uid>, Option<Gid>)> {
    if set.uid == Some(u32::MAX) || set.gid == Some(u32::MAX) {
        return Err(Status::Inval);
    }
    Ok((set.uid.map(Uid::from_raw), set.gid.map(Gid::from_raw)))
}

/// Returns the times to set. Errors: `Inval` for a time with a second or more of nanoseconds.
pub(super) fn timestamps(set: &SetAttr) -> Result<Timestamps> {
    let time = |time: Option<SetTime>| {
        let (tv_sec, tv_nsec) = match time {
            None => (0, UTIME_OMIT),
            Some(SetTime::Now) => (0, UTIME_NOW),
            Some(SetTime::To(time)) if time.nanos >= 1_000_000_000 => return Err(Status::Inval),
            Some(SetTime::To(time)) => (time.seconds, time.nanos.into()),
        };
        Ok(rustix::fs::Timespec { tv_sec, tv_nsec })
    };
    Ok(Timestamps { last_access: time(set.atime)?, last_modification: time(set.mtime)? })
}

/// Returns what a new object in `dir` would be before `set` is applied, to check early what cannot be set.
pub(super) fn hypothetical(dir: &Attr, cred: &Cred) -> Attr {
    let gid = if dir.mode & access::SETGID != 0 { dir.gid } else { cred.gid };
    Attr { uid: cred.uid, gid, ..dir.clone() }
}
