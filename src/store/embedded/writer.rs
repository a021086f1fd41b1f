//! Writing: commits go to the end of the log.

use super::error::Fault;
use super::layout::sync_names;
use super::memtable::sorted;
use super::merge;
use super::run_reader::RunReader;
use super::run_writer::RunWriter;
use super::segment::{self, Octets, Segment};
use super::sorted_run::{SortedRun, Span};
use super::{BUFFER_BYTES_KEPT, COMMIT_BYTES_MAX, Embedded, PAUSE_BYTES, compaction, frame};
use crate::store::{Batch, Durability, Store, StoreError, Visit};
use std::io;
use std::sync::atomic::Ordering;

impl Embedded {
    /// Errors: the store takes no more changes.
    fn ask(&mut self) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Failed);
        }
        if !self.guard.0.owns() {
            // Whoever owns it now finds nobody else at work.
            self.shared.stop();
            return Err(StoreError::Deposed);
        }
        if self.shared.in_trouble.load(Ordering::Acquire) {
            self.failed = true;
            return Err(self.shared.trouble().map_or(StoreError::Failed, StoreError::from));
        }
        Ok(())
    }

    fn done<T>(&mut self, result: Result<T, Fault>) -> Result<T, StoreError> {
        self.failed |= result.is_err();
        result.map_err(StoreError::from)
    }

    fn append(&mut self, batch: &Batch) -> Result<(), Fault> {
        if batch.is_empty() {
            return Ok(());
        }
        let number = self.last + 1;
        self.octets.clear();
        let bytes = (frame::HEAD_BYTES + batch.bytes()) as u64;
        if self.at + bytes > self.active.bytes {
            self.finish();
            self.shared.wait_for_room();
            self.begin(self.shared.next(segment::START + bytes)?);
        }
        frame::write(&mut self.octets, self.seed, number, batch.as_octets());
        self.active.write(self.at, &self.octets).map_err(Fault::io(&self.shared.dir))?;
        // Only now: what is noted and not in the log is a loss.
        self.commit_mark.write(number).map_err(Fault::io(&self.shared.dir))?;
        self.at += bytes;
        self.last = number;
        self.octets.shrink_to(BUFFER_BYTES_KEPT);
        self.unpaused_bytes += bytes;
        if self.unpaused_bytes >= PAUSE_BYTES {
            self.unpaused_bytes = 0;
            self.shared.pause_if_behind();
        }
        Ok(())
    }

    /// Gives the log file that is full away.
    fn finish(&mut self) {
        let full = Segment { last: self.last, ..self.active.clone() };
        self.unsynced.push(full.clone());
        self.shared.finish(full);
        let folded = self.shared.files().folded();
        self.unsynced.retain(|segment| segment.seq >= folded);
    }

    /// Goes on in this log file.
    fn begin(&mut self, next: Segment) {
        self.at = segment::START;
        self.seed = segment::seed(self.shared.id, next.seq);
        self.active = next;
        self.names_unsynced = true;
    }

    /// Syncs all commits.
    fn sync(&mut self) -> Result<(), Fault> {
        let dir = &self.shared.dir;
        for segment in self.unsynced.iter().chain([&self.active]) {
            segment.file.sync_data().map_err(Fault::io(dir))?;
        }
        self.unsynced.clear();
        if self.names_unsynced {
            sync_names(dir)?;
            self.names_unsynced = false;
        }
        Ok(())
    }

    fn replace(&mut self, batch: &Batch) -> Result<(), Fault> {
        let shared = self.shared.clone();
        // Nobody makes records of the log file that begins here, so that they have a number of their own.
        let _turn = shared.turn_now();
        self.finish();
        self.begin(shared.next_at_once(0)?);
        let over = sorted(batch.iter());
        let span = Span::Before(self.active.seq);
        let mut writer = RunWriter::create(&shared.dir, shared.id, span, 0, self.last)?;
        over.iter().try_for_each(|(key, value)| writer.add(key, *value))?;
        let run = writer.finish(&shared.dir)?;
        shared.replaced(0, run)?;
        self.unsynced.clear();
        self.mark_whole()
    }

    /// Says that from now on all that is acknowledged is here, as long as this boot lasts.
    pub(super) fn mark_whole(&mut self) -> Result<(), Fault> {
        self.commit_mark.reset(self.last).map_err(Fault::io(&self.shared.dir))?;
        self.shared.set_meta(|meta| {
            meta.boot_id.clone_from(&self.boot_id);
            meta.closed_at = None;
        })?;
        self.whole = true;
        Ok(())
    }

    fn visit(&self, visit: &mut Visit<'_>) -> Result<(), Fault> {
        let shared = &self.shared;
        let _turn = shared.turn();
        let (runs, segments) = {
            let files = shared.files();
            (files.runs.clone(), files.finished.iter().chain([&self.active]).cloned().collect::<Vec<_>>())
        };
        let open = |run: &SortedRun| RunReader::open(&shared.dir, shared.id, run.span);
        let readers = runs.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let read = |segment| Octets::of(segment, &shared.dir, shared.id, Vec::new());
        let octets: Vec<_> = segments.iter().map(read).collect::<Result<_, _>>()?;
        let folded = runs.last().map_or(0, |run| run.last);
        let over = sorted(compaction::commits(&octets, folded, self.last)?);
        merge::scan(readers, &over, visit)
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
        self.ask()?;
        if batch.bytes() > COMMIT_BYTES_MAX {
            return Err(StoreError::Io(io::ErrorKind::FileTooLarge.into()));
        }
        let result = self.append(batch).and_then(|()| match durability {
            Durability::Process => Ok(()),
            Durability::Machine => self.sync(),
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
        self.ask()?;
        let result = self.replace(batch);
        self.done(result)
    }

    fn close(mut self: Box<Self>) -> Result<(), StoreError> {
        self.ask()?;
        self.stop_compactor();
        if let Some(fault) = self.shared.trouble() {
            return Err(fault.into());
        }
        self.sync()?;
        // One that may lack commits does not become whole by being closed.
        if self.whole {
            self.shared.set_meta(|meta| meta.closed_at = Some(self.last))?;
        }
        Ok(())
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.stop_compactor();
    }
}
