//! Under which names objects are found, for handles that the kernel does not make.
//!
//! A handle of ours says which object (device, inode number, generation), not where it is. The index knows the names:
//! a link is the directory's id and a name in it, so that renaming a directory moves all beneath it at once. It learns
//! from lookups and from changes made through the server; what others do to the directory makes a link wrong, which
//! shows when the object found there is another. The index holds every object that clients ever looked up and that
//! was not removed through the server: some 200 bytes of memory each.

use super::body;
use super::index_log::{IndexError, Log, Record};
use smallvec::SmallVec;
use std::collections::HashMap;
use std::path::Path;

/// An object in the index: the body of its filehandle.
pub(super) type Id = SmallVec<[u8; 32]>;

/// Most names remembered of one object; the ones learnt last stay.
const LINKS_MAX: usize = 64;
/// After a failure of the log, how many changes to wait before trying to write it anew.
const RETRY_AFTER: u32 = 1000;

/// A name of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) parent: Id,
    pub(super) name: Box<str>,
}

/// What the records add up to.
#[derive(Debug, Default)]
struct Names {
    links: HashMap<Id, SmallVec<[Link; 1]>>,
    /// The ids that are told apart by a random number, by what they have without it.
    first_seen: HashMap<Id, Id>,
}

/// The index.
#[derive(Debug)]
pub(super) struct Index {
    names: Names,
    log: Log,
    retry_in: u32,
}

impl Index {
    /// Reads the index kept at `path`, and writes it anew without its history. When nothing is there, a file is made
    /// only if `create` says so, else with the first entry.
    pub(super) fn open(path: &Path, create: bool) -> Result<Self, IndexError> {
        let mut names = Names::default();
        let log = Log::read(path, &mut |record| names.apply(record))?;
        let mut index = Self { names, log, retry_in: 0 };
        if create || !index.names.links.is_empty() {
            index.compact().map_err(|error| IndexError::Io(path.to_owned(), error))?;
        }
        Ok(index)
    }

    /// The names of an object, the last learnt first.
    pub(super) fn links(&self, id: &Id) -> &[Link] {
        self.names.links.get(id).map_or(&[], |links| links.as_slice())
    }

    /// The id of the object that is known without birth time, by the part of the id that comes from the file system.
    pub(super) fn first_seen(&self, inode: &[u8]) -> Option<&Id> {
        self.names.first_seen.get(inode)
    }

    /// Whether [`Index::learn`] would change nothing.
    pub(super) fn knows(&self, id: &Id, parent: &Id, name: &str) -> bool {
        self.links(id).first().is_some_and(|link| link.parent == *parent && *link.name == *name)
    }

    /// Notes that the object was found under this name.
    pub(super) fn learn(&mut self, id: &Id, parent: &Id, name: &str) {
        if !self.knows(id, parent, name) {
            self.note(Record::Link { id: id.clone(), parent: parent.clone(), name: name.into() });
        }
    }

    /// Notes that the object is not found under this name any more.
    pub(super) fn unlink(&mut self, id: &Id, parent: &Id, name: &str) {
        if self.links(id).iter().any(|link| link.parent == *parent && *link.name == *name) {
            self.note(Record::Unlink { id: id.clone(), parent: parent.clone(), name: name.into() });
        }
    }

    /// Notes that the object is gone.
    pub(super) fn forget(&mut self, id: &Id) {
        if self.names.links.contains_key(id) {
            self.note(Record::Forget { id: id.clone() });
        }
    }

    fn note(&mut self, record: Record) {
        let appended = self.log.append(&record);
        self.names.apply(record);
        if !self.log.wants_rewrite() {
            return;
        }
        if self.retry_in > 0 {
            self.retry_in -= 1;
            return;
        }
        if let Err(error) = self.compact() {
            let error = appended.err().unwrap_or(error);
            tracing::error!(%error, "cannot write the index of names: new handles will not outlive a restart");
            self.retry_in = RETRY_AFTER;
        }
    }

    fn compact(&mut self) -> std::io::Result<()> {
        let mut live = self.names.links.iter().flat_map(|(id, links)| {
            let record = |link: &Link| Record::Link {
                id: id.clone(),
                parent: link.parent.clone(),
                name: link.name.clone(),
            };
            // Replayed in this order, the first one learnt last is the first again.
            links.iter().rev().map(record)
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

    fn id(octet: u8) -> Id {
        Id::from_slice(&[octet; 25])
    }

    fn names(index: &Index, object: u8) -> Vec<&str> {
        index.links(&id(object)).iter().map(|link| &*link.name).collect()
    }

    #[test]
    fn names_outlive_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("index");
        let mut index = Index::open(&path, true).unwrap();
        index.learn(&id(1), &id(0), "a");
        index.learn(&id(1), &id(0), "b");
        index.learn(&id(2), &id(0), "c");
        index.learn(&id(3), &id(0), "d");
        index.unlink(&id(2), &id(0), "c");
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
            index.learn(&object, &id(0), "a lock file");
            index.forget(&object);
        }
        index.learn(&id(1), &id(0), "x");
        assert!(std::fs::metadata(&path).unwrap().len() < 6 << 20);
        drop(index);
        assert_eq!(names(&Index::open(&path, false).unwrap(), 1), ["x"]);
    }

    #[test]
    fn names_of_one_object_are_bounded() {
        let dir = tempfile::tempdir().unwrap();
        let mut index = Index::open(&dir.path().join("index"), true).unwrap();
        for name in 0..200 {
            index.learn(&id(1), &id(0), &name.to_string());
        }
        let names = names(&index, 1);
        assert_eq!((names.len(), names[0]), (LINKS_MAX, "199"));
    }

    #[test]
    fn a_log_that_cannot_be_written_stops_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut index = Index::open(&dir.path().join("missing").join("index"), false).unwrap();
        index.learn(&id(1), &id(0), "a");
        assert_eq!(names(&index, 1), ["a"]);
    }
}
