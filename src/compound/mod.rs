//! One COMPOUND (RFC 7530 §15.2, RFC 8881 §16.2): its operations in order, the current and the saved filehandle, limits.
//!
//! Operations are decoded one at a time, so that a COMPOUND fails exactly at the failing operation, with the results
//! before it.

mod class;
mod position;

pub use crate::ops::cb_notify_lock;
pub use crate::ops::{Introduction, Nfs};
pub use class::classify;

use crate::nfs4::{Caller, Status, check_utf8};
use crate::ops::context::{Context, Fail, Outcome, Request, Retry};
use crate::ops::sequence::{self, fits};
use crate::ops::{self, MINOR_MAX, Op};
use crate::xdr::Bitmap;
use crate::xdr::decode::{self, CompoundHead};
use crate::xdr::encode::Encoder;
use crate::xdr::limits::COMPOUND_OPS_MAX;
use position::check_position;

/// `OP_ILLEGAL`, the number under which an operation is answered that the server does not know.
const OP_ILLEGAL: u32 = 10044;

/// Says that the arguments cannot be decoded as far as the first operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoCompound;

/// Executes the COMPOUND in `args` and appends its result to `out`.
/// Errors: only when `args` is no COMPOUND at all; every other failure is a status in the result.
pub fn execute(nfs: &Nfs, caller: &Caller, args: &[u8], out: &mut Encoder) -> Result<(), NoCompound> {
    let (mut rest, head) = decode::compound_head(args).map_err(|_| NoCompound)?;
    let start = out.pos();
    out.u32(Status::Ok.number());
    out.opaque(head.tag);
    let count_at = out.pos();
    out.u32(0);
    let request = Request { minor: head.minorversion, count: head.count, args };
    let mut context = Context::new(nfs, caller, request, out);
    let (status, count) = match check_head(&head) {
        Err(status) => (status, 0),
        Ok(()) => run_ops(&mut context, &mut rest),
    };
    context.out.patch_u32(start, status.number());
    context.out.patch_u32(count_at, count);
    match context.retry.take() {
        Some(Retry::Cached(result)) => {
            context.out.truncate(start);
            context.out.fixed(&result);
        }
        _ => sequence::end(&mut context, start),
    }
    Ok(())
}

fn check_head(head: &CompoundHead<'_>) -> Result<(), Status> {
    if head.minorversion > MINOR_MAX {
        return Err(Status::MinorVersMismatch);
    }
    if head.minorversion == 0 && head.count as usize > COMPOUND_OPS_MAX {
        return Err(Status::Resource);
    }
    // §12.3: a tag is UTF-8 like every other text.
    check_utf8(head.tag).map(|_| ())
}

/// Runs the operations; answers the last status and how many results were written.
fn run_ops(context: &mut Context<'_>, rest: &mut &[u8]) -> (Status, u32) {
    let count = context.request.count;
    for done in 1..=count {
        context.is_last = done == count;
        let start = context.out.pos();
        let status = run_op(context, rest, done - 1);
        if status == Status::Ok && !context.is_last {
            context.operation_done(done - 1, start);
        }
        if status != Status::Ok || matches!(context.retry, Some(Retry::Cached(_))) {
            return (status, done);
        }
    }
    (Status::Ok, count)
}

/// Runs the operation at the head of `rest` and writes its result: number, status, body.
fn run_op(context: &mut Context<'_>, rest: &mut &[u8], index: u32) -> Status {
    if take_over(context, rest, index) {
        return Status::Ok;
    }
    let op = match decode::u32_(rest) {
        Ok((after, number)) => {
            *rest = after;
            ops::find(number, context.request.minor).map_err(|status| (answered_as(number, status), status))
        }
        Err(_) => Err((OP_ILLEGAL, Status::BadXdr)),
    };
    let number = op.map_or_else(|(number, _)| number, |op| op.number);
    context.out.words([number, Status::Ok.number()]);
    let status_at = context.out.pos() - 4;
    let outcome = match op {
        Err((_, status)) => Err(Fail::from(status)),
        Ok(op) => match run_in_session(context, op, rest) {
            // What has a body must fit, a denied LOCK too.
            Err(fail) if !fail.has_body => Err(fail),
            other => check_reply_size(context).and(other),
        },
    };
    let Err(fail) = outcome else { return Status::Ok };
    if !fail.has_body {
        context.out.truncate(status_at + 4);
        // SETATTR4res has its bitmap whatever the status, even when the operation was refused before it ran.
        if op.is_ok_and(|op| op.number == ops::SETATTR) {
            context.out.bitmap(&Bitmap::EMPTY);
        }
    }
    let status = in_minor(fail.status, context.request.minor);
    context.out.patch_u32(status_at, status.number());
    status
}

/// Writes the result of an operation that was carried out before a restart; answers whether it was.
fn take_over(context: &mut Context<'_>, rest: &mut &[u8], index: u32) -> bool {
    let Some(done) = context.done.iter().find(|done| done.index == index).cloned() else { return false };
    let Ok((after, number)) = decode::u32_(rest) else { return false };
    let op = ops::find(number, context.request.minor).ok();
    let Some(preview) = op.and_then(|op| (op.preview)(after)) else { return false };
    *rest = preview.rest;
    context.take_over(&done);
    true
}

/// Replaces NFS4ERR_RESOURCE, which NFSv4.1 does not have (RFC 8881 §15.1): what is too much now may be possible later.
fn in_minor(status: Status, minor: u32) -> Status {
    if minor > 0 && status == Status::Resource { Status::Delay } else { status }
}

/// Returns the number in the result of an operation that cannot be carried out.
fn answered_as(number: u32, status: Status) -> u32 {
    if status == Status::OpIllegal { OP_ILLEGAL } else { number }
}

/// Runs one operation if it may stand where it stands.
fn run_in_session(context: &mut Context<'_>, op: &Op, rest: &mut &[u8]) -> Outcome {
    check_position(context, op)?;
    // Those that touch no files change nothing but the core, which tells by itself whether it was changed.
    context.unrepeatable |= !op.idempotent && !op.nonblocking;
    (op.run)(context, rest)
}

/// Bytes of number and status of a result, all that a failed operation needs.
const FAILURE_BYTES: usize = 8;

/// Checks that the results so far fit, and one more that says that the next does not.
fn check_reply_size(context: &Context<'_>) -> Outcome {
    let next = if context.is_last { 0 } else { FAILURE_BYTES };
    context.slot.as_ref().map_or(Ok(()), |slot| fits(slot, context.out.pos() + next))
}

#[cfg(test)]
mod lease_tests;
#[cfg(test)]
mod restart_tests;
#[cfg(test)]
mod tests;
