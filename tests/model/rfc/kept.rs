//! A store in a map: takes what a core has changed, and gives back the core of the next run.

use lockhouse::batch::Value;
use lockhouse::nfs4::Time;
use lockhouse::state::{Change, Changes, Config, Core, Restoring, Start};
use std::collections::{BTreeMap, BTreeSet};

type Records = BTreeMap<Vec<u8>, Vec<u8>>;

/// All that was stored since the first run began.
#[derive(Debug, Default)]
pub struct Kept {
    records: Records,
    changes: Changes,
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
    pub fn take(&mut self, core: &mut Core) -> &[Change] {
        core.take_changes(&mut self.changes);
        apply(&mut self.records, &self.changes);
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
        for (key, value) in &self.records {
            restoring.record(key, value).expect("a core wrote it");
        }
        let mut core = restoring.finish().expect("all records are there");
        self.take(&mut core);
        self.check(&core);
        core
    }
}
