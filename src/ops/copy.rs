//! COPY — RFC 7862 §15.2. Copies a region of the saved file into the current one, on this server and before the reply.
//!
//! Asked for a copy in the background, the server does it at once all the same, which the RFC lets it; a long one is
//! answered short, so that no reply takes long.
//!
//! Statuses: ACCESS, ADMIN_REVOKED, BAD_STATEID, DQUOT, EXPIRED, FBIG, GRACE, INVAL (the source is not as long, or
//! regions overlap), LOCKED, NOFILEHANDLE, NOSPC, NOTSUPP (the source is on another server), OLD_STATEID, OPENMODE,
//! STALE_STATEID, WRONG_TYPE, and those of files.

use super::clone::Sides;
use super::{Minors, Op, preview};
use crate::files::{CopyRequest, Stability};
use crate::nfs4::Status;
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 60,
    name: "COPY",
    minors: Minors::SINCE_2,
    run,
    preview: |input| Some(preview(input, decode::copy)?.with_bytes(CHUNK_BYTES)),
    nonblocking: false,
    idempotent: false,
};

/// Bytes that a copy takes at a time when it goes through this process.
const CHUNK_BYTES: usize = 1 << 20;

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::copy)?;
    if args.source_servers > 0 {
        return Err(Status::NotSupp.into());
    }
    let sides = Sides::of(cx, &args.regions)?;
    let (from, target, to) = (sides.from(), sides.target(), sides.to());
    let request = CopyRequest { from, target, to, count: args.regions.count };
    let (count, stability) = cx.files().call(sides.source(), request)?;
    drop(sides);
    // `write_response4`: no callback will come.
    cx.out.u32(0);
    cx.out.u64(count);
    cx.out.u32(match stability {
        Stability::Unstable => 0,
        Stability::DataSync => 1,
        Stability::FileSync => 2,
    });
    cx.out.fixed(&cx.nfs.write_verifier);
    // `copy_requirements4`: in order, and done.
    cx.out.bool(true);
    cx.out.bool(true);
    Ok(())
}
