//! Regions of files and extended attributes: checks, and copies between exports.

use super::{Mount, Namespace};
use crate::files::handle::Object;
use crate::files::{
    COPY_BYTES_MAX, ChangeInfo, Found, Result, Side, Stability, XATTR_BYTES_MAX, access, region,
};
use crate::nfs4::{Content, Cred, FileType, Filehandle, Status, XattrMode};

/// How many bytes at a time a copy takes that no file system does for us.
const CHUNK: u32 = 1 << 20;

impl Namespace {
    pub(super) fn seek_in(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        offset: u64,
        what: Content,
        by_right: bool,
    ) -> Result<Found> {
        let (mount, object) = self.locate_file(fh)?;
        // No file reaches there; the system calls would call such an offset invalid.
        let offset = offset.min(i64::MAX as u64);
        mount.volume.seek(cred, &object, offset, what, by_right)
    }

    pub(super) fn allocate_in(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        (offset, length): (u64, u64),
        by_right: bool,
    ) -> Result<()> {
        let (mount, object) = self.locate_file(fh)?;
        access::check_size(FileType::Regular, region::end(offset, length)?)?;
        mount.volume.allocate(cred, &object, offset, length, by_right)
    }

    pub(super) fn deallocate_in(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        (offset, length): (u64, u64),
        by_right: bool,
    ) -> Result<()> {
        let (mount, object) = self.locate_file(fh)?;
        let end = region::end(offset, length)?.min(i64::MAX as u64);
        match end.checked_sub(offset) {
            Some(length @ 1..) => mount.volume.deallocate(cred, &object, offset, length, by_right),
            // It lies where no file reaches.
            _ => Err(Status::FBig),
        }
    }

    pub(super) fn copy_between(&self, from: Side<'_>, to: Side<'_>, count: u64) -> Result<(u64, Stability)> {
        let (source, target) = (self.locate_file(from.file)?, self.locate_file(to.file)?);
        let count = check_copy(&source, &target, (&from, &to), count)?.min(COPY_BYTES_MAX);
        let (from, to) = (from.of(&source.1), to.of(&target.1));
        if source.0.files_id == target.0.files_id {
            match source.0.volume.copy(from.later(0), to.later(0), count) {
                Err(Status::NotSupp) => {}
                result => return result,
            }
        }
        copy_through((source.0, from), (target.0, to), count)
    }

    pub(super) fn clone_between(&self, from: Side<'_>, to: Side<'_>, count: u64) -> Result<()> {
        let (source, target) = (self.locate_file(from.file)?, self.locate_file(to.file)?);
        if source.0.files_id != target.0.files_id {
            return Err(Status::Xdev);
        }
        let count = check_copy(&source, &target, (&from, &to), count)?;
        source.0.volume.clone_region(from.of(&source.1), to.of(&target.1), count)
    }

    pub(super) fn xattr_of(&self, cred: &Cred, fh: &Filehandle, name: &[u8]) -> Result<Vec<u8>> {
        let (mount, object) = self.locate(fh)?;
        mount.check_xattr_name(name)?;
        if has_xattrs(&object) { mount.volume.xattr(cred, &object, name) } else { Err(Status::NoXattr) }
    }

    pub(super) fn set_xattr_of(
        &self,
        cred: &Cred,
        fh: &Filehandle,
        name: &[u8],
        value: &[u8],
        mode: XattrMode,
    ) -> Result<ChangeInfo> {
        let (mount, object) = self.locate_to_set_xattr(fh, name)?;
        if value.len() > XATTR_BYTES_MAX {
            return Err(Status::Xattr2Big);
        }
        mount.volume.set_xattr(cred, &object, name, value, mode)
    }

    pub(super) fn locate_to_set_xattr(&self, fh: &Filehandle, name: &[u8]) -> Result<(&Mount, Object)> {
        let (mount, object) = self.locate(fh)?;
        mount.check_xattr_name(name)?;
        if has_xattrs(&object) { Ok((mount, object)) } else { Err(Status::Perm) }
    }

    pub(super) fn xattrs_of(&self, cred: &Cred, fh: &Filehandle) -> Result<Vec<Vec<u8>>> {
        let (mount, object) = self.locate(fh)?;
        if !has_xattrs(&object) {
            return Ok(Vec::new());
        }
        let mut names = mount.volume.list_xattrs(cred, &object)?;
        names.retain(|name| mount.names.allows(name));
        Ok(names)
    }
}

/// Only these have attributes of users: others' mode bits are not about their contents.
fn has_xattrs(object: &Object) -> bool {
    matches!(object.kind, FileType::Regular | FileType::Directory)
}

/// Checks the regions of a copy; answers how many bytes it is about, which 0 leaves to the source.
/// Errors: `Inval`; `FBig` when the target would become too long.
fn check_copy(
    source: &(&Mount, Object),
    target: &(&Mount, Object),
    (from, to): (&Side<'_>, &Side<'_>),
    count: u64,
) -> Result<u64> {
    let size = source.0.volume.getattr(&source.1)?.size;
    let left = size.checked_sub(from.offset).ok_or(Status::Inval)?;
    let count = if count == 0 { left } else { count };
    if count > left {
        return Err(Status::Inval);
    }
    let end = to.offset.checked_add(count).ok_or(Status::FBig)?;
    access::check_size(FileType::Regular, end)?;
    let apart = from.offset.abs_diff(to.offset) >= count;
    if source.0.files_id == target.0.files_id && source.1 == target.1 && !apart {
        Err(Status::Inval)
    } else {
        Ok(count)
    }
}

/// Copies by reading and writing. Errors: only when nothing was copied.
fn copy_through(
    (source, from): (&Mount, Side<'_, Object>),
    (target, to): (&Mount, Side<'_, Object>),
    count: u64,
) -> Result<(u64, Stability)> {
    let (mut done, mut stability) = (0, Stability::FileSync);
    let mut buffer = Vec::new();
    while done < count {
        let chunk = CHUNK.min(u32::try_from(count - done).unwrap_or(u32::MAX));
        buffer.clear();
        let (from, to) = (from.later(done), to.later(done));
        let step = source
            .volume
            .read(from.cred, from.file, from.offset, chunk, from.by_right, &mut buffer)
            .and_then(|_| {
                target.volume.write(to.cred, to.file, to.offset, &buffer, Stability::Unstable, to.by_right)
            });
        match step {
            Ok((written, reached)) => {
                done += u64::from(written);
                stability = stability.min(reached);
                if written < chunk {
                    break;
                }
            }
            Err(status) if done == 0 => return Err(status),
            Err(_) => break,
        }
    }
    Ok((done, stability))
}
