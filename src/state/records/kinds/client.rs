//! A confirmed client ([`Key::Client`]).

use crate::nfs4::ClientId;
use crate::state::clients::{Client, Identity};
use crate::state::core::Core;
use crate::state::records::changes::{Changes, ClientChange};
use crate::state::records::codec::{self, Malformed, decode, principal, require, uid};
use crate::state::records::key::Key;
use crate::state::records::parts::{CallbackPart, CreateSessionPart};
use crate::state::records::text::{hex, text};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

#[derive(Debug, Serialize, Deserialize)]
struct ClientRecord<'a> {
    #[serde(borrow, serialize_with = "text")]
    name: &'a [u8],
    #[serde(serialize_with = "hex")]
    verifier: [u8; 8],
    /// uid of `AUTH_SYS`.
    principal: Option<u32>,
    callback: CallbackPart<'a>,
    #[serde(serialize_with = "hex")]
    confirm: [u8; 8],
    expired: Standing,
    recorded: bool,
    reclaim_complete: bool,
    /// No serial from here on was given out.
    serials_end: u32,
    create: CreateSessionPart,
}

/// Says what is left of a client. Expired and forgotten ones are in teardown while they have records of other kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It can use its state.
    Current,
    /// It expired: its clientid is known, and nothing else of it.
    Expired,
    /// Nobody knows it any more.
    Forgotten,
}

impl Standing {
    fn of(client: &Client) -> Self {
        match (client.has_expired(), client.is_forgotten()) {
            (_, true) => Self::Forgotten,
            (true, false) => Self::Expired,
            (false, false) => Self::Current,
        }
    }
}

/// Writes one byte, as the truth value that was here at first. People read whether the client expired.
impl Serialize for Standing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serializer.is_human_readable() {
            true => serializer.serialize_bool(*self != Self::Current),
            false => serializer.serialize_u8(*self as u8),
        }
    }
}

impl<'de> Deserialize<'de> for Standing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            0 => Ok(Self::Current),
            1 => Ok(Self::Expired),
            2 => Ok(Self::Forgotten),
            _ => Err(serde::de::Error::custom("no standing of a client")),
        }
    }
}

impl Changes {
    /// Writes a confirmed client, without what it holds.
    pub(in crate::state) fn put_client(&mut self, client: &Client) {
        let identity = client.identity();
        let record = ClientRecord {
            name: client.name(),
            verifier: identity.verifier,
            principal: uid(identity.principal),
            callback: CallbackPart::new(&identity.callback),
            confirm: identity.confirm,
            expired: Standing::of(client),
            recorded: client.is_recorded(),
            reclaim_complete: client.has_reclaimed(),
            serials_end: client.serials_end(),
            create: CreateSessionPart::new(client.create()),
        };
        self.put(Key::Client(client.id()), &record);
    }
}

/// Reads the name of a client and what is left of it.
pub fn name_and_standing(value: &[u8]) -> Result<(&[u8], Standing), Malformed> {
    let record: ClientRecord<'_> = decode(value)?;
    Ok((record.name, record.expired))
}

pub fn restore(core: &mut Core, id: ClientId, value: &[u8]) -> Result<(), Malformed> {
    let record: ClientRecord<'_> = decode(value)?;
    require(core.instance.can_restore(id))?;
    let identity = Identity {
        verifier: record.verifier,
        principal: principal(record.principal),
        callback: record.callback.value(),
        confirm: record.confirm,
    };
    let standing = (record.expired != Standing::Current, record.expired == Standing::Forgotten);
    let reclaim = (record.recorded, record.reclaim_complete);
    let start = (core.instance.started(), core.instance.seed());
    let mut client = Client::new(id, record.name, (identity, record.create.value()), start);
    client.restore(standing, reclaim, record.serials_end);
    if record.recorded {
        core.effects.changes.client(ClientChange::ClientRecorded(record.name.into()));
    }
    require(core.clients.restore(client))
}

pub fn show(value: &[u8]) -> Result<Value, Malformed> {
    codec::show(decode::<ClientRecord<'_>>(value)?)
}
