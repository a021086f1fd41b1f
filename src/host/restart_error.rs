//! Why a server cannot start, and what its administrator can do about it.

use super::StateDirError;
use super::client_records::ClientRecordsError;
use crate::store::{OpenError, StoreError};
use std::io;
use std::path::PathBuf;

/// Says why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum RestartError {
    /// The client records.
    #[error(transparent)]
    Records(#[from] ClientRecordsError),
    /// The client records cannot be written.
    #[error("cannot write the client records: {0}")]
    Write(#[from] io::Error),
    /// There is no epoch for this run.
    #[error(transparent)]
    Epoch(#[from] StateDirError),
    /// An export is there without its files.
    #[error("export /{export}: its file system is not mounted; what is there now is only the mount point")]
    Unmounted {
        /// Its name.
        export: String,
        /// Where the state is that refers to it.
        store: PathBuf,
    },
    /// The store cannot be opened.
    #[error("{path}: {error}")]
    Open {
        /// Where it is.
        path: PathBuf,
        /// Why not.
        error: OpenError,
    },
    /// The store cannot be read or written.
    #[error("{path}: {error}")]
    Store {
        /// Where it is.
        path: PathBuf,
        /// Why not.
        error: StoreError,
    },
}

impl RestartError {
    /// Returns what the user can do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Open { path, error: OpenError::Newer { .. } } => Some(format!(
                "start the newer lockhouse again; or remove {}, and clients have to reclaim what they hold",
                path.display()
            )),
            Self::Open { error: OpenError::InUse(_), .. } => Some("stop the other process".into()),
            Self::Open { .. }
            | Self::Store { .. }
            | Self::Write(_)
            | Self::Records(ClientRecordsError::Io(..)) => {
                Some("is the disk full, or read-only? Nothing is lost: start again when it is mended".into())
            }
            Self::Unmounted { store, .. } => Some(format!(
                "mount it and start again; if it is to be served as it is now, remove {}, and clients have to reclaim what they hold",
                store.display()
            )),
            Self::Epoch(error) => error.help(),
            Self::Records(_) => None,
        }
    }
}
