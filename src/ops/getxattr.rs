//! GETXATTR — RFC 8276 §8.4.1. The value of an extended attribute of the current object.
//!
//! The attribute `lockhouse.generation` of a regular file is its lock generation as a decimal number, a fencing token.
//! It needs no right: as the attributes of a GETATTR it tells nothing of the contents.
//!
//! Clients cache values until the change attribute changes (RFC 8276), and a grant does not change it. Linux
//! forgets its cache when it gets a lock, but a process that reads at that moment may put the old value back. So the
//! number has more names: `lockhouse.generation.` and anything. Under a name not used before no client has it cached.
//!
//! Statuses: ACCESS, INVAL, NAMETOOLONG, NOFILEHANDLE, NOTSUPP (the file system has none), NOXATTR, XATTR2BIG, and those
//! of files.

use super::{Minors, Op, preview};
use crate::files::{GetattrRequest, GetxattrRequest, XATTR_BYTES_MAX};
use crate::nfs4::{FileType, Filehandle, Status};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 72,
    name: "GETXATTR",
    minors: Minors::SINCE_2,
    run,
    // The value, and its copy in the result.
    preview: |input| Some(preview(input, decode::getxattr)?.with_bytes(2 * XATTR_BYTES_MAX)),
    nonblocking: false,
    idempotent: true,
};

const GENERATION: &[u8] = b"lockhouse.generation";

/// Tells whether this names the attribute that the server makes; such names never reach the files.
pub(super) fn is_generation(name: &[u8]) -> bool {
    name.strip_prefix(GENERATION).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"."))
}

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::getxattr)?;
    let fh = cx.current()?;
    let name = args.name;
    let value = if is_generation(name) {
        generation(cx, &fh)?.into_bytes()
    } else {
        cx.files().call(&fh, GetxattrRequest { cred: &cx.cred(&fh), name })?
    };
    cx.out.opaque(&value);
    Ok(())
}

/// Returns the generation of the file as text. Errors: `NoXattr` when this is no regular file; `Stale` when it is gone.
fn generation(cx: &Context<'_>, fh: &Filehandle) -> Result<String, Status> {
    if cx.files().call(fh, GetattrRequest)?.kind != FileType::Regular {
        return Err(Status::NoXattr);
    }
    Ok(cx.core().generation(fh).to_string())
}
