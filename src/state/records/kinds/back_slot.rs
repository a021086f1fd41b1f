//! A slot of the back channel of a session ([`Key::BackSlot`]), with its call if that was not answered yet.

use crate::nfs4::{ClientId, ConnectionId, LockOwner, SessionId};
use crate::state::callbacks::{BackSlot, CallbackBody, CallbackCall, CallbackSec, Calls, Outstanding};
use crate::state::records::changes::Changes;
use crate::state::records::codec::{self, Malformed, decode, filehandle, require};
use crate::state::records::key::Key;
use crate::state::records::parts::LockRequestPart;
use crate::state::records::text::{clientid, text};
use crate::state::sessions::Sessions;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Serialize, Deserialize)]
struct BackSlotRecord<'a> {
    sequenceid: u32,
    #[serde(borrow)]
    call: Option<CallPart<'a>>,
}

/// Stores a CB_NOTIFY_LOCK that was not answered yet.
#[derive(Debug, Serialize, Deserialize)]
struct CallPart<'a> {
    #[serde(borrow, serialize_with = "text")]
    fh: &'a [u8],
    highest_slotid: u32,
    #[serde(serialize_with = "clientid")]
    clientid: u64,
    #[serde(serialize_with = "text")]
    owner: &'a [u8],
    #[serde(rename = "want")]
    request: LockRequestPart,
}

impl<'a> CallPart<'a> {
    fn new(outstanding: &'a Outstanding) -> Self {
        let call = outstanding.call();
        match &call.body {
            CallbackBody::NotifyLock { fh, owner } => Self {
                fh: fh.as_bytes(),
                highest_slotid: call.highest_slotid,
                clientid: owner.clientid.0,
                owner: &owner.owner,
                request: LockRequestPart::new(outstanding.request()),
            },
        }
    }

    fn body(&self) -> Result<CallbackBody, Malformed> {
        let owner = LockOwner { clientid: ClientId(self.clientid), owner: self.owner.into() };
        Ok(CallbackBody::NotifyLock { fh: filehandle(self.fh)?, owner })
    }
}

impl Changes {
    /// Writes a slot of a back channel; one that has never been used has no record.
    pub(in crate::state) fn put_back_slot(
        &mut self,
        id: SessionId,
        slotid: u32,
        slot: &BackSlot,
        call: Option<&Outstanding>,
    ) {
        let key = Key::BackSlot(id, slotid);
        let record = BackSlotRecord { sequenceid: slot.sequenceid(), call: call.map(CallPart::new) };
        match slot.is_unused() {
            true => self.delete(key),
            false => self.put(key, &record),
        }
    }
}

pub fn restore(
    sessions: &mut Sessions,
    calls: &mut Calls,
    id: SessionId,
    slotid: u32,
    value: &[u8],
) -> Result<(), Malformed> {
    let record: BackSlotRecord<'_> = decode(value)?;
    let session = sessions.get_mut(id).ok_or(Malformed)?;
    let call = calls.next_id();
    let (program, sec, _) = session.back().address_and_slots();
    let (program, sec) = (program, sec.cloned().unwrap_or(CallbackSec::None));
    let outstanding = record.call.as_ref().map(|_| call);
    require(session.back_mut().restore_slot(slotid, record.sequenceid, outstanding))?;
    let Some(stored) = &record.call else { return Ok(()) };
    let request = stored.request.value()?;
    let call = CallbackCall {
        id: call,
        connection: ConnectionId::default(),
        minor: session.minor(),
        program,
        sec,
        sessionid: id,
        sequenceid: record.sequenceid,
        slotid,
        highest_slotid: stored.highest_slotid,
        body: stored.body()?,
    };
    calls.restore(call, request);
    Ok(())
}

pub fn show(value: &[u8]) -> Result<Value, Malformed> {
    codec::show(decode::<BackSlotRecord<'_>>(value)?)
}
