//! What is to be measured.

use super::target::Target;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The workloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Workload {
    /// LOCK and LOCKU in turn, each owner on a file of its own
    Pairs,
    /// The same, all owners on one file, each with a byte of its own
    Shared,
    /// One more LOCK and LOCKU in a file that holds many locks
    Growth,
    /// One more reader of bytes that many read, and a writer that is denied them
    Readers,
    /// Many owners that want the same byte
    Contend,
    /// From LOCKU of the holder to the grant of the one that waits
    Handover,
    /// Opens and locks of a client: memory of each, and what its end costs others
    State,
    /// NULL calls
    Null,
    /// The bare echo server alone
    Echo,
}

/// Who holds the locks of `growth`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Holders {
    /// One lock_owner holds them all
    One,
    /// Each has a lock_owner of its own
    Each,
}

/// How the client of `state` goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Leave {
    /// It starts again under its old name: the server drops all at once
    Reboot,
    /// It gives back one thing after the other: LOCKU, CLOSE
    Unmount,
}

/// A benchmark, with all that the command line says about it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What is done.
    pub workload: Workload,
    /// To whom; an own server if to nobody.
    pub targets: Vec<Target>,
    /// Minor version of NFSv4.
    pub minor: u32,
    /// Connections of the load.
    pub connections: usize,
    /// Calls in flight on each connection.
    pub depth: usize,
    /// Whether a connection calls again only when all of its calls are answered, and then all at once.
    pub bursts: bool,
    /// How long each measurement lasts.
    pub duration: Duration,
    /// How long it runs before that.
    pub warmup: Duration,
    /// How often each target is measured, in turn.
    pub runs: usize,
    /// Whether the echo server is measured too.
    pub echo: bool,
    /// Whether servers that are started here, and the load, stay on a processor each.
    pub pin: bool,
    /// `growth`, `readers`: locks that are held.
    pub held: Vec<u64>,
    /// `growth`: by whom.
    pub holders: Vec<Holders>,
    /// `contend`: owners. `state`: opens, locks and ranges.
    pub owners: u64,
    /// `state`: how the client goes.
    pub leave: Leave,
    /// Whether to say on standard error how far it is.
    pub progress: bool,
}

impl Plan {
    /// Lanes on all connections together.
    pub fn lanes(&self) -> usize {
        self.connections * self.depth
    }
}
