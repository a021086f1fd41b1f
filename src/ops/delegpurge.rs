//! DELEGPURGE — RFC 7530 §16.5. There are no delegations to purge; a right clientid is answered with OK.
//!
//! Statuses: EXPIRED, STALE_CLIENTID.

use super::{Minors, Op, preview};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 7,
    name: "DELEGPURGE",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::delegpurge),
    nonblocking: true,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::delegpurge)?;
    cx.core().delegpurge(cx.now(), cx.client(args.clientid)?)?;
    Ok(())
}
