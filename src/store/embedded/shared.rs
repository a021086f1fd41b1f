//! What the writer and the folding thread share.

use super::error::Fault;
use super::files::Files;
use super::layout::{LOG, numbered, remove};
use super::meta::Meta;
use super::segment::Segment;
use super::sorted_run::SortedRun;
use super::{FORMAT, Options};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What the writer and the folding thread share.
#[derive(Debug)]
pub(super) struct Shared {
    pub dir: PathBuf,
    pub id: u64,
    pub options: Options,
    meta: Mutex<Meta>,
    files: Mutex<Files>,
    changed: Condvar,
    /// Held while runs and finished log files are read or replaced.
    turn: Mutex<()>,
    /// Give up folding.
    hurry: AtomicBool,
    /// There is so much to be folded that commits should slow down.
    behind: AtomicBool,
    /// There is something in `Files::trouble`.
    pub in_trouble: AtomicBool,
}

/// What the folding thread is to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Make the next log files.
    Prepare,
    /// That too, and fold.
    Compact,
    /// Nothing, for as long as it was willing to wait.
    Rest,
}

impl Shared {
    pub fn new(dir: &Path, meta: Meta, options: Options, files: Files) -> Self {
        let (id, meta) = (meta.id, Mutex::new(meta));
        let (files, changed, turn) = (Mutex::new(files), Condvar::new(), Mutex::new(()));
        let [hurry, behind, in_trouble] = [false; 3].map(AtomicBool::new);
        Self { dir: dir.to_owned(), id, options, meta, files, changed, turn, hurry, behind, in_trouble }
    }

    pub fn files(&self) -> MutexGuard<'_, Files> {
        // Nothing under this mutex panics half-way.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what the store knows about itself, durably.
    pub fn set_meta(&self, change: impl FnOnce(&mut Meta)) -> Result<(), Fault> {
        let mut meta = self.meta.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = Meta { format: FORMAT, folded: self.files().folded(), ..meta.clone() };
        change(&mut changed);
        if changed != *meta {
            changed.write(&self.dir)?;
            *meta = changed;
        }
        Ok(())
    }

    /// Waits until nobody else works on finished files.
    pub fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`turn`](Self::turn), and a fold that is on its way gives up.
    pub fn turn_now(&self) -> MutexGuard<'_, ()> {
        self.hurry.store(true, Ordering::Relaxed);
        let turn = self.turn();
        // Under the mutex, so that the folding thread sees it before it waits.
        let files = self.files();
        self.hurry.store(files.stop, Ordering::Relaxed);
        self.changed.notify_all();
        turn
    }

    /// Takes a log file that is full, to be folded.
    pub fn finish(&self, full: Segment) {
        let mut files = self.files();
        files.finished.push_back(full);
        (files.cannot_make, files.cannot_compact) = (false, false);
        self.changed.notify_all();
    }

    /// Waits while there is far too much to be folded. Not for one who has the turn.
    pub fn wait_for_room(&self) {
        let mut files = self.files();
        let limit = self.options.log_bytes_max + 2 * files.records_bytes();
        while files.finished_bytes() > limit
            && !files.cannot_compact
            && files.trouble.is_none()
            && !files.stop
        {
            // Folding cannot keep up with the disk it writes to.
            files = self.changed.wait(files).unwrap_or_else(PoisonError::into_inner);
        }
        let slow = files.finished_bytes() > self.options.log_bytes_slow + 2 * files.records_bytes();
        self.behind.store(slow, Ordering::Relaxed);
    }

    /// Waits a millisecond if folding is behind, so that it can catch up before everybody has to wait for it.
    pub fn pause_if_behind(&self) {
        if self.behind.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// The next log file to write, with room for `bytes`. On a full disk it waits for a fold to make room. Not for one who
    /// has the turn.
    pub fn next(&self, bytes: u64) -> Result<Segment, Fault> {
        loop {
            match self.next_at_once(bytes) {
                Err(fault) if fault.is_full() && self.make_room() => {}
                result => return result,
            }
        }
    }

    /// Waits for log files that need no room, or for room, and lets the log be folded for them, however short it is.
    /// `false`: there will be none.
    fn make_room(&self) -> bool {
        let mut files = self.files();
        // Twice, because a fold that was on its way may have met the log file that found no room.
        let mut asks = 0..2;
        let folded = files.folded();
        let folds = |files: &Files| files.folded() != folded;
        while files.busy > 0 || (files.ready.is_empty() && files.spare.is_empty() && !folds(&files)) {
            if files.trouble.is_some() || files.stop {
                return false;
            }
            if files.busy == 0 && !files.urgent {
                if files.finished.is_empty() || asks.next().is_none() {
                    return false;
                }
                files.urgent = true;
                self.changed.notify_all();
            }
            files = self.changed.wait(files).unwrap_or_else(PoisonError::into_inner);
        }
        true
    }

    /// As [`next`](Self::next), but a full disk is an error.
    pub fn next_at_once(&self, bytes: u64) -> Result<Segment, Fault> {
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
                self.make(seq, spare)?
            }
        };
        self.changed.notify_all();
        segment.grow(&self.dir, bytes)?;
        self.files().active.clone_from(&segment.mapped);
        Ok(segment)
    }

    fn make(&self, seq: u64, spare: Option<Segment>) -> Result<Segment, Fault> {
        match spare {
            Some(spare) => spare.reuse(&self.dir, self.id, seq),
            None => Segment::create(&self.dir, self.id, seq, self.options.segment_bytes),
        }
    }

    /// Waits for something to do for the folding thread, but no longer than `patience`. `None`: it shall end.
    pub fn wait_for_work(&self, patience: Duration) -> Option<Work> {
        let mut files = self.files();
        loop {
            if files.stop {
                return None;
            }
            // One who is in a hurry gets the turn first.
            if files.is_due(&self.options) && !self.is_in_a_hurry() {
                return Some(Work::Compact);
            }
            if files.ready.len() < self.options.ready && !files.cannot_make {
                return Some(Work::Prepare);
            }
            let waited = self.changed.wait_timeout(files, patience).unwrap_or_else(PoisonError::into_inner);
            if waited.1.timed_out() {
                return Some(Work::Rest);
            }
            files = waited.0;
        }
    }

    /// Makes the next log files, so that the writer need not. That there is no room is the writer's concern.
    pub fn prepare(&self) -> Result<(), Fault> {
        loop {
            let (seq, spare) = {
                let mut files = self.files();
                if files.ready.len() >= self.options.ready || files.cannot_make || files.stop {
                    return Ok(());
                }
                files.busy += 1;
                files.assign()
            };
            let made = self.make(seq, spare);
            let mut files = self.files();
            files.busy -= 1;
            self.changed.notify_all();
            match made {
                Ok(segment) => files.add_ready(segment),
                Err(fault) if fault.is_full() => files.cannot_make = true,
                Err(fault) => return Err(fault),
            }
        }
    }

    /// There is no room to fold; not worth trying again before something changes.
    pub fn set_disk_full(&self) {
        let mut files = self.files();
        (files.cannot_compact, files.urgent) = (true, false);
        self.changed.notify_all();
    }

    /// Whether a fold shall give up.
    pub fn is_in_a_hurry(&self) -> bool {
        self.hurry.load(Ordering::Relaxed)
    }

    /// The runs, and the full log files to fold next.
    pub fn to_compact(&self) -> (Vec<SortedRun>, Vec<Segment>) {
        let files = self.files();
        let most = 2 * self.options.compact_at(files.records_bytes());
        let mut bytes = 0;
        let within = |segment: &&Segment| {
            bytes += segment.bytes;
            bytes <= most || bytes == segment.bytes
        };
        (files.runs.clone(), files.finished.iter().take_while(within).cloned().collect())
    }

    /// Says that there is a new run, in the place of the runs after the first `kept` and of log files before its end.
    pub fn replaced(&self, kept: usize, run: SortedRun) -> Result<(), Fault> {
        let mut files = self.files();
        let kept = kept.min(files.runs.len());
        let mut gone: Vec<_> = files.runs.drain(kept..).map(|old| old.span.path(&self.dir)).collect();
        files.runs.push(run);
        (files.cannot_make, files.urgent) = (false, false);
        let later = files.finished.iter().position(|segment| segment.seq >= run.span.end());
        let count = later.unwrap_or(files.finished.len());
        for segment in files.finished.drain(..count).collect::<Vec<_>>() {
            let kept = files.ready.len() + files.spare.len() < self.options.spares;
            match kept && segment.bytes == self.options.segment_bytes && segment.reusable {
                true => files.spare.push(segment),
                false => gone.push(numbered(&self.dir, LOG, segment.seq)),
            }
        }
        files.busy += 1;
        drop(files);
        let removed = gone.iter().try_for_each(|path| remove(path));
        self.files().busy -= 1;
        self.changed.notify_all();
        removed
    }

    /// The folding thread cannot go on, so the store cannot.
    pub fn fail(&self, fault: Fault) {
        self.files().trouble = Some(fault);
        self.in_trouble.store(true, Ordering::Release);
        self.changed.notify_all();
    }

    /// What went wrong behind the writer's back.
    pub fn trouble(&self) -> Option<Fault> {
        self.files().trouble.take()
    }

    /// Lets the thread end.
    pub fn stop(&self) {
        self.files().stop = true;
        self.hurry.store(true, Ordering::Relaxed);
        self.changed.notify_all();
    }
}
