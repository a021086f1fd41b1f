//! SETCLIENTID_CONFIRM — RFC 7530 §16.34. Makes what SETCLIENTID announced so.
//!
//! Statuses: CLID_INUSE, STALE_CLIENTID.

use super::{Minors, Op, preview};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 36,
    name: "SETCLIENTID_CONFIRM",
    minors: Minors::ONLY_0,
    run,
    preview: |input| preview(input, decode::setclientid_confirm),
    // It may close all files of the client's former self.
    nonblocking: false,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::setclientid_confirm)?;
    let principal = cx.caller.principal;
    cx.core().setclientid_confirm(cx.now(), args.clientid, args.setclientid_confirm, principal)?;
    Ok(())
}
