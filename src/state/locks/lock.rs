//! LOCK (RFC 7530 §9.4, §16.10).
//!
//! Decide first, change last: a lock stateid exists only after a grant. A lock_owner and its seqid are known from its
//! first numbered request on, granted or not, because Linux counts its seqid on after a denial.

use super::command::{Denied, LockCommand, LockReply, Locker, Resolved};
use super::lock_owner::LockState;
use crate::nfs4::{ClientId, LockKind, OpaqueOwner, Stateid, Status, Time};
use crate::ranges::OwnerId;
use crate::state::clients::check_stateid;
use crate::state::core::Core;
use crate::state::files::queue::{LockRequest, Requester};
use crate::state::opens::{Digest, LastReply, SeqidCheck};
use crate::state::records::Before;
use crate::state::teardown::IN_THE_WAY_MAX;

/// What is to be done with a LOCK with `open_to_lock_owner4`, by its seqids.
enum NewLockerTurn {
    /// It was answered so before.
    Replay(LockReply),
    /// Its open was revoked. With its lock_owner, if that is known.
    Revoked(Option<OwnerId>),
    /// It is to be decided. With its lock_owner, if that is known.
    Next(Option<OwnerId>),
}

impl Core {
    /// Carries out LOCK (RFC 7530 §16.10).
    pub fn lock(&mut self, now: Time, command: &LockCommand<'_>) -> LockReply {
        let reply = match command.locker {
            Locker::New { .. } => self.lock_new(now, command),
            Locker::Existing { lock_stateid, lock_seqid } => {
                self.lock_existing(now, command, lock_stateid, lock_seqid)
            }
        };
        self.pay_for_teardown(now);
        reply.unwrap_or_else(LockReply::Refused)
    }

    /// Carries out LOCK with `open_to_lock_owner4`: both the open_owner's and the lock_owner's seqid count.
    /// The errors are those that leave both seqids as they were.
    fn lock_new(&mut self, now: Time, command: &LockCommand<'_>) -> Result<LockReply, Status> {
        let Locker::New { open_stateid, open_seqid, lock_seqid, .. } = command.locker else {
            return Err(Status::ServerFault);
        };
        let (id, open) = self.resolve_any(&open_stateid)?;
        let client = self.clients.find(id)?;
        let revoked = client.revoked().contains_key(&open);
        let missing = if revoked { Status::AdminRevoked } else { Status::BadStateid };
        let open_owner = client.opener(open).ok_or(missing)?;
        let (owner, reply) = match self.new_locker_turn(command, id, &open_owner, revoked)? {
            NewLockerTurn::Replay(reply) => {
                self.heard(now, id);
                return Ok(reply);
            }
            NewLockerTurn::Revoked(owner) => (owner, LockReply::Refused(Status::AdminRevoked)),
            NewLockerTurn::Next(owner) => {
                let (owner, reply) = self.lock_as_new(now, command, (id, open), owner)?;
                (Some(owner), reply)
            }
        };
        if let Some(client) = self.clients.get_mut(id) {
            let changes = &mut self.effects.changes;
            let last = || LastReply::Lock(reply.clone());
            if let Some(owner) = owner {
                client.record_lock_owner(now, changes, owner, lock_seqid, command.request, last);
            }
            client.record_open_owner(now, changes, &open_owner, open_seqid, command.request, last());
        }
        Ok(reply)
    }

    /// Judges the seqids of a LOCK with `open_to_lock_owner4` by `open_owner`, and finds its lock_owner.
    /// Errors: `BadSeqid`; `Resource` while an OPEN of the open_owner is under way, and for too many states; `StaleClientid`
    /// and `BadStateid` when the clientid is not that of the open.
    fn new_locker_turn(
        &self,
        command: &LockCommand<'_>,
        id: ClientId,
        open_owner: &OpaqueOwner,
        revoked: bool,
    ) -> Result<NewLockerTurn, Status> {
        let Locker::New { open_seqid, clientid, owner, lock_seqid, .. } = command.locker else {
            return Err(Status::ServerFault);
        };
        let missing = if revoked { Status::AdminRevoked } else { Status::BadStateid };
        let client = self.clients.get(id).ok_or(missing)?;
        let opener = client.open_owners().get(open_owner).ok_or(missing)?;
        if opener.is_busy(id) {
            return Err(Status::Resource);
        }
        let known = client.lock_owners().get(owner);
        let is_full = client.states_count() >= self.config.states_per_client_max;
        let turn = opener.sequence().turn(open_seqid, command.request)?;
        match (turn, clientid == id, revoked, known) {
            (SeqidCheck::Again(LastReply::Lock(reply)), ..) => Ok(NewLockerTurn::Replay(reply.clone())),
            (SeqidCheck::Again(_), ..) => Err(Status::BadSeqid),
            (SeqidCheck::Next, false, ..) if !self.is_of_this_state(clientid) => Err(Status::StaleClientid),
            (SeqidCheck::Next, false, ..) => Err(Status::BadStateid),
            (SeqidCheck::Next, true, true, known) => Ok(NewLockerTurn::Revoked(known.map(|state| state.id))),
            // An owner that was never granted anything may begin again at any seqid.
            (SeqidCheck::Next, true, false, Some(state)) if state.locks.is_empty() => {
                Ok(NewLockerTurn::Next(Some(state.id)))
            }
            (SeqidCheck::Next, true, false, Some(state)) => {
                match state.sequence.turn(lock_seqid, command.request)? {
                    SeqidCheck::Next => Ok(NewLockerTurn::Next(Some(state.id))),
                    SeqidCheck::Again(_) => Err(Status::BadSeqid),
                }
            }
            (SeqidCheck::Next, true, false, None) if is_full => Err(Status::Resource),
            (SeqidCheck::Next, true, false, None) => Ok(NewLockerTurn::Next(None)),
        }
    }

    /// Decides a LOCK with `open_to_lock_owner4` whose seqids are right, and makes its lock_owner known.
    /// Errors: `BadStateid` when the open is not there or not confirmed.
    fn lock_as_new(
        &mut self,
        now: Time,
        command: &LockCommand<'_>,
        (id, serial): (ClientId, u32),
        known: Option<OwnerId>,
    ) -> Result<(OwnerId, LockReply), Status> {
        let Locker::New { open_stateid, owner, .. } = command.locker else {
            return Err(Status::ServerFault);
        };
        let client = self.clients.find(id)?;
        let open = client.open(serial).ok_or(Status::BadStateid)?;
        if !Self::is_confirmed(client, open) {
            return Err(Status::BadStateid);
        }
        let (file, seqid) = (open.file(), open.stateid().seqid);
        let checked = check_stateid(&self.files, (file, seqid), &open_stateid, command.fh);
        if checked.is_ok() {
            self.heard(now, id);
        }
        let owner = known.unwrap_or_else(|| self.new_lock_owner(now, id, owner));
        let resolved = Resolved { client: id, open: serial, file, owner, lock: None };
        let reply = match checked {
            Ok(()) => self.decide_lock(now, command, &resolved),
            Err(status) => LockReply::Refused(status),
        };
        if let Some(client) = self.clients.get_mut(id)
            && let Some(state) = client.lock_owners_mut().of_mut(owner)
            && state.locks.is_empty()
            && state.sequence.last().is_some()
        {
            state.sequence.restart();
            self.effects.changes.put_lock_owner(Before::Perhaps, id, state);
        }
        Ok((owner, reply))
    }

    /// Carries out LOCK with `exist_lock_owner4`: only the lock_owner's seqid counts.
    fn lock_existing(
        &mut self,
        now: Time,
        command: &LockCommand<'_>,
        stateid: Stateid,
        seqid: u32,
    ) -> Result<LockReply, Status> {
        let replay = |reply: &LastReply| match reply {
            LastReply::Lock(reply) => Some(reply.clone()),
            _ => None,
        };
        let (id, owner, reply) = match self.lock_turn(now, &stateid, seqid, command.request, replay)? {
            LockTurn::Next(id, serial, lock) => {
                let LockState { owner, file, open, .. } = lock;
                let resolved = Resolved { client: id, open, file, owner, lock: Some(serial) };
                let reply = match check_stateid(&self.files, (file, lock.seqid), &stateid, command.fh) {
                    Ok(()) => {
                        self.heard(now, id);
                        self.decide_lock(now, command, &resolved)
                    }
                    Err(status) => LockReply::Refused(status),
                };
                (id, owner, reply)
            }
            LockTurn::Replay(reply) => return Ok(reply),
            LockTurn::Revoked(id, owner) => (id, owner, LockReply::Refused(Status::AdminRevoked)),
        };
        if let Some(client) = self.clients.get_mut(id) {
            let (changes, last) = (&mut self.effects.changes, || LastReply::Lock(reply.clone()));
            client.record_lock_owner(now, changes, owner, seqid, command.request, last);
        }
        Ok(reply)
    }

    /// Returns whose turn a request is that names its lock_owner by a lock stateid.
    pub(in crate::state) fn lock_turn<T>(
        &mut self,
        now: Time,
        stateid: &Stateid,
        seqid: u32,
        request: Digest,
        replay: impl Fn(&LastReply) -> Option<T>,
    ) -> Result<LockTurn<T>, Status> {
        let (id, serial) = self.resolve_any(stateid)?;
        let client = self.clients.find(id)?;
        let (owner, next) = match client.lock(serial) {
            Some(lock) => (client.lock_owners().of(lock.owner), LockTurn::Next(id, serial, *lock)),
            None => {
                let revoked = client.revoked().contains_key(&serial);
                let missing = if revoked { Status::AdminRevoked } else { Status::BadStateid };
                let bytes = client.revoked_owner(serial, false).ok_or(missing)?;
                let owner = client.lock_owners().get(&bytes).ok_or(missing)?;
                (Some(owner), LockTurn::Revoked(id, owner.id))
            }
        };
        match owner.ok_or(Status::BadStateid)?.sequence.turn(seqid, request)? {
            SeqidCheck::Next => Ok(next),
            SeqidCheck::Again(reply) => {
                let reply = replay(reply);
                self.heard(now, id);
                reply.map(LockTurn::Replay).ok_or(Status::BadSeqid)
            }
        }
    }

    /// Grants, denies or refuses a LOCK whose seqids and stateid are right.
    fn decide_lock(&mut self, now: Time, command: &LockCommand<'_>, resolved: &Resolved) -> LockReply {
        let Some(range) = command.range else { return LockReply::Refused(Status::Inval) };
        let allowed = self.grace_allows(now, resolved.client, command.reclaim);
        if let Err(status) = allowed.and_then(|()| self.check_not_in_slices(resolved)) {
            return LockReply::Refused(status);
        }
        let client = self.clients.get(resolved.client);
        if client.is_some_and(|client| client.range_count() >= self.config.states_per_client_max) {
            return LockReply::Refused(Status::Resource);
        }
        let Some(open) = client.and_then(|client| client.open(resolved.open)) else {
            return LockReply::Refused(Status::BadStateid);
        };
        if !open.permits(command.kind) {
            return LockReply::Refused(Status::OpenMode);
        }
        let is_new = !open.had_lock();
        let request = LockRequest { owner: resolved.owner, range, kind: command.kind };
        self.owner_acts(now, request.owner, command.blocking.then_some((resolved.file, &request)));
        self.serve_waiting(now);
        let is_waited_for = self.files.at(resolved.file).is_some_and(|file| !file.queue().is_empty());
        let polls = is_waited_for && command.blocking && !self.has_back_channel(resolved.client);
        let asking = Requester { request, open: (resolved.client, resolved.open), polls, is_new };
        match self.find_conflict(now, resolved.file, &request, Some(&asking)) {
            Err(status) => LockReply::Refused(status),
            Ok(Some(_)) if command.reclaim => LockReply::Refused(Status::ReclaimConflict),
            Ok(Some(conflict)) => self.deny(now, command, resolved.file, &asking, conflict),
            Ok(None) => self.grant(now, resolved, &request),
        }
    }

    /// Returns what stands in the way of `request`: a lock of another owner, else a waiter that goes before who is
    /// `asking`. State of a courtesy client does not: it is taken away instead. Errors: `Delay` when there is more to
    /// take away than one request may.
    pub(in crate::state) fn find_conflict(
        &mut self,
        now: Time,
        number: u64,
        request: &LockRequest,
        asking: Option<&Requester>,
    ) -> Result<Option<LockRequest>, Status> {
        let mut clearing = IN_THE_WAY_MAX;
        loop {
            let Some(file) = self.files.at(number) else { return Ok(None) };
            let Some(held) = file.ranges().conflict(request.owner, request.range, request.kind) else {
                let first = asking.and_then(|asking| file.who_goes_before(now, asking));
                return Ok(first.map(|waiter| *waiter.request()));
            };
            match self.lock_owners.client_of(held.owner) {
                Some(client) if self.teardown.has(client) => {
                    if !self.clear_way(now, number, request, &mut clearing) {
                        return Err(Status::Delay);
                    }
                }
                Some(client) if self.is_courtesy(client, now) => self.expire_client(now, client),
                _ => return Ok(Some(LockRequest { owner: held.owner, range: held.range, kind: held.kind })),
            }
        }
    }

    fn deny(
        &mut self,
        now: Time,
        command: &LockCommand<'_>,
        file: u64,
        asking: &Requester,
        conflict: LockRequest,
    ) -> LockReply {
        if command.blocking
            && let Err(status) = self.wait_for(now, file, asking)
        {
            return LockReply::Refused(status);
        }
        match self.describe(conflict) {
            Some(denied) => LockReply::Denied(Box::new(denied)),
            None => LockReply::Refused(Status::ServerFault),
        }
    }

    pub(in crate::state) fn describe(&self, conflict: LockRequest) -> Option<Denied> {
        let owner = self.name_of(conflict.owner)?;
        Some(Denied { range: conflict.range, kind: conflict.kind, owner })
    }

    /// Grants what nothing stands in the way of.
    fn grant(&mut self, now: Time, resolved: &Resolved, request: &LockRequest) -> LockReply {
        let Some((file, generations)) = self.files.at_mut_with_generations(resolved.file) else {
            return LockReply::Refused(Status::BadStateid);
        };
        let Some(client) = self.clients.get_mut(resolved.client) else {
            return LockReply::Refused(Status::Expired);
        };
        let (at_once, change) =
            (self.config.request_at_once, (request.owner, request.range, Some(request.kind)));
        if let Err(status) = self.long.change_at_once((now, at_once), resolved.client, file, change) {
            return LockReply::Refused(status);
        }
        let granted = (request.owner, request.range, request.kind);
        client.count_ranges(file.grant_range(&mut self.effects.changes, granted));
        let passed_over = match file.queue().is_empty() {
            true => None,
            false => file.queue_mut().granted(now, &mut self.effects, request),
        };
        let changes = &mut self.effects.changes;
        let generation = (request.kind == LockKind::Write).then(|| file.next_generation(generations));
        let number = file.number();
        let existing = resolved.lock.or_else(|| client.lock_of(resolved));
        let before = Before::nothing_if(existing.is_none());
        let serial = existing.unwrap_or_else(|| client.add_lock(changes, number, resolved));
        let stateid = client.next_version(changes, before, serial, generation);
        passed_over.into_iter().for_each(|place| self.probe(now, (number, place)));
        stateid.map_or(LockReply::Refused(Status::ServerFault), LockReply::Granted)
    }
}

/// What [`Core::lock_turn`] found: the next request of (client, lock stateid's serial, lock), or the last one again.
pub(in crate::state) enum LockTurn<T> {
    Next(ClientId, u32, LockState),
    /// The next request of (client, owner), by a lock stateid that was taken back.
    Revoked(ClientId, OwnerId),
    Replay(T),
}
