//! LOCKU — RFC 7530 §16.12. Unlocks a byte range; the lock type in the arguments does not matter.
//!
//! Statuses: ADMIN_REVOKED, BAD_SEQID, BAD_STATEID, EXPIRED, INVAL, NOFILEHANDLE, OLD_STATEID, STALE_STATEID.

use super::{Minors, Op, preview};
use crate::nfs4::Range;
use crate::ops::context::{Context, Outcome, read_with_digest};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 14,
    name: "LOCKU",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::locku),
    nonblocking: true,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let (args, request) = read_with_digest(cx, OP.number, input, decode::locku)?;
    let fh = cx.filehandle()?;
    let range = Range::from_wire(args.offset, args.length).ok();
    let stateid =
        cx.core().locku(cx.now(), fh, cx.stateid(args.lock_stateid)?, args.seqid, range, request)?;
    cx.set_stateid(stateid);
    cx.out.stateid(&stateid);
    Ok(())
}
