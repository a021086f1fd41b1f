//! SEEK — RFC 7862 §15.11. Finds the next data or hole of the current file.
//!
//! Statuses: ACCESS, ADMIN_REVOKED, BAD_STATEID, EXPIRED, GRACE, LOCKED, NOFILEHANDLE, NXIO (the offset is not inside
//! the file), OLD_STATEID, STALE_STATEID, UNION_NOTSUPP (other content than data and holes), WRONG_TYPE, and those of
//! files.

use super::allocate::check_regular;
use super::{Minors, Op, preview};
use crate::files::SeekRequest;
use crate::nfs4::Status;
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 69,
    name: "SEEK",
    minors: Minors::SINCE_2,
    run,
    preview: |input| preview(input, decode::seek),
    nonblocking: false,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::seek)?;
    let fh = cx.current()?;
    check_regular(cx, &fh)?;
    let content = args.what.ok_or(Status::UnionNotSupp)?;
    let has_open = cx.read_right(&fh, args.stateid)?;
    let request = SeekRequest { cred: &cx.cred(&fh), offset: args.offset, content, has_open };
    let found = cx.files().call(&fh, request)?;
    cx.out.bool(found.eof);
    cx.out.u64(found.offset);
    Ok(())
}
