//! From records to a core. Records come in the order of their keys, each after those that it refers to.

use super::codec::Malformed;
use super::key::{Key, RecordKind};
use super::kinds::restore_record;
use crate::nfs4::ClientId;
use crate::state::config::{Config, Start};
use crate::state::core::Core;
use crate::state::files::FileState;
use std::collections::BTreeSet;

/// Records that are no state of a core. Who finds this must not go on with a part of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// A key that this version does not know.
    #[error("a record has a key that makes no sense")]
    Key,
    /// What is in a record cannot be, or does not go with the records before it.
    #[error("a record of kind {0:?} makes no sense")]
    Value(RecordKind),
    /// There are records, but not the one that every state has.
    #[error("the record of the instance is missing")]
    NoInstance,
}

/// Holds a core that is being put together.
#[derive(Debug)]
pub struct Restoring {
    core: Core,
    /// The record that every state has was there.
    has_instance: bool,
}

impl Restoring {
    /// Begins with a core without state.
    pub fn new(config: Config, start: Start) -> Self {
        let core = Core::empty(config, Start { recorded: BTreeSet::new(), ..start });
        Self { core, has_instance: false }
    }

    /// Takes the next record. Errors: `Key`, `Value`; then the core must not be used.
    pub fn record(&mut self, key: &[u8], value: &[u8]) -> Result<(), RestoreError> {
        let key = Key::read(key).ok_or(RestoreError::Key)?;
        let wrong = |Malformed| RestoreError::Value(key.kind());
        restore_record(&mut self.core, key, value).map_err(wrong)?;
        self.has_instance |= key == Key::Instance;
        Ok(())
    }

    /// Returns the core, when all records were taken. If a grace period was under way, it starts again.
    /// Errors: `NoInstance`.
    pub fn finish(self) -> Result<Core, RestoreError> {
        let Self { mut core, has_instance } = self;
        if !has_instance {
            return Err(RestoreError::NoInstance);
        }
        let now = core.instance.started();
        core.grace.begin(now, &core.config);
        // Clients that are in teardown and that nobody knows any more.
        let forgotten: BTreeSet<ClientId> =
            core.clients.iter().filter(|client| client.is_forgotten()).map(|client| client.id()).collect();
        core.resume_teardown(forgotten);
        // An OPEN that was under way had made room for itself.
        let numbers: Vec<_> = core.files.iter().map(FileState::number).collect();
        numbers.iter().for_each(|file| core.files.drop_if_idle(&mut core.effects.changes, *file));
        core.begin_scan();
        Ok(core)
    }
}
