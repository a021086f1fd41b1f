//! PUTFH — RFC 7530 §16.20. Sets the current filehandle. Whether the object still exists shows when it is used, so that
//! locking touches no file system.
//!
//! Statuses: BADHANDLE, STALE (its export is gone).

use super::{Minors, Op, preview};
use crate::files::GetattrRequest;
use crate::nfs4::{Filehandle, Status};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 22,
    name: "PUTFH",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::putfh),
    nonblocking: true,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::putfh)?;
    let fh = Filehandle::new(args.object).ok_or(Status::BadHandle)?;
    let kind = cx.file_type(&fh)?;
    let fh = cx.nfs.files.canonical(&fh).unwrap_or(fh);
    if cx.is_last {
        // No later operation would notice that it is gone.
        cx.files().call(&fh, GetattrRequest)?;
    }
    cx.set_current_typed(fh, kind);
    Ok(())
}
