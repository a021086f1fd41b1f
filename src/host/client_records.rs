//! Which clients may hold state, kept over restarts of the machine: they may reclaim, and are waited for in the grace
//! period (RFC 7530 §9.6.3). The store has this too; here it is on the disk before anything depends on it, and apart, so
//! that a damaged store does not take away the right to reclaim.
//!
//! One file: a header line with the epoch and a checksum, then a line for each change, `+` or `-`, the client's name in
//! hexadecimal and a checksum. Opening writes it anew with one line a client, beside the old one, and puts it in its
//! place: a crash leaves the one or the other. A line without its end was never relied on.
//!
//! Who was in a line that is damaged, or in a file that is lost, is not known. In its place stands [`UNKNOWN`], which no
//! client comes back as: so there is a grace period, in which whoever lost its locks hears of it before others get them.

use crate::state::Change;
use siphasher::sip::SipHasher24;
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::hash::Hasher;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

const TITLE: &str = "lockhouse clients ";
const VERSION: u32 = 3;
/// Had neither an epoch nor a checksum in the header.
const HEADER_2: &str = "lockhouse clients 2";
/// Had one line a client, its name in hexadecimal.
const HEADER_1: &str = "lockhouse clients 1";
/// Stands for clients whose records are lost.
pub const UNKNOWN: &[u8] = b"(clients whose records were lost)";
/// Longest line: a name of 1024 octets in hexadecimal, and some.
const LINE_BYTES_MAX: usize = 2100;
/// The file is written anew when it has this many lines more than clients, and twice as many.
const SPARE_LINES: usize = 1000;

/// The names (`nfs_client_id4.id`) of the clients that may hold state.
#[derive(Debug)]
pub struct ClientRecords {
    path: PathBuf,
    epoch: u32,
    names: BTreeSet<Box<[u8]>>,
    file: File,
    lines: usize,
}

/// What is in the file.
#[derive(Debug, Default)]
struct Content {
    /// The epoch of the run that wrote it; 0 when it does not tell.
    epoch: u32,
    names: BTreeSet<Box<[u8]>>,
}

/// Why the records cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ClientRecordsError {
    /// The file cannot be read or written.
    #[error("{0}: {1}")]
    Io(PathBuf, io::Error),
    /// The file was written by a newer version.
    #[error(
        "{0}: made by a newer version of lockhouse ({1:?}); run that version, or remove the file and lose what clients could reclaim"
    )]
    Version(PathBuf, String),
}

impl ClientRecords {
    /// Reads the records in the state directory `dir`. None are as good as no client where nothing says that there was a
    /// server before. A line that makes no sense is left out and logged: its client cannot reclaim.
    pub fn open(dir: &Path) -> Result<Self, ClientRecordsError> {
        let path = dir.join("clients");
        let failed = |error| ClientRecordsError::Io(path.clone(), error);
        let Content { epoch, names } = read(dir, &path)?;
        let file = write(&path, epoch, &names).map_err(failed)?;
        Ok(Self { path, epoch, lines: names.len(), names, file })
    }

    /// The epoch of the last run, if the records tell it.
    pub fn epoch(&self) -> Option<u32> {
        (self.epoch > 0).then_some(self.epoch)
    }

    /// Says durably in which epoch the server runs from now on, and lets exactly these names be recorded.
    /// Errors: the file cannot be written.
    pub fn begin(&mut self, epoch: u32, names: BTreeSet<Box<[u8]>>) -> io::Result<()> {
        self.epoch = epoch;
        self.replace(names)
    }

    /// The recorded names.
    pub fn names(&self) -> BTreeSet<Box<[u8]>> {
        self.names.clone()
    }

    /// Lets exactly these names be recorded. Errors: the file cannot be written.
    fn replace(&mut self, names: BTreeSet<Box<[u8]>>) -> io::Result<()> {
        self.file = write(&self.path, self.epoch, &names)?;
        self.lines = names.len();
        self.names = names;
        Ok(())
    }

    /// Makes `changes` durable. Errors: the file cannot be written; what it then holds is not known.
    pub fn commit(&mut self, changes: &[Change]) -> io::Result<()> {
        let mut text = String::new();
        for change in changes {
            let (sign, name, changed) = match change {
                Change::ClientRecorded(name) => ('+', name, self.names.insert(name.clone())),
                Change::ClientForgotten(name) => ('-', name, self.names.remove(name)),
            };
            if changed {
                put_line(&mut text, sign, name);
                self.lines += 1;
            }
        }
        if text.is_empty() {
            return Ok(());
        }
        if self.lines > 2 * self.names.len() + SPARE_LINES {
            return self.replace(self.names.clone());
        }
        self.file.write_all(text.as_bytes())?;
        self.file.sync_data()
    }
}

fn put_line(text: &mut String, sign: char, name: &[u8]) {
    let start = text.len();
    text.push(sign);
    name.iter().for_each(|octet| text.push_str(&format!("{octet:02x}")));
    let sum = checksum(&text[start..]);
    text.push_str(&format!(" {sum:08x}\n"));
}

fn checksum(line: &str) -> u32 {
    let mut hasher = SipHasher24::new();
    hasher.write(line.as_bytes());
    hasher.finish() as u32
}

fn is_sum(sum: &str, line: &str) -> bool {
    sum == format!("{:08x}", checksum(line))
}

/// Writes the file anew, and answers it ready to be written on.
fn write(path: &Path, epoch: u32, names: &BTreeSet<Box<[u8]>>) -> io::Result<File> {
    let mut text = format!("{TITLE}{VERSION} {epoch}");
    text.push_str(&format!(" {:08x}\n", checksum(&text)));
    names.iter().for_each(|name| put_line(&mut text, '+', name));
    let beside = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    if let Some(dir) = path.parent() {
        File::open(dir)?.sync_all()?;
    }
    Ok(file)
}

/// The names recorded in the state directory `dir`. Nothing is changed.
pub fn client_names(dir: &Path) -> Result<BTreeSet<Box<[u8]>>, ClientRecordsError> {
    read(dir, &dir.join("clients")).map(|content| content.names)
}

/// Reads the file in the state directory `dir`.
fn read(dir: &Path, path: &Path) -> Result<Content, ClientRecordsError> {
    let text = match fs::read(path) {
        Ok(octets) => String::from_utf8_lossy(&octets).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(missing(dir, path)),
        Err(error) => return Err(ClientRecordsError::Io(path.to_owned(), error)),
    };
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    let (mut epoch, mut names) = (0, BTreeSet::new());
    let plain = first.trim_end_matches('\n') == HEADER_1;
    match read_header(first) {
        Some((VERSION, said)) => epoch = said,
        Some((version, _)) if version > VERSION => {
            let first = first.chars().take(80).collect();
            return Err(ClientRecordsError::Version(path.to_owned(), first));
        }
        Some(_) => {}
        None => {
            tracing::error!(file = %path.display(), "the header of the client records is damaged");
            names.insert(UNKNOWN.into());
        }
    }
    for (index, line) in lines.enumerate() {
        let change = match line.strip_suffix('\n') {
            Some(line) if plain => decode_hex(line).map(|name| ('+', name)),
            Some(line) => decode_line(line),
            // Being written when the power went, or cut off later.
            None => {
                names.insert(UNKNOWN.into());
                break;
            }
        };
        match change {
            Some(('+', name)) => drop(names.insert(name)),
            Some((_, name)) => drop(names.remove(&name)),
            None => {
                tracing::error!(file = %path.display(), line = index + 2, "damaged client record left out");
                names.insert(UNKNOWN.into());
            }
        }
    }
    Ok(Content { epoch, names })
}

/// What is known when there is no file. It is made before anything else that outlives a server, but for the secret.
fn missing(dir: &Path, path: &Path) -> Content {
    let mut names = BTreeSet::new();
    if ["store", "epoch"].into_iter().any(|other| dir.join(other).exists()) {
        tracing::error!(file = %path.display(), "the client records are lost");
        names.insert(UNKNOWN.into());
    }
    Content { epoch: 0, names }
}

/// The version of the header line, and the epoch that it tells. `None`: it is not what was written.
fn read_header(line: &str) -> Option<(u32, u32)> {
    let line = line.strip_suffix('\n')?;
    match line {
        HEADER_1 => return Some((1, 0)),
        HEADER_2 => return Some((2, 0)),
        _ => {}
    }
    let (said, sum) = line.rsplit_once(' ')?;
    if !is_sum(sum, said) {
        return None;
    }
    let (version, epoch) = said.strip_prefix(TITLE)?.split_once(' ')?;
    let version = version.parse().ok()?;
    // A newer header may go on in another way.
    Some((version, if version == VERSION { epoch.parse().ok()? } else { 0 }))
}

fn decode_line(line: &str) -> Option<(char, Box<[u8]>)> {
    let (change, sum) = line.split_once(' ')?;
    let right = is_sum(sum, change);
    let sign = change.chars().next().filter(|sign| right && ['+', '-'].contains(sign))?;
    Some((sign, decode_hex(&change[1..])?))
}

fn decode_hex(line: &str) -> Option<Box<[u8]>> {
    if !line.len().is_multiple_of(2) || line.len() > LINE_BYTES_MAX || !line.is_ascii() {
        return None;
    }
    (0..line.len()).step_by(2).map(|at| u8::from_str_radix(&line[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Box<[u8]> {
        text.as_bytes().into()
    }

    fn recorded(text: &str) -> Change {
        Change::ClientRecorded(name(text))
    }

    fn forgotten(text: &str) -> Change {
        Change::ClientForgotten(name(text))
    }

    fn names_in(dir: &Path) -> Vec<String> {
        let mut names = ClientRecords::open(dir).expect("open").names();
        // What became of it is asked for where that matters.
        names.remove(UNKNOWN);
        names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
    }

    #[test]
    fn records_outlive_the_server() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let mut records = ClientRecords::open(dir.path()).expect("none yet");
        records.commit(&[recorded("a"), recorded("b"), recorded("")]).expect("commit");
        records.commit(&[forgotten("a"), recorded("c"), forgotten("never there")]).expect("commit");
        assert_eq!(names_in(dir.path()), ["", "b", "c"]);
        assert_eq!(names_in(dir.path()), ["", "b", "c"], "also when it was only read");
        records.replace(BTreeSet::from([name("z")])).expect("replace");
        assert_eq!(names_in(dir.path()), ["z"]);
    }

    #[test]
    fn the_file_stays_short() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let mut records = ClientRecords::open(dir.path()).expect("none yet");
        for round in 0..SPARE_LINES {
            records.commit(&[recorded("a"), recorded("b"), forgotten("a"), forgotten("b")]).expect("commit");
            assert!(records.lines <= SPARE_LINES + 4, "round {round}");
        }
        records.commit(&[recorded("b")]).expect("commit");
        assert_eq!(names_in(dir.path()), ["b"]);
    }

    #[test]
    fn a_torn_line_was_never_relied_on_and_a_damaged_one_is_left_out() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let mut records = ClientRecords::open(dir.path()).expect("none yet");
        records.commit(&[recorded("a"), recorded("b"), forgotten("a")]).expect("commit");
        let path = dir.path().join("clients");
        let whole = fs::read(&path).expect("read");
        fs::write(&path, &whole[..whole.len() - 1]).expect("write");
        assert_eq!(names_in(dir.path()), ["a", "b"]);
        for bit in 0..whole.len() * 8 {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, &damaged).expect("write");
            let names = ClientRecords::open(dir.path()).expect("open").names();
            let others = names.iter().filter(|name| ***name != *UNKNOWN);
            assert!(others.into_iter().all(|name| [&b"a"[..], b"b"].contains(&&**name)), "bit {bit}");
            // The very last octet ends a line that may not have been relied on.
            let last = bit / 8 == whole.len() - 1;
            assert!(last || names.contains(UNKNOWN), "bit {bit}");
        }
    }

    #[test]
    fn lost_records_are_not_as_good_as_none() {
        let dir = tempfile::tempdir().expect("temporary directory");
        drop(ClientRecords::open(dir.path()).expect("none yet"));
        assert_eq!(names_in(dir.path()), Vec::<String>::new());
        let path = dir.path().join("clients");
        assert!(ClientRecords::open(dir.path()).expect("open").names().is_empty());
        fs::remove_file(&path).expect("remove");
        assert!(
            ClientRecords::open(dir.path()).expect("open").names().is_empty(),
            "nothing was there before"
        );
        for witness in ["epoch", "store"] {
            fs::remove_file(&path).expect("remove");
            fs::write(dir.path().join(witness), "").expect("write");
            let names = ClientRecords::open(dir.path()).expect("open").names();
            assert!(names.contains(UNKNOWN), "{witness}");
            fs::remove_file(dir.path().join(witness)).expect("remove");
        }
    }

    #[test]
    fn the_epoch_is_told() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let mut records = ClientRecords::open(dir.path()).expect("none yet");
        assert_eq!(records.epoch(), None);
        records.begin(77, BTreeSet::new()).expect("write");
        records.commit(&[recorded("a")]).expect("commit");
        assert_eq!(ClientRecords::open(dir.path()).expect("open").epoch(), Some(77));
        assert_eq!(names_in(dir.path()), ["a"]);
    }

    #[test]
    fn an_older_file_is_read_and_a_newer_one_is_refused() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let path = dir.path().join("clients");
        fs::write(&path, "lockhouse clients 1\n6\u{fc}\n61\n6x\n").expect("write");
        assert_eq!(names_in(dir.path()), ["a"]);
        let mut second = "lockhouse clients 2\n".to_owned();
        put_line(&mut second, '+', b"b");
        fs::write(&path, second).expect("write");
        assert_eq!(names_in(dir.path()), ["b"]);
        let newer = "lockhouse clients 4 and more";
        fs::write(&path, format!("{newer} {:08x}\n+61\n", checksum(newer))).expect("write");
        assert!(matches!(ClientRecords::open(dir.path()), Err(ClientRecordsError::Version(..))));
    }
}
