//! What filehandles depend on beside the files themselves. When one of these has changed, a handle that was given out
//! before may mean nothing, or a file that was looked up then has another handle now.

use super::directory_mark;
use super::index_mark::{LiveIndexMark, index_continues};
use std::sync::Arc;

/// Names a kind of dependency. The numbers are stored and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DependencyKind {
    /// The secret under which handles are sealed.
    Secret = 1,
    /// The directory of an export: which file system it is on.
    Directory = 2,
    /// The tree in memory of an export, which is new with each start.
    Tree = 3,
    /// The index of names of an export.
    Index = 4,
}

impl DependencyKind {
    /// Lists all kinds.
    pub const ALL: [Self; 4] = [Self::Secret, Self::Directory, Self::Tree, Self::Index];

    /// Returns the kind with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == number)
    }
}

impl std::fmt::Display for DependencyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Secret => "secret of filehandles",
            Self::Directory => "directory",
            Self::Tree => "tree in memory",
            Self::Index => "index of names",
        })
    }
}

/// Describes one thing that handles depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// Its kind.
    pub kind: DependencyKind,
    /// The export whose handles depend on it; empty for the root, and for the secret.
    pub export: String,
    /// What tells it from others of its kind: at most 4096 bytes.
    pub mark: Vec<u8>,
}

impl Dependency {
    /// Tells whether this is a directory that had the mark `before`, and is empty now because its file system is not mounted.
    pub fn is_unmounted(&self, before: &[u8]) -> bool {
        self.kind == DependencyKind::Directory && directory_mark::is_unmounted(before, &self.mark)
    }

    /// Tells whether files have the handles that they had under releases which recorded no dependencies.
    pub fn is_as_ever(&self) -> bool {
        match self.kind {
            DependencyKind::Secret | DependencyKind::Index => true,
            DependencyKind::Directory => directory_mark::has_own_handles(&self.mark, &self.export),
            DependencyKind::Tree => false,
        }
    }

    /// Tells whether this is what had the mark `before` when handles were given out, or has grown from it.
    pub fn continues(&self, before: &[u8]) -> bool {
        match self.kind {
            DependencyKind::Secret | DependencyKind::Directory | DependencyKind::Tree => self.mark == before,
            DependencyKind::Index => index_continues(before, &self.mark),
        }
    }
}

/// Holds the dependencies that grow while the server runs: the indexes of names. What is stored about a file must be
/// stored with their marks of that moment.
#[derive(Clone, Debug, Default)]
pub struct Growing(Vec<(String, Arc<LiveIndexMark>)>);

impl Growing {
    /// Collects the marks of indexes by export.
    pub(super) fn new(marks: Vec<(String, Arc<LiveIndexMark>)>) -> Self {
        Self(marks)
    }

    /// Returns a number that differs when any of them has grown.
    pub fn version(&self) -> u64 {
        LiveIndexMark::version()
    }

    /// Returns those on which handles depend, as they are now.
    pub fn dependencies(&self) -> impl Iterator<Item = Dependency> {
        self.0.iter().filter_map(|(export, mark)| {
            let mark = mark.get()?.to_vec();
            Some(Dependency { kind: DependencyKind::Index, export: export.clone(), mark })
        })
    }
}
