//! Exports as they are configured.

use super::name_rule::NameRule;
use std::path::PathBuf;

/// Bounds a memory tree for which no limit is configured, in bytes.
const MEMORY_BYTES_MAX_DEFAULT: u64 = 1 << 30;

/// Configures one export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportSpec {
    /// Under which name it appears in the root: one component; empty for the root itself.
    pub name: String,
    /// Where its files are.
    pub backend: Backend,
    /// Whether user 0 and group 0 become nobody.
    pub root_squash: bool,
    /// How filehandles are made (directories only).
    pub handles: HandleKind,
    /// Which names its entries may have.
    pub names: NameRule,
}

/// Says where the files of an export are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// In this directory.
    Directory(PathBuf),
    /// In a tree in memory.
    Memory {
        /// How many bytes its data, names and attributes may take, approximately.
        bytes_max: u64,
    },
}

impl Backend {
    /// A tree in memory of at most 1 GiB.
    pub const MEMORY: Self = Self::Memory { bytes_max: MEMORY_BYTES_MAX_DEFAULT };
}

/// Says how filehandles of a directory's files are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HandleKind {
    /// By the kernel where it can and permits it, else by the index.
    #[default]
    Auto,
    /// By the kernel (`name_to_handle_at`), or the start fails.
    Kernel,
    /// By an index of names that the server keeps.
    Index,
}
