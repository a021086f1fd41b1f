//! Attributes and permissions.

use super::mount::Mount;
use super::route::{Checked, Route, Target};
use super::tree::Namespace;
use crate::files::access;
use crate::files::attr::Attr;
use crate::files::handle::ExportId;
use crate::files::request::{GetattrRequest, PermissionRequest, SetattrRequest, StatfsRequest};
use crate::files::result::Result;
use crate::nfs4::Filehandle;

impl Route for GetattrRequest {
    fn route(self, namespace: &Namespace, fh: &Filehandle) -> Result<Attr> {
        let target = namespace.target(fh)?;
        let mut attr = target.serve(self)?;
        attr.fsid.0 = target.mount.files_id.0;
        if target.object == target.mount.root {
            let is_root = namespace.is_root(target.mount, &target.object);
            attr.mounted_on_fileid = if is_root { attr.fileid } else { covered_fileid(target.mount) };
        }
        Ok(attr)
    }
}

/// Returns the fileid of the entry in the root where an export is grafted. No file system gives out numbers with the
/// highest bit.
fn covered_fileid(mount: &Mount) -> u64 {
    let ExportId(id) = mount.id;
    id | 1 << 63
}

impl Checked for StatfsRequest {
    fn check(&mut self, _: &Target<'_>) -> Result<()> {
        Ok(())
    }
}

impl Checked for PermissionRequest<'_> {
    fn check(&mut self, _: &Target<'_>) -> Result<()> {
        Ok(())
    }
}

impl Checked for SetattrRequest<'_> {
    fn check(&mut self, target: &Target<'_>) -> Result<()> {
        self.set.size.map_or(Ok(()), |size| access::check_size(target.object.kind, size))
    }
}
