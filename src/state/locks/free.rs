//! FREE_STATEID and TEST_STATEID (RFC 8881 §18.38, §18.48).

use crate::nfs4::{ClientId, Stateid, StateidKind, Status, Time};
use crate::state::clients::{State, check_version};
use crate::state::core::Core;

impl Core {
    /// FREE_STATEID: the client is done with a lock stateid, or knows that a stateid was revoked. Errors: `LocksHeld` while it holds locks, and for an open;
    /// `BadStateid`, `OldStateid`.
    pub fn free_stateid(&mut self, now: Time, stateid: &Stateid) -> Result<(), Status> {
        if let Some(result) = self.free_revoked(stateid) {
            return result;
        }
        let (id, serial) = self.resolve(stateid)?;
        let client = self.clients.find(id)?;
        let lock = match client.states.get(&serial) {
            Some(State::Lock(lock)) => lock,
            Some(State::Open(open)) => {
                check_version(open.stateid.seqid, stateid)?;
                return Err(Status::LocksHeld);
            }
            Some(State::Closed(_)) | None => return Err(Status::BadStateid),
        };
        check_version(lock.seqid, stateid)?;
        let held = self.files.at(lock.file).is_some_and(|file| file.ranges.is_held_by(lock.owner));
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

    /// TEST_STATEID: what an operation of `client` with this stateid would be answered.
    pub fn test_stateid(&self, client: ClientId, stateid: &Stateid) -> Status {
        if stateid.kind() != StateidKind::Named || stateid.clientid() != client {
            return Status::BadStateid;
        }
        let serial = stateid.serial();
        let current = match self.clients.get(client).and_then(|client| client.states.get(&serial)) {
            Some(State::Open(open)) => open.stateid.seqid,
            Some(State::Lock(lock)) => lock.seqid,
            _ if self.is_revoked(client, serial) => return Status::AdminRevoked,
            Some(State::Closed(_)) | None => return Status::BadStateid,
        };
        check_version(current, stateid).err().unwrap_or(Status::Ok)
    }
}
