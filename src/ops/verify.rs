//! VERIFY — RFC 7530 §16.35. Goes on only if the attributes given are those of the current object.
//!
//! Statuses: ATTRNOTSUPP, INVAL, NOFILEHANDLE, NOT_SAME, STALE.

use super::attr;
use super::{Minors, Op, preview};
use crate::nfs4::Status;
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 37,
    name: "VERIFY",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::verify),
    nonblocking: false,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::verify)?;
    let fh = cx.current()?;
    match attr::matches(cx, &fh, &args.obj_attributes)? {
        true => Ok(()),
        false => Err(Status::NotSame.into()),
    }
}
