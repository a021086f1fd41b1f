//! PUTPUBFH — RFC 7530 §16.21. The public filehandle is that of the root.
//!
//! Statuses: none but OK.

use super::{Minors, Op, Preview};
use crate::ops::context::{Context, Outcome};

pub(super) const OP: Op = Op {
    number: 23,
    name: "PUTPUBFH",
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
