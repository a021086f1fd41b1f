//! Reads the records of a store when the server starts.

use super::StateDirError;
use super::dependencies::Recorded;
use crate::state::{Core, Key, RecordKind, Restoring};
use crate::store::{Store, StoreError};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Reads the records of a store: first what it says about itself, then state.
pub(super) struct Reading<'a> {
    /// Starts restoring, as the run after this epoch; returns the epoch of this run.
    begin: &'a dyn Fn(Option<u32>) -> Result<(Restoring, u32), StateDirError>,
    recorded: Recorded,
    /// With the epoch of this run.
    restoring: Option<(Restoring, u32)>,
    /// The epoch of the last run as the client records tell it.
    told: Option<u32>,
}

/// Says why the records of a store do not come back as a core.
pub(super) enum Unreadable {
    /// They make no sense.
    Damaged(String),
    /// There is no epoch.
    Epoch(StateDirError),
}

impl<'a> Reading<'a> {
    /// Reads nothing yet. `told` is the epoch of the last run as the client records tell it.
    pub fn new(
        begin: &'a dyn Fn(Option<u32>) -> Result<(Restoring, u32), StateDirError>,
        told: Option<u32>,
    ) -> Self {
        Self { begin, recorded: Recorded::default(), restoring: None, told }
    }

    /// Returns what the store says about itself, as far as it was read.
    pub fn into_recorded(self) -> Recorded {
        self.recorded
    }

    /// Reads a whole store. Returns its core, and the epoch of this run. Errors: why the core does not come back.
    pub fn read(&mut self, store: &dyn Store) -> Result<(Core, u32), Unreadable> {
        let mut wrong = None;
        let scanned = store.scan(&mut |key, value| match self.record(key, value) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                wrong = Some(error);
                ControlFlow::Break(())
            }
        });
        scanned.map_err(|error| Unreadable::Damaged(error.to_string()))?;
        if let Some(error) = wrong {
            return Err(error);
        }
        let nothing = || Unreadable::Damaged("there is no state".into());
        let (restoring, epoch) = self.restoring.take().ok_or_else(nothing)?;
        let core = restoring.finish().map_err(|error| Unreadable::Damaged(error.to_string()))?;
        Ok((core, epoch))
    }

    fn record(&mut self, key: &[u8], value: &[u8]) -> Result<(), Unreadable> {
        if self.recorded.take(key, value).map_err(Unreadable::Damaged)? {
            return Ok(());
        }
        let (restoring, _) = match &mut self.restoring {
            Some(restoring) => restoring,
            none => none.insert((self.begin)(self.recorded.epoch.max(self.told)).map_err(Unreadable::Epoch)?),
        };
        restoring.record(key, value).map_err(|error| Unreadable::Damaged(error.to_string()))
    }
}

/// Counts how many records there are of each kind, and the epoch of the last run.
pub(super) fn count(store: &dyn Store) -> Result<(BTreeMap<RecordKind, usize>, Recorded), StoreError> {
    let (mut counts, mut recorded) = (BTreeMap::new(), Recorded::default());
    store.scan(&mut |key, value| {
        if let Some(key) = Key::read(key) {
            *counts.entry(key.kind()).or_default() += 1;
        } else {
            // One that makes no sense is none of the epoch.
            let _ = recorded.take(key, value);
        }
        ControlFlow::Continue(())
    })?;
    Ok((counts, recorded))
}
