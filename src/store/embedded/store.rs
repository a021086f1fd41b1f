//! The store that is open for writing.

use super::compaction;
use super::error::Fault;
use super::log_reader::{self, SegmentContents};
use super::log_writer::LogWriter;
use super::memtable::sorted;
use super::merge;
use super::options::COMMIT_BYTES_MAX;
use super::run_reader::RunReader;
use super::run_writer::RunWriter;
use super::shared::Shared;
use super::sorted_run::{SortedRun, Span};
use crate::batch::Batch;
use crate::store::{Durability, Guard, Store, StoreError, Visit};
use std::fs::File;
use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

/// Stores records in a directory that is open for writing.
#[derive(Debug)]
pub struct Embedded {
    pub(super) log: LogWriter,
    pub(super) shared: Arc<Shared>,
    compactor: Option<JoinHandle<()>>,
    guard: OwnerGuard,
    boot_id: String,
    /// Everything that was acknowledged is there.
    complete: bool,
    /// An earlier change failed.
    failed: bool,
    /// The locked directory, so that no other process opens the store.
    _lock: File,
}

struct OwnerGuard(Box<dyn Guard>);

impl std::fmt::Debug for OwnerGuard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Guard")
    }
}

impl Embedded {
    /// Starts the compactor and marks the store as open, durably.
    pub(super) fn start(
        shared: Arc<Shared>,
        log: LogWriter,
        boot_id: &str,
        guard: Box<dyn Guard>,
        complete: bool,
        lock: File,
    ) -> Result<Self, Fault> {
        let (guard, boot_id) = (OwnerGuard(guard), boot_id.to_owned());
        let mut store =
            Self { log, shared, compactor: None, guard, boot_id, complete, failed: false, _lock: lock };
        match complete {
            true => store.mark_complete()?,
            // Writes the format: an older release must not open what a compaction writes.
            false => store.shared.update_meta(|_| {})?,
        }
        let compactor = compaction::start(&store.shared);
        store.compactor = Some(compactor.map_err(Fault::io(&store.shared.dir))?);
        Ok(store)
    }

    /// Checks that the store may be changed.
    ///
    /// Errors: the store takes no more changes.
    fn check_writable(&mut self) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Failed);
        }
        if !self.guard.0.owns() {
            // The new owner must not find the compactor at work.
            self.shared.stop();
            return Err(StoreError::Deposed);
        }
        if self.shared.has_failed() {
            self.failed = true;
            return Err(self.shared.take_failure().map_or(StoreError::Failed, StoreError::from));
        }
        Ok(())
    }

    fn done<T>(&mut self, result: Result<T, Fault>) -> Result<T, StoreError> {
        self.failed |= result.is_err();
        result.map_err(StoreError::from)
    }

    fn replace(&mut self, batch: &Batch) -> Result<(), Fault> {
        let shared = self.shared.clone();
        // No compaction can take the log file that begins here, so the number of the new run is free.
        let _maintenance = shared.preempt_compaction();
        self.log.roll_over()?;
        let span = Span::Before(self.log.active().seq);
        let mut writer = RunWriter::create(&shared.dir, shared.id, span, 0, self.log.last())?;
        sorted(batch.iter()).into_iter().try_for_each(|(key, value)| writer.add(key, value))?;
        let run = writer.finish(&shared.dir)?;
        shared.install(0, run)?;
        self.log.forget_sealed();
        self.mark_complete()
    }

    /// Records that, as long as this boot lasts, everything that is acknowledged is there.
    fn mark_complete(&mut self) -> Result<(), Fault> {
        self.log.reset_mark()?;
        self.shared.update_meta(|meta| {
            meta.boot_id.clone_from(&self.boot_id);
            meta.closed_at = None;
        })?;
        self.complete = true;
        Ok(())
    }

    fn visit(&self, visit: &mut Visit<'_>) -> Result<(), Fault> {
        let shared = &self.shared;
        let _maintenance = shared.lock_maintenance();
        let (runs, segments) = {
            let files = shared.files();
            let segments = files.sealed.iter().chain([self.log.active()]).cloned().collect::<Vec<_>>();
            (files.runs.clone(), segments)
        };
        let open = |run: &SortedRun| RunReader::open(&shared.dir, shared.id, run.span);
        let readers = runs.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let read = |segment| SegmentContents::of(segment, &shared.dir, shared.id, Vec::new());
        let contents: Vec<_> = segments.iter().map(read).collect::<Result<_, _>>()?;
        let compacted = runs.last().map_or(0, |run| run.last);
        let changes = sorted(log_reader::changes(&contents, compacted, self.log.last())?);
        merge::scan(readers, &changes, visit)
    }

    fn stop_compactor(&mut self) {
        self.shared.stop();
        if let Some(compactor) = self.compactor.take() {
            // It catches its own panics.
            let _ = compactor.join();
        }
    }
}

impl Store for Embedded {
    fn commit(&mut self, batch: &Batch, durability: Durability) -> Result<(), StoreError> {
        self.check_writable()?;
        if batch.encoded_bytes() > COMMIT_BYTES_MAX {
            return Err(StoreError::Io(io::ErrorKind::FileTooLarge.into()));
        }
        let result = self.log.append(batch).and_then(|()| match durability {
            Durability::Process => Ok(()),
            Durability::Machine => self.log.sync(),
        });
        self.done(result)
    }

    fn scan(&self, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        match self.failed {
            true => Err(StoreError::Failed),
            false => self.visit(visit).map_err(StoreError::from),
        }
    }

    fn replace_all(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.check_writable()?;
        let result = self.replace(batch);
        self.done(result)
    }

    fn close(mut self: Box<Self>) -> Result<(), StoreError> {
        self.check_writable()?;
        self.stop_compactor();
        if let Some(fault) = self.shared.take_failure() {
            return Err(fault.into());
        }
        self.log.sync()?;
        // A store that may lack commits does not become complete by being closed.
        if self.complete {
            let last = self.log.last();
            self.shared.update_meta(|meta| meta.closed_at = Some(last))?;
        }
        Ok(())
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.stop_compactor();
    }
}
