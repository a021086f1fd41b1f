//! SETCLIENTID and SETCLIENTID_CONFIRM (RFC 7530 §9.1.1, §16.33, §16.34).

use super::client::{Callback, Client, Identity, Unconfirmed};
use crate::nfs4::{ClientId, Principal, Status, Time, Verifier};
use crate::state::core::Core;
use crate::state::records::Key;
use crate::state::sessions::CreateSlot;

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

impl Core {
    /// Carries out SETCLIENTID. The five cases of RFC 7530 §16.33.5:
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
            Some(client) if client.identity.principal != args.principal => {
                if client.defends_its_name(now, self.config.lease) {
                    return Err(SetClientidRefused::InUse(Box::new(client.identity.callback.clone())));
                }
                None
            }
            Some(client) if client.identity.verifier == args.verifier && !client.id.has_sessions() => {
                Some(client.id)
            }
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
        let identity = Identity { verifier, principal, callback, confirm };
        let record = Unconfirmed::new(id, identity, CreateSlot::default(), now);
        clients.add_unconfirmed(changes, name, record);
        Ok((id, confirm))
    }

    /// Carries out SETCLIENTID_CONFIRM (RFC 7530 §16.34). Errors: `ClidInUse` for another principal than the one that sent
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
            Some(record) if record.identity.confirm == confirm && !id.has_sessions() => {
                let name = name.unwrap_or_default();
                let current =
                    self.clients.names.get(&name).and_then(|entry| self.clients.get(entry.confirmed?));
                let lease = self.config.lease;
                let in_use = current.is_some_and(|client| {
                    client.identity.principal != principal && client.defends_its_name(now, lease)
                });
                if record.identity.principal != principal || in_use {
                    return Err(Status::ClidInUse);
                }
                self.confirm(now, &name);
                Ok(())
            }
            _ => match self.clients.get(id).filter(|_| !id.has_sessions()) {
                Some(client)
                    if client.identity.confirm == confirm && client.identity.principal == principal =>
                {
                    Ok(())
                }
                Some(client) if client.identity.confirm == confirm => Err(Status::ClidInUse),
                _ => Err(Status::StaleClientid),
            },
        }
    }

    /// Makes the unconfirmed record of `name` the confirmed one.
    pub(in crate::state) fn confirm(&mut self, now: Time, name: &[u8]) {
        let Some(entry) = self.clients.names.get_mut(name) else { return };
        let Some(record) = entry.unconfirmed.take() else { return };
        self.effects.changes.delete(Key::Unconfirmed(record.id));
        self.clients.unconfirmed.remove(&record.id);
        if let Some(old) = entry.confirmed
            && old != record.id
        {
            // The client restarted: nobody is left who could want the old state back. The record stays for a while,
            // so that a late request with an old stateid learns that it expired.
            let restarted = self
                .clients
                .get(old)
                .is_some_and(|client| client.identity.verifier != record.identity.verifier);
            self.expire_client(now, old);
            if restarted {
                self.stop_waiting_for(name);
            }
        }
        self.clients.names.entry(name.into()).or_default().confirmed = Some(record.id);
        let Unconfirmed { id, identity, create, .. } = record;
        let seed = self.instance.seed();
        let new = || Client::new(id, name, (identity.clone(), create), (now, seed));
        let is_known = self.clients.get(id).is_some();
        let client = self.clients.confirmed.entry(id, || Box::new(new()));
        // Of one that is known, verifier and principal are the same: only where to call back is new.
        client.identity = identity;
        // A lease begins here, but none is renewed (RFC 7530 §9.5): that the callback changed says nothing about the state.
        if !is_known {
            let _ = self.clients.find_and_renew(id, now);
        }
        if let Some(client) = self.clients.get(id) {
            self.effects.changes.put_client(client);
        }
    }
}
