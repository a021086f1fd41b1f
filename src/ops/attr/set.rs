//! Attributes that a client sets (RFC 7530 §16.32, and with CREATE and OPEN).

use super::numbers::*;
use crate::files::{Applied, SetAttr};
use crate::nfs4::{Status, check_utf8};
use crate::xdr::Bitmap;
use crate::xdr::decode::{self, Fattr, Parsed};

/// What a `fattr4` from a client asks to set.
#[derive(Clone, Copy, Debug, Default)]
pub struct AttrSet {
    /// The values.
    pub set: SetAttr,
}

/// Bits of a mode that exist.
const MODE_BITS: u32 = 0o7777;

/// Reads a `fattr4` whose attributes are to be set, in a minor version.
///
/// Errors: `AttrNotSupp` for an attribute that the server does not have there, `Inval` for one that cannot be set or a value
/// that makes no sense, `BadOwner` for an owner that is no number, `BadXdr` when mask and values do not fit together.
pub fn read_settable(minor: u32, given: &Fattr<'_>) -> Result<AttrSet, Status> {
    if given.mask.has_beyond() || !given.mask.is_subset(&supported(minor)) {
        return Err(Status::AttrNotSupp);
    }
    if !given.mask.is_subset(&SETTABLE) {
        return Err(Status::Inval);
    }
    let mut input = given.values;
    let mut set = SetAttr::default();
    for number in given.mask.iter() {
        match number {
            SIZE => set.size = Some(value(&mut input, decode::u64_)?),
            MODE => set.mode = Some(mode(value(&mut input, decode::u32_)?)?),
            OWNER => set.uid = Some(owner(value(&mut input, decode::utf8str)?)?),
            OWNER_GROUP => set.gid = Some(owner(value(&mut input, decode::utf8str)?)?),
            TIME_ACCESS_SET => set.atime = Some(time(value(&mut input, decode::settime4)?)?),
            TIME_MODIFY_SET => set.mtime = Some(time(value(&mut input, decode::settime4)?)?),
            _ => return Err(Status::AttrNotSupp),
        }
    }
    if input.is_empty() { Ok(AttrSet { set }) } else { Err(Status::BadXdr) }
}

fn value<'i, T>(input: &mut &'i [u8], parser: impl Fn(&'i [u8]) -> Parsed<'i, T>) -> Result<T, Status> {
    crate::ops::context::read(input, parser)
}

fn mode(mode: u32) -> Result<u32, Status> {
    if mode & !MODE_BITS == 0 { Ok(mode) } else { Err(Status::Inval) }
}

/// Decodes an owner or group of AUTH_SYS: a decimal number (§5.9). An empty one is `Inval`.
fn owner(text: &[u8]) -> Result<u32, Status> {
    let text = check_utf8(text)?;
    if text.is_empty() {
        return Err(Status::Inval);
    }
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = if plain { text.parse().ok() } else { None };
    // The all-ones id stands for "unchanged" in system calls.
    number.filter(|id| *id != u32::MAX).ok_or(Status::BadOwner)
}

fn time(time: crate::nfs4::SetTime) -> Result<crate::nfs4::SetTime, Status> {
    match time {
        crate::nfs4::SetTime::To(to) if to.nanos >= 1_000_000_000 => Err(Status::Inval),
        other => Ok(other),
    }
}

/// Returns the bitmap of attributes that were set.
pub fn applied_bitmap(applied: &Applied) -> Bitmap {
    let bits = [
        (applied.size, SIZE),
        (applied.mode, MODE),
        (applied.owner, OWNER),
        (applied.group, OWNER_GROUP),
        (applied.atime, TIME_ACCESS_SET),
        (applied.mtime, TIME_MODIFY_SET),
    ];
    bits.into_iter().filter(|(set, _)| *set).fold(Bitmap::EMPTY, |mut mask, (_, number)| {
        mask.set(number);
        mask
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_decimal_numbers() {
        assert_eq!(owner(b"0"), Ok(0));
        assert_eq!(owner(b"4294967294"), Ok(u32::MAX - 1));
        for bad in ["root", "-1", "+1", "4294967295", "99999999999", "1000@example.org"] {
            assert_eq!(owner(bad.as_bytes()), Err(Status::BadOwner), "{bad}");
        }
        assert_eq!(owner(b"\xff"), Err(Status::Inval));
        assert_eq!(owner(b""), Err(Status::Inval));
    }
}
