//! The set of files of an open store.

use super::error::Fault;
use super::mapped::MappedSegment;
use super::options::Options;
use super::segment::Segment;
use super::sorted_run::SortedRun;
use std::collections::VecDeque;
use std::sync::Arc;

/// Holds the files of an open store, and what the writer and the compactor know of each other's work on them.
#[derive(Debug)]
pub(super) struct Files {
    /// The sorted runs, the lowest first.
    pub runs: Vec<SortedRun>,
    /// Full log files in order. All of them are later than the runs.
    pub sealed: VecDeque<Segment>,
    /// Log files prepared for the writer, in order.
    pub ready: VecDeque<Segment>,
    /// Log files that can be reused.
    pub spare: Vec<Segment>,
    /// Number of the next log file to be made.
    pub next_seq: u64,
    /// Number of the log file that is written, or is about to be.
    pub active_seq: u64,
    /// The mapped memory of that file.
    pub active: Option<Arc<MappedSegment>>,
    /// The disk had no room for a log file. Not tried again before something changes.
    pub no_room_for_segment: bool,
    /// The disk had no room for a sorted run. Not tried again before something changes.
    pub no_room_for_run: bool,
    /// The writer waits for a compaction to make room.
    pub urgent: bool,
    /// Number of threads that work on files that are neither ready nor spare, or are about to be removed.
    pub busy: u32,
    /// The compactor is to end.
    pub stop: bool,
    /// Why the store cannot go on.
    pub failure: Option<Fault>,
}

impl Files {
    pub fn new(runs: Vec<SortedRun>, next_seq: u64) -> Self {
        Self {
            runs,
            sealed: VecDeque::new(),
            ready: VecDeque::new(),
            spare: Vec::new(),
            next_seq,
            active_seq: 0,
            active: None,
            no_room_for_segment: false,
            no_room_for_run: false,
            urgent: false,
            busy: 0,
            stop: false,
            failure: None,
        }
    }

    /// Assigns the number of a new log file, and a spare file for it if there is one.
    pub fn assign(&mut self) -> (u64, Option<Segment>) {
        let seq = self.next_seq;
        self.next_seq += 1;
        (seq, self.spare.pop())
    }

    /// Adds a log file that was prepared. Log files are written in the order of their numbers, so if the writer has made a
    /// later one itself in the meantime, this one becomes a spare.
    pub fn add_ready(&mut self, segment: Segment) {
        match segment.seq > self.active_seq {
            true => self.ready.push_back(segment),
            false => self.spare.push(segment),
        }
    }

    /// Returns the number of the first log file that is in no run.
    pub fn first_uncompacted(&self) -> u64 {
        self.runs.last().map_or(0, |run| run.span.end())
    }

    /// Returns the length of all runs, in bytes.
    pub fn runs_bytes(&self) -> u64 {
        self.runs.iter().map(|run| run.bytes).sum()
    }

    /// Returns how much log can be compacted, in bytes.
    pub fn sealed_bytes(&self) -> u64 {
        self.sealed.iter().map(|segment| segment.bytes).sum()
    }

    /// Gives the mapped pages of all log files back to the system.
    pub fn release_pages(&self) {
        let others = self.ready.iter().chain(&self.spare).chain(&self.sealed);
        let mapped = others.filter_map(|segment| segment.mapped.as_ref()).chain(&self.active);
        mapped.for_each(|mapped| mapped.release_pages());
    }

    /// Returns whether it is time for a compaction.
    pub fn needs_compaction(&self, options: &Options) -> bool {
        let enough = self.sealed_bytes() >= options.compact_at(self.runs_bytes());
        self.urgent || (enough && !self.no_room_for_run)
    }
}
