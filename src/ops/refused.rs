//! Operations that the RFCs let a server refuse — RFC 7862 §15.
//!
//! Statuses: NOTSUPP. A client does without: it reads by READ instead of READ_PLUS, and copies between servers itself.

use super::{Minors, Op};
use crate::nfs4::Status;

/// All of them, in the order of their numbers.
pub(super) static OPS: [Op; 8] = [
    refused(61, "COPY_NOTIFY", Minors::SINCE_2),
    refused(63, "IO_ADVISE", Minors::SINCE_2),
    refused(64, "LAYOUTERROR", Minors::SINCE_2),
    refused(65, "LAYOUTSTATS", Minors::SINCE_2),
    refused(66, "OFFLOAD_CANCEL", Minors::SINCE_2),
    refused(67, "OFFLOAD_STATUS", Minors::SINCE_2),
    refused(68, "READ_PLUS", Minors::SINCE_2),
    refused(70, "WRITE_SAME", Minors::SINCE_2),
];

/// Its arguments are not looked at: nothing behind it is executed.
const fn refused(number: u32, name: &'static str, minors: Minors) -> Op {
    Op {
        number,
        name,
        minors,
        run: |_, _| Err(Status::NotSupp.into()),
        skip: |_| None,
        quick: false,
        idempotent: false,
    }
}
