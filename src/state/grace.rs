//! The grace period after a restart (RFC 7530 §9.6.2).

use super::Core;
use crate::nfs4::{ClientId, Status, Time};

impl Core {
    /// Whether only reclaims are served now.
    pub fn in_grace(&self, now: Time) -> bool {
        self.grace_end.is_some_and(|end| now < end)
    }

    /// Whether the client may open or lock now, by a reclaim or not.
    /// Errors: `Grace`, `NoGrace`, `ReclaimBad` when the client held nothing before the restart.
    pub(super) fn grace_allows(&self, now: Time, client: ClientId, reclaim: bool) -> Result<(), Status> {
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

    pub(super) fn end_grace_if_due(&mut self, now: Time) {
        if self.grace_end.is_some_and(|end| now >= end) {
            self.grace_end = None;
            for name in std::mem::take(&mut self.may_reclaim) {
                // Who did not come back by now has nothing left to reclaim.
                if !self.has_recorded_client(&name) {
                    self.changes.push(super::Change::ClientForgotten(name));
                }
            }
        }
    }
}
