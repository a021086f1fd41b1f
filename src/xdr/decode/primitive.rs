//! The types of RFC 4506, and those of RFC 7530 §3 that many operations share.

use super::Parsed;
use crate::files::{SetTime, Timespec};
use crate::nfs4::{ClientId, OTHER_BYTES, Stateid, Verifier};
use crate::xdr::{Bitmap, DecodeError, limits};
use nom::Parser;
use nom::bytes::complete::take;
use nom::combinator::map;
use nom::number::complete::{be_i64, be_u32, be_u64};

/// An error that no alternative could mend.
pub(super) fn fail<T>(error: DecodeError) -> Result<T, nom::Err<DecodeError>> {
    Err(nom::Err::Failure(error))
}

/// The error for a number that the enumeration `of` does not define.
pub(super) fn undefined<T>(of: &'static str, value: u32) -> Result<T, nom::Err<DecodeError>> {
    fail(DecodeError::Undefined { of, value })
}

/// `unsigned int`.
pub fn u32_(i: &[u8]) -> Parsed<'_, u32> {
    be_u32(i)
}

/// `unsigned hyper`.
pub fn u64_(i: &[u8]) -> Parsed<'_, u64> {
    be_u64(i)
}

/// `hyper`.
pub fn i64_(i: &[u8]) -> Parsed<'_, i64> {
    be_i64(i)
}

/// `bool`: 0 or 1.
pub fn bool_(i: &[u8]) -> Parsed<'_, bool> {
    match u32_(i)? {
        (i, 0) => Ok((i, false)),
        (i, 1) => Ok((i, true)),
        (_, other) => fail(DecodeError::NotBool(other)),
    }
}

/// `opaque<max>` or `string<max>`: the octets, without their padding.
///
/// Errors: `TooLong`; `Padding` when the padding is not zero.
pub fn opaque<'a>(max: usize) -> impl Fn(&'a [u8]) -> Parsed<'a, &'a [u8]> {
    move |i| {
        let (i, length) = u32_(i)?;
        let max = u32::try_from(max).unwrap_or(u32::MAX);
        if length > max {
            return fail(DecodeError::TooLong { length, max });
        }
        let (i, octets) = take(length)(i)?;
        let (i, padding) = take(length.wrapping_neg() % 4)(i)?;
        if padding.iter().any(|&octet| octet != 0) {
            return fail(DecodeError::Padding);
        }
        Ok((i, octets))
    }
}

/// `opaque[N]` for an `N` that is a multiple of 4, and so has no padding.
pub fn fixed<const N: usize>(i: &[u8]) -> Parsed<'_, [u8; N]> {
    const { assert!(N.is_multiple_of(4)) };
    match i.split_first_chunk() {
        Some((octets, i)) => Ok((i, *octets)),
        None => fail(DecodeError::Truncated),
    }
}

/// `verifier4`.
pub fn verifier(i: &[u8]) -> Parsed<'_, Verifier> {
    fixed(i)
}

/// `clientid4`.
pub fn clientid(i: &[u8]) -> Parsed<'_, ClientId> {
    map(u64_, ClientId).parse(i)
}

/// `stateid4`.
pub fn stateid(i: &[u8]) -> Parsed<'_, Stateid> {
    map((u32_, fixed::<OTHER_BYTES>), |(seqid, other)| Stateid { seqid, other }).parse(i)
}

/// `nfs_fh4`.
pub fn filehandle(i: &[u8]) -> Parsed<'_, &[u8]> {
    opaque(limits::FILEHANDLE_BYTES_MAX)(i)
}

/// `component4`, and the texts of links: octets that nobody has checked yet.
pub fn component(i: &[u8]) -> Parsed<'_, &[u8]> {
    opaque(limits::COMPONENT_BYTES_MAX)(i)
}

/// `utf8string`: octets that nobody has checked yet.
pub fn utf8str(i: &[u8]) -> Parsed<'_, &[u8]> {
    opaque(limits::UTF8_BYTES_MAX)(i)
}

/// `bitmap4` of at most [`limits::BITMAP_WORDS_MAX`] words.
pub fn bitmap(i: &[u8]) -> Parsed<'_, Bitmap> {
    let (i, count) = u32_(i)?;
    if count as usize > limits::BITMAP_WORDS_MAX {
        return fail(DecodeError::TooLong { length: count, max: limits::BITMAP_WORDS_MAX as u32 });
    }
    let (i, octets) = take(count * 4)(i)?;
    let (words, _) = octets.as_chunks();
    Ok((i, Bitmap::from_words(words.iter().map(|&word| u32::from_be_bytes(word)))))
}

/// `fattr4`: which attributes, and their values as they came (RFC 7530 §3.3.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fattr<'a> {
    /// The attributes whose values follow.
    pub mask: Bitmap,
    /// The values, in ascending order of their numbers, each in its own XDR type.
    pub values: &'a [u8],
}

/// `fattr4`, its values unread.
pub fn fattr(i: &[u8]) -> Parsed<'_, Fattr<'_>> {
    map((bitmap, opaque(limits::ATTRLIST_BYTES_MAX)), |(mask, values)| Fattr { mask, values }).parse(i)
}

/// `nfstime4`. That the nanoseconds are below one second is for the caller to check: the RFC answers `NFS4ERR_INVAL`
/// (RFC 7530 §3.3.1).
pub fn nfstime4(i: &[u8]) -> Parsed<'_, Timespec> {
    map((i64_, u32_), |(seconds, nanos)| Timespec { seconds, nanos }).parse(i)
}

/// `settime4`, with the same caveat as [`nfstime4`].
pub fn settime4(i: &[u8]) -> Parsed<'_, SetTime> {
    match u32_(i)? {
        (i, 0) => Ok((i, SetTime::Now)),
        (i, 1) => map(nfstime4, SetTime::To).parse(i),
        (_, other) => undefined("time_how4", other),
    }
}

/// `specdata4`: the device numbers (major, minor).
pub fn specdata4(i: &[u8]) -> Parsed<'_, (u32, u32)> {
    (u32_, u32_).parse(i)
}
