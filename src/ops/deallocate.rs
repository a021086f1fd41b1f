//! DEALLOCATE — RFC 7862 §15.4. Makes a hole in the current file.
//!
//! Statuses: ACCESS, ADMIN_REVOKED, BAD_STATEID, DQUOT, EXPIRED, FBIG, GRACE, INVAL (an empty region, or one beyond 64
//! bits), LOCKED, NOFILEHANDLE, NOSPC, NOTSUPP (the file system cannot), OLD_STATEID, OPENMODE, STALE_STATEID,
//! WRONG_TYPE, and those of files.

use super::allocate::check_regular;
use super::{Minors, Op, preview};
use crate::files::DeallocateRequest;
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 62,
    name: "DEALLOCATE",
    minors: Minors::SINCE_2,
    run,
    preview: |input| preview(input, decode::deallocate),
    nonblocking: false,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::deallocate)?;
    let fh = cx.current()?;
    check_regular(cx, &fh)?;
    let change = cx.begin_change(&fh, args.stateid)?;
    let (cred, has_open) = (&cx.cred(&fh), change.has_open);
    let request = DeallocateRequest { cred, offset: args.offset, length: args.length, has_open };
    cx.files().call(&fh, request)?;
    Ok(())
}
