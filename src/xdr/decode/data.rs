//! Operations on data and attributes: ACCESS, COMMIT, GETATTR, NVERIFY, READ, SETATTR, VERIFY, WRITE (RFC 7530 §16.1,
//! §16.3, §16.7, §16.15, §16.23, §16.32, §16.35, §16.36).

use super::{Fattr, Parsed, any_opaque, bitmap, fattr, stateid, u32_, u64_, undefined};
use crate::nfs4::Stateid;
use crate::xdr::Bitmap;
use nom::Parser;
use nom::combinator::map;

/// `ACCESS4args`. The current filehandle names the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessArgs {
    /// `ACCESS4_*`: the rights asked about.
    pub access: u32,
}

/// Decodes ACCESS (RFC 7530 §16.1.1).
pub fn access(i: &[u8]) -> Parsed<'_, AccessArgs> {
    map(u32_, |access| AccessArgs { access }).parse(i)
}

/// `COMMIT4args`. The current filehandle names the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitArgs {
    /// First byte.
    pub offset: u64,
    /// Count of bytes; 0 means to the end of the file.
    pub count: u32,
}

/// Decodes COMMIT (RFC 7530 §16.3.1).
pub fn commit(i: &[u8]) -> Parsed<'_, CommitArgs> {
    map((u64_, u32_), |(offset, count)| CommitArgs { offset, count }).parse(i)
}

/// `GETATTR4args`. The current filehandle names the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GetattrArgs {
    /// The attributes wanted.
    pub attr_request: Bitmap,
}

/// Decodes GETATTR (RFC 7530 §16.7.1).
pub fn getattr(i: &[u8]) -> Parsed<'_, GetattrArgs> {
    map(bitmap, |attr_request| GetattrArgs { attr_request }).parse(i)
}

/// `NVERIFY4args`. The current filehandle names the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NverifyArgs<'a> {
    /// The attributes to compare.
    pub obj_attributes: Fattr<'a>,
}

/// Decodes NVERIFY (RFC 7530 §16.15.1).
pub fn nverify(i: &[u8]) -> Parsed<'_, NverifyArgs<'_>> {
    map(fattr, |obj_attributes| NverifyArgs { obj_attributes }).parse(i)
}

/// `READ4args`. The current filehandle names the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadArgs {
    /// By what right.
    pub stateid: Stateid,
    /// First byte.
    pub offset: u64,
    /// Most bytes wanted.
    pub count: u32,
}

/// Decodes READ (RFC 7530 §16.23.1).
pub fn read(i: &[u8]) -> Parsed<'_, ReadArgs> {
    map((stateid, u64_, u32_), |(stateid, offset, count)| ReadArgs { stateid, offset, count }).parse(i)
}

/// `SETATTR4args`. The current filehandle names the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetattrArgs<'a> {
    /// By what right, when the size is set.
    pub stateid: Stateid,
    /// The attributes to set.
    pub obj_attributes: Fattr<'a>,
}

/// Decodes SETATTR (RFC 7530 §16.32.1).
pub fn setattr(i: &[u8]) -> Parsed<'_, SetattrArgs<'_>> {
    map((stateid, fattr), |(stateid, obj_attributes)| SetattrArgs { stateid, obj_attributes }).parse(i)
}

/// `VERIFY4args`. The current filehandle names the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyArgs<'a> {
    /// The attributes to compare.
    pub obj_attributes: Fattr<'a>,
}

/// Decodes VERIFY (RFC 7530 §16.35.1).
pub fn verify(i: &[u8]) -> Parsed<'_, VerifyArgs<'_>> {
    map(fattr, |obj_attributes| VerifyArgs { obj_attributes }).parse(i)
}

/// `stable_how4`: what must be on disk before the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum StableHow {
    /// `UNSTABLE4`: nothing.
    Unstable = 0,
    /// `DATA_SYNC4`: the data and what is needed to find it.
    DataSync = 1,
    /// `FILE_SYNC4`: the data and all attributes.
    FileSync = 2,
}

fn stable_how(i: &[u8]) -> Parsed<'_, StableHow> {
    match u32_(i)? {
        (i, 0) => Ok((i, StableHow::Unstable)),
        (i, 1) => Ok((i, StableHow::DataSync)),
        (i, 2) => Ok((i, StableHow::FileSync)),
        (_, other) => undefined("stable_how4", other),
    }
}

/// `WRITE4args`. The current filehandle names the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteArgs<'a> {
    /// By what right.
    pub stateid: Stateid,
    /// Where the first byte goes.
    pub offset: u64,
    /// What must be on disk before the answer.
    pub stable: StableHow,
    /// The bytes.
    pub data: &'a [u8],
}

/// Decodes WRITE (RFC 7530 §16.36.1).
pub fn write(i: &[u8]) -> Parsed<'_, WriteArgs<'_>> {
    let fields = (stateid, u64_, stable_how, any_opaque);
    map(fields, |(stateid, offset, stable, data)| WriteArgs { stateid, offset, stable, data }).parse(i)
}
