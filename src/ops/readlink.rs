//! READLINK — RFC 7530 §16.25. The text of the current symbolic link.
//!
//! Statuses: INVAL (no symbolic link), ISDIR, NOFILEHANDLE, STALE.

use super::{Minors, Op};
use crate::nfs4::{FileType, Status};
use crate::ops::context::{Context, Outcome};

pub(super) const NUMBER: u32 = 27;

pub(super) const OP: Op = Op {
    number: NUMBER,
    name: "READLINK",
    minors: Minors::ALL,
    run,
    skip: |input| Some(input),
    quick: false,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, _: &mut &[u8]) -> Outcome {
    let fh = match cx.current_typed()? {
        (fh, FileType::Symlink) => fh,
        _ => return Err(Status::Inval.into()),
    };
    let text = cx.files().readlink(&cx.cred(&fh), &fh)?;
    cx.out.opaque(&text);
    Ok(())
}
