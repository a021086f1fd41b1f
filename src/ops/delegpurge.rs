//! DELEGPURGE — RFC 7530 §16.5. There are no delegations to purge; a right clientid is answered with OK.
//!
//! Statuses: EXPIRED, STALE_CLIENTID.

use super::{Minors, Op, skip};
use crate::ops::arguments::read;
use crate::ops::context::{Context, Outcome};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 7,
    name: "DELEGPURGE",
    minors: Minors::ALL,
    run,
    skip: |input| skip(input, decode::delegpurge),
    quick: true,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::delegpurge)?;
    cx.core().delegpurge(cx.now(), cx.client(args.clientid)?)?;
    Ok(())
}
