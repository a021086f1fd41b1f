//! RESTOREFH — RFC 7530 §16.29. Makes the saved filehandle the current one.
//!
//! Statuses: RESTOREFH (nothing was saved).

use super::{Minors, Op, Preview};
use crate::ops::context::{Context, Outcome};

pub(super) const OP: Op = Op {
    number: 31,
    name: "RESTOREFH",
    minors: Minors::ALL,
    run,
    preview: |input| Some(Preview::of(input)),
    nonblocking: true,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, _: &mut &[u8]) -> Outcome {
    cx.restore()?;
    Ok(())
}
