//! NVERIFY — RFC 7530 §16.15. Goes on only if the attributes given are not those of the current object.
//!
//! Statuses: ATTRNOTSUPP, INVAL, NOFILEHANDLE, SAME, STALE.

use super::attr;
use super::{Minors, Op, preview};
use crate::nfs4::Status;
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 17,
    name: "NVERIFY",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::nverify),
    nonblocking: false,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::nverify)?;
    let fh = cx.current()?;
    match attr::matches(cx, &fh, &args.obj_attributes)? {
        true => Err(Status::Same.into()),
        false => Ok(()),
    }
}
