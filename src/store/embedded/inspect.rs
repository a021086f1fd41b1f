//! Looking at a store without changing anything, also while a server has it open.

use super::error::Fault;
use super::load::{Loaded, damaged, is_new, load};
use super::memtable::sorted;
use super::merge;
use super::run_reader::RunReader;
use super::{Found, OpenError, compaction};
use crate::store::{StoreError, Visit};
use std::path::Path;

/// How often a store is read anew that changes while it is read.
const TRIES: usize = 10;

/// A store as it was at one moment, open for reading.
#[derive(Debug)]
pub struct ReadOnly {
    loaded: Loaded,
}

impl ReadOnly {
    /// Reads the store in `dir`, as of the boot `boot_id`. Nothing is changed and nothing is locked. Of a store that is
    /// open this sees what was committed, unless it changes so fast that it cannot be read.
    ///
    /// Errors: see [`OpenError`]; `Io` with `NotFound`: there is no store.
    pub fn open(dir: &Path, boot_id: &str) -> Result<Self, OpenError> {
        if is_new(dir)? {
            let source = std::io::ErrorKind::NotFound.into();
            return Err(OpenError::Io { path: dir.to_owned(), source });
        }
        let mut result = Err(damaged(String::new()));
        for _ in 0..TRIES {
            let before = super::layout::Listing::read(dir)?;
            result = load(dir, boot_id);
            let newer = matches!(result, Err(OpenError::Newer { .. }));
            // A fold takes files away; then what was read may be of different times.
            if result.is_ok() || newer || before == super::layout::Listing::read(dir)? {
                break;
            }
        }
        Ok(Self { loaded: result? })
    }

    /// What is there.
    pub fn found(&self) -> Found {
        self.loaded.found()
    }

    /// The number of commits since the store was made.
    pub fn commits(&self) -> u64 {
        self.loaded.last
    }

    /// Shows all records to `visit`, keys ascending, until it breaks.
    pub fn scan(&self, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        let loaded = &self.loaded;
        let mut read = || -> Result<(), Fault> {
            let runs = loaded.runs.iter().map(RunReader::again).collect::<Result<Vec<_>, _>>()?;
            let folded = runs.last().map_or(0, |run| run.run.last);
            let logs = loaded.logs.iter().map(|log| &log.octets);
            let over = sorted(compaction::commits(logs, folded, loaded.last)?);
            merge::scan(runs, &over, visit)
        };
        read().map_err(StoreError::from)
    }
}
