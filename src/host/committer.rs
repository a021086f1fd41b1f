//! The durability rule, at its end: changes of the core get numbers and go to the store in their order.
//!
//! **What a reply has seen is durable before it leaves.** A reply is made with the core locked, so all that it has seen was
//! changed before. Its number is chosen later, in [`Pipeline::commit`], with the core locked again:
//!
//! - changes that nobody has taken yet are taken there, and the reply is held by their new number. All that was taken
//!   before has lower numbers, since numbers are assigned with the core locked.
//! - when there are none, everything that the reply has seen was taken before, so the newest assigned number is as high
//!   as that of any of it. The reply is held by that, and no mutex but the core's was needed.
//!
//! A number is durable when it and all lower ones are complete ([`Commits`]), so in both cases what was seen is durable,
//! by whomever it was changed: replies that only read are held like others.

use super::client_records::ClientRecords;
use super::dependencies;
use crate::commits::{CommitNumber, Commits};
use crate::files::Growing;
use crate::nfs4::Filehandle;
use crate::state::{CallbackCall, Changes, Core, Output};
use crate::store::{Batch, Durability, Store, StoreError};
use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::time::Duration;

/// Most batches that may be outstanding before workers stop taking calls. With a latency of 5 ms that allows 1024 / 5 ms, some
/// 200,000 rounds a second, more than the workers make.
const BATCHES_MAX: u64 = 1024;
/// Most bytes of outstanding batches. Beyond both limits, each worker can add the batch of a round that it has begun, and
/// each of the 64 threads that may block can add that of one call.
const BYTES_MAX: usize = 64 << 20;
/// Longest wait for outstanding commits at the end. A store that writes 4 MiB/s needs 16 s for [`BYTES_MAX`], and one that
/// commits one batch after the other in 15 ms needs 15 s for [`BATCHES_MAX`]. With the 2 s that calls get to end
/// (`transport::Limits::stop_patience`), this is less than the 30 s after which most service managers kill a process.
const CLOSE_PATIENCE: Duration = Duration::from_secs(20);

/// Stores the changes of one core.
pub struct Committer {
    store: Box<dyn Store>,
    records: Option<ClientRecords>,
    commits: Arc<Commits>,
    /// What was taken from the core last.
    output: Output,
    batch: Batch,
    /// What handles depend on and what grows, and at which version it was stored last.
    growing: Growing,
    grown: u64,
    /// Batches that were not durable when last looked at, and their bytes.
    outstanding: VecDeque<(CommitNumber, usize)>,
    outstanding_bytes: usize,
}

#[derive(Debug, thiserror::Error)]
enum CommitError {
    #[error("client records: {0}")]
    Records(#[from] io::Error),
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl Committer {
    /// Stores in `store`, and in `records` which clients may hold state: without, nobody can ever reclaim.
    pub fn new(store: Box<dyn Store>, records: Option<ClientRecords>) -> Self {
        let (output, batch, growing) = (Output::default(), Batch::new(), Growing::default());
        let commits = Arc::new(Commits::new(|why| stop(&why)));
        let (outstanding, outstanding_bytes) = (VecDeque::new(), 0);
        Self { store, records, commits, output, batch, growing, grown: 0, outstanding, outstanding_bytes }
    }

    /// Puts another store around the store: for tests.
    pub fn wrap_store(mut self, wrap: impl FnOnce(Box<dyn Store>) -> Box<dyn Store>) -> Self {
        self.store = wrap(self.store);
        self
    }

    /// Stores with the changes, from now on, how far `growing` has come: handles in what is stored depend on it.
    pub fn depend_on(&mut self, growing: Growing) {
        (self.growing, self.grown) = (growing, 0);
    }

    /// Returns the numbers of its commits.
    pub fn commits(&self) -> &Arc<Commits> {
        &self.commits
    }

    /// Returns where the changes belong that the next commit stores.
    pub fn changes(&mut self) -> &mut Changes {
        &mut self.output.changes
    }

    /// Submits the changes as a commit of their own. When they cannot be stored, the server stops, for a reply would
    /// promise what a restart may break: nothing that was answered is lost, and what was not is asked again.
    pub fn commit(&mut self) {
        if !self.output.changes.is_empty() {
            let number = self.commits.assign();
            self.submit(number);
        }
    }

    /// Submits the changes as the commit `number`. Does not return if that fails, as [`Committer::commit`].
    fn submit(&mut self, number: CommitNumber) {
        self.batch.clear();
        self.put_growing();
        self.submit_batch(number).unwrap_or_else(|error| stop(&error));
    }

    /// Submits the changes like [`Committer::commit`], together with what `put` puts.
    pub(super) fn commit_with(&mut self, put: impl FnOnce(&mut Batch)) {
        self.batch.clear();
        put(&mut self.batch);
        let number = self.commits.assign();
        self.submit_batch(number).unwrap_or_else(|error| stop(&error));
    }

    /// Writes to the client records in which epoch the server runs, and which clients are recorded.
    pub(super) fn begin_records(&mut self, epoch: u32, names: BTreeSet<Box<[u8]>>) -> io::Result<()> {
        self.records.as_mut().map_or(Ok(()), |records| records.begin(epoch, names))
    }

    /// Stores the changes, waits at most 20 seconds for all commits, and marks the store as closed. If commits are still
    /// outstanding then, the store is not marked, and the next start treats it as after a crash. Does not return if any of
    /// this fails: the process ends with exit code 1.
    pub fn close(self) {
        if !self.close_within(CLOSE_PATIENCE) {
            std::process::exit(1);
        }
    }

    /// Closes as [`Committer::close`]. Returns false if commits are still outstanding after `patience`.
    fn close_within(mut self, patience: Duration) -> bool {
        self.commit();
        if self.commits.wait_at_most(self.commits.assigned(), patience) {
            self.store.close().unwrap_or_else(|error| stop(&error));
            return true;
        }
        let (outstanding, seconds) = (self.commits.outstanding(), patience.as_secs());
        tracing::error!(
            outstanding,
            seconds,
            "the store did not complete these commits in time; it is not marked as closed, and the next start treats it as after a crash. Whatever was answered is stored"
        );
        false
    }

    fn put_growing(&mut self) {
        // Read after the changes were taken: whatever they refer to is in what this says.
        let version = self.growing.version();
        if self.grown != version {
            self.growing
                .dependencies()
                .for_each(|dependency| dependencies::put(&dependency, &mut self.batch));
            self.grown = version;
        }
    }

    /// Submits what is in the batch, and then the changes.
    fn submit_batch(&mut self, number: CommitNumber) -> Result<(), CommitError> {
        if let Some(records) = &mut self.records {
            records.commit(self.output.changes.clients())?;
        }
        put_all(&self.output.changes, &mut self.batch);
        self.output.changes.clear();
        if self.batch.is_empty() {
            self.commits.complete(number);
            return Ok(());
        }
        if !self.store.is_synchronous() {
            self.outstanding.push_back((number, self.batch.encoded_bytes()));
            self.outstanding_bytes += self.batch.encoded_bytes();
        }
        Ok(self.store.submit(number, &self.batch, Durability::Process, &self.commits)?)
    }

    /// Returns whether more may become outstanding.
    fn has_room(&mut self) -> bool {
        let durable = self.commits.durable();
        while let Some(&(_, bytes)) = self.outstanding.front().filter(|(number, _)| durable.covers(*number)) {
            self.outstanding.pop_front();
            self.outstanding_bytes -= bytes;
        }
        self.commits.outstanding() < BATCHES_MAX && self.outstanding_bytes < BYTES_MAX
    }
}

/// Holds what was taken from the core and leaves when the commit `number` is durable.
pub(super) struct Held {
    pub number: CommitNumber,
    pub notices: Vec<CallbackCall>,
    pub closed: Vec<Filehandle>,
}

impl Held {
    fn nothing(number: CommitNumber) -> Self {
        Self { number, notices: Vec::new(), closed: Vec::new() }
    }
}

/// Lets many threads use one committer.
pub(super) struct Pipeline {
    /// None after the end.
    committer: Mutex<Option<Committer>>,
    commits: Arc<Commits>,
    is_synchronous: bool,
    /// The core's count of changes when they were taken last. Used with the core locked only.
    taken: AtomicU64,
    closed: AtomicBool,
}

impl Pipeline {
    pub fn new(committer: Committer) -> Self {
        let (commits, is_synchronous) = (committer.commits.clone(), committer.store.is_synchronous());
        let committer = Mutex::new(Some(committer));
        // No count: the first commit looks for changes in any case.
        let (taken, closed) = (AtomicU64::new(u64::MAX), AtomicBool::new(false));
        Self { committer, commits, is_synchronous, taken, closed }
    }

    pub fn commits(&self) -> &Arc<Commits> {
        &self.commits
    }

    /// Does not return when a thread has panicked while it stored something: the process ends.
    fn lock(&self) -> MutexGuard<'_, Option<Committer>> {
        self.committer.lock().unwrap_or_else(|_| stop_unknown())
    }

    /// Takes the output of `core` and submits its changes. Returns the number that holds whatever was made with the core
    /// until now, and what leaves with it. `again` locks the core another time, if it has to be released in between. `None`
    /// after the end.
    pub fn commit<'c>(
        &self,
        core: MutexGuard<'c, Core>,
        again: impl FnOnce() -> MutexGuard<'c, Core>,
    ) -> Option<Held> {
        if core.change_count() == self.taken.load(Ordering::Relaxed) && !core.has_output() {
            let number = self.commits.assigned();
            drop(core);
            return self.commit_nothing(number).map(Held::nothing);
        }
        // The core must not be held by somebody who waits for a store.
        let (mut committer, mut core) = match self.committer.try_lock() {
            Ok(committer) => (committer, core),
            Err(TryLockError::Poisoned(_)) => stop_unknown(),
            Err(TryLockError::WouldBlock) => {
                drop(core);
                (self.lock(), again())
            }
        };
        let committer = committer.as_mut()?;
        core.take_output(&mut committer.output);
        self.taken.store(core.change_count(), Ordering::Relaxed);
        let Output { changes, notices, closed } = &mut committer.output;
        let (notices, closed) = (std::mem::take(notices), std::mem::take(closed));
        if changes.is_empty() {
            return Some(Held { number: self.commits.assigned(), notices, closed });
        }
        let number = self.commits.assign();
        drop(core);
        committer.submit(number);
        Some(Held { number, notices, closed })
    }

    fn commit_nothing(&self, number: CommitNumber) -> Option<CommitNumber> {
        if self.closed.load(Ordering::Acquire) {
            return None;
        }
        if self.is_synchronous && !self.commits.durable().covers(number) {
            // Another thread is in the store; that is over sooner than this one could be woken.
            drop(self.lock());
        }
        Some(number)
    }

    /// Returns whether more may become outstanding.
    pub fn has_room(&self) -> bool {
        self.commits.outstanding() == 0
            || self.is_synchronous
            || self.lock().as_mut().is_none_or(Committer::has_room)
    }

    /// Stores what there is to store and marks the store as closed, once.
    pub fn close(&self, before: impl FnOnce(), take: impl FnOnce(&mut Changes)) {
        let mut locked = self.lock();
        if let Some(mut committer) = locked.take() {
            self.closed.store(true, Ordering::Release);
            before();
            take(&mut committer.output.changes);
            committer.close();
        }
    }
}

/// Writes changes of the core as the store knows them.
pub(super) fn put_all(changes: &Changes, batch: &mut Batch) {
    batch.append(changes.batch());
}

fn stop_unknown() -> ! {
    tracing::error!("a thread panicked while it stored changes; stopping. See the message of the panic");
    std::process::exit(1);
}

fn stop(error: &dyn std::fmt::Display) -> ! {
    tracing::error!(%error, "cannot store changes, so no reply to them may leave; stopping. Fix the cause and start the server again");
    std::process::exit(1);
}

#[cfg(test)]
#[path = "committer_tests.rs"]
mod tests;
