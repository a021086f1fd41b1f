//! TEST_STATEID — RFC 8881 §18.48. Says of each of many stateids whether it is good.
//!
//! Statuses: OP_NOT_IN_SESSION; of the stateids ADMIN_REVOKED, BAD_STATEID, OLD_STATEID.

use super::{Minors, Op, STEPS_MAX, skip};
use crate::nfs4::Status;
use crate::ops::arguments::read;
use crate::ops::context::{Context, Outcome};
use crate::xdr::decode;

pub(super) const NUMBER: u32 = 55;

pub(super) const OP: Op = Op {
    number: NUMBER,
    name: "TEST_STATEID",
    minors: Minors::SINCE_1,
    run,
    skip: |input| skip(input, decode::test_stateid),
    quick: true,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let client = cx.slot.as_ref().ok_or(Status::OpNotInSession)?.client;
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
