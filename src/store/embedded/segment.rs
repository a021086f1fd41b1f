//! Log segments: files of a fixed size, one after the other, whose space is allocated before they are used.
//!
//! The first frame identifies the file; its number is that of the file. Commits with ascending numbers follow. After the
//! last one is whatever was there before: zeros, or frames of an earlier use of the file, which have another seed. To
//! overwrite pages that are in the page cache costs half of what appending to a file does, and needs no free space.

use super::error::Fault;
use super::frame;
use super::layout::{LOG, create, numbered, rename, unfinished};
use super::mapped::MappedSegment;
use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::Errno;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

pub(super) const TITLE: &[u8] = b"lockhouse log 1\n";
/// Where the first commit is.
pub(super) const START: u64 = (frame::HEAD_BYTES + TITLE.len()) as u64;

/// Holds a log file that is open, for writing or for reading only.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub seq: u64,
    pub file: Arc<File>,
    /// Its length.
    pub bytes: u64,
    /// Number of its last commit, once it is sealed.
    pub last: u64,
    /// This process created it, so its pages are likely to be in the page cache.
    pub reusable: bool,
    /// The mapped file, where it can be mapped.
    pub mapped: Option<Arc<MappedSegment>>,
}

impl Segment {
    /// Creates the log file `seq` and allocates its space.
    pub fn create(dir: &Path, id: u64, seq: u64, bytes: u64) -> Result<Self, Fault> {
        let path = numbered(dir, LOG, seq);
        let beside = unfinished(&path);
        let file = Arc::new(create(&beside)?);
        let mut segment = Self { seq, file, bytes, last: 0, reusable: true, mapped: None };
        let allocated = segment.allocate(&beside, bytes).and_then(|()| segment.write_title(&beside, id));
        match allocated.and_then(|()| rename(&beside, &path)) {
            Ok(()) => Ok(segment),
            Err(fault) => {
                // On a full disk, an incomplete file takes space that others need.
                let _ = std::fs::remove_file(&beside);
                Err(fault)
            }
        }
    }

    /// Opens the log file `seq`, whose last commit has the number `last`, for reading.
    pub fn open(dir: &Path, seq: u64, last: u64) -> Result<Self, Fault> {
        let path = numbered(dir, LOG, seq);
        let file = File::open(&path).map_err(Fault::io(&path))?;
        let bytes = file.metadata().map_err(Fault::io(&path))?.len();
        Ok(Self { seq, file: Arc::new(file), bytes, last, reusable: false, mapped: None })
    }

    /// Reuses the file as the log file `seq`.
    pub fn reuse(self, dir: &Path, id: u64, seq: u64) -> Result<Self, Fault> {
        let (old, path) = (numbered(dir, LOG, self.seq), numbered(dir, LOG, seq));
        let segment = Self { seq, last: 0, ..self };
        // Nobody reads the file under its old name any more, so the title may change first.
        segment.write_title(&old, id)?;
        rename(&old, &path)?;
        Ok(segment)
    }

    /// Extends the file to at least `bytes` bytes.
    pub fn grow(&mut self, dir: &Path, bytes: u64) -> Result<(), Fault> {
        if bytes > self.bytes {
            self.allocate(&numbered(dir, LOG, self.seq), bytes)?;
            self.bytes = bytes;
        }
        Ok(())
    }

    /// Writes frames, or a part of one, at `at`.
    pub fn write(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        match &self.mapped {
            Some(mapped) if mapped.write(at, bytes) => Ok(()),
            _ => self.file.write_all_at(bytes, at),
        }
    }

    fn allocate(&mut self, path: &Path, bytes: u64) -> Result<(), Fault> {
        match fallocate(&self.file, FallocateFlags::empty(), 0, bytes) {
            // Not all file systems can. There, a commit may find the disk full.
            Err(Errno::OPNOTSUPP) => self.file.set_len(bytes).map_err(Fault::io(path)),
            Err(errno) => Err(Fault::Io(path.to_owned(), errno.into())),
            Ok(()) => {
                self.mapped = MappedSegment::map(&self.file, bytes).map(Arc::new);
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

/// Returns the seed for the frames of the log file `seq`.
pub(super) fn seed(id: u64, seq: u64) -> u64 {
    frame::seed(id, LOG, seq)
}
