//! REMOVE — RFC 7530 §16.26. Removes a name from the current directory, whoever has the object open or locked.
//!
//! Statuses: ACCESS, BADCHAR, BADNAME, GRACE, INVAL, NAMETOOLONG, NOENT, NOFILEHANDLE, NOTDIR, NOTEMPTY, and those of files.

use super::write_change_info;
use super::{Minors, Op, preview};
use crate::files::RemoveRequest;
use crate::nfs4::check_component;
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 28,
    name: "REMOVE",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::remove),
    nonblocking: false,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::remove)?;
    let dir = cx.current_directory()?;
    let name = check_component(args.target)?;
    cx.core().unlink_allowed(cx.now())?;
    let change = cx.files().call(&dir, RemoveRequest { cred: &cx.cred(&dir), name })?;
    write_change_info(cx.out, &change);
    Ok(())
}
