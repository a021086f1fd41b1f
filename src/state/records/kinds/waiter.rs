//! A place in the queue of a file ([`Key::Waiter`]).

use crate::nfs4::ClientId;
use crate::ranges::OwnerId;
use crate::state::core::Core;
use crate::state::files::queue::Waiter;
use crate::state::records::changes::Changes;
use crate::state::records::codec::{self, Malformed, decode, require};
use crate::state::records::key::Key;
use crate::state::records::parts::LockRequestPart;
use crate::state::records::text::clientid;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Serialize, Deserialize)]
struct WaiterRecord {
    #[serde(rename = "want")]
    request: LockRequestPart,
    #[serde(serialize_with = "clientid")]
    client: u64,
    open: u32,
    called: bool,
}

impl Changes {
    /// Writes a waiter of a file.
    pub(in crate::state) fn put_waiter(&mut self, file: u64, waiter: &Waiter) {
        let (client, open) = waiter.open();
        let request = LockRequestPart::new(waiter.request());
        let record = WaiterRecord { request, client: client.0, open, called: waiter.is_called() };
        self.put(Key::Waiter(file, waiter.place()), &record);
    }
}

/// Reads which client waits.
pub fn client_of(value: &[u8]) -> Result<ClientId, Malformed> {
    Ok(ClientId(decode::<WaiterRecord>(value)?.client))
}

pub fn restore(core: &mut Core, file: u64, place: u64, value: &[u8]) -> Result<(), Malformed> {
    let record: WaiterRecord = decode(value)?;
    let request = record.request.value()?;
    let owner = request.owner;
    let open = (ClientId(record.client), record.open);
    check(core, file, owner, open)?;
    let now = core.instance.started();
    let waiter = Waiter::new(now, request, place, open, record.called);
    require(core.files.restore_waiter(file, waiter))?;
    core.waiting.restore(owner, (file, place));
    Ok(())
}

/// Requires that the client that waits has the file open, and that the owner is its own. Of a client that is gone the parts
/// go one by one.
fn check(core: &Core, file: u64, owner: OwnerId, (id, open): (ClientId, u32)) -> Result<(), Malformed> {
    let client_of_owner = core.lock_owners.client_of(owner).ok_or(Malformed)?;
    let client = core.clients.get(id).ok_or(Malformed)?;
    let is_open = client.open(open).is_some_and(|open| open.file() == file);
    require(client.has_expired() || is_open && client_of_owner == id)
}

pub fn show(value: &[u8]) -> Result<Value, Malformed> {
    codec::show(decode::<WaiterRecord>(value)?)
}
