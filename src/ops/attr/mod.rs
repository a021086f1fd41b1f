//! File attributes on the wire (RFC 7530 §5).

mod numbers;
mod set;
mod source;
mod write;

pub use numbers::{EXCLUSIVE_ATTRSET, EXCLUSIVE_SETTABLE, RDATTR_ERROR, supported};
pub use set::{AttrSet, applied_bitmap, read_settable};
pub use source::Source;
pub use write::{write, write_error};

use crate::nfs4::{Filehandle, Status};
use crate::ops::context::Context;
use crate::xdr::Bitmap;
use crate::xdr::decode::Fattr;
use crate::xdr::encode::Encoder;

/// Checks the mask of a GETATTR or READDIR. Errors: `Inval` when it asks for an attribute that can only be set.
pub fn check_readable(request: &Bitmap) -> Result<(), Status> {
    let set_only = [numbers::TIME_ACCESS_SET, numbers::TIME_MODIFY_SET];
    if set_only.iter().any(|number| request.contains(*number)) { Err(Status::Inval) } else { Ok(()) }
}

/// Returns whether the object has exactly the attributes given (VERIFY, NVERIFY; §16.35.4).
/// Errors: `AttrNotSupp` for one that the server does not have, `Inval` for rdattr_error and what can only be set.
pub fn matches(cx: &Context<'_>, fh: &Filehandle, given: &Fattr<'_>) -> Result<bool, Status> {
    if given.mask.has_beyond() || !given.mask.is_subset(&supported(cx.request.minor)) {
        return Err(Status::AttrNotSupp);
    }
    if given.mask.contains(RDATTR_ERROR) {
        return Err(Status::Inval);
    }
    check_readable(&given.mask)?;
    let source = Source::load(cx, fh, &given.mask)?;
    let mut own = Encoder::default();
    write::write_values(&mut own, &source, &given.mask);
    Ok(own.as_bytes() == given.values)
}
