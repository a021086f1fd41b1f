//! OPEN_DOWNGRADE — RFC 7530 §16.19. Gives up part of what an open may and denies.
//!
//! Statuses: ADMIN_REVOKED, BAD_SEQID, BAD_STATEID, EXPIRED, INVAL, NOFILEHANDLE, OLD_STATEID, RESOURCE, STALE_STATEID.

use super::{Minors, Op, preview};
use crate::nfs4::{ShareAccess, ShareDeny};
use crate::ops::context::{Context, Outcome, read_with_digest};
use crate::state::Numbered;
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 21,
    name: "OPEN_DOWNGRADE",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::open_downgrade),
    nonblocking: true,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let (args, request) = read_with_digest(cx, OP.number, input, decode::open_downgrade)?;
    let fh = cx.current()?;
    let access = ShareAccess::from_wire(args.share_access);
    let deny = ShareDeny::from_wire(args.share_deny);
    let numbered = Numbered { fh: &fh, stateid: cx.stateid(args.open_stateid)?, seqid: args.seqid, request };
    let stateid = cx.core().open_downgrade(cx.now(), numbered, access.zip(deny))?;
    cx.set_stateid(stateid);
    cx.out.stateid(&stateid);
    Ok(())
}
