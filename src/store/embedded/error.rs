//! Errors: [`Fault`] inside, [`OpenError`] to whoever opens a store.

use super::options::FORMAT;
use crate::store::StoreError;
use std::io;
use std::path::{Path, PathBuf};

/// Says why files of the store cannot be used.
#[derive(Debug)]
pub(super) enum Fault {
    /// A system call failed on this file.
    Io(PathBuf, io::Error),
    /// A file does not hold what was written to it.
    Damaged(String),
}

impl Fault {
    /// Returns a function for `map_err` that adds the path.
    pub fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |error| Self::Io(path.to_owned(), error)
    }

    /// Returns whether the disk or the quota is full.
    pub fn is_full(&self) -> bool {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        matches!(self, Self::Io(_, error) if matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge))
    }
}

/// Says why a store cannot be opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A newer release of lockhouse wrote it.
    #[error(
        "the store has format {found}, this release knows {FORMAT}: use the newer release, or set the store aside"
    )]
    Newer {
        /// Its format.
        found: u32,
    },
    /// It is not what was written, or not all of it. See [`set_aside`](super::set_aside).
    #[error("the store is damaged: {why}")]
    Damaged {
        /// What is wrong.
        why: String,
    },
    /// Another process has it open.
    #[error("another process has the store {0} open")]
    InUse(PathBuf),
    /// The files cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl From<Fault> for OpenError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Io(path, source) => Self::Io { path, source },
            Fault::Damaged(why) => Self::Damaged { why },
        }
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Io(path, error) => {
                Self::Io(io::Error::new(error.kind(), format!("{}: {error}", path.display())))
            }
            Fault::Damaged(why) => Self::Damaged(why),
        }
    }
}
