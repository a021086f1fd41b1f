//! An open_owner of a client without sessions ([`Key::OpenOwner`]). With sessions, owners have no seqids, and there are no
//! other open_owners than those that opens name.

use crate::nfs4::{ClientId, OpaqueOwner, Time};
use crate::state::clients::{Clients, State};
use crate::state::opens::{OpenOwnerState, Sequence};
use crate::state::records::changes::Changes;
use crate::state::records::codec::{self, Malformed, decode, require};
use crate::state::records::key::Key;
use crate::state::records::parts::OwnerReplyPart;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Serialize, Deserialize)]
struct OpenOwnerRecord<'a> {
    confirmed: bool,
    /// Serial of the open that it closed last.
    closed: Option<u32>,
    #[serde(borrow)]
    last: Option<OwnerReplyPart<'a>>,
}

impl Changes {
    /// Writes an open_owner, if its client has no sessions.
    pub(in crate::state) fn put_open_owner(
        &mut self,
        client: ClientId,
        owner: &[u8],
        state: &OpenOwnerState,
    ) {
        if !client.has_sessions() {
            let last = state.sequence().last().map(OwnerReplyPart::new);
            let record = OpenOwnerRecord { confirmed: state.is_confirmed(), closed: state.closed(), last };
            self.put(Key::OpenOwner(client, owner), &record);
        }
    }

    /// Deletes an open_owner, if its client has no sessions.
    pub(in crate::state) fn delete_open_owner(&mut self, client: ClientId, owner: &[u8]) {
        if !client.has_sessions() {
            self.delete(Key::OpenOwner(client, owner));
        }
    }
}

pub fn restore(
    clients: &mut Clients,
    now: Time,
    id: ClientId,
    owner: &[u8],
    value: &[u8],
) -> Result<(), Malformed> {
    let record: OpenOwnerRecord<'_> = decode(value)?;
    let client = clients.get_mut(id).ok_or(Malformed)?;
    let owner: OpaqueOwner = owner.into();
    require(!client.open_owners().contains(&owner))?;
    let last = record.last.as_ref().map(OwnerReplyPart::value).transpose()?;
    let sequence = Sequence::restored(id, last);
    let new = || OpenOwnerState::restored(sequence, record.confirmed, record.closed, now);
    client.open_owners_mut().entry(&owner, new);
    match record.closed {
        Some(serial) => require(client.states_mut().insert(serial, State::Closed(owner.clone())).is_none()),
        None => Ok(()),
    }
}

pub fn show(value: &[u8]) -> Result<Value, Malformed> {
    codec::show(decode::<OpenOwnerRecord<'_>>(value)?)
}
