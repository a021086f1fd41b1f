//! Operations that a plain server does not offer: pNFS, delegations that were not asked for by OPEN, SSV (RFC 8881 §17).

use super::{Minors, Op};
use crate::nfs4::Status;

/// `NFS4ERR_NOTSUPP` without a look at the arguments: nothing behind it in the COMPOUND is read.
const fn refused(number: u32, name: &'static str, minors: Minors) -> Op {
    Op {
        number,
        name,
        minors,
        run: |_, _| Err(Status::NotSupp.into()),
        skip: |_| None,
        quick: true,
        idempotent: true,
    }
}

pub(super) const GET_DIR_DELEGATION: Op = refused(46, "GET_DIR_DELEGATION", Minors::SINCE_1);
pub(super) const GETDEVICEINFO: Op = refused(47, "GETDEVICEINFO", Minors::SINCE_1);
pub(super) const GETDEVICELIST: Op = refused(48, "GETDEVICELIST", Minors::SINCE_1);
pub(super) const LAYOUTCOMMIT: Op = refused(49, "LAYOUTCOMMIT", Minors::SINCE_1);
pub(super) const LAYOUTGET: Op = refused(50, "LAYOUTGET", Minors::SINCE_1);
pub(super) const LAYOUTRETURN: Op = refused(51, "LAYOUTRETURN", Minors::SINCE_1);
pub(super) const SET_SSV: Op = refused(54, "SET_SSV", Minors::SINCE_1);
pub(super) const WANT_DELEGATION: Op = refused(56, "WANT_DELEGATION", Minors::SINCE_1);
