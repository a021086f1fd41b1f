//! GETATTR — RFC 7530 §16.7. Attributes of the current object; those that the server does not have are left out.
//!
//! Statuses: INVAL (an attribute that can only be set), NOFILEHANDLE, STALE, BADHANDLE.

use super::attr;
use super::{Minors, Op, preview};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 9,
    name: "GETATTR",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::getattr),
    nonblocking: false,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::getattr)?;
    let fh = cx.current()?;
    attr::check_readable(&args.attr_request)?;
    let source = attr::Source::load(cx, &fh, &args.attr_request)?;
    attr::write(cx.out, &source, &args.attr_request);
    Ok(())
}
