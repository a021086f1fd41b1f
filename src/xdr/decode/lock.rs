//! LOCK, LOCKT, LOCKU, RELEASE_LOCKOWNER (RFC 7530 §16.10-16.12, §16.37).

use super::{Parsed, bool_, clientid, opaque, stateid, u32_, u64_, undefined};
use crate::nfs4::{ClientId, LockKind, Stateid};
use crate::xdr::limits;
use nom::Parser;
use nom::combinator::map;

/// `nfs_lock_type4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockType {
    /// `READ_LT`: shared, answer at once.
    ReadLt = 1,
    /// `WRITE_LT`: exclusive, answer at once.
    WriteLt = 2,
    /// `READW_LT`: shared, the client would wait.
    ReadwLt = 3,
    /// `WRITEW_LT`: exclusive, the client would wait.
    WritewLt = 4,
}

impl LockType {
    /// Returns whether it is shared or exclusive.
    pub const fn kind(self) -> LockKind {
        match self {
            Self::ReadLt | Self::ReadwLt => LockKind::Read,
            Self::WriteLt | Self::WritewLt => LockKind::Write,
        }
    }

    /// Returns whether the client would like to wait for the lock.
    pub const fn blocking(self) -> bool {
        matches!(self, Self::ReadwLt | Self::WritewLt)
    }
}

/// Decodes `nfs_lock_type4`.
#[inline]
pub fn lock_type(i: &[u8]) -> Parsed<'_, LockType> {
    let (i, number) = u32_(i)?;
    let locktype = match number {
        1 => LockType::ReadLt,
        2 => LockType::WriteLt,
        3 => LockType::ReadwLt,
        4 => LockType::WritewLt,
        other => return undefined("nfs_lock_type4", other),
    };
    Ok((i, locktype))
}

/// `open_owner4` or `lock_owner4`, borrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnerArg<'a> {
    /// The client.
    pub clientid: ClientId,
    /// The client's own name for the owner.
    pub owner: &'a [u8],
}

/// Decodes `open_owner4` or `lock_owner4`.
pub fn owner(i: &[u8]) -> Parsed<'_, OwnerArg<'_>> {
    let (i, clientid) = clientid(i)?;
    let (i, owner) = opaque(limits::OWNER_BYTES_MAX)(i)?;
    Ok((i, OwnerArg { clientid, owner }))
}

/// `open_to_lock_owner4`: how a lock owner is introduced, by an open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenToLockOwner<'a> {
    /// The next seqid of the open owner.
    pub open_seqid: u32,
    /// The open.
    pub open_stateid: Stateid,
    /// The first seqid of the lock owner.
    pub lock_seqid: u32,
    /// The lock owner.
    pub lock_owner: OwnerArg<'a>,
}

/// `locker4`: who locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locker<'a> {
    /// A lock owner who has no lock stateid for the file yet.
    New(OpenToLockOwner<'a>),
    /// One who has.
    Existing {
        /// Names the file and the owner.
        lock_stateid: Stateid,
        /// The next seqid of the lock owner.
        lock_seqid: u32,
    },
}

/// `LOCK4args`. The current filehandle names the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockArgs<'a> {
    /// Shared or exclusive, with or without waiting.
    pub locktype: LockType,
    /// Whether a lock held before the server's restart is taken up again.
    pub reclaim: bool,
    /// First byte.
    pub offset: u64,
    /// Count of bytes; all ones means to the last byte.
    pub length: u64,
    /// Who locks.
    pub locker: Locker<'a>,
}

fn open_to_lock_owner(i: &[u8]) -> Parsed<'_, Locker<'_>> {
    let (i, open_seqid) = u32_(i)?;
    let (i, open_stateid) = stateid(i)?;
    let (i, lock_seqid) = u32_(i)?;
    let (i, lock_owner) = owner(i)?;
    Ok((i, Locker::New(OpenToLockOwner { open_seqid, open_stateid, lock_seqid, lock_owner })))
}

#[inline]
fn exist_lock_owner(i: &[u8]) -> Parsed<'_, Locker<'_>> {
    let (i, lock_stateid) = stateid(i)?;
    let (i, lock_seqid) = u32_(i)?;
    Ok((i, Locker::Existing { lock_stateid, lock_seqid }))
}

#[inline]
fn locker(i: &[u8]) -> Parsed<'_, Locker<'_>> {
    match bool_(i)? {
        (i, true) => open_to_lock_owner(i),
        (i, false) => exist_lock_owner(i),
    }
}

/// Decodes LOCK (RFC 7530 §16.10.1).
pub fn lock(i: &[u8]) -> Parsed<'_, LockArgs<'_>> {
    let (i, locktype) = lock_type(i)?;
    let (i, reclaim) = bool_(i)?;
    let (i, offset) = u64_(i)?;
    let (i, length) = u64_(i)?;
    let (i, locker) = locker(i)?;
    Ok((i, LockArgs { locktype, reclaim, offset, length, locker }))
}

/// `LOCKT4args`. The current filehandle names the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocktArgs<'a> {
    /// Returns whether it is shared or exclusive.
    pub locktype: LockType,
    /// First byte.
    pub offset: u64,
    /// Count of bytes; all ones means to the last byte.
    pub length: u64,
    /// Who asks: own locks are no conflict.
    pub owner: OwnerArg<'a>,
}

/// Decodes LOCKT (RFC 7530 §16.11.1).
pub fn lockt(i: &[u8]) -> Parsed<'_, LocktArgs<'_>> {
    let (i, locktype) = lock_type(i)?;
    let (i, offset) = u64_(i)?;
    let (i, length) = u64_(i)?;
    let (i, owner) = owner(i)?;
    Ok((i, LocktArgs { locktype, offset, length, owner }))
}

/// `LOCKU4args`. The current filehandle names the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockuArgs {
    /// Without meaning (§16.12.4).
    pub locktype: LockType,
    /// The next seqid of the lock owner.
    pub seqid: u32,
    /// Names the owner and the file.
    pub lock_stateid: Stateid,
    /// First byte.
    pub offset: u64,
    /// Count of bytes; all ones means to the last byte.
    pub length: u64,
}

/// Decodes LOCKU (RFC 7530 §16.12.1).
pub fn locku(i: &[u8]) -> Parsed<'_, LockuArgs> {
    let (i, locktype) = lock_type(i)?;
    let (i, seqid) = u32_(i)?;
    let (i, lock_stateid) = stateid(i)?;
    let (i, offset) = u64_(i)?;
    let (i, length) = u64_(i)?;
    Ok((i, LockuArgs { locktype, seqid, lock_stateid, offset, length }))
}

/// `RELEASE_LOCKOWNER4args`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReleaseLockownerArgs<'a> {
    /// The owner to forget.
    pub lock_owner: OwnerArg<'a>,
}

/// Decodes RELEASE_LOCKOWNER (RFC 7530 §16.37.1).
pub fn release_lockowner(i: &[u8]) -> Parsed<'_, ReleaseLockownerArgs<'_>> {
    map(owner, |lock_owner| ReleaseLockownerArgs { lock_owner }).parse(i)
}
