//! The operations of NFSv4.0 (RFC 7530 §16), NFSv4.1 (RFC 8881 §18) and NFSv4.2 (RFC 7862 §15, RFC
//! 8276 §8.4), one file each, and the table of them.
//!
//! An operation decodes its arguments, asks the state core or the files, and writes its result. It decides nothing that
//! concerns state.

mod access;
mod allocate;
pub mod attr;
mod backchannel_ctl;
mod bind_conn_to_session;
pub mod cb_notify_lock;
mod clone;
mod close;
mod commit;
pub mod context;
mod copy;
mod create;
mod create_session;
mod deallocate;
mod delegpurge;
mod delegreturn;
mod destroy_clientid;
mod destroy_session;
mod exchange_id;
mod free_stateid;
mod getattr;
mod getfh;
mod getxattr;
mod link;
mod listxattrs;
mod lock;
mod lockt;
mod locku;
mod lookup;
mod lookupp;
mod nverify;
mod open;
mod open_confirm;
mod open_downgrade;
mod openattr;
mod putfh;
mod putpubfh;
mod putrootfh;
mod read;
mod readdir;
mod readlink;
mod reclaim_complete;
mod refused;
mod release_lockowner;
mod remove;
mod removexattr;
mod rename;
mod renew;
mod restorefh;
mod savefh;
mod secinfo;
mod secinfo_no_name;
mod seek;
pub mod sequence;
mod setattr;
mod setclientid;
mod setclientid_confirm;
mod setxattr;
mod test_stateid;
mod verify;
mod write;

pub use context::{Introduction, MEMORY_BYTES_MAX, Nfs, Preview, REPLY_BYTES_MAX, RESULT_BYTES, STEPS_MAX};

use crate::files::ChangeInfo;
use crate::nfs4::Status;
use crate::xdr::encode::Encoder;
use context::{Context, Outcome, preview};

/// Names the minor versions that have an operation, from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minors {
    first: u32,
    last: u32,
}

/// The number of PUTFH.
pub const PUTFH: u32 = putfh::OP.number;
/// The number of SEQUENCE.
pub const SEQUENCE: u32 = sequence::OP.number;
/// The number of SETATTR.
pub const SETATTR: u32 = setattr::OP.number;
/// The number of BIND_CONN_TO_SESSION.
pub const BIND_CONN_TO_SESSION: u32 = bind_conn_to_session::OP.number;

/// The highest minor version served.
pub const MINOR_MAX: u32 = 2;

impl Minors {
    /// Every minor version.
    pub const ALL: Self = Self { first: 0, last: MINOR_MAX };
    /// What sessions made superfluous (RFC 8881 §2.10): NFSv4.1 must not have it.
    pub const ONLY_0: Self = Self { first: 0, last: 0 };
    /// New in NFSv4.1.
    pub const SINCE_1: Self = Self { first: 1, last: MINOR_MAX };
    /// New in NFSv4.2.
    pub const SINCE_2: Self = Self { first: 2, last: MINOR_MAX };
}

/// Describes an operation.
#[derive(Debug)]
pub struct Op {
    /// `nfs_opnum4`.
    pub number: u32,
    /// Its name in the RFC.
    pub name: &'static str,
    /// Which minor versions have it.
    pub minors: Minors,
    /// Executes it on the arguments at the head of the input, which it consumes.
    pub run: fn(&mut Context<'_>, &mut &[u8]) -> Outcome,
    /// Passes over its arguments and tells what it will need; `None` when they are malformed.
    pub preview: fn(&[u8]) -> Option<Preview<'_>>,
    /// Whether it touches no file system and does not block; a PUTFH that is the last of its COMPOUND does.
    pub nonblocking: bool,
    /// Whether carrying it out twice is the same as once, and it changes nothing (RFC 7530 §3.1.1).
    pub idempotent: bool,
}

/// All operations, in the order of their numbers from 3.
static OPS: [Op; 73] = [
    access::OP,
    close::OP,
    commit::OP,
    create::OP,
    delegpurge::OP,
    delegreturn::OP,
    getattr::OP,
    getfh::OP,
    link::OP,
    lock::OP,
    lockt::OP,
    locku::OP,
    lookup::OP,
    lookupp::OP,
    nverify::OP,
    open::OP,
    openattr::OP,
    open_confirm::OP,
    open_downgrade::OP,
    putfh::OP,
    putpubfh::OP,
    putrootfh::OP,
    read::OP,
    readdir::OP,
    readlink::OP,
    remove::OP,
    rename::OP,
    renew::OP,
    restorefh::OP,
    savefh::OP,
    secinfo::OP,
    setattr::OP,
    setclientid::OP,
    setclientid_confirm::OP,
    verify::OP,
    write::OP,
    release_lockowner::OP,
    backchannel_ctl::OP,
    bind_conn_to_session::OP,
    exchange_id::OP,
    create_session::OP,
    destroy_session::OP,
    free_stateid::OP,
    refused::GET_DIR_DELEGATION,
    refused::GETDEVICEINFO,
    refused::GETDEVICELIST,
    refused::LAYOUTCOMMIT,
    refused::LAYOUTGET,
    refused::LAYOUTRETURN,
    secinfo_no_name::OP,
    sequence::OP,
    refused::SET_SSV,
    test_stateid::OP,
    refused::WANT_DELEGATION,
    destroy_clientid::OP,
    reclaim_complete::OP,
    allocate::OP,
    copy::OP,
    refused::COPY_NOTIFY,
    deallocate::OP,
    refused::IO_ADVISE,
    refused::LAYOUTERROR,
    refused::LAYOUTSTATS,
    refused::OFFLOAD_CANCEL,
    refused::OFFLOAD_STATUS,
    refused::READ_PLUS,
    seek::OP,
    refused::WRITE_SAME,
    clone::OP,
    getxattr::OP,
    setxattr::OP,
    listxattrs::OP,
    removexattr::OP,
];

impl Op {
    /// Tells whether it can come without SEQUENCE, alone in its COMPOUND: what creates, binds and destroys sessions (RFC
    /// 8881 §2.10.2.2).
    pub fn needs_no_session(&self) -> bool {
        const ALONE: [u32; 5] = [
            bind_conn_to_session::OP.number,
            create_session::OP.number,
            destroy_clientid::OP.number,
            destroy_session::OP.number,
            exchange_id::OP.number,
        ];
        ALONE.contains(&self.number)
    }
}

/// Finds the operation with this number in a minor version.
///
/// Errors: `OpIllegal` when the minor version does not know the number, `NotSupp` when it no longer has the operation
/// (RFC 8881 §17).
pub fn find(number: u32, minor: u32) -> Result<&'static Op, Status> {
    let index = number.checked_sub(3).ok_or(Status::OpIllegal)?;
    let op = OPS.get(index as usize).ok_or(Status::OpIllegal)?;
    match op.minors {
        Minors { first, .. } if minor < first => Err(Status::OpIllegal),
        Minors { last, .. } if minor > last => Err(Status::NotSupp),
        _ => Ok(op),
    }
}

/// Returns all operations.
pub fn all() -> &'static [Op] {
    &OPS
}

fn write_change_info(out: &mut Encoder, change: &ChangeInfo) {
    out.bool(change.atomic);
    out.u64(change.before);
    out.u64(change.after);
}

#[cfg(test)]
#[path = "tests/v42.rs"]
mod v42_tests;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_numbers() {
        for (index, op) in all().iter().enumerate() {
            assert_eq!(op.number as usize, index + 3, "{}", op.name);
            assert!(find(op.number, op.minors.first).is_ok_and(|found| found.name == op.name));
        }
        for number in [0, 2, all().len() as u32 + 3, u32::MAX] {
            assert_eq!(find(number, MINOR_MAX).err(), Some(Status::OpIllegal));
        }
    }

    #[test]
    fn a_minor_version_knows_what_came_before_it_and_refuses_what_it_left_behind() {
        for op in all() {
            for minor in 0..=MINOR_MAX {
                let want = match op.minors {
                    Minors { first, .. } if minor < first => Some(Status::OpIllegal),
                    Minors { last, .. } if minor > last => Some(Status::NotSupp),
                    _ => None,
                };
                assert_eq!(find(op.number, minor).err(), want, "{}", op.name);
            }
        }
    }
}
