//! ACCESS — RFC 7530 §16.1, RFC 8276 §8.5. What the caller may do with the current object.
//!
//! Statuses: NOFILEHANDLE, INVAL (bits that no kind of object has), STALE, BADHANDLE.

use super::{Minors, Op, preview};
use crate::files::{Permission, PermissionRequest};
use crate::nfs4::{FileType, Status};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 3,
    name: "ACCESS",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::access),
    nonblocking: false,
    idempotent: true,
};

const READ: u32 = 0x01;
const LOOKUP: u32 = 0x02;
const MODIFY: u32 = 0x04;
const EXTEND: u32 = 0x08;
const DELETE: u32 = 0x10;
const EXECUTE: u32 = 0x20;
const ALL: u32 = 0x3f;
const XAREAD: u32 = 0x40;
const XAWRITE: u32 = 0x80;
const XALIST: u32 = 0x100;
/// The bits on extended attributes; NFSv4.2 alone has them.
const OF_XATTRS: u32 = XAREAD | XAWRITE | XALIST;

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::access)?;
    let (fh, kind) = cx.current_typed()?;
    let all = if cx.request.minor >= 2 { ALL | OF_XATTRS } else { ALL };
    if args.access & !all != 0 {
        return Err(Status::Inval.into());
    }
    let permission = cx.files().call(&fh, PermissionRequest { cred: &cx.cred(&fh) })?;
    let (supported, allowed) = bits(kind, permission);
    cx.out.u32(args.access & supported);
    cx.out.u32(args.access & allowed);
    Ok(())
}

/// Returns the bits that mean something for this type of object, and those that are allowed.
fn bits(kind: FileType, permission: Permission) -> (u32, u32) {
    let (supported, allowed) = bits_of_contents(kind, permission);
    if !matches!(kind, FileType::Regular | FileType::Directory) {
        return (supported, allowed);
    }
    let read = if permission.read { XAREAD | XALIST } else { 0 };
    let write = if permission.write { XAWRITE } else { 0 };
    (supported | OF_XATTRS, allowed | read | write)
}

fn bits_of_contents(kind: FileType, permission: Permission) -> (u32, u32) {
    let when = |yes: bool, bits: u32| if yes { bits } else { 0 };
    let Permission { read, write, execute } = permission;
    match kind {
        FileType::Directory => (
            READ | LOOKUP | MODIFY | EXTEND | DELETE,
            when(read, READ) | when(execute, LOOKUP) | when(write && execute, MODIFY | EXTEND | DELETE),
        ),
        FileType::Regular => (
            READ | MODIFY | EXTEND | EXECUTE,
            when(read, READ) | when(write, MODIFY | EXTEND) | when(execute, EXECUTE),
        ),
        _ => (READ | MODIFY | EXTEND, when(read, READ) | when(write, MODIFY | EXTEND)),
    }
}
