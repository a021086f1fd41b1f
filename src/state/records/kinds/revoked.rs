//! A stateid that was revoked and not yet acknowledged ([`Key::Revoked`]).

use crate::nfs4::ClientId;
use crate::state::clients::Clients;
use crate::state::records::changes::Changes;
use crate::state::records::codec::{self, Malformed, decode};
use crate::state::records::key::Key;
use crate::state::teardown::Revoked;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Serialize, Deserialize)]
struct RevokedRecord<'a> {
    seqid: u32,
    #[serde(borrow)]
    owner: &'a [u8],
    /// Of a lock stateid.
    open: Option<u32>,
}

impl Changes {
    /// Writes a revoked stateid of a client.
    pub(in crate::state) fn put_revoked(&mut self, client: ClientId, serial: u32, revoked: &Revoked) {
        let Revoked { seqid, owner, open } = revoked;
        self.put(Key::Revoked(client, serial), &RevokedRecord { seqid: *seqid, owner, open: *open });
    }
}

pub fn restore(clients: &mut Clients, id: ClientId, serial: u32, value: &[u8]) -> Result<(), Malformed> {
    let RevokedRecord { seqid, owner, open } = decode(value)?;
    let client = clients.get_mut(id).ok_or(Malformed)?;
    client.revoked_mut().insert(serial, Revoked { seqid, owner: owner.into(), open });
    Ok(())
}

pub fn show(value: &[u8]) -> Result<Value, Malformed> {
    codec::show(decode::<RevokedRecord<'_>>(value)?)
}
