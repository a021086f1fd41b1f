//! What a set of records holds, client by client.

use super::restore::{Wrong, read};
use super::text::readable;
use super::values::*;
use super::{Key, RestoreError};
use crate::nfs4::ClientId;
use crate::ranges::OwnerId;
use std::collections::{BTreeMap, HashMap};

/// What there is, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The epoch in which the state began.
    pub since: u32,
    /// By clientid.
    pub clients: BTreeMap<ClientId, Holdings>,
    /// Clients that wait to be confirmed.
    pub unconfirmed: usize,
    /// Names of clients that may still reclaim what they held before a cold restart.
    pub may_reclaim: Vec<String>,
    /// Files with state.
    pub files: usize,
    /// All records.
    pub records: usize,
    owners: HashMap<OwnerId, ClientId>,
}

/// What one client holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Its own name for itself (`nfs_client_id4.id`, `co_ownerid`), readable.
    pub name: String,
    /// Its lease ran out and others took its state.
    pub expired: bool,
    /// Sessions.
    pub sessions: usize,
    /// Opens.
    pub opens: usize,
    /// Lock stateids.
    pub locks: usize,
    /// Byte ranges.
    pub ranges: usize,
    /// Places in queues.
    pub waiters: usize,
}

impl Inventory {
    /// Counts the next record; records come in the order of their keys. Errors: it makes no sense.
    pub fn record(&mut self, key: &[u8], value: &[u8]) -> Result<(), RestoreError> {
        let key = Key::read(key).ok_or(RestoreError::Key)?;
        self.records += 1;
        self.count(&key, value).map_err(|_: Wrong| RestoreError::Value(key.kind()))
    }

    fn count(&mut self, key: &Key<'_>, value: &[u8]) -> Result<(), Wrong> {
        match *key {
            Key::Instance => self.since = read::<InstanceRecord>(value)?.since,
            Key::Reclaim(name) => self.may_reclaim.push(readable(name)),
            Key::Client(id) => {
                let record: ClientRecord<'_> = read(value)?;
                let client = self.of(id);
                (client.name, client.expired) = (readable(record.name), record.expired);
            }
            Key::Unconfirmed(_) => self.unconfirmed += 1,
            Key::Session(_) => self.of(ClientId(read::<SessionRecord<'_>>(value)?.client)).sessions += 1,
            Key::Slot(..) | Key::BackSlot(..) | Key::OpenOwner(..) | Key::Revoked(..) => {}
            Key::LockOwner(id) => {
                self.owners.insert(id, ClientId(read::<LockOwnerRecord<'_>>(value)?.client));
            }
            Key::File(_) => self.files += 1,
            Key::Open(id, _) => self.of(id).opens += 1,
            Key::Lock(id, _) => self.of(id).locks += 1,
            Key::Range(_, owner, _) => {
                let client = *self.owners.get(&owner).ok_or(Wrong)?;
                self.of(client).ranges += 1;
            }
            Key::Waiter(..) => self.of(ClientId(read::<WaiterRecord>(value)?.client)).waiters += 1,
        }
        Ok(())
    }

    fn of(&mut self, id: ClientId) -> &mut Holdings {
        self.clients.entry(id).or_default()
    }
}
