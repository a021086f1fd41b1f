//! Permissions by mode bits, where no kernel decides.
//!
//! Errors are those of the system calls: `Access` where a mode bit is missing, `Perm` for what only an owner may do.

use super::attr::{Attr, SetAttr};
use super::request::Permission;
use super::result::Result;
use crate::nfs4::{Cred, FileType, SetTime, Status};

/// `S_ISUID`.
pub(crate) const SETUID: u32 = 0o4000;
/// `S_ISGID`.
pub(crate) const SETGID: u32 = 0o2000;
/// `S_ISVTX`.
pub(crate) const STICKY: u32 = 0o1000;

/// Returns what the mode bits permit `cred`: the first class that matches (owner, group, other) decides alone.
pub(crate) fn permitted(attr: &Attr, cred: &Cred) -> Permission {
    if cred.uid == 0 {
        let execute = attr.kind == FileType::Directory || attr.mode & 0o111 != 0;
        return Permission { read: true, write: true, execute };
    }
    let bits = if cred.uid == attr.uid {
        attr.mode >> 6
    } else if cred.in_group(attr.gid) {
        attr.mode >> 3
    } else {
        attr.mode
    };
    Permission { read: bits & 4 != 0, write: bits & 2 != 0, execute: bits & 1 != 0 }
}

/// Checks that `cred` has all bits of `want`. Errors: `Access`.
pub(crate) fn require(attr: &Attr, cred: &Cred, want: Permission) -> Result<()> {
    let have = permitted(attr, cred);
    let lacks = (want.read && !have.read) || (want.write && !have.write) || (want.execute && !have.execute);
    if lacks { Err(Status::Access) } else { Ok(()) }
}

/// Permits to search a directory.
pub(crate) const SEARCH: Permission = Permission { read: false, write: false, execute: true };
/// Permits to change the entries of a directory.
pub(crate) const CHANGE: Permission = Permission { read: false, write: true, execute: true };
/// Permits to read data or to list a directory.
pub(crate) const READ: Permission = Permission { read: true, write: false, execute: false };
/// Permits to write data.
pub(crate) const WRITE: Permission = Permission { read: false, write: true, execute: false };

/// Checks that `entry` may be removed from the directory `dir` (also by a rename): the directory must be writable, and in
/// a sticky one only the owners of either may.
pub(crate) fn may_remove(dir: &Attr, entry: &Attr, cred: &Cred) -> Result<()> {
    require(dir, cred, CHANGE)?;
    let owner = cred.uid == 0 || cred.uid == dir.uid || cred.uid == entry.uid;
    if dir.mode & STICKY != 0 && !owner { Err(Status::Perm) } else { Ok(()) }
}

/// Checks that the data of a file may be read or written: always with `has_open` or by the owner, else by the mode bits.
pub(crate) fn may_touch_data(attr: &Attr, cred: &Cred, want: Permission, has_open: bool) -> Result<()> {
    if has_open || cred.uid == attr.uid { Ok(()) } else { require(attr, cred, want) }
}

/// Checks that extended attributes may be read or changed: by the mode bits, also for the owner; only the owner changes
/// those of a sticky directory.
pub(crate) fn may_touch_xattrs(attr: &Attr, cred: &Cred, want: Permission) -> Result<()> {
    let owner = cred.uid == 0 || cred.uid == attr.uid;
    let sticky = attr.kind == FileType::Directory && attr.mode & STICKY != 0;
    if want.write && sticky && !owner { Err(Status::Perm) } else { require(attr, cred, want) }
}

/// Checks that the owner and group may become those of `set`: only root gives files away; an owner may choose among
/// their own groups.
pub(crate) fn may_set_owner(attr: &Attr, cred: &Cred, set: &SetAttr) -> Result<()> {
    if cred.uid == 0 {
        return Ok(());
    }
    let owner = cred.uid == attr.uid;
    let uid_ok = set.uid.is_none_or(|uid| owner && uid == attr.uid);
    let gid_ok = set.gid.is_none_or(|gid| owner && (gid == attr.gid || cred.in_group(gid)));
    if uid_ok && gid_ok { Ok(()) } else { Err(Status::Perm) }
}

/// Returns the mode that `attr` gets when `cred` sets `mode`: only the owner may, and set-group-id stays only for members
/// of the group.
pub(crate) fn mode_to_set(attr: &Attr, cred: &Cred, mode: u32) -> Result<u32> {
    let mode = mode & 0o7777;
    match cred.uid {
        0 => Ok(mode),
        uid if uid != attr.uid => Err(Status::Perm),
        _ if cred.in_group(attr.gid) => Ok(mode),
        _ => Ok(mode & !SETGID),
    }
}

/// Tells whether an object of this kind can have this mode. A symbolic link has only [`default_mode`], on Linux too: another
/// one is not set, and the reply does not claim it (RFC 7530 §16.32.4).
pub(crate) fn takes_mode(kind: FileType, mode: u32) -> bool {
    kind != FileType::Symlink || mode == default_mode(kind)
}

/// Tells whether a new object has the requested mode, if there is one.
pub(crate) fn mode_applied(kind: FileType, set: &SetAttr) -> bool {
    set.mode.is_some_and(|mode| takes_mode(kind, mode))
}

/// Checks that the times of `set` may be set: the owner may, and a caller that may write may set them to the current time.
pub(crate) fn may_set_times(attr: &Attr, cred: &Cred, set: &SetAttr) -> Result<()> {
    if cred.uid == 0 || cred.uid == attr.uid {
        return Ok(());
    }
    let times = [set.atime, set.mtime];
    if times.iter().any(|time| matches!(time, Some(SetTime::To(_)))) {
        return Err(Status::Perm);
    }
    if times.iter().any(Option::is_some) { require(attr, cred, WRITE) } else { Ok(()) }
}

/// Returns the mode after a change of data or owner: without set-user-id, and without set-group-id if it is executable.
pub(crate) fn without_set_ids(mode: u32) -> u32 {
    let mode = mode & !SETUID;
    if mode & 0o010 != 0 { mode & !SETGID } else { mode }
}

/// Returns group and mode of a new object in the directory `dir`: a set-group-id directory passes on its group, and to
/// directories the bit itself.
pub(crate) fn inherited(dir: &Attr, cred: &Cred, kind: FileType, mode: u32) -> (u32, u32) {
    if dir.mode & SETGID == 0 {
        return (cred.gid, mode);
    }
    let mode = if kind == FileType::Directory { mode | SETGID } else { mode };
    (dir.gid, mode)
}

/// Returns the mode of a new object for which none is given.
pub(crate) fn default_mode(kind: FileType) -> u32 {
    match kind {
        FileType::Directory => 0o755,
        FileType::Symlink => 0o777,
        _ => 0o644,
    }
}

/// Checks a new size. Errors: `IsDir`, `Inval` for other objects without data, `FBig`.
pub(crate) fn check_size(kind: FileType, size: u64) -> Result<()> {
    match kind {
        FileType::Directory => Err(Status::IsDir),
        FileType::Regular if size > i64::MAX as u64 => Err(Status::FBig),
        FileType::Regular => Ok(()),
        _ => Err(Status::Inval),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nfs4::Timespec;
    use smallvec::smallvec;

    fn attr(mode: u32, uid: u32, gid: u32) -> Attr {
        let zero = Timespec::default();
        Attr {
            kind: FileType::Regular,
            change: 0,
            size: 0,
            space_used: 0,
            fsid: (0, 0),
            fileid: 1,
            mounted_on_fileid: 1,
            mode,
            numlinks: 1,
            uid,
            gid,
            rawdev: (0, 0),
            atime: zero,
            mtime: zero,
            ctime: zero,
            btime: None,
        }
    }

    fn cred(uid: u32, gid: u32) -> Cred {
        Cred { uid, gid, groups: smallvec![77] }
    }

    #[test]
    fn the_first_class_that_fits_decides_alone() {
        let file = attr(0o074, 10, 20);
        assert_eq!(permitted(&file, &cred(10, 20)), Permission::default(), "the owner has no bits");
        let all = Permission { read: true, write: true, execute: true };
        assert_eq!(permitted(&file, &cred(11, 20)), all);
        assert_eq!(permitted(&attr(0o070, 10, 77), &cred(11, 20)), all, "a further group");
        let read = Permission { read: true, ..Permission::default() };
        assert_eq!(permitted(&file, &cred(11, 21)), read);
        assert!(!permitted(&attr(0o644, 1, 1), &cred(0, 0)).execute, "root executes only what some user may");
    }

    #[test]
    fn owners_keep_their_files() {
        let file = attr(0o644, 10, 20);
        let owner = cred(10, 20);
        let set = |uid, gid| SetAttr { uid, gid, ..SetAttr::default() };
        assert_eq!(may_set_owner(&file, &owner, &set(Some(10), Some(20))), Ok(()));
        assert_eq!(may_set_owner(&file, &owner, &set(None, Some(77))), Ok(()));
        assert_eq!(may_set_owner(&file, &owner, &set(Some(11), None)), Err(Status::Perm));
        assert_eq!(may_set_owner(&file, &owner, &set(None, Some(5))), Err(Status::Perm));
        assert_eq!(may_set_owner(&file, &cred(11, 20), &set(Some(10), None)), Err(Status::Perm));
        assert_eq!(mode_to_set(&file, &cred(11, 20), 0o600), Err(Status::Perm));
        assert_eq!(mode_to_set(&attr(0o644, 10, 5), &owner, 0o2755), Ok(0o755));
    }

    #[test]
    fn sticky_directories_protect_entries() {
        let sticky = attr(0o1777, 0, 0);
        assert_eq!(may_remove(&sticky, &attr(0o666, 10, 10), &cred(11, 11)), Err(Status::Perm));
        assert_eq!(may_remove(&sticky, &attr(0o666, 11, 10), &cred(11, 11)), Ok(()));
        assert_eq!(may_remove(&attr(0o777, 0, 0), &attr(0o666, 10, 10), &cred(11, 11)), Ok(()));
        assert_eq!(may_remove(&attr(0o755, 0, 0), &attr(0o666, 11, 10), &cred(11, 11)), Err(Status::Access));
    }

    #[test]
    fn times_are_the_owners() {
        let file = attr(0o666, 10, 20);
        let other = cred(11, 21);
        let now = SetAttr { mtime: Some(SetTime::Now), ..SetAttr::default() };
        let to = SetAttr { mtime: Some(SetTime::To(Timespec::default())), ..SetAttr::default() };
        assert_eq!(may_set_times(&file, &other, &now), Ok(()));
        assert_eq!(may_set_times(&attr(0o644, 10, 20), &other, &now), Err(Status::Access));
        assert_eq!(may_set_times(&file, &other, &to), Err(Status::Perm));
        assert_eq!(may_set_times(&file, &cred(10, 1), &to), Ok(()));
    }

    #[test]
    fn set_ids_go_with_a_change() {
        assert_eq!(without_set_ids(0o6755), 0o755);
        assert_eq!(
            without_set_ids(0o6745),
            0o2745,
            "without group execution the bit means locking, not a group"
        );
    }
}
