//! The grace period after a restart (RFC 7530 §9.6.2).

use super::Core;
use crate::nfs4::{ClientId, Status, Time};

impl Core {
    /// Whether only reclaims are served now.
    pub fn in_grace(&self, now: Time) -> bool {
        self.grace_end.is_some_and(|end| now < end)
    }

    /// Whether the client may open or lock now, by a reclaim or not.
    /// A client that uses sessions says with RECLAIM_COMPLETE that it will reclaim no more; before that it gets nothing
    /// new, in a grace period or not (RFC 8881 §18.51.3).
    /// Errors: `Grace`, `NoGrace`, `ReclaimBad` when the client held nothing before the restart.
    pub(super) fn grace_allows(&self, now: Time, client: ClientId, reclaim: bool) -> Result<(), Status> {
        if client.has_sessions()
            && let Some(record) = self.clients.get(client)
            && record.reclaim_complete == reclaim
        {
            return Err(if reclaim { Status::NoGrace } else { Status::Grace });
        }
        match (self.in_grace(now), reclaim) {
            (false, false) => Ok(()),
            (true, false) => Err(Status::Grace),
            (false, true) => Err(Status::NoGrace),
            (true, true) if self.client_name(client).is_some_and(|name| self.may_reclaim.contains(name)) => {
                Ok(())
            }
            (true, true) => Err(Status::ReclaimBad),
        }
    }

    /// RECLAIM_COMPLETE (RFC 8881 §18.51) for all file systems. The grace period ends when nobody is left to wait for.
    /// Errors: `CompleteAlready`.
    pub fn reclaim_complete(&mut self, now: Time, id: ClientId) -> Result<(), Status> {
        let client = self.clients.find_and_renew(id, now)?;
        if std::mem::replace(&mut client.reclaim_complete, true) {
            return Err(Status::CompleteAlready);
        }
        self.effects.changes.put_client(client);
        let name: Box<[u8]> = self.client_name(id).unwrap_or_default().into();
        if self.may_reclaim.remove(&name) {
            self.effects.changes.delete(super::Key::Reclaim(&name));
            if !self.has_recorded_client(&name) {
                self.effects.changes.client(super::Change::ClientForgotten(name));
            }
            if self.may_reclaim.is_empty() {
                self.grace_end = None;
            }
        }
        Ok(())
    }

    pub(super) fn end_grace_if_due(&mut self, now: Time) {
        if self.grace_end.is_some_and(|end| now >= end) {
            self.grace_end = None;
            for name in std::mem::take(&mut self.may_reclaim) {
                self.effects.changes.delete(super::Key::Reclaim(&name));
                // Who did not come back by now has nothing left to reclaim.
                if !self.has_recorded_client(&name) {
                    self.effects.changes.client(super::Change::ClientForgotten(name));
                }
            }
        }
    }
}
