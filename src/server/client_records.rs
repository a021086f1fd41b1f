//! Which clients may hold state, kept over restarts of the machine: they may reclaim, and are waited for in the grace
//! period (RFC 7530 §9.6.3). The store has this too; here it is on the disk before anything depends on it, and apart, so
//! that a damaged store does not take away the right to reclaim.
//!
//! One file: a header line, then a line for each change, `+` or `-`, the client's name in hexadecimal and a checksum.
//! Opening writes it anew with one line a client, beside the old one, and puts it in its place: a crash leaves the one
//! or the other. A line without its end was never relied on.

use crate::state::Change;
use siphasher::sip::SipHasher24;
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::hash::Hasher;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

const HEADER: &str = "lockhouse clients 2";
/// Had one line a client, its name in hexadecimal.
const HEADER_1: &str = "lockhouse clients 1";
/// Longest line: a name of 1024 octets in hexadecimal, and some.
const LINE_BYTES_MAX: usize = 2100;
/// The file is written anew when it has this many lines more than clients, and twice as many.
const SPARE_LINES: usize = 1000;

/// The names (`nfs_client_id4.id`) of the clients that may hold state.
#[derive(Debug)]
pub struct ClientRecords {
    path: PathBuf,
    names: BTreeSet<Box<[u8]>>,
    file: File,
    lines: usize,
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
    /// Reads the records in the state directory `dir`; none is as good as an empty one. A line that makes no sense is
    /// left out and logged: its client cannot reclaim.
    pub fn open(dir: &Path) -> Result<Self, ClientRecordsError> {
        let path = dir.join("clients");
        let failed = |error| ClientRecordsError::Io(path.clone(), error);
        let names = read(&path)?;
        let file = write(&path, &names).map_err(failed)?;
        Ok(Self { path, lines: names.len(), names, file })
    }

    /// The recorded names.
    pub fn names(&self) -> BTreeSet<Box<[u8]>> {
        self.names.clone()
    }

    /// Lets exactly these names be recorded. Errors: the file cannot be written.
    pub fn replace(&mut self, names: BTreeSet<Box<[u8]>>) -> io::Result<()> {
        self.file = write(&self.path, &names)?;
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

/// Writes the file anew, and answers it ready to be written on.
fn write(path: &Path, names: &BTreeSet<Box<[u8]>>) -> io::Result<File> {
    let mut text = format!("{HEADER}\n");
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
    read(&dir.join("clients"))
}

/// Reads the names in the file.
fn read(path: &Path) -> Result<BTreeSet<Box<[u8]>>, ClientRecordsError> {
    let text = match fs::read(path) {
        Ok(octets) => String::from_utf8_lossy(&octets).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(ClientRecordsError::Io(path.to_owned(), error)),
    };
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default().trim_end_matches('\n');
    let plain = match first {
        HEADER => false,
        HEADER_1 | "" => true,
        other => return Err(ClientRecordsError::Version(path.to_owned(), other.chars().take(80).collect())),
    };
    let mut names = BTreeSet::new();
    for (index, line) in lines.enumerate() {
        let change = match line.strip_suffix('\n') {
            Some(line) if plain => decode_hex(line).map(|name| ('+', name)),
            Some(line) => decode_line(line),
            // Being written when the power went.
            None => break,
        };
        match change {
            Some(('+', name)) => drop(names.insert(name)),
            Some((_, name)) => drop(names.remove(&name)),
            None => {
                tracing::error!(file = %path.display(), line = index + 2, "damaged client record left out")
            }
        }
    }
    Ok(names)
}

fn decode_line(line: &str) -> Option<(char, Box<[u8]>)> {
    let (change, sum) = line.split_once(' ')?;
    let right = u32::from_str_radix(sum, 16).ok()? == checksum(change);
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
        let names = ClientRecords::open(dir).expect("open").names();
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
        for at in HEADER.len() + 1..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(&path, &damaged).expect("write");
            assert!(names_in(dir.path()).iter().all(|name| ["a", "b"].contains(&&**name)), "octet {at}");
        }
    }

    #[test]
    fn an_older_file_is_read_and_a_newer_one_is_refused() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let path = dir.path().join("clients");
        fs::write(&path, "lockhouse clients 1\n6\u{fc}\n61\n6x\n").expect("write");
        assert_eq!(names_in(dir.path()), ["a"]);
        fs::write(&path, "lockhouse clients 3\n+61\n").expect("write");
        assert!(matches!(ClientRecords::open(dir.path()), Err(ClientRecordsError::Version(..))));
    }
}
