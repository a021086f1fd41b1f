//! The numbers of the attributes that the server has (RFC 7530 §5.6, §5.7; RFC 8881 §5.8; RFC 7862 §12.2; RFC 8276 §8.2).

use crate::xdr::Bitmap;

macro_rules! attributes {
    ($($name:ident = $number:literal;)*) => {
        $(#[doc = concat!("Attribute ", stringify!($number), ".")] pub const $name: u32 = $number;)*
        const EVERY: Bitmap = Bitmap::of(&[$($number),*]);
        /// Their numbers, ascending.
        #[cfg(test)]
        pub const ALL: &[u32] = &[$($number),*];
    };
}

attributes! {
    SUPPORTED_ATTRS = 0;
    TYPE = 1;
    FH_EXPIRE_TYPE = 2;
    CHANGE = 3;
    SIZE = 4;
    LINK_SUPPORT = 5;
    SYMLINK_SUPPORT = 6;
    NAMED_ATTR = 7;
    FSID = 8;
    UNIQUE_HANDLES = 9;
    LEASE_TIME = 10;
    RDATTR_ERROR = 11;
    ACLSUPPORT = 13;
    CANSETTIME = 15;
    CASE_INSENSITIVE = 16;
    CASE_PRESERVING = 17;
    CHOWN_RESTRICTED = 18;
    FILEHANDLE = 19;
    FILEID = 20;
    FILES_AVAIL = 21;
    FILES_FREE = 22;
    FILES_TOTAL = 23;
    HOMOGENEOUS = 26;
    MAXFILESIZE = 27;
    MAXLINK = 28;
    MAXNAME = 29;
    MAXREAD = 30;
    MAXWRITE = 31;
    MODE = 33;
    NO_TRUNC = 34;
    NUMLINKS = 35;
    OWNER = 36;
    OWNER_GROUP = 37;
    RAWDEV = 41;
    SPACE_AVAIL = 42;
    SPACE_FREE = 43;
    SPACE_TOTAL = 44;
    SPACE_USED = 45;
    TIME_ACCESS = 47;
    TIME_ACCESS_SET = 48;
    TIME_CREATE = 50;
    TIME_DELTA = 51;
    TIME_METADATA = 52;
    TIME_MODIFY = 53;
    TIME_MODIFY_SET = 54;
    MOUNTED_ON_FILEID = 55;
    SUPPATTR_EXCLCREAT = 75;
    FS_CHARSET_CAP = 76;
    CLONE_BLKSIZE = 77;
    CHANGE_ATTR_TYPE = 79;
    XATTR_SUPPORT = 82;
}

const NEW_IN_1: Bitmap = Bitmap::of(&[SUPPATTR_EXCLCREAT, FS_CHARSET_CAP]);
const NEW_IN_2: Bitmap = Bitmap::of(&[CLONE_BLKSIZE, CHANGE_ATTR_TYPE, XATTR_SUPPORT]);

/// Returns all attributes that can be read or set in a minor version.
pub const fn supported(minor: u32) -> Bitmap {
    match minor {
        0 => EVERY.without(&NEW_IN_1).without(&NEW_IN_2),
        1 => EVERY.without(&NEW_IN_2),
        _ => EVERY,
    }
}

/// Those that come from the figures of the file system.
pub const OF_FILE_SYSTEM: Bitmap = Bitmap::of(&[
    FILES_AVAIL,
    FILES_FREE,
    FILES_TOTAL,
    MAXFILESIZE,
    MAXLINK,
    MAXNAME,
    SPACE_AVAIL,
    SPACE_FREE,
    SPACE_TOTAL,
    FS_CHARSET_CAP,
    CLONE_BLKSIZE,
]);

/// Those that SETATTR can set.
pub const SETTABLE: Bitmap = Bitmap::of(&[SIZE, MODE, OWNER, OWNER_GROUP, TIME_ACCESS_SET, TIME_MODIFY_SET]);

/// What an exclusive create uses to keep its verifier.
pub const EXCLUSIVE_ATTRSET: Bitmap = Bitmap::of(&[TIME_ACCESS, TIME_MODIFY]);

/// What an exclusive create of NFSv4.1 can set at once: the times keep its verifier, and it is known by being empty.
pub const EXCLUSIVE_SETTABLE: Bitmap =
    SETTABLE.without(&Bitmap::of(&[SIZE, TIME_ACCESS_SET, TIME_MODIFY_SET]));
