//! OPENATTR — RFC 7530 §16.17. There are no named attributes.
//!
//! Statuses: NOFILEHANDLE, NOTSUPP.

use super::{Minors, Op, skip};
use crate::nfs4::Status;
use crate::ops::arguments::read;
use crate::ops::context::{Context, Outcome};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 19,
    name: "OPENATTR",
    minors: Minors::ALL,
    run,
    skip: |input| skip(input, decode::openattr),
    quick: true,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    read(input, decode::openattr)?;
    cx.current()?;
    Err(Status::NotSupp.into())
}
