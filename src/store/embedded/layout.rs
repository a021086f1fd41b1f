//! Names of the files of a store, and the system calls on names.
//!
//! | file | what it is |
//! |---|---|
//! | `meta` | format, boot id, clean mark |
//! | `note` | number of the last commit |
//! | `records-N` | sorted run: all records as of the start of `log-N` |
//! | `changes-A-B` | sorted run: the changes of the log files from A up to, but not including, B |
//! | `log-N` | commits, in order |

use super::error::Fault;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

pub(super) const META: &str = "meta";
pub(super) const COMMIT_MARK: &str = "note";
pub(super) const RECORDS: &str = "records";
pub(super) const CHANGES: &str = "changes";
pub(super) const LOG: &str = "log";
/// Ending of a file that is not complete yet. After a crash such a file is deleted.
const NEW: &str = ".new";

/// Returns the path of the file `seq` of this kind.
pub(super) fn numbered(dir: &Path, kind: &str, seq: u64) -> PathBuf {
    dir.join(format!("{kind}-{seq}"))
}

/// Returns the path under which `path` is written until it is complete.
pub(super) fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(NEW);
    name.into()
}

/// Lists the files in a directory, in ascending order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Listing {
    pub records: Vec<u64>,
    pub changes: Vec<(u64, u64)>,
    pub logs: Vec<u64>,
    /// Files that were not completed.
    pub unfinished: Vec<PathBuf>,
    /// Whether the directory has any entries.
    pub any: bool,
}

impl Listing {
    /// Reads the directory and ignores files that are not part of a store.
    pub fn read(dir: &Path) -> Result<Self, Fault> {
        let mut listing = Self::default();
        for entry in fs::read_dir(dir).map_err(Fault::io(dir))? {
            let path = entry.map_err(Fault::io(dir))?.path();
            listing.any = true;
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if name.ends_with(NEW) {
                listing.unfinished.push(path);
            } else if let Some(seq) = seq_of(name, RECORDS) {
                listing.records.push(seq);
            } else if let Some(ends) = ends_of(name) {
                listing.changes.push(ends);
            } else if let Some(seq) = seq_of(name, LOG) {
                listing.logs.push(seq);
            }
        }
        listing.records.sort_unstable();
        listing.changes.sort_unstable();
        listing.logs.sort_unstable();
        listing.unfinished.sort_unstable();
        Ok(listing)
    }
}

fn seq_of(name: &str, kind: &str) -> Option<u64> {
    number(name.strip_prefix(kind)?.strip_prefix('-')?)
}

fn ends_of(name: &str) -> Option<(u64, u64)> {
    let (from, end) = name.strip_prefix(CHANGES)?.strip_prefix('-')?.split_once('-')?;
    Some((number(from)?, number(end)?)).filter(|(from, end)| from < end)
}

/// Parses a number as we write it: not "07" or "+7".
fn number(digits: &str) -> Option<u64> {
    let number = digits.parse().ok()?;
    (format!("{number}") == digits).then_some(number)
}

/// Creates a directory that only we can access.
pub(super) fn make_dir(dir: &Path) -> Result<(), Fault> {
    DirBuilder::new().mode(0o700).create(dir).map_err(Fault::io(dir))
}

/// Creates a file that only we can access, or empties the one that exists.
pub(super) fn create(path: &Path) -> Result<File, Fault> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true).mode(0o600);
    options.open(path).map_err(Fault::io(path))
}

/// Syncs the directory `dir`, so that new, renamed and removed files stay so.
pub(super) fn sync_names(dir: &Path) -> Result<(), Fault> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(Fault::io(dir))
}

/// Removes a file, if it exists.
pub(super) fn remove(path: &Path) -> Result<(), Fault> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Fault::Io(path.to_owned(), error)),
        _ => Ok(()),
    }
}

/// Renames the complete file `from` to `to`, which it replaces.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Fault> {
    fs::rename(from, to).map_err(Fault::io(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_names_are_ignored() {
        let dir = tempfile::tempdir().unwrap();
        let logs = ["log-1", "log-10", "log-9", "log-x", "log-01", "log-"];
        let runs = ["records-3", "records-4.new", "changes-3-9", "changes-3", "changes-3-03", "changes-4-3"];
        for name in logs.iter().chain(&runs).chain(&["meta"]) {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let listing = Listing::read(dir.path()).unwrap();
        assert_eq!((listing.logs, listing.records, listing.any), (vec![1, 9, 10], vec![3], true));
        assert_eq!(listing.changes, [(3, 9)]);
        assert_eq!(listing.unfinished, [dir.path().join("records-4.new")]);
        assert_eq!(unfinished(&numbered(dir.path(), RECORDS, 4)), dir.path().join("records-4.new"));
    }
}
