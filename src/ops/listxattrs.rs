//! LISTXATTRS — RFC 8276 §8.4.3. The names of the extended attributes of the current object.
//!
//! A cookie is the count of names before it. When names come and go between two requests, one may be missed or told
//! twice, as the RFC allows.
//!
//! Statuses: ACCESS, BAD_COOKIE, NOFILEHANDLE, NOTSUPP (the file system has none), TOOSMALL (no name fits), and those of
//! files.

use super::getxattr::is_generation;
use super::{Minors, Op, preview};
use crate::files::{ListxattrsRequest, XATTR_LIST_BYTES_MAX};
use crate::nfs4::{FileType, Status};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 74,
    name: "LISTXATTRS",
    minors: Minors::SINCE_2,
    run,
    preview: |input| Some(preview(input, decode::listxattrs)?.with_bytes(NAME_FACTOR * XATTR_LIST_BYTES_MAX)),
    nonblocking: false,
    idempotent: true,
};

/// Bytes of a result beside its names: cookie, count of names, end.
const FRAME_BYTES: usize = 16;

/// Memory for the names as texts, in multiples of their bytes: each of at least 8 bytes on the wire takes 24 bytes and an
/// allocation of at least 32.
const NAME_FACTOR: usize = 8;

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::listxattrs)?;
    let names = names(cx)?;
    let start = usize::try_from(args.cookie).map_err(|_| Status::BadCookie)?;
    let rest = names.get(start..).ok_or(Status::BadCookie)?;
    let room = (args.maxcount as usize).checked_sub(FRAME_BYTES).ok_or(Status::TooSmall)?;
    let count = fitting(rest, room);
    if count == 0 && !rest.is_empty() {
        return Err(Status::TooSmall.into());
    }
    cx.out.u64((start + count) as u64);
    cx.out.u32(count as u32);
    rest.iter().take(count).for_each(|name| cx.out.opaque(name));
    cx.out.bool(count == rest.len());
    Ok(())
}

/// Returns all names but that of the server's own attribute: clients ask for it by name, and no copy of a file should have it.
fn names(cx: &Context<'_>) -> Result<Vec<Vec<u8>>, Status> {
    let (fh, kind) = cx.current_typed()?;
    let mut names = match cx.files().call(&fh, ListxattrsRequest { cred: &cx.cred(&fh) }) {
        // The file system has none.
        Err(Status::NotSupp) if kind == FileType::Regular => Vec::new(),
        names => names?,
    };
    names.retain(|name| !is_generation(name));
    Ok(names)
}

/// Returns how many of the names fit into `room` bytes of XDR.
fn fitting(names: &[Vec<u8>], room: usize) -> usize {
    let ends = names.iter().scan(0, |used, name| {
        *used += 4 + name.len().next_multiple_of(4);
        Some(*used)
    });
    ends.take_while(|end| *end <= room).count()
}
