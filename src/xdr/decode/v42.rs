//! Operations that are new in NFSv4.2: ALLOCATE, CLONE, COPY, DEALLOCATE, SEEK (RFC 7862 §15), and those on extended
//! attributes (RFC 8276 §8.4).

use super::{Parsed, any_opaque, bool_, component, stateid, u32_, u64_, undefined, utf8str};
use crate::nfs4::{Content, Stateid, XattrMode};
use nom::Parser;
use nom::combinator::map;

/// `ALLOCATE4args` and `DEALLOCATE4args`. The current filehandle names the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionArgs {
    /// By what right.
    pub stateid: Stateid,
    /// First byte.
    pub offset: u64,
    /// Count of bytes.
    pub length: u64,
}

/// Decodes ALLOCATE (RFC 7862 §15.1.1).
pub fn allocate(i: &[u8]) -> Parsed<'_, RegionArgs> {
    map((stateid, u64_, u64_), |(stateid, offset, length)| RegionArgs { stateid, offset, length }).parse(i)
}

/// Decodes DEALLOCATE (RFC 7862 §15.4.1).
pub fn deallocate(i: &[u8]) -> Parsed<'_, RegionArgs> {
    allocate(i)
}

/// `CLONE4args`, and the head of `COPY4args`. The saved filehandle names the source, the current one the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloneArgs {
    /// By what right the source is read.
    pub src_stateid: Stateid,
    /// By what right the target is written.
    pub dst_stateid: Stateid,
    /// First byte of the source.
    pub src_offset: u64,
    /// First byte of the target.
    pub dst_offset: u64,
    /// Count of bytes; 0 means to the end of the source.
    pub count: u64,
}

/// Decodes CLONE (RFC 7862 §15.13.1).
pub fn clone(i: &[u8]) -> Parsed<'_, CloneArgs> {
    let fields = (stateid, stateid, u64_, u64_, u64_);
    map(fields, |(src_stateid, dst_stateid, src_offset, dst_offset, count)| CloneArgs {
        src_stateid,
        dst_stateid,
        src_offset,
        dst_offset,
        count,
    })
    .parse(i)
}

/// `COPY4args`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyArgs {
    /// From where to where.
    pub regions: CloneArgs,
    /// Whether the bytes must be copied in their order.
    pub consecutive: bool,
    /// Whether the reply must wait for the copy.
    pub synchronous: bool,
    /// How many servers are named that have the source; 0 means it is on this one.
    pub source_servers: u32,
}

/// Decodes COPY (RFC 7862 §15.2.1). The servers are passed over.
pub fn copy(i: &[u8]) -> Parsed<'_, CopyArgs> {
    let (mut i, (regions, consecutive, synchronous, source_servers)) =
        (clone, bool_, bool_, u32_).parse(i)?;
    // Each takes some bytes: a claim of more of them than there are ends the loop.
    for _ in 0..source_servers {
        i = netloc(i)?.0;
    }
    Ok((i, CopyArgs { regions, consecutive, synchronous, source_servers }))
}

/// Passes over a `netloc4`.
fn netloc(i: &[u8]) -> Parsed<'_, ()> {
    match u32_(i)? {
        (i, 1 | 2) => map(utf8str, drop).parse(i),
        (i, 3) => map((any_opaque, any_opaque), drop).parse(i),
        (_, other) => undefined("netloc_type4", other),
    }
}

/// `SEEK4args`. The current filehandle names the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeekArgs {
    /// By what right.
    pub stateid: Stateid,
    /// Where to begin.
    pub offset: u64,
    /// What to look for; `None` for a number that the RFC does not define, which has a status of its own.
    pub what: Option<Content>,
}

/// Decodes SEEK (RFC 7862 §15.11.1).
pub fn seek(i: &[u8]) -> Parsed<'_, SeekArgs> {
    let content = map(u32_, |what| match what {
        0 => Some(Content::Data),
        1 => Some(Content::Hole),
        _ => None,
    });
    map((stateid, u64_, content), |(stateid, offset, what)| SeekArgs { stateid, offset, what }).parse(i)
}

/// `GETXATTR4args` and `REMOVEXATTR4args`. The current filehandle names the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XattrArgs<'a> {
    /// The attribute's name.
    pub name: &'a [u8],
}

/// Decodes GETXATTR (RFC 8276 §8.4.1).
pub fn getxattr(i: &[u8]) -> Parsed<'_, XattrArgs<'_>> {
    map(component, |name| XattrArgs { name }).parse(i)
}

/// Decodes REMOVEXATTR (RFC 8276 §8.4.4).
pub fn removexattr(i: &[u8]) -> Parsed<'_, XattrArgs<'_>> {
    getxattr(i)
}

/// `SETXATTR4args`. The current filehandle names the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetxattrArgs<'a> {
    /// Whether the attribute may, must or must not be there.
    pub option: XattrMode,
    /// The attribute's name.
    pub name: &'a [u8],
    /// Its new value.
    pub value: &'a [u8],
}

/// Decodes SETXATTR (RFC 8276 §8.4.2). A value that is too long is for the operation to refuse.
pub fn setxattr(i: &[u8]) -> Parsed<'_, SetxattrArgs<'_>> {
    let fields = (setxattr_option, component, any_opaque);
    map(fields, |(option, name, value)| SetxattrArgs { option, name, value }).parse(i)
}

fn setxattr_option(i: &[u8]) -> Parsed<'_, XattrMode> {
    match u32_(i)? {
        (i, 0) => Ok((i, XattrMode::Either)),
        (i, 1) => Ok((i, XattrMode::Create)),
        (i, 2) => Ok((i, XattrMode::Replace)),
        (_, other) => undefined("setxattr_option4", other),
    }
}

/// `LISTXATTRS4args`. The current filehandle names the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListxattrsArgs {
    /// Where to go on; 0 at first.
    pub cookie: u64,
    /// Most bytes of the result.
    pub maxcount: u32,
}

/// Decodes LISTXATTRS (RFC 8276 §8.4.3).
pub fn listxattrs(i: &[u8]) -> Parsed<'_, ListxattrsArgs> {
    map((u64_, u32_), |(cookie, maxcount)| ListxattrsArgs { cookie, maxcount }).parse(i)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xdr::encode::Encoder;

    const A: Stateid = Stateid { seqid: 1, other: [2; 12] };
    const B: Stateid = Stateid { seqid: 3, other: [4; 12] };

    fn bytes(write: impl FnOnce(&mut Encoder)) -> Vec<u8> {
        let mut out = Encoder::new();
        write(&mut out);
        out.into_vec()
    }

    /// Decodes all of it; no shorter head of it decodes.
    fn whole<'a, T>(bytes: &'a [u8], parser: impl Fn(&'a [u8]) -> Parsed<'a, T>) -> T {
        for length in (0..bytes.len()).step_by(4) {
            assert!(parser(&bytes[..length]).is_err(), "{length} bytes");
        }
        let (rest, args) = parser(bytes).unwrap();
        assert!(rest.is_empty());
        args
    }

    fn copy_head(out: &mut Encoder, servers: u32) {
        out.stateid(&A);
        out.stateid(&B);
        [5, 6, 7].iter().for_each(|number| out.u64(*number));
        out.bool(true);
        out.bool(false);
        out.u32(servers);
    }

    #[test]
    fn regions_are_read() {
        let given = bytes(|out| {
            out.stateid(&A);
            out.u64(5);
            out.u64(6);
        });
        assert_eq!(whole(&given, allocate), RegionArgs { stateid: A, offset: 5, length: 6 });
        let given = bytes(|out| {
            out.stateid(&A);
            out.u64(5);
            out.u32(1);
        });
        assert_eq!(whole(&given, seek), SeekArgs { stateid: A, offset: 5, what: Some(Content::Hole) });
    }

    #[test]
    fn the_servers_of_a_copy_are_counted() {
        let regions = CloneArgs { src_stateid: A, dst_stateid: B, src_offset: 5, dst_offset: 6, count: 7 };
        let local = bytes(|out| copy_head(out, 0));
        let want = CopyArgs { regions, consecutive: true, synchronous: false, source_servers: 0 };
        assert_eq!(whole(&local, copy), want);
        let remote = bytes(|out| {
            copy_head(out, 3);
            out.u32(1);
            out.opaque(b"server");
            out.u32(2);
            out.opaque(b"nfs://server/");
            out.u32(3);
            out.opaque(b"tcp");
            out.opaque(b"127.0.0.1.8.1");
        });
        assert_eq!(whole(&remote, copy), CopyArgs { source_servers: 3, ..want });
        assert!(copy(&bytes(|out| copy_head(out, u32::MAX))).is_err());
        let unknown = bytes(|out| {
            copy_head(out, 1);
            out.u32(4);
        });
        assert!(copy(&unknown).is_err());
    }

    #[test]
    fn extended_attributes_are_read() {
        let given = bytes(|out| {
            out.u32(2);
            out.opaque(b"name");
            out.opaque(b"value");
        });
        let want = SetxattrArgs { option: XattrMode::Replace, name: b"name", value: b"value" };
        assert_eq!(whole(&given, setxattr), want);
        assert_eq!(whole(&bytes(|out| out.opaque(b"name")), getxattr), XattrArgs { name: b"name" });
        let given = bytes(|out| {
            out.u64(1);
            out.u32(2);
        });
        assert_eq!(whole(&given, listxattrs), ListxattrsArgs { cookie: 1, maxcount: 2 });
        assert!(setxattr(&bytes(|out| out.u32(3))).is_err());
    }
}
