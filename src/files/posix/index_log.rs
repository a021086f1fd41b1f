//! The file behind the index of names.
//!
//! Records are appended without a sync: they outlive the process, but the last ones may be lost with the machine. A torn
//! or damaged tail is cut off at the first incomplete record.
//!
//! The header has the mark of the index (see `index_mark`). A rewritten file begins with `live` records, which are what
//! `changes` changes have left; each record after those is one more change.

use super::index_record::{
    HEADER_1_BYTES, HEADER_BYTES, Header, IndexError, Record, encode, header, read_header, read_record,
};
use crate::files::index_mark::IndexMark;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

/// Most records that are pending. With more the file is rewritten when there is space.
const PENDING_MAX: usize = 1 << 16;

/// Holds the file, open for appending.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: Option<File>,
    bytes: u64,
    bytes_compacted: u64,
    /// The mark of what is in the file.
    mark: IndexMark,
    /// Encoded records for which there was no space yet.
    pending: Vec<Vec<u8>>,
    /// Whether a record is neither in the file nor pending, so that the file must be rewritten.
    incomplete: bool,
}

impl Log {
    fn new(path: &Path) -> Result<Self, IndexError> {
        let random = getrandom::u64();
        let id =
            random.map_err(|error| IndexError::Io(path.to_owned(), io::Error::other(error.to_string())))?;
        let mark = IndexMark { id, changes: 0 };
        let path = path.to_owned();
        let (file, pending, incomplete) = (None, Vec::new(), false);
        Ok(Self { path, file, bytes: 0, bytes_compacted: 0, mark, pending, incomplete })
    }

    /// Reads the log at `path` and passes its records to `apply`. A missing file is an empty log. Of a damaged one, what can
    /// be read is used; its mark tells that it is an earlier one, or another.
    pub(super) fn read(path: &Path, apply: &mut dyn FnMut(Record)) -> Result<Self, IndexError> {
        let wrong = |error| IndexError::Io(path.to_owned(), error);
        let mut log = Self::new(path)?;
        let file = match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(log),
            Err(error) => return Err(wrong(error)),
        };
        let length = file.metadata().map_err(wrong)?.len();
        let mut reader = BufReader::new(file);
        let (start, live) = match read_header(&mut reader, path)? {
            Header::Good(mark, live) => {
                log.mark = mark;
                (HEADER_BYTES, live)
            }
            Header::First => (HEADER_1_BYTES, 0),
            Header::Damaged => {
                tracing::error!(file = %path.display(), "the index of names is damaged; handles that depend on it are stale");
                return Ok(log);
            }
        };
        let (mut good, mut records) = (start, 0);
        while let Some((record, bytes)) = read_record(&mut reader).map_err(wrong)? {
            apply(record);
            good += bytes;
            records += 1;
        }
        if good < length {
            tracing::warn!(file = %path.display(), kept = good, of = length, "the index of names has a damaged tail");
        }
        if records < live {
            // Part of what it began with is missing, so it equals no earlier state.
            return Ok(Self { incomplete: true, ..Self::new(path)? });
        }
        log.mark.changes += records - live;
        log.resume(reader.into_inner(), start, good).map_err(wrong)?;
        Ok(log)
    }

    /// Prepares to append to a file whose records end at `good`.
    fn resume(&mut self, mut file: File, start: u64, good: u64) -> io::Result<()> {
        if start != HEADER_BYTES {
            self.incomplete = true;
            return Ok(());
        }
        file.set_len(good)?;
        file.seek(io::SeekFrom::Start(good))?;
        (self.file, self.bytes, self.bytes_compacted) = (Some(file), good, 0);
        Ok(())
    }

    /// Returns the mark of what is in the file.
    pub(super) fn mark(&self) -> IndexMark {
        self.mark
    }

    /// Tells whether the file can be appended to.
    pub(super) fn is_there(&self) -> bool {
        self.file.is_some() && !self.incomplete
    }

    /// Replaces the log by one with only these records, synced.
    pub(super) fn rewrite(&mut self, records: &mut dyn Iterator<Item = Record>) -> io::Result<()> {
        let new = self.path.with_extension("new");
        let written = self.write_beside(&new, records);
        let (file, bytes, mark) = match written {
            Ok(written) => written,
            Err(error) => {
                // It would only take space.
                let _ = std::fs::remove_file(&new);
                return Err(error);
            }
        };
        std::fs::rename(&new, &self.path)?;
        (self.file, self.bytes, self.bytes_compacted, self.mark) = (Some(file), bytes, bytes, mark);
        self.pending.clear();
        self.incomplete = false;
        self.path.parent().map_or(Ok(()), |dir| File::open(dir)?.sync_all())
    }

    fn write_beside(
        &self,
        new: &Path,
        records: &mut dyn Iterator<Item = Record>,
    ) -> io::Result<(File, u64, IndexMark)> {
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(new)?;
        let mut writer = BufWriter::new(file);
        writer.write_all(&[0; HEADER_BYTES as usize])?;
        let (mut bytes, mut live) = (HEADER_BYTES, 0);
        for record in records {
            let encoded = encode(&record);
            writer.write_all(&encoded)?;
            bytes += encoded.len() as u64;
            live += 1;
        }
        let mut file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        // The pending ones are among the records; if others were lost, that is at least one change more.
        let changes = self.mark.changes + self.pending.len() as u64 + u64::from(self.incomplete);
        let mark = IndexMark { changes, ..self.mark };
        file.seek(io::SeekFrom::Start(0))?;
        file.write_all(&header(mark, live))?;
        file.seek(io::SeekFrom::Start(bytes))?;
        file.sync_all()?;
        Ok((file, bytes, mark))
    }

    /// Appends a record; if that fails, the record stays pending. Errors: those of the file.
    pub(super) fn append(&mut self, record: &Record) -> io::Result<()> {
        if self.file.is_none() || self.incomplete || self.pending.len() >= PENDING_MAX {
            self.incomplete = true;
            return Err(io::Error::from(io::ErrorKind::NotFound));
        }
        self.pending.push(encode(record));
        self.append_pending()
    }

    /// Appends all pending records. Errors: those of the file.
    pub(super) fn append_pending(&mut self) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let mut done = 0;
        let mut result = Ok(());
        for record in &self.pending {
            result = file.write_all(record);
            if result.is_err() {
                break;
            }
            self.bytes += record.len() as u64;
            self.mark.changes += 1;
            done += 1;
        }
        self.pending.drain(..done);
        if result.is_err() {
            // Records after an incomplete one could not be read back.
            let cut = file.set_len(self.bytes).and_then(|()| file.seek(io::SeekFrom::Start(self.bytes)));
            if cut.is_err() {
                (self.file, self.incomplete) = (None, true);
            }
        }
        result
    }

    /// Tells whether a change is not in the file.
    pub(super) fn is_behind(&self) -> bool {
        self.incomplete || !self.pending.is_empty()
    }

    /// Tells whether the file must be rewritten to have all changes.
    pub(super) fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// Tells whether the log should be rewritten: much of it is history, or something is missing.
    pub(super) fn wants_rewrite(&self) -> bool {
        const SLACK_BYTES: u64 = 4 << 20;
        self.incomplete || self.bytes > 4 * self.bytes_compacted + SLACK_BYTES
    }

    /// Syncs the file to disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.as_ref().map_or(Ok(()), File::sync_all)
    }
}

#[cfg(test)]
mod tests;
