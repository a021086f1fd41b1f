//! Reading a store without changing anything, even while a server has it open.

use super::error::{Fault, OpenError};
use super::layout::Listing;
use super::load::{Found, Loaded, damaged, is_new, load};
use super::log_reader;
use super::memtable::sorted;
use super::merge;
use super::run_reader::RunReader;
use crate::store::{StoreError, Visit};
use std::path::Path;

/// How often to read a store that changes while it is read.
const TRIES: usize = 10;

/// Holds a store as it was at one moment, open for reading.
#[derive(Debug)]
pub struct ReadOnly {
    loaded: Loaded,
}

impl ReadOnly {
    /// Reads the store in `dir`, in the boot `boot_id`. Changes and locks nothing. Of a store that is open for writing, this
    /// sees what was committed, unless it changes so fast that it cannot be read.
    ///
    /// Errors: see [`OpenError`]; `Io` with `NotFound`: there is no store.
    pub fn open(dir: &Path, boot_id: &str) -> Result<Self, OpenError> {
        if is_new(dir)? {
            let source = std::io::ErrorKind::NotFound.into();
            return Err(OpenError::Io { path: dir.to_owned(), source });
        }
        let mut result = Err(damaged(String::new()));
        for _ in 0..TRIES {
            let before = Listing::read(dir)?;
            result = load(dir, boot_id);
            let newer = matches!(result, Err(OpenError::Newer { .. }));
            // A compaction removes files. What was read meanwhile may be of different times.
            if result.is_ok() || newer || before == Listing::read(dir)? {
                break;
            }
        }
        Ok(Self { loaded: result? })
    }

    /// Returns what is there.
    pub fn found(&self) -> Found {
        self.loaded.found()
    }

    /// Returns the number of commits since the store was created.
    pub fn commits(&self) -> u64 {
        self.loaded.last
    }

    /// Passes all records to `visit`, keys ascending, until it breaks.
    pub fn scan(&self, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        self.read(visit).map_err(StoreError::from)
    }

    fn read(&self, visit: &mut Visit<'_>) -> Result<(), Fault> {
        let loaded = &self.loaded;
        let runs = loaded.runs.iter().map(RunReader::reopen).collect::<Result<Vec<_>, _>>()?;
        let compacted = runs.last().map_or(0, |run| run.run.last);
        let logs = loaded.logs.iter().map(|log| &log.contents);
        let changes = sorted(log_reader::changes(logs, compacted, loaded.last)?);
        merge::scan(runs, &changes, visit)
    }
}
