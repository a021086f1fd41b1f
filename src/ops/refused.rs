//! Operations that a plain server refuses — RFC 8881 §17, RFC 7862 §15.
//!
//! pNFS, delegations that were not asked for by OPEN, SSV; what only helps to be faster, and copies between servers.
//!
//! Statuses: NOTSUPP. A client does without: it reads by READ instead of READ_PLUS, and copies from other servers itself.

use super::{Minors, Op};
use crate::nfs4::Status;

/// Answers `NFS4ERR_NOTSUPP` without a look at the arguments: nothing behind it in the COMPOUND is read.
const fn refused(number: u32, name: &'static str, minors: Minors) -> Op {
    Op {
        number,
        name,
        minors,
        run: |_, _| Err(Status::NotSupp.into()),
        preview: |_| None,
        nonblocking: true,
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
pub(super) const COPY_NOTIFY: Op = refused(61, "COPY_NOTIFY", Minors::SINCE_2);
pub(super) const IO_ADVISE: Op = refused(63, "IO_ADVISE", Minors::SINCE_2);
pub(super) const LAYOUTERROR: Op = refused(64, "LAYOUTERROR", Minors::SINCE_2);
pub(super) const LAYOUTSTATS: Op = refused(65, "LAYOUTSTATS", Minors::SINCE_2);
pub(super) const OFFLOAD_CANCEL: Op = refused(66, "OFFLOAD_CANCEL", Minors::SINCE_2);
pub(super) const OFFLOAD_STATUS: Op = refused(67, "OFFLOAD_STATUS", Minors::SINCE_2);
pub(super) const READ_PLUS: Op = refused(68, "READ_PLUS", Minors::SINCE_2);
pub(super) const WRITE_SAME: Op = refused(70, "WRITE_SAME", Minors::SINCE_2);
