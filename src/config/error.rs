//! Errors in a configuration.

use std::io;
use std::path::PathBuf;

/// All keys of the file, for the message about an unknown one.
pub(super) const KEYS: [&str; 13] = [
    "boot-id",
    "deadlock-detection",
    "dir",
    "ephemeral",
    "export",
    "grace-time",
    "lease-time",
    "listen",
    "log",
    "memory",
    "names",
    "no-root-squash",
    "state",
];

/// Says why there is no valid configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file or directory cannot be read.
    #[error("cannot read {path}: {error}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file is not TOML.
    #[error("{path}:{line}: {message}")]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where, from 1.
        line: usize,
        /// The message of the parser.
        message: String,
    },
    /// An unknown key.
    #[error("{path}:{line}: unknown key {key:?}")]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// Where, from 1.
        line: usize,
        /// The key.
        key: String,
        /// The known key that looks most like it, if one does.
        nearest: Option<&'static str>,
    },
    /// A value that its key does not allow.
    #[error("{path}:{line}: {key}: {message}")]
    BadValue {
        /// The file.
        path: PathBuf,
        /// Where, from 1.
        line: usize,
        /// The key.
        key: String,
        /// What is wrong.
        message: String,
    },
    /// Both a directory and an in-memory tree are given as the root.
    #[error("both DIR and --memory are given: only one of them can be the root")]
    TwoRoots,
    /// No export at all.
    #[error("nothing to serve")]
    NothingToServe,
    /// No default for the state directory.
    #[error("no directory for the state of the server: $HOME is not set")]
    NoStateDir,
    /// An export that is not there.
    #[error("cannot serve {path}: {error}")]
    NoDirectory {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Clients would see, and could change, what the server keeps.
    #[error("the state directory {state} is inside the export {export}: clients could read and change it")]
    StateExported {
        /// The state directory.
        state: PathBuf,
        /// The directory that is exported.
        export: PathBuf,
    },
    /// The same, the other way round.
    #[error("the export {export} is inside the state directory {state}")]
    ExportInState {
        /// The state directory.
        state: PathBuf,
        /// The directory that is exported.
        export: PathBuf,
    },
    /// An export that is something else.
    #[error("cannot serve {0}: it is not a directory")]
    NotADirectory(PathBuf),
}

impl ConfigError {
    /// Returns the line of the file that the error is about, if any.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Syntax { line, .. } | Self::UnknownKey { line, .. } | Self::BadValue { line, .. } => {
                Some(*line)
            }
            _ => None,
        }
    }

    /// Returns advice for the user.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::UnknownKey { nearest: Some(nearest), .. } => Some(format!("did you mean {nearest:?}?")),
            Self::UnknownKey { nearest: None, .. } => {
                Some(format!("known keys: {}", KEYS.join(", ")))
            }
            Self::TwoRoots => {
                Some("to serve a directory beside the in-memory tree, use --export NAME=DIR".into())
            }
            Self::NothingToServe => Some("give a directory, --export NAME=DIR or --memory".into()),
            Self::NoStateDir => Some("choose a directory with --state DIR".into()),
            Self::StateExported { .. } => Some(
                "choose a directory outside of all exports with --state DIR, such as /var/tmp/lockhouse-state"
                    .into(),
            ),
            Self::ExportInState { .. } => Some("choose another directory with --state DIR".into()),
            Self::NoDirectory { .. } => Some("create it first".into()),
            Self::Unreadable { .. }
            | Self::Syntax { .. }
            | Self::BadValue { .. }
            | Self::NotADirectory(_) => None,
        }
    }
}
