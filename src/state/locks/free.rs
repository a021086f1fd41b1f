//! What gives up stateids and owners, or asks about them: FREE_STATEID, TEST_STATEID (RFC 8881 §18.38, §18.48) and
//! RELEASE_LOCKOWNER (RFC 7530 §16.37).

use super::lock_owner::LockOwnerState;
use crate::nfs4::{ClientId, LockOwner, Stateid, StateidKind, Status, Time};
use crate::ranges::OwnerId;
use crate::state::clients::{State, check_version};
use crate::state::core::Core;
use crate::state::opens::Sequence;
use crate::state::records::{Before, Key};

impl Core {
    /// Carries out FREE_STATEID: the client is done with a lock stateid, or knows that a stateid was revoked. Errors:
    /// `LocksHeld` while it holds locks, and for an open; `BadStateid`, `OldStateid`.
    pub fn free_stateid(&mut self, now: Time, stateid: &Stateid) -> Result<(), Status> {
        if let Some(result) = self.free_revoked(stateid) {
            return result;
        }
        let (id, serial) = self.resolve(stateid)?;
        let client = self.clients.find(id)?;
        let lock = match client.states().get(&serial) {
            Some(State::Lock(lock)) => lock,
            Some(State::Open(open)) => {
                check_version(open.stateid().seqid, stateid)?;
                return Err(Status::LocksHeld);
            }
            Some(State::Closed(_)) | None => return Err(Status::BadStateid),
        };
        check_version(lock.seqid, stateid)?;
        let held = self.files.at(lock.file).is_some_and(|file| file.ranges().is_held_by(lock.owner));
        if held && client.is_only_lock(lock) {
            return Err(Status::LocksHeld);
        }
        let owner = lock.owner;
        // This does not say that the owner no longer waits: Linux frees a stateid some time after the LOCKU, often behind the
        // next LOCK of the same process.
        self.owner_acts(now, owner, None);
        let client = self.clients.find(id)?;
        client.give_up_lock(&mut self.effects.changes, &mut self.files, serial);
        Ok(())
    }

    /// Carries out TEST_STATEID: what an operation of `client` with this stateid would be answered.
    pub fn test_stateid(&self, client: ClientId, stateid: &Stateid) -> Status {
        if stateid.kind() != StateidKind::Named || stateid.clientid() != client {
            return Status::BadStateid;
        }
        let serial = stateid.serial();
        let current = match self.clients.get(client).and_then(|client| client.states().get(&serial)) {
            Some(State::Open(open)) => open.stateid().seqid,
            Some(State::Lock(lock)) => lock.seqid,
            _ if self.is_revoked(client, serial) => return Status::AdminRevoked,
            Some(State::Closed(_)) | None => return Status::BadStateid,
        };
        check_version(current, stateid).err().unwrap_or(Status::Ok)
    }
}

impl Core {
    pub(in crate::state) fn new_lock_owner(
        &mut self,
        now: Time,
        clientid: ClientId,
        bytes: &[u8],
    ) -> OwnerId {
        let id = self.lock_owners.register(clientid);
        let state = LockOwnerState::new(id, bytes.into(), Sequence::of(clientid), now);
        self.effects.changes.put_lock_owner(Before::Nothing, clientid, &state);
        if let Some(client) = self.clients.get_mut(clientid) {
            client.lock_owners_mut().insert(state);
        }
        id
    }

    /// Returns the client and the bytes of an owner.
    pub(in crate::state) fn name_of(&self, id: OwnerId) -> Option<LockOwner> {
        let clientid = self.lock_owners.client_of(id)?;
        let owner = self.clients.get(clientid)?.lock_owners().of(id)?.bytes.clone();
        Some(LockOwner { clientid, owner })
    }

    /// Carries out RELEASE_LOCKOWNER (RFC 7530 §16.37): the client is done with a lock_owner; one that the server does
    /// not know is no error. Errors: `LocksHeld`, `StaleClientid`, `Expired`.
    pub fn release_lockowner(&mut self, now: Time, clientid: ClientId, owner: &[u8]) -> Result<(), Status> {
        self.clients.find_and_renew(clientid, now)?;
        self.acknowledge(clientid, |_, revoked| revoked.open.is_some() && *revoked.owner == *owner);
        let client = self.clients.find(clientid)?;
        let Some(state) = client.lock_owners().get(owner) else { return Ok(()) };
        let id = state.id;
        self.give_up_owner_at_once(now, clientid, id)?;
        let client = self.clients.find(clientid)?;
        let locks: Vec<_> =
            client.lock_owners().of(id).into_iter().flat_map(LockOwnerState::serials).collect();
        for lock in locks.iter().filter_map(|serial| client.lock(*serial)) {
            if self.files.at(lock.file).is_some_and(|file| file.ranges().is_held_by(id)) {
                return Err(Status::LocksHeld);
            }
        }
        for serial in locks {
            client.give_up_lock(&mut self.effects.changes, &mut self.files, serial);
        }
        client.lock_owners_mut().remove(id);
        self.effects.changes.delete(Key::LockOwner(id));
        // Also where it was denied everything, and so has no lock stateid.
        for (file, _) in self.waiting.waits().of(id) {
            if let Some(file) = self.files.at_mut(file) {
                file.queue_mut().forget_owner(&mut self.effects, id);
            }
        }
        self.lock_owners.remove(id);
        Ok(())
    }
}
