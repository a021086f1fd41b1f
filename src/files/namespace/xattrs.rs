//! Extended attributes.

use super::route::{Checked, Route, Target};
use super::tree::Namespace;
use crate::files::request::{
    GetxattrRequest, ListxattrsRequest, RemovexattrRequest, SetxattrRequest, XATTR_BYTES_MAX,
};
use crate::files::result::Result;
use crate::nfs4::{FileType, Filehandle, Status};

/// Tells whether objects of this kind have extended attributes of users: the mode bits of others are not about their
/// contents.
fn has_xattrs(target: &Target<'_>) -> bool {
    matches!(target.object.kind, FileType::Regular | FileType::Directory)
}

/// Checks that an attribute of this name may be changed. Errors: `Inval`, `NameTooLong`, `Perm`.
fn check_change(target: &Target<'_>, name: &[u8]) -> Result<()> {
    target.mount.check_xattr_name(name)?;
    if has_xattrs(target) { Ok(()) } else { Err(Status::Perm) }
}

impl Checked for GetxattrRequest<'_> {
    fn check(&mut self, target: &Target<'_>) -> Result<()> {
        target.mount.check_xattr_name(self.name)?;
        if has_xattrs(target) { Ok(()) } else { Err(Status::NoXattr) }
    }
}

impl Checked for SetxattrRequest<'_> {
    fn check(&mut self, target: &Target<'_>) -> Result<()> {
        check_change(target, self.name)?;
        if self.value.len() > XATTR_BYTES_MAX { Err(Status::Xattr2Big) } else { Ok(()) }
    }
}

impl Checked for RemovexattrRequest<'_> {
    fn check(&mut self, target: &Target<'_>) -> Result<()> {
        check_change(target, self.name)
    }
}

impl Route for ListxattrsRequest<'_> {
    fn route(self, namespace: &Namespace, fh: &Filehandle) -> Result<Vec<Vec<u8>>> {
        let target = namespace.target(fh)?;
        if !has_xattrs(&target) {
            return Ok(Vec::new());
        }
        let mut names = target.serve(self)?;
        names.retain(|name| target.mount.names.allows(name));
        Ok(names)
    }
}
