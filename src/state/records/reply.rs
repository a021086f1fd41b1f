//! The last reply of an owner, as a record and back.

use super::text::{clientid, text};
use super::values::{LockRequestRecord, StateidRecord};
use crate::nfs4::{ClientId, Filehandle, LockKind, LockOwner, Principal, Range, Stateid, Status};
use crate::state::locks::{Denied, LockReply};
use crate::state::opens::{Digest, LastReply};
use crate::state::opens::{OpenEffects, OpenReply};
use serde::{Deserialize, Serialize};

/// The last request that an owner's seqid numbered.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRecord<'a> {
    pub seqid: u32,
    pub request: u64,
    #[serde(borrow)]
    pub reply: ReplyRecord<'a>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReplyRecord<'a> {
    #[serde(borrow)]
    Open(Result<OpenReplyRecord<'a>, u32>),
    OpenConfirm(Result<StateidRecord, u32>),
    OpenDowngrade(Result<StateidRecord, u32>),
    Close(Result<StateidRecord, u32>),
    Granted(StateidRecord),
    Denied(DeniedRecord<'a>),
    Refused(u32),
    Locku(Result<StateidRecord, u32>),
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenReplyRecord<'a> {
    pub stateid: StateidRecord,
    #[serde(borrow, serialize_with = "text")]
    pub fh: &'a [u8],
    pub confirm: bool,
    pub may_notify: bool,
    pub atomic: bool,
    pub before: u64,
    pub after: u64,
    pub attrset: [u32; 3],
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeniedRecord<'a> {
    pub first: u64,
    pub last: u64,
    pub write: bool,
    #[serde(serialize_with = "clientid")]
    pub clientid: u64,
    #[serde(borrow, serialize_with = "text")]
    pub owner: &'a [u8],
}

/// A record says something that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonsense;

impl<'a> LastRecord<'a> {
    pub fn new((seqid, request, reply): &'a (u32, Digest, LastReply)) -> Self {
        Self { seqid: *seqid, request: *request, reply: ReplyRecord::new(reply) }
    }

    pub fn value(&self) -> Result<(u32, Digest, LastReply), Nonsense> {
        Ok((self.seqid, self.request, self.reply.value()?))
    }
}

impl<'a> ReplyRecord<'a> {
    fn new(reply: &'a LastReply) -> Self {
        let stateid =
            |result: &Result<Stateid, Status>| result.map(StateidRecord::from).map_err(Status::number);
        match reply {
            LastReply::Open(Ok(open)) => Self::Open(Ok(OpenReplyRecord::new(open))),
            LastReply::Open(Err(status)) => Self::Open(Err(status.number())),
            LastReply::OpenConfirm(result) => Self::OpenConfirm(stateid(result)),
            LastReply::OpenDowngrade(result) => Self::OpenDowngrade(stateid(result)),
            LastReply::Close(result) => Self::Close(stateid(result)),
            LastReply::Lock(LockReply::Granted(granted)) => Self::Granted((*granted).into()),
            LastReply::Lock(LockReply::Denied(denied)) => Self::Denied(DeniedRecord::new(denied)),
            LastReply::Lock(LockReply::Refused(status)) => Self::Refused(status.number()),
            LastReply::Locku(result) => Self::Locku(stateid(result)),
        }
    }

    fn value(&self) -> Result<LastReply, Nonsense> {
        let stateid = |result: &Result<StateidRecord, u32>| {
            Ok(match result {
                Ok(stateid) => Ok(Stateid::from(*stateid)),
                Err(number) => Err(status(*number)?),
            })
        };
        Ok(match self {
            Self::Open(Ok(open)) => LastReply::Open(Ok(Box::new(open.value()?))),
            Self::Open(Err(number)) => LastReply::Open(Err(status(*number)?)),
            Self::OpenConfirm(result) => LastReply::OpenConfirm(stateid(result)?),
            Self::OpenDowngrade(result) => LastReply::OpenDowngrade(stateid(result)?),
            Self::Close(result) => LastReply::Close(stateid(result)?),
            Self::Granted(granted) => LastReply::Lock(LockReply::Granted((*granted).into())),
            Self::Denied(denied) => LastReply::Lock(LockReply::Denied(Box::new(denied.value()?))),
            Self::Refused(number) => LastReply::Lock(LockReply::Refused(status(*number)?)),
            Self::Locku(result) => LastReply::Locku(stateid(result)?),
        })
    }
}

impl<'a> OpenReplyRecord<'a> {
    fn new(reply: &'a OpenReply) -> Self {
        let OpenReply { stateid, fh, confirm, may_notify, effects } = reply;
        let OpenEffects { atomic, before, after, attrset } = *effects;
        Self {
            stateid: (*stateid).into(),
            fh: fh.as_bytes(),
            confirm: *confirm,
            may_notify: *may_notify,
            atomic,
            before,
            after,
            attrset,
        }
    }

    fn value(&self) -> Result<OpenReply, Nonsense> {
        let Self { confirm, may_notify, atomic, before, after, attrset, .. } = *self;
        Ok(OpenReply {
            stateid: self.stateid.into(),
            fh: filehandle(self.fh)?,
            confirm,
            may_notify,
            effects: OpenEffects { atomic, before, after, attrset },
        })
    }
}

impl<'a> DeniedRecord<'a> {
    fn new(denied: &'a Denied) -> Self {
        Self {
            first: denied.range.first(),
            last: denied.range.last(),
            write: denied.kind == LockKind::Write,
            clientid: denied.owner.clientid.0,
            owner: &denied.owner.owner,
        }
    }

    fn value(&self) -> Result<Denied, Nonsense> {
        let range = Range::new(self.first, self.last).ok_or(Nonsense)?;
        let owner = LockOwner { clientid: ClientId(self.clientid), owner: self.owner.into() };
        Ok(Denied { range, kind: lock_kind(self.write), owner })
    }
}

impl From<Stateid> for StateidRecord {
    fn from(Stateid { seqid, other }: Stateid) -> Self {
        Self { seqid, other }
    }
}

impl From<StateidRecord> for Stateid {
    fn from(StateidRecord { seqid, other }: StateidRecord) -> Self {
        Self { seqid, other }
    }
}

impl LockRequestRecord {
    pub fn range(&self) -> Result<Range, Nonsense> {
        Range::new(self.first, self.last).ok_or(Nonsense)
    }
}

pub fn lock_kind(write: bool) -> LockKind {
    if write { LockKind::Write } else { LockKind::Read }
}

pub fn filehandle(bytes: &[u8]) -> Result<Filehandle, Nonsense> {
    Filehandle::new(bytes).ok_or(Nonsense)
}

pub fn principal(uid: Option<u32>) -> Principal {
    uid.map_or(Principal::None, |uid| Principal::Sys { uid })
}

pub fn uid(principal: Principal) -> Option<u32> {
    match principal {
        Principal::None => None,
        Principal::Sys { uid } => Some(uid),
    }
}

fn status(number: u32) -> Result<Status, Nonsense> {
    Status::from_number(number).ok_or(Nonsense)
}
