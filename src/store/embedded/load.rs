//! Reading a store's directory, and deciding whether it holds everything that was acknowledged. Changes nothing.

use super::commit_mark::CommitMark;
use super::error::{Fault, OpenError};
use super::layout::{COMMIT_MARK, LOG, Listing, META, numbered};
use super::log_reader::SegmentContents;
use super::meta::Meta;
use super::run_reader::RunReader;
use super::run_set::RunSet;
use std::path::{Path, PathBuf};

/// Says what was found when a store was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// There was no store, so one was created.
    New,
    /// There was a store.
    Records {
        /// Everything that was acknowledged is there: the store was closed cleanly, or was written in this boot. If not,
        /// the last commits may be missing, though none before them, and the records are good for a cold restart only.
        /// This stays so until [`Store::replace_all`](crate::store::Store::replace_all).
        complete: bool,
        /// It was closed cleanly.
        clean: bool,
        /// The boot in which it was written.
        boot_id: String,
    },
}

/// Describes a log file that holds commits.
#[derive(Debug)]
pub(super) struct Log {
    pub seq: u64,
    /// Number of its last commit.
    pub last: u64,
    pub contents: SegmentContents,
}

/// Holds the content of a directory.
#[derive(Debug)]
pub(super) struct Loaded {
    pub meta: Meta,
    /// Everything that was acknowledged is there.
    pub complete: bool,
    /// The sorted runs, the lowest first. They were checked to their ends.
    pub runs: Vec<RunReader>,
    /// The log files that hold later commits, in order.
    pub logs: Vec<Log>,
    /// Number of the last commit.
    pub last: u64,
    /// The greatest number of any file.
    pub seq_max: u64,
    /// Files that are not needed any more.
    pub obsolete: Vec<PathBuf>,
}

/// Returns whether there is no store in `dir` at all.
pub(super) fn is_new(dir: &Path) -> Result<bool, Fault> {
    match Listing::read(dir) {
        Ok(listing) => Ok(!listing.any),
        Err(Fault::Io(_, error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(fault) => Err(fault),
    }
}

/// Reads the store in `dir`, which exists, in the boot `boot_id`.
pub(super) fn load(dir: &Path, boot_id: &str) -> Result<Loaded, OpenError> {
    let Some(meta) = Meta::read(dir)? else { return Err(damaged(format!("there is no file {META}"))) };
    let same_boot = meta.boot_id == boot_id;
    // Before the log, which may grow while a read-only store is opened.
    let mark = if same_boot { CommitMark::read(dir, boot_id)? } else { None };
    let listing = Listing::read(dir)?;
    let found = RunSet::of(&listing)?;
    let compacted = found.end();
    if compacted < meta.compacted_below {
        let below = meta.compacted_below;
        return Err(damaged(format!(
            "log files before {LOG}-{below} were compacted, but the sorted runs end at {compacted}"
        )));
    }
    let runs = read_runs(dir, meta.id, &found)?;
    let last = runs.last().map_or(0, |run| run.run.last);
    let seq_max = listing.logs.last().copied().unwrap_or(0).max(compacted);
    let complete = same_boot || meta.closed_at.is_some();
    let (logs, obsolete) = (Vec::new(), obsolete(dir, &listing, &found));
    let mut loaded = Loaded { meta, complete, runs, logs, last, seq_max, obsolete };
    loaded.read_logs(dir, &listing, compacted)?;
    loaded.check_end(mark)?;
    Ok(loaded)
}

fn read_runs(dir: &Path, id: u64, found: &RunSet) -> Result<Vec<RunReader>, OpenError> {
    let mut runs: Vec<RunReader> = Vec::new();
    for span in &found.spans {
        let mut reader = RunReader::open(dir, id, *span)?;
        reader.check()?;
        let below = runs.last().map_or(0, |below| below.run.last);
        if reader.run.after != below || reader.run.last < below {
            let (path, after) = (span.path(dir), reader.run.after);
            return Err(damaged(format!(
                "{} follows commit {after}, but the run below ends with commit {below}",
                path.display()
            )));
        }
        runs.push(reader);
    }
    Ok(runs)
}

fn obsolete(dir: &Path, listing: &Listing, found: &RunSet) -> Vec<PathBuf> {
    let logs = listing.logs.iter().filter(|seq| **seq < found.end()).map(|seq| numbered(dir, LOG, *seq));
    let covered = found.covered.iter().map(|span| span.path(dir));
    logs.chain(covered).chain(listing.unfinished.iter().cloned()).collect()
}

impl Loaded {
    /// Returns what the caller of `open` is told.
    pub fn found(&self) -> Found {
        let (clean, boot_id) = (self.meta.closed_at.is_some(), self.meta.boot_id.clone());
        Found::Records { complete: self.complete, clean, boot_id }
    }

    /// Reads the log from the file `compacted` on. It may end early for legitimate reasons: in the middle of the last write
    /// if the process was killed, or before anything that was not synced if the machine went down.
    fn read_logs(&mut self, dir: &Path, listing: &Listing, compacted: u64) -> Result<(), OpenError> {
        let mut broken = false;
        for &seq in listing.logs.iter().filter(|seq| **seq >= compacted) {
            let contents = SegmentContents::read(dir, self.meta.id, seq)?;
            let last = if broken { None } else { contents.last_commit(self.last) };
            match last {
                Some(last) if last > self.last => {
                    self.last = last;
                    self.logs.push(Log { seq, last, contents });
                }
                Some(_) => self.obsolete.push(numbered(dir, LOG, seq)),
                None if self.complete => {
                    return Err(damaged(format!("commits are missing before {LOG}-{seq}")));
                }
                None => {
                    broken = true;
                    self.obsolete.push(numbered(dir, LOG, seq));
                }
            }
        }
        Ok(())
    }

    /// Compares the end of the log with `meta` and the commit mark.
    fn check_end(&self, mark: Option<u64>) -> Result<(), OpenError> {
        let last = self.last;
        match (self.meta.closed_at, mark) {
            (Some(closed), _) if closed != last => {
                Err(damaged(format!("it was closed after commit {closed}, but commit {last} is the last")))
            }
            (Some(_), _) => Ok(()),
            (None, Some(mark)) if mark > last => {
                Err(damaged(format!("commit {mark} was acknowledged, but commit {last} is the last")))
            }
            (None, None) if self.complete => {
                Err(damaged(format!("the file {COMMIT_MARK} is not what was written")))
            }
            (None, _) => Ok(()),
        }
    }
}

pub(super) fn damaged(why: String) -> OpenError {
    OpenError::Damaged { why }
}
