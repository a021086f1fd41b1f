//! DELEGRETURN — RFC 7530 §16.6. No stateid names a delegation, so none is right.
//!
//! Statuses: ADMIN_REVOKED, BAD_STATEID, EXPIRED, NOFILEHANDLE, STALE_STATEID.

use super::{Minors, Op, preview};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 8,
    name: "DELEGRETURN",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::delegreturn),
    nonblocking: true,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::delegreturn)?;
    cx.current()?;
    let status = cx.core().delegreturn(&cx.stateid(args.deleg_stateid)?);
    Err(status.into())
}
