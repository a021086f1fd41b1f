//! ALLOCATE — RFC 7862 §15.1. Reserves room for a region of the current file.
//!
//! Statuses: ACCESS, ADMIN_REVOKED, BAD_STATEID, DQUOT, EXPIRED, FBIG, GRACE, INVAL (an empty region, or one beyond 64
//! bits), LOCKED, NOFILEHANDLE, NOSPC, NOTSUPP (the file system cannot), OLD_STATEID, OPENMODE, STALE_STATEID,
//! WRONG_TYPE, and those of files.

use super::{Minors, Op, preview};
use crate::files::AllocateRequest;
use crate::nfs4::{FileType, Filehandle, Status};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 59,
    name: "ALLOCATE",
    minors: Minors::SINCE_2,
    run,
    preview: |input| preview(input, decode::allocate),
    nonblocking: false,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::allocate)?;
    let fh = cx.current()?;
    check_regular(cx, &fh)?;
    let change = cx.begin_change(&fh, args.stateid)?;
    let (cred, has_open) = (&cx.cred(&fh), change.has_open);
    let request = AllocateRequest { cred, offset: args.offset, length: args.length, has_open };
    cx.files().call(&fh, request)?;
    Ok(())
}

/// Requires a regular file: only these have regions; NFSv4.2 has one status for all other kinds. Errors: `WrongType`,
/// `BadHandle`, `Stale`.
pub(super) fn check_regular(cx: &Context<'_>, fh: &Filehandle) -> Result<(), Status> {
    match cx.files().file_type(fh)? {
        FileType::Regular => Ok(()),
        _ => Err(Status::WrongType),
    }
}
