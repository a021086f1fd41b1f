//! One export at its place in the tree.

use crate::files::handle::{ExportId, Object};
use crate::files::name_rule::NameRule;
use crate::files::result::Result;
use crate::files::volume::Volume;
use crate::files::xattr;
use crate::nfs4::{FileType, check_component};

/// Serves one export.
pub struct Mount {
    pub(super) id: ExportId,
    /// Whose files are the same as this one's: exports on one file system have one handle for what is not a directory.
    pub(super) files_id: ExportId,
    pub(super) name: String,
    pub(super) volume: Box<dyn Volume>,
    pub(super) root: Object,
    pub(super) root_squash: bool,
    pub(super) names: NameRule,
}

impl Mount {
    /// Checks the name of an entry. The caller has done so too, but what a name leads to must not depend on that.
    /// Errors: those of [`check_component`], `Inval` for a name that is not UTF-8 where it must be.
    pub(super) fn check_name(&self, name: &[u8]) -> Result<()> {
        check_component(name)?;
        self.names.check(name)
    }

    /// Checks the name of an extended attribute. Errors: `Inval`, `NameTooLong`.
    pub(super) fn check_xattr_name(&self, name: &[u8]) -> Result<()> {
        xattr::check_name(name)?;
        self.names.check(name)
    }

    /// Returns under which export the handle of `object` is made.
    pub(super) fn id_for(&self, object: &Object) -> ExportId {
        if object.kind == FileType::Directory { self.id } else { self.files_id }
    }
}
