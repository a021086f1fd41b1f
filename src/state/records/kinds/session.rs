//! A session ([`Key::Session`]), without what is in its slots.

use crate::nfs4::{ClientId, SessionId};
use crate::state::callbacks::{BackChannel, CallbackSec};
use crate::state::core::Core;
use crate::state::records::changes::Changes;
use crate::state::records::codec::{self, Malformed, decode, require};
use crate::state::records::key::Key;
use crate::state::records::parts::ChannelAttrsPart;
use crate::state::records::text::{clientid, text};
use crate::state::sessions::{Session, Slots};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Serialize, Deserialize)]
struct SessionRecord<'a> {
    #[serde(serialize_with = "clientid")]
    client: u64,
    minor: u32,
    fore: ChannelAttrsPart,
    slots: u32,
    asked_highest: Option<u32>,
    back_wanted: bool,
    back_program: u32,
    #[serde(borrow)]
    back_sec: Option<SecPart<'a>>,
    back_slots: u32,
}

/// Stores the credentials of callbacks.
#[derive(Debug, Serialize, Deserialize)]
enum SecPart<'a> {
    None,
    Sys(#[serde(borrow, serialize_with = "text")] &'a [u8]),
}

impl<'a> SecPart<'a> {
    fn new(sec: &'a CallbackSec) -> Self {
        match sec {
            CallbackSec::None => Self::None,
            CallbackSec::Sys(body) => Self::Sys(body),
        }
    }

    fn value(&self) -> CallbackSec {
        match self {
            Self::None => CallbackSec::None,
            Self::Sys(body) => CallbackSec::Sys((*body).into()),
        }
    }
}

impl Changes {
    /// Writes a session, without what is in its slots.
    pub(in crate::state) fn put_session(&mut self, id: SessionId, session: &Session) {
        let (program, sec, slots) = session.back().address_and_slots();
        let record = SessionRecord {
            client: session.client().0,
            minor: session.minor(),
            fore: ChannelAttrsPart::new(session.fore()),
            slots: session.slot_count(),
            asked_highest: session.asked_highest(),
            back_wanted: session.back().is_wanted(),
            back_program: program,
            back_sec: sec.map(SecPart::new),
            back_slots: slots as u32,
        };
        self.put(Key::Session(id), &record);
    }
}

/// Reads whose session it is.
pub fn client_of(value: &[u8]) -> Result<ClientId, Malformed> {
    Ok(ClientId(decode::<SessionRecord<'_>>(value)?.client))
}

pub fn restore(core: &mut Core, id: SessionId, value: &[u8]) -> Result<(), Malformed> {
    let record: SessionRecord<'_> = decode(value)?;
    let owner = ClientId(record.client);
    let client = core.clients.get_mut(owner).ok_or(Malformed)?;
    let slots_max = core.config.slots_max;
    require((1..=slots_max).contains(&record.slots) && record.back_slots <= slots_max)?;
    let sec = record.back_sec.as_ref().map(SecPart::value);
    let back = BackChannel::new(record.back_wanted, record.back_program, sec, record.back_slots);
    let slots = Slots::unsure(record.slots);
    let mut session = Session::new(owner, record.minor, record.fore.value(), slots, back);
    session.restore_asked_highest(record.asked_highest);
    client.add_session(id, record.back_wanted);
    core.sessions.insert(id, session);
    Ok(())
}

pub fn show(value: &[u8]) -> Result<Value, Malformed> {
    codec::show(decode::<SessionRecord<'_>>(value)?)
}
