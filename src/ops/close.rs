//! CLOSE — RFC 7530 §16.2. Ends an open. Locks that came from it must have been unlocked before.
//!
//! Statuses: ADMIN_REVOKED, BAD_SEQID, BAD_STATEID, EXPIRED, LOCKS_HELD, NOFILEHANDLE, OLD_STATEID, STALE_STATEID,
//! RESOURCE.

use super::{Minors, Op, preview};
use crate::nfs4::Stateid;
use crate::ops::context::{Context, Outcome, read_with_digest};
use crate::state::Numbered;
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 4,
    name: "CLOSE",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::close),
    // The last close of a removed file frees its data.
    nonblocking: false,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let (args, request) = read_with_digest(cx, OP.number, input, decode::close)?;
    let fh = cx.current()?;
    let numbered = Numbered { fh: &fh, stateid: cx.stateid(args.open_stateid)?, seqid: args.seqid, request };
    let closed = cx.core().close(cx.now(), numbered)?;
    // RFC 8881 §18.2.4: what is closed has no stateid any more.
    let stateid = if cx.has_sessions() { Stateid::INVALID } else { closed };
    cx.set_stateid(stateid);
    cx.out.stateid(&stateid);
    Ok(())
}
