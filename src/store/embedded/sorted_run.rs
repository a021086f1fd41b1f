//! Sorted runs: files of records with ascending keys, written once and never changed. They lie on top of each other.
//!
//! The lowest is `records-N`: all records as they were when `log-N` began. On it lie `changes-A-B`: the last change of each
//! key in the log files from A up to, but not including, B. Each run begins where the one below ends, and the log continues
//! where the uppermost ends. A run that was merged from several covers all of them, so they are obsolete once it has its
//! name.
//!
//! ```text
//! frame: end of the span    | title, number of the last commit in the run u64
//! frames: 0, 1, 2 …         | records, encoded as in a batch
//! frame: number of frames   | empty; the file ends here
//! ```
//!
//! In a run that is not the lowest, the title also has, before that number, the number of the last commit below; and
//! records may be deleted or new.

use super::frame;
use super::layout::{CHANGES, RECORDS};
use crate::batch::{KEY_BYTES_MAX, VALUE_BYTES_MAX};
use std::path::{Path, PathBuf};

const TITLE: &[u8] = b"lockhouse records 1\n";
const TITLE_CHANGES: &[u8] = b"lockhouse changes 1\n";
/// Size from which on a frame is written, in bytes.
pub(super) const FRAME_BYTES: usize = 64 << 10;
/// Longest payload of a frame, in bytes: a frame that is almost full takes one more record, whatever its size.
pub(super) const PAYLOAD_BYTES_MAX: usize = FRAME_BYTES + KEY_BYTES_MAX + VALUE_BYTES_MAX + 64;

/// Names the log files whose changes are in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// All before this log file.
    Before(u64),
    /// The log files from the first number up to, but not including, the second.
    Between(u64, u64),
}

impl Span {
    /// Returns the first log file after it.
    pub fn end(self) -> u64 {
        match self {
            Self::Before(end) | Self::Between(_, end) => end,
        }
    }

    /// Extends it to `end`.
    pub fn up_to(self, end: u64) -> Self {
        match self {
            Self::Before(_) => Self::Before(end),
            Self::Between(from, _) => Self::Between(from, end),
        }
    }

    /// Returns whether no run is below.
    pub fn is_lowest(self) -> bool {
        matches!(self, Self::Before(_))
    }

    /// Returns the path of the file.
    pub fn path(self, dir: &Path) -> PathBuf {
        match self {
            Self::Before(end) => dir.join(format!("{RECORDS}-{end}")),
            Self::Between(from, end) => dir.join(format!("{CHANGES}-{from}-{end}")),
        }
    }

    /// Returns the seed for the frames of the file.
    pub fn seed(self, id: u64) -> u64 {
        match self {
            Self::Before(end) => frame::seed(id, RECORDS, end),
            Self::Between(from, end) => frame::seed(frame::seed(id, CHANGES, from), CHANGES, end),
        }
    }
}

/// Represents a sorted run that exists on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SortedRun {
    pub span: Span,
    /// Number of the last commit below; 0 for the lowest run.
    pub after: u64,
    /// Number of the last commit in it.
    pub last: u64,
    /// Length of the file.
    pub bytes: u64,
}

impl SortedRun {
    /// Encodes the payload of its first frame.
    pub fn title(&self) -> Vec<u8> {
        match self.span {
            Span::Before(_) => [TITLE, &self.last.to_le_bytes()].concat(),
            Span::Between(..) => {
                [TITLE_CHANGES, &self.after.to_le_bytes(), &self.last.to_le_bytes()].concat()
            }
        }
    }
}

/// Decodes the payload of the first frame of the run `span`: the numbers of the last commit below and of the last in it.
/// Returns `None` if it is not such a payload.
pub(super) fn decode_title(span: Span, title: &[u8]) -> Option<(u64, u64)> {
    match span {
        Span::Before(_) => Some((0, u64::from_le_bytes(title.strip_prefix(TITLE)?.try_into().ok()?))),
        Span::Between(..) => {
            let (after, last) = title.strip_prefix(TITLE_CHANGES)?.split_first_chunk::<8>()?;
            Some((u64::from_le_bytes(*after), u64::from_le_bytes(last.try_into().ok()?)))
        }
    }
}

/// Returns how many runs, from the uppermost down, a compaction of `changes_bytes` bytes of changes merges: those that are
/// at most `ratio` times as long as everything above them. So each run is shorter than the one below by that factor, there
/// are few of them, and a byte is rewritten few times.
pub(super) fn merge_depth(runs: &[SortedRun], changes_bytes: u64, ratio: u64) -> usize {
    let mut above = changes_bytes;
    let small = |run: &&SortedRun| {
        let small = run.bytes <= above.saturating_mul(ratio);
        above += run.bytes;
        small
    };
    runs.iter().rev().take_while(small).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_that_are_not_much_longer_are_merged() {
        let lengths = |lengths: &[u64]| -> Vec<SortedRun> {
            let run = |bytes: &u64| SortedRun { span: Span::Before(1), after: 0, last: 0, bytes: *bytes };
            lengths.iter().map(run).collect()
        };
        assert_eq!(merge_depth(&lengths(&[1000, 100, 10]), 1, 4), 0);
        assert_eq!(merge_depth(&lengths(&[1000, 100, 10]), 3, 4), 1);
        assert_eq!(merge_depth(&lengths(&[1000, 100, 10]), 15, 4), 2);
        assert_eq!(merge_depth(&lengths(&[1000, 200, 10]), 41, 4), 3);
        assert_eq!(merge_depth(&lengths(&[1000, 100]), 0, 4), 0);
        assert_eq!(merge_depth(&lengths(&[10, 10]), 1000, 0), 0);
    }
}
