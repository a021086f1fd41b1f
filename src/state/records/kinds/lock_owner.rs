//! A lock_owner ([`Key::LockOwner`]).

use crate::nfs4::{ClientId, Time};
use crate::ranges::OwnerId;
use crate::state::clients::Clients;
use crate::state::locks::{LockOwnerState, LockOwners};
use crate::state::opens::Sequence;
use crate::state::records::changes::{Before, Changes};
use crate::state::records::codec::{self, Malformed, decode, require};
use crate::state::records::key::Key;
use crate::state::records::parts::OwnerReplyPart;
use crate::state::records::text::{clientid, text};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Serialize, Deserialize)]
struct LockOwnerRecord<'a> {
    #[serde(serialize_with = "clientid")]
    client: u64,
    #[serde(borrow, serialize_with = "text")]
    owner: &'a [u8],
    last: Option<OwnerReplyPart<'a>>,
}

impl Changes {
    /// Writes a lock_owner of a client.
    pub(in crate::state) fn put_lock_owner(
        &mut self,
        before: Before,
        client: ClientId,
        state: &LockOwnerState,
    ) {
        let last = state.sequence().last().map(OwnerReplyPart::new);
        let record = LockOwnerRecord { client: client.0, owner: state.name(), last };
        self.put_over(before, Key::LockOwner(state.id()), &record);
    }
}

/// Reads whose lock_owner it is.
pub fn client_of(value: &[u8]) -> Result<ClientId, Malformed> {
    Ok(ClientId(decode::<LockOwnerRecord<'_>>(value)?.client))
}

pub fn restore(
    clients: &mut Clients,
    owners: &mut LockOwners,
    now: Time,
    id: OwnerId,
    value: &[u8],
) -> Result<(), Malformed> {
    let record: LockOwnerRecord<'_> = decode(value)?;
    let clientid = ClientId(record.client);
    let client = clients.get_mut(clientid).ok_or(Malformed)?;
    let last = record.last.as_ref().map(OwnerReplyPart::value).transpose()?;
    let sequence = Sequence::restored(clientid, last);
    owners.restore(id, clientid);
    require(client.lock_owners_mut().insert(LockOwnerState::new(id, record.owner.into(), sequence, now)))
}

pub fn show(value: &[u8]) -> Result<Value, Malformed> {
    codec::show(decode::<LockOwnerRecord<'_>>(value)?)
}
