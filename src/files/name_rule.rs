//! Which names an export accepts.

use super::result::Result;
use crate::nfs4::{Status, check_utf8};
use std::fmt;
use std::str::FromStr;

/// Says which names of entries and extended attributes an export accepts, beside the names that are never valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameRule {
    /// Any bytes, as on Linux.
    #[default]
    Bytes,
    /// UTF-8 (RFC 7530 §12.3). Entries with other names are listed, but cannot be used.
    Utf8,
}

impl NameRule {
    /// Tells whether the rule accepts a name.
    pub(crate) fn allows(self, name: &[u8]) -> bool {
        self == Self::Bytes || check_utf8(name).is_ok()
    }

    /// Checks a name. Errors: `Inval`.
    pub(crate) fn check(self, name: &[u8]) -> Result<()> {
        if self.allows(name) { Ok(()) } else { Err(Status::Inval) }
    }
}

impl fmt::Display for NameRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes => "bytes",
            Self::Utf8 => "utf8",
        })
    }
}

impl FromStr for NameRule {
    type Err = String;

    /// Parses what [`fmt::Display`] writes; the error says what is wrong with it.
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text {
            "bytes" => Ok(Self::Bytes),
            "utf8" => Ok(Self::Utf8),
            _ => Err(format!("{text:?} is neither \"bytes\" (any bytes) nor \"utf8\"")),
        }
    }
}
