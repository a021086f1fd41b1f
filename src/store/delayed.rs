//! A store for tests, around another one: commits take a while, complete in another order than they were submitted in,
//! and fail when the test wants it.
//!
//! Batches become part of the inner store in their order, each after its delay, in a thread of its own: the server must
//! behave as over any store that is not at hand. What a killed process had not stored is lost with it, and so is what a
//! store that is dropped without being closed had not stored.

use super::{Batch, Durability, Store, StoreError, Visit};
use crate::commits::{CommitNumber, Commits};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Says how a [`Delayed`] store delays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delay {
    /// From submission to completion, at least.
    pub latency: Duration,
    /// Completes every second commit after the next one, if that comes within another latency.
    pub reorder: bool,
    /// This commit fails, and none after it is stored.
    pub fail_at: Option<CommitNumber>,
}

type Shared = Arc<Mutex<Box<dyn Store>>>;

/// Delays the commits of another store (see the module).
pub struct Delayed {
    inner: Shared,
    jobs: Sender<Job>,
    thread: Option<JoinHandle<()>>,
    dropped: Arc<AtomicBool>,
}

enum Job {
    Commit(Submitted),
    /// Answered when everything before it is stored.
    Flush(Sender<()>),
    End,
}

struct Submitted {
    number: CommitNumber,
    batch: Batch,
    durability: Durability,
    since: Instant,
    done: Arc<Commits>,
}

impl Delayed {
    /// Delays what is stored in `inner`.
    pub fn new(inner: Box<dyn Store>, delay: Delay) -> Self {
        let (jobs, taken) = mpsc::channel();
        let inner = Arc::new(Mutex::new(inner));
        let dropped = Arc::new(AtomicBool::new(false));
        let mut line = Line { inner: inner.clone(), delay, held: None, dropped: dropped.clone() };
        let thread = std::thread::spawn(move || line.run(&taken));
        Self { inner, jobs, thread: Some(thread), dropped }
    }

    fn inner(&self) -> MutexGuard<'_, Box<dyn Store>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until everything that was submitted is stored.
    fn flush(&self) {
        let (answer, flushed) = mpsc::channel();
        if self.jobs.send(Job::Flush(answer)).is_ok() {
            let _ = flushed.recv();
        }
    }

    fn end(&mut self) {
        let _ = self.jobs.send(Job::End);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Delayed {
    fn drop(&mut self) {
        self.dropped.store(true, Ordering::Release);
    }
}

impl Store for Delayed {
    fn commit(&mut self, batch: &Batch, durability: Durability) -> Result<(), StoreError> {
        self.flush();
        self.inner().commit(batch, durability)
    }

    fn submit(
        &mut self,
        number: CommitNumber,
        batch: &Batch,
        durability: Durability,
        done: &Arc<Commits>,
    ) -> Result<(), StoreError> {
        let (batch, since, done) = (batch.clone(), Instant::now(), done.clone());
        let job = Job::Commit(Submitted { number, batch, durability, since, done });
        self.jobs.send(job).map_err(|_| StoreError::Failed)
    }

    fn is_synchronous(&self) -> bool {
        false
    }

    fn scan(&self, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        self.flush();
        self.inner().scan(visit)
    }

    fn replace_all(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.flush();
        self.inner().replace_all(batch)
    }

    fn close(mut self: Box<Self>) -> Result<(), StoreError> {
        self.end();
        let inner = std::mem::replace(&mut *self.inner(), Box::new(super::Memory::new()));
        inner.close()
    }
}

/// The thread of a store.
struct Line {
    inner: Shared,
    delay: Delay,
    /// Stored, and to be completed after the next.
    held: Option<Submitted>,
    dropped: Arc<AtomicBool>,
}

impl Line {
    fn run(&mut self, jobs: &Receiver<Job>) {
        loop {
            let job = match self.held {
                None => jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(_) => jobs.recv_timeout(self.delay.latency),
            };
            match job {
                Ok(Job::Commit(submitted)) => match self.store(submitted) {
                    true => {}
                    false => return,
                },
                Ok(Job::Flush(answer)) => {
                    self.complete_held();
                    let _ = answer.send(());
                }
                Err(RecvTimeoutError::Timeout) => self.complete_held(),
                Ok(Job::End) | Err(RecvTimeoutError::Disconnected) => return self.complete_held(),
            }
        }
    }

    fn complete_held(&mut self) {
        if let Some(held) = self.held.take() {
            held.done.complete(held.number);
        }
    }

    /// Stores one batch when its time has come. Returns false if it failed, or if the store was dropped.
    fn store(&mut self, submitted: Submitted) -> bool {
        std::thread::sleep((submitted.since + self.delay.latency).saturating_duration_since(Instant::now()));
        if self.dropped.load(Ordering::Acquire) {
            return false;
        }
        let fails = self.delay.fail_at.is_some_and(|at| at <= submitted.number);
        let stored = match fails {
            true => Err(StoreError::Failed),
            false => {
                let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
                inner.commit(&submitted.batch, submitted.durability)
            }
        };
        if let Err(error) = stored {
            submitted.done.fail(&error.to_string());
            return false;
        }
        if self.delay.reorder && self.held.is_none() && submitted.number % 2 == 1 {
            self.held = Some(submitted);
            return true;
        }
        submitted.done.complete(submitted.number);
        self.complete_held();
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Memory;
    use std::ops::ControlFlow;

    fn batch(key: u8) -> Batch {
        let mut batch = Batch::new();
        batch.put(&[key], &[]);
        batch
    }

    fn keys(store: &dyn Store) -> Vec<u8> {
        let mut keys = Vec::new();
        let mut visit = |key: &[u8], _: &[u8]| {
            keys.push(key[0]);
            ControlFlow::Continue(())
        };
        store.scan(&mut visit).unwrap();
        keys
    }

    fn submit(store: &mut Delayed, commits: &Arc<Commits>, key: u8) {
        let number = commits.assign();
        store.submit(number, &batch(key), Durability::Process, commits).unwrap();
    }

    #[test]
    fn everything_is_stored_and_completed_whatever_the_order() {
        let memory = Memory::new();
        let delay = Delay { latency: Duration::from_millis(1), reorder: true, fail_at: None };
        let mut store = Delayed::new(Box::new(memory.clone()), delay);
        let commits = Arc::new(Commits::default());
        (1..=9).for_each(|key| submit(&mut store, &commits, key));
        assert!(commits.wait(9));
        assert_eq!(keys(&memory), (1..=9).collect::<Vec<_>>());
        Box::new(store).close().unwrap();
        assert!(memory.is_closed());
    }

    #[test]
    fn nothing_is_stored_after_a_failure() {
        let memory = Memory::new();
        let delay = Delay { fail_at: Some(3), ..Delay::default() };
        let mut store = Delayed::new(Box::new(memory.clone()), delay);
        let commits = Arc::new(Commits::default());
        for key in 1..=5 {
            // The thread may be gone by then.
            let _ = store.submit(commits.assign(), &batch(key), Durability::Process, &commits);
        }
        assert!(!commits.wait(5));
        assert!(commits.durable().covers(2) && !commits.durable().covers(3));
        assert_eq!(keys(&memory), [1, 2]);
    }
}
