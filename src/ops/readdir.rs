//! READDIR — RFC 7530 §16.24. Entries of the current directory, with attributes.
//!
//! Statuses: ACCESS, BAD_COOKIE, INVAL (an attribute that can only be set), NOFILEHANDLE, NOTDIR, NOT_SAME, TOOSMALL,
//! STALE.

use super::{Minors, Op, Preview, attr};
use crate::files::{DirEntry, LookupRequest, ReaddirRequest};
use crate::nfs4::{Cred, Filehandle, Status, Verifier};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::Bitmap;
use crate::xdr::decode::{self, ReaddirArgs};
use crate::xdr::limits::READDIR_BYTES_MAX;

pub(super) const OP: Op = Op {
    number: 26,
    name: "READDIR",
    minors: Minors::ALL,
    run,
    preview,
    nonblocking: false,
    idempotent: true,
};

/// Cookies stay good for ever, so there is one verifier for all.
const COOKIE_VERIFIER: Verifier = [0; 8];

/// Bytes of an entry's cookie, as `dircount` counts them.
const COOKIE_BYTES: usize = 8;

/// Bytes behind the last entry: no next entry, and whether it was the end.
const TAIL_BYTES: usize = 8;

/// Bytes of an entry that is written before it is found not to fit: a name of 255 bytes, all attributes.
const ENTRY_BYTES: usize = 2048;

fn preview(input: &[u8]) -> Option<Preview<'_>> {
    let (rest, args) = decode::readdir(input).ok()?;
    Some(Preview::of(rest).with_bytes(args.maxcount.min(READDIR_BYTES_MAX) as usize + ENTRY_BYTES))
}

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::readdir)?;
    let dir = cx.current_directory()?;
    attr::check_readable(&args.attr_request)?;
    if args.cookie != 0 && args.cookieverf != COOKIE_VERIFIER {
        return Err(Status::NotSame.into());
    }
    if matches!(args.cookie, 1 | 2) {
        return Err(Status::BadCookie.into());
    }
    let start = cx.out.pos();
    cx.out.fixed(&COOKIE_VERIFIER);
    let end = write_entries(cx, &args, &dir, start)?;
    cx.out.bool(false);
    cx.out.bool(end);
    Ok(())
}

/// Writes as many entries as fit; answers whether the last of the directory is among them.
fn write_entries(
    cx: &mut Context<'_>,
    args: &ReaddirArgs,
    dir: &Filehandle,
    start: usize,
) -> Result<bool, Status> {
    let cred = cx.cred(dir);
    let files = cx.files();
    let (wanted, room) = (args.maxcount.min(READDIR_BYTES_MAX), cx.room(0));
    let limit = start + wanted.min(room) as usize;
    let small = if room < wanted { cx.no_room() } else { Status::TooSmall };
    let mut names_bytes = 0;
    let mut count = 0;
    let mut failed = None;
    let mut take = |entry: DirEntry<'_>| {
        let before = cx.out.pos();
        names_bytes += entry.name.len() + COOKIE_BYTES;
        match write_entry(cx, &args.attr_request, &cred, dir, &entry) {
            Ok(()) => {}
            // It went away since the directory was read.
            Err(Status::NoEnt | Status::Stale) => {
                cx.out.truncate(before);
                return true;
            }
            Err(status) => {
                failed = Some(status);
                return false;
            }
        }
        let too_many_names = count > 0 && args.dircount > 0 && names_bytes > args.dircount as usize;
        if too_many_names || cx.out.pos() + TAIL_BYTES > limit {
            cx.out.truncate(before);
            return false;
        }
        count += 1;
        true
    };
    let end = files.call(dir, ReaddirRequest { cred: &cred, cookie: args.cookie, take: &mut take })?;
    match failed {
        Some(status) => Err(status),
        None if cx.out.pos() + TAIL_BYTES > limit || (count == 0 && !end) => Err(small),
        None => Ok(end),
    }
}

fn write_entry(
    cx: &mut Context<'_>,
    request: &Bitmap,
    cred: &Cred,
    dir: &Filehandle,
    entry: &DirEntry<'_>,
) -> Result<(), Status> {
    cx.out.bool(true);
    cx.out.u64(entry.cookie);
    cx.out.opaque(entry.name);
    if request.is_empty() {
        cx.out.bitmap(&Bitmap::EMPTY);
        cx.out.opaque(&[]);
        return Ok(());
    }
    // A name that the export does not allow cannot be looked up, but it can be shown.
    let found = cx.files().call(dir, LookupRequest { cred, name: entry.name });
    let source = found.and_then(|fh| attr::Source::load(cx, &fh, request));
    match source {
        Ok(source) => attr::write(cx.out, &source, request),
        Err(status @ (Status::NoEnt | Status::Stale)) => return Err(status),
        Err(status) if request.contains(attr::RDATTR_ERROR) => attr::write_error(cx.out, status),
        Err(Status::Inval) => return Err(Status::NoEnt),
        Err(status) => return Err(status),
    }
    Ok(())
}
