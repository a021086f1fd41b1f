//! What a client asks the server to do, and the operations that say so.

use super::Worker;
use super::owners::Locker;
use super::private::Step;
use crate::oracle::locks::{Extent, Held};
use crate::oracle::shares::Share;
use lockhouse::client::{Attributes, Claim, LockRequest, OpenHow, OpenRequest, attr, op};
use lockhouse::nfs4::{LockKind, Range, Stateid};
use lockhouse::xdr::generated::nfs4::{nfs_argop4, nfs_lock_type4};

/// One request. Owners and files are named by their numbers.
#[derive(Clone, Debug)]
pub enum Action {
    /// OPEN, the first of this owner or an upgrade.
    Open { open: usize, file: usize, share: Share, how: How },
    /// OPEN_CONFIRM.
    Confirm { open: usize },
    /// OPEN_DOWNGRADE.
    Downgrade { open: usize, to: Share },
    /// CLOSE.
    Close { open: usize },
    /// LOCK, of an owner without (`first`) or with a lock stateid.
    Lock { locker: usize, want: Extent, blocking: bool, first: bool },
    /// LOCKU.
    Unlock { locker: usize, range: Range },
    /// LOCKT, and what stood in the way when it was sent.
    Test { file: usize, locker: usize, want: Extent, expected: Option<Held> },
    /// RELEASE_LOCKOWNER or FREE_STATEID.
    Release { locker: usize },
    /// Something with a private file.
    Private(Step),
}

/// How OPEN names its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// By name.
    Name,
    /// By name, to be created if it is not there, which it is.
    Create,
    /// By filehandle (4.1).
    Filehandle,
}

/// `nfs_lock_type4`.
pub fn lock_type(kind: LockKind, blocking: bool) -> nfs_lock_type4 {
    match (kind, blocking) {
        (LockKind::Read, false) => nfs_lock_type4::READ_LT,
        (LockKind::Read, true) => nfs_lock_type4::READW_LT,
        (LockKind::Write, false) => nfs_lock_type4::WRITE_LT,
        (LockKind::Write, true) => nfs_lock_type4::WRITEW_LT,
    }
}

/// Attributes that stay the same however often they are asked for.
const CONSTANT: &[u32] = &[attr::number::TYPE, attr::number::SIZE, attr::number::FILEID];
/// READ, MODIFY and EXTEND.
const ACCESS_BITS: u32 = 0xd;

impl Action {
    /// Whether a repetition is answered from what the server keeps. The others change nothing.
    pub fn changes_state(&self) -> bool {
        !matches!(self, Self::Test { .. })
    }

    /// The open_owner that it is numbered by in 4.0.
    pub fn open_owner(&self, worker: &Worker) -> Option<usize> {
        match self {
            Self::Open { open, .. }
            | Self::Confirm { open }
            | Self::Downgrade { open, .. }
            | Self::Close { open } => Some(*open),
            Self::Lock { locker, first: true, .. } => worker.lockers[*locker].open,
            _ => None,
        }
    }
}

impl Worker {
    /// The operations of an action, as things stand; with `tail`, followed by some that need the file system.
    pub fn ops(&self, action: &Action, tail: bool) -> Vec<nfs_argop4> {
        let mut ops = self.state_ops(action);
        if tail && ops.len() > 1 && !matches!(action, Action::Private(_)) {
            if matches!(action, Action::Open { .. }) {
                ops.push(op::access(ACCESS_BITS));
            }
            ops.push(op::getattr(CONSTANT));
        }
        ops
    }

    fn state_ops(&self, action: &Action) -> Vec<nfs_argop4> {
        match action {
            Action::Open { open, file, share, how } => self.open_ops(*open, *file, *share, *how),
            Action::Confirm { open } => {
                let opened = &self.opens[*open];
                self.at_file(opened.file, op::open_confirm(self.open_stateid(*open), opened.owner.seqid))
            }
            Action::Downgrade { open, to } => {
                let seqid = self.opens[*open].owner.seqid;
                let downgrade = op::open_downgrade(self.open_stateid(*open), seqid, to.access, to.deny);
                self.at_file(self.opens[*open].file, downgrade)
            }
            Action::Close { open } => {
                let close = op::close(self.opens[*open].owner.seqid, self.open_stateid(*open));
                self.at_file(self.opens[*open].file, close)
            }
            Action::Lock { .. } | Action::Unlock { .. } => self.lock_ops(action),
            Action::Test { file, locker, want, .. } => {
                let (offset, length) = want.range.to_wire();
                let owner = &self.lockers[*locker].owner;
                let kind = lock_type(want.kind, false);
                self.at_file(*file, op::lockt(kind, offset, length, owner.clientid, &owner.name))
            }
            Action::Release { locker } => {
                let Locker { owner, stateid, .. } = &self.lockers[*locker];
                match (self.has_session(), stateid) {
                    (true, Some(stateid)) => vec![op::free_stateid(*stateid)],
                    _ => vec![op::release_lockowner(owner.clientid, &owner.name)],
                }
            }
            Action::Private(step) => self.private_ops(step),
        }
    }

    fn at_file(&self, file: usize, then: nfs_argop4) -> Vec<nfs_argop4> {
        vec![op::putfh(&self.shared.files[file].filehandle), then]
    }

    fn open_stateid(&self, open: usize) -> Stateid {
        self.opens[open].stateid.unwrap_or(Stateid::ANONYMOUS)
    }

    fn open_ops(&self, open: usize, file: usize, share: Share, how: How) -> Vec<nfs_argop4> {
        let target = &self.shared.files[file];
        let request = OpenRequest::existing(&target.name).share(share.access, share.deny);
        let (current, request) = match how {
            How::Name => (&target.directory, request),
            How::Create => {
                (&target.directory, request.how(OpenHow::Unchecked(Attributes::new().mode(0o644))))
            }
            How::Filehandle => (&target.filehandle, request.claim(Claim::Fh)),
        };
        vec![op::putfh(current), request.op(&self.opens[open].owner), op::getfh()]
    }

    fn lock_ops(&self, action: &Action) -> Vec<nfs_argop4> {
        let (Action::Lock { locker, .. } | Action::Unlock { locker, .. }) = action else { return Vec::new() };
        let who = &self.lockers[*locker];
        let stateid = who.stateid.unwrap_or(Stateid::ANONYMOUS);
        let Some(open) = who.open.map(|open| &self.opens[open]) else { return Vec::new() };
        let then = match action {
            Action::Lock { want, blocking, first, .. } => {
                let (offset, length) = want.range.to_wire();
                let kind = lock_type(want.kind, *blocking);
                let request = LockRequest { kind, offset, length, reclaim: false };
                let filehandle = self.shared.files[open.file].filehandle.clone();
                match first {
                    true => request.op_new_owner(&open.as_file(filehandle), &who.owner),
                    false => request.op_known_owner(stateid, who.owner.seqid),
                }
            }
            Action::Unlock { range, .. } => {
                let (offset, length) = range.to_wire();
                op::locku(nfs_lock_type4::WRITE_LT, who.owner.seqid, stateid, offset, length)
            }
            _ => return Vec::new(),
        };
        self.at_file(open.file, then)
    }
}
