//! What went wrong, for the user.

use crate::config::ConfigError;
use crate::host::StateDirError;

/// Describes why a command did not do what it should.
#[derive(Debug)]
pub(super) struct Failure {
    /// What happened.
    pub message: String,
    /// What the user can do about it.
    pub help: Option<String>,
}

impl Failure {
    /// Combines several failures into one; `None` when there are none.
    pub fn all(failures: impl IntoIterator<Item = Self>) -> Option<Self> {
        failures.into_iter().reduce(|before, Self { message, help }| {
            let helped = before.help.map(|help| format!("  help: {help}\n")).unwrap_or_default();
            Self { message: format!("{}\n{helped}error: {message}", before.message), help }
        })
    }

    /// Creates a failure without advice.
    pub fn new(message: String) -> Self {
        Self { message, help: None }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self { message: error.to_string(), help: error.help() }
    }
}

impl From<StateDirError> for Failure {
    fn from(error: StateDirError) -> Self {
        Self { message: error.to_string(), help: error.help() }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::new(format!("{error:#}"))
    }
}
