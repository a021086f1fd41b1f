//! What a set of records holds, client by client.

use super::codec::Malformed;
use super::key::Key;
use super::kinds::client::Standing;
use super::kinds::{client, instance, lock_owner, session, waiter};
use super::restore::RestoreError;
use super::text::readable;
use crate::nfs4::ClientId;
use crate::ranges::OwnerId;
use std::collections::{BTreeMap, BTreeSet};

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
    owners: BTreeMap<OwnerId, ClientId>,
    gone: BTreeSet<ClientId>,
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
        self.count(&key, value).map_err(|Malformed| RestoreError::Value(key.kind()))
    }

    fn count(&mut self, key: &Key<'_>, value: &[u8]) -> Result<(), Malformed> {
        match *key {
            Key::Instance => self.since = instance::since_of(value)?,
            Key::Epochs(_) => {}
            Key::Reclaim(name) => self.may_reclaim.push(readable(name)),
            Key::Client(id) => {
                let (name, standing) = client::name_and_standing(value)?;
                if standing != Standing::Current {
                    self.gone.insert(id);
                }
                if standing != Standing::Forgotten {
                    let client = self.clients.entry(id).or_default();
                    (client.name, client.expired) = (readable(name), standing == Standing::Expired);
                }
            }
            Key::Unconfirmed(_) => self.unconfirmed += 1,
            Key::Session(_) => {
                self.count_of(session::client_of(value)?, |client| &mut client.sessions);
            }
            Key::Slot(..) | Key::BackSlot(..) | Key::OpenOwner(..) | Key::Revoked(..) => {}
            Key::LockOwner(id) => {
                self.owners.insert(id, lock_owner::client_of(value)?);
            }
            Key::File(_) => self.files += 1,
            Key::Open(id, _) => self.count_of(id, |client| &mut client.opens),
            Key::Lock(id, _) => self.count_of(id, |client| &mut client.locks),
            Key::Range(_, owner, _) => {
                let client = *self.owners.get(&owner).ok_or(Malformed)?;
                self.count_of(client, |client| &mut client.ranges);
            }
            Key::Waiter(..) => {
                self.count_of(waiter::client_of(value)?, |client| &mut client.waiters);
            }
        }
        Ok(())
    }

    /// Counts one more, unless the client is gone: what is left of it is held no more.
    fn count_of(&mut self, id: ClientId, what: impl FnOnce(&mut Holdings) -> &mut usize) {
        if !self.gone.contains(&id) {
            *what(self.clients.entry(id).or_default()) += 1;
        }
    }
}
