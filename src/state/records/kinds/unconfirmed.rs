//! A client that waits to be confirmed ([`Key::Unconfirmed`]).

use crate::nfs4::ClientId;
use crate::state::clients::{Clients, Identity, Unconfirmed};
use crate::state::instance::Instance;
use crate::state::records::changes::Changes;
use crate::state::records::codec::{self, Malformed, decode, principal, require, uid};
use crate::state::records::key::Key;
use crate::state::records::parts::{CallbackPart, CreateSessionPart};
use crate::state::records::text::{hex, text};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Serialize, Deserialize)]
struct UnconfirmedRecord<'a> {
    #[serde(borrow, serialize_with = "text")]
    name: &'a [u8],
    #[serde(serialize_with = "hex")]
    verifier: [u8; 8],
    /// uid of `AUTH_SYS`.
    principal: Option<u32>,
    callback: CallbackPart<'a>,
    #[serde(serialize_with = "hex")]
    confirm: [u8; 8],
    create: CreateSessionPart,
}

impl Changes {
    /// Writes a client of this name that waits to be confirmed.
    pub(in crate::state) fn put_unconfirmed(&mut self, name: &[u8], client: &Unconfirmed) {
        let identity = client.identity();
        let record = UnconfirmedRecord {
            name,
            verifier: identity.verifier,
            principal: uid(identity.principal),
            callback: CallbackPart::new(&identity.callback),
            confirm: identity.confirm,
            create: CreateSessionPart::new(client.create()),
        };
        self.put(Key::Unconfirmed(client.id()), &record);
    }
}

pub fn restore(
    clients: &mut Clients,
    instance: &Instance,
    id: ClientId,
    value: &[u8],
) -> Result<(), Malformed> {
    require(instance.can_restore(id))?;
    let record: UnconfirmedRecord<'_> = decode(value)?;
    let identity = Identity {
        verifier: record.verifier,
        principal: principal(record.principal),
        callback: record.callback.value(),
        confirm: record.confirm,
    };
    let unconfirmed = Unconfirmed::new(id, identity, record.create.value(), instance.started());
    clients.restore_unconfirmed(record.name, unconfirmed);
    Ok(())
}

pub fn show(value: &[u8]) -> Result<Value, Malformed> {
    codec::show(decode::<UnconfirmedRecord<'_>>(value)?)
}
