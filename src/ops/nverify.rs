//! NVERIFY — RFC 7530 §16.15. Goes on only if the attributes given are not those of the current object.
//!
//! Statuses: ATTRNOTSUPP, INVAL, NOFILEHANDLE, SAME, STALE.

use super::attr;
use super::{Minors, Op, skip};
use crate::nfs4::Status;
use crate::ops::arguments::read;
use crate::ops::context::{Context, Outcome};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 17,
    name: "NVERIFY",
    minors: Minors::ALL,
    run,
    skip: |input| skip(input, decode::nverify),
    quick: false,
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
