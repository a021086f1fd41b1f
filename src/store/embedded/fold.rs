//! Folding: the log does not grow for ever. A thread of its own makes finished log files and the file of records into
//! a new file of records, and hands the log files back to be used again. Commits go on meanwhile.

use super::Options;
use super::fault::Fault;
use super::layout::{LOG, RECORDS, numbered, remove};
use super::overlay::{Overlay, merge};
use super::records::{Reader, Writer};
use super::segment::{Octets, Segment};
use crate::store::Batch;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

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
        !self.full
            && self.finished_bytes() >= self.records_bytes.clamp(options.fold_bytes, options.fold_bytes_max)
    }
}

impl Shared {
    pub fn new(dir: &Path, id: u64, options: Options, files: Files) -> Self {
        let (files, changed, turn) = (Mutex::new(files), Condvar::new(), Mutex::new(()));
        let (hurry, in_trouble) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { dir: dir.to_owned(), id, options, files, changed, turn, hurry, in_trouble }
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

    /// Waits while there is too much to be folded. Not for one who has the turn.
    pub fn wait_for_room(&self) {
        let mut files = self.files();
        let limit = self.options.log_bytes_max + 2 * files.records_bytes;
        while files.finished_bytes() > limit && !files.full && files.trouble.is_none() && !files.stop {
            // Folding cannot keep up with the disk it writes to.
            files = self.changed.wait(files).unwrap_or_else(PoisonError::into_inner);
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

/// Starts the thread that folds.
pub(super) fn start(shared: &Arc<Shared>) -> std::io::Result<std::thread::JoinHandle<()>> {
    let shared = shared.clone();
    std::thread::Builder::new().name("store".into()).spawn(move || {
        let ran = catch_unwind(AssertUnwindSafe(|| run(&shared)));
        let fault = match ran {
            Ok(Ok(())) => return,
            Ok(Err(fault)) => fault,
            Err(_) => Fault::Damaged("folding it panicked".into()),
        };
        shared.files().trouble = Some(fault);
        shared.in_trouble.store(true, Ordering::Release);
        shared.changed.notify_all();
    })
}

fn run(shared: &Shared) -> Result<(), Fault> {
    loop {
        let mut files = shared.files();
        let due = loop {
            if files.stop {
                return Ok(());
            }
            let due = files.is_due(&shared.options);
            if due || (files.ready.len() < shared.options.ready && !files.full) {
                break due;
            }
            files = shared.changed.wait(files).unwrap_or_else(PoisonError::into_inner);
        };
        drop(files);
        match prepare(shared).and_then(|()| if due { fold(shared) } else { Ok(()) }) {
            Err(fault) if fault.is_full() => {
                shared.files().full = true;
                shared.changed.notify_all();
            }
            result => result?,
        }
    }
}

/// Makes the next log files, so that the writer need not.
fn prepare(shared: &Shared) -> Result<(), Fault> {
    loop {
        let (seq, spare) = {
            let mut files = shared.files();
            if files.ready.len() >= shared.options.ready || files.stop {
                return Ok(());
            }
            files.assign()
        };
        shared.add_ready(shared.make(seq, spare)?);
    }
}

/// Makes finished log files and the file of records into a new file of records.
fn fold(shared: &Shared) -> Result<(), Fault> {
    let _turn = shared.turn();
    let (records, segments) = {
        let files = shared.files();
        let mut bytes = 0;
        let within = |segment: &&Segment| {
            bytes += segment.bytes;
            bytes <= 2 * shared.options.fold_bytes_max || bytes == segment.bytes
        };
        (files.records, files.finished.iter().take_while(within).cloned().collect::<Vec<_>>())
    };
    let Some(newest) = segments.last() else { return Ok(()) };
    let next = newest.seq + 1;
    let mut below = Reader::open(&shared.dir, shared.id, records)?;
    let batches = last_changes(shared, &segments, below.last)?;
    let mut over = Overlay::default();
    for batch in &batches {
        over.add(batch.as_octets());
    }
    let mut writer = Writer::create(&shared.dir, shared.id, next, newest.last)?;
    let mut taken = 0_u32;
    let done = merge(Some(&mut below), &over.sorted(), &mut |key, value| {
        writer.add(key, value)?;
        taken = taken.wrapping_add(1);
        if taken.is_multiple_of(1024) {
            prepare(shared)?;
        }
        let hurry = shared.hurry.load(Ordering::Relaxed);
        Ok(if hurry { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    match done {
        ControlFlow::Break(()) => Ok(()),
        ControlFlow::Continue(()) => {
            let bytes = writer.finish(&shared.dir)?;
            shared.replaced(next, bytes)
        }
    }
}

/// For each of these log files, which follow commit `last`, the last changes of its keys. They are few where the same
/// records are written over and over, so that the log is never in memory as a whole.
fn last_changes(shared: &Shared, segments: &[Segment], mut last: u64) -> Result<Vec<Batch>, Fault> {
    let mut buffer = Vec::new();
    let mut batches = Vec::new();
    for segment in segments {
        let octets = Octets::of(segment, &shared.dir, shared.id, buffer)?;
        batches.push(overlay([&octets], last, segment.last)?.to_batch());
        last = segment.last;
        buffer = octets.into_buffer();
        prepare(shared)?;
    }
    Ok(batches)
}

/// The changes of these log files, which are the commits after `first` up to `last`.
pub(super) fn overlay<'a>(
    octets: impl IntoIterator<Item = &'a Octets>,
    first: u64,
    last: u64,
) -> Result<Overlay<'a>, Fault> {
    let mut over = Overlay::default();
    let mut at = first;
    for commit in octets.into_iter().filter_map(Octets::commits).flatten() {
        if commit.number.checked_sub(1) != Some(at) || !over.add(commit.payload) {
            break;
        }
        at = commit.number;
    }
    match at == last {
        true => Ok(over),
        false => Err(Fault::Damaged(format!("what follows commit {at} is not what was written"))),
    }
}
