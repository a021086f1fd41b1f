//! Regions of files: what SEEK, COPY and CLONE speak of.

use super::Result;
use crate::nfs4::{Cred, Filehandle, Status};

/// Most bytes that one [`Files::copy`](super::Files::copy) copies, so that nobody waits long for its reply; whoever
/// wants more asks again.
pub const COPY_BYTES_MAX: u64 = 16 << 20;

/// What a [`Files::seek`](super::Files::seek) found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whether `offset` is the end of the file: the hole there, or there is no more data.
    pub eof: bool,
    /// The first such byte.
    pub offset: u64,
}

/// Source or target of a copy.
#[derive(Debug)]
pub struct Side<'a, F = Filehandle> {
    /// Who asks, as the export of this file sees it.
    pub cred: &'a Cred,
    /// The file.
    pub file: &'a F,
    /// First byte.
    pub offset: u64,
    /// Whether an open gives the right, as in [`Files::read`](super::Files::read) and
    /// [`Files::write`](super::Files::write).
    pub by_right: bool,
}

impl<'a, F> Side<'a, F> {
    /// The same of another kind of file.
    pub(crate) fn of<G>(&self, file: &'a G) -> Side<'a, G> {
        Side { cred: self.cred, file, offset: self.offset, by_right: self.by_right }
    }

    /// The same, `bytes` later in the file.
    pub(crate) fn later(&self, bytes: u64) -> Self {
        Side { cred: self.cred, file: self.file, offset: self.offset + bytes, by_right: self.by_right }
    }
}

/// The end of a region. Errors: `Inval` when it is empty or ends beyond 64 bits.
pub(crate) fn end(offset: u64, length: u64) -> Result<u64> {
    if length == 0 { Err(Status::Inval) } else { offset.checked_add(length).ok_or(Status::Inval) }
}
