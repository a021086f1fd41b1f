//! A store in a map: takes what a core has changed, and gives back the core of the next run. The core comes back from
//! what a store that is slow and reports in another order holds after the same commits.

use lockhouse::batch::Value;
use lockhouse::host::Committer;
use lockhouse::nfs4::Time;
use lockhouse::state::{Changes, ClientChange, Config, Core, Restoring, Start};
use lockhouse::store::{Delay, Delayed, Memory, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

type Records = BTreeMap<Vec<u8>, Vec<u8>>;

/// All that was stored since the first run began.
pub struct Kept {
    records: Records,
    changes: Changes,
    memory: Memory,
    committer: Committer,
}

impl Default for Kept {
    fn default() -> Self {
        let memory = Memory::new();
        // Scripts are many: nothing is waited for but another thread.
        let delay = Delay { reorder: true, ..Delay::default() };
        let store = Delayed::new(Box::new(memory.clone()), delay);
        let committer = Committer::new(Box::new(store), None);
        Self { records: Records::new(), changes: Changes::default(), memory, committer }
    }
}

fn apply(records: &mut Records, changes: &Changes) {
    for (key, value) in changes.records() {
        let is_new = matches!(value, Value::New(_));
        assert!(!is_new || !records.contains_key(key), "{key:02x?} was there already");
        match value.get() {
            Some(value) => drop(records.insert(key.into(), value.into())),
            None => drop(records.remove(key)),
        }
    }
}

impl Kept {
    /// Stores what the core has changed since the last time; answers which clients may hold state.
    pub fn take(&mut self, core: &mut Core) -> &[ClientChange] {
        core.take_changes(&mut self.changes);
        apply(&mut self.records, &self.changes);
        self.committer.changes().clone_from(&self.changes);
        self.committer.commit();
        self.changes.clients()
    }

    /// Panics when what is stored is not what the core holds. The scripts send no SEQUENCE, so no slot has a record.
    pub fn check(&self, core: &Core) {
        let mut held = Records::new();
        apply(&mut held, &core.records());
        let differ = |(key, value): &(&Vec<u8>, &Vec<u8>), other: &Records| other.get(*key) != Some(*value);
        let lost: Vec<_> = held.iter().filter(|record| differ(record, &self.records)).collect();
        let left: Vec<_> = self.records.iter().filter(|record| differ(record, &held)).collect();
        assert!(
            lost.is_empty() && left.is_empty(),
            "held but not stored: {lost:x?}, or the reverse: {left:x?}"
        );
    }

    /// The core that comes back from what is stored, as the run of this epoch.
    pub fn restore(&mut self, config: Config, epoch: u32, now: Time) -> Core {
        let start = Start { epoch, seed: u64::from(epoch), recorded: BTreeSet::new(), now };
        let mut restoring = Restoring::new(config, start);
        let commits = self.committer.commits();
        assert!(commits.wait(commits.assigned()), "no commit fails");
        let mut records = Records::new();
        let mut visit = |key: &[u8], value: &[u8]| {
            records.insert(key.into(), value.into());
            restoring.record(key, value).expect("a core wrote it");
            ControlFlow::Continue(())
        };
        self.memory.scan(&mut visit).expect("it is in memory");
        assert_eq!(records, self.records, "what is durable is not what was submitted");
        let mut core = restoring.finish().expect("all records are there");
        self.take(&mut core);
        self.check(&core);
        core
    }
}
