//! The table of clients: by name, by clientid, and by the end of their leases.

use super::client::{Client, Unconfirmed};
use super::lease_table::Leases;
use crate::nfs4::{ClientId, Status, Time, Verifier};
use crate::state::map::PageMap;
use crate::state::records::{Changes, Key};
use siphasher::sip::SipHasher24;
use std::collections::BTreeMap;
use std::hash::Hasher;
use std::ops::Bound::{Excluded, Unbounded};

/// Holds who has a name: a confirmed client, and one that waits to be confirmed.
#[derive(Debug, Default)]
pub(super) struct Name {
    pub(super) confirmed: Option<ClientId>,
    pub(super) unconfirmed: Option<Unconfirmed>,
}

/// All clients, by name and by clientid.
#[derive(Debug)]
pub(in crate::state) struct Clients {
    pub(super) names: BTreeMap<Box<[u8]>, Name>,
    pub(super) confirmed: PageMap<ClientId, Box<Client>>,
    pub(super) leases: Leases,
    /// Names by unconfirmed clientid.
    pub(super) unconfirmed: BTreeMap<ClientId, Box<[u8]>>,
    epoch: u32,
    issued: u32,
    confirms: u64,
    seed: u64,
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

    /// Iterates over the confirmed clients, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Client> {
        self.confirmed.values_mut().map(|client| &mut **client)
    }

    /// Takes out a client that is not known by its name any more.
    pub fn remove(&mut self, id: ClientId) -> Option<Box<Client>> {
        self.confirmed.remove(&id)
    }

    /// Returns of how many parts the table of clients is; see `Table::parts`.
    pub fn parts(&self) -> usize {
        self.confirmed.parts()
    }

    /// Lists the clients of a part: at most some thousands.
    pub fn part(&self, number: usize) -> impl Iterator<Item = ClientId> {
        self.confirmed.part(number).map(|(id, _)| id)
    }

    /// Lists the unconfirmed clients behind this one, by clientid.
    pub fn unconfirmed_after(&self, after: Option<ClientId>) -> impl Iterator<Item = ClientId> {
        self.unconfirmed.range((after.map_or(Unbounded, Excluded), Unbounded)).map(|(id, _)| *id)
    }

    /// Returns when leases end.
    pub fn leases(&self) -> &Leases {
        &self.leases
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
        if client.forgotten {
            // It has no name any more.
            return self.confirmed.insert(id, Box::new(client)).is_none();
        }
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
