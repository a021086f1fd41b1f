//! A request is sent: what is in use from now on, and what the oracle is told before.

use super::action::Action;
use super::{GivenUp, Pending, Worker};
use lockhouse::client::Error;
use lockhouse::nfs4::LockKind;

/// In so many of a hundred requests, operations follow that need the file system.
const TAILS: u64 = 30;
/// In 4.1, so many of a hundred stateids that say "the newest version" instead of which.
const NEWEST: u64 = 20;

impl Worker {
    /// Sends a request and does not wait.
    pub fn begin(&mut self, action: Action) -> Result<(), Error> {
        let tail = self.random.percent(TAILS);
        let ops = self.with_newest(&action, tail);
        if let Some(session) = &mut self.client.session {
            session.cache = action.changes_state();
        }
        let call = self.client.prepare(&ops)?;
        if let Some(ticket) = call.ticket {
            self.slots.remove(&ticket.slot);
        }
        let given_up = self.give_up(&action);
        self.occupy(&action, true);
        self.note(format!("> {:08x} {action:?}", call.xid));
        let sent = self.client.connection.send_message(call.message());
        self.pending.insert(call.xid, Pending { call, action, sent: 1, given_up });
        sent
    }

    /// The operations; sometimes with stateids of version 0, which a session allows (RFC 8881 §8.2.2).
    fn with_newest(
        &mut self,
        action: &Action,
        tail: bool,
    ) -> Vec<lockhouse::xdr::generated::nfs4::nfs_argop4> {
        let locker = match action {
            Action::Lock { locker, first: false, .. } | Action::Unlock { locker, .. } => Some(*locker),
            _ => None,
        };
        let newest = self.has_session() && self.random.percent(NEWEST);
        let Some(locker) = locker.filter(|_| newest) else { return self.ops(action, tail) };
        let exact = self.lockers[locker].stateid;
        if let Some(stateid) = &mut self.lockers[locker].stateid {
            stateid.seqid = 0;
        }
        let ops = self.ops(action, tail);
        self.lockers[locker].stateid = exact;
        ops
    }

    /// Tells the oracle what from now on is not certain any more.
    fn give_up(&mut self, action: &Action) -> GivenUp {
        let mut given_up = GivenUp::default();
        let oracle = &self.shared.oracle;
        match action {
            Action::Unlock { locker, range } => {
                let mut locks = oracle.locks(self.file_of(*locker));
                given_up.extents = locks.give_up((self.id, *locker), *range);
            }
            Action::Lock { locker, want, .. } if want.kind == LockKind::Read => {
                let mut locks = oracle.locks(self.file_of(*locker));
                given_up.extents = locks.weaken((self.id, *locker), want.range);
            }
            Action::Downgrade { open, to } => {
                let mut shares = oracle.shares(self.opens[*open].file);
                given_up.share = Some(shares.reduce((self.id, *open), Some(*to)));
            }
            Action::Close { open } => {
                let mut shares = oracle.shares(self.opens[*open].file);
                given_up.share = Some(shares.reduce((self.id, *open), None));
            }
            _ => {}
        }
        given_up
    }

    /// Takes hold of the owners that a request needs for itself, or lets go of them.
    pub fn occupy(&mut self, action: &Action, busy: bool) {
        match action {
            Action::Open { open, .. }
            | Action::Confirm { open }
            | Action::Downgrade { open, .. }
            | Action::Close { open } => {
                self.opens[*open].busy = busy;
                self.opens[*open].changing = busy;
            }
            Action::Lock { locker, .. } | Action::Unlock { locker, .. } => {
                self.lockers[*locker].busy = busy;
                let Some(open) = self.lockers[*locker].open.map(|open| &mut self.opens[open]) else { return };
                open.users = if busy { open.users + 1 } else { open.users - 1 };
                if let Action::Lock { first: true, .. } = action {
                    open.busy = busy;
                }
            }
            Action::Release { locker } => {
                self.lockers[*locker].busy = busy;
                if let Some(open) = self.lockers[*locker].open.map(|open| &mut self.opens[open]) {
                    open.users = if busy { open.users + 1 } else { open.users - 1 };
                }
            }
            Action::Test { .. } => {}
            Action::Private(_) => self.private.busy = busy,
        }
    }

    /// The file that a lock_owner locks in.
    pub fn file_of(&self, locker: usize) -> usize {
        self.lockers[locker].open.map_or(0, |open| self.opens[open].file)
    }
}
