//! What an export is.

use crate::files::NameRule;
use std::path::PathBuf;

/// Describes a tree that clients see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its name in the root; empty for the export that is the root itself.
    pub name: String,
    /// Where its files are.
    pub source: Source,
    /// Which names files may have.
    pub names: NameRule,
}

/// Says where the files of an export are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In a directory.
    Directory(PathBuf),
    /// In memory; lost when the server ends.
    Memory,
}
