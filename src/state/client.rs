//! Clients: SETCLIENTID, SETCLIENTID_CONFIRM, RENEW and the lease (RFC 7530 §9.1.1, §9.5, §16.33, §16.34).

use super::leases::{LeasePlace, Leases};
use super::lock_owner::LockOwnerState;
use super::open_owner::OpenOwnerState;
use super::revoke::RevokedStates;
use super::session::CreateSlot;
use super::{Change, Changes, Core, Key, State};
use crate::nfs4::{ClientId, OpaqueOwner, Principal, SessionId, Stateid, Status, Time, Verifier};
use siphasher::sip::SipHasher24;
use std::collections::{BTreeMap, HashMap};
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

/// Arguments of SETCLIENTID and who sent them.
#[derive(Clone, Debug)]
pub struct SetClientid<'a> {
    /// `nfs_client_id4.id`: the client's own name for itself.
    pub name: &'a [u8],
    /// `nfs_client_id4.verifier`: changes when the client restarts.
    pub verifier: Verifier,
    /// Who sent it.
    pub principal: Principal,
    /// Where to call back.
    pub callback: Callback,
}

/// Why SETCLIENTID was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetClientidRefused {
    /// `NFS4ERR_CLID_INUSE`: another principal holds state under this name; its callback address.
    InUse(Box<Callback>),
    /// Any other status.
    Other(Status),
}

/// A confirmed client and all its state.
#[derive(Debug)]
pub(super) struct Client {
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
    /// Its lease ran out and its state was given to others: it must start anew.
    pub expired: bool,
    /// It may reclaim after a restart of the machine.
    pub recorded: bool,
    pub open_owners: HashMap<OpaqueOwner, OpenOwnerState>,
    pub lock_owners: HashMap<OpaqueOwner, LockOwnerState>,
    pub states: BTreeMap<u32, State>,
    pub revoked: RevokedStates,
    next_serial: u32,
    /// No serial from here on was given out, as the records have it.
    pub serials_end: u32,
    /// How many byte ranges its owners hold, over all files.
    pub ranges: usize,
    /// Numbers its CREATE_SESSIONs.
    pub create: CreateSlot,
    pub sessions: Vec<SessionId>,
    /// It has sent RECLAIM_COMPLETE.
    pub reclaim_complete: bool,
}

/// A SETCLIENTID that waits for its SETCLIENTID_CONFIRM, or an EXCHANGE_ID that waits for its CREATE_SESSION.
#[derive(Debug)]
pub(super) struct Unconfirmed {
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
struct Name {
    confirmed: Option<ClientId>,
    unconfirmed: Option<Unconfirmed>,
}

/// All clients, by name and by clientid.
#[derive(Debug)]
pub(super) struct Clients {
    names: BTreeMap<Box<[u8]>, Name>,
    confirmed: BTreeMap<ClientId, Client>,
    pub leases: Leases,
    /// Names by unconfirmed clientid.
    unconfirmed: BTreeMap<ClientId, Box<[u8]>>,
    epoch: u32,
    issued: u32,
    confirms: u64,
    seed: u64,
}

impl Client {
    /// One without state, whose lease begins now.
    pub fn new(id: ClientId, name: &[u8], now: Time) -> Self {
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
            recorded: false,
            open_owners: HashMap::new(),
            lock_owners: HashMap::new(),
            states: BTreeMap::new(),
            revoked: RevokedStates::new(),
            next_serial: 0,
            serials_end: 1,
            ranges: 0,
            create: CreateSlot::default(),
            sessions: Vec::new(),
            reclaim_complete: false,
        }
    }

    /// Gives out no serial that may have been given out before a restart.
    pub fn continue_serials(&mut self, end: u32) {
        self.next_serial = end.wrapping_sub(1);
        self.serials_end = end;
    }

    pub fn states_count(&self) -> usize {
        self.states.len() + self.open_owners.len() + self.lock_owners.len()
    }

    /// A serial that names no state of this client, and has named none for long.
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

    /// Whether others may take its state: its lease ran out by `now`.
    pub fn is_courtesy(&self, now: Time, lease: Time) -> bool {
        now >= self.renewed.saturating_add(lease)
    }

    /// Whether it has anything open.
    pub fn holds_state(&self) -> bool {
        self.states.values().any(|state| !matches!(state, State::Closed(_)))
    }

    /// Whether another principal is kept from its name: it holds state or has sessions, and its lease runs.
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
            confirmed: BTreeMap::new(),
            leases: Leases::new(lease),
            unconfirmed: BTreeMap::new(),
            epoch,
            issued: 0,
            confirms: 0,
            seed,
        }
    }

    /// A confirmed client by its clientid.
    /// Errors: `StaleClientid` when this run of the server never gave it out, `Expired` when its state was taken.
    pub fn find(&mut self, id: ClientId) -> Result<&mut Client, Status> {
        match self.confirmed.get_mut(&id) {
            Some(client) if client.expired => Err(Status::Expired),
            Some(client) => Ok(client),
            None => Err(Status::StaleClientid),
        }
    }

    /// As [`Clients::find`], and renews the lease.
    pub fn find_and_renew(&mut self, id: ClientId, now: Time) -> Result<&mut Client, Status> {
        self.find(id)?;
        let (client, leases) = self.with_lease(id).ok_or(Status::StaleClientid)?;
        client.renewed = client.renewed.max(now);
        leases.renewed(&mut client.place, id, client.renewed);
        Ok(client)
    }

    /// A confirmed client, and the leases of all.
    pub fn with_lease(&mut self, id: ClientId) -> Option<(&mut Client, &mut Leases)> {
        Some((self.confirmed.get_mut(&id)?, &mut self.leases))
    }

    pub fn get(&self, id: ClientId) -> Option<&Client> {
        self.confirmed.get(&id)
    }

    pub fn get_mut(&mut self, id: ClientId) -> Option<&mut Client> {
        self.confirmed.get_mut(&id)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Client> {
        self.confirmed.values()
    }

    pub fn iter_unconfirmed(&self) -> impl Iterator<Item = (&[u8], &Unconfirmed)> {
        self.names.iter().filter_map(|(name, entry)| Some((&**name, entry.unconfirmed.as_ref()?)))
    }

    pub fn new_id(&mut self) -> ClientId {
        // The highest bit says whether the client has sessions.
        self.issued = self.issued.wrapping_add(1) & !(1 << 31);
        ClientId::new(self.epoch, self.issued)
    }

    fn new_confirm(&mut self) -> Verifier {
        self.confirms += 1;
        let mut hasher = SipHasher24::new_with_keys(self.seed, u64::from(self.epoch));
        hasher.write_u64(self.confirms);
        hasher.finish().to_be_bytes()
    }

    /// How many clients there are, confirmed or not.
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

    /// The confirmed client of this name.
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
        let new = self.confirmed.insert(id, client).is_none();
        let _ = self.find_and_renew(id, now);
        new
    }

    /// Puts back an unconfirmed client after a restart.
    pub fn restore_unconfirmed(&mut self, name: &[u8], record: Unconfirmed) {
        self.unconfirmed.insert(record.id, name.into());
        self.names.entry(name.into()).or_default().unconfirmed = Some(record);
    }

    fn drop_empty_name(&mut self, name: &[u8]) {
        if self.names.get(name).is_some_and(|entry| entry.confirmed.is_none() && entry.unconfirmed.is_none())
        {
            self.names.remove(name);
        }
    }
}

impl Core {
    /// SETCLIENTID. The five cases of RFC 7530 §16.33.5:
    ///
    /// | case | confirmed record of that name | answer |
    /// |---|---|---|
    /// | 1 | same verifier, same principal | same clientid, new confirm: an update of the callback |
    /// | 2 | another principal, and it holds state | `ClidInUse` |
    /// | 3 | another verifier | new clientid: the client restarted |
    /// | 4 | none, but an unconfirmed one | replaced, new clientid |
    /// | 5 | none at all | new clientid |
    pub fn setclientid(
        &mut self,
        now: Time,
        args: SetClientid<'_>,
    ) -> Result<(ClientId, Verifier), SetClientidRefused> {
        let confirmed = self.clients.names.get(args.name).and_then(|entry| entry.confirmed);
        let confirmed = confirmed.and_then(|id| self.clients.get(id)).filter(|client| !client.expired);
        let update = match confirmed {
            Some(client) if client.principal != args.principal => {
                if client.defends_its_name(now, self.config.lease) {
                    return Err(SetClientidRefused::InUse(Box::new(client.callback.clone())));
                }
                None
            }
            Some(client) if client.verifier == args.verifier && !client.id.has_sessions() => Some(client.id),
            _ => None,
        };
        if update.is_none() && self.clients.count() >= self.config.clients_max {
            return Err(SetClientidRefused::Other(Status::Resource));
        }
        let (clients, changes) = (&mut self.clients, &mut self.effects.changes);
        clients.drop_unconfirmed(changes, args.name);
        let id = update.unwrap_or_else(|| clients.new_id());
        let confirm = clients.new_confirm();
        let SetClientid { name, verifier, principal, callback } = args;
        let create = CreateSlot::default();
        clients.add_unconfirmed(
            changes,
            name,
            Unconfirmed { id, verifier, principal, callback, confirm, create, since: now },
        );
        Ok((id, confirm))
    }

    /// SETCLIENTID_CONFIRM (RFC 7530 §16.34). Errors: `ClidInUse` for another principal than the one that sent
    /// SETCLIENTID, and when another principal's client of that name has come to hold state since; `StaleClientid` when
    /// nothing has this clientid and confirm verifier.
    pub fn setclientid_confirm(
        &mut self,
        now: Time,
        id: ClientId,
        confirm: Verifier,
        principal: Principal,
    ) -> Result<(), Status> {
        let name = self.clients.unconfirmed.get(&id).cloned();
        let pending = name.as_deref().and_then(|name| self.clients.names.get(name)?.unconfirmed.as_ref());
        match pending {
            // One of EXCHANGE_ID has no verifier to be confirmed by.
            Some(record) if record.confirm == confirm && !id.has_sessions() => {
                let name = name.unwrap_or_default();
                let current =
                    self.clients.names.get(&name).and_then(|entry| self.clients.get(entry.confirmed?));
                let lease = self.config.lease;
                let in_use = current.is_some_and(|client| {
                    client.principal != principal && client.defends_its_name(now, lease)
                });
                if record.principal != principal || in_use {
                    return Err(Status::ClidInUse);
                }
                self.confirm(now, &name);
                Ok(())
            }
            _ => match self.clients.get(id).filter(|_| !id.has_sessions()) {
                Some(client) if client.confirm == confirm && client.principal == principal => Ok(()),
                Some(client) if client.confirm == confirm => Err(Status::ClidInUse),
                _ => Err(Status::StaleClientid),
            },
        }
    }

    /// Makes the unconfirmed record of `name` the confirmed one.
    pub(super) fn confirm(&mut self, now: Time, name: &[u8]) {
        let Some(entry) = self.clients.names.get_mut(name) else { return };
        let Some(record) = entry.unconfirmed.take() else { return };
        self.effects.changes.delete(Key::Unconfirmed(record.id));
        self.clients.unconfirmed.remove(&record.id);
        if let Some(old) = entry.confirmed
            && old != record.id
        {
            // The client restarted: nobody is left who could want the old state back. The record stays for a while,
            // so that a late request with an old stateid learns that it expired.
            let restarted = self.clients.get(old).is_some_and(|client| client.verifier != record.verifier);
            self.expire_client(now, old);
            if restarted {
                self.stop_waiting_for(name);
            }
        }
        self.clients.names.entry(name.into()).or_default().confirmed = Some(record.id);
        let Unconfirmed { verifier, principal, create, .. } = record;
        let client = self.clients.confirmed.entry(record.id).or_insert_with(|| Client {
            verifier,
            principal,
            create,
            ..Client::new(record.id, name, now)
        });
        client.callback = record.callback;
        client.confirm = record.confirm;
        client.renewed = now;
        // One that has expired since stays so.
        let _ = self.clients.find_and_renew(record.id, now);
        if let Some(client) = self.clients.get(record.id) {
            self.effects.changes.put_client(client);
        }
    }

    /// RENEW (RFC 7530 §16.28). Errors: `StaleClientid`, `Expired`.
    pub fn renew(&mut self, now: Time, id: ClientId) -> Result<(), Status> {
        self.clients.find_and_renew(id, now).map(|_| ())
    }

    /// DELEGRETURN (RFC 7530 §16.6): the status for a stateid that cannot name a delegation, since there are none.
    pub fn delegreturn(&mut self, now: Time, stateid: &Stateid) -> Status {
        self.resolve(now, stateid).err().unwrap_or(Status::BadStateid)
    }

    /// Whether a client of this name holds recorded state now.
    pub(super) fn has_recorded_client(&self, name: &[u8]) -> bool {
        let id = self.clients.names.get(name).and_then(|entry| entry.confirmed);
        id.and_then(|id| self.clients.get(id)).is_some_and(|client| client.recorded)
    }

    /// DELEGPURGE (RFC 7530 §16.5): there are no delegations to purge, but the clientid must be right.
    pub fn delegpurge(&mut self, now: Time, id: ClientId) -> Result<(), Status> {
        self.renew(now, id)
    }

    /// Notes that the client may hold state, so that it can reclaim after a restart (`grace` says who may).
    pub(super) fn record_client(&mut self, id: ClientId) {
        if let Some(client) = self.clients.get_mut(id)
            && !client.recorded
            && client.revoked.is_empty()
            && (client.reclaim_complete || !id.has_sessions())
        {
            client.recorded = true;
            self.effects.changes.put_client(client);
            let name = client.name.clone();
            self.effects.changes.client(Change::ClientRecorded(name));
        }
    }

    /// The name that the client gave itself, `nfs_client_id4.id`.
    pub fn client_name(&self, id: ClientId) -> Option<&[u8]> {
        self.clients.get(id).map(|client| &*client.name)
    }

    /// Takes all state of a client, and the client with it.
    pub(super) fn forget_client(&mut self, now: Time, id: ClientId) {
        self.expire_client(now, id);
        if let Some(client) = self.clients.confirmed.remove(&id) {
            self.effects.changes.delete(Key::Client(id));
            if let Some(entry) = self.clients.names.get_mut(&client.name)
                && entry.confirmed == Some(id)
            {
                entry.confirmed = None;
            }
            self.clients.drop_empty_name(&client.name);
        }
    }

    /// Forgets unconfirmed clients that nobody confirmed for a lease, clients with sessions that hold nothing after a
    /// lease, courtesy clients that stayed away too long and expired ones after as long again.
    pub(super) fn sweep_clients(&mut self, now: Time) {
        let lease = self.config.lease;
        let old = |record: &Unconfirmed| now.saturating_sub(record.since) >= lease;
        let names: Vec<_> = self.clients.unconfirmed.values().cloned().collect();
        for name in names {
            if self.clients.names.get(&name).and_then(|entry| entry.unconfirmed.as_ref()).is_some_and(old) {
                self.clients.drop_unconfirmed(&mut self.effects.changes, &name);
            }
        }
        let courtesy = self.config.courtesy;
        let replaced = |client: &Client| {
            let current = self.clients.names.get(&client.name).and_then(|entry| entry.confirmed);
            current != Some(client.id) && client.silent_for(now) >= lease
        };
        // Its sessions keep replies, and a client that finds them gone makes new ones.
        let idle = |client: &Client| {
            client.id.has_sessions() && client.states.is_empty() && client.is_courtesy(now, lease)
        };
        let gone = self
            .clients
            .iter()
            .filter(|client| client.silent_for(now) >= courtesy || replaced(client) || idle(client));
        let gone: Vec<_> = gone.map(|client| client.id).collect();
        for id in gone {
            self.forget_client(now, id);
        }
        self.unrecord_idle_clients();
    }

    /// A client that has nothing open has nothing to reclaim: nobody needs to wait for it after a restart. One with
    /// sessions says itself, and soon, that it has nothing.
    fn unrecord_idle_clients(&mut self) {
        for client in self.clients.confirmed.values_mut() {
            if client.recorded && client.states.is_empty() && !client.id.has_sessions() {
                client.recorded = false;
                self.effects.changes.put_client(client);
                self.effects.changes.client(Change::ClientForgotten(client.name.clone()));
            }
        }
    }

    /// Takes all state of a client whose lease ran out; its stateids answer `Expired` from now on.
    pub(super) fn expire_client(&mut self, now: Time, id: ClientId) {
        let Some((client, leases)) = self.clients.with_lease(id) else { return };
        leases.remove(&mut client.place, id);
        client.expired = true;
        client.ranges = 0;
        self.drop_sessions(id);
        let Some(client) = self.clients.get_mut(id) else { return };
        for (serial, _) in std::mem::take(&mut client.revoked) {
            self.effects.changes.delete(Key::Revoked(id, serial));
        }
        let states = std::mem::take(&mut client.states);
        let open_owners = std::mem::take(&mut client.open_owners);
        let lock_owners = std::mem::take(&mut client.lock_owners);
        if std::mem::take(&mut client.recorded) {
            let name = client.name.clone();
            self.effects.changes.client(Change::ClientForgotten(name));
        }
        self.effects.changes.put_client(client);
        for (owner, _) in open_owners {
            self.effects.changes.delete_open_owner(id, &owner);
        }
        let (opens, locks): (Vec<_>, Vec<_>) =
            states.into_iter().partition(|(_, state)| matches!(state, State::Open(_)));
        let gone = locks.into_iter().chain(opens);
        self.files.drop_states(now, &self.config, &mut self.effects, id, gone);
        for (_, owner) in lock_owners {
            self.effects.changes.delete(Key::LockOwner(owner.id));
            self.lock_owners.remove(owner.id);
        }
    }
}
