//! Clients and their leases (RFC 7530 §9.1.1, §9.5, §9.6.3, §16.28, §16.33, §16.34).

use super::{COURTESY, Client, Command, LEASE, Model, Pending, Reply};
use lockhouse::nfs4::{ClientId, Stateid, StateidKind, Status};
use std::collections::BTreeSet;

impl Model {
    fn client(&self, id: ClientId) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    /// The lease has run out: others may take its state.
    pub(super) fn is_courtesy(&self, id: ClientId) -> bool {
        self.client(id).is_none_or(|client| self.now >= client.renewed + LEASE)
    }

    /// Finds a client by its id, and renews its lease.
    pub(super) fn find(&mut self, id: ClientId) -> Result<(), Status> {
        let now = self.now;
        match self.clients.iter_mut().find(|client| client.id == id) {
            None => Err(Status::StaleClientid),
            Some(client) if client.expired => Err(Status::Expired),
            Some(client) => {
                client.renewed = now;
                Ok(())
            }
        }
    }

    /// A valid stateid was used, or a request came again: the lease is renewed (§9.5).
    pub(super) fn heard(&mut self, id: ClientId) {
        let _ = self.find(id);
    }

    /// Finds whose a stateid is that names something (§9.1.4).
    pub(super) fn resolve(&self, stateid: &Stateid) -> Result<ClientId, Status> {
        if stateid.kind() != StateidKind::Named {
            return Err(Status::BadStateid);
        }
        let id = stateid.clientid();
        if !self.is_of_us(id) {
            return Err(Status::StaleStateid);
        }
        match self.client(id) {
            None => return Err(Status::BadStateid),
            Some(client) if client.expired => return Err(Status::Expired),
            Some(_) => {}
        }
        let open = self.opens.iter().any(|open| open.stateid.other == stateid.other);
        let lock = self.locks.iter().any(|lock| lock.stateid.other == stateid.other);
        if !open && !lock {
            return Err(Status::BadStateid);
        }
        Ok(id)
    }

    pub(super) fn has_state(&self, id: ClientId) -> bool {
        self.opens.iter().any(|open| open.client == id && !open.closed)
    }

    /// The confirmed client of this name that has not lost its state.
    pub(super) fn current(&self, of: u8) -> Option<&Client> {
        self.clients.iter().rfind(|client| client.name == of && !client.expired)
    }

    /// The five cases of §16.33.5.
    pub(super) fn setclientid(&mut self, command: &Command, reply: &Reply) {
        let Command::Setclientid { name, boot, principal } = *command else { unreachable!() };
        let mut update = None;
        if let Some(client) = self.current(name) {
            if client.principal != principal {
                if self.has_state(client.id) && !self.is_courtesy(client.id) {
                    return assert_eq!(*reply, Reply::Failed(Status::ClidInUse));
                }
            } else if client.boot == boot {
                update = Some(client.id);
            }
        }
        let Reply::Client(id, confirm) = *reply else { panic!("no clientid but {reply:?}") };
        match update {
            Some(same) => assert_eq!(id, same),
            None => {
                assert_eq!(id.epoch(), self.epoch());
                assert!(self.client(id).is_none(), "{id:?} is another's");
                assert!(self.pending.iter().all(|pending| pending.id != id), "{id:?} is another's");
            }
        }
        assert!(self.clients.iter().all(|client| client.confirm != confirm), "an old confirm verifier");
        self.pending.retain(|pending| pending.name != name);
        self.pending.push(Pending { name, boot, principal, id, confirm, since: self.now });
    }

    /// §16.34.5.
    pub(super) fn confirm(&mut self, command: &Command, reply: &Reply) {
        let Command::Confirm { id, confirm, principal } = *command else { unreachable!() };
        let right = |pending: &Pending| pending.id == id && pending.confirm == confirm;
        let Some(index) = self.pending.iter().position(right) else {
            let want = match self.client(id) {
                Some(client) if client.confirm != confirm => Reply::Failed(Status::StaleClientid),
                Some(client) if client.principal != principal => Reply::Failed(Status::ClidInUse),
                Some(_) => Reply::Done,
                None => Reply::Failed(Status::StaleClientid),
            };
            return assert_eq!(*reply, want);
        };
        if self.pending[index].principal != principal {
            return assert_eq!(*reply, Reply::Failed(Status::ClidInUse));
        }
        let old = self.current(self.pending[index].name).map(|old| (old.id, old.principal));
        if let Some((old, holder)) = old.filter(|(old, _)| *old != id) {
            if holder != principal && self.has_state(old) && !self.is_courtesy(old) {
                return assert_eq!(*reply, Reply::Failed(Status::ClidInUse));
            }
            self.expire(old);
        }
        assert_eq!(*reply, Reply::Done);
        let Pending { name, boot, .. } = self.pending.remove(index);
        match self.clients.iter_mut().find(|client| client.id == id) {
            // §9.5: this never renews a lease.
            Some(client) => client.confirm = confirm,
            None => {
                let (renewed, expired) = (self.now, false);
                self.clients.push(Client { name, boot, principal, id, confirm, renewed, expired });
            }
        }
    }

    /// Takes all state of a client.
    pub(super) fn expire(&mut self, id: ClientId) {
        if let Some(client) = self.clients.iter_mut().find(|client| client.id == id) {
            client.expired = true;
        }
        self.open_owners.retain(|owner| owner.client != id);
        self.opens.retain(|open| open.client != id);
        self.lock_owners.retain(|owner| owner.client != id);
        self.locks.retain(|lock| lock.client != id);
        self.waits.retain(|wait| wait.who.client != id);
        for byte in self.bytes.iter_mut().flatten() {
            byte.retain(|holder| holder.client != id);
        }
    }

    /// After a conflict with these clients: the core may have taken the state of those whose lease ran out, and must
    /// have if it let the request through. Takes over what it did; answers whether one is left that it cannot take.
    pub(super) fn take_courtesy(&mut self, conflicts: &[ClientId], granted: bool) -> bool {
        let taken = std::mem::take(&mut self.taken);
        let mut names = Vec::new();
        for &id in conflicts {
            let Some(client) = self.client(id) else { continue };
            let name = client.name;
            if self.is_courtesy(id) && taken.contains(&name) {
                names.push(name);
                self.expire(id);
            } else if granted {
                panic!("granted against {id:?}, whose state was not taken");
            }
        }
        assert!(taken.iter().all(|name| names.contains(name)), "{taken:?} lost state, not only {names:?}");
        conflicts.iter().any(|id| !self.is_courtesy(*id))
    }

    /// The end of a lease takes the state of a client, if the core says so, when somebody else waits for what it holds.
    pub(super) fn end_leases(&mut self, taken: &BTreeSet<u8>) {
        for name in taken {
            let Some(id) = self.current(*name).map(|client| client.id) else { continue };
            if self.is_courtesy(id) && self.is_wanted(id) {
                self.expire(id);
            }
        }
    }

    /// Whether somebody else waits for a byte that the client holds.
    fn is_wanted(&self, id: ClientId) -> bool {
        self.waits.iter().filter(|wait| wait.who.client != id).any(|wait| {
            let bytes = self.bytes.get(usize::from(wait.file)).into_iter().flatten();
            let wanted = bytes.enumerate().filter(|(cell, _)| (wait.cells.0..=wait.cells.1).contains(cell));
            let mut holders = wanted.flat_map(|(_, holders)| holders);
            holders.any(|holder| holder.client == id && holder.kind.conflicts(wait.who.kind))
        })
    }

    /// What is forgotten by the mere passing of time.
    pub(super) fn sweep(&mut self) {
        let now = self.now;
        self.pending.retain(|pending| now - pending.since < LEASE);
        let replaced = |client: &Client| {
            let later = |other: &Client| other.name == client.name && other.id > client.id;
            self.clients.iter().any(later) && now - client.renewed >= LEASE
        };
        let old = |client: &&Client| now - client.renewed >= COURTESY || replaced(client);
        let gone: Vec<ClientId> = self.clients.iter().filter(old).map(|client| client.id).collect();
        for id in gone {
            self.expire(id);
            self.clients.retain(|client| client.id != id);
        }
        let opens = &self.opens;
        self.open_owners.retain(|owner| {
            let open = |open: &super::Open| open.client == owner.client && open.owner == owner.name;
            opens.iter().any(|o| open(o) && !o.closed) || now - owner.last_used < LEASE
        });
        let owners = &self.open_owners;
        self.opens.retain(|open| {
            owners.iter().any(|owner| owner.client == open.client && owner.name == open.owner)
        });
        let locks = &self.locks;
        self.lock_owners.retain(|owner| {
            let lock = |lock: &super::Lock| lock.client == owner.client && lock.owner == owner.name;
            locks.iter().any(lock) || now - owner.last_used < LEASE
        });
    }
}
