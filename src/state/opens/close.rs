//! OPEN_CONFIRM, OPEN_DOWNGRADE and CLOSE (RFC 7530 §16.18, §16.19, §16.2).

use super::open_owner::Numbered;
use super::open_state::OpenState;
use super::owner_seqid::{LastReply, SeqidCheck};
use crate::nfs4::{ClientId, OpaqueOwner, ShareAccess, ShareDeny, Stateid, Status, Time};
use crate::state::clients::{Client, State, check_stateid};
use crate::state::core::Core;
use crate::state::files::FileState;
use crate::state::records::Before;

impl Core {
    /// Carries out OPEN_CONFIRM. Errors: `BadStateid` also when the owner is confirmed already.
    pub fn open_confirm(&mut self, now: Time, request: Numbered<'_>) -> Result<Stateid, Status> {
        let replay = |reply: &LastReply| match reply {
            LastReply::OpenConfirm(result) => Some(*result),
            _ => None,
        };
        self.numbered(now, request, false, replay, LastReply::OpenConfirm, |core, id, serial| {
            let client = core.clients.find(id)?;
            let open = client.open(serial).ok_or(Status::BadStateid)?;
            let name = open.owner.clone();
            let owner = client.open_owners_mut().get_mut(&name).ok_or(Status::BadStateid)?;
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

    /// Carries out OPEN_DOWNGRADE to (access, deny); `None` when the bits on the wire are no such pair.
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
            file.unreserve(open.access, open.deny);
            file.reserve(access, deny);
            open.access = access;
            open.deny = deny;
            open.asked = kept;
            open.stateid = open.stateid.next();
            core.effects.changes.put_open(Before::Perhaps, id, serial, open);
            Ok(open.stateid)
        })
    }

    /// Carries out CLOSE. Errors: `LocksHeld` while locks that came from this open are held.
    pub fn close(&mut self, now: Time, request: Numbered<'_>) -> Result<Stateid, Status> {
        let replay = |reply: &LastReply| match reply {
            LastReply::Close(result) => Some(*result),
            _ => None,
        };
        self.numbered(now, request, true, replay, LastReply::Close, |core, id, serial| {
            core.give_up_open_at_once(now, id, serial)?;
            core.close_locks(id, serial)?;
            let client = core.clients.find(id)?;
            let Some(State::Open(open)) = client.states_mut().remove(&serial) else {
                return Err(Status::BadStateid);
            };
            client.forget_opener(open.principal);
            if let Some(owner) = client.open_owners_mut().get_mut(&open.owner) {
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

    /// Carries out CLOSE of an open that was revoked: without sessions there is no other way to say that one knows.
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
        let ranges = self.files.at(open.file).map(FileState::ranges);
        for lock in locks.keys().filter_map(|serial| client.lock(serial)) {
            if ranges.is_some_and(|ranges| ranges.is_held_by(lock.owner())) && client.is_only_lock(lock) {
                return Err(Status::LocksHeld);
            }
        }
        for lock in locks.keys() {
            client.drop_lock(&mut self.effects.changes, &mut self.files, lock);
        }
        Ok(())
    }
}

impl Core {
    /// Runs a request that an open_owner's seqid numbers: finds the owner by the stateid, answers a retransmission from
    /// `replay`, checks the stateid, lets `act` decide and change, and keeps the reply as `keep` makes it.
    pub(in crate::state) fn numbered<T: Clone>(
        &mut self,
        now: Time,
        request: Numbered<'_>,
        confirmed: bool,
        replay: impl Fn(&LastReply) -> Option<Result<T, Status>>,
        keep: impl Fn(Result<T, Status>) -> LastReply,
        act: impl FnOnce(&mut Self, ClientId, u32) -> Result<T, Status>,
    ) -> Result<T, Status> {
        let (id, serial) = self.resolve_any(&request.stateid)?;
        let client = self.clients.find(id)?;
        let missing =
            if client.revoked().contains_key(&serial) { Status::AdminRevoked } else { Status::BadStateid };
        let name = client.opener(serial).ok_or(missing)?;
        let owner = client.open_owners().get(&name).ok_or(missing)?;
        if owner.is_busy(id) {
            return Err(Status::Resource);
        }
        if let SeqidCheck::Again(last) = owner.sequence.turn(request.seqid, request.request)? {
            let reply = replay(last);
            self.heard(now, id);
            return reply.unwrap_or(Err(Status::BadSeqid));
        }
        let checked = match client.open(serial) {
            Some(open) if owner.confirmed || !confirmed => {
                let current = (open.file, open.stateid.seqid);
                check_stateid(&self.files, current, &request.stateid, request.fh)
            }
            _ => Err(missing),
        };
        if checked.is_ok() {
            self.heard(now, id);
        }
        let result = checked.and_then(|()| act(self, id, serial));
        if matches!(keep(result.clone()), LastReply::Close(Err(Status::AdminRevoked))) {
            self.close_revoked(id, serial, &name);
        }
        if let Some(client) = self.clients.get_mut(id) {
            let (changes, last) = (&mut self.effects.changes, keep(result.clone()));
            client.record_open_owner(now, changes, &name, request.seqid, request.request, last);
        }
        result
    }

    /// Takes back all opens of an owner, and the owner.
    pub(in crate::state) fn drop_open_owner(&mut self, now: Time, id: ClientId, name: &[u8]) {
        let Some(client) = self.clients.get_mut(id) else { return };
        let Some(owner) = client.open_owners_mut().remove(name) else { return };
        self.effects.changes.delete_open_owner(id, name);
        if let Some(serial) = owner.closed {
            client.states_mut().remove(&serial);
        }
        let mut gone = Vec::new();
        for (_, serial) in owner.opens.iter() {
            let Some(open) = client.open(serial) else { continue };
            let (locks, principal) = (open.locks.clone(), open.principal);
            client.forget_opener(principal);
            gone.extend(
                locks.keys().chain([serial]).filter_map(|s| Some((s, client.states_mut().remove(&s)?))),
            );
        }
        self.files.drop_states(now, &mut self.effects, id, gone.into_iter());
    }

    /// Returns whether the owner of this open has been confirmed.
    pub(in crate::state) fn is_confirmed(client: &Client, open: &OpenState) -> bool {
        client.open_owners().get(&open.owner).is_some_and(|owner| owner.confirmed)
    }
}
