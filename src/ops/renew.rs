//! RENEW — RFC 7530 §16.28. Renews the client's lease.
//!
//! Statuses: ACCESS, EXPIRED, STALE_CLIENTID.

use super::{Minors, Op, preview};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 30,
    name: "RENEW",
    minors: Minors::ONLY_0,
    run,
    preview: |input| preview(input, decode::renew),
    nonblocking: true,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::renew)?;
    cx.core().renew_as(cx.now(), cx.client(args.clientid)?, cx.caller.principal)?;
    Ok(())
}
