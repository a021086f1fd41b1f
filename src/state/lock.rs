//! Byte-range locks and their owners: LOCK, LOCKT, LOCKU, RELEASE_LOCKOWNER (RFC 7530 §9.4, §16.10 to §16.12, §16.37).
//!
//! Decide first, change last: a lock stateid exists only after a grant. A lock_owner and its seqid are known from its
//! first numbered request on, granted or not, because Linux counts its seqid on after a denial.

use super::client::Client;
use super::sequence::{Digest, LastReply, Sequence, Turn};
use super::wait::Want;
use super::{Core, State, check_stateid};
use crate::nfs4::{ClientId, Filehandle, LockKind, LockOwner, OpaqueOwner, Range, Stateid, Status, Time};
use crate::ranges::OwnerId;
use smallvec::SmallVec;
use std::collections::HashMap;

/// A lock_owner of a client.
#[derive(Debug)]
pub(super) struct LockOwnerState {
    pub id: OwnerId,
    sequence: Sequence,
    /// Serials of its lock stateids.
    locks: SmallVec<[u32; 2]>,
    last_used: Time,
}

/// The locks of one owner on one file, asked for under one open.
#[derive(Debug)]
pub(super) struct LockState {
    pub stateid: Stateid,
    owner: OpaqueOwner,
    pub owner_id: OwnerId,
    pub fh: Filehandle,
    /// Serial of the open.
    pub open: u32,
}

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
    fn register(&mut self, owner: LockOwner) -> OwnerId {
        self.issued += 1;
        let id = OwnerId(self.issued);
        self.by_id.insert(id, Registered { owner, waits: SmallVec::new() });
        id
    }

    pub fn remove(&mut self, id: OwnerId) {
        self.by_id.remove(&id);
    }

    pub fn client_of(&self, id: OwnerId) -> Option<ClientId> {
        self.by_id.get(&id).map(|registered| registered.owner.clientid)
    }

    pub fn waits_of(&self, id: OwnerId) -> &[Filehandle] {
        self.by_id.get(&id).map_or(&[], |registered| &registered.waits)
    }

    /// Notes that an owner stands in a file's queue; answers the file in whose queue it then must not stand any more.
    fn note_wait(&mut self, id: OwnerId, fh: &Filehandle) -> Option<Filehandle> {
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
    pub(super) fn lock(&self, serial: u32) -> Option<&LockState> {
        match self.states.get(&serial) {
            Some(State::Lock(lock)) => Some(lock),
            _ => None,
        }
    }

    fn lock_mut(&mut self, serial: u32) -> Option<&mut LockState> {
        match self.states.get_mut(&serial) {
            Some(State::Lock(lock)) => Some(lock),
            _ => None,
        }
    }

    /// Whether its owner has no other lock stateid on the same file.
    pub(super) fn is_only_lock(&self, lock: &LockState) -> bool {
        let Some(owner) = self.lock_owners.get(&lock.owner) else { return true };
        let on_file = |serial: &&u32| self.lock(**serial).is_some_and(|other| other.fh == lock.fh);
        owner.locks.iter().filter(on_file).count() <= 1
    }

    /// Forgets a lock stateid under which nothing is held.
    pub(super) fn drop_lock(&mut self, serial: u32) {
        let Some(State::Lock(lock)) = self.states.remove(&serial) else { return };
        if let Some(owner) = self.lock_owners.get_mut(&lock.owner) {
            owner.locks.retain(|other| *other != serial);
        }
    }

    fn record_lock_owner(&mut self, now: Time, owner: &[u8], seqid: u32, request: Digest, reply: LastReply) {
        if let Some(state) = self.lock_owners.get_mut(owner) {
            state.last_used = now;
            state.sequence.record(seqid, request, reply);
        }
    }
}

/// What a LOCK is decided on, when seqids and stateids are found right.
struct Asked<'a> {
    client: ClientId,
    open: u32,
    owner: &'a OpaqueOwner,
    owner_id: OwnerId,
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
        reply.unwrap_or_else(LockReply::Refused)
    }

    /// LOCK with `open_to_lock_owner4`: both the open_owner's and the lock_owner's seqid count.
    /// The errors are those that leave both seqids as they were.
    fn lock_new(&mut self, now: Time, command: &LockCommand<'_>) -> Result<LockReply, Status> {
        let Locker::New { open_stateid, open_seqid, clientid, owner, lock_seqid } = command.locker else {
            return Err(Status::ServerFault);
        };
        let (id, open_serial) = self.resolve(now, &open_stateid)?;
        let states_max = self.config.states_per_client_max;
        let client = self.clients.find(id)?;
        let open_owner = match client.states.get(&open_serial) {
            Some(State::Open(open)) => open.owner.clone(),
            Some(State::Closed(owner)) => owner.clone(),
            _ => return Err(Status::BadStateid),
        };
        let opener = client.open_owners.get(&open_owner).ok_or(Status::BadStateid)?;
        if opener.busy {
            return Err(Status::Resource);
        }
        match opener.sequence.turn(open_seqid, command.request)? {
            Turn::Again(LastReply::Lock(reply)) => return Ok(reply.clone()),
            Turn::Again(_) => return Err(Status::BadSeqid),
            Turn::Next => {}
        }
        if clientid != id {
            let stale = clientid.epoch() != id.epoch();
            return Err(if stale { Status::StaleClientid } else { Status::BadStateid });
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
        let asked = Asked { client: id, open: open_serial, owner: &owner, owner_id };
        let reply = match checked {
            Ok(()) => self.decide_lock(now, command, &asked),
            Err(status) => LockReply::Refused(status),
        };
        if let Some(client) = self.clients.get_mut(id) {
            if let Some(state) = client.lock_owners.get_mut(&owner)
                && state.locks.is_empty()
            {
                state.sequence.restart();
            }
            client.record_lock_owner(
                now,
                &owner,
                lock_seqid,
                command.request,
                LastReply::Lock(reply.clone()),
            );
            let last = LastReply::Lock(reply.clone());
            client.record_open_owner(now, &open_owner, open_seqid, command.request, last);
        }
        Ok(reply)
    }

    fn new_lock_owner(
        &mut self,
        now: Time,
        clientid: ClientId,
        owner: OpaqueOwner,
    ) -> (OpaqueOwner, OwnerId) {
        let id = self.lock_owners.register(LockOwner { clientid, owner: owner.clone() });
        let state =
            LockOwnerState { id, sequence: Sequence::default(), locks: SmallVec::new(), last_used: now };
        if let Some(client) = self.clients.get_mut(clientid) {
            client.lock_owners.insert(owner.clone(), state);
        }
        (owner, id)
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
        };
        let lock = self.clients.get(id).and_then(|client| client.lock(serial)).ok_or(Status::BadStateid)?;
        let asked = Asked { client: id, open: lock.open, owner: &owner, owner_id: lock.owner_id };
        let reply = match check_stateid(&lock.stateid, &lock.fh, &stateid, command.fh) {
            Ok(()) => self.decide_lock(now, command, &asked),
            Err(status) => LockReply::Refused(status),
        };
        if let Some(client) = self.clients.get_mut(id) {
            client.record_lock_owner(now, &owner, seqid, command.request, LastReply::Lock(reply.clone()));
        }
        Ok(reply)
    }

    /// Whose turn a request is that names its lock_owner by a lock stateid.
    fn lock_turn<T>(
        &mut self,
        now: Time,
        stateid: &Stateid,
        seqid: u32,
        request: Digest,
        replay: impl Fn(&LastReply) -> Option<T>,
    ) -> Result<LockTurn<T>, Status> {
        let (id, serial) = self.resolve(now, stateid)?;
        let client = self.clients.find(id)?;
        let lock = client.lock(serial).ok_or(Status::BadStateid)?;
        let owner = client.lock_owners.get(&lock.owner).ok_or(Status::BadStateid)?;
        match owner.sequence.turn(seqid, request)? {
            Turn::Next => Ok(LockTurn::Next(id, serial, lock.owner.clone())),
            Turn::Again(reply) => replay(reply).map(LockTurn::Replay).ok_or(Status::BadSeqid),
        }
    }

    /// Grants, denies or refuses a LOCK whose seqids and stateid are right.
    fn decide_lock(&mut self, now: Time, command: &LockCommand<'_>, asked: &Asked<'_>) -> LockReply {
        let Some(range) = command.range else { return LockReply::Refused(Status::Inval) };
        if let Err(status) = self.grace_allows(now, asked.client, command.reclaim) {
            return LockReply::Refused(status);
        }
        let open = self.clients.get(asked.client).and_then(|client| client.open(asked.open));
        let Some(open) = open else { return LockReply::Refused(Status::BadStateid) };
        let may = match command.kind {
            LockKind::Read => open.access.contains(crate::nfs4::ShareAccess::READ),
            LockKind::Write => open.access.contains(crate::nfs4::ShareAccess::WRITE),
        };
        if !may {
            return LockReply::Refused(Status::OpenMode);
        }
        let want = Want { owner: asked.owner_id, range, kind: command.kind };
        match self.find_obstacle(now, command.fh, &want, true) {
            Some(_) if command.reclaim => LockReply::Refused(Status::ReclaimConflict),
            Some(obstacle) => self.deny(now, command, asked, &want, obstacle),
            None => self.grant(now, command.fh, asked, &want),
        }
    }

    /// What stands in the way of `want`. State of a courtesy client does not: it is taken away instead.
    /// With `queue`, waiters that came before count too.
    fn find_obstacle(&mut self, now: Time, fh: &Filehandle, want: &Want, queue: bool) -> Option<Want> {
        loop {
            let file = self.files.get_mut(fh)?;
            let obstacle = if queue {
                file.refresh_queue(now, &self.config);
                file.obstacle(now, &self.config, want)?
            } else {
                let held = file.ranges.conflict(want.owner, want.range, want.kind)?;
                Want { owner: held.owner, range: held.range, kind: held.kind }
            };
            match self.lock_owners.client_of(obstacle.owner) {
                Some(client) if self.is_courtesy(client, now) => self.expire_client(now, client),
                _ => return Some(obstacle),
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
            if self.would_deadlock(now, command.fh, want) {
                return LockReply::Refused(Status::Deadlock);
            }
            let queue = &mut self.files.entry(command.fh).queue;
            if queue.note(now, &self.config, *want, (asked.client, asked.open))
                && let Some(oldest) = self.lock_owners.note_wait(want.owner, command.fh)
                && let Some(file) = self.files.get_mut(&oldest)
            {
                file.queue.forget_owner(want.owner);
                file.refresh_queue(now, &self.config);
            }
        }
        match self.describe(obstacle) {
            Some(denied) => LockReply::Denied(Box::new(denied)),
            None => LockReply::Refused(Status::ServerFault),
        }
    }

    fn describe(&self, obstacle: Want) -> Option<Denied> {
        let owner = self.lock_owners.by_id.get(&obstacle.owner)?.owner.clone();
        Some(Denied { range: obstacle.range, kind: obstacle.kind, owner })
    }

    fn grant(&mut self, now: Time, fh: &Filehandle, asked: &Asked<'_>, want: &Want) -> LockReply {
        let file = self.files.entry(fh);
        if file.ranges.lock(want.owner, want.range, want.kind).is_err() {
            return LockReply::Refused(Status::ServerFault);
        }
        file.queue.granted(want);
        file.refresh_queue(now, &self.config);
        let Some(client) = self.clients.get_mut(asked.client) else {
            return LockReply::Refused(Status::Expired);
        };
        let serials = client.open(asked.open).map(|open| open.locks.clone()).unwrap_or_default();
        let existing = serials
            .into_iter()
            .find(|serial| client.lock(*serial).is_some_and(|lock| lock.owner_id == asked.owner_id));
        let serial = existing.unwrap_or_else(|| client.add_lock(fh, asked));
        match client.lock_mut(serial) {
            Some(lock) => {
                lock.stateid = lock.stateid.next();
                LockReply::Granted(lock.stateid)
            }
            None => LockReply::Refused(Status::ServerFault),
        }
    }

    /// LOCKT (RFC 7530 §16.11): tests without making any state. A lock_owner that the server does not know conflicts
    /// with every holder. Errors: `Inval`, `StaleClientid`, `Expired`, `Grace`.
    pub fn lockt(
        &mut self,
        now: Time,
        fh: &Filehandle,
        clientid: ClientId,
        owner: &[u8],
        range: Option<Range>,
        kind: LockKind,
    ) -> Result<Option<Denied>, Status> {
        let client = self.clients.find_and_renew(clientid, now)?;
        let owner = client.lock_owners.get(owner).map_or(OwnerId(0), |state| state.id);
        let range = range.ok_or(Status::Inval)?;
        self.grace_allows(now, clientid, false)?;
        let obstacle = self.find_obstacle(now, fh, &Want { owner, range, kind }, false);
        Ok(obstacle.and_then(|obstacle| self.describe(obstacle)))
    }

    /// LOCKU (RFC 7530 §16.12): unlocks what the owner holds in the range; holding nothing there is no error.
    pub fn locku(
        &mut self,
        now: Time,
        fh: &Filehandle,
        stateid: Stateid,
        seqid: u32,
        range: Option<Range>,
        request: Digest,
    ) -> Result<Stateid, Status> {
        let replay = |reply: &LastReply| match reply {
            LastReply::Locku(result) => Some(*result),
            _ => None,
        };
        let (id, serial, owner) = match self.lock_turn(now, &stateid, seqid, request, replay)? {
            LockTurn::Next(id, serial, owner) => (id, serial, owner),
            LockTurn::Replay(result) => return result,
        };
        let client = self.clients.find(id)?;
        let lock = client.lock_mut(serial).ok_or(Status::BadStateid)?;
        let checked = check_stateid(&lock.stateid, &lock.fh, &stateid, fh).and(range.ok_or(Status::Inval));
        let result = checked.map(|range| {
            if let Some(file) = self.files.get_mut(fh) {
                file.ranges.unlock(lock.owner_id, range);
                file.queue.cancel(lock.owner_id, range);
                file.refresh_queue(now, &self.config);
            }
            lock.stateid = lock.stateid.next();
            lock.stateid
        });
        client.record_lock_owner(now, &owner, seqid, request, LastReply::Locku(result));
        result
    }

    /// RELEASE_LOCKOWNER (RFC 7530 §16.37): the client is done with a lock_owner; one that the server does not know is
    /// no error. Errors: `LocksHeld`, `StaleClientid`, `Expired`.
    pub fn release_lockowner(&mut self, now: Time, clientid: ClientId, owner: &[u8]) -> Result<(), Status> {
        let client = self.clients.find_and_renew(clientid, now)?;
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
                open.locks.retain(|other| *other != serial);
            }
            client.drop_lock(serial);
        }
        client.lock_owners.remove(owner);
        // Also where it was denied everything, and so has no lock stateid.
        for fh in self.lock_owners.waits_of(id) {
            if let Some(file) = self.files.get_mut(fh) {
                file.queue.forget_owner(id);
                file.refresh_queue(now, &self.config);
            }
        }
        self.lock_owners.remove(id);
        Ok(())
    }

    /// Forgets lock_owners that have had no lock stateid for a lease.
    pub(super) fn sweep_lock_owners(&mut self, now: Time, id: ClientId) {
        let lease = self.config.lease;
        let Some(client) = self.clients.get_mut(id) else { return };
        let registry = &mut self.lock_owners;
        client.lock_owners.retain(|_, owner| {
            let keep = !owner.locks.is_empty() || now.saturating_sub(owner.last_used) < lease;
            if !keep {
                registry.remove(owner.id);
            }
            keep
        });
    }
}

/// What [`Core::lock_turn`] found: the next request of (client, lock stateid's serial, owner), or the last one again.
enum LockTurn<T> {
    Next(ClientId, u32, OpaqueOwner),
    Replay(T),
}

impl Client {
    /// Makes the lock stateid of a first grant, with a version before its first.
    fn add_lock(&mut self, fh: &Filehandle, asked: &Asked<'_>) -> u32 {
        let serial = self.take_serial();
        let lock = LockState {
            stateid: Stateid { seqid: 0, ..Stateid::first(self.id, serial) },
            owner: asked.owner.clone(),
            owner_id: asked.owner_id,
            fh: fh.clone(),
            open: asked.open,
        };
        self.states.insert(serial, State::Lock(lock));
        if let Some(owner) = self.lock_owners.get_mut(asked.owner) {
            owner.locks.push(serial);
        }
        if let Some(open) = self.open_mut(asked.open) {
            open.locks.push(serial);
        }
        serial
    }
}
