//! SECINFO — RFC 7530 §16.31. The security flavors for a name in the current directory, best first.
//!
//! Statuses: ACCESS, BADCHAR, BADNAME, INVAL, NAMETOOLONG, NOENT, NOFILEHANDLE, NOTDIR.

use super::{Minors, Op, preview};
use crate::files::LookupRequest;
use crate::nfs4::check_component;
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 33,
    name: "SECINFO",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::secinfo),
    nonblocking: false,
    idempotent: true,
};

/// AUTH_SYS, then AUTH_NONE (RFC 5531 §8.2).
const FLAVORS: [u32; 2] = [1, 0];

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::secinfo)?;
    let dir = cx.current_directory()?;
    let name = check_component(args.name)?;
    cx.files().call(&dir, LookupRequest { cred: &cx.cred(&dir), name })?;
    write_flavors(cx);
    Ok(())
}

/// Writes the flavors, which are the same for all objects.
pub(super) fn write_flavors(cx: &mut Context<'_>) {
    cx.out.u32(FLAVORS.len() as u32);
    for flavor in FLAVORS {
        cx.out.u32(flavor);
    }
    if cx.has_sessions() {
        cx.consume_current();
    }
}
