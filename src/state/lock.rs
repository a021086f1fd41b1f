//! LOCK (RFC 7530 §9.4, §16.10).
//!
//! Decide first, change last: a lock stateid exists only after a grant. A lock_owner and its seqid are known from its
//! first numbered request on, granted or not, because Linux counts its seqid on after a denial.

use super::departing::IN_THE_WAY_MAX;
use super::sequence::{Digest, LastReply, Turn};
use super::wait::Want;
use super::{Core, Effects, check_stateid};
use crate::nfs4::{ClientId, Filehandle, LockKind, LockOwner, OpaqueOwner, Range, Stateid, Status, Time};
use crate::ranges::OwnerId;

/// `locker4`: who locks.
#[derive(Clone, Copy, Debug)]
pub enum Locker<'a> {
    /// `open_to_lock_owner4`: an owner that has no lock stateid for this open yet.
    New {
        /// The open.
        open_stateid: Stateid,
        /// Seqid of its open_owner.
        open_seqid: u32,
        /// The client, again.
        clientid: ClientId,
        /// The client's name for the locker.
        owner: &'a [u8],
        /// Seqid of the lock_owner.
        lock_seqid: u32,
    },
    /// `exist_lock_owner4`.
    Existing {
        /// The lock stateid of the last grant or unlock.
        lock_stateid: Stateid,
        /// Seqid of the lock_owner.
        lock_seqid: u32,
    },
}

/// Arguments of LOCK.
#[derive(Clone, Copy, Debug)]
pub struct LockCommand<'a> {
    /// The current filehandle.
    pub fh: &'a Filehandle,
    /// What is asked for; `None` when offset and length name no range (§16.10.4: `Inval`).
    pub range: Option<Range>,
    /// Shared or exclusive.
    pub kind: LockKind,
    /// `READW_LT` or `WRITEW_LT`: the client will wait.
    pub blocking: bool,
    /// Reclaims a lock held before a restart of the server.
    pub reclaim: bool,
    /// Who.
    pub locker: Locker<'a>,
    /// Digest of the arguments.
    pub request: Digest,
}

/// `LOCK4denied`: what stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// The conflicting range, as held or waited for.
    pub range: Range,
    /// Its kind.
    pub kind: LockKind,
    /// Whose.
    pub owner: LockOwner,
}

/// The outcome of LOCK.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockReply {
    /// `NFS4_OK`.
    Granted(Stateid),
    /// `NFS4ERR_DENIED`.
    Denied(Box<Denied>),
    /// Any other error.
    Refused(Status),
}

/// What a LOCK is decided on, when seqids and stateids are found right.
pub(super) struct Asked<'a> {
    pub client: ClientId,
    pub open: u32,
    pub owner: &'a OpaqueOwner,
    pub owner_id: OwnerId,
    /// Serial of the lock stateid that it was asked for with, if with one.
    pub lock: Option<u32>,
}

impl Core {
    /// LOCK (RFC 7530 §16.10).
    pub fn lock(&mut self, now: Time, command: &LockCommand<'_>) -> LockReply {
        let reply = match command.locker {
            Locker::New { .. } => self.lock_new(now, command),
            Locker::Existing { lock_stateid, lock_seqid } => {
                self.lock_existing(now, command, lock_stateid, lock_seqid)
            }
        };
        self.pay_for_departures(now);
        reply.unwrap_or_else(LockReply::Refused)
    }

    /// LOCK with `open_to_lock_owner4`: both the open_owner's and the lock_owner's seqid count.
    /// The errors are those that leave both seqids as they were.
    fn lock_new(&mut self, now: Time, command: &LockCommand<'_>) -> Result<LockReply, Status> {
        let Locker::New { open_stateid, open_seqid, clientid, owner, lock_seqid } = command.locker else {
            return Err(Status::ServerFault);
        };
        let (id, open_serial) = self.resolve_any(now, &open_stateid)?;
        let states_max = self.config.states_per_client_max;
        let client = self.clients.find(id)?;
        let revoked = client.revoked.contains_key(&open_serial);
        let missing = if revoked { Status::AdminRevoked } else { Status::BadStateid };
        let open_owner = client.opener(open_serial).ok_or(missing)?;
        let opener = client.open_owners.get(&open_owner).ok_or(missing)?;
        if opener.is_busy(id) {
            return Err(Status::Resource);
        }
        match opener.sequence.turn(open_seqid, command.request)? {
            Turn::Again(LastReply::Lock(reply)) => return Ok(reply.clone()),
            Turn::Again(_) => return Err(Status::BadSeqid),
            Turn::Next => {}
        }
        if clientid != id {
            let stale = !self.is_of_this_state(clientid);
            return Err(if stale { Status::StaleClientid } else { Status::BadStateid });
        }
        if revoked {
            let reply = LockReply::Refused(Status::AdminRevoked);
            let (changes, last) = (&mut self.effects.changes, LastReply::Lock(reply.clone()));
            client.record_lock_owner(now, changes, owner, lock_seqid, command.request, last.clone());
            client.record_open_owner(now, changes, &open_owner, open_seqid, command.request, last);
            return Ok(reply);
        }
        let known = client.lock_owners.get_key_value(owner).map(|(name, state)| (name.clone(), state));
        match &known {
            // An owner that was never granted anything may begin again at any seqid.
            Some((_, state)) if !state.locks.is_empty() => {
                match state.sequence.turn(lock_seqid, command.request)? {
                    Turn::Next => {}
                    Turn::Again(_) => return Err(Status::BadSeqid),
                }
            }
            Some(_) => {}
            None if client.states_count() >= states_max => return Err(Status::Resource),
            None => {}
        }
        let open = client.open(open_serial).ok_or(Status::BadStateid)?;
        if !Self::is_confirmed(client, open) {
            return Err(Status::BadStateid);
        }
        let checked = check_stateid(&open.stateid, &open.fh, &open_stateid, command.fh);
        let (owner, owner_id) = match known {
            Some((name, state)) => (name, state.id),
            None => self.new_lock_owner(now, id, owner.into()),
        };
        let asked = Asked { client: id, open: open_serial, owner: &owner, owner_id, lock: None };
        let reply = match checked {
            Ok(()) => self.decide_lock(now, command, &asked),
            Err(status) => LockReply::Refused(status),
        };
        if let Some(client) = self.clients.get_mut(id) {
            let changes = &mut self.effects.changes;
            if let Some(state) = client.lock_owners.get_mut(&owner)
                && state.locks.is_empty()
                && state.sequence.last().is_some()
            {
                state.sequence.restart();
                changes.put_lock_owner(id, &owner, state);
            }
            client.record_lock_owner(
                now,
                changes,
                &owner,
                lock_seqid,
                command.request,
                LastReply::Lock(reply.clone()),
            );
            let last = LastReply::Lock(reply.clone());
            client.record_open_owner(now, changes, &open_owner, open_seqid, command.request, last);
        }
        Ok(reply)
    }

    /// LOCK with `exist_lock_owner4`: only the lock_owner's seqid counts.
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
        let (id, serial, owner) = match self.lock_turn(now, &stateid, seqid, command.request, replay)? {
            LockTurn::Next(id, serial, owner) => (id, serial, owner),
            LockTurn::Replay(reply) => return Ok(reply),
            LockTurn::Revoked(id, owner) => {
                let reply = LockReply::Refused(Status::AdminRevoked);
                if let Some(client) = self.clients.get_mut(id) {
                    let (changes, last) = (&mut self.effects.changes, LastReply::Lock(reply.clone()));
                    client.record_lock_owner(now, changes, &owner, seqid, command.request, last);
                }
                return Ok(reply);
            }
        };
        let lock = self.clients.get(id).and_then(|client| client.lock(serial)).ok_or(Status::BadStateid)?;
        let asked =
            Asked { client: id, open: lock.open, owner: &owner, owner_id: lock.owner_id, lock: Some(serial) };
        let reply = match check_stateid(&lock.stateid, &lock.fh, &stateid, command.fh) {
            Ok(()) => self.decide_lock(now, command, &asked),
            Err(status) => LockReply::Refused(status),
        };
        if let Some(client) = self.clients.get_mut(id) {
            let last = LastReply::Lock(reply.clone());
            client.record_lock_owner(now, &mut self.effects.changes, &owner, seqid, command.request, last);
        }
        Ok(reply)
    }

    /// Whose turn a request is that names its lock_owner by a lock stateid.
    pub(super) fn lock_turn<T>(
        &mut self,
        now: Time,
        stateid: &Stateid,
        seqid: u32,
        request: Digest,
        replay: impl Fn(&LastReply) -> Option<T>,
    ) -> Result<LockTurn<T>, Status> {
        let (id, serial) = self.resolve_any(now, stateid)?;
        let client = self.clients.find(id)?;
        let (name, missing, revoked) = match client.lock(serial) {
            Some(lock) => (Some(lock.owner.clone()), Status::BadStateid, false),
            None if client.revoked.contains_key(&serial) => {
                (client.revoked_owner(serial, false), Status::AdminRevoked, true)
            }
            None => (None, Status::BadStateid, false),
        };
        let name = name.ok_or(missing)?;
        let owner = client.lock_owners.get(&name).ok_or(missing)?;
        match owner.sequence.turn(seqid, request)? {
            Turn::Next if revoked => Ok(LockTurn::Revoked(id, name)),
            Turn::Next => Ok(LockTurn::Next(id, serial, name)),
            Turn::Again(reply) => replay(reply).map(LockTurn::Replay).ok_or(Status::BadSeqid),
        }
    }

    /// Grants, denies or refuses a LOCK whose seqids and stateid are right.
    fn decide_lock(&mut self, now: Time, command: &LockCommand<'_>, asked: &Asked<'_>) -> LockReply {
        let Some(range) = command.range else { return LockReply::Refused(Status::Inval) };
        if let Err(status) = self.grace_allows(now, asked.client, command.reclaim) {
            return LockReply::Refused(status);
        }
        let client = self.clients.get(asked.client);
        if client.is_some_and(|client| client.ranges >= self.config.states_per_client_max) {
            return LockReply::Refused(Status::Resource);
        }
        let Some(open) = client.and_then(|client| client.open(asked.open)) else {
            return LockReply::Refused(Status::BadStateid);
        };
        let may = match command.kind {
            LockKind::Read => open.access.contains(crate::nfs4::ShareAccess::READ),
            LockKind::Write => open.access.contains(crate::nfs4::ShareAccess::WRITE),
        };
        if !may {
            return LockReply::Refused(Status::OpenMode);
        }
        let want = Want { owner: asked.owner_id, range, kind: command.kind };
        match self.find_obstacle(now, command.fh, &want, true) {
            Err(status) => LockReply::Refused(status),
            Ok(Some(_)) if command.reclaim => LockReply::Refused(Status::ReclaimConflict),
            Ok(Some(obstacle)) => self.deny(now, command, asked, &want, obstacle),
            Ok(None) => self.grant(now, command.fh, asked, &want),
        }
    }

    /// What stands in the way of `want`. State of a courtesy client does not: it is taken away instead.
    /// With `queue`, waiters that came before count too. Errors: `Delay` when there is more to take away than one request may.
    pub(super) fn find_obstacle(
        &mut self,
        now: Time,
        fh: &Filehandle,
        want: &Want,
        queue: bool,
    ) -> Result<Option<Want>, Status> {
        let mut clearing = IN_THE_WAY_MAX;
        loop {
            let Some(file) = self.files.get_mut(fh) else { return Ok(None) };
            let obstacle = if queue {
                file.refresh_queue(now, &self.config, &mut self.effects);
                file.obstacle(now, &self.config, want)
            } else {
                let held = file.ranges.conflict(want.owner, want.range, want.kind);
                held.map(|held| Want { owner: held.owner, range: held.range, kind: held.kind })
            };
            let Some(obstacle) = obstacle else { return Ok(None) };
            match self.lock_owners.client_of(obstacle.owner) {
                Some(client) if self.departures.has(client) => {
                    if !self.clear_way(now, fh, want, &mut clearing) {
                        return Err(Status::Delay);
                    }
                }
                Some(client) if self.is_courtesy(client, now) => self.expire_client(now, client),
                _ => return Ok(Some(obstacle)),
            }
        }
    }

    fn deny(
        &mut self,
        now: Time,
        command: &LockCommand<'_>,
        asked: &Asked<'_>,
        want: &Want,
        obstacle: Want,
    ) -> LockReply {
        if command.blocking {
            self.expire_courtesy(now, command.fh, want);
            if self.would_deadlock(now, command.fh, want) {
                return LockReply::Refused(Status::Deadlock);
            }
            let called = self.has_back_channel(asked.client);
            let Effects { changes, .. } = &mut self.effects;
            let queue = &mut self.files.entry(changes, command.fh).queue;
            if queue.note(now, &self.config, changes, *want, (asked.client, asked.open), called)
                && self.note_waited(command.fh)
                && let Some(oldest) = self.lock_owners.note_wait(want.owner, command.fh)
                && let Some(file) = self.files.get_mut(&oldest)
            {
                file.queue.forget_owner(&mut self.effects.changes, want.owner);
                file.refresh_queue(now, &self.config, &mut self.effects);
            }
        }
        match self.describe(obstacle) {
            Some(denied) => LockReply::Denied(Box::new(denied)),
            None => LockReply::Refused(Status::ServerFault),
        }
    }

    pub(super) fn describe(&self, obstacle: Want) -> Option<Denied> {
        let owner = self.lock_owners.name_of(obstacle.owner)?.clone();
        Some(Denied { range: obstacle.range, kind: obstacle.kind, owner })
    }

    fn grant(&mut self, now: Time, fh: &Filehandle, asked: &Asked<'_>, want: &Want) -> LockReply {
        let changes = &mut self.effects.changes;
        let file = self.files.entry(changes, fh);
        let (number, before) = (file.number, file.ranges.len());
        let note = |edit| changes.range(number, want.owner, edit);
        if file.ranges.lock_noting(want.owner, want.range, want.kind, note).is_err() {
            return LockReply::Refused(Status::ServerFault);
        }
        let after = file.ranges.len();
        file.queue.granted(changes, want);
        file.refresh_queue(now, &self.config, &mut self.effects);
        let changes = &mut self.effects.changes;
        self.files.note_grant(changes, fh, want.kind);
        let Some(client) = self.clients.get_mut(asked.client) else {
            return LockReply::Refused(Status::Expired);
        };
        client.ranges = (client.ranges + after).saturating_sub(before);
        let of_open = |serial: &u32| client.lock(*serial).is_some_and(|lock| lock.open == asked.open);
        let existing = asked.lock.or_else(|| {
            let owner = client.lock_owners.get(asked.owner)?;
            owner.locks.iter().copied().find(of_open)
        });
        let serial = existing.unwrap_or_else(|| client.add_lock(changes, fh, asked));
        match client.lock_mut(serial) {
            Some(lock) => {
                lock.stateid = lock.stateid.next();
                changes.put_lock(asked.client, serial, lock, number);
                LockReply::Granted(lock.stateid)
            }
            None => LockReply::Refused(Status::ServerFault),
        }
    }
}

/// What [`Core::lock_turn`] found: the next request of (client, lock stateid's serial, owner), or the last one again.
pub(super) enum LockTurn<T> {
    Next(ClientId, u32, OpaqueOwner),
    /// The next request of (client, owner), by a lock stateid that was taken back.
    Revoked(ClientId, OpaqueOwner),
    Replay(T),
}
