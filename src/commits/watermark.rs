//! The watermark over completed commits, and the wake-up of threads that hold something back by a number.
//!
//! Two orders matter, each between a store of one thread and a load of the other, so all of them are `SeqCst`:
//!
//! - a completion that came early is counted in `attention` before the watermark is read; a completion that moves the
//!   watermark reads `attention` afterwards. One of the two sees the other, and moves the watermark over both.
//! - a subscriber is counted in `attention` before the watermark is read; so whoever moves the watermark past its number
//!   finds it and wakes it, or it sees the new watermark and does not wait.
//!
//! A synchronous store completes in order, and nobody waits: one exchange and one load for each commit.

use crate::sync::{AtomicBool, AtomicU64, AtomicUsize, Condvar, Mutex, MutexGuard, Ordering};
use std::collections::BTreeSet;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// The number of a commit, from 1. Whatever is held by 0 may leave at once.
pub type CommitNumber = u64;

/// Proves that all commits up to a number are durable. Only [`Commits::durable`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Durable(CommitNumber);

impl Durable {
    /// Returns whether what is held by `number` may leave.
    pub fn covers(self, number: CommitNumber) -> bool {
        number <= self.0
    }
}

/// Names a subscriber (see [`Commits::register`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubscriberId(usize);

type OnFailure = Box<dyn Fn(&str) + Send + Sync>;
type Wake = Box<dyn Fn() + Send + Sync>;

struct Subscriber {
    /// Woken when the watermark reaches this.
    number: Option<CommitNumber>,
    wake: Wake,
}

#[derive(Default)]
struct Slow {
    /// Completed numbers above the watermark, not next to it.
    early: BTreeSet<CommitNumber>,
    subscribers: Vec<Subscriber>,
}

/// Counts the commits of one instance, and how far they are durable.
pub struct Commits {
    assigned: AtomicU64,
    durable: AtomicU64,
    /// Early completions, subscribers that are armed and threads in [`Commits::wait`]. Changed with `slow` locked.
    attention: AtomicUsize,
    failed: AtomicBool,
    slow: Mutex<Slow>,
    advanced: Condvar,
    on_failure: OnFailure,
}

impl Default for Commits {
    fn default() -> Self {
        Self::new(|_| ())
    }
}

impl std::fmt::Debug for Commits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Commits({} of {})", self.durable.load(Ordering::SeqCst), self.assigned())
    }
}

impl Commits {
    /// Starts with no commits. `on_failure` is told why a commit failed; nothing that was held back leaves then, so it
    /// may end the process.
    pub fn new(on_failure: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self {
            assigned: AtomicU64::new(0),
            durable: AtomicU64::new(0),
            attention: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
            slow: Mutex::new(Slow::default()),
            advanced: Condvar::new(),
            on_failure: Box::new(on_failure),
        }
    }

    /// Assigns the next number. The caller holds the core, and has just taken the changes that the number is for.
    pub fn assign(&self) -> CommitNumber {
        self.assigned.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// Returns the newest assigned number.
    pub fn assigned(&self) -> CommitNumber {
        self.assigned.load(Ordering::Acquire)
    }

    /// Returns how far commits are durable.
    pub fn durable(&self) -> Durable {
        Durable(self.durable.load(Ordering::SeqCst))
    }

    /// Returns the lowest number that is not durable, or the newest one if all are.
    pub fn first_outstanding(&self) -> CommitNumber {
        let next = self.durable().0 + 1;
        next.min(self.assigned())
    }

    /// Returns how many assigned commits are not durable.
    pub fn outstanding(&self) -> u64 {
        // In this order, or the watermark could have passed what was assigned when that was read.
        let durable = self.durable.load(Ordering::SeqCst);
        self.assigned().saturating_sub(durable)
    }

    /// Reports that the commit `number` is durable. Each number is reported once, in any order.
    pub fn complete(&self, number: CommitNumber) {
        if !self.advance(number) || self.attention.load(Ordering::SeqCst) > 0 {
            self.complete_slowly(number);
        }
    }

    /// Moves the watermark to `number` if it is just below.
    fn advance(&self, number: CommitNumber) -> bool {
        let below = number.wrapping_sub(1);
        self.durable.compare_exchange(below, number, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    fn slow(&self) -> MutexGuard<'_, Slow> {
        self.slow.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn complete_slowly(&self, number: CommitNumber) {
        let mut slow = self.slow();
        if !self.durable().covers(number) {
            slow.early.insert(number);
            self.attention.fetch_add(1, Ordering::SeqCst);
        }
        while let Some(&next) = slow.early.first() {
            // Another completion may just have moved the watermark past what this one saw.
            if !self.advance(next) && !self.durable().covers(next) {
                break;
            }
            slow.early.pop_first();
            self.attention.fetch_sub(1, Ordering::SeqCst);
        }
        let durable = self.durable();
        for subscriber in &mut slow.subscribers {
            if subscriber.number.take_if(|number| durable.covers(*number)).is_some() {
                self.attention.fetch_sub(1, Ordering::SeqCst);
                (subscriber.wake)();
            }
        }
        self.advanced.notify_all();
    }

    /// Reports that a commit failed: the watermark never passes its number, and nobody waits any longer.
    pub fn fail(&self, why: &str) {
        {
            let _slow = self.slow();
            self.failed.store(true, Ordering::SeqCst);
            self.advanced.notify_all();
        }
        (self.on_failure)(why);
    }

    /// Registers a subscriber, which is woken by `wake`; that must not block.
    pub fn register(&self, wake: impl Fn() + Send + Sync + 'static) -> SubscriberId {
        let mut slow = self.slow();
        slow.subscribers.push(Subscriber { number: None, wake: Box::new(wake) });
        SubscriberId(slow.subscribers.len() - 1)
    }

    /// Wakes a subscriber once, when `number` is durable, in place of any number before. Returns false, and wakes nobody,
    /// if it is durable already.
    pub fn wake_at(&self, subscriber: SubscriberId, number: CommitNumber) -> bool {
        let mut slow = self.slow();
        let Some(subscriber) = slow.subscribers.get_mut(subscriber.0) else { return false };
        if subscriber.number.replace(number).is_none() {
            self.attention.fetch_add(1, Ordering::SeqCst);
        }
        if self.durable().covers(number) {
            subscriber.number = None;
            self.attention.fetch_sub(1, Ordering::SeqCst);
            return false;
        }
        true
    }

    /// Waits until `number` is durable. Returns false if a commit has failed.
    pub fn wait(&self, number: CommitNumber) -> bool {
        self.wait_until(number, None)
    }

    /// Waits until `number` is durable, but no longer than `patience`. Returns false if it is not durable then, or if a
    /// commit has failed.
    pub fn wait_at_most(&self, number: CommitNumber, patience: Duration) -> bool {
        self.wait_until(number, Some(Instant::now() + patience))
    }

    fn wait_until(&self, number: CommitNumber, deadline: Option<Instant>) -> bool {
        let mut slow = self.slow();
        self.attention.fetch_add(1, Ordering::SeqCst);
        while !self.durable().covers(number) && !self.failed.load(Ordering::SeqCst) {
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            slow = match left {
                Some(Duration::ZERO) => break,
                Some(left) => {
                    self.advanced.wait_timeout(slow, left).unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.advanced.wait(slow).unwrap_or_else(PoisonError::into_inner),
            };
        }
        self.attention.fetch_sub(1, Ordering::SeqCst);
        self.durable().covers(number)
    }
}
