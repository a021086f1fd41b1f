//! READLINK — RFC 7530 §16.25. The text of the current symbolic link.
//!
//! Statuses: INVAL (no symbolic link), ISDIR, NOFILEHANDLE, STALE.

use super::{Minors, Op, Preview};
use crate::files::ReadlinkRequest;
use crate::nfs4::{FileType, Status};
use crate::ops::context::{Context, Outcome};

pub(super) const OP: Op = Op {
    number: 27,
    name: "READLINK",
    minors: Minors::ALL,
    run,
    preview: |input| Some(Preview::of(input).with_bytes(TEXT_BYTES_MAX)),
    nonblocking: false,
    idempotent: true,
};

/// Most bytes of the text of a symbolic link.
const TEXT_BYTES_MAX: usize = 4096;

fn run(cx: &mut Context<'_>, _: &mut &[u8]) -> Outcome {
    let fh = match cx.current_typed()? {
        (fh, FileType::Symlink) => fh,
        _ => return Err(Status::Inval.into()),
    };
    let text = cx.files().call(&fh, ReadlinkRequest)?;
    cx.out.opaque(&text);
    Ok(())
}
