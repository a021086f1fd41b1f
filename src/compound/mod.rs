//! One COMPOUND (RFC 7530 §15.2): its operations in order, the current and the saved filehandle, limits.
//!
//! Operations are decoded one at a time, so that a COMPOUND fails exactly at the failing operation, with the results
//! before it.

pub use crate::ops::Nfs;
pub use crate::ops::context::Caller;

use crate::nfs4::{Status, check_utf8};
use crate::ops::context::{Context, Fail};
use crate::ops::{self, Op};
use crate::xdr::decode::{self, CompoundHead};
use crate::xdr::encode::Encoder;
use crate::xdr::limits::COMPOUND_OPS_MAX;

/// A reply that has grown to this many octets takes no further operation: `NFS4ERR_RESOURCE`.
const REPLY_BYTES_MAX: usize = 2 << 20;

/// `OP_ILLEGAL`, the number under which an operation is answered that the server does not know.
const OP_ILLEGAL: u32 = 10044;

/// The arguments cannot be decoded as far as the first operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoCompound;

/// Executes the COMPOUND in `args` and appends its result to `out`.
/// Errors: only when `args` is no COMPOUND at all; every other failure is a status in the result.
pub fn execute(nfs: &Nfs, caller: &Caller, args: &[u8], out: &mut Encoder) -> Result<(), NoCompound> {
    let (mut rest, head) = decode::compound_head(args).map_err(|_| NoCompound)?;
    let status_at = out.pos();
    out.u32(Status::Ok.number());
    out.opaque(head.tag);
    let count_at = out.pos();
    out.u32(0);
    let (status, count) = match check_head(&head) {
        Err(status) => (status, 0),
        Ok(()) => run_ops(nfs, caller, head.count, &mut rest, out),
    };
    out.patch_u32(status_at, status.number());
    out.patch_u32(count_at, count);
    Ok(())
}

fn check_head(head: &CompoundHead<'_>) -> Result<(), Status> {
    if head.minorversion != 0 {
        return Err(Status::MinorVersMismatch);
    }
    if head.count as usize > COMPOUND_OPS_MAX {
        return Err(Status::Resource);
    }
    // §12.3: a tag is UTF-8 like every other text.
    check_utf8(head.tag).map(|_| ())
}

/// Runs up to `count` operations; answers the last status and how many results were written.
fn run_ops(nfs: &Nfs, caller: &Caller, count: u32, rest: &mut &[u8], out: &mut Encoder) -> (Status, u32) {
    let mut context = Context::new(nfs, caller, out);
    for done in 1..=count {
        context.is_last = done == count;
        let status = run_op(&mut context, rest);
        if status != Status::Ok {
            return (status, done);
        }
    }
    (Status::Ok, count)
}

/// Runs the operation at the head of `rest` and writes its result: number, status, body.
fn run_op(context: &mut Context<'_>, rest: &mut &[u8]) -> Status {
    let op = match decode::u32_(rest) {
        Ok((after, number)) => {
            *rest = after;
            ops::find(number, 0)
        }
        Err(_) => Err(Status::BadXdr),
    };
    context.out.u32(op.as_ref().map_or(OP_ILLEGAL, |op| op.number));
    let status_at = context.out.pos();
    context.out.u32(Status::Ok.number());
    let outcome = match op {
        Err(status) => Err(Fail::from(status)),
        Ok(_) if status_at > REPLY_BYTES_MAX => Err(Fail::from(Status::Resource)),
        Ok(op) => (op.run)(context, rest),
    };
    let Err(fail) = outcome else { return Status::Ok };
    if !fail.has_body {
        context.out.truncate(status_at + 4);
    }
    context.out.patch_u32(status_at, fail.status.number());
    fail.status
}

/// Whether every operation in `args` has the property `is`, which is told whether it is the last one; `false` when some
/// cannot be decoded.
fn all_ops(args: &[u8], is: impl Fn(&Op, bool) -> bool) -> bool {
    let Ok((mut rest, head)) = decode::compound_head(args) else { return false };
    if head.count as usize > COMPOUND_OPS_MAX {
        return true;
    }
    for done in 1..=head.count {
        let Ok((after, number)) = decode::u32_(rest) else { return false };
        let Ok(op) = ops::find(number, head.minorversion) else { return false };
        if !is(op, done == head.count) {
            return false;
        }
        let Some(after) = (op.skip)(after) else { return false };
        rest = after;
    }
    true
}

/// Whether the COMPOUND touches no file system and does not block.
pub fn is_quick(args: &[u8]) -> bool {
    // A last PUTFH looks whether its object is there.
    all_ops(args, |op, last| op.quick && !(last && op.name == "PUTFH"))
}

/// Whether executing the COMPOUND twice is the same as once.
pub fn is_idempotent(args: &[u8]) -> bool {
    all_ops(args, |op, _| op.idempotent)
}
