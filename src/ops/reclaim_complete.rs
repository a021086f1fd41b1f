//! RECLAIM_COMPLETE — RFC 8881 §18.51. The client will reclaim nothing more.
//!
//! Statuses: COMPLETE_ALREADY, NOFILEHANDLE, OP_NOT_IN_SESSION.

use super::{Minors, Op, preview};
use crate::nfs4::Status;
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 58,
    name: "RECLAIM_COMPLETE",
    minors: Minors::SINCE_1,
    run,
    preview: |input| preview(input, decode::reclaim_complete),
    nonblocking: true,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let one_fs = read(input, decode::reclaim_complete)?;
    let client = cx.slot.as_ref().ok_or(Status::OpNotInSession)?.client();
    if one_fs {
        // File systems do not move here one by one, so there is nothing to complete.
        cx.current()?;
        return Ok(());
    }
    cx.core().reclaim_complete(cx.now(), client)?;
    Ok(())
}
