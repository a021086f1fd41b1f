//! How long things from a network may be.
//!
//! Where the RFC gives a type a bound, the server holds to it, and more is `NFS4ERR_BADXDR`. What has none may be as long as the
//! record that it is in: it is borrowed from the record, and the operation says what is wrong with it (`NFS4ERR_NAMETOOLONG`,
//! `XATTR2BIG`, …). The client and the generated types have bounds for all of it, which stand in `xdr/nfs4.x`.

/// Bytes of a filehandle (`NFS4_FHSIZE`).
pub const FILEHANDLE_BYTES_MAX: usize = 128;

/// Bytes of an open or lock owner, and of the id of `nfs_client_id4` (`NFS4_OPAQUE_LIMIT`).
pub const OWNER_BYTES_MAX: usize = 1024;

/// Bytes of what the RFC gives no bound, for the client: as many as a record of the server may have.
pub const OPAQUE_BYTES_MAX: usize = 4 << 20;

/// Operations of one COMPOUND of NFSv4.0; a session has fewer.
pub const COMPOUND_OPS_MAX: usize = 1024;

/// Bytes of a network id or of a universal address (`r_netid`, `r_addr`) that the server remembers.
pub const NETADDR_BYTES_MAX: usize = 128;

/// Entries in one READDIR reply that the client takes: more than a reply of [`READDIR_BYTES_MAX`] bytes can hold.
pub const READDIR_ENTRIES_MAX: usize = 65_536;

/// Most bytes that one READ returns: maxread. As much as fits into a reply of a session.
pub const READ_BYTES_MAX: u32 = 1 << 20;

/// Most bytes that one WRITE takes: maxwrite.
pub const WRITE_BYTES_MAX: u32 = 1 << 20;

/// Most bytes that one READDIR returns.
pub const READDIR_BYTES_MAX: u32 = 1 << 20;
