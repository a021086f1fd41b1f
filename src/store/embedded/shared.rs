//! What the writer and the compactor share.

use super::error::Fault;
use super::files::Files;
use super::layout::{LOG, numbered, remove};
use super::meta::Meta;
use super::options::{FORMAT, Options};
use super::segment::Segment;
use super::sorted_run::SortedRun;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Holds the state that the writer and the compactor share.
#[derive(Debug)]
pub(super) struct Shared {
    pub dir: PathBuf,
    pub id: u64,
    pub options: Options,
    meta: Mutex<Meta>,
    files: Mutex<Files>,
    /// Notified when `files` or `cancel` changes.
    changed: Condvar,
    /// Held while sorted runs and sealed log files are read or replaced.
    maintenance: Mutex<()>,
    /// The compaction that is under way is to give up.
    cancel: AtomicBool,
    /// There is so much log to compact that commits should slow down.
    behind: AtomicBool,
    /// Whether `Files::failure` was set.
    has_failed: AtomicBool,
}

/// Says what the compactor is to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Prepare log files.
    Prepare,
    /// Prepare log files and compact.
    Compact,
    /// Nothing: there was no work for as long as it waited.
    Idle,
}

impl Shared {
    pub fn new(dir: &Path, meta: Meta, options: Options, files: Files) -> Self {
        let (id, meta) = (meta.id, Mutex::new(meta));
        let (files, changed, maintenance) = (Mutex::new(files), Condvar::new(), Mutex::new(()));
        let [cancel, behind, has_failed] = [false; 3].map(AtomicBool::new);
        let dir = dir.to_owned();
        Self { dir, id, options, meta, files, changed, maintenance, cancel, behind, has_failed }
    }

    /// Locks the set of files, for a short time.
    pub fn files(&self) -> MutexGuard<'_, Files> {
        // Nothing under this mutex panics half-way.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, files: MutexGuard<'a, Files>) -> MutexGuard<'a, Files> {
        self.changed.wait(files).unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the file `meta`, durably.
    pub fn update_meta(&self, change: impl FnOnce(&mut Meta)) -> Result<(), Fault> {
        let mut meta = self.meta.lock().unwrap_or_else(PoisonError::into_inner);
        let compacted_below = self.files().first_uncompacted();
        let mut changed = Meta { format: FORMAT, compacted_below, ..meta.clone() };
        change(&mut changed);
        if changed != *meta {
            changed.write(&self.dir)?;
            *meta = changed;
        }
        Ok(())
    }

    /// Waits until nobody else reads or replaces sorted runs and sealed log files.
    pub fn lock_maintenance(&self) -> MutexGuard<'_, ()> {
        self.maintenance.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks like [`lock_maintenance`](Self::lock_maintenance), and makes a compaction that is under way give up.
    pub fn preempt_compaction(&self) -> MutexGuard<'_, ()> {
        self.cancel.store(true, Ordering::Relaxed);
        let maintenance = self.lock_maintenance();
        // Under the mutex, so that the compactor sees it before it waits.
        let files = self.files();
        self.cancel.store(files.stop, Ordering::Relaxed);
        self.changed.notify_all();
        maintenance
    }

    /// Adds a full log file, to be compacted.
    pub fn seal(&self, full: Segment) {
        let mut files = self.files();
        files.sealed.push_back(full);
        (files.no_room_for_segment, files.no_room_for_run) = (false, false);
        self.changed.notify_all();
    }

    /// Waits while there is far too much log to compact. Not to be called with the maintenance lock.
    pub fn wait_while_overloaded(&self) {
        let mut files = self.files();
        let limit = self.options.log_bytes_max + 2 * files.runs_bytes();
        let may_shrink = |files: &Files| !files.no_room_for_run && files.failure.is_none() && !files.stop;
        while files.sealed_bytes() > limit && may_shrink(&files) {
            // Compaction cannot keep up with the writer.
            files = self.wait(files);
        }
        let slow = files.sealed_bytes() > self.options.log_bytes_slow + 2 * files.runs_bytes();
        self.behind.store(slow, Ordering::Relaxed);
    }

    /// Waits for a millisecond if compaction is behind, so that it can catch up before commits have to wait for it.
    pub fn pause_if_behind(&self) {
        if self.behind.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Returns the next log file to write, with room for `bytes`. On a full disk it waits for a compaction to make room.
    /// Not to be called with the maintenance lock.
    pub fn next_segment(&self, bytes: u64) -> Result<Segment, Fault> {
        loop {
            match self.next_segment_now(bytes) {
                Err(fault) if fault.is_full() && self.wait_for_space() => {}
                result => return result,
            }
        }
    }

    /// Waits for log files that need no new space, or for space, and has the log compacted for it, however short it is.
    /// Returns `false` if there will be none.
    fn wait_for_space(&self) -> bool {
        let mut files = self.files();
        // Twice, because a compaction that was under way may not have included the log file that found no room.
        let mut requests = 0..2;
        let before = files.first_uncompacted();
        let compacted = |files: &Files| files.first_uncompacted() != before;
        while files.busy > 0 || (files.ready.is_empty() && files.spare.is_empty() && !compacted(&files)) {
            if files.failure.is_some() || files.stop {
                return false;
            }
            if files.busy == 0 && !files.urgent {
                if files.sealed.is_empty() || requests.next().is_none() {
                    return false;
                }
                files.urgent = true;
                self.changed.notify_all();
            }
            files = self.wait(files);
        }
        true
    }

    /// Returns the same as [`next_segment`](Self::next_segment), but a full disk is an error.
    pub fn next_segment_now(&self, bytes: u64) -> Result<Segment, Fault> {
        let mut files = self.files();
        let mut segment = match files.ready.pop_front() {
            Some(segment) => {
                files.active_seq = segment.seq;
                drop(files);
                segment
            }
            None => {
                let (seq, spare) = files.assign();
                files.active_seq = seq;
                drop(files);
                self.make_segment(seq, spare)?
            }
        };
        self.changed.notify_all();
        segment.grow(&self.dir, bytes)?;
        self.files().active.clone_from(&segment.mapped);
        Ok(segment)
    }

    fn make_segment(&self, seq: u64, spare: Option<Segment>) -> Result<Segment, Fault> {
        match spare {
            Some(spare) => spare.reuse(&self.dir, self.id, seq),
            None => Segment::create(&self.dir, self.id, seq, self.options.segment_bytes),
        }
    }

    /// Waits for work for the compactor, at most for `timeout`. Returns `None` if the compactor is to end.
    pub fn wait_for_work(&self, timeout: Duration) -> Option<Work> {
        let mut files = self.files();
        loop {
            if files.stop {
                return None;
            }
            // Whoever preempts a compaction gets the maintenance lock first.
            if files.needs_compaction(&self.options) && !self.is_cancelled() {
                return Some(Work::Compact);
            }
            if files.ready.len() < self.options.ready && !files.no_room_for_segment {
                return Some(Work::Prepare);
            }
            let waited = self.changed.wait_timeout(files, timeout).unwrap_or_else(PoisonError::into_inner);
            if waited.1.timed_out() {
                return Some(Work::Idle);
            }
            files = waited.0;
        }
    }

    /// Makes the next log files, so that the writer does not have to. A full disk is left to the writer to deal with.
    pub fn prepare_segments(&self) -> Result<(), Fault> {
        loop {
            let (seq, spare) = {
                let mut files = self.files();
                if files.ready.len() >= self.options.ready || files.no_room_for_segment || files.stop {
                    return Ok(());
                }
                files.busy += 1;
                files.assign()
            };
            let made = self.make_segment(seq, spare);
            let mut files = self.files();
            files.busy -= 1;
            self.changed.notify_all();
            match made {
                Ok(segment) => files.add_ready(segment),
                Err(fault) if fault.is_full() => files.no_room_for_segment = true,
                Err(fault) => return Err(fault),
            }
        }
    }

    /// Records that there is no room for a sorted run. It is not tried again before something changes.
    pub fn set_no_room_for_run(&self) {
        let mut files = self.files();
        (files.no_room_for_run, files.urgent) = (true, false);
        self.changed.notify_all();
    }

    /// Returns whether the compaction that is under way is to give up.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    /// Returns the sorted runs, and the sealed log files to compact next.
    pub fn compaction_input(&self) -> (Vec<SortedRun>, Vec<Segment>) {
        let files = self.files();
        let most = 2 * self.options.compact_at(files.runs_bytes());
        let mut bytes = 0;
        let within = |segment: &&Segment| {
            bytes += segment.bytes;
            bytes <= most || bytes == segment.bytes
        };
        (files.runs.clone(), files.sealed.iter().take_while(within).cloned().collect())
    }

    /// Installs a new run in place of the runs after the first `kept` and of the log files before its end.
    pub fn install(&self, kept: usize, run: SortedRun) -> Result<(), Fault> {
        let mut files = self.files();
        let kept = kept.min(files.runs.len());
        let mut obsolete: Vec<_> = files.runs.drain(kept..).map(|old| old.span.path(&self.dir)).collect();
        files.runs.push(run);
        (files.no_room_for_segment, files.urgent) = (false, false);
        let later = files.sealed.iter().position(|segment| segment.seq >= run.span.end());
        let count = later.unwrap_or(files.sealed.len());
        for segment in files.sealed.drain(..count).collect::<Vec<_>>() {
            let wanted = files.ready.len() + files.spare.len() < self.options.spares;
            match wanted && segment.bytes == self.options.segment_bytes && segment.reusable {
                true => files.spare.push(segment),
                false => obsolete.push(numbered(&self.dir, LOG, segment.seq)),
            }
        }
        files.busy += 1;
        drop(files);
        let removed = obsolete.iter().try_for_each(|path| remove(path));
        self.files().busy -= 1;
        self.changed.notify_all();
        removed
    }

    /// Records that the compactor cannot go on, so that the store cannot either.
    pub fn fail(&self, fault: Fault) {
        self.files().failure = Some(fault);
        self.has_failed.store(true, Ordering::Release);
        self.changed.notify_all();
    }

    /// Returns whether the compactor failed.
    pub fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::Acquire)
    }

    /// Takes what the compactor failed with, once.
    pub fn take_failure(&self) -> Option<Fault> {
        self.files().failure.take()
    }

    /// Tells the compactor to end.
    pub fn stop(&self) {
        self.files().stop = true;
        self.cancel.store(true, Ordering::Relaxed);
        self.changed.notify_all();
    }
}
