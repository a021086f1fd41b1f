//! Exports that are real directories.

use super::namespace::HandleKind;
use super::volume::Volume;
use std::path::Path;

/// Why a directory cannot be exported.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Not built in.
    #[error("directories cannot be exported yet")]
    NotYet,
}

/// A directory that is exported.
pub(crate) struct Posix;

impl Posix {
    pub(crate) fn open(_: &Path, _: HandleKind, _: &Path) -> Result<Box<dyn Volume>, SetupError> {
        Err(SetupError::NotYet)
    }
}
