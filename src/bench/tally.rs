//! What is counted while a script runs.

use hdrhistogram::Histogram;
use std::collections::BTreeMap;

/// Significant digits of latencies.
const DIGITS: u8 = 3;
/// The longest latency that is told from longer ones, in nanoseconds.
const HOUR: u64 = 3600 * 1_000_000_000;

/// Counts of one measurement.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Nanoseconds of each unit: a call, a pair, a grant, as the workload says.
    pub latency: Histogram<u64>,
    /// Calls that were answered, well or not.
    pub calls: u64,
    /// Units that went well.
    pub done: u64,
    /// What went wrong, by name: an `NFS4ERR_` or what was wrong with the reply.
    pub errors: BTreeMap<&'static str, u64>,
    /// Calls that were denied where that is the rule of the game.
    pub denied: u64,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            latency: histogram(),
            calls: 0,
            done: 0,
            errors: BTreeMap::new(),
            denied: 0,
        }
    }
}

/// An empty histogram of nanoseconds, up to an hour.
pub fn histogram() -> Histogram<u64> {
    Histogram::new_with_max(HOUR, DIGITS).expect("constant bounds that it takes")
}

impl Tally {
    /// A unit that went well and took so many nanoseconds.
    pub fn unit(&mut self, nanos: u64) {
        self.done += 1;
        self.latency.saturating_record(nanos);
    }

    /// Something that went wrong.
    pub fn error(&mut self, name: &'static str) {
        *self.errors.entry(name).or_default() += 1;
    }

    /// All errors together.
    pub fn error_count(&self) -> u64 {
        self.errors.values().sum()
    }
}
