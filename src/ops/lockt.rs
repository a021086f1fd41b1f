//! LOCKT — RFC 7530 §16.11. Says who holds a lock that would conflict; makes no state.
//!
//! Statuses: DENIED, EXPIRED, GRACE, INVAL, ISDIR, NOFILEHANDLE, STALE_CLIENTID.

use super::lock::{check_lockable, write_denied};
use super::{Minors, Op, preview};
use crate::nfs4::{Range, Status};
use crate::ops::context::{Context, Fail, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 13,
    name: "LOCKT",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::lockt),
    nonblocking: true,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::lockt)?;
    let (fh, kind) = cx.current_typed()?;
    check_lockable(kind)?;
    let range = Range::from_wire(args.offset, args.length).ok();
    let (client, owner) = (cx.client(args.owner.clientid)?, args.owner.owner);
    let found = cx.core().lockt(cx.now(), &fh, client, owner, range, args.locktype.kind())?;
    match found {
        None => Ok(()),
        Some(denied) => {
            write_denied(cx.out, &denied);
            Err(Fail::with_body(Status::Denied))
        }
    }
}
