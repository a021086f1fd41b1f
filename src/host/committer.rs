//! The durability rule, at its end: where changes of the core are stored.

use super::client_records::ClientRecords;
use super::dependencies;
use super::restart::put_all;
use crate::files::Growing;
use crate::state::Changes;
use crate::store::{Batch, Durability, Store, StoreError};
use std::collections::BTreeSet;
use std::io;

/// Stores the changes of one core.
pub struct Keeper {
    store: Box<dyn Store>,
    records: Option<ClientRecords>,
    changes: Changes,
    batch: Batch,
    /// What handles depend on and what grows, and at which version it was stored last.
    growing: Growing,
    grown: u64,
}

#[derive(Debug, thiserror::Error)]
enum KeepError {
    #[error("client records: {0}")]
    Records(#[from] io::Error),
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl Keeper {
    /// Stores in `store`, and in `records` which clients may hold state: without, nobody can ever reclaim.
    pub fn new(store: Box<dyn Store>, records: Option<ClientRecords>) -> Self {
        let (changes, batch, growing) = (Changes::default(), Batch::new(), Growing::default());
        Self { store, records, changes, batch, growing, grown: 0 }
    }

    /// From now on stores with the changes how far `growing` has come: handles in what is stored depend on it.
    pub fn depend_on(&mut self, growing: Growing) {
        (self.growing, self.grown) = (growing, 0);
    }

    /// Where the changes belong that the next commit stores.
    pub fn changes(&mut self) -> &mut Changes {
        &mut self.changes
    }

    /// Stores the changes. When they cannot be stored, the server stops, for a reply would promise what a restart may
    /// break: nothing that was answered is lost, and what was not is asked again.
    pub fn commit(&mut self) {
        self.try_commit().unwrap_or_else(|error| stop(&error));
    }

    /// As [`Keeper::commit`], and stores with the changes what `put` puts.
    pub(super) fn commit_with(&mut self, put: impl FnOnce(&mut Batch)) {
        self.batch.clear();
        put(&mut self.batch);
        self.store_changes().unwrap_or_else(|error| stop(&error));
    }

    /// Says in the client records in which epoch the server runs, and which clients are recorded.
    pub(super) fn begin_records(&mut self, epoch: u32, names: BTreeSet<Box<[u8]>>) -> io::Result<()> {
        self.records.as_mut().map_or(Ok(()), |records| records.begin(epoch, names))
    }

    /// Stores the changes, and that this was the last time.
    pub fn close(mut self) {
        let closed = self.try_commit().and_then(|()| Ok(self.store.close()?));
        closed.unwrap_or_else(|error| stop(&error));
    }

    fn try_commit(&mut self) -> Result<(), KeepError> {
        if self.changes.is_empty() {
            return Ok(());
        }
        self.batch.clear();
        // Read after the changes were taken: whatever they refer to is in what this says.
        let version = self.growing.version();
        if self.grown != version {
            self.growing
                .dependencies()
                .for_each(|dependency| dependencies::put(&dependency, &mut self.batch));
            self.grown = version;
        }
        self.store_changes()
    }

    /// Stores what is in the batch, and then the changes.
    fn store_changes(&mut self) -> Result<(), KeepError> {
        if let Some(records) = &mut self.records {
            records.commit(self.changes.clients())?;
        }
        put_all(&self.changes, &mut self.batch);
        if !self.batch.is_empty() {
            self.store.commit(&self.batch, Durability::Process)?;
        }
        self.changes.clear();
        Ok(())
    }
}

fn stop(error: &KeepError) -> ! {
    tracing::error!(%error, "cannot store what clients are to be promised; stopping. Start again when the cause is mended");
    std::process::exit(1);
}
