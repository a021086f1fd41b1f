//! Byte-range locks (RFC 7530 §16.10 to §16.12, §16.37).

use super::compound::CompoundReply;
use super::opens::from_wire;
use super::{Client, Denied, Error, LockOwner, OpenFile, op};
use crate::nfs4::{Filehandle, LockKind, Stateid, Status};
use crate::xdr::generated::nfs4::*;

/// Says what LOCK, LOCKT and LOCKU are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockRequest {
    /// The kind, and whether the client will ask again when refused.
    pub kind: nfs_lock_type4,
    /// First byte.
    pub offset: u64,
    /// Bytes; all ones means to the end of the file.
    pub length: u64,
    /// Whether the lock was held before the server restarted.
    pub reclaim: bool,
}

/// Describes a `READ_LT` of these bytes.
pub const fn read_lock(offset: u64, length: u64) -> LockRequest {
    LockRequest { kind: nfs_lock_type4::READ_LT, offset, length, reclaim: false }
}

/// Describes a `WRITE_LT` of these bytes.
pub const fn write_lock(offset: u64, length: u64) -> LockRequest {
    LockRequest { kind: nfs_lock_type4::WRITE_LT, offset, length, reclaim: false }
}

impl LockRequest {
    /// Returns the same request as one that is asked again when refused: `READW_LT` or `WRITEW_LT`.
    #[must_use]
    pub const fn blocking(self) -> Self {
        let kind = match self.kind {
            nfs_lock_type4::READ_LT | nfs_lock_type4::READW_LT => nfs_lock_type4::READW_LT,
            nfs_lock_type4::WRITE_LT | nfs_lock_type4::WRITEW_LT => nfs_lock_type4::WRITEW_LT,
        };
        Self { kind, ..self }
    }

    /// Returns the same request as a reclaim.
    #[must_use]
    pub const fn reclaim(self) -> Self {
        Self { reclaim: true, ..self }
    }

    fn op(self, locker: locker4) -> nfs_argop4 {
        let Self { kind, offset, length, reclaim } = self;
        nfs_argop4::OP_LOCK(LOCK4args { locktype: kind, reclaim, offset, length, locker })
    }

    /// Builds LOCK for a lock owner that is new to the file, with the seqids that both owners have now.
    pub fn op_new_owner(self, file: &OpenFile, owner: &LockOwner) -> nfs_argop4 {
        self.op(locker4::TRUE(open_to_lock_owner4 {
            open_seqid: file.owner.seqid,
            open_stateid: op::stateid(file.stateid),
            lock_seqid: owner.seqid,
            lock_owner: lock_owner4 { clientid: owner.clientid, owner: owner.name.clone() },
        }))
    }

    /// Builds LOCK for a lock owner that has this lock stateid on the file.
    pub fn op_known_owner(self, lock: Stateid, lock_seqid: u32) -> nfs_argop4 {
        self.op(locker4::FALSE(exist_lock_owner4 { lock_stateid: op::stateid(lock), lock_seqid }))
    }
}

impl Client {
    /// Sends LOCK: with the lock stateid that `owner` has on the file, or as a new lock owner if it has none.
    ///
    /// Errors: [`Error::Denied`] with the lock that stands in the way.
    pub fn lock(
        &mut self,
        file: &mut OpenFile,
        owner: &mut LockOwner,
        request: LockRequest,
    ) -> Result<Stateid, Error> {
        let known = owner.stateid(&file.filehandle);
        let lock = match known {
            Some(stateid) => request.op_known_owner(stateid, owner.seqid),
            None => request.op_new_owner(file, owner),
        };
        let reply = self.compound(&[op::putfh(&file.filehandle), lock])?;
        self.note_answer(&reply, |status| {
            owner.answered(status);
            if known.is_none() {
                file.owner.answered(status);
            }
        });
        let stateid = lock_result(reply)?;
        owner.set_stateid(&file.filehandle, stateid);
        Ok(stateid)
    }

    /// Sends LOCKU of a range, whatever its kind.
    pub fn unlock(
        &mut self,
        file: &Filehandle,
        owner: &mut LockOwner,
        range: LockRequest,
    ) -> Result<Stateid, Error> {
        let stateid = owner.stateid(file).unwrap_or(Stateid::ANONYMOUS);
        let LockRequest { kind, offset, length, .. } = range;
        let unlock = op::locku(kind, owner.seqid, stateid, offset, length);
        let reply = self.compound(&[op::putfh(file), unlock])?;
        self.note_answer(&reply, |status| owner.answered(status));
        let stateid = reply.ok()?.find(|result| match result {
            nfs_resop4::OP_LOCKU(LOCKU4res::NFS4_OK(stateid)) => Some(from_wire(stateid)),
            _ => None,
        })?;
        owner.set_stateid(file, stateid);
        Ok(stateid)
    }

    /// Sends LOCKT: finds out whether this owner could lock the range now.
    ///
    /// Errors: [`Error::Denied`] with the lock that stands in the way.
    pub fn test_lock(
        &mut self,
        file: &Filehandle,
        owner: &LockOwner,
        request: LockRequest,
    ) -> Result<(), Error> {
        let LockRequest { kind, offset, length, .. } = request;
        let test = op::lockt(kind, offset, length, owner.clientid, &owner.name);
        let reply = self.compound(&[op::putfh(file), test])?;
        if let Some(nfs_resop4::OP_LOCKT(LOCKT4res::NFS4ERR_DENIED(denied))) = reply.last() {
            return Err(Error::Denied(denied_from(denied)?));
        }
        reply.ok().map(drop)
    }

    /// Sends RELEASE_LOCKOWNER.
    pub fn release_lockowner(&mut self, owner: &LockOwner) -> Result<(), Error> {
        self.compound_ok(&[op::release_lockowner(owner.clientid, &owner.name)]).map(drop)
    }
}

/// Returns the lock stateid that a reply ending with LOCK gives, or why it gives none.
pub fn lock_result(reply: CompoundReply) -> Result<Stateid, Error> {
    match reply.last() {
        Some(nfs_resop4::OP_LOCK(LOCK4res::NFS4_OK(ok))) if reply.status == Status::Ok => {
            Ok(from_wire(&ok.lock_stateid))
        }
        Some(nfs_resop4::OP_LOCK(LOCK4res::NFS4ERR_DENIED(denied))) => {
            Err(Error::Denied(denied_from(denied)?))
        }
        _ => match reply.ok() {
            Ok(_) => Err(Error::malformed("no LOCK result")),
            Err(error) => Err(error),
        },
    }
}

fn denied_from(denied: &LOCK4denied) -> Result<Denied, Error> {
    let kind = match denied.locktype {
        nfs_lock_type4::READ_LT => LockKind::Read,
        nfs_lock_type4::WRITE_LT => LockKind::Write,
        other => return Err(Error::malformed(format_args!("a lock of type {other:?} is held"))),
    };
    let LOCK4denied { offset, length, owner, .. } = denied;
    let lock_owner4 { clientid, owner } = owner;
    Ok(Denied { offset: *offset, length: *length, kind, clientid: *clientid, owner: owner.clone() })
}
