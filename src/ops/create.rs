//! CREATE — RFC 7530 §16.4. Makes an object that is not a regular file; it becomes the current one.
//!
//! Statuses: ATTRNOTSUPP, BADCHAR, BADNAME, BADOWNER, BADTYPE, EXIST, INVAL, NAMETOOLONG, NOFILEHANDLE, NOTDIR, PERM,
//! and those of files.

use super::attr::{self, AttrSet};
use super::write_change_info;
use super::{Minors, Op, preview};
use crate::files::{CreateRequest, NewObject};
use crate::nfs4::{Status, check_component, check_link_text};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode::{self, CreateType};

pub(super) const OP: Op = Op {
    number: 6,
    name: "CREATE",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::create),
    nonblocking: false,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::create)?;
    let dir = cx.current_directory()?;
    let what = match args.objtype {
        CreateType::Link(text) => NewObject::Symlink(check_link_text(text)?),
        CreateType::Block(major, minor) => NewObject::Block(major, minor),
        CreateType::Character(major, minor) => NewObject::Character(major, minor),
        CreateType::Socket => NewObject::Socket,
        CreateType::Fifo => NewObject::Fifo,
        CreateType::Directory => NewObject::Directory,
        CreateType::Other(_) => return Err(Status::BadType.into()),
    };
    let name = check_component(args.objname)?;
    let AttrSet { set, .. } = attr::read_settable(cx.request.minor, &args.createattrs)?;
    if set.size.is_some() {
        return Err(Status::Inval.into());
    }
    let created =
        cx.files().call(&dir, CreateRequest { cred: &cx.cred(&dir), name, object: what, set: &set })?;
    write_change_info(cx.out, &created.change);
    cx.out.bitmap(&attr::applied_bitmap(&created.applied));
    cx.set_current(created.object);
    Ok(())
}
