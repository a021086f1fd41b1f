//! Under which names objects are found, for handles that the kernel does not make.
//!
//! Such a handle says which object (device, inode number, generation), not where it is. The index knows the names:
//! a link is the directory's id and a name in it, so that renaming a directory moves all beneath it at once. It learns
//! from lookups and from changes made through the server; changes made otherwise make a link wrong, which is detected
//! when another object is found there. The index holds every object that clients ever looked up and that was not removed
//! through the server: some 200 bytes of memory each.
//!
//! State is granted only on handles that outlive the process: records for which the disk has no space are pending, and
//! until they are in the file nothing new is opened ([`Index::catch_up`]).

use super::body;
use super::id::Id;
use super::index_log::Log;
use super::index_record::{IndexError, Record};
use crate::files::index_mark::LiveIndexMark;
use smallvec::SmallVec;
use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Most names kept of one object; the ones learned last stay.
const LINKS_MAX: usize = 64;
/// After a failure to rewrite the log: how many changes, or attempts to open something, until the next attempt.
const RETRY_AFTER: u32 = 100;

/// Names an object by a directory and a name in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) parent: Id,
    pub(super) name: Box<[u8]>,
}

/// Holds what all records add up to.
#[derive(Debug, Default)]
struct Names {
    links: HashMap<Id, SmallVec<[Link; 1]>>,
    /// The ids that have a random number, by the part without it.
    first_seen: HashMap<Id, Id>,
}

/// Finds the names of objects.
#[derive(Debug)]
pub(super) struct Index {
    names: Names,
    log: Log,
    retry_in: u32,
    mark: Arc<LiveIndexMark>,
}

impl Index {
    /// Reads the index kept at `path`, and compacts it if it has history. A missing file is created now if `create` is set,
    /// else with the first entry.
    pub(super) fn open(path: &Path, create: bool) -> Result<Self, IndexError> {
        let mut names = Names::default();
        let log = Log::read(path, &mut |record| names.apply(record))?;
        let mark = Arc::new(LiveIndexMark::new(log.mark().id));
        let mut index = Self { names, log, retry_in: 0, mark };
        let wanted = create || !index.names.links.is_empty();
        if wanted && (!index.log.is_there() || index.log.wants_rewrite()) {
            index.compact().map_err(|error| IndexError::Io(path.to_owned(), error))?;
        }
        index.show_mark();
        Ok(index)
    }

    /// Returns the mark of the index, which is kept current.
    pub(super) fn mark(&self) -> Arc<LiveIndexMark> {
        self.mark.clone()
    }

    fn show_mark(&self) {
        self.mark.set(self.log.mark().changes);
    }

    /// Tells whether something that the index has learned would not outlive the process.
    pub(super) fn is_behind(&self) -> bool {
        self.log.is_behind()
    }

    /// Writes all pending records, so that all handles that were given out outlive the process.
    /// Errors: those of the file, `StorageFull` above all; nothing that depends on a new handle may be granted then.
    pub(super) fn catch_up(&mut self) -> io::Result<()> {
        let caught_up = match self.log.is_incomplete() {
            // The time that takes grows with the index.
            true if self.retry_in > 0 => {
                self.retry_in -= 1;
                Err(io::ErrorKind::StorageFull.into())
            }
            true => self.compact_with_backoff(),
            false => self.log.append_pending(),
        };
        self.show_mark();
        caught_up
    }

    /// Syncs the index to disk. Errors: those of the file.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        self.catch_up()?;
        self.log.sync()
    }

    /// Returns the names of an object, the last learned first.
    pub(super) fn links(&self, id: &Id) -> &[Link] {
        self.names.links.get(id).map_or(&[], |links| links.as_slice())
    }

    /// Returns the id of an object without birth time, by the part of the id that comes from the file system.
    pub(super) fn first_seen(&self, inode: &[u8]) -> Option<&Id> {
        self.names.first_seen.get(inode)
    }

    /// Tells whether [`Index::learn`] would change nothing.
    pub(super) fn knows(&self, id: &Id, parent: &Id, name: &[u8]) -> bool {
        self.links(id).first().is_some_and(|link| link.parent == *parent && *link.name == *name)
    }

    /// Records that the object was found under this name.
    pub(super) fn learn(&mut self, id: &Id, parent: &Id, name: &[u8]) {
        if !self.knows(id, parent, name) {
            self.record(Record::Link { id: id.clone(), parent: parent.clone(), name: name.into() });
        }
    }

    /// Records that the object no longer has this name.
    pub(super) fn unlink(&mut self, id: &Id, parent: &Id, name: &[u8]) {
        if self.links(id).iter().any(|link| link.parent == *parent && *link.name == *name) {
            self.record(Record::Unlink { id: id.clone(), parent: parent.clone(), name: name.into() });
        }
    }

    /// Records that the object is gone.
    pub(super) fn forget(&mut self, id: &Id) {
        if self.names.links.contains_key(id) {
            self.record(Record::Forget { id: id.clone() });
        }
    }

    fn record(&mut self, record: Record) {
        let was_behind = self.log.is_behind();
        let appended = self.log.append(&record);
        self.names.apply(record);
        let written = match appended {
            Ok(()) if self.log.wants_rewrite() => self.compact_with_backoff(),
            // The file does not exist yet.
            Err(_) if self.log.is_incomplete() => self.compact_with_backoff(),
            other => other,
        };
        self.show_mark();
        if let Err(error) = written
            && self.log.is_behind()
            && !was_behind
        {
            tracing::error!(%error, "cannot write the index of names; no files are opened until it can be written");
        }
    }

    /// Compacts the log, unless that failed recently.
    fn compact_with_backoff(&mut self) -> io::Result<()> {
        if self.retry_in > 0 {
            self.retry_in -= 1;
            return Ok(());
        }
        self.compact().inspect_err(|_| self.retry_in = RETRY_AFTER)
    }

    fn compact(&mut self) -> std::io::Result<()> {
        let mut live = self.names.links.iter().flat_map(|(id, links)| {
            let live_link = |link: &Link| Record::Link {
                id: id.clone(),
                parent: link.parent.clone(),
                name: link.name.clone(),
            };
            // Replayed in this order, the name learned last comes first again.
            links.iter().rev().map(live_link)
        });
        self.log.rewrite(&mut live)
    }
}

impl Names {
    fn apply(&mut self, record: Record) {
        match record {
            Record::Link { id, parent, name } => {
                if let Some(inode) = body::inode_of_first_seen(&id) {
                    self.first_seen.insert(Id::from_slice(inode), id.clone());
                }
                let link = Link { parent, name };
                let links = self.links.entry(id).or_default();
                links.retain(|other| *other != link);
                links.truncate(LINKS_MAX - 1);
                links.insert(0, link);
            }
            Record::Unlink { id, parent, name } => {
                let link = Link { parent, name };
                if let Some(links) = self.links.get_mut(&id) {
                    links.retain(|other| *other != link);
                    if links.is_empty() {
                        self.forget(&id);
                    }
                }
            }
            Record::Forget { id } => self.forget(&id),
        }
    }

    fn forget(&mut self, id: &Id) {
        self.links.remove(id);
        if let Some(inode) = body::inode_of_first_seen(id)
            && self.first_seen.get(inode) == Some(id)
        {
            self.first_seen.remove(inode);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::index_mark::index_continues;

    fn id(byte: u8) -> Id {
        Id::from_slice(&[byte; 25])
    }

    fn names(index: &Index, object: u8) -> Vec<&str> {
        index.links(&id(object)).iter().map(|link| std::str::from_utf8(&link.name).unwrap()).collect()
    }

    #[test]
    fn names_outlive_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("index");
        let mut index = Index::open(&path, true).unwrap();
        index.learn(&id(1), &id(0), b"a");
        index.learn(&id(1), &id(0), b"b");
        index.learn(&id(2), &id(0), b"c");
        index.learn(&id(3), &id(0), b"d");
        index.unlink(&id(2), &id(0), b"c");
        index.forget(&id(3));
        for _ in 0..3 {
            assert_eq!(names(&index, 1), ["b", "a"]);
            assert_eq!((names(&index, 2).len(), names(&index, 3).len()), (0, 0));
            drop(index);
            index = Index::open(&path, true).unwrap();
        }
    }

    #[test]
    fn history_does_not_grow_without_bound() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("index");
        let mut index = Index::open(&path, false).unwrap();
        assert!(!path.exists(), "nothing to keep, nothing made");
        for round in 0..60_000u32 {
            let object = Id::from_slice(&round.to_be_bytes());
            index.learn(&object, &id(0), b"a lock file");
            index.forget(&object);
        }
        index.learn(&id(1), &id(0), b"x");
        assert!(std::fs::metadata(&path).unwrap().len() < 6 << 20);
        drop(index);
        assert_eq!(names(&Index::open(&path, false).unwrap(), 1), ["x"]);
    }

    #[test]
    fn names_of_one_object_are_bounded() {
        let dir = tempfile::tempdir().unwrap();
        let mut index = Index::open(&dir.path().join("index"), true).unwrap();
        for name in 0..200 {
            index.learn(&id(1), &id(0), name.to_string().as_bytes());
        }
        let names = names(&index, 1);
        assert_eq!((names.len(), names[0]), (LINKS_MAX, "199"));
    }

    #[test]
    fn what_cannot_be_written_is_known_and_written_later() {
        let dir = tempfile::tempdir().unwrap();
        let (missing, there) = (dir.path().join("missing"), dir.path().join("missing/index"));
        let mut index = Index::open(&there, false).unwrap();
        assert!(!index.is_behind());
        index.learn(&id(1), &id(0), b"a");
        assert_eq!(names(&index, 1), ["a"]);
        assert!(index.is_behind() && index.mark().get().is_none());
        index.catch_up().unwrap_err();
        std::fs::create_dir(&missing).unwrap();
        // Not every call tries.
        let caught_up = (0..=RETRY_AFTER).find_map(|_| index.catch_up().ok());
        assert!(caught_up.is_some() && !index.is_behind());
        let before = index.mark().get().unwrap();
        index.learn(&id(2), &id(0), b"b");
        assert!(!index.is_behind());
        drop(index);
        let index = Index::open(&there, false).unwrap();
        assert_eq!((names(&index, 1), names(&index, 2)), (vec!["a"], vec!["b"]));
        let now = index.mark().get().unwrap();
        assert!(index_continues(&before, &now) && !index_continues(&now, &before));
    }

    #[test]
    fn an_index_that_lost_something_is_another() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("index");
        let made = |names: usize| {
            let mut index = Index::open(&path, true).unwrap();
            (0..names).for_each(|name| index.learn(&id(1), &id(0), name.to_string().as_bytes()));
            index.mark().get().unwrap()
        };
        let few = made(3);
        let bytes = std::fs::read(&path).unwrap();
        let many = made(5);
        let continues = |before: &[u8; 16]| {
            let now = Index::open(&path, true).unwrap().mark().get().unwrap_or_default();
            index_continues(before, &now)
        };
        assert!(continues(&few) && continues(&many));
        std::fs::write(&path, &bytes).unwrap();
        assert!(continues(&few) && !continues(&many), "an older copy");
        std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(!continues(&few));
        std::fs::remove_file(&path).unwrap();
        assert!(!continues(&few));
    }
}
