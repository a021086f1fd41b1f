//! Clients, by name and by clientid (RFC 7530 §9.1.1, §9.5).

use super::lease_table::{LeasePlace, Leases};
use super::serials::Serials;
use super::states::States;
use crate::nfs4::{ClientId, Principal, SessionId, Time, Verifier};
use crate::state::locks::OwnersOfClient;
use crate::state::map::NameHash;
use crate::state::opens::OpenOwners;
use crate::state::records::{Changes, ClientChange};
use crate::state::sessions::CreateSlot;
use crate::state::teardown::RevokedStates;
use std::collections::BTreeMap;

/// `cb_client4` and `callback_ident`: where a 4.0 client wants to be called back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Callback {
    /// RPC program number.
    pub program: u32,
    /// Kind of address, "tcp" or "tcp6".
    pub netid: Box<[u8]>,
    /// The address in universal form.
    pub addr: Box<[u8]>,
    /// What to put into each callback.
    pub ident: u32,
}

/// Who a client says it is, and where it wants to be called back.
#[derive(Clone, Debug)]
pub(in crate::state) struct Identity {
    /// `nfs_client_id4.verifier`, `co_verifier`: changes when the client restarts.
    pub verifier: Verifier,
    /// Who made it known.
    pub principal: Principal,
    /// Where to call back; of a client with sessions nothing.
    pub callback: Callback,
    /// What SETCLIENTID_CONFIRM must repeat; of a client with sessions zeros.
    pub confirm: Verifier,
}

/// A confirmed client and all its state.
#[derive(Debug)]
pub(in crate::state) struct Client {
    pub(super) id: ClientId,
    pub(super) name: Box<[u8]>,
    pub(super) identity: Identity,
    /// When its lease was last renewed.
    pub(super) renewed: Time,
    /// Where it stands in `Clients::leases`.
    pub(super) place: LeasePlace,
    /// Its lease ran out and its state was given to others: it must start fresh.
    pub(super) expired: bool,
    /// It is in teardown, and when that is done nobody knows it any more.
    pub(super) forgotten: bool,
    /// It may reclaim after a restart of the machine.
    pub(super) recorded: bool,
    pub(super) open_owners: OpenOwners,
    /// Who has files open, and how many each.
    pub(super) openers: BTreeMap<Principal, u32>,
    pub(super) lock_owners: OwnersOfClient,
    pub(super) states: States,
    pub(super) revoked: RevokedStates,
    serials: Serials,
    /// How many byte ranges its owners hold, over all files.
    pub(super) ranges: usize,
    /// Numbers its CREATE_SESSIONs.
    pub(super) create: CreateSlot,
    pub(super) sessions: Vec<SessionId>,
    /// A session of it wants to carry calls to it, or one that has gone did.
    wants_calls: bool,
    /// It has sent RECLAIM_COMPLETE.
    pub(super) reclaim_complete: bool,
}

/// A SETCLIENTID that waits for its SETCLIENTID_CONFIRM, or an EXCHANGE_ID that waits for its CREATE_SESSION.
#[derive(Debug)]
pub(in crate::state) struct Unconfirmed {
    pub(super) id: ClientId,
    pub(super) identity: Identity,
    pub(super) create: CreateSlot,
    pub(super) since: Time,
}

impl Unconfirmed {
    /// Creates one that waits since `since`.
    pub fn new(id: ClientId, identity: Identity, create: CreateSlot, since: Time) -> Self {
        Self { id, identity, create, since }
    }

    /// Returns the clientid.
    pub fn id(&self) -> ClientId {
        self.id
    }

    /// Returns who it says it is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Returns what numbers its CREATE_SESSIONs.
    pub fn create(&self) -> &CreateSlot {
        &self.create
    }

    /// Returns since when it waits.
    pub fn since(&self) -> Time {
        self.since
    }
}

impl Client {
    /// Creates one without state, whose lease begins now.
    pub fn new(
        id: ClientId,
        name: &[u8],
        (identity, create): (Identity, CreateSlot),
        (now, seed): (Time, u64),
    ) -> Self {
        let hash = NameHash::new(seed, id.0);
        Self {
            id,
            name: name.into(),
            identity,
            renewed: now,
            place: LeasePlace::None,
            expired: false,
            forgotten: false,
            recorded: false,
            open_owners: OpenOwners::new(hash),
            openers: BTreeMap::new(),
            lock_owners: OwnersOfClient::new(hash),
            states: States::default(),
            revoked: RevokedStates::new(),
            serials: Serials::default(),
            ranges: 0,
            create,
            sessions: Vec::new(),
            wants_calls: false,
            reclaim_complete: false,
        }
    }

    /// Starts its lease again.
    pub fn renew(&mut self, leases: &mut Leases, now: Time) {
        self.renewed = self.renewed.max(now);
        leases.renewed(&mut self.place, self.id, self.renewed);
    }

    pub fn states_count(&self) -> usize {
        self.states.len() + self.open_owners.len() + self.lock_owners.len()
    }

    /// Returns a serial that names no state of this client, and has named none for long.
    pub fn take_serial(&mut self, changes: &mut Changes) -> u32 {
        loop {
            let (serial, is_new_block) = self.serials.next();
            if is_new_block {
                changes.put_client(self);
            }
            if !self.states.contains_key(&serial) && !self.revoked.contains_key(&serial) {
                return serial;
            }
        }
    }

    /// Returns whether others may take its state: its lease ran out by `now`.
    pub fn is_courtesy(&self, now: Time, lease: Time) -> bool {
        now >= self.renewed.saturating_add(lease)
    }

    /// Returns whether it has anything open.
    pub fn holds_state(&self) -> bool {
        self.states.held() > 0
    }

    /// Returns whether it has anything that keeps DESTROY_CLIENTID from taking it away.
    pub fn is_in_use(&self) -> bool {
        !self.sessions.is_empty() || !self.states.is_empty()
    }

    /// Returns whether another principal is kept from its name: it holds state or has sessions, and its lease runs.
    pub fn defends_its_name(&self, now: Time, lease: Time) -> bool {
        (self.holds_state() || !self.sessions.is_empty()) && !self.expired && !self.is_courtesy(now, lease)
    }

    pub fn silent_for(&self, now: Time) -> Time {
        now.saturating_sub(self.renewed)
    }
}

/// What it is, and what becomes of it.
impl Client {
    /// Restores what its record says: whether it (has expired, is forgotten), may reclaim after a restart of the
    /// machine, has sent RECLAIM_COMPLETE, and from where on it was given no serial.
    pub fn restore(
        &mut self,
        (expired, forgotten): (bool, bool),
        (recorded, reclaim_complete): (bool, bool),
        serials_end: u32,
    ) {
        (self.expired, self.forgotten) = (expired, forgotten);
        (self.recorded, self.reclaim_complete) = (recorded, reclaim_complete);
        self.serials = Serials::after(serials_end);
    }

    /// Returns the clientid.
    pub fn id(&self) -> ClientId {
        self.id
    }

    /// Returns the client's own name for itself.
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// Returns who it says it is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Returns whether its lease ran out and its state was given to others.
    #[inline]
    pub fn has_expired(&self) -> bool {
        self.expired
    }

    /// Returns whether it is in teardown, and nobody knows it when that is done.
    pub fn is_forgotten(&self) -> bool {
        self.forgotten
    }

    /// Notes that nobody knows it any more, and writes that.
    pub fn forget(&mut self, changes: &mut Changes) {
        self.forgotten = true;
        changes.put_client(self);
    }

    /// Returns whether it may reclaim after a restart of the machine.
    pub fn is_recorded(&self) -> bool {
        self.recorded
    }

    /// Takes away that it may reclaim after a restart of the machine, and writes that.
    pub fn unrecord(&mut self, changes: &mut Changes) {
        if std::mem::take(&mut self.recorded) {
            changes.put_client(self);
            changes.client(ClientChange::ClientForgotten(self.name.clone()));
        }
    }

    /// Returns whether it has sent RECLAIM_COMPLETE.
    pub fn has_reclaimed(&self) -> bool {
        self.reclaim_complete
    }

    /// Notes that it has sent RECLAIM_COMPLETE, and writes that. Answers whether it had not before.
    pub fn complete_reclaim(&mut self, changes: &mut Changes) -> bool {
        let is_first = !std::mem::replace(&mut self.reclaim_complete, true);
        if is_first {
            changes.put_client(self);
        }
        is_first
    }

    /// Returns the serial from which on none was given out, as the records have it.
    pub fn serials_end(&self) -> u32 {
        self.serials.end()
    }
}

/// Sessions.
impl Client {
    /// Returns what numbers its CREATE_SESSIONs.
    pub fn create(&self) -> &CreateSlot {
        &self.create
    }

    /// Lists its sessions.
    #[inline]
    pub fn sessions(&self) -> &[SessionId] {
        &self.sessions
    }

    /// Adds a session, which carries calls to it if `calls`.
    pub fn add_session(&mut self, id: SessionId, calls: bool) {
        self.sessions.push(id);
        self.wants_calls |= calls;
    }

    /// Removes a session.
    pub fn remove_session(&mut self, id: SessionId) {
        self.sessions.retain(|session| *session != id);
    }

    /// Takes out all sessions.
    pub fn take_sessions(&mut self) -> Vec<SessionId> {
        std::mem::take(&mut self.sessions)
    }

    /// Returns whether a session of it wants to carry calls to it, or one that has gone did.
    #[inline]
    pub fn wants_calls(&self) -> bool {
        self.wants_calls
    }

    /// Notes that a session of it wants to carry calls to it.
    pub fn want_calls(&mut self) {
        self.wants_calls = true;
    }
}
