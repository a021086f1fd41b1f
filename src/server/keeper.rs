//! The durability rule, at its end: where changes of the core are stored.

use super::client_records::ClientRecords;
use super::restart::put_all;
use crate::state::Changes;
use crate::store::{Batch, Durability, Store, StoreError};
use std::io;

/// Stores the changes of one core.
pub struct Keeper {
    store: Box<dyn Store>,
    records: Option<ClientRecords>,
    changes: Changes,
    batch: Batch,
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
        Self { store, records, changes: Changes::default(), batch: Batch::new() }
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
