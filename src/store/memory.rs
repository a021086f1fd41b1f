//! A store in memory, which lives as long as the process.

use super::{Durability, Guard, Store, StoreError, Visit};
use crate::batch::{Batch, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Holds records in memory. Clones share one store, so a test can keep one and give another to the server, depose the server
/// ([`depose`](Self::depose)), or start a second server on what the first left behind.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    records: BTreeMap<Box<[u8]>, Vec<u8>>,
    guard: Option<Box<dyn Guard>>,
    deposed: bool,
    failing: bool,
    commits: u64,
    closed: bool,
}

impl Memory {
    /// Makes an empty store without a guard.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes an empty store that asks `guard` before each change.
    pub fn guarded(guard: Box<dyn Guard>) -> Self {
        let store = Self::new();
        store.inner().guard = Some(guard);
        store
    }

    /// Makes changes fail with [`StoreError::Deposed`] from now on, or no longer.
    pub fn depose(&self, deposed: bool) {
        self.inner().deposed = deposed;
    }

    /// Makes changes fail as if the disk were full from now on, or no longer. A change that fails changes nothing.
    pub fn fail(&self, failing: bool) {
        self.inner().failing = failing;
    }

    /// Returns the number of commits, without empty and failed ones.
    pub fn commits(&self) -> u64 {
        self.inner().commits
    }

    /// Returns whether it was closed after the last commit.
    pub fn is_closed(&self) -> bool {
        self.inner().closed
    }

    // A panic under the mutex leaves whole records behind: none of the code under it can panic half-way but `visit`.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn check_writable(&mut self) -> Result<(), StoreError> {
        if self.deposed || self.guard.as_mut().is_some_and(|guard| !guard.owns()) {
            return Err(StoreError::Deposed);
        }
        match self.failing {
            true => Err(StoreError::Io(std::io::ErrorKind::StorageFull.into())),
            false => Ok(()),
        }
    }

    fn apply(&mut self, batch: &Batch) {
        for (key, value) in batch {
            let is_new = !matches!(value, Value::New(_)) || !self.records.contains_key(key);
            debug_assert!(is_new, "{key:02x?} is not new");
            match (value.get(), self.records.get_mut(key)) {
                (Some(value), Some(record)) => {
                    record.clear();
                    record.extend_from_slice(value);
                }
                (Some(value), None) => drop(self.records.insert(key.into(), value.into())),
                (None, Some(_)) => drop(self.records.remove(key)),
                (None, None) => {}
            }
        }
        self.commits += u64::from(!batch.is_empty());
        self.closed = false;
    }
}

impl Store for Memory {
    fn commit(&mut self, batch: &Batch, _: Durability) -> Result<(), StoreError> {
        let mut inner = self.inner();
        inner.check_writable()?;
        inner.apply(batch);
        Ok(())
    }

    fn scan(&self, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        for (key, value) in &self.inner().records {
            if visit(key, value).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn replace_all(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let mut inner = self.inner();
        inner.check_writable()?;
        inner.records.clear();
        inner.apply(batch);
        Ok(())
    }

    fn close(self: Box<Self>) -> Result<(), StoreError> {
        let mut inner = self.inner();
        inner.check_writable()?;
        inner.closed = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;
    use std::sync::atomic::{AtomicBool, Ordering};

    fn batch(changes: &[(&str, Option<&str>)]) -> Batch {
        let mut batch = Batch::new();
        for (key, value) in changes {
            match value {
                Some(value) => batch.put(key.as_bytes(), value.as_bytes()),
                None => batch.delete(key.as_bytes()),
            }
        }
        batch
    }

    fn records(store: &dyn Store) -> Vec<(String, String)> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let mut all = Vec::new();
        let mut visit = |key: &[u8], value: &[u8]| {
            all.push((text(key), text(value)));
            ControlFlow::Continue(())
        };
        store.scan(&mut visit).unwrap();
        all
    }

    #[test]
    fn the_last_change_of_a_key_counts() {
        let mut store = Memory::new();
        let changes =
            batch(&[("b", Some("1")), ("a", Some("2")), ("b", Some("3")), ("a", None), ("c", None)]);
        store.commit(&changes, Durability::Process).unwrap();
        assert_eq!(records(&store), [("b".into(), "3".into())]);
        store.replace_all(&batch(&[("d", Some("4")), ("a", Some("5"))])).unwrap();
        assert_eq!(records(&store), [("a".into(), "5".into()), ("d".into(), "4".into())]);
        assert_eq!(store.commits(), 2);
    }

    #[test]
    fn a_scan_ends_when_the_visitor_breaks() {
        let mut store = Memory::new();
        store.commit(&batch(&[("a", Some("1")), ("b", Some("2"))]), Durability::Process).unwrap();
        let mut seen = 0;
        let mut visit = |_: &[u8], _: &[u8]| {
            seen += 1;
            ControlFlow::Break(())
        };
        store.scan(&mut visit).unwrap();
        assert_eq!(seen, 1);
    }

    #[test]
    fn a_deposed_owner_changes_nothing() {
        let owner = Arc::new(AtomicBool::new(true));
        let seen = owner.clone();
        let mut store = Memory::guarded(Box::new(move || seen.load(Ordering::Relaxed)));
        let first = batch(&[("a", Some("1"))]);
        store.commit(&first, Durability::Process).unwrap();
        for _ in 0..2 {
            let second = batch(&[("b", Some("2"))]);
            match owner.swap(false, Ordering::Relaxed) {
                true => store.depose(false),
                false => store.depose(true),
            }
            assert!(matches!(store.commit(&second, Durability::Machine), Err(StoreError::Deposed)));
            assert!(matches!(store.replace_all(&second), Err(StoreError::Deposed)));
            assert!(matches!(Box::new(store.clone()).close(), Err(StoreError::Deposed)));
        }
        assert_eq!(records(&store).len(), 1);
        assert!(!store.is_closed());
    }

    #[test]
    fn clones_share_one_store() {
        let store = Memory::new();
        let mut writer = store.clone();
        writer.commit(&batch(&[("a", Some("1"))]), Durability::Process).unwrap();
        writer.fail(true);
        assert!(matches!(writer.commit(&Batch::new(), Durability::Process), Err(StoreError::Io(_))));
        writer.fail(false);
        Box::new(writer).close().unwrap();
        assert!(store.is_closed());
        assert_eq!(records(&store), [("a".into(), "1".into())]);
    }
}
