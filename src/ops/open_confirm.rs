//! OPEN_CONFIRM — RFC 7530 §16.18. Proves that an open_owner's first OPEN was no late retransmission.
//!
//! Statuses: ADMIN_REVOKED, BAD_SEQID, BAD_STATEID, EXPIRED, NOFILEHANDLE, OLD_STATEID, RESOURCE, STALE_STATEID.

use super::{Minors, Op, preview};
use crate::ops::context::{Context, Outcome, read_with_digest};
use crate::state::Numbered;
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 20,
    name: "OPEN_CONFIRM",
    minors: Minors::ONLY_0,
    run,
    preview: |input| preview(input, decode::open_confirm),
    nonblocking: true,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let (args, request) = read_with_digest(cx, OP.number, input, decode::open_confirm)?;
    let fh = cx.current_regular()?;
    let numbered = Numbered { fh: &fh, stateid: cx.stateid(args.open_stateid)?, seqid: args.seqid, request };
    let stateid = cx.core().open_confirm(cx.now(), numbered)?;
    cx.out.stateid(&stateid);
    Ok(())
}
