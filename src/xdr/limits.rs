//! How long things from a network may be. A claimed length is compared with these before anything is read or reserved.
//!
//! The same numbers stand in `xdr/nfs4.x`; a test compares them. Limits that the RFC names keep its name in their doc;
//! the others are ours, wide enough that the layer above can tell a well-meant excess from a malformed request.

/// Octets of a filehandle (`NFS4_FHSIZE`).
pub const FILEHANDLE_BYTES_MAX: usize = 128;

/// Octets of an open or lock owner, and of the id of `nfs_client_id4` (`NFS4_OPAQUE_LIMIT`).
pub const OWNER_BYTES_MAX: usize = 1024;

/// Octets of a name or link text. Above what any file system takes, so that the answer to a long one is
/// `NFS4ERR_NAMETOOLONG`, not `NFS4ERR_BADXDR`.
pub const COMPONENT_BYTES_MAX: usize = 4096;

/// Octets of any other UTF-8 string, for example a user name in an attribute.
pub const UTF8_BYTES_MAX: usize = 4096;

/// 32-bit words of a `bitmap4`. NFSv4.2 uses three.
pub const BITMAP_WORDS_MAX: usize = 64;

/// Octets of attribute values in one `fattr4`.
pub const ATTRLIST_BYTES_MAX: usize = 65_536;

/// Octets of the tag of a COMPOUND.
pub const TAG_BYTES_MAX: usize = 1024;

/// Operations of one COMPOUND. Only the generated types hold to it; the server has its own, smaller limit.
pub const COMPOUND_OPS_MAX: usize = 1024;

/// Octets of data in one READ or WRITE: 1 MiB and a kibibyte to spare.
pub const DATA_BYTES_MAX: usize = 1_049_600;

/// Octets of a network id or of a universal address (`r_netid`, `r_addr`).
pub const NETADDR_BYTES_MAX: usize = 128;

/// Servers that COPY names as having the source.
pub const SOURCE_SERVERS_MAX: usize = 64;

/// Entries in one READDIR reply that the client takes: more than a reply of [`DATA_BYTES_MAX`] octets can hold.
pub const READDIR_ENTRIES_MAX: usize = 65_536;

/// Most octets that one READ returns: maxread. As much as fits into a reply of a session.
pub const READ_BYTES_MAX: u32 = 1 << 20;

/// Most octets that one WRITE takes: maxwrite.
pub const WRITE_BYTES_MAX: u32 = 1 << 20;

/// Most octets that one READDIR returns.
pub const READDIR_BYTES_MAX: u32 = 1 << 20;

/// Algorithms that a client may offer for `SP4_SSV`.
pub const SSV_ALGS_MAX: usize = 32;

/// Credentials that a client may offer for callbacks.
pub const CALLBACK_SECS_MAX: usize = 16;

/// Stateids in one TEST_STATEID.
pub const TEST_STATEIDS_MAX: usize = 4096;
