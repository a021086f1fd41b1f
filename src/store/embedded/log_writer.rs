//! Writing the log: commits go to the end of the active log file.

use super::commit_mark::CommitMark;
use super::error::Fault;
use super::frame;
use super::layout::sync_names;
use super::segment::{self, Segment};
use super::shared::Shared;
use crate::batch::Batch;
use std::sync::Arc;

/// A commit pauses after this many bytes when compaction is behind: 64 MiB/s, a fraction of what compaction achieves.
const PAUSE_BYTES: u64 = 64 << 10;
/// Capacity of the buffer that is kept, in bytes.
const BUFFER_BYTES_KEPT: usize = 1 << 20;

/// Appends commits to the log.
#[derive(Debug)]
pub(super) struct LogWriter {
    shared: Arc<Shared>,
    mark: CommitMark,
    /// The log file that is written.
    active: Segment,
    /// Where the next commit goes.
    at: u64,
    seed: u64,
    /// Number of the last commit.
    last: u64,
    buffer: Vec<u8>,
    /// Bytes written since the last pause.
    unpaused_bytes: u64,
    /// Sealed log files that were not synced yet.
    unsynced: Vec<Segment>,
    /// Whether the directory was not synced yet.
    names_unsynced: bool,
}

impl LogWriter {
    /// Starts to write behind commit `last`, in a new log file: the end of the previous one may be an incomplete commit.
    pub fn start(
        shared: &Arc<Shared>,
        mark: CommitMark,
        last: u64,
        unsynced: Vec<Segment>,
    ) -> Result<Self, Fault> {
        let active = shared.next_segment_now(0)?;
        Ok(Self {
            mark,
            at: segment::START,
            seed: segment::seed(shared.id, active.seq),
            active,
            last,
            buffer: Vec::new(),
            unpaused_bytes: 0,
            unsynced,
            names_unsynced: true,
            shared: shared.clone(),
        })
    }

    /// Returns the number of the last commit.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Returns the log file that is written.
    pub fn active(&self) -> &Segment {
        &self.active
    }

    /// Appends a commit. It survives the process once this returns.
    pub fn append(&mut self, batch: &Batch) -> Result<(), Fault> {
        if batch.is_empty() {
            return Ok(());
        }
        let number = self.last + 1;
        self.buffer.clear();
        let bytes = (frame::HEAD_BYTES + batch.encoded_bytes()) as u64;
        if self.at + bytes > self.active.bytes {
            self.seal();
            self.shared.wait_while_overloaded();
            self.activate(self.shared.next_segment(segment::START + bytes)?);
        }
        frame::write(&mut self.buffer, self.seed, number, batch.encoded());
        self.active.write(self.at, &self.buffer).map_err(Fault::io(&self.shared.dir))?;
        // After the commit: a number in the mark without its commit in the log is a loss.
        self.mark.write(number).map_err(Fault::io(&self.shared.dir))?;
        self.at += bytes;
        self.last = number;
        self.buffer.shrink_to(BUFFER_BYTES_KEPT);
        self.unpaused_bytes += bytes;
        if self.unpaused_bytes >= PAUSE_BYTES {
            self.unpaused_bytes = 0;
            self.shared.pause_if_behind();
        }
        Ok(())
    }

    /// Hands the active log file over to the compactor.
    fn seal(&mut self) {
        let full = Segment { last: self.last, ..self.active.clone() };
        self.unsynced.push(full.clone());
        self.shared.seal(full);
        let uncompacted = self.shared.files().first_uncompacted();
        self.unsynced.retain(|segment| segment.seq >= uncompacted);
    }

    fn activate(&mut self, next: Segment) {
        self.at = segment::START;
        self.seed = segment::seed(self.shared.id, next.seq);
        self.active = next;
        self.names_unsynced = true;
    }

    /// Seals the active log file and continues in a new one, which is not compacted before this is. The caller holds the
    /// maintenance lock.
    pub fn roll_over(&mut self) -> Result<(), Fault> {
        self.seal();
        self.activate(self.shared.next_segment_now(0)?);
        Ok(())
    }

    /// Syncs all commits to the disk.
    pub fn sync(&mut self) -> Result<(), Fault> {
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

    /// Forgets sealed log files that need no sync any more, because all of their records are in a synced run.
    pub fn forget_sealed(&mut self) {
        self.unsynced.clear();
    }

    /// Sets the commit mark to the last commit.
    pub fn reset_mark(&mut self) -> Result<(), Fault> {
        self.mark.reset(self.last).map_err(Fault::io(&self.shared.dir))
    }

    /// Returns where the next commit goes.
    #[cfg(test)]
    pub fn at(&self) -> u64 {
        self.at
    }

    /// Sets the commit mark to any number.
    #[cfg(test)]
    pub fn set_mark(&mut self, number: u64) {
        self.mark.reset(number).expect("a commit mark");
    }
}
