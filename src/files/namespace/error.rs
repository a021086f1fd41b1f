//! Why a namespace cannot be opened.

use super::tree::GRAFTS_MAX;
use crate::files::posix;

/// Says why a namespace cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The name of an export is not a single component.
    #[error("export name {0:?} is not a single path component")]
    Name(String),
    /// Two exports have the same name, or (never seen) two names have the same number.
    #[error("exports {0:?} and {1:?} have the same name or number; rename one")]
    Twice(String, String),
    /// There are more exports than a root can hold.
    #[error("more than {GRAFTS_MAX} exports")]
    TooMany,
    /// The system gave no random bytes.
    #[error("no random bytes: {0}")]
    Random(std::io::Error),
    /// Two exports are on one file system, and only one of them is mounted read-only.
    #[error(
        "exports /{0} and /{1} are on one file system, but only one of them is mounted read-only; mount both alike, or export one of them"
    )]
    ReadOnly(String, String),
    /// Two exports are on one file system and treat root differently.
    #[error("exports /{0} and /{1} are on one file system and must squash root alike")]
    Squash(String, String),
    /// A directory cannot be exported.
    #[error("export {name:?}: {error}")]
    Directory {
        /// The name of the export.
        name: String,
        /// What is wrong.
        error: posix::SetupError,
    },
}
