//! Files of records, keys ascending, written once and never changed: a run, the lowest or one that lies on others.
//!
//! ```text
//! frame: end of the span    | title, number of the last commit that is in it u64
//! frames: 0, 1, 2 …         | records, as in a batch
//! frame: number of frames   | nothing, and the file ends
//! ```
//!
//! In runs that are not the lowest the title has, before that number, the one of the last commit that is below, and records
//! may be deleted or new.

use super::error::Fault;
use super::frame;
use super::layout::{CHANGES, RECORDS, create, remove, rename, sync_names, unfinished};
use super::sorted_run::{SortedRun, Span};
use crate::store::batch::{self, Batch, Value};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

const TITLE: &[u8] = b"lockhouse records 1\n";
const TITLE_CHANGES: &[u8] = b"lockhouse changes 1\n";
/// From here on a frame is full.
const FRAME_BYTES: usize = 64 << 10;
/// No frame is longer: one record is always taken.
pub(super) const PAYLOAD_BYTES_MAX: usize = FRAME_BYTES + batch::KEY_BYTES_MAX + batch::VALUE_BYTES_MAX + 64;

/// Writes a file of records. One that is dropped without [`finish`](Self::finish) never was.
#[derive(Debug)]
pub(super) struct RunWriter {
    path: PathBuf,
    beside: PathBuf,
    file: File,
    seed: u64,
    frames: u64,
    records: Batch,
    octets: Vec<u8>,
    run: SortedRun,
    finished: bool,
}

impl RunWriter {
    /// Begins the run `span` with the commits after `after` up to `last`. In the lowest are all up to `last`.
    pub fn create(dir: &Path, id: u64, span: Span, after: u64, last: u64) -> Result<Self, Fault> {
        let path = span.path(dir);
        let beside = unfinished(&path);
        let file = create(&beside)?;
        let (records, octets, seed) = (Batch::new(), Vec::new(), seed(id, span));
        let after = if span.is_lowest() { 0 } else { after };
        let run = SortedRun { span, after, last, bytes: 0 };
        let mut writer = Self { path, beside, file, seed, frames: 0, records, octets, run, finished: false };
        let title = match span {
            Span::Before(_) => [TITLE, &last.to_le_bytes()].concat(),
            Span::Between(..) => [TITLE_CHANGES, &after.to_le_bytes(), &last.to_le_bytes()].concat(),
        };
        writer.write(span.end(), &title)?;
        Ok(writer)
    }

    /// Adds a record, or that it is deleted; its key is greater than all before. Below the lowest run there is nothing to
    /// delete, so there it is left out.
    pub fn add(&mut self, key: &[u8], value: Value<'_>) -> Result<(), Fault> {
        match (value.octets(), self.run.span.is_lowest()) {
            (Some(octets), true) => self.records.put(key, octets),
            (None, true) => {}
            (_, false) => self.records.change(key, value),
        }
        if self.records.bytes() >= FRAME_BYTES { self.write_records() } else { Ok(()) }
    }

    fn write_records(&mut self) -> Result<(), Fault> {
        let records = std::mem::take(&mut self.records);
        self.write(self.frames, records.as_octets())?;
        self.frames += 1;
        self.records = records;
        self.records.clear();
        Ok(())
    }

    fn write(&mut self, number: u64, payload: &[u8]) -> Result<(), Fault> {
        self.octets.clear();
        frame::write(&mut self.octets, self.seed, number, payload);
        self.file.write_all(&self.octets).map_err(Fault::io(&self.beside))?;
        self.run.bytes += self.octets.len() as u64;
        Ok(())
    }

    /// Ends the file, syncs it and gives it its name, durably.
    pub fn finish(mut self, dir: &Path) -> Result<SortedRun, Fault> {
        if !self.records.is_empty() {
            self.write_records()?;
        }
        self.write(self.frames, &[])?;
        self.file.sync_all().map_err(Fault::io(&self.beside))?;
        rename(&self.beside, &self.path)?;
        self.finished = true;
        sync_names(dir)?;
        Ok(self.run)
    }
}

impl Drop for RunWriter {
    fn drop(&mut self) {
        if !self.finished {
            let _ = remove(&self.beside);
        }
    }
}

/// The numbers in a title: of the last commit below, and of the last one. `None`: it is none.
pub(super) fn numbers(span: Span, title: &[u8]) -> Option<(u64, u64)> {
    match span {
        Span::Before(_) => Some((0, u64::from_le_bytes(title.strip_prefix(TITLE)?.try_into().ok()?))),
        Span::Between(..) => {
            let (after, last) = title.strip_prefix(TITLE_CHANGES)?.split_first_chunk::<8>()?;
            Some((u64::from_le_bytes(*after), u64::from_le_bytes(last.try_into().ok()?)))
        }
    }
}

/// The seed of the frames of a run.
pub(super) fn seed(id: u64, span: Span) -> u64 {
    match span {
        Span::Before(end) => frame::seed(id, RECORDS, end),
        Span::Between(from, end) => frame::seed(frame::seed(id, CHANGES, from), CHANGES, end),
    }
}

#[cfg(test)]
mod tests {
    use super::super::run_reader::RunReader;
    use super::*;

    type Record = (Vec<u8>, Option<Vec<u8>>);

    const SPANS: [Span; 2] = [Span::Before(3), Span::Between(3, 8)];

    fn sample() -> Vec<Record> {
        let value = |n: u32| (!n.is_multiple_of(5)).then(|| vec![n as u8; n as usize % 90]);
        (0..3000u32).map(|n| (n.to_be_bytes().to_vec(), value(n))).collect()
    }

    /// Those of an odd length are new.
    fn changed(value: Option<&[u8]>) -> Value<'_> {
        match value {
            None => Value::Deleted,
            Some(octets) if octets.len() % 2 == 1 => Value::New(octets),
            Some(octets) => Value::Put(octets),
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
        while let Some((key, value)) = reader.first() {
            let as_given = if span.is_lowest() {
                value.octets().map_or(Value::Deleted, Value::Put)
            } else {
                changed(value.octets())
            };
            assert_eq!(value, as_given);
            all.push((key.to_vec(), value.octets().map(<[u8]>::to_vec)));
            reader.advance()?;
        }
        reader.again()?.check()?;
        Ok((reader.run, all))
    }

    #[test]
    fn records_come_back_and_deletions_where_there_is_something_to_delete() {
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
    fn damage_is_noticed_at_every_octet_and_every_length() {
        let dir = tempfile::tempdir().unwrap();
        for span in SPANS {
            let damaged =
                |what: &str| assert!(matches!(read(dir.path(), span), Err(Fault::Damaged(_))), "{what}");
            write(dir.path(), span, &sample()[..20]);
            let path = span.path(dir.path());
            let octets = std::fs::read(&path).unwrap();
            for at in 0..octets.len() {
                let mut bad = octets.clone();
                bad[at] ^= 1 << (at % 8);
                std::fs::write(&path, &bad).unwrap();
                damaged(&format!("octet {at}"));
                std::fs::write(&path, &octets[..at]).unwrap();
                damaged(&format!("cut at {at}"));
            }
            std::fs::write(&path, [&octets[..], &[0]].concat()).unwrap();
            damaged("one more");
        }
    }

    #[test]
    fn a_file_is_what_its_name_says() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), SPANS[1], &sample());
        for other in [Span::Before(8), Span::Between(2, 8), Span::Between(3, 9)] {
            std::fs::copy(SPANS[1].path(dir.path()), other.path(dir.path())).unwrap();
            assert!(matches!(read(dir.path(), other), Err(Fault::Damaged(_))), "{other:?}");
        }
    }

    #[test]
    fn a_file_that_is_not_finished_never_was() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = RunWriter::create(dir.path(), 5, SPANS[0], 0, 77).unwrap();
        writer.add(b"a", Value::Put(b"1")).unwrap();
        drop(writer);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
