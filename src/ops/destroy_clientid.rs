//! DESTROY_CLIENTID — RFC 8881 §18.50. Forgets a client that has neither sessions nor state.
//!
//! Statuses: CLIENTID_BUSY, STALE_CLIENTID.

use super::{Minors, Op, preview};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 57,
    name: "DESTROY_CLIENTID",
    minors: Minors::SINCE_1,
    run,
    preview: |input| preview(input, decode::destroy_clientid),
    nonblocking: true,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let client = read(input, decode::destroy_clientid)?;
    cx.core().destroy_clientid(cx.now(), client)?;
    Ok(())
}
