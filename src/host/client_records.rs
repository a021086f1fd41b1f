//! Which clients may hold state, kept over restarts of the machine: they may reclaim, and are waited for in the grace
//! period (RFC 7530 §9.6.3). The store has this too; here it is on the disk before anything depends on it, and apart, so
//! that a damaged store does not take away the right to reclaim.
//!
//! One file: a header line with the epoch and a checksum, then a line for each change, `+` or `-`, the client's name in
//! hexadecimal and a checksum. Opening rewrites it with one line a client, beside the old one, and puts it in its
//! place: a crash leaves the one or the other. A line without its end was never relied on.
//!
//! Who was in a line that is damaged, or in a file that is lost, is not known. In its place stands [`UNKNOWN`], which no
//! client comes back as: so there is a grace period, in which whoever lost its locks hears of it before others get them.

use super::client_records_format::{
    HEADER_1, VERSION, decode_hex, decode_line, header, put_line, read_header,
};
use crate::state::ClientChange;
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Stands for clients whose records are lost.
pub const UNKNOWN: &[u8] = b"(clients whose records were lost)";
/// The file is rewritten when it has this many lines more than clients, and twice as many.
const SPARE_LINES: usize = 1000;

/// Records the names (`nfs_client_id4.id`) of the clients that may hold state.
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

/// Says why the records cannot be used.
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

    /// Returns the epoch of the last run, if the records tell it.
    pub fn epoch(&self) -> Option<u32> {
        (self.epoch > 0).then_some(self.epoch)
    }

    /// Says durably in which epoch the server runs from now on, and lets exactly these names be recorded.
    /// Errors: the file cannot be written.
    pub fn begin(&mut self, epoch: u32, names: BTreeSet<Box<[u8]>>) -> io::Result<()> {
        self.epoch = epoch;
        self.replace(names)
    }

    /// Returns the recorded names.
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
    pub fn commit(&mut self, changes: &[ClientChange]) -> io::Result<()> {
        let mut text = String::new();
        for change in changes {
            let (sign, name, changed) = match change {
                ClientChange::ClientRecorded(name) => ('+', name, self.names.insert(name.clone())),
                ClientChange::ClientForgotten(name) => ('-', name, self.names.remove(name)),
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

/// Rewrites the file, and returns it ready for appending.
fn write(path: &Path, epoch: u32, names: &BTreeSet<Box<[u8]>>) -> io::Result<File> {
    let mut text = header(epoch);
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

/// Reads the names recorded in the state directory `dir`, and changes nothing.
pub fn client_names(dir: &Path) -> Result<BTreeSet<Box<[u8]>>, ClientRecordsError> {
    read(dir, &dir.join("clients")).map(|content| content.names)
}

/// Reads the file in the state directory `dir`.
fn read(dir: &Path, path: &Path) -> Result<Content, ClientRecordsError> {
    let text = match fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
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

/// Returns what is known when there is no file. It is made before anything else that outlives a server, but for the secret.
fn missing(dir: &Path, path: &Path) -> Content {
    let mut names = BTreeSet::new();
    if ["store", "epoch"].into_iter().any(|other| dir.join(other).exists()) {
        tracing::error!(file = %path.display(), "the client records are lost");
        names.insert(UNKNOWN.into());
    }
    Content { epoch: 0, names }
}

#[cfg(test)]
#[path = "client_records_tests.rs"]
mod tests;
