//! Reading log segments: commits in the order of their numbers.

use super::error::Fault;
use super::frame::{self, Frame};
use super::layout::{LOG, numbered};
use super::segment::{Segment, TITLE, seed};
use crate::batch::{self, Change, Changes};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Longest log file that is read into memory, in bytes.
const FILE_BYTES_MAX: u64 = 1 << 30;

/// Holds the content of a log file in memory.
#[derive(Debug)]
pub(super) struct SegmentContents {
    bytes: Vec<u8>,
    seed: u64,
    seq: u64,
}

impl SegmentContents {
    /// Reads the log file `seq`.
    pub fn read(dir: &Path, id: u64, seq: u64) -> Result<Self, Fault> {
        Self::of(&Segment::open(dir, seq, 0)?, dir, id, Vec::new())
    }

    /// Reads an open log file into `buffer`, whose content is discarded.
    pub fn of(segment: &Segment, dir: &Path, id: u64, mut buffer: Vec<u8>) -> Result<Self, Fault> {
        let path = numbered(dir, LOG, segment.seq);
        if segment.bytes > FILE_BYTES_MAX {
            return Err(Fault::Damaged(format!("{} is longer than any that is written", path.display())));
        }
        buffer.resize(segment.bytes as usize, 0);
        let mut at = 0;
        while let Some(rest) = buffer.get_mut(at..).filter(|rest| !rest.is_empty()) {
            match segment.file.read_at(rest, at as u64).map_err(Fault::io(&path))? {
                0 => break,
                read => at += read,
            }
        }
        buffer.truncate(at);
        Ok(Self { bytes: buffer, seed: seed(id, segment.seq), seq: segment.seq })
    }

    /// Returns the buffer, so that it can be used again.
    pub fn into_buffer(self) -> Vec<u8> {
        self.bytes
    }

    /// Iterates over its commits. Returns `None` if the file has no title, so that it is not this log file.
    pub fn commits(&self) -> Option<Commits<'_>> {
        let title = frame::read(&self.bytes, self.seed)?;
        if title.number != self.seq || title.payload != TITLE {
            return None;
        }
        let rest = self.bytes.get(title.bytes()..)?;
        Some(Commits { rest, seed: self.seed })
    }

    /// Returns the number of its last commit, or `last` if it has none. Returns `None` if it is no log file, or if its
    /// commits do not continue after commit `last` without a gap.
    pub fn last_commit(&self, mut last: u64) -> Option<u64> {
        for commit in self.commits()? {
            if !continues(&commit, last) {
                return None;
            }
            last = commit.number;
        }
        Some(last)
    }
}

/// Iterates over the commits of a log file, up to the first place where there is no valid frame.
#[derive(Clone, Debug)]
pub(super) struct Commits<'a> {
    rest: &'a [u8],
    seed: u64,
}

impl<'a> Iterator for Commits<'a> {
    type Item = Frame<'a>;

    fn next(&mut self) -> Option<Frame<'a>> {
        let commit = frame::read(self.rest, self.seed)?;
        self.rest = self.rest.get(commit.bytes()..)?;
        Some(commit)
    }
}

/// Returns the changes of these log files, which hold the commits after `first` up to `last`.
///
/// Errors: `Damaged` if any of these commits is missing.
pub(super) fn changes<'a>(
    logs: impl IntoIterator<Item = &'a SegmentContents, IntoIter: Clone>,
    first: u64,
    last: u64,
) -> Result<impl Iterator<Item = Change<'a>>, Fault> {
    let commits = logs.into_iter().filter_map(SegmentContents::commits).flatten();
    let mut at = first;
    for commit in commits.clone() {
        if !continues(&commit, at) {
            break;
        }
        at = commit.number;
    }
    match at == last {
        true => Ok(commits.flat_map(|commit| Changes::new(commit.payload))),
        false => Err(Fault::Damaged(format!("what follows commit {at} is not what was written"))),
    }
}

/// Returns whether this is the commit after commit `last`.
fn continues(commit: &Frame<'_>, last: u64) -> bool {
    commit.number.checked_sub(1) == Some(last) && batch::changes(commit.payload).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::segment::START;
    use super::*;

    fn commit(segment: &Segment, id: u64, at: u64, number: u64, payload: &[u8]) -> u64 {
        let mut bytes = Vec::new();
        frame::write(&mut bytes, seed(id, segment.seq), number, payload);
        segment.write(at, &bytes).unwrap();
        at + bytes.len() as u64
    }

    fn numbers(dir: &Path, id: u64, seq: u64) -> Option<Vec<u64>> {
        let bytes = SegmentContents::read(dir, id, seq).unwrap();
        bytes.commits().map(|commits| commits.map(|commit| commit.number).collect())
    }

    #[test]
    fn a_reused_file_shows_nothing_of_its_past() {
        reused(|segment| segment);
    }

    #[test]
    fn a_file_that_is_not_mapped_is_written_by_system_calls() {
        reused(|segment| Segment { mapped: None, ..segment });
    }

    fn reused(made: impl Fn(Segment) -> Segment) {
        let dir = tempfile::tempdir().unwrap();
        let segment = made(Segment::create(dir.path(), 9, 1, 4096).unwrap());
        let mut at = START;
        for number in 1..=5 {
            at = commit(&segment, 9, at, number, b"same length");
        }
        assert_eq!(numbers(dir.path(), 9, 1), Some(vec![1, 2, 3, 4, 5]));
        assert_eq!(numbers(dir.path(), 8, 1), None, "another store");
        let segment = segment.reuse(dir.path(), 9, 2).unwrap();
        assert_eq!(numbers(dir.path(), 9, 2), Some(vec![]));
        commit(&segment, 9, START, 6, b"same length");
        assert_eq!(numbers(dir.path(), 9, 2), Some(vec![6]));
        assert!(SegmentContents::read(dir.path(), 9, 1).is_err());
    }

    #[test]
    fn a_file_grows_for_a_long_commit() {
        let dir = tempfile::tempdir().unwrap();
        let mut segment = Segment::create(dir.path(), 9, 1, 4096).unwrap();
        segment.grow(dir.path(), 10_000).unwrap();
        commit(&segment, 9, START, 1, &[1; 9000]);
        assert_eq!(numbers(dir.path(), 9, 1), Some(vec![1]));
        assert_eq!(segment.file.metadata().unwrap().len(), 10_000);
    }
}
