//! How the server begins: with everything it had, with those who may reclaim, or anew.
//!
//! | store | written in this boot, or closed cleanly | else |
//! |---|---|---|
//! | sound | warm: all state is there, no grace period | cold: who is recorded may reclaim |
//! | damaged, or its records make no sense | cold; it is put aside to be looked at | cold; the same |
//! | none | cold if clients are recorded, else the first start | the same |
//!
//! Who is recorded is in `ClientRecords`, synced before anything depended on it; what the store of a cold restart holds
//! may be older than what was granted last, so it is told to the log and not relied on.

use super::client_records::{ClientRecords, ClientRecordsError};
use super::keeper::Keeper;
use crate::state::{Change, Changes, Config, Core, Key, RecordKind, Restoring, Start};
use crate::store::{Batch, Embedded, Found, OpenError, Opened, Store, StoreError, set_aside};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// What is known of the store before its records are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// There is none.
    Missing,
    /// Everything that was acknowledged is in it.
    Whole,
    /// What was acknowledged last may be missing.
    Partial,
    /// It cannot be read, or makes no sense.
    Damaged,
}

/// How the server begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// Nobody has anything to reclaim.
    First,
    /// All state is there.
    Warm,
    /// Clients have to reclaim.
    Cold,
}

/// The table at the head of this module.
pub fn beginning(store: Condition, clients_recorded: bool) -> Beginning {
    match (store, clients_recorded) {
        (Condition::Whole, _) => Beginning::Warm,
        (_, true) => Beginning::Cold,
        (_, false) => Beginning::First,
    }
}

/// Why the server cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum RestartError {
    /// The client records.
    #[error(transparent)]
    Records(#[from] ClientRecordsError),
    /// The client records cannot be written.
    #[error("cannot write the client records: {0}")]
    Write(#[from] io::Error),
    /// The store cannot be opened.
    #[error("{path}: {error}")]
    Open {
        /// Where it is.
        path: PathBuf,
        /// Why not.
        error: OpenError,
    },
    /// The store cannot be read or written.
    #[error("{path}: {error}")]
    Store {
        /// Where it is.
        path: PathBuf,
        /// Why not.
        error: StoreError,
    },
}

impl RestartError {
    /// What the user can do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Open { path, error: OpenError::Newer { .. } } => Some(format!(
                "start the newer lockhouse again; or remove {}, and clients have to reclaim what they hold",
                path.display()
            )),
            Self::Open { error: OpenError::InUse(_), .. } => Some("stop the other process".into()),
            Self::Open { .. } | Self::Store { .. } | Self::Write(_) => {
                Some("is the disk full, or read-only? Nothing is lost: start again when it is mended".into())
            }
            Self::Records(_) => None,
        }
    }
}

/// What a restart has to be told.
#[derive(Clone, Debug)]
pub struct Restart<'a> {
    /// The state directory, which nobody else uses.
    pub state_dir: &'a Path,
    /// What tells this boot of the machine from others.
    pub boot_id: &'a str,
    /// For the core.
    pub config: Config,
    /// For the core; `recorded` is found here.
    pub start: Start,
}

/// A server's state, and where its changes go.
pub struct Restarted {
    /// The state.
    pub core: Core,
    /// Where it is kept.
    pub keeper: Keeper,
    /// How it began.
    pub beginning: Beginning,
}

impl Restart<'_> {
    /// Brings back what there is to bring back.
    pub fn run(self) -> Result<Restarted, RestartError> {
        let records = ClientRecords::open(self.state_dir)?;
        let (store, condition) = self.open_store()?;
        if condition != Condition::Whole {
            return self.begin_anew(store, condition, records);
        }
        match self.restore(&store) {
            Ok(core) => self.go_on(core, store, records),
            Err(why) => {
                drop(store);
                self.put_aside(&why)?;
                let (store, _) = self.open_store()?;
                self.begin_anew(store, Condition::Damaged, records)
            }
        }
    }

    fn path(&self) -> PathBuf {
        self.state_dir.join("store")
    }

    fn open_store(&self) -> Result<(Embedded, Condition), RestartError> {
        match self.try_open() {
            Ok(Opened { store, found }) => {
                let condition = match found {
                    Found::New => Condition::Missing,
                    Found::Records { whole: true, .. } => Condition::Whole,
                    Found::Records { whole: false, .. } => Condition::Partial,
                };
                Ok((store, condition))
            }
            Err(OpenError::Damaged { why }) => {
                self.put_aside(&why)?;
                let opened = self.try_open().map_err(|error| self.cannot_open(error))?;
                Ok((opened.store, Condition::Damaged))
            }
            Err(error) => Err(self.cannot_open(error)),
        }
    }

    fn try_open(&self) -> Result<Opened, OpenError> {
        // The lock of the state directory is held as long as the process lives.
        Embedded::open(&self.path(), self.boot_id, Box::new(|| true))
    }

    fn cannot_open(&self, error: OpenError) -> RestartError {
        RestartError::Open { path: self.path(), error }
    }

    fn store_failed(&self, error: StoreError) -> RestartError {
        RestartError::Store { path: self.path(), error }
    }

    fn put_aside(&self, why: &str) -> Result<(), RestartError> {
        let kept = set_aside(&self.path()).map_err(|error| self.cannot_open(error))?;
        tracing::error!(why, kept = %kept.display(), "the store cannot be used and is put aside; clients have to reclaim");
        Ok(())
    }

    /// The core of a whole store. Errors: why it does not come back.
    fn restore(&self, store: &dyn Store) -> Result<Core, String> {
        let mut restoring = Restoring::new(self.config.clone(), self.start.clone());
        let mut wrong = None;
        let scanned = store.scan(&mut |key, value| match restoring.record(key, value) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                wrong = Some(error);
                ControlFlow::Break(())
            }
        });
        scanned.map_err(|error| error.to_string())?;
        match wrong {
            Some(error) => Err(error.to_string()),
            None => restoring.finish().map_err(|error| error.to_string()),
        }
    }

    fn go_on(
        self,
        mut core: Core,
        store: Embedded,
        mut records: ClientRecords,
    ) -> Result<Restarted, RestartError> {
        let (clients, files) = core.counts();
        tracing::info!(clients, files, "warm restart: everything is as it was");
        let mut changes = Changes::default();
        core.take_changes(&mut changes);
        records.replace(recorded(&changes, &core))?;
        let mut keeper = Keeper::new(Box::new(store), Some(records));
        std::mem::swap(keeper.changes(), &mut changes);
        keeper.commit();
        Ok(Restarted { core, keeper, beginning: Beginning::Warm })
    }

    fn begin_anew(
        self,
        mut store: Embedded,
        condition: Condition,
        records: ClientRecords,
    ) -> Result<Restarted, RestartError> {
        let recorded = records.names();
        let beginning = beginning(condition, !recorded.is_empty());
        if beginning == Beginning::Cold {
            let held = count(&store).map_err(|error| self.store_failed(error))?;
            let of = |kind| held.get(&kind).copied().unwrap_or(0);
            tracing::warn!(
                clients = recorded.len(),
                opens = of(RecordKind::Open),
                ranges = of(RecordKind::Range),
                store = ?condition,
                "cold restart: these clients may reclaim; opens and ranges are as of what was stored last"
            );
        }
        let mut core = Core::new(self.config.clone(), Start { recorded, ..self.start.clone() });
        let mut changes = Changes::default();
        core.take_changes(&mut changes);
        let mut batch = Batch::new();
        put_all(&changes, &mut batch);
        store.replace_all(&batch).map_err(|error| self.store_failed(error))?;
        Ok(Restarted { core, keeper: Keeper::new(Box::new(store), Some(records)), beginning })
    }
}

/// Writes changes of the core as the store knows them.
pub(super) fn put_all(changes: &Changes, batch: &mut Batch) {
    batch.append_octets(changes.as_octets());
}

/// Who may reclaim after a warm restart: who holds state, and who has not reclaimed it yet.
fn recorded(changes: &Changes, core: &Core) -> BTreeSet<Box<[u8]>> {
    let holders = changes.clients().iter().filter_map(|change| match change {
        Change::ClientRecorded(name) => Some(name.clone()),
        Change::ClientForgotten(_) => None,
    });
    holders.chain(core.may_reclaim().cloned()).collect()
}

/// How many records there are of each kind.
fn count(store: &dyn Store) -> Result<BTreeMap<RecordKind, usize>, StoreError> {
    let mut counts = BTreeMap::new();
    store.scan(&mut |key, _| {
        if let Some(key) = Key::read(key) {
            *counts.entry(key.kind()).or_default() += 1;
        }
        ControlFlow::Continue(())
    })?;
    Ok(counts)
}

#[cfg(test)]
#[path = "restart_tests.rs"]
mod tests;
