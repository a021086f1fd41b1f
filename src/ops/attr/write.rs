//! `fattr4`, as the server writes it.

use super::numbers::*;
use super::source::Source;
use crate::nfs4::{Status, Timespec};
use crate::xdr::Bitmap;
use crate::xdr::encode::Encoder;
use crate::xdr::limits::{READ_BYTES_MAX, WRITE_BYTES_MAX};

/// `FH4_PERSISTENT`.
const FH_PERSISTENT: u32 = 0;

/// `NFS4_CHANGE_TYPE_IS_UNDEFINED`: another value means another state, and nothing more.
const CHANGE_TYPE_UNDEFINED: u32 = 4;

/// `FSCHARSET_CAP4_CONTAINS_NON_UTF8`: names may be any bytes, and are not converted (RFC 8881 §14.4).
const CHARSET_CONTAINS_NON_UTF8: u32 = 1;

/// `FSCHARSET_CAP4_ALLOWS_ONLY_UTF8`: names are taken and told in UTF-8 alone.
const CHARSET_ALLOWS_ONLY_UTF8: u32 = 2;

/// Writes those of the requested attributes that the object has.
pub fn write(out: &mut Encoder, source: &Source, request: &Bitmap) {
    let numbers = request.iter().filter(|number| is_readable(*number) && source.has(*number));
    let mask = numbers.fold(Bitmap::EMPTY, |mut mask, number| {
        mask.set(number);
        mask
    });
    out.bitmap(&mask);
    out.opaque_with(|out| write_values(out, source, &mask));
}

/// Writes the attributes of an entry whose attributes could not be read: rdattr_error alone.
pub fn write_error(out: &mut Encoder, status: Status) {
    out.bitmap(&Bitmap::of(&[RDATTR_ERROR]));
    out.opaque_with(|out| out.u32(status.number()));
}

fn is_readable(number: u32) -> bool {
    number != TIME_ACCESS_SET && number != TIME_MODIFY_SET
}

/// Writes the values of all attributes in `mask`, in the order of their numbers.
pub(super) fn write_values(out: &mut Encoder, source: &Source, mask: &Bitmap) {
    for number in mask.iter() {
        write_value(out, source, number);
    }
}

fn write_value(out: &mut Encoder, source: &Source, number: u32) {
    let Source { attr, fs, fh, lease, minor } = source;
    match number {
        SUPPORTED_ATTRS => out.bitmap(&supported(*minor)),
        TYPE => out.u32(attr.kind as u32),
        FH_EXPIRE_TYPE => out.u32(FH_PERSISTENT),
        CHANGE => out.u64(attr.change),
        SIZE => out.u64(attr.size),
        LINK_SUPPORT | SYMLINK_SUPPORT | UNIQUE_HANDLES | CANSETTIME => out.bool(true),
        CASE_PRESERVING | CHOWN_RESTRICTED | HOMOGENEOUS | NO_TRUNC => out.bool(true),
        NAMED_ATTR | CASE_INSENSITIVE => out.bool(false),
        FSID => {
            out.u64(attr.fsid.0);
            out.u64(attr.fsid.1);
        }
        LEASE_TIME => out.u32(u32::try_from(lease.as_secs()).unwrap_or(u32::MAX)),
        RDATTR_ERROR => out.u32(Status::Ok.number()),
        ACLSUPPORT => out.u32(0),
        FILEHANDLE => out.opaque(fh.as_bytes()),
        FILEID => out.u64(attr.fileid),
        FILES_AVAIL => out.u64(fs.files_avail),
        FILES_FREE => out.u64(fs.files_free),
        FILES_TOTAL => out.u64(fs.files_total),
        MAXFILESIZE => out.u64(fs.maxfilesize),
        MAXLINK => out.u32(fs.maxlink),
        MAXNAME => out.u32(fs.maxname),
        MAXREAD => out.u64(READ_BYTES_MAX.into()),
        MAXWRITE => out.u64(WRITE_BYTES_MAX.into()),
        MODE => out.u32(attr.mode),
        NUMLINKS => out.u32(attr.numlinks),
        OWNER => out.opaque(attr.uid.to_string().as_bytes()),
        OWNER_GROUP => out.opaque(attr.gid.to_string().as_bytes()),
        RAWDEV => {
            out.u32(attr.rawdev.0);
            out.u32(attr.rawdev.1);
        }
        SPACE_AVAIL => out.u64(fs.space_avail),
        SPACE_FREE => out.u64(fs.space_free),
        SPACE_TOTAL => out.u64(fs.space_total),
        SPACE_USED => out.u64(attr.space_used),
        TIME_ACCESS => write_time(out, &attr.atime),
        TIME_CREATE => write_time(out, &attr.btime.unwrap_or_default()),
        TIME_DELTA => write_time(out, &Timespec { seconds: 0, nanos: 1 }),
        TIME_METADATA => write_time(out, &attr.ctime),
        TIME_MODIFY => write_time(out, &attr.mtime),
        MOUNTED_ON_FILEID => out.u64(attr.mounted_on_fileid),
        SUPPATTR_EXCLCREAT => out.bitmap(&EXCLUSIVE_SETTABLE),
        FS_CHARSET_CAP => {
            out.u32(if fs.utf8_only { CHARSET_ALLOWS_ONLY_UTF8 } else { CHARSET_CONTAINS_NON_UTF8 })
        }
        CLONE_BLKSIZE => out.u32(fs.clone_blksize),
        CHANGE_ATTR_TYPE => out.u32(CHANGE_TYPE_UNDEFINED),
        XATTR_SUPPORT => out.bool(true),
        _ => {}
    }
}

fn write_time(out: &mut Encoder, time: &Timespec) {
    out.i64(time.seconds);
    out.u32(time.nanos);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{Attr, FsStat};
    use crate::nfs4::{FileType, Filehandle, Time};

    fn source(minor: u32) -> Source {
        let attr = Attr {
            kind: FileType::Regular,
            change: 1,
            size: 2,
            space_used: 3,
            fsid: (4, 5),
            fileid: 6,
            mounted_on_fileid: 7,
            mode: 0o644,
            numlinks: 1,
            uid: 1000,
            gid: 100,
            rawdev: (0, 0),
            atime: Timespec::default(),
            mtime: Timespec::default(),
            ctime: Timespec::default(),
            btime: Some(Timespec::default()),
        };
        let fh = Filehandle::new(b"fh").expect("short");
        Source { attr, fs: FsStat::default(), fh, lease: Time::from_secs(90), minor }
    }

    #[test]
    fn every_readable_attribute_has_a_value() {
        let source = source(2);
        for number in ALL.iter().copied().filter(|number| is_readable(*number)) {
            let mut out = Encoder::default();
            write_value(&mut out, &source, number);
            assert!(!out.as_bytes().is_empty(), "attribute {number} is supported but not written");
        }
    }

    #[test]
    fn unknown_attributes_are_left_out() {
        let mut out = Encoder::default();
        write(&mut out, &source(2), &Bitmap::of(&[SIZE, 40, 14, 81, 95]));
        let mut want = Encoder::default();
        want.bitmap(&Bitmap::of(&[SIZE]));
        want.opaque(&2u64.to_be_bytes());
        assert_eq!(out.as_bytes(), want.as_bytes());
    }

    #[test]
    fn a_minor_version_has_no_attributes_of_later_ones() {
        let new = [SUPPATTR_EXCLCREAT, FS_CHARSET_CAP, CLONE_BLKSIZE, CHANGE_ATTR_TYPE, XATTR_SUPPORT];
        for (minor, wanted) in [(0, &new[..0]), (1, &new[..2]), (2, &new[..])] {
            let all = supported(minor);
            assert_eq!(all.iter().filter(|number| *number > 55).collect::<Vec<_>>(), wanted);
            let mut out = Encoder::default();
            write(&mut out, &source(minor), &Bitmap::of(&new));
            let mut mask = Encoder::default();
            mask.bitmap(&wanted.iter().copied().collect());
            assert!(out.as_bytes().starts_with(mask.as_bytes()), "minor version {minor}");
            let mut out = Encoder::default();
            write_value(&mut out, &source(minor), SUPPORTED_ATTRS);
            let mut listed = Encoder::default();
            listed.bitmap(&all);
            assert_eq!(out.as_bytes(), listed.as_bytes());
        }
        assert_eq!(EXCLUSIVE_SETTABLE.iter().collect::<Vec<_>>(), [MODE, OWNER, OWNER_GROUP]);
    }
}
