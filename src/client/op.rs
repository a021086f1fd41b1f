//! Operations to put into a COMPOUND, one function each (RFC 7530 §16; those of 4.1 and 4.2 stand in files of their
//! own). They only shape values; the server judges them.

pub use super::op_extents::*;
pub use super::op_sessions::*;

use super::attr::Attributes;
use crate::nfs4::{Filehandle, Stateid};
use crate::xdr::generated::nfs4::*;

/// Encodes a stateid as it goes over the wire.
pub fn stateid(stateid: Stateid) -> stateid4 {
    stateid4 { seqid: stateid.seqid, other: stateid.other }
}

/// Returns a component of a path.
fn component(name: impl AsRef<[u8]>) -> component4 {
    component4(name.as_ref().to_vec())
}

/// Builds ACCESS of the current filehandle (§16.1).
pub fn access(bits: u32) -> nfs_argop4 {
    nfs_argop4::OP_ACCESS(ACCESS4args { access: bits })
}

/// Builds CLOSE (§16.2).
pub fn close(seqid: u32, open: Stateid) -> nfs_argop4 {
    nfs_argop4::OP_CLOSE(CLOSE4args { seqid, open_stateid: stateid(open) })
}

/// Builds COMMIT (§16.3).
pub fn commit(offset: u64, count: u32) -> nfs_argop4 {
    nfs_argop4::OP_COMMIT(COMMIT4args { offset, count })
}

/// Builds CREATE of anything but a regular file (§16.4).
pub fn create(what: createtype4, name: impl AsRef<[u8]>, attributes: &Attributes) -> nfs_argop4 {
    nfs_argop4::OP_CREATE(CREATE4args {
        objtype: what,
        objname: component(name),
        createattrs: attributes.to_wire(),
    })
}

/// Builds CREATE of a directory.
pub fn mkdir(name: impl AsRef<[u8]>) -> nfs_argop4 {
    create(createtype4::NF4DIR, name, &Attributes::new().mode(0o755))
}

/// Builds CREATE of a symbolic link.
pub fn symlink(name: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> nfs_argop4 {
    create(createtype4::NF4LNK(linktext4(target.as_ref().to_vec())), name, &Attributes::new())
}

/// Builds DELEGPURGE (§16.5).
pub fn delegpurge(clientid: u64) -> nfs_argop4 {
    nfs_argop4::OP_DELEGPURGE(DELEGPURGE4args { clientid })
}

/// Builds DELEGRETURN (§16.6).
pub fn delegreturn(delegation: Stateid) -> nfs_argop4 {
    nfs_argop4::OP_DELEGRETURN(DELEGRETURN4args { deleg_stateid: stateid(delegation) })
}

/// Builds GETATTR of these attribute numbers (§16.7).
pub fn getattr(numbers: &[u32]) -> nfs_argop4 {
    nfs_argop4::OP_GETATTR(GETATTR4args { attr_request: super::attr::bitmap(numbers) })
}

/// Builds GETFH (§16.8).
pub fn getfh() -> nfs_argop4 {
    nfs_argop4::OP_GETFH
}

/// Builds LINK of the saved filehandle into the current directory (§16.9).
pub fn link(name: impl AsRef<[u8]>) -> nfs_argop4 {
    nfs_argop4::OP_LINK(LINK4args { newname: component(name) })
}

/// Builds LOCKT (§16.11).
pub fn lockt(kind: nfs_lock_type4, offset: u64, length: u64, clientid: u64, owner: &[u8]) -> nfs_argop4 {
    let owner = lock_owner4 { clientid, owner: owner.to_vec() };
    nfs_argop4::OP_LOCKT(LOCKT4args { locktype: kind, offset, length, owner })
}

/// Builds LOCKU (§16.12).
pub fn locku(kind: nfs_lock_type4, seqid: u32, lock: Stateid, offset: u64, length: u64) -> nfs_argop4 {
    nfs_argop4::OP_LOCKU(LOCKU4args { locktype: kind, seqid, lock_stateid: stateid(lock), offset, length })
}

/// Builds LOOKUP (§16.13).
pub fn lookup(name: impl AsRef<[u8]>) -> nfs_argop4 {
    nfs_argop4::OP_LOOKUP(LOOKUP4args { objname: component(name) })
}

/// Builds LOOKUPP (§16.14).
pub fn lookupp() -> nfs_argop4 {
    nfs_argop4::OP_LOOKUPP
}

/// Builds NVERIFY (§16.15).
pub fn nverify(attributes: &Attributes) -> nfs_argop4 {
    nfs_argop4::OP_NVERIFY(NVERIFY4args { obj_attributes: attributes.to_wire() })
}

/// Builds OPENATTR (§16.17).
pub fn openattr(createdir: bool) -> nfs_argop4 {
    nfs_argop4::OP_OPENATTR(OPENATTR4args { createdir })
}

/// Builds OPEN_CONFIRM (§16.18).
pub fn open_confirm(open: Stateid, seqid: u32) -> nfs_argop4 {
    nfs_argop4::OP_OPEN_CONFIRM(OPEN_CONFIRM4args { open_stateid: stateid(open), seqid })
}

/// Builds OPEN_DOWNGRADE (§16.19).
pub fn open_downgrade(open: Stateid, seqid: u32, share_access: u32, share_deny: u32) -> nfs_argop4 {
    let open_stateid = stateid(open);
    nfs_argop4::OP_OPEN_DOWNGRADE(OPEN_DOWNGRADE4args { open_stateid, seqid, share_access, share_deny })
}

/// Builds PUTFH (§16.20).
pub fn putfh(filehandle: &Filehandle) -> nfs_argop4 {
    putfh_bytes(filehandle.as_bytes())
}

/// Builds PUTFH of any bytes.
pub fn putfh_bytes(bytes: &[u8]) -> nfs_argop4 {
    nfs_argop4::OP_PUTFH(PUTFH4args { object: nfs_fh4(bytes.to_vec()) })
}

/// Builds PUTPUBFH (§16.21).
pub fn putpubfh() -> nfs_argop4 {
    nfs_argop4::OP_PUTPUBFH
}

/// Builds PUTROOTFH (§16.22).
pub fn putrootfh() -> nfs_argop4 {
    nfs_argop4::OP_PUTROOTFH
}

/// Builds READ (§16.23).
pub fn read(state: Stateid, offset: u64, count: u32) -> nfs_argop4 {
    nfs_argop4::OP_READ(READ4args { stateid: stateid(state), offset, count })
}

/// Builds READDIR (§16.24).
pub fn readdir(cookie: u64, verifier: [u8; 8], dircount: u32, maxcount: u32, numbers: &[u32]) -> nfs_argop4 {
    nfs_argop4::OP_READDIR(READDIR4args {
        cookie,
        cookieverf: verifier4(verifier),
        dircount,
        maxcount,
        attr_request: super::attr::bitmap(numbers),
    })
}

/// Builds READLINK (§16.25).
pub fn readlink() -> nfs_argop4 {
    nfs_argop4::OP_READLINK
}

/// Builds REMOVE (§16.26).
pub fn remove(name: impl AsRef<[u8]>) -> nfs_argop4 {
    nfs_argop4::OP_REMOVE(REMOVE4args { target: component(name) })
}

/// Builds RENAME from the saved to the current directory (§16.27).
pub fn rename(from: impl AsRef<[u8]>, to: impl AsRef<[u8]>) -> nfs_argop4 {
    nfs_argop4::OP_RENAME(RENAME4args { oldname: component(from), newname: component(to) })
}

/// Builds RENEW (§16.28).
pub fn renew(clientid: u64) -> nfs_argop4 {
    nfs_argop4::OP_RENEW(RENEW4args { clientid })
}

/// Builds RESTOREFH (§16.29).
pub fn restorefh() -> nfs_argop4 {
    nfs_argop4::OP_RESTOREFH
}

/// Builds SAVEFH (§16.30).
pub fn savefh() -> nfs_argop4 {
    nfs_argop4::OP_SAVEFH
}

/// Builds SECINFO (§16.31).
pub fn secinfo(name: impl AsRef<[u8]>) -> nfs_argop4 {
    nfs_argop4::OP_SECINFO(SECINFO4args { name: component(name) })
}

/// Builds SETATTR (§16.32).
pub fn setattr(state: Stateid, attributes: &Attributes) -> nfs_argop4 {
    nfs_argop4::OP_SETATTR(SETATTR4args { stateid: stateid(state), obj_attributes: attributes.to_wire() })
}

/// Builds SETCLIENTID with a callback address that nobody listens on (§16.33).
pub fn setclientid(id: &[u8], verifier: [u8; 8]) -> nfs_argop4 {
    nfs_argop4::OP_SETCLIENTID(SETCLIENTID4args {
        client: nfs_client_id4 { verifier: verifier4(verifier), id: id.to_vec() },
        callback: cb_client4 {
            cb_program: 0x4000_0000,
            cb_location: clientaddr4 { r_netid: b"tcp".to_vec(), r_addr: b"127.0.0.1.0.0".to_vec() },
        },
        callback_ident: 1,
    })
}

/// Builds SETCLIENTID_CONFIRM (§16.34).
pub fn setclientid_confirm(clientid: u64, verifier: [u8; 8]) -> nfs_argop4 {
    let setclientid_confirm = verifier4(verifier);
    nfs_argop4::OP_SETCLIENTID_CONFIRM(SETCLIENTID_CONFIRM4args { clientid, setclientid_confirm })
}

/// Builds VERIFY (§16.35).
pub fn verify(attributes: &Attributes) -> nfs_argop4 {
    nfs_argop4::OP_VERIFY(VERIFY4args { obj_attributes: attributes.to_wire() })
}

/// Builds WRITE (§16.36).
pub fn write(state: Stateid, offset: u64, stable: stable_how4, data: &[u8]) -> nfs_argop4 {
    let stateid = stateid(state);
    nfs_argop4::OP_WRITE(WRITE4args { stateid, offset, stable, data: data.to_vec() })
}

/// Builds RELEASE_LOCKOWNER (§16.37).
pub fn release_lockowner(clientid: u64, owner: &[u8]) -> nfs_argop4 {
    let lock_owner = lock_owner4 { clientid, owner: owner.to_vec() };
    nfs_argop4::OP_RELEASE_LOCKOWNER(RELEASE_LOCKOWNER4args { lock_owner })
}
