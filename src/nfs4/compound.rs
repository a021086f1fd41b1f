//! What is known of a COMPOUND from outside: who sent it, and how it is to be carried out.

use super::{ConnectionId, Cred, Principal, Stateid, Time};

/// Says who sent a COMPOUND, and when it is executed.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The principal that owners and clients are compared by.
    pub principal: Principal,
    /// The credential for the files, before squashing.
    pub cred: Cred,
    /// The time.
    pub now: Time,
    /// The connection that it came over.
    pub connection: ConnectionId,
    /// Whether the COMPOUND touches no files and does not block.
    pub nonblocking: bool,
}

/// Says how a COMPOUND is to be carried out. All `false` is always safe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Class {
    /// Whether it touches no file system and does not block.
    pub nonblocking: bool,
    /// Whether carrying it out twice is the same as once and changes no state of clients (RFC 7530 §3.1.1).
    pub idempotent: bool,
    /// Whether it is of NFSv4.1 or later: SEQUENCE, and not the duplicate request cache, detects its retransmission.
    pub sequenced: bool,
    /// The ranges that its first LOCK will look up.
    pub hint: Option<LockHint>,
    /// Most bytes that its reply takes, with the memory that is needed to make it.
    pub reply_bytes: usize,
}

/// Says which ranges a LOCK that comes soon will look up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockHint {
    /// The open or lock stateid of the LOCK.
    pub stateid: Stateid,
    /// The offset of the LOCK.
    pub first: u64,
}
