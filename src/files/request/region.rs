//! Regions of regular files. Errors of all: as for [`ReadRequest`](super::ReadRequest).

use super::answer::Request;
use super::data::Stability;
use crate::nfs4::{Content, Cred, Filehandle};

/// Bounds what one [`CopyRequest`] copies, in bytes, so that its reply is not late; the client asks again for the rest.
pub const COPY_BYTES_MAX: u64 = 16 << 20;

/// Finds the next byte from `offset` on that is data, or in a hole; there is always a hole at the end of the file.
/// Errors: `Nxio` when `offset` is not inside the file.
#[derive(Clone, Copy, Debug)]
pub struct SeekRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
    /// The first byte to look at.
    pub offset: u64,
    /// What to look for.
    pub content: Content,
    /// Whether the caller holds an open for reading.
    pub has_open: bool,
}

impl Request for SeekRequest<'_> {
    type Answer<H> = Found;
}

/// Tells what a [`SeekRequest`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whether `offset` is the end of the file: the hole there, or there is no more data.
    pub eof: bool,
    /// The first such byte.
    pub offset: u64,
}

/// Reserves space for `length` bytes at `offset`, so that a write there cannot fail for lack of it; extends the file as
/// far as that needs.
/// Errors: `FBig`; `Inval` for an empty or impossible region, `NotSupp` where the file system cannot.
#[derive(Clone, Copy, Debug)]
pub struct AllocateRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
    /// The first byte.
    pub offset: u64,
    /// The number of bytes.
    pub length: u64,
    /// Whether the caller holds an open for writing.
    pub has_open: bool,
}

impl Request for AllocateRequest<'_> {
    type Answer<H> = ();
}

/// Frees the space of `length` bytes at `offset`, which read as zeros then; the size stays.
/// Errors: as for [`AllocateRequest`].
#[derive(Clone, Copy, Debug)]
pub struct DeallocateRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
    /// The first byte.
    pub offset: u64,
    /// The number of bytes.
    pub length: u64,
    /// Whether the caller holds an open for writing.
    pub has_open: bool,
}

impl Request for DeallocateRequest<'_> {
    type Answer<H> = ();
}

/// Says where in a file a copy reads or writes, and by what right.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The caller, as the export of this file sees it.
    pub cred: &'a Cred,
    /// The first byte.
    pub offset: u64,
    /// Whether the caller holds an open for reading (source) or writing (target).
    pub has_open: bool,
}

impl Side<'_> {
    /// Returns the same side, `bytes` later in the file.
    pub(crate) fn later(self, bytes: u64) -> Self {
        Self { offset: self.offset + bytes, ..self }
    }
}

/// Copies `count` bytes of the file (0: up to its end), or as many as fit and at most [`COPY_BYTES_MAX`]; returns how
/// many were copied and how stable they are. The files may be in different exports.
/// Errors: those of reading and writing; `Inval` when the source is not as long, or the regions of one file overlap.
#[derive(Clone, Copy, Debug)]
pub struct CopyRequest<'a, H = Filehandle> {
    /// Where to read.
    pub from: Side<'a>,
    /// The file to write to.
    pub target: &'a H,
    /// Where to write.
    pub to: Side<'a>,
    /// The number of bytes.
    pub count: u64,
}

impl<N> Request for CopyRequest<'_, N> {
    type Answer<H> = (u64, Stability);
}

/// Makes all `count` bytes of the target the same as those of the file (0: up to its end), or none; shares their storage
/// where the file system can.
/// Errors: as for [`CopyRequest`]; `NotSupp` where the file system cannot, `Xdev` between file systems, `Inval` for
/// regions not aligned as it needs.
#[derive(Clone, Copy, Debug)]
pub struct CloneRequest<'a, H = Filehandle> {
    /// Where to read.
    pub from: Side<'a>,
    /// The file to write to.
    pub target: &'a H,
    /// Where to write.
    pub to: Side<'a>,
    /// The number of bytes.
    pub count: u64,
}

impl<N> Request for CloneRequest<'_, N> {
    type Answer<H> = ();
}
