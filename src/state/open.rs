//! Opens and their owners: OPEN, OPEN_CONFIRM, OPEN_DOWNGRADE, CLOSE (RFC 7530 §9.8 to §9.11, §16.2, §16.16 to §16.19).
//!
//! OPEN touches files between its first and last step, so it takes two commands: [`Core::open_begin`] judges the
//! owner's seqid and hands out a ticket, [`Core::open_commit`] or [`Core::open_fail`] takes it back. While a ticket is
//! out, its owner is busy. What must not be opened by others while files are touched is held by [`Core::open_reserve`].

use super::client::Client;
use super::file::FileState;
use super::sequence::{Digest, LastReply, Sequence, Turn};
use super::{Core, State};
use crate::nfs4::{
    ClientId, Filehandle, OpaqueOwner, OpenOwner, Principal, ShareAccess, ShareDeny, Stateid, Status, Time,
};
use smallvec::SmallVec;
use std::collections::HashMap;

/// An open_owner of a client.
#[derive(Debug, Default)]
pub(super) struct OpenOwnerState {
    pub sequence: Sequence,
    confirmed: bool,
    /// A ticket for it is out.
    pub busy: bool,
    pub opens: HashMap<Filehandle, u32>,
    /// Serial of the open it closed last, kept so that a repeated CLOSE finds its owner.
    closed: Option<u32>,
    pub last_used: Time,
}

/// One open: an owner, a file, and what it may and denies.
#[derive(Debug)]
pub(super) struct OpenState {
    pub stateid: Stateid,
    pub owner: OpaqueOwner,
    pub fh: Filehandle,
    pub principal: Principal,
    pub access: ShareAccess,
    pub deny: ShareDeny,
    /// Bit `access + 4 * deny` for each pair asked for, to judge OPEN_DOWNGRADE.
    asked: u16,
    /// Serials of the lock stateids that came from it.
    pub locks: SmallVec<[u32; 2]>,
}

/// Who sends OPEN, and in which turn.
#[derive(Clone, Copy, Debug)]
pub struct OpenBegin<'a> {
    /// The client.
    pub clientid: ClientId,
    /// Its name for the opener.
    pub owner: &'a [u8],
    /// The owner's seqid.
    pub seqid: u32,
    /// Digest of the arguments.
    pub request: Digest,
    /// Whether it is `CLAIM_PREVIOUS`.
    pub reclaim: bool,
}

/// What to do with an OPEN.
#[derive(Debug)]
pub enum OpenTurn {
    /// It is a retransmission: answer this again.
    Replay(Result<Box<OpenReply>, Status>),
    /// Go on, and give the ticket back.
    Go(OpenTicket),
}

/// The right, and the duty, to finish one OPEN.
#[derive(Debug)]
#[must_use]
pub struct OpenTicket {
    owner: OpenOwner,
    seqid: u32,
    request: Digest,
    reclaim: bool,
    reserved: Option<(Filehandle, ShareAccess, ShareDeny)>,
}

/// What is opened, and what the files side did on the way; that part is only kept for replays.
#[derive(Clone, Debug)]
pub struct OpenCommit {
    /// The file.
    pub fh: Filehandle,
    /// What the open may do.
    pub access: ShareAccess,
    /// What it denies to others.
    pub deny: ShareDeny,
    /// Who opens.
    pub principal: Principal,
    /// Effects on the directory and on attributes.
    pub effects: OpenEffects,
}

/// The part of OPEN's reply that comes from the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenEffects {
    /// `change_info4.atomic`.
    pub atomic: bool,
    /// `change_info4.before`.
    pub before: u64,
    /// `change_info4.after`.
    pub after: u64,
    /// `attrset`.
    pub attrset: [u32; 3],
}

/// A granted OPEN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenReply {
    /// The open stateid.
    pub stateid: Stateid,
    /// The file, which becomes the current filehandle.
    pub fh: Filehandle,
    /// Whether OPEN_CONFIRM must follow (`OPEN4_RESULT_CONFIRM`).
    pub confirm: bool,
    /// What to report of the files side.
    pub effects: OpenEffects,
}

/// A request that an owner's seqid numbers, and the stateid that names the owner.
#[derive(Clone, Copy, Debug)]
pub struct Numbered<'a> {
    /// The current filehandle.
    pub fh: &'a Filehandle,
    /// The stateid from the arguments.
    pub stateid: Stateid,
    /// The owner's seqid.
    pub seqid: u32,
    /// Digest of the arguments.
    pub request: Digest,
}

impl OpenState {
    fn ask(&mut self, access: ShareAccess, deny: ShareDeny) {
        self.asked |= 1 << (access.bits() + 4 * deny.bits());
    }

    /// The union of the pairs asked for that lie inside (`access`, `deny`), and those pairs.
    fn asked_inside(&self, access: ShareAccess, deny: ShareDeny) -> (u32, u32, u16) {
        let pairs = (0..16u32).filter(|bit| self.asked & (1 << bit) != 0);
        pairs.filter(|bit| (bit % 4) & !access.bits() == 0 && (bit / 4) & !deny.bits() == 0).fold(
            (0, 0, 0),
            |(union_access, union_deny, kept), bit| {
                (union_access | (bit % 4), union_deny | (bit / 4), kept | (1 << bit))
            },
        )
    }
}

impl Client {
    pub(super) fn open(&self, serial: u32) -> Option<&OpenState> {
        match self.states.get(&serial) {
            Some(State::Open(open)) => Some(open),
            _ => None,
        }
    }

    pub(super) fn open_mut(&mut self, serial: u32) -> Option<&mut OpenState> {
        match self.states.get_mut(&serial) {
            Some(State::Open(open)) => Some(open),
            _ => None,
        }
    }

    /// Notes an owner's reply; the open it closed before that is now forgotten.
    pub(super) fn record_open_owner(
        &mut self,
        now: Time,
        owner: &[u8],
        seqid: u32,
        request: Digest,
        reply: LastReply,
    ) {
        let Some(state) = self.open_owners.get_mut(owner) else { return };
        let just_closed = matches!(reply, LastReply::Close(Ok(_)));
        state.last_used = now;
        let replaced = state.sequence.record(seqid, request, reply);
        if replaced
            && !just_closed
            && let Some(serial) = state.closed.take()
        {
            self.states.remove(&serial);
        }
    }
}

impl Core {
    /// First step of OPEN: whose turn it is.
    ///
    /// Errors that are final: `StaleClientid`, `Expired`, `BadSeqid`, `Resource` (the owner is busy with another OPEN,
    /// or the client has too many states), `Grace`, `NoGrace`, `ReclaimBad`.
    pub fn open_begin(&mut self, now: Time, begin: OpenBegin<'_>) -> Result<OpenTurn, Status> {
        let states_max = self.config.states_per_client_max;
        let client = self.clients.find_and_renew(begin.clientid, now)?;
        let turn = match client.open_owners.get(begin.owner) {
            None if client.states_count() >= states_max => Err(Status::Resource),
            None => Ok(None),
            Some(owner) if owner.busy => Err(Status::Resource),
            Some(owner) => match (owner.sequence.turn(begin.seqid, begin.request), owner.confirmed) {
                (Ok(Turn::Again(LastReply::Open(reply))), _) => Ok(Some(reply.clone())),
                (Ok(Turn::Again(_)), true) | (Err(_), true) => Err(Status::BadSeqid),
                (Ok(Turn::Next), true) if client.states_count() >= states_max => Err(Status::Resource),
                (Ok(Turn::Next), true) => Ok(None),
                (_, false) => {
                    // §16.18.5: anything but a retransmission starts an unconfirmed owner anew.
                    self.drop_open_owner(now, begin.clientid, begin.owner);
                    Ok(None)
                }
            },
        }?;
        if let Some(reply) = turn {
            return Ok(OpenTurn::Replay(reply));
        }
        let client = self.clients.find(begin.clientid)?;
        let name: OpaqueOwner = match client.open_owners.get_key_value(begin.owner) {
            Some((name, _)) => name.clone(),
            None => begin.owner.into(),
        };
        client.open_owners.entry(name.clone()).or_default().busy = true;
        let ticket = OpenTicket {
            owner: OpenOwner { clientid: begin.clientid, owner: name },
            seqid: begin.seqid,
            request: begin.request,
            reclaim: begin.reclaim,
            reserved: None,
        };
        match self.grace_allows(now, begin.clientid, begin.reclaim) {
            Ok(()) => Ok(OpenTurn::Go(ticket)),
            Err(status) => Err(self.open_fail(now, ticket, status)),
        }
    }

    /// Keeps others from opening `fh` in a way that conflicts with (`access`, `deny`) until the ticket is given back.
    /// Errors: `ShareDenied` when others already have; `ReclaimConflict` for a reclaim.
    pub fn open_reserve(
        &mut self,
        now: Time,
        ticket: &mut OpenTicket,
        fh: &Filehandle,
        access: ShareAccess,
        deny: ShareDeny,
    ) -> Result<(), Status> {
        while let Some(file) = self.files.get(fh).filter(|file| file.shares.forbid(access, deny)) {
            match self.courtesy_in_the_way(now, file, access, deny) {
                Some(courtesy) => self.expire_client(now, courtesy),
                None if ticket.reclaim => return Err(Status::ReclaimConflict),
                None => return Err(Status::ShareDenied),
            }
        }
        self.files.entry(fh).shares.add(access, deny);
        ticket.reserved = Some((fh.clone(), access, deny));
        Ok(())
    }

    /// A courtesy client with an open of the file that excludes one with (`access`, `deny`).
    pub(super) fn courtesy_in_the_way(
        &self,
        now: Time,
        file: &FileState,
        access: ShareAccess,
        deny: ShareDeny,
    ) -> Option<ClientId> {
        let excludes = |open: &OpenState| open.deny.forbids(access) || deny.forbids(open.access);
        let opens = file.opens.iter().filter(|(client, _)| self.is_courtesy(*client, now));
        let open =
            |&(client, serial): &(ClientId, u32)| Some((client, self.clients.get(client)?.open(serial)?));
        opens.filter_map(open).find(|(_, open)| excludes(open)).map(|(client, _)| client)
    }

    /// Last step of a successful OPEN: grants it, or upgrades the open that the owner already has on the file.
    /// Errors: those of [`Core::open_reserve`], when nothing was reserved before; `Expired`.
    pub fn open_commit(
        &mut self,
        now: Time,
        mut ticket: OpenTicket,
        commit: OpenCommit,
    ) -> Result<Box<OpenReply>, Status> {
        if ticket.reserved.is_none()
            && let Err(status) = self.open_reserve(now, &mut ticket, &commit.fh, commit.access, commit.deny)
        {
            return Err(self.open_fail(now, ticket, status));
        }
        if let Err(status) = self.clients.find(ticket.owner.clientid) {
            return Err(self.open_fail(now, ticket, status));
        }
        self.open_unreserve(&mut ticket);
        self.record_client(ticket.owner.clientid);
        let (stateid, confirm) = self.open_grant(&ticket, &commit);
        let reply = Box::new(OpenReply { stateid, fh: commit.fh, confirm, effects: commit.effects });
        self.open_end(now, &ticket, Ok(reply.clone()));
        Ok(reply)
    }

    /// Last step of an OPEN that failed with `status`, which is handed back.
    pub fn open_fail(&mut self, now: Time, mut ticket: OpenTicket, status: Status) -> Status {
        self.open_unreserve(&mut ticket);
        self.open_end(now, &ticket, Err(status));
        status
    }

    fn open_unreserve(&mut self, ticket: &mut OpenTicket) {
        if let Some((fh, access, deny)) = ticket.reserved.take()
            && let Some(file) = self.files.get_mut(&fh)
        {
            file.shares.remove(access, deny);
            self.files.drop_if_idle(&fh);
        }
    }

    fn open_end(&mut self, now: Time, ticket: &OpenTicket, reply: Result<Box<OpenReply>, Status>) {
        let Ok(client) = self.clients.find(ticket.owner.clientid) else { return };
        let Some(owner) = client.open_owners.get_mut(&ticket.owner.owner) else { return };
        owner.busy = false;
        client.record_open_owner(
            now,
            &ticket.owner.owner,
            ticket.seqid,
            ticket.request,
            LastReply::Open(reply),
        );
    }

    /// Installs the open; answers its stateid and whether the owner must still be confirmed.
    fn open_grant(&mut self, ticket: &OpenTicket, commit: &OpenCommit) -> (Stateid, bool) {
        let OpenOwner { clientid, owner: name } = &ticket.owner;
        let file = self.files.entry(&commit.fh);
        let client = self.clients.get_mut(*clientid).expect("open_commit found it");
        let existing = client.open_owners.get(name).and_then(|owner| owner.opens.get(&commit.fh)).copied();
        let serial = existing.unwrap_or_else(|| client.take_serial());
        if existing.is_none() {
            let stateid = Stateid { seqid: 0, ..Stateid::first(*clientid, serial) };
            let open = OpenState {
                stateid,
                owner: name.clone(),
                fh: commit.fh.clone(),
                principal: commit.principal,
                access: ShareAccess::default(),
                deny: ShareDeny::NONE,
                asked: 0,
                locks: SmallVec::new(),
            };
            client.states.insert(serial, State::Open(open));
            file.opens.insert((*clientid, serial));
        }
        let owner = client.open_owners.entry(name.clone()).or_default();
        owner.opens.insert(commit.fh.clone(), serial);
        // A reclaim needs no confirmation: that the client knows its state is proof enough (§16.18.5).
        owner.confirmed |= ticket.reclaim;
        let confirm = !owner.confirmed;
        let open = client.open_mut(serial).expect("just installed");
        file.shares.remove(open.access, open.deny);
        open.ask(commit.access, commit.deny);
        open.access = open.access | commit.access;
        open.deny = open.deny | commit.deny;
        file.shares.add(open.access, open.deny);
        open.stateid = open.stateid.next();
        (open.stateid, confirm)
    }

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
            let shares = &mut core.files.entry(&open.fh).shares;
            shares.remove(open.access, open.deny);
            shares.add(access, deny);
            open.access = access;
            open.deny = deny;
            open.asked = kept;
            open.stateid = open.stateid.next();
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
            core.close_locks(id, serial)?;
            let client = core.clients.find(id)?;
            let Some(State::Open(open)) = client.states.remove(&serial) else {
                return Err(Status::BadStateid);
            };
            client.states.insert(serial, State::Closed(open.owner.clone()));
            if let Some(owner) = client.open_owners.get_mut(&open.owner) {
                owner.opens.remove(&open.fh);
                if let Some(before) = owner.closed.replace(serial) {
                    client.states.remove(&before);
                }
            }
            let closed = open.stateid.next();
            core.files.drop_states(now, &core.config, id, std::iter::once((serial, State::Open(open))));
            Ok(closed)
        })
    }

    /// Drops the lock stateids of an open that is being closed. Errors: `LocksHeld`, and then nothing is dropped.
    fn close_locks(&mut self, id: ClientId, serial: u32) -> Result<(), Status> {
        let client = self.clients.find(id)?;
        let open = client.open(serial).ok_or(Status::BadStateid)?;
        let locks = open.locks.clone();
        let ranges = self.files.get(&open.fh).map(|file| &file.ranges);
        for lock in locks.iter().filter_map(|serial| client.lock(*serial)) {
            if ranges.is_some_and(|ranges| ranges.is_held_by(lock.owner_id)) && client.is_only_lock(lock) {
                return Err(Status::LocksHeld);
            }
        }
        for lock in locks {
            client.drop_lock(lock);
        }
        Ok(())
    }

    /// Runs a request that an open_owner's seqid numbers: finds the owner by the stateid, answers a retransmission from
    /// `replay`, checks the stateid, lets `act` decide and change, and keeps the reply as `keep` makes it.
    fn numbered<T: Clone>(
        &mut self,
        now: Time,
        request: Numbered<'_>,
        confirmed: bool,
        replay: impl Fn(&LastReply) -> Option<Result<T, Status>>,
        keep: impl Fn(Result<T, Status>) -> LastReply,
        act: impl FnOnce(&mut Self, ClientId, u32) -> Result<T, Status>,
    ) -> Result<T, Status> {
        let (id, serial) = self.resolve(now, &request.stateid)?;
        let client = self.clients.find(id)?;
        let name = match client.states.get(&serial) {
            Some(State::Open(open)) => open.owner.clone(),
            Some(State::Closed(owner)) => owner.clone(),
            _ => return Err(Status::BadStateid),
        };
        let owner = client.open_owners.get(&name).ok_or(Status::BadStateid)?;
        if owner.busy {
            return Err(Status::Resource);
        }
        if let Turn::Again(last) = owner.sequence.turn(request.seqid, request.request)? {
            return replay(last).unwrap_or(Err(Status::BadSeqid));
        }
        let checked = match client.open(serial) {
            Some(open) if owner.confirmed || !confirmed => {
                super::check_stateid(&open.stateid, &open.fh, &request.stateid, request.fh)
            }
            _ => Err(Status::BadStateid),
        };
        let result = checked.and_then(|()| act(self, id, serial));
        if let Some(client) = self.clients.get_mut(id) {
            client.record_open_owner(now, &name, request.seqid, request.request, keep(result.clone()));
        }
        result
    }

    /// Takes back all opens of an owner, and the owner.
    fn drop_open_owner(&mut self, now: Time, id: ClientId, name: &[u8]) {
        let Some(client) = self.clients.get_mut(id) else { return };
        let Some(owner) = client.open_owners.remove(name) else { return };
        if let Some(serial) = owner.closed {
            client.states.remove(&serial);
        }
        let mut gone = Vec::new();
        for serial in owner.opens.into_values() {
            let locks = client.open(serial).map(|open| open.locks.clone()).unwrap_or_default();
            gone.extend(
                locks.into_iter().chain([serial]).filter_map(|s| Some((s, client.states.remove(&s)?))),
            );
        }
        self.files.drop_states(now, &self.config, id, gone.into_iter());
    }

    /// Whether the owner of this open has been confirmed.
    pub(super) fn is_confirmed(client: &Client, open: &OpenState) -> bool {
        client.open_owners.get(&open.owner).is_some_and(|owner| owner.confirmed)
    }

    /// Forgets owners that have had nothing open for a lease.
    pub(super) fn sweep_open_owners(client: &mut Client, now: Time, lease: Time) {
        let Client { open_owners, states, .. } = client;
        open_owners.retain(|_, owner| {
            let keep = owner.busy || !owner.opens.is_empty() || now.saturating_sub(owner.last_used) < lease;
            if !keep && let Some(serial) = owner.closed {
                states.remove(&serial);
            }
            keep
        });
    }
}
