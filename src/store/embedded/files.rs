//! Which files there are.

use super::Options;
use super::error::Fault;
use super::mapped::MappedSegment;
use super::segment::Segment;
use super::sorted_run::SortedRun;
use std::collections::VecDeque;
use std::sync::Arc;

/// Which files there are.
#[derive(Debug)]
pub(super) struct Files {
    /// The runs, the lowest first.
    pub runs: Vec<SortedRun>,
    /// Log files that are full, in order. All of them are later than the runs.
    pub finished: VecDeque<Segment>,
    /// Log files to be written next, in order.
    pub ready: VecDeque<Segment>,
    /// Log files to be used again.
    pub spare: Vec<Segment>,
    /// Number of the next log file to be made.
    pub next_seq: u64,
    /// Number of the log file that is written, or about to be.
    pub active_seq: u64,
    /// Through which that is written.
    pub active: Option<Arc<MappedSegment>>,
    /// There is no room for a log file, or to fold, until something changes.
    pub cannot_make: bool,
    pub cannot_compact: bool,
    /// The writer waits for a fold to make room.
    pub urgent: bool,
    /// How many are at work on files that are neither ready nor spare, or about to be removed.
    pub busy: u32,
    pub stop: bool,
    /// Why the store cannot go on.
    pub trouble: Option<Fault>,
}

impl Files {
    pub fn new(runs: Vec<SortedRun>, next_seq: u64) -> Self {
        Self {
            runs,
            finished: VecDeque::new(),
            ready: VecDeque::new(),
            spare: Vec::new(),
            next_seq,
            active_seq: 0,
            active: None,
            cannot_make: false,
            cannot_compact: false,
            urgent: false,
            busy: 0,
            stop: false,
            trouble: None,
        }
    }

    /// The number of a new log file, and a file for it if one is spare.
    pub fn assign(&mut self) -> (u64, Option<Segment>) {
        let seq = self.next_seq;
        self.next_seq += 1;
        (seq, self.spare.pop())
    }

    /// Takes a log file that was made in advance. Log files are written in the order of their numbers, so it is too late
    /// for one when the writer had to make a later one itself.
    pub fn add_ready(&mut self, segment: Segment) {
        match segment.seq > self.active_seq {
            true => self.ready.push_back(segment),
            false => self.spare.push(segment),
        }
    }

    /// The first log file that is in no run.
    pub fn folded(&self) -> u64 {
        self.runs.last().map_or(0, |run| run.span.end())
    }

    /// How long the runs are.
    pub fn records_bytes(&self) -> u64 {
        self.runs.iter().map(|run| run.bytes).sum()
    }

    /// How much log there is to fold.
    pub fn finished_bytes(&self) -> u64 {
        self.finished.iter().map(|segment| segment.bytes).sum()
    }

    /// Gives back the memory in which log files are seen.
    pub fn rest(&self) {
        let others = self.ready.iter().chain(&self.spare).chain(&self.finished);
        let mapped = others.filter_map(|segment| segment.mapped.as_ref()).chain(&self.active);
        mapped.for_each(|mapped| mapped.rest());
    }

    /// Whether folding is worth it.
    pub fn is_due(&self, options: &Options) -> bool {
        self.urgent
            || (!self.cannot_compact && self.finished_bytes() >= options.compact_at(self.records_bytes()))
    }
}
