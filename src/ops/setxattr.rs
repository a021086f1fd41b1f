//! SETXATTR — RFC 8276 §8.4.2. Sets an extended attribute of the current object.
//!
//! Statuses: ACCESS, DQUOT, EXIST, INVAL, NAMETOOLONG, NOFILEHANDLE, NOSPC, NOTSUPP (the file system has none), NOXATTR,
//! PERM (the server's own attribute, an object that can have none), XATTR2BIG, and those of files.

use super::getxattr::is_generation;
use super::{Minors, Op, preview, write_change_info};
use crate::files::SetxattrRequest;
use crate::nfs4::Status;
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 73,
    name: "SETXATTR",
    minors: Minors::SINCE_2,
    run,
    preview: |input| preview(input, decode::setxattr),
    nonblocking: false,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::setxattr)?;
    let fh = cx.current()?;
    let name = args.name;
    if is_generation(name) {
        return Err(Status::Perm.into());
    }
    let request = SetxattrRequest { cred: &cx.cred(&fh), name, value: args.value, mode: args.option };
    let change = cx.files().call(&fh, request)?;
    write_change_info(cx.out, &change);
    Ok(())
}
