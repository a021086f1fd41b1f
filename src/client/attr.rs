//! Attributes by number (RFC 7530 §5), and the `fattr4` that carries them.

use super::Error;
use super::rpc::{append_opaque, append_u32};
use crate::xdr::generated::nfs4::{attrlist4, bitmap4, fattr4};
use std::collections::BTreeMap;

/// Attribute numbers (RFC 7530 §5.6, §5.7), those that clients ask for.
#[allow(missing_docs, reason = "the names are the RFC's")]
pub mod number {
    pub const SUPPORTED_ATTRS: u32 = 0;
    pub const TYPE: u32 = 1;
    pub const FH_EXPIRE_TYPE: u32 = 2;
    pub const CHANGE: u32 = 3;
    pub const SIZE: u32 = 4;
    pub const LINK_SUPPORT: u32 = 5;
    pub const SYMLINK_SUPPORT: u32 = 6;
    pub const NAMED_ATTR: u32 = 7;
    pub const FSID: u32 = 8;
    pub const UNIQUE_HANDLES: u32 = 9;
    pub const LEASE_TIME: u32 = 10;
    pub const RDATTR_ERROR: u32 = 11;
    pub const ACL: u32 = 12;
    pub const FILEHANDLE: u32 = 19;
    pub const FILEID: u32 = 20;
    pub const MAXNAME: u32 = 29;
    pub const MAXREAD: u32 = 30;
    pub const MAXWRITE: u32 = 31;
    pub const MODE: u32 = 33;
    pub const NUMLINKS: u32 = 35;
    pub const OWNER: u32 = 36;
    pub const OWNER_GROUP: u32 = 37;
    pub const RAWDEV: u32 = 41;
    pub const SPACE_USED: u32 = 45;
    pub const TIME_ACCESS: u32 = 47;
    pub const TIME_ACCESS_SET: u32 = 48;
    pub const TIME_METADATA: u32 = 52;
    pub const TIME_MODIFY: u32 = 53;
    pub const TIME_MODIFY_SET: u32 = 54;
    pub const MOUNTED_ON_FILEID: u32 = 55;
    pub const SUPPATTR_EXCLCREAT: u32 = 75;
    pub const FS_CHARSET_CAP: u32 = 76;
    pub const CLONE_BLKSIZE: u32 = 77;
    pub const XATTR_SUPPORT: u32 = 82;
}

/// Holds an `nfstime4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time {
    /// Seconds since 1970.
    pub seconds: i64,
    /// Nanoseconds within the second.
    pub nanoseconds: u32,
}

/// Holds attribute values by number, each as its XDR bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes(BTreeMap<u32, Vec<u8>>);

/// Returns the bitmap of these attribute numbers.
pub fn bitmap(numbers: &[u32]) -> bitmap4 {
    let mut words = Vec::new();
    for number in numbers {
        let index = (number / 32) as usize;
        if words.len() <= index {
            words.resize(index + 1, 0);
        }
        if let Some(word) = words.get_mut(index) {
            *word |= 1 << (number % 32);
        }
    }
    bitmap4(words)
}

/// Returns the attribute numbers in these bitmap words, ascending.
pub fn numbers(words: &[u32]) -> impl Iterator<Item = u32> {
    let bits = move |(word, index)| {
        (0..32).filter(move |bit| word & (1u32 << bit) != 0).map(move |bit| index * 32 + bit)
    };
    words.iter().copied().zip(0u32..).flat_map(bits)
}

impl Attributes {
    /// Creates an empty set of attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an attribute to these XDR bytes, whatever they are.
    #[must_use]
    pub fn raw(mut self, number: u32, bytes: &[u8]) -> Self {
        self.0.insert(number, bytes.to_vec());
        self
    }

    /// Sets a 32-bit attribute.
    #[must_use]
    pub fn u32(self, number: u32, value: u32) -> Self {
        self.raw(number, &value.to_be_bytes())
    }

    /// Sets a 64-bit attribute.
    #[must_use]
    pub fn u64(self, number: u32, value: u64) -> Self {
        self.raw(number, &value.to_be_bytes())
    }

    /// Sets a string attribute.
    #[must_use]
    pub fn text(self, number: u32, value: impl AsRef<[u8]>) -> Self {
        let mut bytes = Vec::new();
        append_opaque(&mut bytes, value.as_ref());
        self.raw(number, &bytes)
    }

    /// Sets the mode.
    #[must_use]
    pub fn mode(self, bits: u32) -> Self {
        self.u32(number::MODE, bits)
    }

    /// Sets the size, in bytes.
    #[must_use]
    pub fn size(self, bytes: u64) -> Self {
        self.u64(number::SIZE, bytes)
    }

    /// Sets `time_access_set` or `time_modify_set` to a time of the client (`SET_TO_CLIENT_TIME4`).
    #[must_use]
    pub fn client_time(self, number: u32, time: Time) -> Self {
        let mut bytes = Vec::new();
        append_u32(&mut bytes, 1);
        bytes.extend_from_slice(&time.seconds.to_be_bytes());
        append_u32(&mut bytes, time.nanoseconds);
        self.raw(number, &bytes)
    }

    /// Sets `time_access_set` or `time_modify_set` to the server's time (`SET_TO_SERVER_TIME4`).
    #[must_use]
    pub fn server_time(self, number: u32) -> Self {
        self.u32(number, 0)
    }

    /// Returns the numbers that have a value, ascending.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.0.keys().copied()
    }

    /// Returns whether there is a value for `number`.
    pub fn has(&self, number: u32) -> bool {
        self.0.contains_key(&number)
    }

    /// Returns the XDR bytes of an attribute.
    pub fn bytes(&self, number: u32) -> Option<&[u8]> {
        self.0.get(&number).map(Vec::as_slice)
    }

    /// Returns the value of a 32-bit attribute.
    pub fn get_u32(&self, number: u32) -> Option<u32> {
        Some(u32::from_be_bytes(self.bytes(number)?.try_into().ok()?))
    }

    /// Returns the value of a 64-bit attribute.
    pub fn get_u64(&self, number: u32) -> Option<u64> {
        Some(u64::from_be_bytes(self.bytes(number)?.try_into().ok()?))
    }

    /// Returns the value of a string or opaque attribute.
    pub fn get_opaque(&self, number: u32) -> Option<&[u8]> {
        let (length, rest) = self.bytes(number)?.split_first_chunk::<4>()?;
        rest.get(..u32::from_be_bytes(*length) as usize)
    }

    /// Returns the value of a time attribute.
    pub fn get_time(&self, number: u32) -> Option<Time> {
        let (seconds, rest) = self.bytes(number)?.split_first_chunk::<8>()?;
        let nanoseconds = u32::from_be_bytes(rest.try_into().ok()?);
        Some(Time { seconds: i64::from_be_bytes(*seconds), nanoseconds })
    }

    /// Returns the attribute numbers in a bitmap attribute, which is `supported_attrs`.
    pub fn get_numbers(&self, number: u32) -> Option<Vec<u32>> {
        let (_, rest) = self.bytes(number)?.split_first_chunk::<4>()?;
        let words: Vec<u32> = rest.chunks_exact(4).map(be_u32).collect();
        Some(numbers(&words).collect())
    }

    /// Returns the `fattr4` of these values, in the order of their numbers.
    pub fn to_wire(&self) -> fattr4 {
        let numbers: Vec<u32> = self.numbers().collect();
        fattr4 {
            attrmask: bitmap(&numbers),
            attr_vals: attrlist4(self.0.values().flatten().copied().collect()),
        }
    }

    /// Splits a `fattr4` into its values.
    ///
    /// Errors: [`Error::Malformed`] for an attribute that is not known here or values that do not end where the
    /// last attribute ends.
    pub fn from_wire(wire: &fattr4) -> Result<Self, Error> {
        let mut rest = wire.attr_vals.0.as_slice();
        let mut values = BTreeMap::new();
        for number in numbers(&wire.attrmask.0) {
            let length = value_length(number, rest).ok_or_else(|| {
                Error::malformed(format_args!("attribute {number} is cut short or not defined"))
            })?;
            let (value, after) = rest
                .split_at_checked(length)
                .ok_or_else(|| Error::malformed(format_args!("attribute {number} is cut short")))?;
            values.insert(number, value.to_vec());
            rest = after;
        }
        match rest {
            [] => Ok(Self(values)),
            _ => Err(Error::malformed("bytes after the last attribute")),
        }
    }
}

fn be_u32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |value, byte| value << 8 | u32::from(*byte))
}

/// Returns how many bytes the value at the front of `bytes` takes.
fn value_length(number: u32, bytes: &[u8]) -> Option<usize> {
    Some(match number {
        1 | 2 | 5..=7 | 9..=11 | 13..=18 | 25 | 26 | 28 | 29 | 33..=35 | 46 | 65 | 76 | 77 | 79 | 82 => 4,
        3 | 4 | 20..=23 | 27 | 30 | 31 | 38..=40 | 41..=45 | 55 | 78 | 81 => 8,
        47 | 49..=53 => 12,
        8 => 16,
        0 | 62 | 75 => 4 + 4 * count(bytes, 0)?,
        19 | 32 | 36 | 37 => opaque_length(bytes, 0)?,
        48 | 54 => {
            if count(bytes, 0)? == 0 {
                4
            } else {
                16
            }
        }
        12 => array_length(bytes, 0, |at| Some(12 + opaque_length(bytes, at + 12)?))?,
        24 => {
            let root = strings_length(bytes, 0)?;
            let location = |at| {
                let servers = strings_length(bytes, at)?;
                Some(servers + strings_length(bytes, at + servers)?)
            };
            root + array_length(bytes, root, location)?
        }
        _ => return None,
    })
}

fn count(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..at.checked_add(4)?).map(|count| be_u32(count) as usize)
}

/// Returns bytes of an `opaque<>` that starts at `at`, padding included.
fn opaque_length(bytes: &[u8], at: usize) -> Option<usize> {
    Some(4 + count(bytes, at)?.checked_next_multiple_of(4)?)
}

/// Returns bytes of an array whose elements have the lengths that `element` finds at their places.
fn array_length(bytes: &[u8], at: usize, element: impl Fn(usize) -> Option<usize>) -> Option<usize> {
    let mut length: usize = 4;
    for _ in 0..count(bytes, at)? {
        length = length.checked_add(element(at.checked_add(length)?)?)?;
        if length > bytes.len() {
            return None;
        }
    }
    Some(length)
}

fn strings_length(bytes: &[u8], at: usize) -> Option<usize> {
    array_length(bytes, at, |at| opaque_length(bytes, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_into_a_fattr4_and_come_out_again() {
        let time = Time { seconds: -1, nanoseconds: 999_999_999 };
        let attributes = Attributes::new()
            .size(1 << 40)
            .mode(0o640)
            .text(number::OWNER, "1000")
            .client_time(number::TIME_MODIFY_SET, time)
            .server_time(number::TIME_ACCESS_SET)
            .u64(number::MOUNTED_ON_FILEID, 7);
        let wire = attributes.to_wire();
        assert_eq!(wire.attrmask.0, [1 << 4, 1 << 1 | 1 << 4 | 1 << 16 | 1 << 22 | 1 << 23]);
        let back = Attributes::from_wire(&wire).unwrap();
        assert_eq!(back, attributes);
        assert_eq!(back.get_u64(number::SIZE), Some(1 << 40));
        assert_eq!(back.get_opaque(number::OWNER), Some(&b"1000"[..]));
    }

    #[test]
    fn lists_inside_values_are_measured() {
        // One ace for "ab", and fs_locations: root ["r"], one location: servers ["s"], path [].
        let acl = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, b'a', b'b', 0, 0];
        let word = |value: u8| [0, 0, 0, value];
        let text = |byte| [byte, 0, 0, 0];
        let locations =
            [word(1), word(1), text(b'r'), word(1), word(1), word(1), text(b's'), word(0)].concat();
        let attributes = Attributes::new().raw(number::ACL, &acl).raw(24, &locations).mode(1);
        assert_eq!(Attributes::from_wire(&attributes.to_wire()).unwrap(), attributes);
    }

    #[test]
    fn values_that_do_not_fit_their_mask_are_errors() {
        let mut wire = Attributes::new().size(3).to_wire();
        wire.attr_vals.0.push(0);
        assert!(Attributes::from_wire(&wire).is_err());
        wire.attr_vals.0.truncate(7);
        assert!(Attributes::from_wire(&wire).is_err());
        assert!(Attributes::from_wire(&Attributes::new().raw(200, &[]).to_wire()).is_err());
        let endless = Attributes::new().raw(number::ACL, &[0xff; 64]).to_wire();
        assert!(Attributes::from_wire(&endless).is_err());
    }
}
