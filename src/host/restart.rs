//! How the server begins: with everything it had, with those who may reclaim, or anew.
//!
//! | store | written in this boot, or closed cleanly | else |
//! |---|---|---|
//! | sound, and all that its state depends on is what it was | warm: all state is there, no grace period | cold: who is recorded may reclaim |
//! | sound, but not what it depends on (`dependencies`) | cold: who had state may reclaim what is still to be found | the same |
//! | damaged, or its records make no sense | cold; it is put aside to be looked at | cold; the same |
//! | none | cold if clients are recorded, else the first start | the same |
//!
//! Clients are recorded also when it is not known which: then there is a grace period in which nobody can reclaim.
//!
//! Who is recorded is in `ClientRecords`, synced before anything depended on it; what the store of a cold restart holds
//! may be older than what was granted last, so it is told to the log and not relied on.

use super::StateDirError;
use super::client_records::{ClientRecords, ClientRecordsError};
use super::committer::Committer;
use super::dependencies::{self, Recorded, Verdict};
use crate::files::Dependency;
use crate::nfs4::Time;
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
    /// Everything is in it, but what its state depends on is not what it was.
    Unfounded,
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
    /// There is no epoch for this run.
    #[error(transparent)]
    Epoch(#[from] StateDirError),
    /// An export is there without its files.
    #[error("export /{export}: its file system is not mounted; what is there now is only the mount point")]
    Unmounted {
        /// Its name.
        export: String,
        /// Where the state is that refers to it.
        store: PathBuf,
    },
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
            Self::Open { .. }
            | Self::Store { .. }
            | Self::Write(_)
            | Self::Records(ClientRecordsError::Io(..)) => {
                Some("is the disk full, or read-only? Nothing is lost: start again when it is mended".into())
            }
            Self::Unmounted { store, .. } => Some(format!(
                "mount it and start again; if it is to be served as it is now, remove {}, and clients have to reclaim what they hold",
                store.display()
            )),
            Self::Epoch(error) => error.help(),
            Self::Records(_) => None,
        }
    }
}

/// What a restart has to be told.
pub struct Restart<'a> {
    /// The state directory, which nobody else uses.
    pub state_dir: &'a Path,
    /// What tells this boot of the machine from others.
    pub boot_id: &'a str,
    /// For the core.
    pub config: Config,
    /// For the core: any random number.
    pub seed: u64,
    /// For the core.
    pub now: Time,
    /// What filehandles depend on now.
    pub dependencies: &'a [Dependency],
    /// Takes the number of this run, which is greater than that of the last run as the store knows it, if it does.
    pub epoch: &'a dyn Fn(Option<u32>) -> Result<u32, StateDirError>,
}

/// A server's state, and where its changes go.
pub struct Restarted {
    /// The state.
    pub core: Core,
    /// Where it is kept.
    pub committer: Committer,
    /// How it began.
    pub beginning: Beginning,
}

/// What is known of the runs before, when the core does not come back.
struct Remains {
    condition: Condition,
    /// The clients that may reclaim.
    recorded: BTreeSet<Box<[u8]>>,
    /// How many records there were of each kind.
    held: BTreeMap<RecordKind, usize>,
    epoch: Option<u32>,
}

/// Reads the records of a store: first what it says about itself, then state.
struct Reading<'a> {
    restart: &'a Restart<'a>,
    recorded: Recorded,
    /// With the epoch of this run.
    restoring: Option<(Restoring, u32)>,
    /// The epoch of the last run as the client records tell it.
    told: Option<u32>,
}

/// Why the records of a store do not come back as a core.
enum Unreadable {
    /// They make no sense.
    Damaged(String),
    /// There is no epoch.
    Epoch(StateDirError),
}

impl Restart<'_> {
    /// Brings back what there is to bring back.
    pub fn run(self) -> Result<Restarted, RestartError> {
        let records = ClientRecords::open(self.state_dir)?;
        let (store, condition) = self.open_store()?;
        if condition != Condition::Whole {
            let (held, marks) = count(&store).map_err(|error| self.store_failed(error))?;
            // Not closed, or it would be whole the next time.
            if let Some(export) = marks.unmounted(self.dependencies) {
                return Err(self.unmounted(export.to_owned()));
            }
            let epoch = marks.epoch;
            let recorded = records.names();
            return self.begin_anew(store, records, Remains { condition, recorded, held, epoch });
        }
        let mut reading =
            Reading { restart: &self, recorded: Recorded::default(), restoring: None, told: records.epoch() };
        let read = reading.read(&store);
        let Reading { recorded, .. } = reading;
        match read {
            // Each run is told to the store before the client records are.
            Ok((core, _)) if recorded.epoch < records.epoch() => {
                self.give_up(core, "the store is older than the last run of the server", store, records)
            }
            Ok((core, epoch)) => match recorded.compare(self.dependencies) {
                Verdict::Same => self.go_on(core, epoch, store, records),
                Verdict::Cold(why) => self.give_up(core, &why, store, records),
                Verdict::Unmounted(export) => {
                    self.close(store)?;
                    Err(self.unmounted(export))
                }
            },
            Err(Unreadable::Epoch(error)) => {
                self.close(store)?;
                Err(error.into())
            }
            Err(Unreadable::Damaged(why)) => {
                drop(store);
                self.put_aside(&why)?;
                let (store, _) = self.open_store()?;
                let (condition, epoch) = (Condition::Damaged, recorded.epoch);
                let recorded = records.names();
                self.begin_anew(store, records, Remains { condition, recorded, held: BTreeMap::new(), epoch })
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
                    Found::Records { complete: true, .. } => Condition::Whole,
                    Found::Records { complete: false, .. } => Condition::Partial,
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

    fn begin_restoring(&self, last_epoch: Option<u32>) -> Result<(Restoring, u32), Unreadable> {
        let epoch = (self.epoch)(last_epoch).map_err(Unreadable::Epoch)?;
        let start = Start { epoch, seed: self.seed, recorded: BTreeSet::new(), now: self.now };
        Ok((Restoring::new(self.config.clone(), start), epoch))
    }

    fn unmounted(&self, export: String) -> RestartError {
        RestartError::Unmounted { export, store: self.path() }
    }

    /// Leaves the store as it was found.
    fn close(&self, store: Embedded) -> Result<(), RestartError> {
        Box::new(store).close().map_err(|error| self.store_failed(error))
    }

    fn go_on(
        self,
        mut core: Core,
        epoch: u32,
        store: Embedded,
        records: ClientRecords,
    ) -> Result<Restarted, RestartError> {
        let (clients, files) = core.counts();
        tracing::info!(clients, files, "warm restart: everything is as it was");
        let mut changes = Changes::default();
        core.take_changes(&mut changes);
        let names = recorded(&changes, &core);
        let mut committer = Committer::new(Box::new(store), Some(records));
        std::mem::swap(committer.changes(), &mut changes);
        committer.commit_with(|batch| self.put_dependencies(epoch, batch));
        // After the store, so that a store which knows less is an older one.
        committer.begin_records(epoch, names)?;
        Ok(Restarted { core, committer, beginning: Beginning::Warm })
    }

    /// State is all there, and what it depends on is not: who had it may reclaim what is still to be found.
    fn give_up(
        self,
        mut core: Core,
        why: &str,
        store: Embedded,
        records: ClientRecords,
    ) -> Result<Restarted, RestartError> {
        tracing::error!(why, "the state of clients is given up; they have to reclaim");
        let mut changes = Changes::default();
        core.take_changes(&mut changes);
        let recorded = recorded(&changes, &core);
        let (held, marks) = count(&store).map_err(|error| self.store_failed(error))?;
        let (condition, epoch) = (Condition::Unfounded, marks.epoch);
        self.begin_anew(store, records, Remains { condition, recorded, held, epoch })
    }

    fn begin_anew(
        self,
        mut store: Embedded,
        records: ClientRecords,
        remains: Remains,
    ) -> Result<Restarted, RestartError> {
        let Remains { condition, recorded, held, epoch } = remains;
        let beginning = beginning(condition, !recorded.is_empty());
        if beginning == Beginning::Cold {
            let of = |kind| held.get(&kind).copied().unwrap_or(0);
            tracing::warn!(
                clients = recorded.len(),
                opens = of(RecordKind::Open),
                ranges = of(RecordKind::Range),
                store = ?condition,
                "cold restart: these clients may reclaim; opens and ranges are as of what was stored last"
            );
        }
        let epoch = (self.epoch)(epoch.max(records.epoch()))?;
        let start = Start { epoch, seed: self.seed, recorded: recorded.clone(), now: self.now };
        let mut core = Core::new(self.config.clone(), start);
        let mut changes = Changes::default();
        core.take_changes(&mut changes);
        let mut batch = Batch::new();
        self.put_dependencies(epoch, &mut batch);
        put_all(&changes, &mut batch);
        store.replace_all(&batch).map_err(|error| self.store_failed(error))?;
        let mut committer = Committer::new(Box::new(store), Some(records));
        committer.begin_records(epoch, recorded)?;
        Ok(Restarted { core, committer, beginning })
    }

    /// Writes what state depends on from now on.
    fn put_dependencies(&self, epoch: u32, batch: &mut Batch) {
        dependencies::put_epoch(epoch, batch);
        self.dependencies.iter().for_each(|dependency| dependencies::put(dependency, batch));
    }
}

impl Reading<'_> {
    /// The core of a whole store, and the epoch of this run. Errors: why it does not come back.
    fn read(&mut self, store: &dyn Store) -> Result<(Core, u32), Unreadable> {
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
            none => none.insert(self.restart.begin_restoring(self.recorded.epoch.max(self.told))?),
        };
        restoring.record(key, value).map_err(|error| Unreadable::Damaged(error.to_string()))
    }
}

/// Writes changes of the core as the store knows them.
pub(super) fn put_all(changes: &Changes, batch: &mut Batch) {
    batch.append(changes.batch());
}

/// Who may reclaim after a warm restart: who holds state, and who has not reclaimed it yet.
fn recorded(changes: &Changes, core: &Core) -> BTreeSet<Box<[u8]>> {
    let holders = changes.clients().iter().filter_map(|change| match change {
        Change::ClientRecorded(name) => Some(name.clone()),
        Change::ClientForgotten(_) => None,
    });
    holders.chain(core.may_reclaim().cloned()).collect()
}

/// How many records there are of each kind, and the epoch of the last run.
fn count(store: &dyn Store) -> Result<(BTreeMap<RecordKind, usize>, Recorded), StoreError> {
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

#[cfg(test)]
#[path = "restart_tests.rs"]
mod tests;
