//! Keys of records.

use super::sink::Sink;
use super::text::readable;
use crate::nfs4::{ClientId, SessionId};
use crate::ranges::OwnerId;
use serde_json::{Value, json};

/// What names a record. Numbers are written so that their order is that of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key<'a> {
    /// The instance: since which epoch it has its state.
    Instance,
    /// Epochs of another instance whose state was adopted, by the first of them.
    Epochs(u32),
    /// A client of this name (`nfs_client_id4.id`) may reclaim.
    Reclaim(&'a [u8]),
    /// A confirmed client.
    Client(ClientId),
    /// A client that waits to be confirmed. The clientid can be that of a confirmed one, whose callback it changes.
    Unconfirmed(ClientId),
    /// A session.
    Session(SessionId),
    /// A slot of its fore channel.
    Slot(SessionId, u32),
    /// A slot of its back channel.
    BackSlot(SessionId, u32),
    /// An open_owner without sessions.
    OpenOwner(ClientId, &'a [u8]),
    /// A lock_owner.
    LockOwner(OwnerId),
    /// A file with state, by the core's own number for it.
    File(u64),
    /// An open, by its serial.
    Open(ClientId, u32),
    /// A lock stateid, by its serial.
    Lock(ClientId, u32),
    /// A byte range of an owner on a file, by its first byte.
    Range(u64, OwnerId, u64),
    /// A place in the queue of a file.
    Waiter(u64, u64),
    /// A stateid that was taken back, by its serial.
    Revoked(ClientId, u32),
}

/// Says what a record is of. The numbers are the first bytes of keys: they never change their meaning, records are read in
/// their order, and gaps are left for what comes between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // as in `Key`
#[repr(u8)]
pub enum RecordKind {
    Instance = 1,
    Epochs = 2,
    Reclaim = 5,
    Client = 9,
    Unconfirmed = 13,
    Session = 17,
    Slot = 21,
    BackSlot = 25,
    OpenOwner = 29,
    LockOwner = 33,
    File = 37,
    Open = 41,
    Lock = 45,
    Range = 49,
    Waiter = 53,
    Revoked = 57,
}

impl RecordKind {
    /// All of them, in the order of their records.
    pub const ALL: [Self; 16] = [
        Self::Instance,
        Self::Epochs,
        Self::Reclaim,
        Self::Client,
        Self::Unconfirmed,
        Self::Session,
        Self::Slot,
        Self::BackSlot,
        Self::OpenOwner,
        Self::LockOwner,
        Self::File,
        Self::Open,
        Self::Lock,
        Self::Range,
        Self::Waiter,
        Self::Revoked,
    ];
}

impl<'a> Key<'a> {
    /// Returns what the record is of.
    pub fn kind(&self) -> RecordKind {
        match self {
            Self::Instance => RecordKind::Instance,
            Self::Epochs(_) => RecordKind::Epochs,
            Self::Reclaim(_) => RecordKind::Reclaim,
            Self::Client(_) => RecordKind::Client,
            Self::Unconfirmed(_) => RecordKind::Unconfirmed,
            Self::Session(_) => RecordKind::Session,
            Self::Slot(..) => RecordKind::Slot,
            Self::BackSlot(..) => RecordKind::BackSlot,
            Self::OpenOwner(..) => RecordKind::OpenOwner,
            Self::LockOwner(_) => RecordKind::LockOwner,
            Self::File(_) => RecordKind::File,
            Self::Open(..) => RecordKind::Open,
            Self::Lock(..) => RecordKind::Lock,
            Self::Range(..) => RecordKind::Range,
            Self::Waiter(..) => RecordKind::Waiter,
            Self::Revoked(..) => RecordKind::Revoked,
        }
    }

    /// Returns the first byte of the key.
    pub(in crate::state) fn tag(&self) -> u8 {
        self.kind() as u8
    }

    #[inline]
    pub(in crate::state) fn write(&self, out: &mut impl Sink) {
        out.bytes(&[self.tag()]);
        match *self {
            Self::Instance => {}
            Self::Epochs(first) => out.bytes(&first.to_be_bytes()),
            Self::Reclaim(name) => out.bytes(name),
            Self::Client(id) | Self::Unconfirmed(id) => out.bytes(&id.0.to_be_bytes()),
            Self::Session(id) => out.bytes(&id.0),
            Self::Slot(id, slot) | Self::BackSlot(id, slot) => {
                out.bytes(&id.0);
                out.bytes(&slot.to_be_bytes());
            }
            Self::OpenOwner(id, owner) => {
                out.bytes(&id.0.to_be_bytes());
                out.bytes(owner);
            }
            Self::LockOwner(id) => out.bytes(&id.0.to_be_bytes()),
            Self::File(file) => out.bytes(&file.to_be_bytes()),
            Self::Open(id, serial) | Self::Lock(id, serial) | Self::Revoked(id, serial) => {
                out.bytes(&id.0.to_be_bytes());
                out.bytes(&serial.to_be_bytes());
            }
            Self::Range(file, owner, first) => {
                [file, owner.0, first].iter().for_each(|number| out.bytes(&number.to_be_bytes()));
            }
            Self::Waiter(file, place) => {
                [file, place].iter().for_each(|number| out.bytes(&number.to_be_bytes()));
            }
        }
    }

    /// Returns the key in `bytes`; `None` when it is none that this version knows.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&tag, rest) = bytes.split_first()?;
        let kind = RecordKind::ALL.into_iter().find(|kind| *kind as u8 == tag)?;
        let mut rest = Rest(rest);
        let key = match kind {
            RecordKind::Instance => Self::Instance,
            RecordKind::Epochs => Self::Epochs(rest.number()?),
            RecordKind::Reclaim => return Some(Self::Reclaim(rest.0)),
            RecordKind::Client => Self::Client(rest.client()?),
            RecordKind::Unconfirmed => Self::Unconfirmed(rest.client()?),
            RecordKind::Session => Self::Session(rest.session()?),
            RecordKind::Slot => Self::Slot(rest.session()?, rest.number()?),
            RecordKind::BackSlot => Self::BackSlot(rest.session()?, rest.number()?),
            RecordKind::OpenOwner => return Some(Self::OpenOwner(rest.client()?, rest.0)),
            RecordKind::LockOwner => Self::LockOwner(OwnerId(rest.long()?)),
            RecordKind::File => Self::File(rest.long()?),
            RecordKind::Open => Self::Open(rest.client()?, rest.number()?),
            RecordKind::Lock => Self::Lock(rest.client()?, rest.number()?),
            RecordKind::Range => Self::Range(rest.long()?, OwnerId(rest.long()?), rest.long()?),
            RecordKind::Waiter => Self::Waiter(rest.long()?, rest.long()?),
            RecordKind::Revoked => Self::Revoked(rest.client()?, rest.number()?),
        };
        rest.0.is_empty().then_some(key)
    }

    /// Converts the key to JSON. Numbers of clients and sessions are hexadecimal; names are text if they can be.
    pub(super) fn show(&self) -> Value {
        let clientid = |id: ClientId| format!("{:016x}", id.0);
        let sessionid = |id: SessionId| format!("{:032x}", u128::from_be_bytes(id.0));
        match *self {
            Self::Instance => Value::Null,
            Self::Epochs(first) => json!({ "first": first }),
            Self::Reclaim(name) => json!({ "name": readable(name) }),
            Self::Client(id) | Self::Unconfirmed(id) => json!({ "clientid": clientid(id) }),
            Self::Session(id) => json!({ "sessionid": sessionid(id) }),
            Self::Slot(id, slot) | Self::BackSlot(id, slot) => {
                json!({ "sessionid": sessionid(id), "slotid": slot })
            }
            Self::OpenOwner(id, owner) => json!({ "clientid": clientid(id), "owner": readable(owner) }),
            Self::LockOwner(id) => json!({ "lock_owner": id.0 }),
            Self::File(file) => json!({ "file": file }),
            Self::Open(id, serial) | Self::Lock(id, serial) | Self::Revoked(id, serial) => {
                json!({ "clientid": clientid(id), "serial": serial })
            }
            Self::Range(file, owner, first) => {
                json!({ "file": file, "lock_owner": owner.0, "first": first })
            }
            Self::Waiter(file, place) => json!({ "file": file, "place": place }),
        }
    }
}

/// What is still to be read of a key.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*bytes)
    }

    fn number(&mut self) -> Option<u32> {
        self.take().map(u32::from_be_bytes)
    }

    fn long(&mut self) -> Option<u64> {
        self.take().map(u64::from_be_bytes)
    }

    fn client(&mut self) -> Option<ClientId> {
        self.long().map(ClientId)
    }

    fn session(&mut self) -> Option<SessionId> {
        self.take().map(SessionId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_and_keep_their_order() {
        let (client, session) = (ClientId(0x0102_0304_8506_0708), SessionId([9; 16]));
        let keys = [
            Key::Instance,
            Key::Epochs(7),
            Key::Reclaim(b"name"),
            Key::Client(client),
            Key::Unconfirmed(client),
            Key::Session(session),
            Key::Slot(session, 3),
            Key::BackSlot(session, 4),
            Key::OpenOwner(client, b"owner"),
            Key::LockOwner(OwnerId(5)),
            Key::File(255),
            Key::File(256),
            Key::Open(client, 6),
            Key::Lock(client, 7),
            Key::Range(1, OwnerId(2), 3),
            Key::Waiter(1, 9),
            Key::Revoked(client, 8),
        ];
        let mut before = Vec::new();
        for key in keys {
            let mut bytes = Vec::new();
            key.write(&mut bytes);
            assert_eq!(Key::read(&bytes), Some(key));
            assert!(before < bytes, "{key:?}");
            let named = matches!(key, Key::Reclaim(_) | Key::OpenOwner(..));
            assert!(named || Key::read(&bytes[..bytes.len() - 1]).is_none(), "{key:?} cut");
            bytes.push(0);
            assert!(named || Key::read(&bytes).is_none(), "{key:?} and more");
            bytes.pop();
            before = bytes;
        }
        assert!(Key::read(&[]).is_none() && Key::read(&[3]).is_none() && Key::read(&[253]).is_none());
    }

    /// Stores of all versions have these.
    #[test]
    fn kinds_keep_their_numbers() {
        let numbers = RecordKind::ALL.map(|kind| kind as u8);
        assert_eq!(numbers, [1, 2, 5, 9, 13, 17, 21, 25, 29, 33, 37, 41, 45, 49, 53, 57]);
    }
}
