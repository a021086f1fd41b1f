//! FREE_STATEID — RFC 8881 §18.38. The client is done with a lock stateid under which it holds nothing.
//!
//! Statuses: BAD_STATEID, LOCKS_HELD, OLD_STATEID.

use super::{Minors, Op, preview};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 45,
    name: "FREE_STATEID",
    minors: Minors::SINCE_1,
    run,
    preview: |input| preview(input, decode::free_stateid),
    nonblocking: true,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let given = read(input, decode::free_stateid)?;
    let stateid = cx.stateid(given)?;
    cx.core().free_stateid(cx.now(), &stateid)?;
    Ok(())
}
