//! SETATTR — RFC 7530 §16.32. Changes attributes of the current object. The stateid matters only when the size changes.
//!
//! Statuses: ACCESS, ADMIN_REVOKED, ATTRNOTSUPP, BAD_STATEID, BADOWNER, EXPIRED, GRACE, INVAL, ISDIR, LOCKED,
//! NOFILEHANDLE, OLD_STATEID, OPENMODE, PERM, STALE_STATEID, and those of files. The bitmap of what was set follows
//! every status.

use super::attr;
use super::{Minors, Op, preview};
use crate::files::{Applied, SetattrRequest};
use crate::nfs4::Status;
use crate::ops::context::{Context, Fail, Outcome, read};
use crate::xdr::Bitmap;
use crate::xdr::decode::{self, SetattrArgs};

pub(super) const OP: Op = Op {
    number: 34,
    name: "SETATTR",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::setattr),
    nonblocking: false,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let (set, result) = match read(input, decode::setattr) {
        Ok(args) => setattr(cx, &args),
        Err(status) => (Bitmap::EMPTY, Err(status)),
    };
    cx.out.bitmap(&set);
    result.map_err(Fail::with_body)
}

fn setattr(cx: &mut Context<'_>, args: &SetattrArgs<'_>) -> (Bitmap, Result<(), Status>) {
    let prepared = cx
        .current()
        .and_then(|fh| Ok((fh, attr::read_settable(cx.request.minor, &args.obj_attributes)?.set)));
    let (fh, set) = match prepared {
        Ok(prepared) => prepared,
        Err(status) => return (Bitmap::EMPTY, Err(status)),
    };
    let change =
        set.size.map(|_| cx.current_regular().and_then(|fh| cx.begin_change(&fh, args.stateid))).transpose();
    let change = match change {
        Ok(change) => change,
        Err(status) => return (Bitmap::EMPTY, Err(status)),
    };
    let has_open = change.as_ref().is_some_and(|change| change.has_open);
    let mut applied = Applied::default();
    let request = SetattrRequest { cred: &cx.cred(&fh), set: &set, has_open, applied: &mut applied };
    let result = cx.files().call(&fh, request);
    (attr::applied_bitmap(&applied), result)
}
