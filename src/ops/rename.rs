//! RENAME — RFC 7530 §16.27. From the saved directory to the current one.
//!
//! Statuses: ACCESS, BADCHAR, BADNAME, EXIST, GRACE, INVAL, NAMETOOLONG, NOENT, NOFILEHANDLE, NOTDIR, NOTEMPTY, XDEV, and those
//! of files.

use super::write_change_info;
use super::{Minors, Op, preview};
use crate::files::RenameRequest;
use crate::nfs4::{FileType, Status, check_component};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 29,
    name: "RENAME",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::rename),
    nonblocking: false,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::rename)?;
    let from_dir = cx.saved().ok_or(Status::NoFilehandle)?;
    let to_dir = cx.current_directory()?;
    if cx.files().file_type(&from_dir)? != FileType::Directory {
        return Err(Status::NotDir.into());
    }
    let (from, to) = (check_component(args.oldname)?, check_component(args.newname)?);
    cx.core().unlink_allowed(cx.now())?;
    let request = RenameRequest { cred: &cx.cred(&from_dir), name: from, to_dir: &to_dir, to_name: to };
    let (source, target) = cx.files().call(&from_dir, request)?;
    write_change_info(cx.out, &source);
    write_change_info(cx.out, &target);
    Ok(())
}
