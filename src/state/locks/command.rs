//! What LOCK is asked, and what it answers (RFC 7530 §16.10).

use crate::nfs4::{ClientId, Filehandle, LockKind, LockOwner, Range, Stateid, Status};
use crate::ranges::OwnerId;
use crate::state::opens::Digest;

/// `locker4`: who locks.
#[derive(Clone, Copy, Debug)]
pub enum Locker<'a> {
    /// `open_to_lock_owner4`: an owner that has no lock stateid for this open yet.
    New {
        /// The open.
        open_stateid: Stateid,
        /// Seqid of its open_owner.
        open_seqid: u32,
        /// The client, again.
        clientid: ClientId,
        /// The client's name for the locker.
        owner: &'a [u8],
        /// Seqid of the lock_owner.
        lock_seqid: u32,
    },
    /// `exist_lock_owner4`.
    Existing {
        /// The lock stateid of the last grant or unlock.
        lock_stateid: Stateid,
        /// Seqid of the lock_owner.
        lock_seqid: u32,
    },
}

/// Arguments of LOCK.
#[derive(Clone, Copy, Debug)]
pub struct LockCommand<'a> {
    /// The current filehandle.
    pub fh: &'a Filehandle,
    /// What is asked for; `None` when offset and length name no range (§16.10.4: `Inval`).
    pub range: Option<Range>,
    /// Shared or exclusive.
    pub kind: LockKind,
    /// `READW_LT` or `WRITEW_LT`: the client will wait.
    pub blocking: bool,
    /// Reclaims a lock held before a restart of the server.
    pub reclaim: bool,
    /// Who.
    pub locker: Locker<'a>,
    /// Digest of the arguments.
    pub request: Digest,
}

/// `LOCK4denied`: what stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// The conflicting range, as held or waited for.
    pub range: Range,
    /// Its kind.
    pub kind: LockKind,
    /// Whose.
    pub owner: LockOwner,
}

/// The outcome of LOCK.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockReply {
    /// `NFS4_OK`.
    Granted(Stateid),
    /// `NFS4ERR_DENIED`.
    Denied(Box<Denied>),
    /// Any other error.
    Refused(Status),
}

/// What a LOCK is decided on, when seqids and stateids are found right.
#[derive(Clone, Copy)]
pub(in crate::state) struct Resolved {
    pub client: ClientId,
    pub open: u32,
    /// Number of the file.
    pub file: u64,
    pub owner: OwnerId,
    /// Serial of the lock stateid that it was asked for with, if with one.
    pub lock: Option<u32>,
}
