//! The store on a disk: a log of commits, and a file of all records as of some commit.
//!
//! Records are read when the server starts and never again, so nothing here serves a lookup. A commit is one write of
//! its octets to the end of the log and one of its number to the note; both are in the page cache when it returns.
//! `docs/STORE.md` says what survives what, `docs/decisions/003-store.md` why it is not one of the databases.
//!
//! - [`frame`] octets with a checksum
//! - [`segment`] the files of the log
//! - [`records`] the file of all records
//! - [`meta`] what the store knows about itself
//! - [`layout`] names of files
//! - [`load`] reading it all, and judging it
//! - [`overlay`] the changes of the log over the records
//! - [`fold`] making a log into records, in a thread of its own

mod fault;
mod fold;
mod frame;
mod inspect;
mod layout;
mod load;
mod meta;
mod open;
mod overlay;
mod records;
mod segment;
#[cfg(test)]
mod tests;

pub use inspect::ReadOnly;
pub use open::set_aside;

use super::{Batch, Durability, Guard, Store, StoreError, Visit};
use fault::Fault;
use fold::Shared;
use meta::{Meta, Note};
use records::Writer;
use segment::{Octets, Segment};
use std::fs::File;
use std::io;
use std::ops::ControlFlow;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;

/// The format that this release writes.
const FORMAT: u32 = 1;

/// Longest batch that can be committed, in octets.
pub const COMMIT_BYTES_MAX: usize = 256 << 20;

/// A buffer that grew over this is not kept.
const BUFFER_BYTES_KEPT: usize = 1 << 20;

/// The store in a directory, open for writing.
#[derive(Debug)]
pub struct Embedded {
    shared: Arc<Shared>,
    folding: Option<JoinHandle<()>>,
    guard: Asked,
    meta: Meta,
    boot_id: String,
    note: Note,
    /// The log file that is written, and where.
    active: Segment,
    at: u64,
    seed: u64,
    /// The number of the last commit.
    last: u64,
    octets: Vec<u8>,
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
    fold_bytes: u64,
    /// … but so much is enough. Never is more than twice that folded at once, which bounds the memory.
    fold_bytes_max: u64,
    /// With so much more log than twice the records, commits wait until some is folded.
    log_bytes_max: u64,
    /// Log files that are ready to be written.
    ready: usize,
    /// Log files that are kept to be used again, those that are ready included.
    spares: usize,
}

const OPTIONS: Options = Options {
    segment_bytes: 4 << 20,
    fold_bytes: 16 << 20,
    fold_bytes_max: 128 << 20,
    log_bytes_max: 512 << 20,
    ready: 2,
    spares: 16,
};

struct Asked(Box<dyn Guard>);

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Guard")
    }
}

impl Embedded {
    /// Errors: the store takes no more changes.
    fn ask(&mut self) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Failed);
        }
        if !self.guard.0.owns() {
            // Whoever owns it now finds nobody else at work.
            self.shared.stop();
            return Err(StoreError::Deposed);
        }
        if self.shared.in_trouble.load(Ordering::Acquire) {
            self.failed = true;
            return Err(self.shared.trouble().map_or(StoreError::Failed, StoreError::from));
        }
        Ok(())
    }

    fn done<T>(&mut self, result: Result<T, Fault>) -> Result<T, StoreError> {
        self.failed |= result.is_err();
        result.map_err(StoreError::from)
    }

    fn append(&mut self, batch: &Batch) -> Result<(), Fault> {
        if batch.is_empty() {
            return Ok(());
        }
        let number = self.last + 1;
        self.octets.clear();
        let bytes = (frame::HEAD_BYTES + batch.bytes()) as u64;
        if self.at + bytes > self.active.bytes {
            self.finish();
            self.shared.wait_for_room();
            self.begin(bytes)?;
        }
        frame::write(&mut self.octets, self.seed, number, batch.as_octets());
        self.active.file.write_all_at(&self.octets, self.at).map_err(Fault::io(&self.shared.dir))?;
        // Only now: what is noted and not in the log is a loss.
        self.note.write(number).map_err(Fault::io(&self.shared.dir))?;
        self.at += bytes;
        self.last = number;
        self.octets.shrink_to(BUFFER_BYTES_KEPT);
        Ok(())
    }

    /// Gives the log file that is full away.
    fn finish(&mut self) {
        let full = Segment { last: self.last, ..self.active.clone() };
        self.unsynced.push(full.clone());
        self.shared.finish(full);
        let records = self.shared.files().records;
        self.unsynced.retain(|segment| segment.seq >= records);
    }

    /// Goes on in the next log file, which has room for a commit of this size.
    fn begin(&mut self, bytes: u64) -> Result<(), Fault> {
        self.active = self.shared.next(segment::START + bytes)?;
        self.names_unsynced = true;
        self.at = segment::START;
        self.seed = segment::seed(self.shared.id, self.active.seq);
        Ok(())
    }

    /// Syncs all commits.
    fn sync(&mut self) -> Result<(), Fault> {
        let dir = &self.shared.dir;
        for segment in self.unsynced.iter().chain([&self.active]) {
            segment.file.sync_data().map_err(Fault::io(dir))?;
        }
        self.unsynced.clear();
        if self.names_unsynced {
            layout::sync_names(dir)?;
            self.names_unsynced = false;
        }
        Ok(())
    }

    fn replace(&mut self, batch: &Batch) -> Result<(), Fault> {
        let shared = self.shared.clone();
        // Nobody makes records of the log file that begins here, so that they have a number of their own.
        let _turn = shared.turn_now();
        self.finish();
        self.begin(0)?;
        let mut over = overlay::Overlay::default();
        over.add(batch.as_octets());
        let seq = self.active.seq;
        let mut writer = Writer::create(&shared.dir, shared.id, seq, self.last)?;
        let _ = overlay::merge(None, &over.sorted(), &mut |key, value| {
            writer.add(key, value).map(|()| ControlFlow::Continue(()))
        })?;
        let bytes = writer.finish(&shared.dir)?;
        shared.replaced(seq, bytes)?;
        self.unsynced.clear();
        self.mark_whole()
    }

    /// Says that from now on all that is acknowledged is here, as long as this boot lasts.
    fn mark_whole(&mut self) -> Result<(), Fault> {
        self.note.write(self.last).map_err(Fault::io(&self.shared.dir))?;
        let meta = Meta { id: self.meta.id, boot_id: self.boot_id.clone(), closed_at: None };
        if meta != self.meta {
            meta.write(&self.shared.dir)?;
            self.meta = meta;
        }
        self.whole = true;
        Ok(())
    }

    fn visit(&self, visit: &mut Visit<'_>) -> Result<(), Fault> {
        let shared = &self.shared;
        let _turn = shared.turn();
        let (records, segments) = {
            let files = shared.files();
            (files.records, files.finished.iter().chain([&self.active]).cloned().collect::<Vec<_>>())
        };
        let mut below = records::Reader::open(&shared.dir, shared.id, records)?;
        let read = |segment| Octets::of(segment, &shared.dir, shared.id, Vec::new());
        let octets: Vec<_> = segments.iter().map(read).collect::<Result<_, _>>()?;
        let over = fold::overlay(&octets, below.last, self.last)?;
        let _ = overlay::merge(Some(&mut below), &over.sorted(), &mut |key, value| Ok(visit(key, value)))?;
        Ok(())
    }

    fn end_folding(&mut self) {
        self.shared.stop();
        if let Some(folding) = self.folding.take() {
            // It catches its own panics.
            let _ = folding.join();
        }
    }
}

impl Store for Embedded {
    fn commit(&mut self, batch: &Batch, durability: Durability) -> Result<(), StoreError> {
        self.ask()?;
        if batch.bytes() > COMMIT_BYTES_MAX {
            return Err(StoreError::Io(io::ErrorKind::FileTooLarge.into()));
        }
        let result = self.append(batch).and_then(|()| match durability {
            Durability::Process => Ok(()),
            Durability::Machine => self.sync(),
        });
        self.done(result)
    }

    fn scan(&self, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        self.visit(visit).map_err(StoreError::from)
    }

    fn replace_all(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.ask()?;
        let result = self.replace(batch);
        self.done(result)
    }

    fn close(mut self: Box<Self>) -> Result<(), StoreError> {
        self.ask()?;
        self.end_folding();
        self.sync()?;
        // One that may lack commits does not become whole by being closed.
        if self.whole {
            self.meta.closed_at = Some(self.last);
            self.meta.write(&self.shared.dir)?;
        }
        Ok(())
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.end_folding();
    }
}
