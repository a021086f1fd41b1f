//! The files of a store and their names.
//!
//! | file | what it is |
//! |---|---|
//! | `meta` | format, boot id, clean mark |
//! | `note` | number of the last commit |
//! | `records-N` | the records as of the start of `log-N` |
//! | `changes-A-B` | the changes of the log files from A on, and before B |
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
/// Ending of a file that is being made; it is worth nothing yet.
const NEW: &str = ".new";

/// The path of the file `seq` of this kind.
pub(super) fn numbered(dir: &Path, kind: &str, seq: u64) -> PathBuf {
    dir.join(format!("{kind}-{seq}"))
}

/// The path under which `path` is made.
pub(super) fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(NEW);
    name.into()
}

/// What is in the directory, ascending.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Listing {
    pub records: Vec<u64>,
    pub changes: Vec<(u64, u64)>,
    pub logs: Vec<u64>,
    /// Files that were being made.
    pub unfinished: Vec<PathBuf>,
    /// Whether there is anything at all.
    pub any: bool,
}

impl Listing {
    /// Reads the directory. Files that are none of ours are left alone.
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

/// "07" and "+7" are not as we write numbers.
fn number(digits: &str) -> Option<u64> {
    let number = digits.parse().ok()?;
    (format!("{number}") == digits).then_some(number)
}

/// Makes a directory for us alone.
pub(super) fn make_dir(dir: &Path) -> Result<(), Fault> {
    DirBuilder::new().mode(0o700).create(dir).map_err(Fault::io(dir))
}

/// Makes a file for us alone; one that is there is made empty.
pub(super) fn create(path: &Path) -> Result<File, Fault> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true).mode(0o600);
    options.open(path).map_err(Fault::io(path))
}

/// Syncs the names in `dir` to the disk.
pub(super) fn sync_names(dir: &Path) -> Result<(), Fault> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(Fault::io(dir))
}

/// Removes a file. That it is gone already is fine.
pub(super) fn remove(path: &Path) -> Result<(), Fault> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Fault::Io(path.to_owned(), error)),
        _ => Ok(()),
    }
}

/// Puts the finished file `from` in the place of `to`.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Fault> {
    fs::rename(from, to).map_err(Fault::io(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_we_give_are_ours() {
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
