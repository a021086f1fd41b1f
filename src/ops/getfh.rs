//! GETFH — RFC 7530 §16.8. The current filehandle.
//!
//! Statuses: NOFILEHANDLE.

use super::{Minors, Op, Preview};
use crate::ops::context::{Context, Outcome};

pub(super) const OP: Op = Op {
    number: 10,
    name: "GETFH",
    minors: Minors::ALL,
    run,
    preview: |input| Some(Preview::of(input)),
    nonblocking: true,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, _: &mut &[u8]) -> Outcome {
    let fh = cx.current()?;
    cx.out.opaque(fh.as_bytes());
    Ok(())
}
