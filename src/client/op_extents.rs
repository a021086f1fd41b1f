//! Operations that NFSv4.2 added (RFC 7862 §15, RFC 8276 §8.4).

use crate::nfs4::Stateid;
use crate::xdr::generated::nfs4::*;

/// Builds ALLOCATE (RFC 7862 §15.1).
pub fn allocate(state: Stateid, offset: u64, length: u64) -> nfs_argop4 {
    nfs_argop4::OP_ALLOCATE(ALLOCATE4args { aa_stateid: state.into(), aa_offset: offset, aa_length: length })
}

/// Builds DEALLOCATE (RFC 7862 §15.4).
pub fn deallocate(state: Stateid, offset: u64, length: u64) -> nfs_argop4 {
    nfs_argop4::OP_DEALLOCATE(DEALLOCATE4args {
        da_stateid: state.into(),
        da_offset: offset,
        da_length: length,
    })
}

/// Builds COPY inside the server, from the saved to the current filehandle, done when it is answered (RFC 7862 §15.2).
pub fn copy(from: (Stateid, u64), to: (Stateid, u64), count: u64) -> nfs_argop4 {
    nfs_argop4::OP_COPY(COPY4args {
        ca_src_stateid: from.0.into(),
        ca_dst_stateid: to.0.into(),
        ca_src_offset: from.1,
        ca_dst_offset: to.1,
        ca_count: count,
        ca_consecutive: true,
        ca_synchronous: true,
        ca_source_server: Vec::new(),
    })
}

/// Builds CLONE from the saved to the current filehandle (RFC 7862 §15.13).
pub fn clone(from: (Stateid, u64), to: (Stateid, u64), count: u64) -> nfs_argop4 {
    nfs_argop4::OP_CLONE(CLONE4args {
        cl_src_stateid: from.0.into(),
        cl_dst_stateid: to.0.into(),
        cl_src_offset: from.1,
        cl_dst_offset: to.1,
        cl_count: count,
    })
}

/// Builds SEEK to the next data or hole (RFC 7862 §15.11).
pub fn seek(state: Stateid, offset: u64, what: data_content4) -> nfs_argop4 {
    nfs_argop4::OP_SEEK(SEEK4args { sa_stateid: state.into(), sa_offset: offset, sa_what: what })
}

/// Builds READ_PLUS (RFC 7862 §15.10).
pub fn read_plus(state: Stateid, offset: u64, count: u32) -> nfs_argop4 {
    nfs_argop4::OP_READ_PLUS(READ_PLUS4args {
        rpa_stateid: state.into(),
        rpa_offset: offset,
        rpa_count: count,
    })
}

/// Returns an extended attribute's name.
fn key(name: impl AsRef<[u8]>) -> xattrkey4 {
    component4(name.as_ref().to_vec())
}

/// Builds GETXATTR (RFC 8276 §8.4.1).
pub fn getxattr(name: impl AsRef<[u8]>) -> nfs_argop4 {
    nfs_argop4::OP_GETXATTR(GETXATTR4args { gxa_name: key(name) })
}

/// Builds SETXATTR (RFC 8276 §8.4.2).
pub fn setxattr(option: setxattr_option4, name: impl AsRef<[u8]>, value: &[u8]) -> nfs_argop4 {
    nfs_argop4::OP_SETXATTR(SETXATTR4args {
        sxa_option: option,
        sxa_key: key(name),
        sxa_value: xattrvalue4(value.to_vec()),
    })
}

/// Builds LISTXATTRS (RFC 8276 §8.4.3).
pub fn listxattrs(cookie: u64, maxcount: u32) -> nfs_argop4 {
    nfs_argop4::OP_LISTXATTRS(LISTXATTRS4args { lxa_cookie: cookie, lxa_maxcount: maxcount })
}

/// Builds REMOVEXATTR (RFC 8276 §8.4.4).
pub fn removexattr(name: impl AsRef<[u8]>) -> nfs_argop4 {
    nfs_argop4::OP_REMOVEXATTR(REMOVEXATTR4args { rxa_name: key(name) })
}
