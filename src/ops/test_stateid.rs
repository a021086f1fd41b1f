//! TEST_STATEID — RFC 8881 §18.48. Says of each of many stateids whether it is good.
//!
//! Statuses: OP_NOT_IN_SESSION; of the stateids ADMIN_REVOKED, BAD_STATEID, OLD_STATEID.

use super::{Minors, Op, Preview};
use crate::nfs4::Status;
use crate::ops::context::{Context, Outcome, STEPS_MAX, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 55,
    name: "TEST_STATEID",
    minors: Minors::SINCE_1,
    run,
    preview,
    nonblocking: true,
    idempotent: true,
};

fn preview(input: &[u8]) -> Option<Preview<'_>> {
    let (rest, stateids) = decode::test_stateid(input).ok()?;
    let steps = stateids.count() as usize;
    Some(Preview { steps, ..Preview::of(rest).with_bytes(4 * steps) })
}

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let client = cx.slot.as_ref().ok_or(Status::OpNotInSession)?.client();
    let stateids = read(input, decode::test_stateid)?;
    cx.out.u32(stateids.count());
    for (count, stateid) in (1..).zip(stateids.iter()) {
        let status = cx.core().test_stateid(client, &stateid);
        cx.out.status(status);
        if count % STEPS_MAX == 0 {
            cx.pause();
        }
    }
    Ok(())
}
