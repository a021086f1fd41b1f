//! OPEN_CONFIRM, OPEN_DOWNGRADE and CLOSE (RFC 7530 §16.18, §16.19, §16.2).

use super::open_owner::Numbered;
use super::owner_seqid::LastReply;
use crate::nfs4::{ClientId, OpaqueOwner, ShareAccess, ShareDeny, Stateid, Status, Time};
use crate::state::clients::State;
use crate::state::core::Core;
use crate::state::records::Before;

impl Core {
    /// OPEN_CONFIRM. Errors: `BadStateid` also when the owner is confirmed already.
    pub fn open_confirm(&mut self, now: Time, request: Numbered<'_>) -> Result<Stateid, Status> {
        let replay = |reply: &LastReply| match reply {
            LastReply::OpenConfirm(result) => Some(*result),
            _ => None,
        };
        self.numbered(now, request, false, replay, LastReply::OpenConfirm, |core, id, serial| {
            let client = core.clients.find(id)?;
            let open = client.open(serial).ok_or(Status::BadStateid)?;
            let name = open.owner.clone();
            let owner = client.open_owners.get_mut(&name).ok_or(Status::BadStateid)?;
            if owner.confirmed {
                return Err(Status::BadStateid);
            }
            owner.confirmed = true;
            let open = client.open_mut(serial).ok_or(Status::BadStateid)?;
            open.stateid = open.stateid.next();
            core.effects.changes.put_open(Before::Perhaps, id, serial, open);
            Ok(open.stateid)
        })
    }

    /// OPEN_DOWNGRADE to (access, deny); `None` when the bits on the wire are no such pair.
    /// Errors: `Inval` then, and when it is not exactly the union of some of the pairs that the owner opened the file
    /// with (§16.19.4).
    pub fn open_downgrade(
        &mut self,
        now: Time,
        request: Numbered<'_>,
        to: Option<(ShareAccess, ShareDeny)>,
    ) -> Result<Stateid, Status> {
        let replay = |reply: &LastReply| match reply {
            LastReply::OpenDowngrade(result) => Some(*result),
            _ => None,
        };
        self.numbered(now, request, true, replay, LastReply::OpenDowngrade, |core, id, serial| {
            let client = core.clients.find(id)?;
            let open = client.open_mut(serial).ok_or(Status::BadStateid)?;
            let (access, deny) = to.ok_or(Status::Inval)?;
            let (union_access, union_deny, kept) = open.asked_inside(access, deny);
            if union_access != access.bits() || union_deny != deny.bits() {
                return Err(Status::Inval);
            }
            let file = core.files.at_mut(open.file).ok_or(Status::BadStateid)?;
            file.shares.remove(open.access, open.deny);
            file.shares.add(access, deny);
            open.access = access;
            open.deny = deny;
            open.asked = kept;
            open.stateid = open.stateid.next();
            core.effects.changes.put_open(Before::Perhaps, id, serial, open);
            Ok(open.stateid)
        })
    }

    /// CLOSE. Errors: `LocksHeld` while locks that came from this open are held.
    pub fn close(&mut self, now: Time, request: Numbered<'_>) -> Result<Stateid, Status> {
        let replay = |reply: &LastReply| match reply {
            LastReply::Close(result) => Some(*result),
            _ => None,
        };
        self.numbered(now, request, true, replay, LastReply::Close, |core, id, serial| {
            core.give_up_open_at_once(now, id, serial)?;
            core.close_locks(id, serial)?;
            let client = core.clients.find(id)?;
            let Some(State::Open(open)) = client.states.remove(&serial) else {
                return Err(Status::BadStateid);
            };
            client.forget_opener(open.principal);
            if let Some(owner) = client.open_owners.get_mut(&open.owner) {
                owner.opens.remove(open.file);
                owner.last_used = now;
            }
            if !id.has_sessions() {
                client.remember_closed(serial, &open.owner);
                core.acknowledge(id, |_, revoked| revoked.open == Some(serial));
            }
            let closed = open.stateid.next();
            let gone = std::iter::once((serial, State::Open(open)));
            core.files.drop_states(now, &mut core.effects, id, gone);
            Ok(closed)
        })
    }

    /// CLOSE of an open that was revoked: without sessions there is no other way to say that one knows.
    pub(in crate::state) fn close_revoked(&mut self, id: ClientId, serial: u32, owner: &OpaqueOwner) {
        if !id.has_sessions() {
            self.acknowledge(id, |other, revoked| other == serial || revoked.open == Some(serial));
            if let Some(client) = self.clients.get_mut(id) {
                client.remember_closed(serial, owner);
            }
        }
    }

    /// Drops the lock stateids of an open that is being closed. Errors: `LocksHeld`, and then nothing is dropped.
    fn close_locks(&mut self, id: ClientId, serial: u32) -> Result<(), Status> {
        let client = self.clients.find(id)?;
        let open = client.open(serial).ok_or(Status::BadStateid)?;
        let locks = open.locks.clone();
        let ranges = self.files.at(open.file).map(|file| &file.ranges);
        for lock in locks.keys().filter_map(|serial| client.lock(serial)) {
            if ranges.is_some_and(|ranges| ranges.is_held_by(lock.owner)) && client.is_only_lock(lock) {
                return Err(Status::LocksHeld);
            }
        }
        for lock in locks.keys() {
            client.drop_lock(&mut self.effects.changes, &mut self.files, lock);
        }
        Ok(())
    }
}
