//! Opening a store for writing, creating one, and setting a damaged one aside.

use super::commit_mark::CommitMark;
use super::error::{Fault, OpenError};
use super::files::Files;
use super::layout::{make_dir, remove, rename, sync_names, unfinished};
use super::load::{Found, Loaded, is_new, load};
use super::log_writer::LogWriter;
use super::meta::{Meta, is_boot_id};
use super::options::{FORMAT, OPTIONS, Options};
use super::run_writer::RunWriter;
use super::segment::Segment;
use super::shared::Shared;
use super::sorted_run::Span;
use super::store::Embedded;
use crate::store::Guard;
use std::collections::hash_map::RandomState;
use std::fs::{self, File, TryLockError};
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How often, and how far apart, to try to lock a store.
const LOCK_TRIES: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// Number of damaged stores that are kept.
const ASIDE_MAX: usize = 3;

/// Holds a store that was opened, and what was found.
#[derive(Debug)]
pub struct Opened {
    /// The store, open for writing.
    pub store: Embedded,
    /// What was in the directory.
    pub found: Found,
}

impl Embedded {
    /// Opens the store in the directory `dir`, or creates it; the parent directory exists. `boot_id` identifies this boot of
    /// the machine. `guard` is asked before each change.
    ///
    /// A store that was closed cleanly is marked as open, durably, before this returns.
    ///
    /// Errors: see [`OpenError`]. The directory is then unchanged, except that obsolete files may be gone.
    pub fn open(dir: &Path, boot_id: &str, guard: Box<dyn Guard>) -> Result<Opened, OpenError> {
        Self::open_with(dir, boot_id, guard, OPTIONS)
    }

    pub(super) fn open_with(
        dir: &Path,
        boot_id: &str,
        guard: Box<dyn Guard>,
        options: Options,
    ) -> Result<Opened, OpenError> {
        if !is_boot_id(boot_id) {
            let source = io::Error::new(io::ErrorKind::InvalidInput, "the boot id is not one line of text");
            return Err(OpenError::Io { path: dir.to_owned(), source });
        }
        let new = is_new(dir)?;
        if new {
            create(dir, boot_id)?;
        }
        let lock = lock(dir)?;
        let loaded = load(dir, boot_id)?;
        let found = if new { Found::New } else { loaded.found() };
        let store = start(dir, boot_id, guard, options, loaded, lock)?;
        Ok(Opened { store, found })
    }
}

/// Removes what a crash left over, and starts to write.
fn start(
    dir: &Path,
    boot_id: &str,
    guard: Box<dyn Guard>,
    options: Options,
    loaded: Loaded,
    lock: File,
) -> Result<Embedded, Fault> {
    if !loaded.obsolete.is_empty() {
        loaded.obsolete.iter().try_for_each(|path| remove(path))?;
        // Before new log files continue where old ones break off.
        sync_names(dir)?;
    }
    let runs = loaded.runs.iter().map(|reader| reader.run).collect();
    let mut files = Files::new(runs, loaded.seq_max + 1);
    for log in &loaded.logs {
        files.sealed.push_back(Segment::open(dir, log.seq, log.last)?);
    }
    let unsynced = files.sealed.iter().cloned().collect();
    let Loaded { meta, complete, last, .. } = loaded;
    let shared = Arc::new(Shared::new(dir, meta, options, files));
    let mark = CommitMark::open(dir, boot_id)?;
    let log = LogWriter::start(&shared, mark, last, unsynced)?;
    Embedded::start(shared, log, boot_id, guard, complete, lock)
}

/// Creates an empty store. A crash meanwhile leaves none.
fn create(dir: &Path, boot_id: &str) -> Result<(), Fault> {
    let beside = unfinished(dir);
    match fs::remove_dir_all(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Fault::Io(beside, error)),
        _ => {}
    }
    make_dir(&beside)?;
    // A random number, so that other stores have another.
    let id = RandomState::new().build_hasher().finish();
    RunWriter::create(&beside, id, Span::Before(1), 0, 0)?.finish(&beside)?;
    CommitMark::open(&beside, boot_id)?.reset(0).map_err(Fault::io(&beside))?;
    Meta { format: FORMAT, id, boot_id: boot_id.to_owned(), closed_at: None, compacted_below: 1 }
        .write(&beside)?;
    // Replaces an empty directory, if there is one.
    rename(&beside, dir)?;
    sync_parent(dir)
}

/// Locks the directory against other processes as long as the returned file is open. Waits up to a second for a process that
/// is about to end; a child of this process also has the lock for a moment, between fork and exec.
fn lock(dir: &Path) -> Result<File, OpenError> {
    let file = File::open(dir).map_err(Fault::io(dir))?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(source)) => return Err(OpenError::Io { path: dir.to_owned(), source }),
        }
    }
    Err(OpenError::InUse(dir.to_owned()))
}

fn sync_parent(dir: &Path) -> Result<(), Fault> {
    match dir.parent() {
        Some(parent) if parent.as_os_str().is_empty() => sync_names(Path::new(".")),
        Some(parent) => sync_names(parent),
        None => Ok(()),
    }
}

/// Renames the damaged store in `dir`, so that a new one can be created, and returns its new path: `dir` with
/// `.damaged-N`. Only the last three of those are kept.
///
/// Errors: another process has it open, or the file system refuses.
pub fn set_aside(dir: &Path) -> Result<PathBuf, OpenError> {
    let _lock = lock(dir)?;
    let mut kept = aside(dir)?;
    let number = kept.last().map_or(1, |last| last + 1);
    let path = aside_path(dir, number);
    rename(dir, &path)?;
    sync_parent(dir)?;
    kept.push(number);
    for number in kept.iter().rev().skip(ASIDE_MAX) {
        let old = aside_path(dir, *number);
        fs::remove_dir_all(&old).map_err(Fault::io(&old))?;
    }
    Ok(path)
}

/// Returns the numbers of the stores that were set aside, ascending.
fn aside(dir: &Path) -> Result<Vec<u64>, Fault> {
    let parent = match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut numbers = Vec::new();
    for entry in fs::read_dir(parent).map_err(Fault::io(parent))? {
        let name = entry.map_err(Fault::io(parent))?.file_name();
        let number = name.to_str().and_then(|name| name.rsplit_once("-")?.1.parse().ok());
        numbers.extend(number.filter(|number| aside_path(dir, *number).file_name() == Some(&name)));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

fn aside_path(dir: &Path, number: u64) -> PathBuf {
    let mut path = dir.as_os_str().to_owned();
    path.push(format!(".damaged-{number}"));
    path.into()
}
