//! Clients, by name and by clientid (RFC 7530 §9.1.1, §9.5).

use super::lease_table::{LeasePlace, Leases};
use super::states::States;
use crate::nfs4::{ClientId, Principal, SessionId, Status, Time, Verifier};
use crate::state::locks::OwnersOfClient;
use crate::state::map::{NameHash, PageMap};
use crate::state::opens::OpenOwners;
use crate::state::records::{Changes, Key};
use crate::state::sessions::CreateSlot;
use crate::state::teardown::RevokedStates;
use siphasher::sip::SipHasher24;
use std::collections::BTreeMap;
use std::hash::Hasher;

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

/// A confirmed client and all its state.
#[derive(Debug)]
pub(in crate::state) struct Client {
    pub id: ClientId,
    pub name: Box<[u8]>,
    pub verifier: Verifier,
    pub principal: Principal,
    pub callback: Callback,
    pub confirm: Verifier,
    /// When its lease was last renewed.
    pub renewed: Time,
    /// Where it stands in `Clients::leases`.
    pub place: LeasePlace,
    /// Its lease ran out and its state was given to others: it must start fresh.
    pub expired: bool,
    /// It is in teardown, and when that is done nobody knows it any more.
    pub forgotten: bool,
    /// It may reclaim after a restart of the machine.
    pub recorded: bool,
    pub open_owners: OpenOwners,
    /// Who has files open, and how many each.
    pub openers: BTreeMap<Principal, u32>,
    pub lock_owners: OwnersOfClient,
    pub states: States,
    pub revoked: RevokedStates,
    pub next_serial: u32,
    /// No serial from here on was given out, as the records have it.
    pub serials_end: u32,
    /// How many byte ranges its owners hold, over all files.
    pub ranges: usize,
    /// Numbers its CREATE_SESSIONs.
    pub create: CreateSlot,
    pub sessions: Vec<SessionId>,
    /// A session of it wants to carry calls to it, or one that has gone did.
    pub wants_calls: bool,
    /// It has sent RECLAIM_COMPLETE.
    pub reclaim_complete: bool,
}

/// A SETCLIENTID that waits for its SETCLIENTID_CONFIRM, or an EXCHANGE_ID that waits for its CREATE_SESSION.
#[derive(Debug)]
pub(in crate::state) struct Unconfirmed {
    pub id: ClientId,
    pub verifier: Verifier,
    pub principal: Principal,
    pub callback: Callback,
    pub confirm: Verifier,
    pub create: CreateSlot,
    pub since: Time,
}

/// How many serials are stored as given out at once, so that most need no record of it.
const SERIALS_AT_ONCE: u32 = 1024;

#[derive(Debug, Default)]
pub(in crate::state) struct Name {
    pub confirmed: Option<ClientId>,
    pub unconfirmed: Option<Unconfirmed>,
}

/// All clients, by name and by clientid.
#[derive(Debug)]
pub(in crate::state) struct Clients {
    pub names: BTreeMap<Box<[u8]>, Name>,
    pub confirmed: PageMap<ClientId, Box<Client>>,
    pub leases: Leases,
    /// Names by unconfirmed clientid.
    pub unconfirmed: BTreeMap<ClientId, Box<[u8]>>,
    epoch: u32,
    issued: u32,
    confirms: u64,
    seed: u64,
}

impl Client {
    /// Creates one without state, whose lease begins now.
    pub fn new(id: ClientId, name: &[u8], now: Time, seed: u64) -> Self {
        let hash = NameHash::new(seed, id.0);
        Self {
            id,
            name: name.into(),
            verifier: Verifier::default(),
            principal: Principal::None,
            callback: Callback::default(),
            confirm: Verifier::default(),
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
            next_serial: 0,
            serials_end: 1,
            ranges: 0,
            create: CreateSlot::default(),
            sessions: Vec::new(),
            wants_calls: false,
            reclaim_complete: false,
        }
    }

    /// Gives out no serial that may have been given out before a restart.
    pub fn continue_serials(&mut self, end: u32) {
        self.next_serial = end.wrapping_sub(1);
        self.serials_end = end;
    }

    /// Starts its lease again.
    pub fn renew(&mut self, leases: &mut Leases, now: Time) {
        self.renewed = self.renewed.max(now);
        leases.renewed(&mut self.place, self.id, self.renewed);
    }

    /// Counts ranges, when a file on which it changed its own had `before` and has `after` now.
    #[inline]
    pub fn count_ranges(&mut self, (before, after): (usize, usize)) {
        self.ranges = (self.ranges + after).saturating_sub(before);
    }

    pub fn states_count(&self) -> usize {
        self.states.len() + self.open_owners.len() + self.lock_owners.len()
    }

    /// Returns a serial that names no state of this client, and has named none for long.
    pub fn take_serial(&mut self, changes: &mut Changes) -> u32 {
        loop {
            self.next_serial = self.next_serial.wrapping_add(1);
            if self.next_serial == self.serials_end {
                self.serials_end = self.serials_end.wrapping_add(SERIALS_AT_ONCE);
                changes.put_client(self);
            }
            let serial = &self.next_serial;
            if !self.states.contains_key(serial) && !self.revoked.contains_key(serial) {
                return self.next_serial;
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

impl Clients {
    pub fn new(epoch: u32, seed: u64, lease: Time) -> Self {
        Self {
            names: BTreeMap::new(),
            confirmed: PageMap::new(),
            leases: Leases::new(lease),
            unconfirmed: BTreeMap::new(),
            epoch,
            issued: 0,
            confirms: 0,
            seed,
        }
    }

    /// Returns a confirmed client by its clientid.
    /// Errors: `StaleClientid` when this run of the server never gave it out, `Expired` when its state was taken.
    pub fn find(&mut self, id: ClientId) -> Result<&mut Client, Status> {
        match self.confirmed.get_mut(&id) {
            Some(client) if client.expired => Err(Status::Expired),
            Some(client) => Ok(&mut **client),
            None => Err(Status::StaleClientid),
        }
    }

    /// Finds as [`Clients::find`], and renews the lease.
    pub fn find_and_renew(&mut self, id: ClientId, now: Time) -> Result<&mut Client, Status> {
        let (client, leases) = self.with_lease(id).ok_or(Status::StaleClientid)?;
        if client.expired {
            return Err(Status::Expired);
        }
        client.renew(leases, now);
        Ok(client)
    }

    /// Returns a confirmed client, and the leases of all.
    pub fn with_lease(&mut self, id: ClientId) -> Option<(&mut Client, &mut Leases)> {
        Some((&mut **self.confirmed.get_mut(&id)?, &mut self.leases))
    }

    pub fn get(&self, id: ClientId) -> Option<&Client> {
        self.confirmed.get(&id).map(|client| &**client)
    }

    pub fn get_mut(&mut self, id: ClientId) -> Option<&mut Client> {
        self.confirmed.get_mut(&id).map(|client| &mut **client)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Client> {
        self.confirmed.iter().map(|(_, client)| &**client)
    }

    pub fn iter_unconfirmed(&self) -> impl Iterator<Item = (&[u8], &Unconfirmed)> {
        self.names.iter().filter_map(|(name, entry)| Some((&**name, entry.unconfirmed.as_ref()?)))
    }

    /// Returns a clientid that names no client, with sessions or without. Once the 31 bits of the count have come
    /// round, it may take as many steps as there are clients of this run, once.
    pub fn new_id(&mut self) -> ClientId {
        loop {
            // The highest bit says whether the client has sessions.
            self.issued = self.issued.wrapping_add(1) & !(1 << 31);
            let id = ClientId::new(self.epoch, self.issued);
            let taken = |id| self.confirmed.contains_key(&id) || self.unconfirmed.contains_key(&id);
            if !taken(id) && !taken(id.with_sessions()) {
                return id;
            }
        }
    }

    /// Counts on as if so many clientids had been given out.
    #[cfg(test)]
    pub fn count_from(&mut self, issued: u32) {
        self.issued = issued;
    }

    pub fn new_confirm(&mut self) -> Verifier {
        self.confirms += 1;
        let mut hasher = SipHasher24::new_with_keys(self.seed, u64::from(self.epoch));
        hasher.write_u64(self.confirms);
        hasher.finish().to_be_bytes()
    }

    /// Returns how many clients there are, confirmed or not.
    pub fn count(&self) -> usize {
        self.confirmed.len() + self.unconfirmed.len()
    }

    pub fn drop_unconfirmed(&mut self, changes: &mut Changes, name: &[u8]) {
        if let Some(record) = self.names.get_mut(name).and_then(|entry| entry.unconfirmed.take()) {
            changes.delete(Key::Unconfirmed(record.id));
            self.unconfirmed.remove(&record.id);
        }
        self.drop_empty_name(name);
    }

    /// Returns the confirmed client of this name.
    pub fn confirmed_of(&self, name: &[u8]) -> Option<&Client> {
        self.get(self.names.get(name)?.confirmed?)
    }

    pub fn unconfirmed_name(&self, id: ClientId) -> Option<Box<[u8]>> {
        self.unconfirmed.get(&id).cloned()
    }

    pub fn unconfirmed_of(&self, id: ClientId) -> Option<&Unconfirmed> {
        let name = self.unconfirmed.get(&id)?;
        self.names.get(name)?.unconfirmed.as_ref().filter(|record| record.id == id)
    }

    pub fn unconfirmed_mut(&mut self, id: ClientId) -> Option<&mut Unconfirmed> {
        let name = self.unconfirmed.get(&id)?;
        self.names.get_mut(name)?.unconfirmed.as_mut().filter(|record| record.id == id)
    }

    pub fn add_unconfirmed(&mut self, changes: &mut Changes, name: &[u8], record: Unconfirmed) {
        changes.put_unconfirmed(name, &record);
        self.restore_unconfirmed(name, record);
    }

    /// Puts back a confirmed client after a restart. Of several of one name the current one is that which has not expired;
    /// when all have, that which came last. Answers whether it was not there yet.
    pub fn restore(&mut self, client: Client) -> bool {
        let (id, now, expired) = (client.id, client.renewed, client.expired);
        let current = &mut self.names.entry(client.name.clone()).or_default().confirmed;
        let replaces = |before: ClientId| {
            let gone = self.confirmed.get(&before).is_none_or(|client| client.expired);
            // The same name with sessions and without: compared as what they were given out as.
            gone && (!expired || before.with_sessions() < id.with_sessions())
        };
        if current.is_none_or(replaces) {
            *current = Some(id);
        }
        let new = self.confirmed.insert(id, Box::new(client)).is_none();
        let _ = self.find_and_renew(id, now);
        new
    }

    /// Puts back an unconfirmed client after a restart.
    pub fn restore_unconfirmed(&mut self, name: &[u8], record: Unconfirmed) {
        self.unconfirmed.insert(record.id, name.into());
        self.names.entry(name.into()).or_default().unconfirmed = Some(record);
    }

    pub fn drop_empty_name(&mut self, name: &[u8]) {
        if self.names.get(name).is_some_and(|entry| entry.confirmed.is_none() && entry.unconfirmed.is_none())
        {
            self.names.remove(name);
        }
    }
}
