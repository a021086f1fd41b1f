//! What all clients together know must be true, and what was found not to be.

mod generations;
pub mod locks;
pub mod shares;

use generations::Generation;
use locks::Locks;
use shares::Shares;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Violations that are kept with all that was known; of others only the kind is counted.
const KEPT: usize = 12;

/// What is counted.
#[derive(Debug, Default)]
pub struct Counts {
    /// Calls that were answered, those sent again counted once.
    pub operations: AtomicU64,
    /// Calls that were in flight when the server went away, and were sent again.
    pub resent: AtomicU64,
    /// Calls that had been answered, were sent again and gave the same bytes.
    pub replays: AtomicU64,
    /// Locks and opens that were looked at and found as they should be.
    pub checks: AtomicU64,
    /// Restarts over which two waiters kept their places.
    pub waiters: AtomicU64,
}

/// The oracle. Its files are numbered from 0.
pub struct Oracle {
    locks: Vec<Mutex<Locks>>,
    shares: Vec<Mutex<Shares>>,
    generations: Vec<Mutex<Generation>>,
    violations: Mutex<Violations>,
    cycle: AtomicU64,
    /// What is counted.
    pub counts: Counts,
}

/// What was found.
#[derive(Debug, Default)]
struct Violations {
    kinds: BTreeMap<String, u64>,
    kept: Vec<String>,
}

impl Counts {
    /// One more.
    pub fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

impl Oracle {
    /// For so many files on which nothing is held.
    pub fn new(files: usize) -> Self {
        Self {
            locks: (0..files).map(|_| Mutex::default()).collect(),
            shares: (0..files).map(|_| Mutex::default()).collect(),
            generations: (0..files).map(|_| Mutex::default()).collect(),
            violations: Mutex::default(),
            cycle: AtomicU64::new(0),
            counts: Counts::default(),
        }
    }

    /// How many files there are.
    pub fn files(&self) -> usize {
        self.locks.len()
    }

    /// The locks of a file.
    pub fn locks(&self, file: usize) -> MutexGuard<'_, Locks> {
        self.locks[file].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The opens of a file.
    pub fn shares(&self, file: usize) -> MutexGuard<'_, Shares> {
        self.shares[file].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lock generation of a file was read while nothing was in flight.
    /// Errors: it is not what it must be.
    pub fn saw_generation(&self, file: usize, number: u64) -> Result<(), String> {
        let grants = self.locks(file).exclusive_grants;
        self.generations[file].lock().unwrap_or_else(PoisonError::into_inner).saw(number, grants)
    }

    /// A new cycle begins.
    pub fn begin_cycle(&self, cycle: u64) {
        self.cycle.store(cycle, Ordering::Relaxed);
    }

    /// Something is not as it must be: of what kind, and all there is to know.
    pub fn violation(&self, kind: &str, who: &str, story: &str) {
        let mut violations = self.violations.lock().unwrap_or_else(PoisonError::into_inner);
        *violations.kinds.entry(kind.to_owned()).or_default() += 1;
        if violations.kept.len() < KEPT {
            let cycle = self.cycle.load(Ordering::Relaxed);
            violations.kept.push(format!("cycle {cycle}, {who}: {kind}\n{story}"));
        }
    }

    /// Everything that was found, if anything was.
    pub fn verdict(&self) -> Option<String> {
        let violations = self.violations.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = violations.kept.join("\n\n");
        text += "\n\nviolations by kind:\n";
        violations.kinds.iter().for_each(|(kind, count)| text += &format!("{count:7}  {kind}\n"));
        (!violations.kinds.is_empty()).then_some(text)
    }
}
