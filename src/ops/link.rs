//! LINK — RFC 7530 §16.9. A second name, in the current directory, for the saved object.
//!
//! Statuses: BADCHAR, BADNAME, EXIST, INVAL, ISDIR, MLINK, NAMETOOLONG, NOFILEHANDLE, NOTDIR, XDEV, and those of files.

use super::write_change_info;
use super::{Minors, Op, preview};
use crate::files::LinkRequest;
use crate::nfs4::{FileType, Status, check_component};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 11,
    name: "LINK",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::link),
    nonblocking: false,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::link)?;
    let source = cx.saved().ok_or(Status::NoFilehandle)?;
    cx.current()?;
    if cx.files().file_type(&source)? == FileType::Directory {
        return Err(Status::IsDir.into());
    }
    let dir = cx.current_directory()?;
    let name = check_component(args.newname)?;
    let change = cx.files().call(&dir, LinkRequest { cred: &cx.cred(&dir), file: &source, name })?;
    write_change_info(cx.out, &change);
    Ok(())
}
