//! Operations on directory entries and filehandles: CREATE, LINK, LOOKUP, PUTFH, READDIR, REMOVE, RENAME, SECINFO
//! (RFC 7530 §16.4, §16.9, §16.13, §16.20, §16.24, §16.26, §16.27, §16.31).

use super::{Fattr, Parsed, bitmap, component, fattr, filehandle, specdata4, u32_, u64_, verifier};
use crate::nfs4::Verifier;
use crate::xdr::Bitmap;
use nom::Parser;
use nom::combinator::map;

/// `createtype4`: what CREATE makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateType<'a> {
    /// `NF4LNK` with its text.
    Link(&'a [u8]),
    /// `NF4BLK` with its device numbers (major, minor).
    Block(u32, u32),
    /// `NF4CHR` with its device numbers (major, minor).
    Character(u32, u32),
    /// `NF4DIR`.
    Directory,
    /// `NF4SOCK`.
    Socket,
    /// `NF4FIFO`.
    Fifo,
    /// Any other `nfs_ftype4`, defined or not: the answer is `NFS4ERR_BADTYPE` (§16.4.5).
    Other(u32),
}

/// `CREATE4args`. The current filehandle names the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreateArgs<'a> {
    /// What to make.
    pub objtype: CreateType<'a>,
    /// Under which name.
    pub objname: &'a [u8],
    /// With which attributes.
    pub createattrs: Fattr<'a>,
}

fn createtype(i: &[u8]) -> Parsed<'_, CreateType<'_>> {
    match u32_(i)? {
        (i, 2) => Ok((i, CreateType::Directory)),
        (i, 3) => map(specdata4, |(major, minor)| CreateType::Block(major, minor)).parse(i),
        (i, 4) => map(specdata4, |(major, minor)| CreateType::Character(major, minor)).parse(i),
        (i, 5) => map(component, CreateType::Link).parse(i),
        (i, 6) => Ok((i, CreateType::Socket)),
        (i, 7) => Ok((i, CreateType::Fifo)),
        (i, other) => Ok((i, CreateType::Other(other))),
    }
}

/// Decodes CREATE (RFC 7530 §16.4.1).
pub fn create(i: &[u8]) -> Parsed<'_, CreateArgs<'_>> {
    map((createtype, component, fattr), |(objtype, objname, createattrs)| CreateArgs {
        objtype,
        objname,
        createattrs,
    })
    .parse(i)
}

/// `LINK4args`. The saved filehandle names the object, the current one the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkArgs<'a> {
    /// The new entry.
    pub newname: &'a [u8],
}

/// Decodes LINK (RFC 7530 §16.9.1).
pub fn link(i: &[u8]) -> Parsed<'_, LinkArgs<'_>> {
    map(component, |newname| LinkArgs { newname }).parse(i)
}

/// `LOOKUP4args`. The current filehandle names the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookupArgs<'a> {
    /// The entry.
    pub objname: &'a [u8],
}

/// Decodes LOOKUP (RFC 7530 §16.13.1).
pub fn lookup(i: &[u8]) -> Parsed<'_, LookupArgs<'_>> {
    map(component, |objname| LookupArgs { objname }).parse(i)
}

/// `PUTFH4args`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PutfhArgs<'a> {
    /// The new current filehandle.
    pub object: &'a [u8],
}

/// Decodes PUTFH (RFC 7530 §16.20.1).
pub fn putfh(i: &[u8]) -> Parsed<'_, PutfhArgs<'_>> {
    map(filehandle, |object| PutfhArgs { object }).parse(i)
}

/// `READDIR4args`. The current filehandle names the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReaddirArgs {
    /// After which entry to go on; 0 is the start.
    pub cookie: u64,
    /// As it came with the cookie.
    pub cookieverf: Verifier,
    /// A hint: bytes of names and cookies in the reply.
    pub dircount: u32,
    /// Most bytes of the whole result.
    pub maxcount: u32,
    /// Attributes wanted of each entry.
    pub attr_request: Bitmap,
}

/// Decodes READDIR (RFC 7530 §16.24.1).
pub fn readdir(i: &[u8]) -> Parsed<'_, ReaddirArgs> {
    map((u64_, verifier, u32_, u32_, bitmap), |(cookie, cookieverf, dircount, maxcount, attr_request)| {
        ReaddirArgs { cookie, cookieverf, dircount, maxcount, attr_request }
    })
    .parse(i)
}

/// `REMOVE4args`. The current filehandle names the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemoveArgs<'a> {
    /// The entry.
    pub target: &'a [u8],
}

/// Decodes REMOVE (RFC 7530 §16.26.1).
pub fn remove(i: &[u8]) -> Parsed<'_, RemoveArgs<'_>> {
    map(component, |target| RemoveArgs { target }).parse(i)
}

/// `RENAME4args`. The saved filehandle names the source directory, the current one the target directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenameArgs<'a> {
    /// Entry in the source directory.
    pub oldname: &'a [u8],
    /// Entry in the target directory.
    pub newname: &'a [u8],
}

/// Decodes RENAME (RFC 7530 §16.27.1).
pub fn rename(i: &[u8]) -> Parsed<'_, RenameArgs<'_>> {
    map((component, component), |(oldname, newname)| RenameArgs { oldname, newname }).parse(i)
}

/// `SECINFO4args`. The current filehandle names the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecinfoArgs<'a> {
    /// The entry.
    pub name: &'a [u8],
}

/// Decodes SECINFO (RFC 7530 §16.31.1).
pub fn secinfo(i: &[u8]) -> Parsed<'_, SecinfoArgs<'_>> {
    map(component, |name| SecinfoArgs { name }).parse(i)
}
