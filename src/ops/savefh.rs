//! SAVEFH — RFC 7530 §16.30. Saves the current filehandle.
//!
//! Statuses: NOFILEHANDLE.

use super::{Minors, Op, Preview};
use crate::ops::context::{Context, Outcome};

pub(super) const OP: Op = Op {
    number: 32,
    name: "SAVEFH",
    minors: Minors::ALL,
    run,
    preview: |input| Some(Preview::of(input)),
    nonblocking: true,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, _: &mut &[u8]) -> Outcome {
    cx.save()?;
    Ok(())
}
