//! The store on a disk: a log of commits, and runs, files of records as of some commit and of what was changed later.
//!
//! Records are read when the server starts and never again, so nothing here serves a lookup. A commit is one write of
//! its octets to the end of the log and one of its number to the note; both are in the page cache when it returns.
//! `docs/STORE.md` says what survives what, `docs/decisions/003-store.md` why it is not one of the databases.
//!
//! - [`frame`] octets with a checksum
//! - [`segment`] the files of the log
//! - [`records`] files of records, [`reader`] reading one; [`run`] how they lie on each other; [`merge`] reading them as one
//! - [`meta`] what the store knows about itself; [`note`] the number of the last commit
//! - [`layout`] names of files
//! - [`load`] reading it all, and judging it
//! - [`overlay`] the changes of the log over the runs
//! - [`writer`] commits
//! - [`fold`] making a log into a run, in a thread of its own
//! - [`files`] and [`shared`] which files there are, as the writer and that thread see it
//! - [`open`] and [`inspect`] the ways in

mod commit_mark;
mod compaction;
mod error;
mod files;
mod frame;
mod inspect;
mod layout;
mod load;
mod mapped;
mod memtable;
mod merge;
mod meta;
mod open;
mod run_reader;
mod run_writer;
mod segment;
mod shared;
mod sorted_run;
#[cfg(test)]
mod tests;
mod writer;

pub use inspect::ReadOnly;
pub use open::set_aside;

use super::Guard;
use commit_mark::CommitMark;
use segment::Segment;
use shared::Shared;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

/// The format that this release writes.
const FORMAT: u32 = 5;

/// Longest batch that can be committed, in octets.
pub const COMMIT_BYTES_MAX: usize = 256 << 20;

/// With so much written, a commit pauses when folding is behind: 64 MiB/s, a fraction of what folding does.
const PAUSE_BYTES: u64 = 64 << 10;

/// A buffer that grew over this is not kept.
const BUFFER_BYTES_KEPT: usize = 1 << 20;

/// The store in a directory, open for writing.
#[derive(Debug)]
pub struct Embedded {
    shared: Arc<Shared>,
    compactor: Option<JoinHandle<()>>,
    guard: Asked,
    boot_id: String,
    commit_mark: CommitMark,
    /// The log file that is written, and where.
    active: Segment,
    at: u64,
    seed: u64,
    /// The number of the last commit.
    last: u64,
    octets: Vec<u8>,
    /// What was written since the last pause.
    unpaused_bytes: u64,
    /// Full log files that were not synced yet, and whether names are not.
    unsynced: Vec<Segment>,
    names_unsynced: bool,
    /// All that was acknowledged is here.
    whole: bool,
    failed: bool,
    /// Locked, so that no other process opens the store.
    _lock: File,
}

/// What was found when a store was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// There was none, so one was made.
    New,
    /// There was one.
    Records {
        /// Everything that was acknowledged is there: it was closed cleanly, or written in this boot. If not, commits
        /// at the end may be missing, though none in between, and what is there is good for a cold restart only. It
        /// stays so until [`Store::replace_all`].
        whole: bool,
        /// It was closed cleanly.
        clean: bool,
        /// The boot in which it was written.
        boot_id: String,
    },
}

/// A store that was opened.
#[derive(Debug)]
pub struct Opened {
    /// It.
    pub store: Embedded,
    /// What was there.
    pub found: Found,
}

/// Why a store cannot be opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A newer release of lockhouse made it.
    #[error(
        "the store has format {found}, this release knows {FORMAT}: use the newer release, or set the store aside"
    )]
    Newer {
        /// Its format.
        found: u32,
    },
    /// It is not what was written, or not all of it. See [`set_aside`].
    #[error("the store is damaged: {why}")]
    Damaged {
        /// What is wrong.
        why: String,
    },
    /// Another process has it open.
    #[error("another process has the store {0} open")]
    InUse(PathBuf),
    /// The files cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// Sizes, in octets, and counts.
#[derive(Clone, Copy, Debug)]
struct Options {
    /// Length of a log file.
    segment_bytes: u64,
    /// Folding begins with so much log, or as much as there are records …
    compact_bytes: u64,
    /// … but so much is enough. Never is more than twice that folded at once.
    compact_bytes_max: u64,
    /// What changes may take in memory while they are folded; one log file is always taken.
    compact_memory_bytes: usize,
    /// A run that is at most so many times as long as what comes on it is made into one with it.
    run_ratio: u64,
    /// With so much more log than twice the records, commits slow down …
    log_bytes_slow: u64,
    /// … and with so much they wait until some is folded.
    log_bytes_max: u64,
    /// Log files that are ready to be written.
    ready: usize,
    /// Log files that are kept to be used again, those that are ready included.
    spares: usize,
}

const OPTIONS: Options = Options {
    segment_bytes: 4 << 20,
    compact_bytes: 16 << 20,
    compact_bytes_max: 64 << 20,
    compact_memory_bytes: 32 << 20,
    run_ratio: 4,
    log_bytes_slow: 192 << 20,
    log_bytes_max: 1 << 30,
    ready: 2,
    spares: 16,
};

impl Options {
    /// How much log is folded when there are so many octets of records.
    fn compact_at(&self, records_bytes: u64) -> u64 {
        records_bytes.clamp(self.compact_bytes, self.compact_bytes_max)
    }
}

struct Asked(Box<dyn Guard>);

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Guard")
    }
}
