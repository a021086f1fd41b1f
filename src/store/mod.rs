//! The store: records by key, whose meaning it does not know, behind one trait.
//!
//! - [`Batch`] the changes of one commit, in order, in one buffer
//! - [`Embedded`] on disk, in a directory of its own
//! - [`Memory`] for tests, and for servers without persistent state
//!
//! A commit is atomic, and commits survive in order: never a later one without all earlier ones. After a failed
//! commit it is unknown what is stored, so the process stops and opens the store again.

mod delayed;
mod embedded;
mod memory;

pub use crate::batch::{Batch, Change, Changes, KEY_BYTES_MAX, VALUE_BYTES_MAX, Value};
pub use delayed::{Delay, Delayed};
pub use embedded::{COMMIT_BYTES_MAX, Embedded, Found, OpenError, Opened, ReadOnly, set_aside};
pub use memory::Memory;

use crate::commits::{CommitNumber, Commits};
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Says what a commit survives once it is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Durability {
    /// The end of the process: the kernel has it.
    Process,
    /// The end of the machine: it is synced to the disk, and so is every commit before it.
    Machine,
}

/// Takes a record, key and value, and says whether to continue.
pub type Visit<'a> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'a;

/// Stores records by key, with one writer.
pub trait Store: Send {
    /// Makes the changes of `batch`, all of them or none. An empty batch changes nothing, but with
    /// [`Durability::Machine`] syncs what came before it.
    ///
    /// Errors: see [`StoreError`]. Whether the changes are stored is then unknown, and the store takes no more of them.
    fn commit(&mut self, batch: &Batch, durability: Durability) -> Result<(), StoreError>;

    /// Takes `batch` as the commit `number` and returns at once if it can; `done` is told when it is as durable as
    /// `durability` says, or that it failed. Batches are submitted in the order of their numbers and become part of the
    /// store in this order; completions may be reported in any order.
    ///
    /// A store for which nothing is gained by waiting elsewhere commits before it returns, as is done here.
    ///
    /// Errors: as [`Store::commit`]; then `done` is not told.
    fn submit(
        &mut self,
        number: CommitNumber,
        batch: &Batch,
        durability: Durability,
        done: &Arc<Commits>,
    ) -> Result<(), StoreError> {
        self.commit(batch, durability)?;
        done.complete(number);
        Ok(())
    }

    /// Returns whether each commit is complete when [`Store::submit`] returns.
    fn is_synchronous(&self) -> bool {
        true
    }

    /// Shows all records to `visit`, keys ascending (as strings of bytes), until it breaks.
    fn scan(&self, visit: &mut Visit<'_>) -> Result<(), StoreError>;

    /// Lets the store hold exactly the records that `batch` puts, synced to the disk. A crash on the way leaves the
    /// records as they were.
    fn replace_all(&mut self, batch: &Batch) -> Result<(), StoreError>;

    /// Syncs everything and marks the store as closed cleanly. A store that is dropped without this is not marked, and
    /// dropping it does not wait for outstanding commits.
    fn close(self: Box<Self>) -> Result<(), StoreError>;
}

/// Says whether a writer still owns the store. It is asked before each change, so it has to be fast.
pub trait Guard: Send {
    /// Returns whether nobody else can have taken over.
    fn owns(&mut self) -> bool;
}

impl<F: FnMut() -> bool + Send> Guard for F {
    fn owns(&mut self) -> bool {
        self()
    }
}

/// Says why an operation of a store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process owns the store now. Nothing was changed.
    #[error("this process does not own the store any more")]
    Deposed,
    /// The store cannot be read or written: the disk is full, it fails, it is read-only.
    #[error("store: {0}")]
    Io(#[source] io::Error),
    /// What is stored is not what was written.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// An earlier change failed, so it is unknown what is stored.
    #[error("an earlier change of the store failed")]
    Failed,
}
