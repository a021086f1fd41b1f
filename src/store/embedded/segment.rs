//! The log: files of a fixed size, one after the other, whose space is taken before they are used.
//!
//! The first frame says what the file is; its number is that of the file. After it come commits with ascending numbers,
//! and after the last one whatever was there before: zeros, or frames of an earlier use of the file, which have another
//! seed. Writing over pages that are in the page cache already costs half of what appending to a file does, and finds
//! no full disk.

use super::error::Fault;
use super::frame::{self, Frame};
use super::layout::{LOG, create, numbered, rename, unfinished};
use super::mapped::MappedSegment;
use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::Errno;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

const TITLE: &[u8] = b"lockhouse log 1\n";
/// Where the first commit stands.
pub(super) const START: u64 = (frame::HEAD_BYTES + TITLE.len()) as u64;
/// Longest file that is read into memory.
const FILE_BYTES_MAX: u64 = 1 << 30;

/// A log file that is written, or was.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub seq: u64,
    pub file: Arc<File>,
    /// Its length.
    pub bytes: u64,
    /// The number of its last commit, once it is full.
    pub last: u64,
    /// It was made by this process, so its pages are where a write finds them.
    pub reusable: bool,
    /// Through which it is written, if it can be.
    pub mapped: Option<Arc<MappedSegment>>,
}

impl Segment {
    /// Makes the log file `seq` and takes its space.
    pub fn create(dir: &Path, id: u64, seq: u64, bytes: u64) -> Result<Self, Fault> {
        let path = numbered(dir, LOG, seq);
        let beside = unfinished(&path);
        let file = Arc::new(create(&beside)?);
        let mut segment = Self { seq, file, bytes, last: 0, reusable: true, mapped: None };
        let taken = segment.take_space(&beside, bytes).and_then(|()| segment.write_title(&beside, id));
        match taken.and_then(|()| rename(&beside, &path)) {
            Ok(()) => Ok(segment),
            Err(fault) => {
                // Half a file helps nobody on a full disk.
                let _ = std::fs::remove_file(&beside);
                Err(fault)
            }
        }
    }

    /// Opens the log file `seq` for reading, whose last commit has the number `last`.
    pub fn open(dir: &Path, seq: u64, last: u64) -> Result<Self, Fault> {
        let path = numbered(dir, LOG, seq);
        let file = File::open(&path).map_err(Fault::io(&path))?;
        let bytes = file.metadata().map_err(Fault::io(&path))?.len();
        Ok(Self { seq, file: Arc::new(file), bytes, last, reusable: false, mapped: None })
    }

    /// Uses the file again, as the log file `seq`.
    pub fn reuse(self, dir: &Path, id: u64, seq: u64) -> Result<Self, Fault> {
        let (old, path) = (numbered(dir, LOG, self.seq), numbered(dir, LOG, seq));
        let segment = Self { seq, last: 0, ..self };
        // It is not looked at under its old name any more, so it may have the new title first.
        segment.write_title(&old, id)?;
        rename(&old, &path)?;
        Ok(segment)
    }

    /// Makes room for at least `bytes` in all.
    pub fn grow(&mut self, dir: &Path, bytes: u64) -> Result<(), Fault> {
        if bytes > self.bytes {
            self.take_space(&numbered(dir, LOG, self.seq), bytes)?;
            self.bytes = bytes;
        }
        Ok(())
    }

    /// Writes a commit, or a part of one.
    pub fn write(&self, at: u64, octets: &[u8]) -> io::Result<()> {
        match &self.mapped {
            Some(mapped) if mapped.write(at, octets) => Ok(()),
            _ => self.file.write_all_at(octets, at),
        }
    }

    fn take_space(&mut self, path: &Path, bytes: u64) -> Result<(), Fault> {
        match fallocate(&self.file, FallocateFlags::empty(), 0, bytes) {
            // Some file systems cannot; then a full disk is found by a commit.
            Err(Errno::OPNOTSUPP) => self.file.set_len(bytes).map_err(Fault::io(path)),
            Err(errno) => Err(Fault::Io(path.to_owned(), errno.into())),
            Ok(()) => {
                self.mapped = MappedSegment::onto(&self.file, bytes).map(Arc::new);
                Ok(())
            }
        }
    }

    fn write_title(&self, path: &Path, id: u64) -> Result<(), Fault> {
        let mut title = Vec::new();
        frame::write(&mut title, seed(id, self.seq), self.seq, TITLE);
        self.file.write_all_at(&title, 0).map_err(Fault::io(path))
    }
}

/// The seed of the frames of a log file.
pub(super) fn seed(id: u64, seq: u64) -> u64 {
    frame::seed(id, LOG, seq)
}

/// The octets of a log file.
#[derive(Debug)]
pub(super) struct Octets {
    octets: Vec<u8>,
    seed: u64,
    seq: u64,
}

impl Octets {
    /// Reads the log file `seq`.
    pub fn read(dir: &Path, id: u64, seq: u64) -> Result<Self, Fault> {
        Self::of(&Segment::open(dir, seq, 0)?, dir, id, Vec::new())
    }

    /// Reads a log file that is open. `octets` is a buffer for it, whatever is in it.
    pub fn of(segment: &Segment, dir: &Path, id: u64, mut octets: Vec<u8>) -> Result<Self, Fault> {
        let path = numbered(dir, LOG, segment.seq);
        if segment.bytes > FILE_BYTES_MAX {
            return Err(Fault::Damaged(format!("{} is longer than any that is written", path.display())));
        }
        octets.resize(segment.bytes as usize, 0);
        let mut at = 0;
        while let Some(rest) = octets.get_mut(at..).filter(|rest| !rest.is_empty()) {
            match segment.file.read_at(rest, at as u64).map_err(Fault::io(&path))? {
                0 => break,
                read => at += read,
            }
        }
        octets.truncate(at);
        Ok(Self { octets, seed: seed(id, segment.seq), seq: segment.seq })
    }

    /// The buffer, to be used again.
    pub fn into_buffer(self) -> Vec<u8> {
        self.octets
    }

    /// Its commits. `None`: it has no title, so it is no log file.
    pub fn commits(&self) -> Option<Commits<'_>> {
        let title = frame::read(&self.octets, self.seed)?;
        if title.number != self.seq || title.payload != TITLE {
            return None;
        }
        let rest = self.octets.get(title.bytes()..)?;
        Some(Commits { rest, seed: self.seed })
    }
}

/// The commits of a log file, up to the first place where there is none.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(segment: &Segment, id: u64, at: u64, number: u64, payload: &[u8]) -> u64 {
        let mut octets = Vec::new();
        frame::write(&mut octets, seed(id, segment.seq), number, payload);
        segment.write(at, &octets).unwrap();
        at + octets.len() as u64
    }

    fn numbers(dir: &Path, id: u64, seq: u64) -> Option<Vec<u64>> {
        let octets = Octets::read(dir, id, seq).unwrap();
        octets.commits().map(|commits| commits.map(|commit| commit.number).collect())
    }

    #[test]
    fn a_file_that_is_used_again_shows_nothing_of_its_past() {
        used_again(|segment| segment);
    }

    #[test]
    fn a_file_that_is_not_mapped_is_written_to() {
        used_again(|segment| Segment { mapped: None, ..segment });
    }

    fn used_again(made: impl Fn(Segment) -> Segment) {
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
        assert!(Octets::read(dir.path(), 9, 1).is_err());
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
