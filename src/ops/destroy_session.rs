//! DESTROY_SESSION — RFC 8881 §18.37. Ends a session; the client and its state stay.
//!
//! Statuses: BADSESSION, CONN_NOT_BOUND_TO_SESSION, NOT_ONLY_OP.

use super::{Minors, Op, preview};
use crate::nfs4::Status;
use crate::ops::context::{Context, Outcome, read};
use crate::state::SlotTicket;
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 44,
    name: "DESTROY_SESSION",
    minors: Minors::SINCE_1,
    run,
    preview: |input| preview(input, decode::destroy_session),
    nonblocking: true,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let session = read(input, decode::destroy_session)?;
    let own = cx.slot.as_ref().map(SlotTicket::sessionid);
    // Nothing can follow in a session that is no more.
    if own == Some(session) && !cx.is_last {
        return Err(Status::NotOnlyOp.into());
    }
    cx.core().destroy_session(session, cx.caller.connection, own)?;
    Ok(())
}
