//! RENEW — RFC 7530 §16.28. Renews the client's lease.
//!
//! Statuses: ACCESS, EXPIRED, STALE_CLIENTID.

use super::{Minors, Op, skip};
use crate::ops::arguments::read;
use crate::ops::context::{Context, Outcome};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 30,
    name: "RENEW",
    minors: Minors::ONLY_0,
    run,
    skip: |input| skip(input, decode::renew),
    quick: true,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::renew)?;
    cx.core().renew_as(cx.now(), cx.client(args.clientid)?, cx.caller.principal)?;
    Ok(())
}
