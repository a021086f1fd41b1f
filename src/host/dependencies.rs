//! What stored state depends on outside of the store, and what a restart makes of a difference.
//!
//! State names files by their handles, so it is worth no more than these. The store therefore has records of what handles
//! depend on, written together with the state, and a restart compares them with what it finds:
//!
//! | recorded in the store | found | then |
//! |---|---|---|
//! | secret of filehandles | another, because it was lost or damaged | cold |
//! | index of names | another, or an older copy, or cut off | cold |
//! | tree in memory | always another | cold |
//! | directory of an export | another one, or the export is not configured | cold |
//! | directory of an export | its mount point, without the file system | no start |
//! | nothing of an export | an export | warm: no state refers to it |
//! | nothing at all (a store of an older release) | a tree in memory, or exports on one file system | cold |
//! | nothing at all (a store of an older release) | anything else | warm |
//! | epoch | a lower one in the file `epoch`, or none | the one after the recorded |
//! | epoch | a higher one in the client records | cold: the store is of an earlier run |
//!
//! In the store each has a record of its own, before all those of state: a byte 0, then 1 for the epoch (the value is
//! its number), or 2, the kind and the name of the export (the value is the mark).

use crate::files::{Dependency, DependencyKind};
use crate::store::Batch;
use std::collections::BTreeMap;

/// First byte of the keys here; those of state begin with others.
const TAG: u8 = 0;
const EPOCH: u8 = 1;
const DEPENDENCY: u8 = 2;

/// Holds what the store says about itself and about what its state depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The epoch of the last run that stored anything.
    pub epoch: Option<u32>,
    /// Marks, by kind (as a number, which may be unknown here) and name of the export.
    marks: BTreeMap<Name, Box<[u8]>>,
}

/// Number of a kind, and name of an export.
type Name = (u8, Box<[u8]>);

impl Recorded {
    /// Returns an export whose file system was there before and is not mounted now.
    pub fn unmounted<'a>(&self, found: &'a [Dependency]) -> Option<&'a str> {
        let mark = |found: &Dependency| self.marks.get(&(found.kind as u8, found.export.as_bytes().into()));
        let unmounted = |found: &&Dependency| mark(found).is_some_and(|before| found.is_unmounted(before));
        found.iter().find(unmounted).map(|found| &*found.export)
    }
}

/// Says what a restart makes of what it finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All that state depends on is what it was.
    Same,
    /// Something is not, and state that depends on it is worth nothing. The text says what.
    Cold(String),
    /// The file system of this export is not mounted: nothing is known before it is.
    Unmounted(String),
}

impl Recorded {
    /// Takes a record, if it is one of these. Errors: it makes no sense.
    pub fn take(&mut self, key: &[u8], value: &[u8]) -> Result<bool, String> {
        let Some((&TAG, rest)) = key.split_first() else { return Ok(false) };
        match *rest {
            [EPOCH] => {
                let bytes = value.try_into().map_err(|_| "the recorded epoch is no number".to_owned())?;
                self.epoch = Some(u32::from_be_bytes(bytes));
            }
            [DEPENDENCY, kind, ref export @ ..] => {
                self.marks.insert((kind, export.into()), value.into());
            }
            _ => return Err("a record has a key that makes no sense".to_owned()),
        }
        Ok(true)
    }

    /// Decides by the table at the head of this module, but for the epoch.
    pub fn compare(&self, found: &[Dependency]) -> Verdict {
        if self.epoch.is_none() && self.marks.is_empty() {
            let new = found.iter().find(|found| !found.is_as_ever());
            return new.map_or(Verdict::Same, |new| differs(new.kind, &new.export));
        }
        if let Some(export) = self.unmounted(found) {
            return Verdict::Unmounted(export.to_owned());
        }
        for ((kind, export), mark) in &self.marks {
            let now = found.iter().find(|now| now.kind as u8 == *kind && now.export.as_bytes() == &**export);
            if !now.is_some_and(|now| now.continues(mark)) {
                let export = String::from_utf8_lossy(export);
                return match DependencyKind::from_number(*kind) {
                    Some(kind) => differs(kind, &export),
                    None => Verdict::Cold(format!("state depends on something unknown (kind {kind})")),
                };
            }
        }
        Verdict::Same
    }
}

fn differs(kind: DependencyKind, export: &str) -> Verdict {
    Verdict::Cold(match kind {
        DependencyKind::Secret => format!("the {kind} is not what it was"),
        DependencyKind::Tree => format!("the {kind} of /{export} is gone with the server that had it"),
        DependencyKind::Directory | DependencyKind::Index => {
            format!("the {kind} of /{export} is not what it was, or is not there")
        }
    })
}

/// Records in which epoch the server runs.
pub(super) fn put_epoch(epoch: u32, batch: &mut Batch) {
    batch.put(&[TAG, EPOCH], &epoch.to_be_bytes());
}

/// Records what state depends on from now on.
pub(super) fn put(dependency: &Dependency, batch: &mut Batch) {
    let mut key = vec![TAG, DEPENDENCY, dependency.kind as u8];
    key.extend_from_slice(dependency.export.as_bytes());
    batch.put(&key, &dependency.mark);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dependency(kind: DependencyKind, export: &str, mark: &[u8]) -> Dependency {
        Dependency { kind, export: export.into(), mark: mark.into() }
    }

    fn recorded(dependencies: &[Dependency]) -> Recorded {
        let mut batch = Batch::new();
        put_epoch(7, &mut batch);
        dependencies.iter().for_each(|dependency| put(dependency, &mut batch));
        let mut recorded = Recorded::default();
        for (key, value) in &batch {
            assert_eq!(recorded.take(key, value.get().unwrap()), Ok(true));
        }
        recorded
    }

    #[test]
    fn the_table() {
        use DependencyKind::{Directory, Secret, Tree};
        let dir = dependency(Directory, "a", b"1");
        let [secret, tree] = [dependency(Secret, "", b"s"), dependency(Tree, "", b"t")];
        let before = recorded(&[secret.clone(), dir.clone()]);
        assert_eq!(before.epoch, Some(7));
        let cold = |found: &[Dependency]| matches!(before.compare(found), Verdict::Cold(_));
        assert!(!cold(&[secret.clone(), dir.clone()]));
        assert!(!cold(&[secret.clone(), dir.clone(), tree.clone()]), "an export more");
        assert!(cold(std::slice::from_ref(&secret)), "an export less");
        assert!(cold(&[dependency(Secret, "", b"x"), dir.clone()]));
        assert!(cold(&[secret.clone(), dependency(Directory, "a", b"2")]));
        assert!(cold(&[secret.clone(), dependency(Directory, "b", b"1")]), "another name");
        assert!(cold(&[secret.clone(), dependency(Tree, "a", b"1")]), "another kind");
        let older = Recorded::default();
        assert_eq!(older.compare(&[secret.clone(), dir]), Verdict::Same);
        assert!(matches!(older.compare(&[secret, tree]), Verdict::Cold(_)));
    }

    /// Returns a mark of a directory, but for what tells where it is.
    fn directory(file_system: u8, point_bytes: u8) -> Dependency {
        let mut mark = vec![0; 51];
        (mark[0], mark[1], mark[42]) = (1, file_system, point_bytes);
        dependency(DependencyKind::Directory, "a", &mark)
    }

    #[test]
    fn nothing_begins_without_a_file_system_that_was_there() {
        let before = recorded(&[directory(1, 9)]);
        assert_eq!(before.compare(&[directory(1, 9)]), Verdict::Same);
        assert_eq!(before.compare(&[directory(2, 1)]), Verdict::Unmounted("a".into()));
        assert!(matches!(before.compare(&[directory(2, 9)]), Verdict::Cold(_)), "another one is there");
        let other = Dependency { export: "b".into(), ..directory(2, 1) };
        assert!(matches!(before.compare(&[other]), Verdict::Cold(_)), "it is not exported");
    }

    #[test]
    fn an_older_store_knows_nothing_of_shared_handles() {
        // The mark says that the files of this export have the handles of another one.
        assert!(matches!(Recorded::default().compare(&[directory(1, 9)]), Verdict::Cold(_)));
    }

    #[test]
    fn only_its_own_records_are_taken() {
        let mut recorded = Recorded::default();
        assert_eq!(recorded.take(&[1], b""), Ok(false));
        for (key, value) in [(&[0][..], &b""[..]), (&[0, 1], b"123"), (&[0, 1, 1], b"1234"), (&[0, 9], b"")] {
            assert!(recorded.take(key, value).is_err(), "{key:?}");
        }
        assert_eq!(recorded, Recorded::default());
    }
}
