//! The file behind the index of names.
//!
//! ```text
//! header: magic 8 octets | version u32
//! record: length of the payload u16 | checksum of the payload u64 | payload
//! payload: what u8 | id | parent | name        (each: length u8, octets; parent and name only for links)
//! ```
//!
//! Records are appended without a sync: they outlive the process, and of a machine that loses power the last ones may
//! be missing, which costs those objects their handles until they are looked up again. A torn or damaged tail is cut
//! off at the first record that is not whole.

use super::index::Id;
use siphasher::sip::SipHasher13;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"lkhnames";
const VERSION: u32 = 1;
const HEADER_BYTES: u64 = 12;
const RECORD_HEAD_BYTES: usize = 10;
/// Longest payload: three strings of at most 255 octets.
const PAYLOAD_BYTES_MAX: usize = 1 + 3 * 256;

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// The object is found under this name.
    Link { id: Id, parent: Id, name: Box<str> },
    /// It is not any more.
    Unlink { id: Id, parent: Id, name: Box<str> },
    /// It is gone with all its names.
    Forget { id: Id },
}

/// Why an index cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// It cannot be read or written.
    #[error("index of names {0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// It is not an index.
    #[error("{0} is not an index of names")]
    Foreign(PathBuf),
    /// A newer release wrote it.
    #[error(
        "index of names {0} has version {1}, this release knows {VERSION}: use the newer release, or remove the file (clients then see stale handles)"
    )]
    Newer(PathBuf, u32),
}

/// The file, open for appending.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: Option<File>,
    bytes: u64,
    bytes_compacted: u64,
    /// A record is missing from the file; it must be written anew.
    incomplete: bool,
}

impl Log {
    /// Reads the log at `path` and hands its records to `apply`. A missing file is an empty log.
    pub(super) fn read(path: &Path, apply: &mut dyn FnMut(Record)) -> Result<Self, IndexError> {
        let wrong = |error| IndexError::Io(path.to_owned(), error);
        let log = Self { path: path.to_owned(), file: None, bytes: 0, bytes_compacted: 0, incomplete: false };
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(log),
            Err(error) => return Err(wrong(error)),
        };
        let length = file.metadata().map_err(wrong)?.len();
        let mut reader = BufReader::new(file);
        let mut header = [0; HEADER_BYTES as usize];
        match reader.read_exact(&mut header) {
            Ok(()) => {}
            // It was torn while it was made.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(log),
            Err(error) => return Err(wrong(error)),
        }
        let [magic @ .., a, b, c, d] = header;
        if magic != *MAGIC {
            return Err(IndexError::Foreign(path.to_owned()));
        }
        match u32::from_be_bytes([a, b, c, d]) {
            VERSION => {}
            version => return Err(IndexError::Newer(path.to_owned(), version)),
        }
        let mut good = HEADER_BYTES;
        while let Some((record, bytes)) = read_record(&mut reader).map_err(wrong)? {
            apply(record);
            good += bytes;
        }
        if good < length {
            tracing::warn!(file = %path.display(), kept = good, of = length, "the index of names has a damaged tail");
        }
        Ok(log)
    }

    /// Writes the log anew with these records alone, synced, in place of the old one.
    pub(super) fn rewrite(&mut self, records: &mut dyn Iterator<Item = Record>) -> io::Result<()> {
        let new = self.path.with_extension("new");
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(&new)?;
        let mut writer = BufWriter::new(file);
        writer.write_all(MAGIC)?;
        writer.write_all(&VERSION.to_be_bytes())?;
        let mut bytes = HEADER_BYTES;
        for record in records {
            let octets = encode(&record);
            writer.write_all(&octets)?;
            bytes += octets.len() as u64;
        }
        let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        std::fs::rename(&new, &self.path)?;
        if let Some(dir) = self.path.parent() {
            File::open(dir)?.sync_all()?;
        }
        (self.file, self.bytes, self.bytes_compacted) = (Some(file), bytes, bytes);
        self.incomplete = false;
        Ok(())
    }

    /// Appends a record. Errors: those of the file; then the log must be written anew.
    pub(super) fn append(&mut self, record: &Record) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            self.incomplete = true;
            return Err(io::Error::from(io::ErrorKind::NotFound));
        };
        let octets = encode(record);
        if let Err(error) = file.write_all(&octets) {
            // What comes after half a record could not be read back.
            self.file = None;
            self.incomplete = true;
            return Err(error);
        }
        self.bytes += octets.len() as u64;
        Ok(())
    }

    /// Whether it is time to write the log anew: much of it is history, or something is missing.
    pub(super) fn wants_rewrite(&self) -> bool {
        const SLACK_BYTES: u64 = 4 << 20;
        self.incomplete || self.bytes > 4 * self.bytes_compacted + SLACK_BYTES
    }
}

/// The next record and its length; `None` where the whole ones end.
fn read_record(reader: &mut impl Read) -> io::Result<Option<(Record, u64)>> {
    let mut head = [0; RECORD_HEAD_BYTES];
    if !read_whole(reader, &mut head)? {
        return Ok(None);
    }
    let [a, b, sum @ ..] = head;
    let length = usize::from(u16::from_be_bytes([a, b]));
    let mut payload = [0; PAYLOAD_BYTES_MAX];
    let Some(payload) = payload.get_mut(..length) else { return Ok(None) };
    if !read_whole(reader, payload)? || checksum(payload) != u64::from_be_bytes(sum) {
        return Ok(None);
    }
    Ok(decode(payload).map(|record| (record, (RECORD_HEAD_BYTES + length) as u64)))
}

fn read_whole(reader: &mut impl Read, octets: &mut [u8]) -> io::Result<bool> {
    match reader.read_exact(octets) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

fn checksum(payload: &[u8]) -> u64 {
    SipHasher13::new_with_key(b"lockhouse  names").hash(payload)
}

const LINK: u8 = 1;
const UNLINK: u8 = 2;
const FORGET: u8 = 3;

fn encode(record: &Record) -> Vec<u8> {
    let (what, parts): (u8, &[&[u8]]) = match record {
        Record::Link { id, parent, name } => (LINK, &[id, parent, name.as_bytes()]),
        Record::Unlink { id, parent, name } => (UNLINK, &[id, parent, name.as_bytes()]),
        Record::Forget { id } => (FORGET, &[id]),
    };
    let mut payload = vec![what];
    for part in parts {
        // Ids are parts of filehandles and names are components: neither is longer.
        let part = part.get(..255).unwrap_or(part);
        payload.push(part.len() as u8);
        payload.extend_from_slice(part);
    }
    let mut octets = (payload.len() as u16).to_be_bytes().to_vec();
    octets.extend_from_slice(&checksum(&payload).to_be_bytes());
    octets.append(&mut payload);
    octets
}

fn decode(payload: &[u8]) -> Option<Record> {
    let (&what, rest) = payload.split_first()?;
    let (id, rest) = part(rest)?;
    let id = Id::from_slice(id);
    if what == FORGET {
        return rest.is_empty().then_some(Record::Forget { id });
    }
    let (parent, rest) = part(rest)?;
    let (name, rest) = part(rest)?;
    let (parent, name) = (Id::from_slice(parent), std::str::from_utf8(name).ok()?.into());
    match (what, rest) {
        (LINK, []) => Some(Record::Link { id, parent, name }),
        (UNLINK, []) => Some(Record::Unlink { id, parent, name }),
        _ => None,
    }
}

fn part(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&length, rest) = octets.split_first()?;
    rest.split_at_checked(usize::from(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records() -> Vec<Record> {
        let id = |octet| Id::from_slice(&[octet; 25]);
        let link = |n: u8| Record::Link { id: id(n), parent: id(0), name: format!("name {n}").into() };
        vec![
            link(1),
            link(2),
            Record::Unlink { id: id(1), parent: id(0), name: "name 1".into() },
            Record::Forget { id: id(2) },
            Record::Link { id: id(3), parent: id(0), name: "ü".repeat(127).into() },
        ]
    }

    fn read_all(path: &Path) -> Result<Vec<Record>, IndexError> {
        let mut all = Vec::new();
        Log::read(path, &mut |record| all.push(record)).map(|_| all)
    }

    fn written(path: &Path) {
        let mut log = Log::read(path, &mut |_| {}).unwrap();
        let all = records();
        log.rewrite(&mut all[..2].iter().cloned()).unwrap();
        all[2..].iter().for_each(|record| log.append(record).unwrap());
    }

    #[test]
    fn records_come_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        assert_eq!(read_all(&path).unwrap(), []);
        written(&path);
        assert_eq!(read_all(&path).unwrap(), records());
    }

    #[test]
    fn a_torn_tail_is_cut_off_at_every_length() {
        let dir = tempfile::tempdir().unwrap();
        let (path, torn) = (dir.path().join("log"), dir.path().join("torn"));
        written(&path);
        let octets = std::fs::read(&path).unwrap();
        let mut counts = Vec::new();
        for cut in 0..=octets.len() {
            std::fs::write(&torn, &octets[..cut]).unwrap();
            let read = read_all(&torn).unwrap();
            assert_eq!(read, records()[..read.len()]);
            counts.push(read.len());
        }
        assert!(counts.is_sorted() && counts.last() == Some(&5));
    }

    #[test]
    fn damage_is_noticed_at_every_octet() {
        let dir = tempfile::tempdir().unwrap();
        let (path, bad) = (dir.path().join("log"), dir.path().join("bad"));
        written(&path);
        let octets = std::fs::read(&path).unwrap();
        for at in 0..octets.len() {
            let mut octets = octets.clone();
            octets[at] ^= 0x20;
            std::fs::write(&bad, octets).unwrap();
            match read_all(&bad) {
                Ok(read) => assert!(read.len() < 5 && read == records()[..read.len()], "octet {at}"),
                Err(IndexError::Foreign(_)) => assert!(at < 8),
                Err(IndexError::Newer(..)) => assert!((8..12).contains(&at)),
                Err(error) => panic!("{error}"),
            }
        }
    }
}
