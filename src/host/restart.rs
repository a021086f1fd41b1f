//! Starts a run of the server over what the last one left. [`start_kind`](super::start_kind()) has the table.
//!
//! Who is recorded is in `ClientRecords`, synced before anything depended on it; what the store of a cold restart holds
//! may be older than what was granted last, so it is told to the log and not relied on.

use super::StateDirError;
use super::client_records::ClientRecords;
use super::committer::{Committer, put_all};
use super::dependencies::{self, Verdict};
use super::reading::{Reading, Unreadable, count};
use super::restart_error::RestartError;
use super::start_kind::{Condition, StartKind, start_kind};
use crate::files::Dependency;
use crate::nfs4::Time;
use crate::state::{Changes, ClientChange, Config, Core, RecordKind, Restoring, Start};
use crate::store::{Batch, Embedded, Found, OpenError, Opened, Store, StoreError, set_aside};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Holds what a restart has to be told.
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

/// Holds a server's state, and where its changes go.
pub struct Restarted {
    /// The state.
    pub core: Core,
    /// Where it is kept.
    pub committer: Committer,
    /// How it began.
    pub kind: StartKind,
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
            return self.start_fresh(store, records, Remains { condition, recorded, held, epoch });
        }
        let begin = |last_epoch| self.begin_restoring(last_epoch);
        let mut reading = Reading::new(&begin, records.epoch());
        let read = reading.read(&store);
        let recorded = reading.into_recorded();
        match read {
            // Each run is told to the store before the client records are.
            Ok((core, _)) if recorded.epoch < records.epoch() => {
                self.give_up(core, "the store is older than the last run of the server", store, records)
            }
            Ok((core, epoch)) => match recorded.compare(self.dependencies) {
                Verdict::Same => self.resume(core, epoch, store, records),
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
                self.start_fresh(
                    store,
                    records,
                    Remains { condition, recorded, held: BTreeMap::new(), epoch },
                )
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

    fn begin_restoring(&self, last_epoch: Option<u32>) -> Result<(Restoring, u32), StateDirError> {
        let epoch = (self.epoch)(last_epoch)?;
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

    fn resume(
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
        Ok(Restarted { core, committer, kind: StartKind::Warm })
    }

    /// Gives up state that is all there when what it depends on is not: who had it may reclaim what is still to be found.
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
        self.start_fresh(store, records, Remains { condition, recorded, held, epoch })
    }

    fn start_fresh(
        self,
        mut store: Embedded,
        records: ClientRecords,
        remains: Remains,
    ) -> Result<Restarted, RestartError> {
        let Remains { condition, recorded, held, epoch } = remains;
        let kind = start_kind(condition, !recorded.is_empty());
        if kind == StartKind::Cold {
            let of = |record| held.get(&record).copied().unwrap_or(0);
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
        Ok(Restarted { core, committer, kind })
    }

    /// Writes what state depends on from now on.
    fn put_dependencies(&self, epoch: u32, batch: &mut Batch) {
        dependencies::put_epoch(epoch, batch);
        self.dependencies.iter().for_each(|dependency| dependencies::put(dependency, batch));
    }
}

/// Returns who may reclaim after a warm restart: who holds state, and who has not reclaimed it yet.
fn recorded(changes: &Changes, core: &Core) -> BTreeSet<Box<[u8]>> {
    let holders = changes.clients().iter().filter_map(|change| match change {
        ClientChange::ClientRecorded(name) => Some(name.clone()),
        ClientChange::ClientForgotten(_) => None,
    });
    holders.chain(core.may_reclaim().cloned()).collect()
}

#[cfg(test)]
#[path = "restart_tests.rs"]
mod tests;
