//! What is to be measured.

use super::target::Target;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Names the workloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Workload {
    /// LOCK and LOCKU alternately, each owner in a file of its own
    Pairs,
    /// The same, but all owners in one file, each with a byte of its own
    Shared,
    /// LOCK and LOCKU in a file that already has many locks
    Growth,
    /// Another read lock on bytes with many readers, and a write lock that is denied
    Readers,
    /// Many owners that compete for the same byte
    Contend,
    /// Time from LOCKU by the holder to the grant to a waiting client
    Handover,
    /// Memory used by each open and lock, and delay of others when their client leaves
    State,
    /// NULL calls
    Null,
    /// Only the bare TCP echo
    Echo,
}

/// Says who holds the locks of `growth`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Holders {
    /// All by one lock_owner
    One,
    /// Each by a lock_owner of its own
    Each,
}

/// Says how the client of `state` leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Leave {
    /// It restarts under its old name: the server drops everything at once
    Reboot,
    /// It releases everything one by one: LOCKU, CLOSE
    Unmount,
}

/// Describes a benchmark, with all that the command line says about it.
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
    /// Returns how many lanes all connections have together.
    pub fn lanes(&self) -> usize {
        self.connections * self.depth
    }
}
