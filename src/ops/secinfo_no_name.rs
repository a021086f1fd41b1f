//! SECINFO_NO_NAME — RFC 8881 §18.45. The security flavors of the current object or of its parent, best first.
//!
//! Statuses: NOENT, NOFILEHANDLE, NOTDIR.

use super::secinfo::write_flavors;
use super::{Minors, Op, preview};
use crate::files::ParentRequest;
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;
use crate::xdr::decode::SecinfoStyle;

pub(super) const OP: Op = Op {
    number: 52,
    name: "SECINFO_NO_NAME",
    minors: Minors::SINCE_1,
    run,
    preview: |input| preview(input, decode::secinfo_no_name),
    nonblocking: false,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let style = read(input, decode::secinfo_no_name)?;
    match style {
        SecinfoStyle::CurrentFh => {
            cx.current_typed()?;
        }
        SecinfoStyle::Parent => {
            let dir = cx.current_directory()?;
            cx.files().call(&dir, ParentRequest { cred: &cx.cred(&dir) })?;
        }
    }
    write_flavors(cx);
    Ok(())
}
