//! LOOKUPP — RFC 7530 §16.14. Makes the parent of the current directory the current one.
//!
//! Statuses: ACCESS, NOENT (at the root of the tree), NOFILEHANDLE, NOTDIR, STALE.

use super::{Minors, Op, Preview};
use crate::files::ParentRequest;
use crate::nfs4::{FileType, Status};
use crate::ops::context::{Context, Outcome};

pub(super) const OP: Op = Op {
    number: 16,
    name: "LOOKUPP",
    minors: Minors::ALL,
    run,
    preview: |input| Some(Preview::of(input)),
    nonblocking: false,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, _: &mut &[u8]) -> Outcome {
    let dir = match cx.current_typed()? {
        (fh, FileType::Directory) => fh,
        // RFC 8881 §18.14.3; NFSv4.0 has no such error here.
        (_, FileType::Symlink) if cx.has_sessions() => return Err(Status::Symlink.into()),
        _ => return Err(Status::NotDir.into()),
    };
    let parent = cx.files().call(&dir, ParentRequest { cred: &cx.cred(&dir) })?;
    cx.set_current(parent);
    Ok(())
}
