//! The file behind the index of names.
//!
//! ```text
//! header: magic 8 octets | version u32 | id u64 | changes u64 | live u64 | checksum of all this u64
//! record: length of the payload u16 | checksum of the payload u64 | payload
//! payload: what u8 | id | parent | name        (each: length u8, octets; parent and name only for links)
//! ```
//!
//! Records are appended without a sync: they outlive the process, and of a machine that loses power the last ones may
//! be missing. A torn or damaged tail is cut off at the first record that is not whole.
//!
//! The *mark* says how far the index has come: its id, a random number that it keeps when it is written anew, and how many
//! changes it has seen. Written anew it begins with `live` records, which are what `changes` changes have left; each record
//! after those is one more. Who knows the mark of earlier sees whether everything of then is still there.

use super::index::Id;
use siphasher::sip::SipHasher13;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"lkhnames";
const VERSION: u32 = 2;
/// Had a header of a magic and a version alone, so that it could not be told whether it is all.
const VERSION_1: u32 = 1;
const HEADER_1_BYTES: u64 = 12;
const HEADER_BYTES: u64 = 44;
const RECORD_HEAD_BYTES: usize = 10;
/// Longest payload: three strings of at most 255 octets.
const PAYLOAD_BYTES_MAX: usize = 1 + 3 * 256;
/// Most records that wait for room in the file. With more it is written anew when there is room.
const WAITING_MAX: usize = 1 << 16;

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// The object is found under this name.
    Link { id: Id, parent: Id, name: Box<[u8]> },
    /// It is not any more.
    Unlink { id: Id, parent: Id, name: Box<[u8]> },
    /// It is gone with all its names.
    Forget { id: Id },
}

/// Why an index cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// It cannot be read or written.
    #[error("index of names {0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// A newer release wrote it.
    #[error(
        "index of names {0} has version {1}, this release knows {VERSION}: use the newer release, or remove the file (clients then see stale handles)"
    )]
    Newer(PathBuf, u32),
}

/// Tells an index from others, and from what it was before and will be later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) id: u64,
    pub(super) changes: u64,
}

impl Mark {
    pub(super) fn to_octets(self) -> [u8; 16] {
        ((u128::from(self.id) << 64) | u128::from(self.changes)).to_be_bytes()
    }

    fn from_octets(octets: &[u8]) -> Option<Self> {
        let number = u128::from_be_bytes(octets.try_into().ok()?);
        Some(Self { id: (number >> 64) as u64, changes: number as u64 })
    }
}

/// Whether an index with the mark `now` has everything that the one with the mark `before` had.
pub(in crate::files) fn index_continues(before: &[u8], now: &[u8]) -> bool {
    match (Mark::from_octets(before), Mark::from_octets(now)) {
        (Some(before), Some(now)) => before.id == now.id && before.changes <= now.changes,
        _ => false,
    }
}

/// What the head of a file says.
enum Header {
    /// How far it had come when it was written, and how many records follow which are from before.
    Good(Mark, u64),
    /// Nothing, but records follow.
    First,
    /// It is not what was written.
    Damaged,
}

/// The file, open for appending.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: Option<File>,
    bytes: u64,
    bytes_compacted: u64,
    /// What is in the file.
    mark: Mark,
    /// Records that the file has no room for yet, encoded.
    waiting: Vec<Vec<u8>>,
    /// A record is neither in the file nor does it wait; the file must be written anew.
    incomplete: bool,
}

impl Log {
    fn new(path: &Path) -> Result<Self, IndexError> {
        let random = getrandom::u64();
        let id =
            random.map_err(|error| IndexError::Io(path.to_owned(), io::Error::other(error.to_string())))?;
        let mark = Mark { id, changes: 0 };
        let path = path.to_owned();
        let (file, waiting, incomplete) = (None, Vec::new(), false);
        Ok(Self { path, file, bytes: 0, bytes_compacted: 0, mark, waiting, incomplete })
    }

    /// Reads the log at `path` and hands its records to `apply`. A missing file is an empty log. What is damaged goes on
    /// with what can be read of it, and its mark says that this is less, or another.
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
                tracing::error!(file = %path.display(), "the index of names is damaged: handles that it knew are stale");
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
            // What it began with is not all there, so it is not what it was at any time.
            return Ok(Self { incomplete: true, ..Self::new(path)? });
        }
        log.mark.changes += records - live;
        log.go_on(reader.into_inner(), start, good).map_err(wrong)?;
        Ok(log)
    }

    /// Goes on in a file whose records end at `good`.
    fn go_on(&mut self, mut file: File, start: u64, good: u64) -> io::Result<()> {
        if start != HEADER_BYTES {
            self.incomplete = true;
            return Ok(());
        }
        file.set_len(good)?;
        file.seek(io::SeekFrom::Start(good))?;
        (self.file, self.bytes, self.bytes_compacted) = (Some(file), good, 0);
        Ok(())
    }

    /// How far the file has come.
    pub(super) fn mark(&self) -> Mark {
        self.mark
    }

    /// Whether the file is ready to be appended to.
    pub(super) fn is_there(&self) -> bool {
        self.file.is_some() && !self.incomplete
    }

    /// Writes the log anew with these records alone, synced, in place of the old one.
    pub(super) fn rewrite(&mut self, records: &mut dyn Iterator<Item = Record>) -> io::Result<()> {
        let new = self.path.with_extension("new");
        let written = self.write_beside(&new, records);
        let (file, bytes, mark) = match written {
            Ok(written) => written,
            Err(error) => {
                // It takes room for nothing.
                let _ = std::fs::remove_file(&new);
                return Err(error);
            }
        };
        std::fs::rename(&new, &self.path)?;
        (self.file, self.bytes, self.bytes_compacted, self.mark) = (Some(file), bytes, bytes, mark);
        self.waiting.clear();
        self.incomplete = false;
        self.path.parent().map_or(Ok(()), |dir| File::open(dir)?.sync_all())
    }

    fn write_beside(
        &self,
        new: &Path,
        records: &mut dyn Iterator<Item = Record>,
    ) -> io::Result<(File, u64, Mark)> {
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(new)?;
        let mut writer = BufWriter::new(file);
        writer.write_all(&[0; HEADER_BYTES as usize])?;
        let (mut bytes, mut live) = (HEADER_BYTES, 0);
        for record in records {
            let octets = encode(&record);
            writer.write_all(&octets)?;
            bytes += octets.len() as u64;
            live += 1;
        }
        let mut file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        // These are in what is written; when some were lost altogether, it is one change more at least.
        let changes = self.mark.changes + self.waiting.len() as u64 + u64::from(self.incomplete);
        let mark = Mark { changes, ..self.mark };
        file.seek(io::SeekFrom::Start(0))?;
        file.write_all(&header(mark, live))?;
        file.seek(io::SeekFrom::Start(bytes))?;
        file.sync_all()?;
        Ok((file, bytes, mark))
    }

    /// Appends a record; if it cannot, the record waits until it can. Errors: those of the file.
    pub(super) fn append(&mut self, record: &Record) -> io::Result<()> {
        if self.file.is_none() || self.incomplete || self.waiting.len() >= WAITING_MAX {
            self.incomplete = true;
            return Err(io::Error::from(io::ErrorKind::NotFound));
        }
        self.waiting.push(encode(record));
        self.append_waiting()
    }

    /// Appends what waits. Errors: those of the file.
    pub(super) fn append_waiting(&mut self) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let mut done = 0;
        let mut result = Ok(());
        for octets in &self.waiting {
            result = file.write_all(octets);
            if result.is_err() {
                break;
            }
            self.bytes += octets.len() as u64;
            self.mark.changes += 1;
            done += 1;
        }
        self.waiting.drain(..done);
        if result.is_err() {
            // What comes after half a record could not be read back.
            let cut = file.set_len(self.bytes).and_then(|()| file.seek(io::SeekFrom::Start(self.bytes)));
            if cut.is_err() {
                (self.file, self.incomplete) = (None, true);
            }
        }
        result
    }

    /// Whether a change is not in the file.
    pub(super) fn is_behind(&self) -> bool {
        self.incomplete || !self.waiting.is_empty()
    }

    /// Whether the file must be written anew to have all changes.
    pub(super) fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// Whether it is time to write the log anew: much of it is history, or something is missing.
    pub(super) fn wants_rewrite(&self) -> bool {
        const SLACK_BYTES: u64 = 4 << 20;
        self.incomplete || self.bytes > 4 * self.bytes_compacted + SLACK_BYTES
    }

    /// Brings the file to the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.as_ref().map_or(Ok(()), File::sync_all)
    }
}

fn header(mark: Mark, live: u64) -> [u8; HEADER_BYTES as usize] {
    let mut header = [0; HEADER_BYTES as usize];
    let parts = [&MAGIC[..], &VERSION.to_be_bytes(), &mark.to_octets(), &live.to_be_bytes()];
    let signed: Vec<u8> = parts.concat();
    header[..36].copy_from_slice(&signed);
    header[36..].copy_from_slice(&checksum(&signed).to_be_bytes());
    header
}

/// Errors: `Newer`, for a version that is newer by a header that is whole; those of the file.
fn read_header(reader: &mut BufReader<File>, path: &Path) -> Result<Header, IndexError> {
    let wrong = |error| IndexError::Io(path.to_owned(), error);
    let mut octets = [0; HEADER_BYTES as usize];
    let (first, rest) = octets.split_at_mut(HEADER_1_BYTES as usize);
    if !read_whole(reader, first).map_err(wrong)? || first[..8] != *MAGIC {
        return Ok(Header::Damaged);
    }
    let version = u32::from_be_bytes([first[8], first[9], first[10], first[11]]);
    if version == VERSION_1 {
        return Ok(Header::First);
    }
    if !read_whole(reader, rest).map_err(wrong)? {
        return Ok(Header::Damaged);
    }
    let (signed, sum) = octets.split_at(36);
    if checksum(signed).to_be_bytes() != *sum {
        return Ok(Header::Damaged);
    }
    match (version, Mark::from_octets(&signed[12..28]), signed[28..].try_into()) {
        (VERSION, Some(mark), Ok(live)) => Ok(Header::Good(mark, u64::from_be_bytes(live))),
        _ => Err(IndexError::Newer(path.to_owned(), version)),
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
        Record::Link { id, parent, name } => (LINK, &[id, parent, name]),
        Record::Unlink { id, parent, name } => (UNLINK, &[id, parent, name]),
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
    let (parent, name) = (Id::from_slice(parent), name.into());
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
        let link =
            |n: u8| Record::Link { id: id(n), parent: id(0), name: format!("name {n}").into_bytes().into() };
        vec![
            link(1),
            link(2),
            Record::Unlink { id: id(1), parent: id(0), name: b"name 1"[..].into() },
            Record::Forget { id: id(2) },
            Record::Link { id: id(3), parent: id(0), name: [0xff; 255].into() },
        ]
    }

    fn read_all(path: &Path) -> Result<Vec<Record>, IndexError> {
        let mut all = Vec::new();
        Log::read(path, &mut |record| all.push(record)).map(|_| all)
    }

    fn written(path: &Path) -> Mark {
        let mut log = Log::read(path, &mut |_| {}).unwrap();
        let all = records();
        log.rewrite(&mut all[..2].iter().cloned()).unwrap();
        all[2..].iter().for_each(|record| log.append(record).unwrap());
        log.mark()
    }

    /// Whether the log at `path` has everything that had the mark `before`.
    fn continues(before: Mark, path: &Path) -> bool {
        let now = Log::read(path, &mut |_| {}).unwrap().mark();
        index_continues(&before.to_octets(), &now.to_octets())
    }

    #[test]
    fn records_come_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        assert_eq!(read_all(&path).unwrap(), []);
        let mark = written(&path);
        assert_eq!(read_all(&path).unwrap(), records());
        let mut log = Log::read(&path, &mut |_| {}).unwrap();
        assert_eq!(log.mark(), mark);
        log.rewrite(&mut records().into_iter().take(1)).unwrap();
        assert_eq!(log.mark(), mark, "written anew it is the same");
        assert_eq!(Log::read(&path, &mut |_| {}).unwrap().mark(), mark);
        log.append(&records()[0]).unwrap();
        assert!(continues(mark, &path));
        std::fs::remove_file(&path).unwrap();
        assert!(!continues(mark, &path), "another one");
    }

    #[test]
    fn a_torn_tail_is_cut_off_at_every_length() {
        let dir = tempfile::tempdir().unwrap();
        let (path, torn) = (dir.path().join("log"), dir.path().join("torn"));
        let mark = written(&path);
        let octets = std::fs::read(&path).unwrap();
        let mut counts = Vec::new();
        for cut in 0..=octets.len() {
            std::fs::write(&torn, &octets[..cut]).unwrap();
            let read = read_all(&torn).unwrap();
            assert_eq!(read, records()[..read.len()]);
            assert_eq!(continues(mark, &torn), read.len() == 5, "cut at {cut}");
            counts.push(read.len());
        }
        assert!(counts.is_sorted() && counts.last() == Some(&5));
    }

    #[test]
    fn damage_is_noticed_at_every_bit() {
        let dir = tempfile::tempdir().unwrap();
        let (path, bad) = (dir.path().join("log"), dir.path().join("bad"));
        let mark = written(&path);
        let octets = std::fs::read(&path).unwrap();
        for bit in 0..octets.len() * 8 {
            let mut octets = octets.clone();
            octets[bit / 8] ^= 1 << (bit % 8);
            std::fs::write(&bad, octets).unwrap();
            assert!(!continues(mark, &bad), "bit {bit}");
        }
    }

    #[test]
    fn the_first_form_is_read_and_a_newer_one_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        let all: Vec<u8> = records().iter().flat_map(encode).collect();
        std::fs::write(&path, [&MAGIC[..], &VERSION_1.to_be_bytes(), &all].concat()).unwrap();
        assert_eq!(read_all(&path).unwrap(), records());
        let mut newer = header(Mark { id: 1, changes: 2 }, 0);
        newer[11] = 3;
        let sum = checksum(&newer[..36]).to_be_bytes();
        newer[36..].copy_from_slice(&sum);
        std::fs::write(&path, newer).unwrap();
        assert!(matches!(read_all(&path), Err(IndexError::Newer(_, 3))));
    }

    #[test]
    fn what_there_is_no_room_for_waits() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        let mark = written(&path);
        let mut log = Log::read(&path, &mut |_| {}).unwrap();
        // Every write to it fails.
        let (file, full) = (log.file.take(), File::options().write(true).open("/dev/full").unwrap());
        log.file = Some(full);
        assert_eq!(log.append(&records()[0]).unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert!(log.is_behind() && log.mark() == mark);
        // /dev/full cannot be cut off either, so the file has to be written anew.
        assert!(log.is_incomplete() && log.append(&records()[1]).is_err());
        drop(file);
        log.rewrite(&mut records().into_iter()).unwrap();
        assert!(!log.is_behind() && log.mark().changes > mark.changes);
        assert!(continues(mark, &path));
    }
}
