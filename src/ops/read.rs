//! READ — RFC 7530 §16.23. Reads from the current file.
//!
//! Statuses: ACCESS, ADMIN_REVOKED, BAD_STATEID, EXPIRED, GRACE, INVAL, ISDIR, LOCKED, NOFILEHANDLE, OLD_STATEID,
//! STALE_STATEID, and those of files.

use super::{Minors, Op, Preview};
use crate::files::ReadRequest;
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;
use crate::xdr::limits::READ_BYTES_MAX;

pub(super) const OP: Op =
    Op { number: 25, name: "READ", minors: Minors::ALL, run, preview, nonblocking: false, idempotent: true };

/// Bytes of a result beside the data: end of file, length, padding.
const FRAME_BYTES: usize = 12;

fn preview(input: &[u8]) -> Option<Preview<'_>> {
    let (rest, args) = decode::read(input).ok()?;
    Some(Preview::of(rest).with_bytes(args.count.min(READ_BYTES_MAX) as usize))
}

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::read)?;
    let fh = cx.current_regular()?;
    let has_open = cx.read_right(&fh, args.stateid)?;
    let count = args.count.min(READ_BYTES_MAX).min(cx.room(FRAME_BYTES));
    if count == 0 && args.count > 0 {
        return Err(cx.no_room().into());
    }
    let (files, cred) = (cx.files(), cx.cred(&fh));
    let eof_at = cx.out.pos();
    cx.out.bool(false);
    let offset = args.offset;
    let eof = cx.out.opaque_vec(count as usize, |data| {
        files.call(&fh, ReadRequest { cred: &cred, offset, count, has_open, data })
    })?;
    cx.out.patch_u32(eof_at, eof.into());
    Ok(())
}
