//! What can be wrong below.

use super::OpenError;
use crate::store::StoreError;
use std::io;
use std::path::{Path, PathBuf};

/// Why files of the store cannot be used.
#[derive(Debug)]
pub(super) enum Fault {
    /// The system says no.
    Io(PathBuf, io::Error),
    /// What is there makes no sense.
    Damaged(String),
}

impl Fault {
    /// For `map_err`: this file.
    pub fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |error| Self::Io(path.to_owned(), error)
    }

    /// Whether there is no room.
    pub fn is_full(&self) -> bool {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        matches!(self, Self::Io(_, error) if matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge))
    }
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
