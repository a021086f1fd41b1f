//! The seqid of an owner and the replay of its last reply (RFC 7530 §9.1.7 to §9.1.9).

use super::reply::OpenReply;
use crate::nfs4::{ClientId, Stateid, Status};
use crate::state::locks::LockReply;

/// Digest of a request's arguments: a repeated seqid with other arguments is no retransmission.
pub type Digest = u64;

/// The reply to the last request that an owner's seqid numbered, kept until the next one.
#[derive(Clone, Debug)]
pub enum LastReply {
    /// To OPEN. `None` while the request is still being executed.
    Open(Result<Box<OpenReply>, Status>),
    /// To OPEN_CONFIRM.
    OpenConfirm(Result<Stateid, Status>),
    /// To OPEN_DOWNGRADE.
    OpenDowngrade(Result<Stateid, Status>),
    /// To CLOSE.
    Close(Result<Stateid, Status>),
    /// To LOCK.
    Lock(LockReply),
    /// To LOCKU.
    Locku(Result<Stateid, Status>),
}

/// What the seqid says about a request.
#[derive(Debug)]
pub enum SeqidCheck<'a> {
    /// It is the next one.
    Next,
    /// It is the last one again.
    Again(&'a LastReply),
}

/// Numbers the requests of one owner, unless its client uses sessions: their slots do that, and the seqids of owners
/// mean nothing (RFC 8881 §8.13).
#[derive(Clone, Debug, Default)]
pub struct Sequence {
    unnumbered: bool,
    /// Of the many owners only some have one, so it lies apart.
    last: Option<Box<(u32, Digest, LastReply)>>,
}

impl Sequence {
    /// Creates the seqid of an owner of this client.
    pub fn of(client: ClientId) -> Self {
        Self { unnumbered: client.has_sessions(), last: None }
    }

    /// Returns whether it numbers anything.
    pub fn is_numbered(&self) -> bool {
        !self.unnumbered
    }

    /// Judges a request. The first request of an owner may carry any seqid. The seqid of an OPEN that failed may be used
    /// again: there are clients that do not count it (libnfs 4.0), and those that do never send it.
    /// Errors: `BadSeqid` when it is neither next nor last, or the last with other arguments.
    pub fn turn(&self, seqid: u32, request: Digest) -> Result<SeqidCheck<'_>, Status> {
        match self.last.as_deref() {
            None => Ok(SeqidCheck::Next),
            Some((last, _, _)) if seqid == last.wrapping_add(1) => Ok(SeqidCheck::Next),
            Some((last, digest, reply)) if seqid == *last && request == *digest => {
                Ok(SeqidCheck::Again(reply))
            }
            Some((last, _, LastReply::Open(Err(_)))) if seqid == *last => Ok(SeqidCheck::Next),
            Some(_) => Err(Status::BadSeqid),
        }
    }

    /// Notes the reply to the request that [`Sequence::turn`] called next, unless its status says that the seqid
    /// does not advance. Answers whether it did.
    pub fn record(&mut self, seqid: u32, request: Digest, reply: LastReply) -> bool {
        let noted = !self.unnumbered && reply.status().is_none_or(advances);
        match &mut self.last {
            _ if !noted => {}
            Some(last) => **last = (seqid, request, reply),
            None => self.last = Some(Box::new((seqid, request, reply))),
        }
        noted
    }

    /// Returns the last request with its digest and reply.
    pub fn last(&self) -> Option<&(u32, Digest, LastReply)> {
        self.last.as_deref()
    }

    /// Creates it as it was before a restart.
    pub fn restored(client: ClientId, last: Option<(u32, Digest, LastReply)>) -> Self {
        Self { unnumbered: client.has_sessions(), last: last.map(Box::new) }
    }

    /// Forgets everything: the next request may carry any seqid.
    pub fn restart(&mut self) {
        self.last = None;
    }
}

impl LastReply {
    fn status(&self) -> Option<Status> {
        match self {
            Self::Open(Err(status))
            | Self::OpenConfirm(Err(status))
            | Self::OpenDowngrade(Err(status))
            | Self::Close(Err(status))
            | Self::Lock(LockReply::Refused(status))
            | Self::Locku(Err(status)) => Some(*status),
            _ => None,
        }
    }
}

/// Returns whether a request that ends so still uses up its seqid (§9.1.7, last paragraph).
pub fn advances(status: Status) -> bool {
    !matches!(
        status,
        Status::StaleClientid
            | Status::StaleStateid
            | Status::BadStateid
            | Status::BadSeqid
            | Status::BadXdr
            | Status::Resource
            | Status::NoFilehandle
            | Status::Moved
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(status: Status) -> LastReply {
        LastReply::Close(Err(status))
    }

    #[test]
    fn any_seqid_begins_then_each_is_one_more() {
        let mut sequence = Sequence::default();
        assert!(matches!(sequence.turn(77, 1), Ok(SeqidCheck::Next)));
        sequence.record(77, 1, close(Status::Inval));
        assert!(matches!(sequence.turn(78, 2), Ok(SeqidCheck::Next)));
        assert!(matches!(sequence.turn(77, 1), Ok(SeqidCheck::Again(_))));
        assert_eq!(sequence.turn(77, 2).err(), Some(Status::BadSeqid));
        assert_eq!(sequence.turn(79, 2).err(), Some(Status::BadSeqid));
        assert_eq!(sequence.turn(76, 2).err(), Some(Status::BadSeqid));
    }

    #[test]
    fn the_seqid_of_a_failed_open_may_be_used_again() {
        let mut sequence = Sequence::default();
        sequence.record(77, 1, LastReply::Open(Err(Status::NoEnt)));
        assert!(matches!(sequence.turn(77, 1), Ok(SeqidCheck::Again(_))));
        assert!(matches!(sequence.turn(77, 2), Ok(SeqidCheck::Next)));
        assert!(matches!(sequence.turn(78, 2), Ok(SeqidCheck::Next)));
        assert_eq!(sequence.turn(76, 2).err(), Some(Status::BadSeqid));
    }

    #[test]
    fn seqids_wrap_to_zero() {
        let mut sequence = Sequence::default();
        sequence.record(u32::MAX, 1, close(Status::Inval));
        assert!(matches!(sequence.turn(0, 2), Ok(SeqidCheck::Next)));
    }

    #[test]
    fn eight_statuses_do_not_advance() {
        let mut sequence = Sequence::default();
        sequence.record(1, 1, close(Status::Denied));
        for status in [
            Status::StaleClientid,
            Status::StaleStateid,
            Status::BadStateid,
            Status::BadSeqid,
            Status::BadXdr,
            Status::Resource,
            Status::NoFilehandle,
            Status::Moved,
        ] {
            sequence.record(2, 2, close(status));
            assert!(matches!(sequence.turn(2, 3), Ok(SeqidCheck::Next)), "{status}");
        }
        sequence.record(2, 2, close(Status::OldStateid));
        assert!(matches!(sequence.turn(2, 2), Ok(SeqidCheck::Again(_))));
    }
}
