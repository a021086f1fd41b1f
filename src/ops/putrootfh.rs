//! PUTROOTFH — RFC 7530 §16.22. Makes the root of the tree the current object.
//!
//! Statuses: none but OK.

use super::{Minors, Op, Preview};
use crate::ops::context::{Context, Outcome};

pub(super) const OP: Op = Op {
    number: 24,
    name: "PUTROOTFH",
    minors: Minors::ALL,
    run,
    preview: |input| Some(Preview::of(input)),
    nonblocking: true,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, _: &mut &[u8]) -> Outcome {
    cx.set_current(cx.files().root());
    Ok(())
}
