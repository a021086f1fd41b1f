//! A reply has come: is it the one that must come, and what does it mean?

use super::action::Action;
use super::owners::Answered;
use super::{Pending, Worker};
use crate::oracle::locks::Extent;
use lockhouse::client::CompoundReply;
use lockhouse::nfs4::{LockKind, Stateid, Status};
use lockhouse::xdr::generated::nfs4::*;

/// What is wrong: of what kind, and more about it.
pub type Wrong = (String, String);

/// A stateid from the wire.
pub fn stateid_of(wire: &stateid4) -> Stateid {
    Stateid { seqid: wire.seqid, other: wire.other }
}

/// The stateid after this one; the first version when there was none.
pub fn is_next(before: Option<Stateid>, after: Stateid) -> bool {
    match before {
        None => after.seqid == 1,
        Some(before) => before.next() == after,
    }
}

/// A status that must not come.
pub fn unexpected(what: &str, status: Status, reply: &CompoundReply) -> Wrong {
    (format!("{what} is answered {status}"), format!("{:?}", reply.statuses()))
}

impl Worker {
    /// Judges a reply and takes note of what it says.
    pub fn judge(&mut self, pending: Pending, reply: CompoundReply, bytes: Vec<u8>) {
        let Pending { call, action, sent, .. } = &pending;
        self.note(format!("< {:08x} {:?} (sent {sent}×)", call.xid, reply.statuses()));
        let open_owner = action.open_owner(self);
        let locker = match action {
            Action::Lock { locker, .. } | Action::Unlock { locker, .. } => Some(*locker),
            _ => None,
        };
        self.count_seqids(action, open_owner, locker, &reply);
        self.occupy(action, false);
        let outcome = match action {
            Action::Open { .. }
            | Action::Confirm { .. }
            | Action::Downgrade { .. }
            | Action::Close { .. } => self.judge_open(&pending, &reply),
            Action::Lock { .. } => self.judge_lock(&pending, &reply),
            Action::Unlock { .. } => self.judge_unlock(&pending, &reply),
            Action::Test { .. } => self.judge_test(&pending, &reply),
            Action::Release { .. } => self.judge_release(&pending, &reply),
            Action::Private(_) => self.judge_private(&pending, &reply),
        };
        match outcome {
            Ok(()) => self.remember(pending, &reply, bytes, open_owner, locker),
            Err((kind, details)) => {
                let details = format!("{:?} (sent {}×): {details}", pending.action, pending.sent);
                self.violation(&kind, &details);
            }
        }
    }

    /// Keeps what can be sent again: of a session what it must keep, without one the last request of each owner.
    fn remember(
        &mut self,
        pending: Pending,
        reply: &CompoundReply,
        bytes: Vec<u8>,
        open_owner: Option<usize>,
        locker: Option<usize>,
    ) {
        let Pending { call, action, .. } = pending;
        let changed = action.changes_state() && reply.status == Status::Ok;
        match (call.ticket, open_owner, locker) {
            (Some(ticket), ..) if changed => {
                self.slots.insert(ticket.slot, Answered { call, action, bytes });
            }
            (Some(_), ..) => {}
            (None, Some(open), _) => {
                self.opens[open].last = Some(Box::new(Answered { call, action, bytes }));
            }
            // Once it is closed or released, its stateid names it no more.
            (None, None, Some(locker)) if self.lockers[locker].stateid.is_some() => {
                self.lockers[locker].last = Some(Box::new(Answered { call, action, bytes }));
            }
            (None, ..) => {}
        }
        // The lock_owner's last request is one that its open_owner numbers.
        if let (Some(_), Some(locker)) = (open_owner, locker) {
            self.lockers[locker].last = None;
        }
    }

    /// Counts the seqids of owners as the server does (4.0).
    fn count_seqids(
        &mut self,
        action: &Action,
        open_owner: Option<usize>,
        locker: Option<usize>,
        reply: &CompoundReply,
    ) {
        if self.has_session() {
            return;
        }
        if let Action::Private(step) = action {
            return self.private.answered(step, reply);
        }
        let Some(status) = reply.results.get(1).map(|result| result.status) else { return };
        if let Some(open) = open_owner {
            self.opens[open].owner.answered(status);
        }
        if let Some(locker) = locker {
            self.lockers[locker].owner.answered(status);
        }
    }

    fn judge_lock(&mut self, pending: &Pending, reply: &CompoundReply) -> Result<(), Wrong> {
        let Action::Lock { locker, want, blocking, .. } = pending.action else { return Ok(()) };
        let file = self.file_of(locker);
        let owner = (self.id, locker);
        match reply.results.get(1).map(|result| &result.body) {
            Some(nfs_resop4::OP_LOCK(LOCK4res::NFS4_OK(ok))) => {
                let (before, after) = (self.lockers[locker].stateid, stateid_of(&ok.lock_stateid));
                let conflict = self.shared.oracle.locks(file).grant(owner, want);
                self.lockers[locker].stateid = Some(after);
                self.lockers[locker].waiting = None;
                if let Some(held) = conflict {
                    return Err(("two clients hold conflicting locks".to_owned(), format!("{held:?}")));
                }
                if !is_next(before, after) {
                    let kind = "LOCK is not done exactly once, by its stateid".to_owned();
                    return Err((kind, format!("{before:?} → {after:?}")));
                }
                self.all_ok(reply, "LOCK")
            }
            Some(nfs_resop4::OP_LOCK(LOCK4res::NFS4ERR_DENIED(denied))) => {
                self.lockers[locker].waiting = blocking.then_some(want);
                self.keep(pending, file, owner)?;
                self.judge_denied(locker, want, denied)
            }
            _ if blocking && reply.status == Status::Deadlock => {
                self.lockers[locker].waiting = None;
                self.keep(pending, file, owner)
            }
            _ => {
                self.keep(pending, file, owner)?;
                Err(unexpected("LOCK", reply.status, reply))
            }
        }
    }

    /// What was to be given up was kept.
    fn keep(&self, pending: &Pending, file: usize, owner: (usize, usize)) -> Result<(), Wrong> {
        let conflict = self.shared.oracle.locks(file).restore(owner, &pending.given_up.extents);
        match conflict {
            None => Ok(()),
            Some(held) => {
                let kind = "somebody was granted what another did not give up".to_owned();
                Err((kind, format!("{held:?}")))
            }
        }
    }

    /// The lock that is said to stand in the way must be one that can.
    fn judge_denied(&self, locker: usize, want: Extent, denied: &LOCK4denied) -> Result<(), Wrong> {
        let range = lockhouse::nfs4::Range::from_wire(denied.offset, denied.length).ok();
        let kind = match denied.locktype {
            nfs_lock_type4::READ_LT => LockKind::Read,
            _ => LockKind::Write,
        };
        let other = range.is_some_and(|range| Extent { range, kind }.conflicts(want));
        let own = denied.owner.clientid == self.client.clientid
            && denied.owner.owner == self.lockers[locker].owner.name;
        match other && !own {
            true => Ok(()),
            false => {
                let kind = "a lock is denied by one that cannot stand in its way".to_owned();
                Err((kind, format!("{denied:?}")))
            }
        }
    }

    fn judge_unlock(&mut self, pending: &Pending, reply: &CompoundReply) -> Result<(), Wrong> {
        let Action::Unlock { locker, .. } = pending.action else { return Ok(()) };
        match reply.results.get(1).map(|result| &result.body) {
            Some(nfs_resop4::OP_LOCKU(LOCKU4res::NFS4_OK(stateid))) => {
                let (before, after) = (self.lockers[locker].stateid, stateid_of(stateid));
                self.lockers[locker].stateid = Some(after);
                // Whoever unlocks where it waits does not wait there; it never unlocks elsewhere while it waits.
                self.lockers[locker].waiting = None;
                if !is_next(before, after) {
                    let kind = "LOCKU is not done exactly once, by its stateid".to_owned();
                    return Err((kind, format!("{before:?} → {after:?}")));
                }
                self.all_ok(reply, "LOCKU")
            }
            _ => {
                self.keep(pending, self.file_of(locker), (self.id, locker))?;
                Err(unexpected("LOCKU", reply.status, reply))
            }
        }
    }

    fn judge_test(&mut self, pending: &Pending, reply: &CompoundReply) -> Result<(), Wrong> {
        let Action::Test { file, locker, want, expected } = &pending.action else { return Ok(()) };
        match reply.results.get(1).map(|result| &result.body) {
            Some(nfs_resop4::OP_LOCKT(LOCKT4res::NFS4_OK)) => {
                let still = expected.filter(|held| self.shared.oracle.locks(*file).is_still(held));
                match still {
                    None => self.all_ok(reply, "LOCKT"),
                    Some(held) => {
                        Err(("LOCKT does not see a lock that is held".to_owned(), format!("{held:?}")))
                    }
                }
            }
            Some(nfs_resop4::OP_LOCKT(LOCKT4res::NFS4ERR_DENIED(denied))) => {
                self.judge_denied(*locker, *want, denied)
            }
            // It was carried out, and its reply was not to be kept.
            _ if pending.sent > 1 && reply.status == Status::RetryUncachedRep => Ok(()),
            _ => Err(unexpected("LOCKT", reply.status, reply)),
        }
    }

    fn judge_release(&mut self, pending: &Pending, reply: &CompoundReply) -> Result<(), Wrong> {
        let Action::Release { locker } = pending.action else { return Ok(()) };
        let held = self.shared.oracle.locks(self.file_of(locker)).held_by((self.id, locker)).len();
        match (reply.status, held) {
            (Status::Ok, 0) => {
                self.lockers[locker].leave();
                Ok(())
            }
            (Status::LocksHeld, 1..) => Ok(()),
            // A session need not keep what has not changed anything; what is free is not free again.
            (Status::BadStateid, 0) if pending.sent > 1 && self.has_session() => {
                Err(("FREE_STATEID is done twice".to_owned(), String::new()))
            }
            (status, _) => Err(unexpected("RELEASE_LOCKOWNER or FREE_STATEID", status, reply)),
        }
    }

    /// What follows the operation that counts must succeed too.
    pub fn all_ok(&self, reply: &CompoundReply, what: &str) -> Result<(), Wrong> {
        match reply.status {
            Status::Ok => Ok(()),
            status => {
                let last =
                    reply.results.last().map_or("", |last| lockhouse::client::compound::op_name(last.opcode));
                Err(unexpected(&format!("{last} behind {what}"), status, reply))
            }
        }
    }
}
