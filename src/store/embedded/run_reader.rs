//! Reading a file of records; [`records`](super::records) says what is in it.

use super::error::Fault;
use super::frame;
use super::run_writer::{PAYLOAD_BYTES_MAX, numbers, seed};
use super::sorted_run::{SortedRun, Span};
use crate::store::Change;
use crate::store::batch;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reads a run from its start to its end, change by change.
#[derive(Debug)]
pub(super) struct RunReader {
    path: PathBuf,
    file: Arc<File>,
    seed: u64,
    octets: Vec<u8>,
    next: u64,
    at: u64,
    /// Where the first change is, in the payload that was read last.
    first: usize,
    pub run: SortedRun,
}

impl RunReader {
    /// Opens the run `span` and reads its title and first change.
    pub fn open(dir: &Path, id: u64, span: Span) -> Result<Self, Fault> {
        let path = span.path(dir);
        let file = File::open(&path).map_err(Fault::io(&path))?;
        Self::begin(Arc::new(file), path, seed(id, span), span)
    }

    /// Reads the same file again, from its start; it may have lost its name.
    pub fn again(&self) -> Result<Self, Fault> {
        Self::begin(self.file.clone(), self.path.clone(), self.seed, self.run.span)
    }

    fn begin(file: Arc<File>, path: PathBuf, seed: u64, span: Span) -> Result<Self, Fault> {
        let bytes = file.metadata().map_err(Fault::io(&path))?.len();
        let (octets, next) = (Vec::new(), span.end());
        let run = SortedRun { span, after: 0, last: 0, bytes };
        let mut reader = Self { path, file, seed, octets, next, at: 0, first: 0, run };
        let (after, last) = numbers(span, reader.frame()?).ok_or_else(|| reader.damaged())?;
        reader.run = SortedRun { after, last, ..run };
        reader.next = 0;
        reader.read_changes()?;
        Ok(reader)
    }

    /// The change where it is, or none at the end.
    #[inline]
    pub fn first(&self) -> Option<Change<'_>> {
        batch::split(self.payload().get(self.first..)?).map(|(change, _)| change)
    }

    /// Goes on to the next change. What is wrong with the file is found on the way.
    #[inline]
    pub fn advance(&mut self) -> Result<(), Fault> {
        let payload = self.payload();
        let (bytes, rest) = (payload.len(), payload.get(self.first..).and_then(batch::split));
        let rest = rest.map_or(0, |(_, rest)| rest.len());
        self.first = bytes - rest;
        match rest {
            // At the end of the file there was nothing before either.
            0 if bytes > 0 => self.read_changes(),
            _ => Ok(()),
        }
    }

    /// Reads all that is left, to find what is wrong with it.
    pub fn check(&mut self) -> Result<(), Fault> {
        while !self.payload().is_empty() {
            self.read_changes()?;
        }
        Ok(())
    }

    /// Reads the next frame of changes, or that there is none.
    fn read_changes(&mut self) -> Result<(), Fault> {
        self.first = 0;
        if self.frame()?.is_empty() {
            return if self.at == self.run.bytes { Ok(()) } else { Err(self.damaged()) };
        }
        self.next += 1;
        match batch::changes(self.payload()) {
            Some(_) => Ok(()),
            None => Err(self.damaged()),
        }
    }

    fn frame(&mut self) -> Result<&[u8], Fault> {
        self.octets.resize(frame::HEAD_BYTES, 0);
        self.fill(0)?;
        let length = frame::payload_bytes(&self.octets).filter(|length| *length <= PAYLOAD_BYTES_MAX);
        let length = length.ok_or_else(|| self.damaged())?;
        self.octets.resize(frame::HEAD_BYTES + length, 0);
        self.fill(frame::HEAD_BYTES)?;
        match frame::read(&self.octets, self.seed) {
            Some(frame) if frame.number == self.next => Ok(self.payload()),
            _ => Err(self.damaged()),
        }
    }

    fn fill(&mut self, from: usize) -> Result<(), Fault> {
        let place = self.octets.get_mut(from..).unwrap_or_default();
        match self.file.read_exact_at(place, self.at) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(self.damaged()),
            result => result.map_err(Fault::io(&self.path))?,
        }
        self.at += (self.octets.len() - from) as u64;
        Ok(())
    }

    fn payload(&self) -> &[u8] {
        self.octets.get(frame::HEAD_BYTES..).unwrap_or_default()
    }

    fn damaged(&self) -> Fault {
        Fault::Damaged(format!("{} is not what was written", self.path.display()))
    }
}
