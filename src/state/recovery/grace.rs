//! The grace period after a restart (RFC 7530 §9.6.2, §9.6.3; RFC 8881 §8.4.2, §8.4.3, §18.51), and who may reclaim.
//!
//! A client is *recorded*, durably, while it may reclaim after a restart:
//!
//! - one that uses sessions since its RECLAIM_COMPLETE, open files or not: until then it has nothing but what it reclaims
//! - one without since its first OPEN, until it has nothing open any more
//! - not one that has not yet acknowledged that its state was revoked (`revoke`)
//!
//! The records of the last run stay as they are until the client returns or the grace period ends. What the end takes away is told to the
//! store (as a [`Change`]) before anything new is granted. So neither edge condition of RFC 8881 §8.4.3 can arise: who
//! lost its lease to somebody else, and who did not finish reclaiming in one grace period, has no record in the next.

use crate::nfs4::{ClientId, Status, Time};
use crate::state::core::Core;
use crate::state::records::{ClientChange, Key};

impl Core {
    /// Returns whether only reclaims are served now.
    pub fn in_grace(&self, now: Time) -> bool {
        self.grace.end().is_some_and(|end| now < end)
    }

    /// Checks as [`Core::in_grace`], before something is decided by it: an end that is due comes first.
    pub(in crate::state) fn check_grace(&mut self, now: Time) -> bool {
        self.end_grace_if_due(now);
        self.grace.end().is_some()
    }

    /// Returns whether names may be taken from files now: in a grace period the file may be one that a client has still
    /// to reclaim. Errors: `Grace`.
    pub fn unlink_allowed(&mut self, now: Time) -> Result<(), Status> {
        if self.check_grace(now) { Err(Status::Grace) } else { Ok(()) }
    }

    /// Returns whether the client may open or lock now, by a reclaim or not.
    /// A client that uses sessions says with RECLAIM_COMPLETE that it will reclaim no more; before that it gets nothing
    /// new, in a grace period or not (RFC 8881 §18.51.3).
    ///
    /// Errors: `Grace`; `NoGrace`, also for a client with sessions that has no record, since that is also how those end
    /// up whose locks were given to others (RFC 8881 §8.4.3); `ReclaimBad` for a client without that has none.
    pub(in crate::state) fn grace_allows(
        &mut self,
        now: Time,
        client: ClientId,
        reclaim: bool,
    ) -> Result<(), Status> {
        let in_grace = self.check_grace(now);
        if client.has_sessions()
            && let Some(record) = self.clients.get(client)
            && record.has_reclaimed() == reclaim
        {
            return Err(if reclaim { Status::NoGrace } else { Status::Grace });
        }
        match (in_grace, reclaim) {
            (false, false) => Ok(()),
            (true, false) => Err(Status::Grace),
            (false, true) => Err(Status::NoGrace),
            (true, true) if self.client_name(client).is_some_and(|name| self.grace.may_reclaim(name)) => {
                self.grace.extend(now, self.config.reclaim_pause);
                Ok(())
            }
            (true, true) if client.has_sessions() => Err(Status::NoGrace),
            (true, true) => Err(Status::ReclaimBad),
        }
    }

    /// Carries out RECLAIM_COMPLETE (RFC 8881 §18.51) for all file systems. The grace period ends when nobody is left
    /// to wait for. Errors: `CompleteAlready`.
    pub fn reclaim_complete(&mut self, now: Time, id: ClientId) -> Result<(), Status> {
        let client = self.clients.find_and_renew(id, now)?;
        if !client.complete_reclaim(&mut self.effects.changes) {
            return Err(Status::CompleteAlready);
        }
        self.record_client(id);
        let name: Box<[u8]> = self.client_name(id).unwrap_or_default().into();
        self.stop_waiting_for(&name);
        Ok(())
    }

    /// Stops waiting for the client of this name, which will reclaim nothing more.
    pub(in crate::state) fn stop_waiting_for(&mut self, name: &[u8]) {
        if let Some(name) = self.grace.take(name) {
            self.forget_entitlement(name);
        }
    }

    /// Ends the grace period when its time has come. Who did not come back by now, or did not say that it has reclaimed
    /// all it had, must not reclaim after another restart.
    pub(in crate::state) fn end_grace_if_due(&mut self, now: Time) {
        if self.grace.end().is_none_or(|end| now < end) {
            return;
        }
        // Where they are very many, it goes on in alarms that are due at once. It ends when none of them is left in the
        // records: only then may others get what they had.
        for _ in 0..self.config.slice.max(1) {
            let Some(name) = self.grace.take_first() else { break };
            self.forget_entitlement(name);
        }
        self.grace.end_if_nobody_is_left();
    }

    fn forget_entitlement(&mut self, name: Box<[u8]>) {
        self.effects.changes.delete(Key::Reclaim(&name));
        if !self.has_recorded_client(&name) {
            self.effects.changes.client(ClientChange::ClientForgotten(name));
        }
    }
}
