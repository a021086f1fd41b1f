//! Regions of files, and copies between exports.

use super::route::{Checked, Route, Target};
use super::tree::Namespace;
use crate::files::access;
use crate::files::request::{
    AllocateRequest, COPY_BYTES_MAX, CloneRequest, CopyRequest, DeallocateRequest, GetattrRequest,
    ReadRequest, SeekRequest, Side, Stability, WriteRequest,
};
use crate::files::result::Result;
use crate::nfs4::{FileType, Filehandle, Status};

/// How many bytes at a time are copied where no file system does it.
const CHUNK_BYTES: u32 = 1 << 20;

impl Checked for SeekRequest<'_> {
    fn check(&mut self, target: &Target<'_>) -> Result<()> {
        target.require_file()?;
        // No file is that long; the system calls would refuse such an offset.
        self.offset = self.offset.min(i64::MAX as u64);
        Ok(())
    }
}

impl Checked for AllocateRequest<'_> {
    fn check(&mut self, target: &Target<'_>) -> Result<()> {
        target.require_file()?;
        access::check_size(FileType::Regular, region_end(self.offset, self.length)?)
    }
}

impl Checked for DeallocateRequest<'_> {
    fn check(&mut self, target: &Target<'_>) -> Result<()> {
        target.require_file()?;
        let end = region_end(self.offset, self.length)?.min(i64::MAX as u64);
        match end.checked_sub(self.offset) {
            Some(length @ 1..) => self.length = length,
            // No file is that long.
            _ => return Err(Status::FBig),
        }
        Ok(())
    }
}

/// Returns the end of a region. Errors: `Inval` when it is empty or ends beyond 64 bits.
fn region_end(offset: u64, length: u64) -> Result<u64> {
    if length == 0 { Err(Status::Inval) } else { offset.checked_add(length).ok_or(Status::Inval) }
}

impl Route for CopyRequest<'_> {
    fn route(self, namespace: &Namespace, fh: &Filehandle) -> Result<(u64, Stability)> {
        let CopyRequest { from, target, to, count } = self;
        let (source, target) = both_files(namespace, fh, target)?;
        let count = check_copy(&source, &target, (from, to), count)?.min(COPY_BYTES_MAX);
        if source.mount.files_id == target.mount.files_id {
            match source.serve(CopyRequest { from, target: &target.object, to, count }) {
                Err(Status::NotSupp) => {}
                result => return result,
            }
        }
        copy_by_chunks((&source, from), (&target, to), count)
    }
}

impl Route for CloneRequest<'_> {
    fn route(self, namespace: &Namespace, fh: &Filehandle) -> Result<()> {
        let CloneRequest { from, target, to, count } = self;
        let (source, target) = both_files(namespace, fh, target)?;
        if source.mount.files_id != target.mount.files_id {
            return Err(Status::Xdev);
        }
        let count = check_copy(&source, &target, (from, to), count)?;
        source.serve(CloneRequest { from, target: &target.object, to, count })
    }
}

/// Finds source and target of a copy, which must be regular files.
fn both_files<'n>(
    namespace: &'n Namespace,
    source: &Filehandle,
    target: &Filehandle,
) -> Result<(Target<'n>, Target<'n>)> {
    let source = namespace.target(source)?;
    source.require_file()?;
    let target = namespace.target(target)?;
    target.require_file()?;
    Ok((source, target))
}

/// Checks the regions of a copy; returns the number of bytes, for which 0 stands for all up to the end of the source.
/// Errors: `Inval`; `FBig` when the target would become too long.
fn check_copy(
    source: &Target<'_>,
    target: &Target<'_>,
    (from, to): (Side<'_>, Side<'_>),
    count: u64,
) -> Result<u64> {
    let size = source.serve(GetattrRequest)?.size;
    let left = size.checked_sub(from.offset).ok_or(Status::Inval)?;
    let count = if count == 0 { left } else { count };
    if count > left {
        return Err(Status::Inval);
    }
    let end = to.offset.checked_add(count).ok_or(Status::FBig)?;
    access::check_size(FileType::Regular, end)?;
    let same_file = source.mount.files_id == target.mount.files_id && source.object == target.object;
    let overlap = from.offset.abs_diff(to.offset) < count;
    if same_file && overlap { Err(Status::Inval) } else { Ok(count) }
}

/// Copies by reading and writing. Errors: only when nothing was copied.
fn copy_by_chunks(
    (source, from): (&Target<'_>, Side<'_>),
    (target, to): (&Target<'_>, Side<'_>),
    count: u64,
) -> Result<(u64, Stability)> {
    let (mut done, mut stability) = (0, Stability::FileSync);
    let mut buffer = Vec::new();
    while done < count {
        let chunk = CHUNK_BYTES.min(u32::try_from(count - done).unwrap_or(u32::MAX));
        buffer.clear();
        match copy_chunk((source, from.later(done)), (target, to.later(done)), chunk, &mut buffer) {
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

fn copy_chunk(
    (source, from): (&Target<'_>, Side<'_>),
    (target, to): (&Target<'_>, Side<'_>),
    count: u32,
    buffer: &mut Vec<u8>,
) -> Result<(u32, Stability)> {
    let Side { cred, offset, has_open } = from;
    source.serve(ReadRequest { cred, offset, count, has_open, data: buffer })?;
    let Side { cred, offset, has_open } = to;
    target.serve(WriteRequest { cred, offset, data: buffer, stability: Stability::Unstable, has_open })
}
