//! Where the verifier of an exclusive create is kept (RFC 7530 §16.16.5): in the times of the new file.

use super::attr::{Attr, SetAttr};
use super::request::Applied;
use crate::nfs4::{FileType, SetTime, Timespec, Verifier};

/// The mode of a file that was created exclusively, until its creator sets another.
pub(crate) const MODE: u32 = 0o600;

/// Returns the attributes that count as set: those that the caller asked for, and those that hold the verifier
/// (`EXCLUSIVE4_1`).
pub(crate) fn applied(set: &SetAttr) -> Applied {
    Applied {
        size: false,
        mode: set.mode.is_some(),
        owner: set.uid.is_some(),
        group: set.gid.is_some(),
        atime: true,
        mtime: true,
    }
}

/// Returns the times (of access, of modification) that hold `verifier`: 31 bits each, as whole seconds, because some file
/// systems store no more. Verifiers that differ only in the two lost bits are taken for equal.
pub(crate) fn times(verifier: &Verifier) -> (Timespec, Timespec) {
    let [a, b, c, d, e, f, g, h] = *verifier;
    let half = |bytes| Timespec { seconds: i64::from(u32::from_be_bytes(bytes) & 0x7fff_ffff), nanos: 0 };
    (half([a, b, c, d]), half([e, f, g, h]))
}

/// Returns the attributes of a new file that holds `verifier`, with those of `set`. The file stays empty: by that it is
/// recognized.
pub(crate) fn set_attr(verifier: &Verifier, set: &SetAttr) -> SetAttr {
    let (atime, mtime) = times(verifier);
    SetAttr {
        size: None,
        mode: set.mode.or(Some(MODE)),
        atime: Some(SetTime::To(atime)),
        mtime: Some(SetTime::To(mtime)),
        ..*set
    }
}

/// Tells whether the object was created with `verifier` and not changed since.
pub(crate) fn was_created_with(attr: &Attr, verifier: &Verifier) -> bool {
    attr.kind == FileType::Regular && attr.size == 0 && (attr.atime, attr.mtime) == times(verifier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_is_two_times() {
        let (atime, mtime) = times(&[0x80, 0, 0, 1, 0x7f, 0xff, 0xff, 0xff]);
        assert_eq!((atime.seconds, mtime.seconds), (1, 0x7fff_ffff));
        assert_ne!(times(&[1; 8]), times(&[2; 8]));
    }
}
