//! Which clients may hold state, kept over restarts: they are waited for in the grace period (RFC 7530 §9.6.3).
//!
//! One file, a header line and then one line a client, its name in hexadecimal. Each change writes the whole file
//! anew beside the old one, syncs it and puts it in its place, so that a crash leaves the one or the other.

use crate::state::Change;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const HEADER: &str = "lockhouse clients 1";

/// Longest line: a name of 1024 octets in hexadecimal.
const LINE_BYTES_MAX: usize = 2048;

/// The names (`nfs_client_id4.id`) of the clients that may hold state.
#[derive(Debug)]
pub struct ClientRecords {
    path: PathBuf,
    names: BTreeSet<Box<[u8]>>,
}

/// Why the records cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ClientRecordsError {
    /// The file cannot be read.
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
        let text = match fs::read(&path) {
            Ok(octets) => String::from_utf8_lossy(&octets).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { path, names: BTreeSet::new() });
            }
            Err(error) => return Err(ClientRecordsError::Io(path, error)),
        };
        let mut lines = text.lines();
        match lines.next() {
            Some(HEADER) | None => {}
            Some(other) => return Err(ClientRecordsError::Version(path, other.chars().take(80).collect())),
        }
        let mut names = BTreeSet::new();
        for (index, line) in lines.enumerate() {
            match decode_hex(line) {
                Some(name) => drop(names.insert(name)),
                None => {
                    tracing::error!(file = %path.display(), line = index + 2, "damaged client record left out")
                }
            }
        }
        Ok(Self { path, names })
    }

    /// The recorded names.
    pub fn names(&self) -> BTreeSet<Box<[u8]>> {
        self.names.clone()
    }

    /// Makes `changes` durable. Errors: the file cannot be written; then nothing has changed on the disk.
    pub fn commit(&mut self, changes: &[Change]) -> io::Result<()> {
        let before = self.names.clone();
        for change in changes {
            match change {
                Change::ClientRecorded(name) => drop(self.names.insert(name.clone())),
                Change::ClientForgotten(name) => drop(self.names.remove(name)),
            }
        }
        if self.names == before { Ok(()) } else { self.write() }
    }

    fn write(&self) -> io::Result<()> {
        let mut text = String::from(HEADER);
        text.push('\n');
        for name in &self.names {
            name.iter().for_each(|octet| text.push_str(&format!("{octet:02x}")));
            text.push('\n');
        }
        let beside = self.path.with_extension("new");
        let mut file = File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)?;
        match self.path.parent() {
            Some(dir) => File::open(dir)?.sync_all(),
            None => Ok(()),
        }
    }
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

    #[test]
    fn records_outlive_the_server() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let mut records = ClientRecords::open(dir.path()).expect("none yet");
        let changes = ["a", "b", ""].map(|text| Change::ClientRecorded(name(text)));
        records.commit(&changes).expect("commit");
        records.commit(&[Change::ClientForgotten(name("a"))]).expect("commit");
        let again = ClientRecords::open(dir.path()).expect("open");
        assert_eq!(again.names(), BTreeSet::from([name("b"), name("")]));
    }

    #[test]
    fn damage_costs_one_record_and_a_newer_version_is_refused() {
        let dir = tempfile::tempdir().expect("temporary directory");
        fs::write(dir.path().join("clients"), "lockhouse clients 1\n6\u{fc}\n61\n6x\n").expect("write");
        assert_eq!(ClientRecords::open(dir.path()).expect("open").names(), BTreeSet::from([name("a")]));
        fs::write(dir.path().join("clients"), "lockhouse clients 2\n61\n").expect("write");
        assert!(matches!(ClientRecords::open(dir.path()), Err(ClientRecordsError::Version(..))));
    }
}
