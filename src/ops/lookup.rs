//! LOOKUP — RFC 7530 §16.13. Makes the object of that name in the current directory the current one.
//!
//! Statuses: ACCESS, BADCHAR, BADNAME, INVAL, NAMETOOLONG, NOENT, NOFILEHANDLE, NOTDIR, SYMLINK, STALE.

use super::{Minors, Op, preview};
use crate::files::LookupRequest;
use crate::nfs4::{FileType, Status, check_component};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 15,
    name: "LOOKUP",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::lookup),
    nonblocking: false,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::lookup)?;
    let dir = match cx.current_typed()? {
        (fh, FileType::Directory) => fh,
        (_, FileType::Symlink) => return Err(Status::Symlink.into()),
        _ => return Err(Status::NotDir.into()),
    };
    let name = check_component(args.objname)?;
    let found = cx.files().call(&dir, LookupRequest { cred: &cx.cred(&dir), name })?;
    cx.set_current(found);
    Ok(())
}
