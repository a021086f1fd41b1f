//! The file of all records as of one commit, keys ascending, written once and never changed.
//!
//! ```text
//! frame: number of the file | title, number of the last commit that is in it u64
//! frames: 0, 1, 2 …         | records, as in a batch
//! frame: number of frames   | nothing, and the file ends
//! ```

use super::fault::Fault;
use super::frame;
use super::layout::{RECORDS, create, numbered, remove, rename, sync_names, unfinished};
use crate::store::batch::{self, Batch};
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const TITLE: &[u8] = b"lockhouse records 1\n";
/// From here on a frame is full.
const FRAME_BYTES: usize = 64 << 10;
/// No frame is longer: one record is always taken.
const PAYLOAD_BYTES_MAX: usize = FRAME_BYTES + batch::KEY_BYTES_MAX + batch::VALUE_BYTES_MAX + 64;

/// Writes a file of records. One that is dropped without [`finish`](Self::finish) never was.
#[derive(Debug)]
pub(super) struct Writer {
    path: PathBuf,
    beside: PathBuf,
    file: File,
    seed: u64,
    frames: u64,
    records: Batch,
    octets: Vec<u8>,
    bytes: u64,
    finished: bool,
}

impl Writer {
    /// Begins the file `seq` with the records as of the commit `last`.
    pub fn create(dir: &Path, id: u64, seq: u64, last: u64) -> Result<Self, Fault> {
        let path = numbered(dir, RECORDS, seq);
        let beside = unfinished(&path);
        let file = create(&beside)?;
        let (records, octets) = (Batch::new(), Vec::new());
        let seed = seed(id, seq);
        let mut writer =
            Self { path, beside, file, seed, frames: 0, records, octets, bytes: 0, finished: false };
        let title = [TITLE, &last.to_le_bytes()].concat();
        writer.write(seq, &title)?;
        Ok(writer)
    }

    /// Adds a record; its key is greater than all before.
    pub fn add(&mut self, key: &[u8], value: &[u8]) -> Result<(), Fault> {
        self.records.put(key, value);
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
        self.bytes += self.octets.len() as u64;
        Ok(())
    }

    /// Ends the file, syncs it and gives it its name, durably. Tells its length.
    pub fn finish(mut self, dir: &Path) -> Result<u64, Fault> {
        if !self.records.is_empty() {
            self.write_records()?;
        }
        self.write(self.frames, &[])?;
        self.file.sync_all().map_err(Fault::io(&self.beside))?;
        rename(&self.beside, &self.path)?;
        self.finished = true;
        sync_names(dir)?;
        Ok(self.bytes)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.finished {
            let _ = remove(&self.beside);
        }
    }
}

/// Reads a file of records from its start to its end.
#[derive(Debug)]
pub(super) struct Reader {
    path: PathBuf,
    file: Arc<File>,
    seed: u64,
    octets: Vec<u8>,
    next: u64,
    at: u64,
    /// Number of the last commit that is in it.
    pub last: u64,
    /// Length of the file.
    pub bytes: u64,
}

impl Reader {
    /// Opens the file `seq`.
    pub fn open(dir: &Path, id: u64, seq: u64) -> Result<Self, Fault> {
        let path = numbered(dir, RECORDS, seq);
        let file = File::open(&path).map_err(Fault::io(&path))?;
        Self::begin(Arc::new(file), path, seed(id, seq), seq)
    }

    /// Reads the same file again, from its start; it may have lost its name.
    pub fn again(&self, id: u64, seq: u64) -> Result<Self, Fault> {
        Self::begin(self.file.clone(), self.path.clone(), seed(id, seq), seq)
    }

    fn begin(file: Arc<File>, path: PathBuf, seed: u64, seq: u64) -> Result<Self, Fault> {
        let bytes = file.metadata().map_err(Fault::io(&path))?.len();
        let mut reader = Self { path, file, seed, octets: Vec::new(), next: seq, at: 0, last: 0, bytes };
        let title = reader.frame()?;
        let last = title.strip_prefix(TITLE).and_then(|last| last.try_into().ok()).map(u64::from_le_bytes);
        reader.last = last.ok_or_else(|| reader.damaged())?;
        reader.next = 0;
        Ok(reader)
    }

    /// The next records, as octets of a batch, or none at the end. What is wrong with the file is found on the way.
    pub fn next(&mut self) -> Result<Option<batch::Changes<'_>>, Fault> {
        if self.frame()?.is_empty() {
            return if self.at == self.bytes { Ok(None) } else { Err(self.damaged()) };
        }
        self.next += 1;
        match batch::changes(self.payload()) {
            Some(records) => Ok(Some(records)),
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

fn seed(id: u64, seq: u64) -> u64 {
    frame::seed(id, RECORDS, seq)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Record = (Vec<u8>, Vec<u8>);

    fn sample() -> Vec<Record> {
        (0..3000u32).map(|n| (n.to_be_bytes().to_vec(), vec![n as u8; n as usize % 90])).collect()
    }

    fn write(dir: &Path, records: &[Record]) -> u64 {
        let mut writer = Writer::create(dir, 5, 3, 77).unwrap();
        records.iter().for_each(|(key, value)| writer.add(key, value).unwrap());
        writer.finish(dir).unwrap()
    }

    fn read(dir: &Path) -> Result<(u64, Vec<Record>), Fault> {
        let mut reader = Reader::open(dir, 5, 3)?;
        let mut all = Vec::new();
        while let Some(records) = reader.next()? {
            all.extend(records.map(|(key, value)| (key.to_vec(), value.unwrap().to_vec())));
        }
        Ok((reader.last, all))
    }

    #[test]
    fn records_come_back() {
        let dir = tempfile::tempdir().unwrap();
        for records in [vec![], sample()] {
            let bytes = write(dir.path(), &records);
            assert_eq!(read(dir.path()).unwrap(), (77, records));
            assert_eq!(numbered(dir.path(), RECORDS, 3).metadata().unwrap().len(), bytes);
        }
    }

    #[test]
    fn damage_is_noticed_at_every_octet_and_every_length() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &sample()[..20]);
        let path = numbered(dir.path(), RECORDS, 3);
        let octets = std::fs::read(&path).unwrap();
        for at in 0..octets.len() {
            let mut bad = octets.clone();
            bad[at] ^= 1 << (at % 8);
            std::fs::write(&path, &bad).unwrap();
            assert!(matches!(read(dir.path()), Err(Fault::Damaged(_))), "octet {at}");
            std::fs::write(&path, &octets[..at]).unwrap();
            assert!(matches!(read(dir.path()), Err(Fault::Damaged(_))), "cut at {at}");
        }
        std::fs::write(&path, [&octets[..], &[0]].concat()).unwrap();
        assert!(matches!(read(dir.path()), Err(Fault::Damaged(_))), "one more");
    }

    #[test]
    fn a_file_that_is_not_finished_never_was() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = Writer::create(dir.path(), 5, 3, 77).unwrap();
        writer.add(b"a", b"1").unwrap();
        drop(writer);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
