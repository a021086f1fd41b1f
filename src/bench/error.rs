//! Why a benchmark cannot go on.

use crate::client;
use std::io;

/// Says why a benchmark ended without a result.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The client library says so.
    #[error("{0}")]
    Client(#[from] client::Error),
    /// No reply for too long.
    #[error("no reply for {seconds} s to {calls} calls")]
    Silent {
        /// Calls in flight.
        calls: usize,
        /// How long.
        seconds: u64,
    },
    /// A system call failed.
    #[error("{what}: {error}")]
    System {
        /// What was tried.
        what: String,
        /// Why not.
        error: io::Error,
    },
    /// What was done, to which target, and why it failed.
    #[error("{what}: {source}")]
    During {
        /// What was done.
        what: String,
        /// Why it failed.
        source: Box<BenchError>,
    },
    /// Anything else, in words.
    #[error("{0}")]
    Other(String),
}

impl BenchError {
    /// Returns what makes an error of the system, with what was tried, into one of the benchmark: for `map_err`.
    pub fn system<E: Into<io::Error>>(what: impl Into<String>) -> impl FnOnce(E) -> Self {
        move |error| Self::System { what: what.into(), error: error.into() }
    }

    /// Adds to an error what was being done.
    #[must_use]
    pub fn during(self, what: impl Into<String>) -> Self {
        Self::During { what: what.into(), source: Box::new(self) }
    }
}
