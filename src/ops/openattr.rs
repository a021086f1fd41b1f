//! OPENATTR — RFC 7530 §16.17. There are no named attributes.
//!
//! Statuses: NOFILEHANDLE, NOTSUPP.

use super::{Minors, Op, preview};
use crate::nfs4::Status;
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 19,
    name: "OPENATTR",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::openattr),
    nonblocking: true,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    read(input, decode::openattr)?;
    cx.current()?;
    Err(Status::NotSupp.into())
}
