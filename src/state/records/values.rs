//! What is in a record. Plain numbers and bytes; what they must be is checked when they are read back.
//!
//! The store knows one number for the form of all records (`store`): a change here is a new form, and the old one must
//! still be read.

use super::decode::{Wrong, read};
use super::reply::LastRecord;
use super::text::{clientid, hex, text, text_if_any};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `RecordKind::Instance`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceRecord {
    /// The epoch in which the state began: clientids and stateids of earlier ones are stale.
    pub since: u32,
}

/// `RecordKind::Epochs`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochsRecord {
    /// The last of the epochs of which the key has the first.
    pub last: u32,
}

/// `RecordKind::Client`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientRecord<'a> {
    #[serde(borrow, serialize_with = "text")]
    pub name: &'a [u8],
    #[serde(serialize_with = "hex")]
    pub verifier: [u8; 8],
    /// uid of `AUTH_SYS`.
    pub principal: Option<u32>,
    pub callback: CallbackRecord<'a>,
    #[serde(serialize_with = "hex")]
    pub confirm: [u8; 8],
    pub expired: StandingRecord,
    pub recorded: bool,
    pub reclaim_complete: bool,
    /// No serial from here on was given out.
    pub serials_end: u32,
    pub create: CreateRecord,
}

/// What is left of a client. Expired and forgotten ones are in teardown while they have records of other kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandingRecord {
    Current,
    /// It expired: its clientid is known, and nothing else of it.
    Expired,
    /// Nobody knows it any more.
    Forgotten,
}

/// One byte, as the truth values that were here at first. People read whether it expired.
impl Serialize for StandingRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serializer.is_human_readable() {
            true => serializer.serialize_bool(*self != Self::Current),
            false => serializer.serialize_u8(*self as u8),
        }
    }
}

impl<'de> Deserialize<'de> for StandingRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            0 => Ok(Self::Current),
            1 => Ok(Self::Expired),
            2 => Ok(Self::Forgotten),
            _ => Err(serde::de::Error::custom("no standing of a client")),
        }
    }
}

/// `RecordKind::Unconfirmed`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnconfirmedRecord<'a> {
    #[serde(borrow, serialize_with = "text")]
    pub name: &'a [u8],
    #[serde(serialize_with = "hex")]
    pub verifier: [u8; 8],
    pub principal: Option<u32>,
    pub callback: CallbackRecord<'a>,
    #[serde(serialize_with = "hex")]
    pub confirm: [u8; 8],
    pub create: CreateRecord,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackRecord<'a> {
    pub program: u32,
    #[serde(borrow, serialize_with = "text")]
    pub netid: &'a [u8],
    #[serde(serialize_with = "text")]
    pub addr: &'a [u8],
    pub ident: u32,
}

/// The number of the next CREATE_SESSION, and the last one with its reply.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateRecord {
    pub next: u32,
    pub last: Option<CreatedRecord>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedRecord {
    pub sequence: u32,
    #[serde(serialize_with = "hex")]
    pub id: [u8; 16],
    pub back_channel: bool,
    pub fore: AttrsRecord,
    pub back: AttrsRecord,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttrsRecord {
    pub maxrequestsize: u32,
    pub maxresponsesize: u32,
    pub maxresponsesize_cached: u32,
    pub maxoperations: u32,
    pub maxrequests: u32,
}

/// `RecordKind::Session`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRecord<'a> {
    #[serde(serialize_with = "clientid")]
    pub client: u64,
    pub minor: u32,
    pub fore: AttrsRecord,
    pub slots: u32,
    pub asked_highest: Option<u32>,
    pub back_wanted: bool,
    pub back_program: u32,
    #[serde(borrow)]
    pub back_sec: Option<SecRecord<'a>>,
    pub back_slots: u32,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecRecord<'a> {
    None,
    Sys(#[serde(borrow, serialize_with = "text")] &'a [u8]),
}

/// `RecordKind::Slot`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotRecord<'a> {
    pub sequenceid: u32,
    pub request: u64,
    #[serde(borrow)]
    pub last: SlotLastRecord<'a>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SlotLastRecord<'a> {
    Uncached,
    Cached(#[serde(borrow, serialize_with = "text")] &'a [u8]),
    Half(Vec<DoneRecord<'a>>),
}

/// The result of one operation of a COMPOUND, and what it left as current.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoneRecord<'a> {
    pub index: u32,
    #[serde(borrow, serialize_with = "text")]
    pub result: &'a [u8],
    #[serde(serialize_with = "text_if_any")]
    pub fh: Option<&'a [u8]>,
    pub stateid: StateidRecord,
}

/// `RecordKind::BackSlot`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackSlotRecord<'a> {
    pub sequenceid: u32,
    #[serde(borrow)]
    pub call: Option<CallRecord<'a>>,
}

/// A CB_NOTIFY_LOCK that was not answered yet.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRecord<'a> {
    #[serde(borrow, serialize_with = "text")]
    pub fh: &'a [u8],
    pub highest_slotid: u32,
    #[serde(serialize_with = "clientid")]
    pub clientid: u64,
    #[serde(serialize_with = "text")]
    pub owner: &'a [u8],
    pub want: LockRequestRecord,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockRequestRecord {
    pub owner: u64,
    pub first: u64,
    pub last: u64,
    pub write: bool,
}

/// `RecordKind::OpenOwner`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenOwnerRecord<'a> {
    pub confirmed: bool,
    /// Serial of the open it closed last.
    pub closed: Option<u32>,
    #[serde(borrow)]
    pub last: Option<LastRecord<'a>>,
}

/// `RecordKind::LockOwner`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockOwnerRecord<'a> {
    #[serde(serialize_with = "clientid")]
    pub client: u64,
    #[serde(borrow, serialize_with = "text")]
    pub owner: &'a [u8],
    pub last: Option<LastRecord<'a>>,
}

/// `RecordKind::File`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord<'a> {
    #[serde(borrow, serialize_with = "text")]
    pub fh: &'a [u8],
    /// Not the last one where a `LockRecord` has a greater one.
    pub generation: u64,
}

/// `RecordKind::Open`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRecord<'a> {
    pub seqid: u32,
    #[serde(borrow, serialize_with = "text")]
    pub owner: &'a [u8],
    pub file: u64,
    pub principal: Option<u32>,
    pub access: u8,
    pub deny: u8,
    pub asked: u16,
}

/// `RecordKind::Lock`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockRecord {
    /// The number of the exclusive lock that was granted under it last; 0 if none was.
    pub generation: u64,
    pub seqid: u32,
    pub owner: u64,
    pub file: u64,
    pub open: u32,
}

impl LockRecord {
    /// Stores before format 4 have no generation here: that of the file is the last one. What is left of a record that was
    /// cut is not taken for such a one, for its first number would be a generation: 0, or more than a seqid can be.
    pub fn read(value: &[u8]) -> Result<Self, Wrong> {
        read(value).or_else(|_: Wrong| match read::<(u32, u64, u64, u32)>(value)? {
            (0, ..) => Err(Wrong),
            (seqid, owner, file, open) => Ok(Self { generation: 0, seqid, owner, file, open }),
        })
    }
}

/// `RecordKind::Range`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeRecord {
    pub last: u64,
    pub write: bool,
}

/// `RecordKind::Waiter`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaiterRecord {
    pub want: LockRequestRecord,
    #[serde(serialize_with = "clientid")]
    pub client: u64,
    pub open: u32,
    pub called: bool,
}

/// `RecordKind::Revoked`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokedRecord<'a> {
    pub seqid: u32,
    #[serde(borrow)]
    pub owner: &'a [u8],
    /// Of a lock stateid.
    pub open: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateidRecord {
    pub seqid: u32,
    #[serde(serialize_with = "hex")]
    pub other: [u8; 12],
}
