//! EXCHANGE_ID, DESTROY_CLIENTID and how CREATE_SESSION confirms a client (RFC 8881 §18.35, §18.36.4, §18.50).

use super::client::{Callback, Client, Identity, Unconfirmed};
use super::table::Clients;
use crate::nfs4::{ClientId, Principal, Status, Time, Verifier};
use crate::state::core::Core;
use crate::state::sessions::CreateSlot;

/// Arguments of EXCHANGE_ID and who sent them.
#[derive(Clone, Copy, Debug)]
pub struct ExchangeId<'a> {
    /// `co_ownerid`: the client's own name for itself.
    pub name: &'a [u8],
    /// `co_verifier`: changes when the client restarts.
    pub verifier: Verifier,
    /// Who sent it.
    pub principal: Principal,
    /// `EXCHGID4_FLAG_UPD_CONFIRMED_REC_A`: an update of what is confirmed already.
    pub update: bool,
}

/// The part of EXCHANGE_ID's reply that the core decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientExchanged {
    /// The clientid.
    pub clientid: ClientId,
    /// `eir_sequenceid`: the number for CREATE_SESSION.
    pub sequence: u32,
    /// `EXCHGID4_FLAG_CONFIRMED_R`.
    pub confirmed: bool,
}

impl Clients {
    /// Returns what numbers the CREATE_SESSIONs of a client, confirmed or not.
    pub fn create_slot(&mut self, id: ClientId) -> Option<&mut CreateSlot> {
        if !id.has_sessions() {
            return None;
        }
        match self.get(id) {
            Some(client) if !client.expired => self.get_mut(id).map(|client| &mut client.create),
            Some(_) => None,
            None => self.unconfirmed_mut(id).map(|record| &mut record.create),
        }
    }
}

impl Core {
    /// Carries out EXCHANGE_ID. The nine cases of RFC 8881 §18.35.4:
    ///
    /// | case | update | confirmed record of that name | answer |
    /// |---|---|---|---|
    /// | 1, 4 | no | none | new clientid, in place of an unconfirmed one |
    /// | 2 | no | same verifier, same principal | the same clientid |
    /// | 3 | no | another principal | `ClidInUse` if it holds state or sessions and its lease runs, else as case 1 |
    /// | 5 | no | another verifier | new clientid: the client restarted |
    /// | 6 | yes | same verifier, same principal | the same clientid |
    /// | 7 | yes | none | `NoEnt` |
    /// | 8 | yes | another verifier | `NotSame` |
    /// | 9 | yes | another principal | `Perm` |
    ///
    /// A client of SETCLIENTID with that name counts as one with another verifier: it has changed to sessions.
    pub fn exchange_id(&mut self, now: Time, args: ExchangeId<'_>) -> Result<ClientExchanged, Status> {
        let lease = self.config.lease;
        let confirmed = self.clients.confirmed_of(args.name).filter(|client| !client.expired);
        match confirmed {
            None if args.update => return Err(Status::NoEnt),
            Some(client) if client.identity.principal != args.principal => {
                if args.update {
                    return Err(Status::Perm);
                }
                if client.defends_its_name(now, lease) {
                    return Err(Status::ClidInUse);
                }
                let old = client.id;
                self.forget_client(now, old);
            }
            Some(client) if client.identity.verifier == args.verifier && client.id.has_sessions() => {
                let (clientid, sequence) = (client.id, client.create.next());
                return Ok(ClientExchanged { clientid, sequence, confirmed: true });
            }
            Some(_) if args.update => return Err(Status::NotSame),
            _ => {}
        }
        if self.clients.count() >= self.config.clients_max {
            return Err(Status::Delay);
        }
        self.clients.drop_unconfirmed(&mut self.effects.changes, args.name);
        let id = self.clients.new_id().with_sessions();
        let create = CreateSlot::new();
        let sequence = create.next();
        let identity = Identity {
            verifier: args.verifier,
            principal: args.principal,
            callback: Callback::default(),
            confirm: Verifier::default(),
        };
        let record = Unconfirmed::new(id, identity, create, now);
        self.clients.add_unconfirmed(&mut self.effects.changes, args.name, record);
        Ok(ClientExchanged { clientid: id, sequence, confirmed: false })
    }

    /// Confirms a client by its first session; a confirmed one stays so. Errors: `StaleClientid`.
    pub(in crate::state) fn confirm_by_session(&mut self, now: Time, id: ClientId) -> Result<(), Status> {
        if self.clients.get(id).is_none() {
            let name = self.clients.unconfirmed_name(id).ok_or(Status::StaleClientid)?;
            self.confirm(now, &name);
        }
        Ok(())
    }

    /// Carries out DESTROY_CLIENTID (RFC 8881 §18.50). Errors: `StaleClientid`; `ClientidBusy` while it has sessions or state.
    pub fn destroy_clientid(&mut self, now: Time, id: ClientId) -> Result<(), Status> {
        if let Some(name) = self.clients.unconfirmed_name(id).filter(|_| id.has_sessions()) {
            self.clients.drop_unconfirmed(&mut self.effects.changes, &name);
            return Ok(());
        }
        let client = self.clients.get(id).filter(|client| id.has_sessions() && !client.expired);
        if client.ok_or(Status::StaleClientid).is_ok_and(Client::is_in_use) {
            return Err(Status::ClientidBusy);
        }
        client.ok_or(Status::StaleClientid)?;
        let name: Box<[u8]> = self.client_name(id).unwrap_or_default().into();
        self.forget_client(now, id);
        self.stop_waiting_for(&name);
        Ok(())
    }
}
