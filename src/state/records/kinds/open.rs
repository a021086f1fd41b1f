//! An open ([`Key::Open`]).

use crate::nfs4::{ClientId, OpaqueOwner, ShareAccess, ShareDeny, Stateid};
use crate::state::clients::Client;
use crate::state::core::Core;
use crate::state::opens::{OpenOwnerState, OpenState};
use crate::state::records::changes::{Before, Changes};
use crate::state::records::codec::{self, Malformed, decode, principal, require, uid};
use crate::state::records::key::Key;
use crate::state::records::text::text;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Serialize, Deserialize)]
struct OpenRecord<'a> {
    seqid: u32,
    #[serde(borrow, serialize_with = "text")]
    owner: &'a [u8],
    file: u64,
    /// uid of `AUTH_SYS`.
    principal: Option<u32>,
    access: u8,
    deny: u8,
    asked: u16,
}

impl Changes {
    /// Writes an open of a client.
    pub(in crate::state) fn put_open(
        &mut self,
        before: Before,
        client: ClientId,
        serial: u32,
        open: &OpenState,
    ) {
        let (access, deny) = open.shares();
        let record = OpenRecord {
            seqid: open.stateid().seqid,
            owner: open.owner(),
            file: open.file(),
            principal: uid(open.principal()),
            access: access.bits() as u8,
            deny: deny.bits() as u8,
            asked: open.asked(),
        };
        self.put_over(before, Key::Open(client, serial), &record);
    }
}

pub fn restore(core: &mut Core, id: ClientId, serial: u32, value: &[u8]) -> Result<(), Malformed> {
    let record: OpenRecord<'_> = decode(value)?;
    let file = core.files.at_mut(record.file).ok_or(Malformed)?;
    let client = core.clients.get_mut(id).ok_or(Malformed)?;
    let access = ShareAccess::from_wire(record.access.into()).ok_or(Malformed)?;
    let deny = ShareDeny::from_wire(record.deny.into()).ok_or(Malformed)?;
    let owner = owner_of(client, record.owner)?;
    let state = client.open_owners_mut().get_mut(&owner).ok_or(Malformed)?;
    require(state.restore_open(record.file, serial, core.instance.started()))?;
    let stateid = Stateid { seqid: record.seqid, ..Stateid::first(id, serial) };
    let opened = (record.file, principal(record.principal));
    let open = OpenState::restored(stateid, owner, opened, (access, deny), record.asked);
    if !client.has_expired() {
        require(!file.forbids(access, deny))?;
        file.reserve(access, deny);
    }
    file.add_open((id, serial));
    require(client.insert_open(serial, Box::new(open)))
}

/// Finds the owner of an open. That of a client with sessions has no record of its own, and is created here.
fn owner_of(client: &mut Client, bytes: &[u8]) -> Result<OpaqueOwner, Malformed> {
    let id = client.id();
    match client.open_owners().name_of(bytes) {
        Some(owner) => Ok(owner.clone()),
        None if !id.has_sessions() => Err(Malformed),
        None => {
            let owner: OpaqueOwner = bytes.into();
            client.open_owners_mut().entry(&owner, || OpenOwnerState::new(id));
            Ok(owner)
        }
    }
}

pub fn show(value: &[u8]) -> Result<Value, Malformed> {
    codec::show(decode::<OpenRecord<'_>>(value)?)
}
