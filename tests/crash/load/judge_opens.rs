//! Replies to OPEN, OPEN_CONFIRM, OPEN_DOWNGRADE and CLOSE.

use super::action::Action;
use super::judge::{Wrong, is_next, stateid_of, unexpected};
use super::{Pending, Worker};
use crate::oracle::shares::Share;
use lockhouse::client::CompoundReply;
use lockhouse::nfs4::{Stateid, Status};
use lockhouse::xdr::generated::nfs4::*;

/// `OPEN4_RESULT_CONFIRM`.
pub const RESULT_CONFIRM: u32 = 2;

impl Worker {
    /// Judges a reply to a request that is numbered by an open_owner.
    pub fn judge_open(&mut self, pending: &Pending, reply: &CompoundReply) -> Result<(), Wrong> {
        let result = reply.results.get(1).map(|result| &result.body);
        match (&pending.action, result) {
            (Action::Open { open, file, share, .. }, Some(nfs_resop4::OP_OPEN(OPEN4res::NFS4_OK(ok)))) => {
                self.opened(*open, *file, *share, ok, reply)?;
                self.all_ok(reply, "OPEN")
            }
            (Action::Open { file, .. }, Some(nfs_resop4::OP_OPEN(_)))
                if reply.status == Status::ShareDenied && self.shared.files[*file].denied =>
            {
                Ok(())
            }
            (Action::Confirm { open }, Some(nfs_resop4::OP_OPEN_CONFIRM(OPEN_CONFIRM4res::NFS4_OK(ok)))) => {
                self.opens[*open].unconfirmed = false;
                self.next_stateid(*open, stateid_of(&ok.open_stateid), "OPEN_CONFIRM")
            }
            (
                Action::Downgrade { open, to },
                Some(nfs_resop4::OP_OPEN_DOWNGRADE(OPEN_DOWNGRADE4res::NFS4_OK(ok))),
            ) => {
                let opened = &mut self.opens[*open];
                opened.share = *to;
                opened.asked.retain(|asked| asked.and(*to) == *to);
                self.next_stateid(*open, stateid_of(&ok.open_stateid), "OPEN_DOWNGRADE")?;
                self.all_ok(reply, "OPEN_DOWNGRADE")
            }
            (Action::Close { open }, _) => self.judge_close(pending, *open, reply),
            (Action::Downgrade { open, .. }, _) => {
                self.keep_open(pending, *open)?;
                Err(unexpected("OPEN_DOWNGRADE", reply.status, reply))
            }
            (Action::Confirm { .. }, _) => Err(unexpected("OPEN_CONFIRM", reply.status, reply)),
            _ => Err(unexpected("OPEN", reply.status, reply)),
        }
    }

    fn opened(
        &mut self,
        open: usize,
        file: usize,
        share: Share,
        ok: &OPEN4resok,
        reply: &CompoundReply,
    ) -> Result<(), Wrong> {
        let conflict = self.shared.oracle.shares(file).grant((self.id, open), share);
        let filehandle = lockhouse::client::filehandle_of(reply).ok();
        let opened = &mut self.opens[open];
        let before = opened.stateid.replace(stateid_of(&ok.stateid));
        if before.is_none() {
            opened.share = Share::default();
            opened.asked.clear();
        }
        opened.file = file;
        opened.share = opened.share.and(share);
        opened.asked.push(share);
        opened.unconfirmed = ok.rflags & RESULT_CONFIRM != 0;
        if let Some(other) = conflict {
            let kind = "two clients have a file open against each other's denial".to_owned();
            return Err((kind, format!("{other:?}")));
        }
        if filehandle.is_some_and(|filehandle| filehandle != self.shared.files[file].filehandle) {
            return Err(("OPEN opens another file".to_owned(), String::new()));
        }
        let after = stateid_of(&ok.stateid);
        match is_next(before, after) {
            true => Ok(()),
            false => {
                let kind = "OPEN is not done exactly once, by its stateid".to_owned();
                Err((kind, format!("{before:?} → {after:?}")))
            }
        }
    }

    fn next_stateid(&mut self, open: usize, after: Stateid, what: &str) -> Result<(), Wrong> {
        let before = self.opens[open].stateid.replace(after);
        match is_next(before, after) {
            true => Ok(()),
            false => {
                let kind = format!("{what} is not done exactly once, by its stateid");
                Err((kind, format!("{before:?} → {after:?}")))
            }
        }
    }

    fn judge_close(&mut self, pending: &Pending, open: usize, reply: &CompoundReply) -> Result<(), Wrong> {
        let file = self.opens[open].file;
        let under = |locker: &usize| self.lockers[*locker].open == Some(open);
        let lockers: Vec<_> = (0..self.lockers.len()).filter(under).collect();
        let locks = self.shared.oracle.locks(file);
        let holds = lockers.iter().any(|locker| !locks.held_by((self.id, *locker)).is_empty());
        drop(locks);
        let closed = match reply.results.get(1).map(|result| &result.body) {
            Some(nfs_resop4::OP_CLOSE(CLOSE4res::NFS4_OK(stateid))) => Some(stateid_of(stateid)),
            _ => None,
        };
        match (closed, holds) {
            (Some(stateid), false) => {
                let before = self.opens[open].stateid.take();
                lockers.into_iter().for_each(|locker| self.lockers[locker].leave());
                if !self.has_session() && !is_next(before, stateid) {
                    let kind = "CLOSE is not done exactly once, by its stateid".to_owned();
                    return Err((kind, format!("{before:?} → {stateid:?}")));
                }
                self.all_ok(reply, "CLOSE")
            }
            (Some(_), true) => Err(("CLOSE of a file with locks".to_owned(), String::new())),
            (None, true) if reply.status == Status::LocksHeld => self.keep_open(pending, open),
            (None, _) => {
                self.keep_open(pending, open)?;
                Err(unexpected("CLOSE", reply.status, reply))
            }
        }
    }

    /// What was to be given up was kept.
    fn keep_open(&self, pending: &Pending, open: usize) -> Result<(), Wrong> {
        let Some(share) = pending.given_up.share else { return Ok(()) };
        let conflict = self.shared.oracle.shares(self.opens[open].file).grant((self.id, open), share);
        match conflict {
            None => Ok(()),
            Some(other) => {
                let kind = "somebody opened what another's denial did not give up".to_owned();
                Err((kind, format!("{other:?}")))
            }
        }
    }
}
