//! The numbers of the attributes that the server has (RFC 7530 §5.6, §5.7).

use crate::xdr::Bitmap;

macro_rules! attributes {
    ($($name:ident = $number:literal;)*) => {
        $(#[doc = concat!("Attribute ", stringify!($number), ".")] pub const $name: u32 = $number;)*
        /// All attributes that can be read or set.
        pub const SUPPORTED: Bitmap = Bitmap::of(&[$($number),*]);
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
]);

/// Those that SETATTR can set.
pub const SETTABLE: Bitmap = Bitmap::of(&[SIZE, MODE, OWNER, OWNER_GROUP, TIME_ACCESS_SET, TIME_MODIFY_SET]);

/// What an exclusive create uses to keep its verifier.
pub const EXCLUSIVE_ATTRSET: Bitmap = Bitmap::of(&[TIME_ACCESS, TIME_MODIFY]);
