//! A store in a map, and the check that every test ends with: what was stored is the state, and comes back as it.

use crate::batch::Value;
use crate::nfs4::{Filehandle, Time};
use crate::state::{Changes, ClientChange, Config, Core, RecordKind, RestoreError, Restoring, Start};
use std::collections::{BTreeMap, BTreeSet};

/// What was stored of a core.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    pub records: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Kept {
    /// Stores what a core has changed, and answers which clients may hold state.
    pub fn take(&mut self, core: &mut Core) -> Vec<ClientChange> {
        let mut changes = Changes::default();
        core.take_changes(&mut changes);
        self.apply(&changes);
        changes.clients().to_vec()
    }

    pub fn apply(&mut self, changes: &Changes) {
        for (key, value) in changes.records() {
            let is_new = matches!(value, Value::New(_));
            assert!(!is_new || !self.records.contains_key(key), "{key:02x?} was there already");
            match value.get() {
                Some(value) => drop(self.records.insert(key.into(), value.into())),
                None => drop(self.records.remove(key)),
            }
        }
    }

    /// The core that comes back, in a later run.
    pub fn restore(&self, config: Config, epoch: u32, now: Time) -> Result<Core, RestoreError> {
        let start = Start { epoch, seed: 43, recorded: BTreeSet::new(), now };
        let mut restoring = Restoring::new(config, start);
        self.records.iter().try_for_each(|(key, value)| restoring.record(key, value))?;
        restoring.finish()
    }

    /// All but what is stored of slots, as text.
    pub fn lines(&self) -> Vec<String> {
        let slot = RecordKind::Slot as u8;
        let others = self.records.iter().filter(|(key, _)| key[0] != slot);
        others.map(|(key, value)| format!("{key:02x?} = {value:02x?}")).collect()
    }

    /// Everything that there is to store of a core.
    pub fn all_of(core: &Core) -> Self {
        let mut all = Self::default();
        all.apply(&core.records());
        all
    }

    /// What was stored is what the core holds, and what comes back is that again.
    pub fn check(&mut self, core: &mut Core, config: Config, now: Time) {
        self.take(core);
        assert_eq!(self.lines(), Self::all_of(core).lines(), "what was stored is not the state");
        let mut restored = self.restore(config, core.instance.epoch() + 1, now).expect("restore");
        let mut after = self.clone();
        after.take(&mut restored);
        assert_eq!(after.lines(), Self::all_of(&restored).lines(), "what was restored is not stored");
        assert_eq!(held(core), held(&restored));
        assert_eq!(generations(core), generations(&restored));
        assert_eq!(core.clients.count(), restored.clients.count());
        // What has no state needs none: files that were only reserved.
        assert!(after.records.len() <= self.records.len());
    }
}

fn generations(core: &Core) -> Vec<(&Filehandle, u64)> {
    let mut all: Vec<_> = core.open_files().map(|fh| (fh, core.generation(fh))).collect();
    all.sort();
    all
}

fn held(core: &Core) -> Vec<String> {
    let mut all: Vec<_> = core.held().map(|(fh, held)| format!("{fh:?} {held:?}")).collect();
    all.sort();
    all
}
