//! REMOVEXATTR — RFC 8276 §8.4.4. Removes an extended attribute of the current object.
//!
//! Statuses: ACCESS, INVAL, NAMETOOLONG, NOFILEHANDLE, NOTSUPP (the file system has none), NOXATTR, PERM (the server's
//! own attribute, an object that can have none), and those of files.

use super::getxattr::is_generation;
use super::{Minors, Op, preview, write_change_info};
use crate::files::RemovexattrRequest;
use crate::nfs4::Status;
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 75,
    name: "REMOVEXATTR",
    minors: Minors::SINCE_2,
    run,
    preview: |input| preview(input, decode::removexattr),
    nonblocking: false,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::removexattr)?;
    let fh = cx.current()?;
    let name = args.name;
    if is_generation(name) {
        return Err(Status::Perm.into());
    }
    let change = cx.files().call(&fh, RemovexattrRequest { cred: &cx.cred(&fh), name })?;
    write_change_info(cx.out, &change);
    Ok(())
}
