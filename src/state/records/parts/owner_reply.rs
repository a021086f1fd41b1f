//! The last reply of an owner (RFC 7530 §9.1.7).

use super::stateid::StateidPart;
use crate::nfs4::{ClientId, LockKind, LockOwner, Stateid, Status};
use crate::state::locks::{Denied, LockReply};
use crate::state::opens::{Digest, LastReply};
use crate::state::opens::{OpenEffects, OpenReply};
use crate::state::records::codec::{Malformed, filehandle, lock_kind, range, status};
use crate::state::records::text::{clientid, text};
use serde::{Deserialize, Serialize};

/// Stores the last request that an owner's seqid numbered, with its reply.
#[derive(Debug, Serialize, Deserialize)]
pub struct OwnerReplyPart<'a> {
    seqid: u32,
    request: u64,
    #[serde(borrow)]
    reply: ReplyPart<'a>,
}

/// Stores a reply; errors are numbers of statuses.
#[derive(Debug, Serialize, Deserialize)]
enum ReplyPart<'a> {
    #[serde(borrow)]
    Open(Result<OpenReplyPart<'a>, u32>),
    OpenConfirm(Result<StateidPart, u32>),
    OpenDowngrade(Result<StateidPart, u32>),
    Close(Result<StateidPart, u32>),
    Granted(StateidPart),
    Denied(DeniedPart<'a>),
    Refused(u32),
    Locku(Result<StateidPart, u32>),
}

/// Stores the reply to an OPEN.
#[derive(Debug, Serialize, Deserialize)]
struct OpenReplyPart<'a> {
    stateid: StateidPart,
    #[serde(borrow, serialize_with = "text")]
    fh: &'a [u8],
    confirm: bool,
    may_notify: bool,
    atomic: bool,
    before: u64,
    after: u64,
    attrset: [u32; 3],
}

/// Stores the conflicting lock of a denied LOCK.
#[derive(Debug, Serialize, Deserialize)]
struct DeniedPart<'a> {
    first: u64,
    last: u64,
    write: bool,
    #[serde(serialize_with = "clientid")]
    clientid: u64,
    #[serde(borrow, serialize_with = "text")]
    owner: &'a [u8],
}

impl<'a> OwnerReplyPart<'a> {
    /// Returns what is stored.
    pub fn new((seqid, request, reply): &'a (u32, Digest, LastReply)) -> Self {
        Self { seqid: *seqid, request: *request, reply: ReplyPart::new(reply) }
    }

    /// Returns what was stored. Errors: `Malformed`.
    pub fn value(&self) -> Result<(u32, Digest, LastReply), Malformed> {
        Ok((self.seqid, self.request, self.reply.value()?))
    }
}

impl<'a> ReplyPart<'a> {
    fn new(reply: &'a LastReply) -> Self {
        let stateid =
            |result: &Result<Stateid, Status>| result.map(StateidPart::from).map_err(Status::number);
        match reply {
            LastReply::Open(Ok(open)) => Self::Open(Ok(OpenReplyPart::new(open))),
            LastReply::Open(Err(status)) => Self::Open(Err(status.number())),
            LastReply::OpenConfirm(result) => Self::OpenConfirm(stateid(result)),
            LastReply::OpenDowngrade(result) => Self::OpenDowngrade(stateid(result)),
            LastReply::Close(result) => Self::Close(stateid(result)),
            LastReply::Lock(LockReply::Granted(granted)) => Self::Granted((*granted).into()),
            LastReply::Lock(LockReply::Denied(denied)) => Self::Denied(DeniedPart::new(denied)),
            LastReply::Lock(LockReply::Refused(status)) => Self::Refused(status.number()),
            LastReply::Locku(result) => Self::Locku(stateid(result)),
        }
    }

    fn value(&self) -> Result<LastReply, Malformed> {
        let stateid = |result: &Result<StateidPart, u32>| {
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

impl<'a> OpenReplyPart<'a> {
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

    fn value(&self) -> Result<OpenReply, Malformed> {
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

impl<'a> DeniedPart<'a> {
    fn new(denied: &'a Denied) -> Self {
        Self {
            first: denied.range.first(),
            last: denied.range.last(),
            write: denied.kind == LockKind::Write,
            clientid: denied.owner.clientid.0,
            owner: &denied.owner.owner,
        }
    }

    fn value(&self) -> Result<Denied, Malformed> {
        let range = range(self.first, self.last)?;
        let owner = LockOwner { clientid: ClientId(self.clientid), owner: self.owner.into() };
        Ok(Denied { range, kind: lock_kind(self.write), owner })
    }
}
