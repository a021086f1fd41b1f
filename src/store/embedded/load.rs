//! Reading what is in the directory, and judging whether it is all that was acknowledged. Changes nothing.

use super::commit_mark::CommitMark;
use super::error::Fault;
use super::layout::{COMMIT_MARK, LOG, Listing, META, numbered};
use super::meta::Meta;
use super::run_reader::RunReader;
use super::segment::Octets;
use super::sorted_run::RunSet;
use super::{Found, OpenError};
use crate::store::batch;
use std::path::{Path, PathBuf};

/// A log file that holds commits.
#[derive(Debug)]
pub(super) struct Log {
    pub seq: u64,
    /// The number of its last commit.
    pub last: u64,
    pub octets: Octets,
}

/// What was found in a directory.
#[derive(Debug)]
pub(super) struct Loaded {
    pub meta: Meta,
    /// Everything that was acknowledged is there.
    pub whole: bool,
    /// The runs, the lowest first. They were read to their ends.
    pub runs: Vec<RunReader>,
    /// The log files that hold later commits, in order.
    pub logs: Vec<Log>,
    /// The number of the last commit.
    pub last: u64,
    /// The greatest number of any file.
    pub seq_max: u64,
    /// Files that are of no use any more.
    pub obsolete: Vec<PathBuf>,
}

impl Loaded {
    /// What a caller is told about it.
    pub fn found(&self) -> Found {
        let (clean, boot_id) = (self.meta.closed_at.is_some(), self.meta.boot_id.clone());
        Found::Records { whole: self.whole, clean, boot_id }
    }
}

/// Whether there is no store in `dir` at all.
pub(super) fn is_new(dir: &Path) -> Result<bool, Fault> {
    match Listing::read(dir) {
        Ok(listing) => Ok(!listing.any),
        Err(Fault::Io(_, error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(fault) => Err(fault),
    }
}

/// Reads the store in `dir`, which is there, as of the boot `boot_id`.
pub(super) fn load(dir: &Path, boot_id: &str) -> Result<Loaded, OpenError> {
    let Some(meta) = Meta::read(dir)? else { return Err(damaged(format!("there is no file {META}"))) };
    let same_boot = meta.boot_id == boot_id;
    // Before the log, which may grow under one who only reads.
    let noted = if same_boot { CommitMark::read(dir, boot_id)? } else { None };
    let listing = Listing::read(dir)?;
    let found = RunSet::of(&listing)?;
    let folded = found.end();
    if folded < meta.folded {
        return Err(damaged(format!(
            "log files before {LOG}-{} were folded, but runs end at {folded}",
            meta.folded
        )));
    }
    let runs = read_runs(dir, meta.id, &found)?;
    let last = runs.last().map_or(0, |run| run.run.last);
    let seq_max = listing.logs.last().copied().unwrap_or(0).max(folded);
    let whole = same_boot || meta.closed_at.is_some();
    let (logs, obsolete) = (Vec::new(), obsolete(dir, &listing, &found));
    let mut loaded = Loaded { meta, whole, runs, logs, last, seq_max, obsolete };
    loaded.read_logs(dir, &listing, folded)?;
    loaded.check_end(noted)?;
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
            return Err(damaged(format!("{} follows commit {after}, but {below} is below", path.display())));
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
    /// Reads the log. Where it breaks off, commits may be missing lawfully – in the middle of the last write when the
    /// process was killed, and anything that was not synced when the machine went down – or not.
    fn read_logs(&mut self, dir: &Path, listing: &Listing, folded: u64) -> Result<(), OpenError> {
        let mut broken = false;
        for &seq in listing.logs.iter().filter(|seq| **seq >= folded) {
            let octets = Octets::read(dir, self.meta.id, seq)?;
            let last = if broken { None } else { follow(&octets, self.last) };
            match last {
                Some(last) if last > self.last => {
                    self.last = last;
                    self.logs.push(Log { seq, last, octets });
                }
                Some(_) => self.obsolete.push(numbered(dir, LOG, seq)),
                None if self.whole => {
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

    /// Compares the end of the log with what is known of it.
    fn check_end(&self, noted: Option<u64>) -> Result<(), OpenError> {
        let last = self.last;
        match (self.meta.closed_at, noted) {
            (Some(closed), _) if closed != last => {
                Err(damaged(format!("it was closed after commit {closed}, but commit {last} is the last")))
            }
            (Some(_), _) => Ok(()),
            (None, Some(noted)) if noted > last => {
                Err(damaged(format!("commit {noted} was acknowledged, but commit {last} is the last")))
            }
            (None, None) if self.whole => {
                Err(damaged(format!("the file {COMMIT_MARK} is not what was written")))
            }
            (None, _) => Ok(()),
        }
    }
}

/// The number of the last commit of a log file, whose first has the number after `last`; `last` if it has none.
/// `None`: it is no log file, or its commits do not follow `last`.
fn follow(octets: &Octets, mut last: u64) -> Option<u64> {
    for commit in octets.commits()? {
        if commit.number.checked_sub(1) != Some(last) || batch::changes(commit.payload).is_none() {
            return None;
        }
        last = commit.number;
    }
    Some(last)
}

pub(super) fn damaged(why: String) -> OpenError {
    OpenError::Damaged { why }
}
