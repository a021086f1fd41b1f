//! LOOKUPP — RFC 7530 §16.14. Makes the parent of the current directory the current one.
//!
//! Statuses: ACCESS, NOENT (at the root of the tree), NOFILEHANDLE, NOTDIR, STALE.

use super::{Minors, Op};
use crate::ops::context::{Context, Outcome};

pub(super) const OP: Op = Op {
    number: 16,
    name: "LOOKUPP",
    minors: Minors::ALL,
    run,
    skip: |input| Some(input),
    quick: false,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, _: &mut &[u8]) -> Outcome {
    let dir = cx.current_directory()?;
    let parent = cx.files().parent(&cx.cred(&dir), &dir)?;
    cx.set_current(parent);
    Ok(())
}
