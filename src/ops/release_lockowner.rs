//! RELEASE_LOCKOWNER — RFC 7530 §16.37. The client will not use this lock_owner again.
//!
//! Statuses: EXPIRED, LOCKS_HELD, STALE_CLIENTID.

use super::{Minors, Op, preview};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 39,
    name: "RELEASE_LOCKOWNER",
    minors: Minors::ONLY_0,
    run,
    preview: |input| preview(input, decode::release_lockowner),
    nonblocking: true,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let owner = read(input, decode::release_lockowner)?.lock_owner;
    cx.core().release_lockowner(cx.now(), owner.clientid, owner.owner)?;
    Ok(())
}
