//! What is counted while a script runs.

use hdrhistogram::Histogram;
use std::collections::BTreeMap;

/// Significant digits of latencies.
const DIGITS: u8 = 3;
/// The longest latency that is told from longer ones, in nanoseconds.
const HOUR: u64 = 3600 * 1_000_000_000;

/// Holds the counts of one measurement.
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
    /// Units of each lane, where that matters.
    pub shares: Vec<u64>,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            latency: histogram(),
            calls: 0,
            done: 0,
            errors: BTreeMap::new(),
            denied: 0,
            shares: Vec::new(),
        }
    }
}

/// Creates an empty histogram of nanoseconds, up to an hour.
pub fn histogram() -> Histogram<u64> {
    Histogram::new_with_max(HOUR, DIGITS).expect("constant bounds that it takes")
}

impl Tally {
    /// Adds a unit that went well and took so many nanoseconds.
    pub fn unit(&mut self, nanos: u64) {
        self.done += 1;
        self.latency.saturating_record(nanos);
    }

    /// Adds a unit on a lane that is to have its share.
    pub fn unit_of(&mut self, lane: usize, nanos: u64) {
        self.unit(nanos);
        if self.shares.len() <= lane {
            self.shares.resize(lane + 1, 0);
        }
        if let Some(share) = self.shares.get_mut(lane) {
            *share += 1;
        }
    }

    /// Computes Jain's index of fairness over so many lanes: 1 when all have the same, 1/n when one has all.
    pub fn fairness(&self, lanes: usize) -> f64 {
        let sum: f64 = self.shares.iter().map(|share| *share as f64).sum();
        let squares: f64 = self.shares.iter().map(|share| (*share as f64).powi(2)).sum();
        if squares > 0.0 { sum * sum / (lanes as f64 * squares) } else { 0.0 }
    }

    /// Adds an error.
    pub fn error(&mut self, name: &'static str) {
        *self.errors.entry(name).or_default() += 1;
    }

    /// Returns how many errors there were of all kinds.
    pub fn error_count(&self) -> u64 {
        self.errors.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fairness_is_one_when_equal_and_small_when_one_has_all() {
        let mut tally = Tally::default();
        (0..4).for_each(|lane| tally.unit_of(lane, 1000));
        assert!((tally.fairness(4) - 1.0).abs() < 1e-9);
        let mut greedy = Tally::default();
        greedy.unit_of(2, 5);
        assert!((greedy.fairness(4) - 0.25).abs() < 1e-9);
        assert_eq!((greedy.done, greedy.shares.as_slice()), (1, [0, 0, 1].as_slice()));
        assert!(Tally::default().fairness(4) < 1e-9);
    }

    #[test]
    fn percentiles_are_within_a_thousandth() {
        let mut tally = Tally::default();
        (1..=10_000).for_each(|micros| tally.unit(micros * 1000));
        let p99 = tally.latency.value_at_percentile(99.0) as f64;
        assert!((p99 / 9_900_000.0 - 1.0).abs() < 0.002, "{p99}");
    }
}
