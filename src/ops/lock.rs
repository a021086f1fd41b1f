//! LOCK — RFC 7530 §16.10. Asks for a byte-range lock.
//!
//! Statuses: ADMIN_REVOKED, BAD_SEQID, BAD_STATEID, DEADLOCK, DENIED, EXPIRED, GRACE, INVAL, ISDIR, NO_GRACE,
//! NOFILEHANDLE, OLD_STATEID, OPENMODE, RECLAIM_BAD, RECLAIM_CONFLICT, RESOURCE, STALE_CLIENTID, STALE_STATEID.

use super::{Minors, Op, Preview};
use crate::nfs4::{FileType, LockHint, LockKind, Range, Status};
use crate::ops::context::{Context, Fail, Outcome, read_with_digest};
use crate::state::{Denied, LockCommand, LockReply, Locker};
use crate::xdr::decode;
use crate::xdr::encode::Encoder;

pub(super) const OP: Op =
    Op { number: 12, name: "LOCK", minors: Minors::ALL, run, preview, nonblocking: true, idempotent: false };

fn preview(input: &[u8]) -> Option<Preview<'_>> {
    let (rest, args) = decode::lock(input).ok()?;
    let stateid = match args.locker {
        decode::Locker::New(new) => new.open_stateid,
        decode::Locker::Existing { lock_stateid, .. } => lock_stateid,
    };
    Some(Preview { hint: Some(LockHint { stateid, first: args.offset }), ..Preview::of(rest) })
}

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let (args, request) = read_with_digest(cx, OP.number, input, decode::lock)?;
    let fh = cx.filehandle()?;
    check_lockable(cx.kind()?)?;
    let command = LockCommand {
        fh,
        range: Range::from_wire(args.offset, args.length).ok(),
        kind: args.locktype.kind(),
        blocking: args.locktype.blocking(),
        reclaim: args.reclaim,
        locker: locker(cx, args.locker)?,
        request,
    };
    let reply = cx.core().lock(cx.now(), &command);
    match reply {
        LockReply::Granted(stateid) => {
            cx.set_stateid(stateid);
            cx.out.stateid(&stateid);
            Ok(())
        }
        LockReply::Denied(denied) => {
            write_denied(cx.out, &denied);
            Err(Fail::with_body(Status::Denied))
        }
        LockReply::Refused(status) => Err(status.into()),
    }
}

fn locker<'a>(cx: &Context<'_>, args: decode::Locker<'a>) -> Result<Locker<'a>, Status> {
    Ok(match args {
        decode::Locker::New(new) => Locker::New {
            open_stateid: cx.stateid(new.open_stateid)?,
            open_seqid: new.open_seqid,
            clientid: cx.client(new.lock_owner.clientid)?,
            owner: new.lock_owner.owner,
            lock_seqid: new.lock_seqid,
        },
        decode::Locker::Existing { lock_stateid, lock_seqid } => {
            Locker::Existing { lock_stateid: cx.stateid(lock_stateid)?, lock_seqid }
        }
    })
}

/// Checks that the object is a regular file: no other has byte ranges. Errors: `IsDir`; `Inval` for all other kinds.
pub(super) fn check_lockable(kind: FileType) -> Result<(), Status> {
    match kind {
        FileType::Regular => Ok(()),
        FileType::Directory => Err(Status::IsDir),
        _ => Err(Status::Inval),
    }
}

/// Writes a `LOCK4denied`.
pub(super) fn write_denied(out: &mut Encoder, denied: &Denied) {
    let (offset, length) = denied.range.to_wire();
    out.u64(offset);
    out.u64(length);
    out.u32(match denied.kind {
        LockKind::Read => 1,
        LockKind::Write => 2,
    });
    out.u64(denied.owner.clientid.0);
    out.opaque(&denied.owner.owner);
}
