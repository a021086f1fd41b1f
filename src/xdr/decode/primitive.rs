//! The types of RFC 4506, and those of RFC 7530 §3 that many operations share.

use super::Parsed;
use crate::nfs4::{ClientId, OTHER_BYTES, SetTime, Stateid, Timespec, Verifier};
use crate::xdr::{Bitmap, DecodeError, limits};
use nom::Parser;
use nom::bytes::complete::take;
use nom::combinator::map;
use nom::error::{ErrorKind, ParseError};

/// Returns an error that no alternative could mend.
pub(super) fn fail<T>(error: DecodeError) -> Result<T, nom::Err<DecodeError>> {
    Err(nom::Err::Failure(error))
}

/// Returns the error for a number that the enumeration `of` does not define.
pub(super) fn undefined<T>(of: &'static str, value: u32) -> Result<T, nom::Err<DecodeError>> {
    fail(DecodeError::Undefined { of, value })
}

/// Returns the next `N` bytes. By hand, as the parsers of the hot operations are: nom's own read byte by byte.
#[inline(always)]
fn bytes<const N: usize>(i: &[u8]) -> Parsed<'_, [u8; N]> {
    match i.split_first_chunk() {
        Some((bytes, i)) => Ok((i, *bytes)),
        None => Err(nom::Err::Error(DecodeError::from_error_kind(i, ErrorKind::Eof))),
    }
}

/// Decodes `unsigned int`.
#[inline(always)]
pub fn u32_(i: &[u8]) -> Parsed<'_, u32> {
    let (i, bytes) = bytes(i)?;
    Ok((i, u32::from_be_bytes(bytes)))
}

/// Decodes `unsigned hyper`.
#[inline(always)]
pub fn u64_(i: &[u8]) -> Parsed<'_, u64> {
    let (i, bytes) = bytes(i)?;
    Ok((i, u64::from_be_bytes(bytes)))
}

/// Decodes `hyper`.
pub fn i64_(i: &[u8]) -> Parsed<'_, i64> {
    let (i, bytes) = bytes(i)?;
    Ok((i, i64::from_be_bytes(bytes)))
}

/// Decodes `bool`: 0 or 1.
#[inline]
pub fn bool_(i: &[u8]) -> Parsed<'_, bool> {
    match u32_(i)? {
        (i, 0) => Ok((i, false)),
        (i, 1) => Ok((i, true)),
        (_, other) => fail(DecodeError::NotBool(other)),
    }
}

/// Decodes `opaque<max>` or `string<max>`: the bytes, without their padding.
///
/// Errors: `TooLong`; `Padding` when the padding is not zero.
#[inline]
pub fn opaque<'a>(max: usize) -> impl Fn(&'a [u8]) -> Parsed<'a, &'a [u8]> {
    move |i| opaque_up_to(max, i)
}

#[inline]
fn opaque_up_to(max: usize, i: &[u8]) -> Parsed<'_, &[u8]> {
    let (i, length) = u32_(i)?;
    let max = u32::try_from(max).unwrap_or(u32::MAX);
    if length > max {
        return fail(DecodeError::TooLong { length, max });
    }
    let (length, pad) = (length as usize, (length.wrapping_neg() % 4) as usize);
    let Some((bytes, i)) = i.split_at_checked(length) else { return fail(DecodeError::Truncated) };
    let Some((padding, i)) = i.split_at_checked(pad) else { return fail(DecodeError::Truncated) };
    if padding.iter().any(|&byte| byte != 0) {
        return fail(DecodeError::Padding);
    }
    Ok((i, bytes))
}

/// Decodes `opaque<>` or `string<>`, which ends with the record at the latest.
pub fn any_opaque(i: &[u8]) -> Parsed<'_, &[u8]> {
    opaque_up_to(usize::MAX, i)
}

/// Decodes `opaque[N]` for an `N` that is a multiple of 4, and so has no padding.
#[inline(always)]
pub fn fixed<const N: usize>(i: &[u8]) -> Parsed<'_, [u8; N]> {
    const { assert!(N.is_multiple_of(4)) };
    bytes(i)
}

/// Decodes `verifier4`.
pub fn verifier(i: &[u8]) -> Parsed<'_, Verifier> {
    fixed(i)
}

/// Decodes `clientid4`.
#[inline]
pub fn clientid(i: &[u8]) -> Parsed<'_, ClientId> {
    let (i, number) = u64_(i)?;
    Ok((i, ClientId(number)))
}

/// Decodes `stateid4`.
#[inline]
pub fn stateid(i: &[u8]) -> Parsed<'_, Stateid> {
    let (i, seqid) = u32_(i)?;
    let (i, other) = fixed::<OTHER_BYTES>(i)?;
    Ok((i, Stateid { seqid, other }))
}

/// Decodes `nfs_fh4`.
#[inline]
pub fn filehandle(i: &[u8]) -> Parsed<'_, &[u8]> {
    opaque_up_to(limits::FILEHANDLE_BYTES_MAX, i)
}

/// Decodes `component4`, and the texts of links: bytes that nobody has checked yet.
pub fn component(i: &[u8]) -> Parsed<'_, &[u8]> {
    any_opaque(i)
}

/// Decodes `utf8string`: bytes that nobody has checked yet.
pub fn utf8str(i: &[u8]) -> Parsed<'_, &[u8]> {
    any_opaque(i)
}

/// Decodes `bitmap4`, of however many words.
pub fn bitmap(i: &[u8]) -> Parsed<'_, Bitmap> {
    let (i, count) = u32_(i)?;
    let (i, bytes) = take(count as usize * 4)(i)?;
    let (words, _) = bytes.as_chunks();
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

/// Decodes `fattr4`, its values unread.
pub fn fattr(i: &[u8]) -> Parsed<'_, Fattr<'_>> {
    map((bitmap, any_opaque), |(mask, values)| Fattr { mask, values }).parse(i)
}

/// Decodes `nfstime4`. That the nanoseconds are below one second is for the caller to check: the RFC answers `NFS4ERR_INVAL`
/// (RFC 7530 §3.3.1).
pub fn nfstime4(i: &[u8]) -> Parsed<'_, Timespec> {
    map((i64_, u32_), |(seconds, nanos)| Timespec { seconds, nanos }).parse(i)
}

/// Decodes `settime4`, with the same caveat as [`nfstime4`].
pub fn settime4(i: &[u8]) -> Parsed<'_, SetTime> {
    match u32_(i)? {
        (i, 0) => Ok((i, SetTime::Now)),
        (i, 1) => map(nfstime4, SetTime::To).parse(i),
        (_, other) => undefined("time_how4", other),
    }
}

/// Decodes `specdata4`: the device numbers (major, minor).
pub fn specdata4(i: &[u8]) -> Parsed<'_, (u32, u32)> {
    (u32_, u32_).parse(i)
}
