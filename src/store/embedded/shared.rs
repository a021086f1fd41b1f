//! Which files there are: what the writer and the folding thread share.

use super::Options;
use super::fault::Fault;
use super::layout::{LOG, RECORDS, numbered, remove};
use super::segment::Segment;
use std::collections::VecDeque;
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
    files: Mutex<Files>,
    changed: Condvar,
    /// Held while files of records and finished log files are read or replaced.
    turn: Mutex<()>,
    /// Give up folding.
    hurry: AtomicBool,
    /// There is so much to be folded that commits should slow down.
    behind: AtomicBool,
    /// There is something in `Files::trouble`.
    pub in_trouble: AtomicBool,
}

/// Which files there are.
#[derive(Debug)]
pub(super) struct Files {
    /// Number of the file of records.
    pub records: u64,
    pub records_bytes: u64,
    /// Log files that are full, in order. All of them are later than the records.
    pub finished: VecDeque<Segment>,
    /// Log files to be written next, in order.
    ready: VecDeque<Segment>,
    /// Log files to be used again.
    spare: Vec<Segment>,
    /// Number of the next log file to be made.
    next_seq: u64,
    /// Number of the log file that is written, or about to be.
    active_seq: u64,
    /// There is no room to fold until something changes.
    full: bool,
    stop: bool,
    /// Why the store cannot go on.
    trouble: Option<Fault>,
}

impl Files {
    pub fn new(records: u64, records_bytes: u64, next_seq: u64) -> Self {
        let (finished, ready, spare) = (VecDeque::new(), VecDeque::new(), Vec::new());
        let (full, stop, trouble) = (false, false, None);
        let active_seq = 0;
        Self { records, records_bytes, finished, ready, spare, next_seq, active_seq, full, stop, trouble }
    }

    /// The number of a new log file, and a file for it if one is spare.
    fn assign(&mut self) -> (u64, Option<Segment>) {
        let seq = self.next_seq;
        self.next_seq += 1;
        (seq, self.spare.pop())
    }

    fn finished_bytes(&self) -> u64 {
        self.finished.iter().map(|segment| segment.bytes).sum()
    }

    /// Whether folding is worth it: when there is as much log as there are records, each record is written anew once
    /// for each that was changed.
    fn is_due(&self, options: &Options) -> bool {
        !self.full && self.finished_bytes() >= options.fold_at(self.records_bytes)
    }
}

impl Shared {
    pub fn new(dir: &Path, id: u64, options: Options, files: Files) -> Self {
        let (files, changed, turn) = (Mutex::new(files), Condvar::new(), Mutex::new(()));
        let [hurry, behind, in_trouble] = [false; 3].map(AtomicBool::new);
        Self { dir: dir.to_owned(), id, options, files, changed, turn, hurry, behind, in_trouble }
    }

    pub fn files(&self) -> MutexGuard<'_, Files> {
        // Nothing under this mutex panics half-way.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nobody else works on finished files.
    pub fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`turn`](Self::turn), and a fold that is on its way gives up.
    pub fn turn_now(&self) -> MutexGuard<'_, ()> {
        self.hurry.store(true, Ordering::Relaxed);
        let turn = self.turn();
        self.hurry.store(false, Ordering::Relaxed);
        turn
    }

    /// Takes a log file that is full, to be folded.
    pub fn finish(&self, full: Segment) {
        let mut files = self.files();
        files.finished.push_back(full);
        files.full = false;
        self.changed.notify_all();
    }

    /// Waits while there is far too much to be folded. Not for one who has the turn.
    pub fn wait_for_room(&self) {
        let mut files = self.files();
        let limit = self.options.log_bytes_max + 2 * files.records_bytes;
        while files.finished_bytes() > limit && !files.full && files.trouble.is_none() && !files.stop {
            // Folding cannot keep up with the disk it writes to.
            files = self.changed.wait(files).unwrap_or_else(PoisonError::into_inner);
        }
        let slow = files.finished_bytes() > self.options.log_bytes_slow + 2 * files.records_bytes;
        self.behind.store(slow, Ordering::Relaxed);
    }

    /// Waits a millisecond if folding is behind, so that it can catch up before everybody has to wait for it.
    pub fn pause_if_behind(&self) {
        if self.behind.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// The next log file to write, with room for `bytes`.
    pub fn next(&self, bytes: u64) -> Result<Segment, Fault> {
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
        Ok(segment)
    }

    fn make(&self, seq: u64, spare: Option<Segment>) -> Result<Segment, Fault> {
        match spare {
            Some(spare) => spare.reuse(&self.dir, self.id, seq),
            None => Segment::create(&self.dir, self.id, seq, self.options.segment_bytes),
        }
    }

    /// Takes a log file that was made in advance. Log files are written in the order of their numbers, so it is too late
    /// for one when the writer had to make a later one itself.
    fn add_ready(&self, segment: Segment) {
        let mut files = self.files();
        match segment.seq > files.active_seq {
            true => files.ready.push_back(segment),
            false => files.spare.push(segment),
        }
    }

    /// Waits for something to do for the folding thread; tells whether it is to fold. `None`: it shall end.
    pub fn wait_for_work(&self) -> Option<bool> {
        let mut files = self.files();
        loop {
            if files.stop {
                return None;
            }
            let due = files.is_due(&self.options);
            if due || (files.ready.len() < self.options.ready && !files.full) {
                return Some(due);
            }
            files = self.changed.wait(files).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Makes the next log files, so that the writer need not.
    pub fn prepare(&self) -> Result<(), Fault> {
        loop {
            let (seq, spare) = {
                let mut files = self.files();
                if files.ready.len() >= self.options.ready || files.stop {
                    return Ok(());
                }
                files.assign()
            };
            self.add_ready(self.make(seq, spare)?);
        }
    }

    /// There is no room; not worth trying again before something changes.
    pub fn note_full(&self) {
        self.files().full = true;
        self.changed.notify_all();
    }

    /// Whether a fold shall give up.
    pub fn is_in_a_hurry(&self) -> bool {
        self.hurry.load(Ordering::Relaxed)
    }

    /// The number of the file of records, and the full log files to fold next.
    pub fn to_fold(&self) -> (u64, Vec<Segment>) {
        let files = self.files();
        let most = 2 * self.options.fold_at(files.records_bytes);
        let mut bytes = 0;
        let within = |segment: &&Segment| {
            bytes += segment.bytes;
            bytes <= most || bytes == segment.bytes
        };
        (files.records, files.finished.iter().take_while(within).cloned().collect())
    }

    /// Says that the file of records `seq`, a new one, holds what was in log files before `seq`.
    pub fn replaced(&self, seq: u64, bytes: u64) -> Result<(), Fault> {
        let mut files = self.files();
        let mut gone = vec![numbered(&self.dir, RECORDS, files.records)];
        (files.records, files.records_bytes) = (seq, bytes);
        let later = files.finished.iter().position(|segment| segment.seq >= seq);
        let count = later.unwrap_or(files.finished.len());
        for segment in files.finished.drain(..count).collect::<Vec<_>>() {
            let kept = files.ready.len() + files.spare.len() < self.options.spares;
            match kept && segment.bytes == self.options.segment_bytes && segment.reusable {
                true => files.spare.push(segment),
                false => gone.push(numbered(&self.dir, LOG, segment.seq)),
            }
        }
        self.changed.notify_all();
        drop(files);
        gone.iter().try_for_each(|path| remove(path))
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
