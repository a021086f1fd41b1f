//! Lock_owners and their lock stateids (RFC 7530 §9.1.2, §16.37).

use super::client::Client;
use super::departing::give_back_room;
use super::lock::Asked;
use super::sequence::{Digest, LastReply, Sequence};
use super::wait::remembered_at_most;
use super::{Changes, Core, Key, State};
use crate::nfs4::{ClientId, Filehandle, LockOwner, OpaqueOwner, Stateid, Status, Time};
use crate::ranges::OwnerId;
use smallvec::SmallVec;
use std::collections::{BTreeSet, HashMap};

/// A lock_owner of a client.
#[derive(Debug)]
pub(super) struct LockOwnerState {
    pub id: OwnerId,
    pub sequence: Sequence,
    /// Serials of its lock stateids.
    pub locks: BTreeSet<u32>,
    pub last_used: Time,
}

/// The locks of one owner on one file, asked for under one open.
#[derive(Debug)]
pub(super) struct LockState {
    pub stateid: Stateid,
    pub owner: OpaqueOwner,
    pub owner_id: OwnerId,
    pub fh: Filehandle,
    /// Serial of the open.
    pub open: u32,
}

/// The lock_owners by the short id that range sets know them by.
#[derive(Debug, Default)]
pub(super) struct LockOwners {
    issued: u64,
    by_id: HashMap<OwnerId, Registered>,
}

#[derive(Debug)]
struct Registered {
    owner: LockOwner,
    /// Files in whose queue it may stand.
    waits: SmallVec<[Filehandle; 1]>,
}

/// Most files in whose queue one owner can be found at a time.
const WAITS_MAX: usize = 16;

impl LockOwners {
    pub fn register(&mut self, owner: LockOwner) -> OwnerId {
        let id = OwnerId(self.issued + 1);
        self.restore(id, owner);
        id
    }

    /// Registers an owner under the id that it had before a restart.
    pub fn restore(&mut self, id: OwnerId, owner: LockOwner) {
        self.issued = self.issued.max(id.0);
        self.by_id.insert(id, Registered { owner, waits: SmallVec::new() });
    }

    pub fn remove(&mut self, id: OwnerId) {
        self.by_id.remove(&id);
    }

    /// Keeps the table in proportion to the owners that are left; cheap, for they are few then. Answers the large one.
    pub fn give_back_room(&mut self) -> Option<impl Send + use<> + 'static> {
        give_back_room(&mut self.by_id)
    }

    /// Client and owner octets.
    pub fn name_of(&self, id: OwnerId) -> Option<&LockOwner> {
        self.by_id.get(&id).map(|registered| &registered.owner)
    }

    pub fn client_of(&self, id: OwnerId) -> Option<ClientId> {
        self.by_id.get(&id).map(|registered| registered.owner.clientid)
    }

    pub fn waits_of(&self, id: OwnerId) -> &[Filehandle] {
        self.by_id.get(&id).map_or(&[], |registered| &registered.waits)
    }

    /// Notes that an owner stands in a file's queue; answers the file in whose queue it then must not stand any more.
    pub fn note_wait(&mut self, id: OwnerId, fh: &Filehandle) -> Option<Filehandle> {
        let registered = self.by_id.get_mut(&id)?;
        if registered.waits.contains(fh) {
            return None;
        }
        let oldest = (registered.waits.len() == WAITS_MAX).then(|| registered.waits.remove(0));
        registered.waits.push(fh.clone());
        oldest
    }
}

impl Client {
    pub fn lock(&self, serial: u32) -> Option<&LockState> {
        match self.states.get(&serial) {
            Some(State::Lock(lock)) => Some(lock),
            _ => None,
        }
    }

    pub fn lock_mut(&mut self, serial: u32) -> Option<&mut LockState> {
        match self.states.get_mut(&serial) {
            Some(State::Lock(lock)) => Some(lock),
            _ => None,
        }
    }

    /// Whether its owner has no other lock stateid on the same file.
    pub fn is_only_lock(&self, lock: &LockState) -> bool {
        let Some(owner) = self.lock_owners.get(&lock.owner) else { return true };
        let on_file = |serial: &&u32| self.lock(**serial).is_some_and(|other| other.fh == lock.fh);
        owner.locks.iter().filter(on_file).count() <= 1
    }

    /// Forgets a lock stateid under which nothing is held.
    pub fn drop_lock(&mut self, changes: &mut Changes, serial: u32) {
        let Some(State::Lock(lock)) = self.states.remove(&serial) else { return };
        changes.delete(Key::Lock(self.id, serial));
        if let Some(owner) = self.lock_owners.get_mut(&lock.owner) {
            owner.locks.remove(&serial);
        }
    }

    pub fn record_lock_owner(
        &mut self,
        now: Time,
        changes: &mut Changes,
        owner: &[u8],
        seqid: u32,
        request: Digest,
        reply: LastReply,
    ) {
        if let Some(state) = self.lock_owners.get_mut(owner) {
            state.last_used = now;
            if state.sequence.record(seqid, request, reply) {
                changes.put_lock_owner(self.id, owner, state);
            }
        }
    }

    /// Makes the lock stateid of a first grant, with a version before its first.
    pub fn add_lock(&mut self, changes: &mut Changes, fh: &Filehandle, asked: &Asked<'_>) -> u32 {
        let serial = self.take_serial(changes);
        let lock = LockState {
            stateid: Stateid { seqid: 0, ..Stateid::first(self.id, serial) },
            owner: asked.owner.clone(),
            owner_id: asked.owner_id,
            fh: fh.clone(),
            open: asked.open,
        };
        self.states.insert(serial, State::Lock(lock));
        if let Some(owner) = self.lock_owners.get_mut(asked.owner) {
            owner.locks.insert(serial);
        }
        if let Some(open) = self.open_mut(asked.open) {
            open.locks.insert(serial);
        }
        serial
    }
}

impl Core {
    pub(super) fn new_lock_owner(
        &mut self,
        now: Time,
        clientid: ClientId,
        owner: OpaqueOwner,
    ) -> (OpaqueOwner, OwnerId) {
        let id = self.lock_owners.register(LockOwner { clientid, owner: owner.clone() });
        let state =
            LockOwnerState { id, sequence: Sequence::of(clientid), locks: BTreeSet::new(), last_used: now };
        self.effects.changes.put_lock_owner(clientid, &owner, &state);
        if let Some(client) = self.clients.get_mut(clientid) {
            client.lock_owners.insert(owner.clone(), state);
        }
        (owner, id)
    }

    /// RELEASE_LOCKOWNER (RFC 7530 §16.37): the client is done with a lock_owner; one that the server does not know is
    /// no error. Errors: `LocksHeld`, `StaleClientid`, `Expired`.
    pub fn release_lockowner(&mut self, now: Time, clientid: ClientId, owner: &[u8]) -> Result<(), Status> {
        self.clients.find_and_renew(clientid, now)?;
        self.acknowledge(clientid, |_, revoked| revoked.open.is_some() && *revoked.owner == *owner);
        let client = self.clients.find(clientid)?;
        let Some(state) = client.lock_owners.get(owner) else { return Ok(()) };
        let id = state.id;
        let locks = state.locks.clone();
        for lock in locks.iter().filter_map(|serial| client.lock(*serial)) {
            if self.files.get(&lock.fh).is_some_and(|file| file.ranges.is_held_by(id)) {
                return Err(Status::LocksHeld);
            }
        }
        for serial in locks {
            let open = client.lock(serial).map(|lock| lock.open);
            if let Some(open) = open.and_then(|open| client.open_mut(open)) {
                open.locks.remove(&serial);
            }
            client.drop_lock(&mut self.effects.changes, serial);
        }
        client.lock_owners.remove(owner);
        self.effects.changes.delete(Key::LockOwner(id));
        // Also where it was denied everything, and so has no lock stateid.
        for fh in self.lock_owners.waits_of(id) {
            if let Some(file) = self.files.get_mut(fh) {
                file.queue.forget_owner(&mut self.effects.changes, id);
                file.refresh_queue(now, &self.config, &mut self.effects);
            }
        }
        self.lock_owners.remove(id);
        Ok(())
    }

    /// Forgets lock_owners that have had no lock stateid for a lease, and stand in no queue any more.
    pub(super) fn sweep_lock_owners(&mut self, now: Time, id: ClientId) {
        let patience = remembered_at_most(&self.config);
        let Some(client) = self.clients.get_mut(id) else { return };
        let (registry, changes) = (&mut self.lock_owners, &mut self.effects.changes);
        client.lock_owners.retain(|_, owner| {
            let keep = !owner.locks.is_empty() || now.saturating_sub(owner.last_used) < patience;
            if !keep {
                changes.delete(Key::LockOwner(owner.id));
                registry.remove(owner.id);
            }
            keep
        });
    }
}
