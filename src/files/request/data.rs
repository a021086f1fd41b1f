//! The data of regular files, and the text of symbolic links.

use super::answer::Request;
use crate::nfs4::Cred;

/// Reads the text of a symbolic link. Errors: `Inval` for any other object.
#[derive(Clone, Copy, Debug)]
pub struct ReadlinkRequest;

impl Request for ReadlinkRequest {
    type Answer<H> = Vec<u8>;
}

/// Reads up to `count` bytes at `offset`; returns whether the end of the file was reached.
/// Errors: `IsDir` for a directory, `Inval` for any other object that is not a regular file.
#[derive(Debug)]
pub struct ReadRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
    /// The first byte.
    pub offset: u64,
    /// The largest number of bytes to read.
    pub count: u32,
    /// Whether the caller holds an open for reading.
    pub has_open: bool,
    /// Receives the bytes at its end.
    pub data: &'a mut Vec<u8>,
}

impl Request for ReadRequest<'_> {
    type Answer<H> = bool;
}

/// Writes all of `data` at `offset`, or as much as fits; returns how many bytes were written and how stable they are.
/// Errors: as for [`ReadRequest`]; `FBig`.
#[derive(Clone, Copy, Debug)]
pub struct WriteRequest<'a> {
    /// The caller.
    pub cred: &'a Cred,
    /// The first byte.
    pub offset: u64,
    /// The bytes.
    pub data: &'a [u8],
    /// How stable they must be before the answer.
    pub stability: Stability,
    /// Whether the caller holds an open for writing.
    pub has_open: bool,
}

impl Request for WriteRequest<'_> {
    type Answer<H> = (u32, Stability);
}

/// Brings what was written unstably to stable storage. Errors: as for [`ReadRequest`].
#[derive(Clone, Copy, Debug)]
pub struct CommitRequest;

impl Request for CommitRequest {
    type Answer<H> = ();
}

/// Says how far data must have gone before a WRITE is answered (`stable_how4`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stability {
    /// `UNSTABLE4`: may be lost with the machine until COMMIT.
    Unstable,
    /// `DATA_SYNC4`: data on stable storage, and what is needed to read it back.
    DataSync,
    /// `FILE_SYNC4`: data and all attributes on stable storage.
    FileSync,
}
