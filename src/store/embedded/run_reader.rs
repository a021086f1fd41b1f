//! Reading a sorted run; [`sorted_run`](super::sorted_run) describes the file.

use super::error::Fault;
use super::frame;
use super::sorted_run::{PAYLOAD_BYTES_MAX, SortedRun, Span, decode_title};
use crate::batch::{self, Change};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reads a run from start to end, change by change.
#[derive(Debug)]
pub(super) struct RunReader {
    path: PathBuf,
    file: Arc<File>,
    seed: u64,
    /// The frame that was read last.
    frame: Vec<u8>,
    next: u64,
    at: u64,
    /// Offset of the current change in the payload of that frame.
    current: usize,
    pub run: SortedRun,
}

impl RunReader {
    /// Opens the run `span` and reads its title and first change.
    pub fn open(dir: &Path, id: u64, span: Span) -> Result<Self, Fault> {
        let path = span.path(dir);
        let file = File::open(&path).map_err(Fault::io(&path))?;
        Self::start(Arc::new(file), path, span.seed(id), span)
    }

    /// Returns a reader at the start of the same file, which may have lost its name meanwhile.
    pub fn reopen(&self) -> Result<Self, Fault> {
        Self::start(self.file.clone(), self.path.clone(), self.seed, self.run.span)
    }

    fn start(file: Arc<File>, path: PathBuf, seed: u64, span: Span) -> Result<Self, Fault> {
        let bytes = file.metadata().map_err(Fault::io(&path))?.len();
        let (frame, next) = (Vec::new(), span.end());
        let run = SortedRun { span, after: 0, last: 0, bytes };
        let mut reader = Self { path, file, seed, frame, next, at: 0, current: 0, run };
        let (after, last) = decode_title(span, reader.read_frame()?).ok_or_else(|| reader.damaged())?;
        reader.run = SortedRun { after, last, ..run };
        reader.next = 0;
        reader.read_changes()?;
        Ok(reader)
    }

    /// Returns the current change, or `None` at the end.
    #[inline]
    pub fn current(&self) -> Option<Change<'_>> {
        batch::split(self.payload().get(self.current..)?).map(|(change, _)| change)
    }

    /// Moves to the next change. Damage of the file is reported when it is reached.
    #[inline]
    pub fn advance(&mut self) -> Result<(), Fault> {
        let payload = self.payload();
        let (bytes, rest) = (payload.len(), payload.get(self.current..).and_then(batch::split));
        let rest = rest.map_or(0, |(_, rest)| rest.len());
        self.current = bytes - rest;
        match rest {
            // An empty payload is the end of the file.
            0 if bytes > 0 => self.read_changes(),
            _ => Ok(()),
        }
    }

    /// Reads the rest of the file, to find any damage.
    pub fn check(&mut self) -> Result<(), Fault> {
        while !self.payload().is_empty() {
            self.read_changes()?;
        }
        Ok(())
    }

    /// Reads the next frame of changes, or the end of the file.
    fn read_changes(&mut self) -> Result<(), Fault> {
        self.current = 0;
        if self.read_frame()?.is_empty() {
            return if self.at == self.run.bytes { Ok(()) } else { Err(self.damaged()) };
        }
        self.next += 1;
        match batch::changes(self.payload()) {
            Some(_) => Ok(()),
            None => Err(self.damaged()),
        }
    }

    fn read_frame(&mut self) -> Result<&[u8], Fault> {
        self.frame.resize(frame::HEAD_BYTES, 0);
        self.fill(0)?;
        let length = frame::payload_bytes(&self.frame).filter(|length| *length <= PAYLOAD_BYTES_MAX);
        let length = length.ok_or_else(|| self.damaged())?;
        self.frame.resize(frame::HEAD_BYTES + length, 0);
        self.fill(frame::HEAD_BYTES)?;
        match frame::read(&self.frame, self.seed) {
            Some(frame) if frame.number == self.next => Ok(self.payload()),
            _ => Err(self.damaged()),
        }
    }

    fn fill(&mut self, from: usize) -> Result<(), Fault> {
        let rest = self.frame.get_mut(from..).unwrap_or_default();
        match self.file.read_exact_at(rest, self.at) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(self.damaged()),
            result => result.map_err(Fault::io(&self.path))?,
        }
        self.at += (self.frame.len() - from) as u64;
        Ok(())
    }

    fn payload(&self) -> &[u8] {
        self.frame.get(frame::HEAD_BYTES..).unwrap_or_default()
    }

    fn damaged(&self) -> Fault {
        Fault::Damaged(format!("{} is not what was written", self.path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::run_writer::RunWriter;
    use super::*;
    use crate::batch::Value;

    type Record = (Vec<u8>, Option<Vec<u8>>);

    const SPANS: [Span; 2] = [Span::Before(3), Span::Between(3, 8)];

    fn sample() -> Vec<Record> {
        let value = |n: u32| (!n.is_multiple_of(5)).then(|| vec![n as u8; n as usize % 90]);
        (0..3000u32).map(|n| (n.to_be_bytes().to_vec(), value(n))).collect()
    }

    /// Values of odd length are new.
    fn changed(value: Option<&[u8]>) -> Value<'_> {
        match value {
            None => Value::Deleted,
            Some(bytes) if bytes.len() % 2 == 1 => Value::New(bytes),
            Some(bytes) => Value::Put(bytes),
        }
    }

    fn write(dir: &Path, span: Span, records: &[Record]) -> SortedRun {
        let mut writer = RunWriter::create(dir, 5, span, 70, 77).unwrap();
        records.iter().for_each(|(key, value)| writer.add(key, changed(value.as_deref())).unwrap());
        writer.finish(dir).unwrap()
    }

    fn read(dir: &Path, span: Span) -> Result<(SortedRun, Vec<Record>), Fault> {
        let mut reader = RunReader::open(dir, 5, span)?;
        let mut all = Vec::new();
        while let Some((key, value)) = reader.current() {
            let as_given = if span.is_lowest() {
                value.get().map_or(Value::Deleted, Value::Put)
            } else {
                changed(value.get())
            };
            assert_eq!(value, as_given);
            all.push((key.to_vec(), value.get().map(<[u8]>::to_vec)));
            reader.advance()?;
        }
        reader.reopen()?.check()?;
        Ok((reader.run, all))
    }

    #[test]
    fn records_are_read_back_and_deletions_where_there_is_something_below() {
        let dir = tempfile::tempdir().unwrap();
        for (span, records) in SPANS.into_iter().flat_map(|span| [(span, vec![]), (span, sample())]) {
            let run = write(dir.path(), span, &records);
            let kept = |(_, value): &Record| value.is_some() || !span.is_lowest();
            assert_eq!(read(dir.path(), span).unwrap(), (run, records.into_iter().filter(kept).collect()));
            let after = if span.is_lowest() { 0 } else { 70 };
            assert_eq!(
                run,
                SortedRun { span, after, last: 77, bytes: span.path(dir.path()).metadata().unwrap().len() }
            );
        }
    }

    #[test]
    fn damage_is_detected_at_every_byte_and_every_length() {
        let dir = tempfile::tempdir().unwrap();
        for span in SPANS {
            let damaged =
                |what: &str| assert!(matches!(read(dir.path(), span), Err(Fault::Damaged(_))), "{what}");
            write(dir.path(), span, &sample()[..20]);
            let path = span.path(dir.path());
            let bytes = std::fs::read(&path).unwrap();
            for at in 0..bytes.len() {
                let mut bad = bytes.clone();
                bad[at] ^= 1 << (at % 8);
                std::fs::write(&path, &bad).unwrap();
                damaged(&format!("byte {at}"));
                std::fs::write(&path, &bytes[..at]).unwrap();
                damaged(&format!("cut at {at}"));
            }
            std::fs::write(&path, [&bytes[..], &[0]].concat()).unwrap();
            damaged("one more");
        }
    }

    #[test]
    fn a_file_under_another_name_is_rejected() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), SPANS[1], &sample());
        for other in [Span::Before(8), Span::Between(2, 8), Span::Between(3, 9)] {
            std::fs::copy(SPANS[1].path(dir.path()), other.path(dir.path())).unwrap();
            assert!(matches!(read(dir.path(), other), Err(Fault::Damaged(_))), "{other:?}");
        }
    }

    #[test]
    fn a_file_that_is_not_finished_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = RunWriter::create(dir.path(), 5, SPANS[0], 0, 77).unwrap();
        writer.add(b"a", Value::Put(b"1")).unwrap();
        drop(writer);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
