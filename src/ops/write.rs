//! WRITE — RFC 7530 §16.36. Writes to the current file.
//!
//! Statuses: ACCESS, ADMIN_REVOKED, BAD_STATEID, DQUOT, EXPIRED, FBIG, GRACE, INVAL, ISDIR, LOCKED, NOFILEHANDLE,
//! NOSPC, OLD_STATEID, OPENMODE, STALE_STATEID, and those of files.

use super::{Minors, Op, preview};
use crate::files::{Stability, WriteRequest};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode::{self, StableHow};

pub(super) const OP: Op = Op {
    number: 38,
    name: "WRITE",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::write),
    nonblocking: false,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::write)?;
    let fh = cx.current_regular()?;
    let change = cx.begin_change(&fh, args.stateid)?;
    let wanted = match args.stable {
        StableHow::Unstable => Stability::Unstable,
        StableHow::DataSync => Stability::DataSync,
        StableHow::FileSync => Stability::FileSync,
    };
    let request = WriteRequest {
        cred: &cx.cred(&fh),
        offset: args.offset,
        data: args.data,
        stability: wanted,
        has_open: change.has_open,
    };
    let (count, stability) = cx.files().call(&fh, request)?;
    drop(change);
    cx.out.u32(count);
    cx.out.u32(match stability {
        Stability::Unstable => 0,
        Stability::DataSync => 1,
        Stability::FileSync => 2,
    });
    cx.out.fixed(&cx.nfs.write_verifier);
    Ok(())
}
