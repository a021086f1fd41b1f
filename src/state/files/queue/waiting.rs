//! What the core knows of waiters beside the queues of files.

use super::notices::{Notice, Notices};
use super::owners::Waits;
use super::request::WaiterId;
use crate::nfs4::{ClientId, Time};
use crate::ranges::OwnerId;
use std::collections::BTreeSet;

/// A waiter that has left a queue: what the core still has of it must go too.
#[derive(Clone, Copy, Debug)]
pub(in crate::state) struct Gone {
    pub(super) id: WaiterId,
    pub(super) owner: OwnerId,
    pub(super) alarm: Option<Time>,
    pub(super) notice: Option<Notice>,
}

/// What the core knows of waiters beside the queues of its files.
#[derive(Debug, Default)]
pub(in crate::state) struct Waiting {
    /// When to look at a waiter again.
    pub(super) alarms: BTreeSet<(Time, WaiterId)>,
    /// When there was last something to be looked at, and not all of it was.
    pub(super) since: Time,
    /// The file that a scan of all queues looks at next.
    pub(super) scan: Option<u64>,
    /// Another scan is to follow it.
    pub(super) scan_again: bool,
    pub(super) notices: Notices,
    /// What owners wait for.
    pub(super) waits: Waits,
}

impl Waiting {
    /// Returns what owners wait for.
    pub fn waits(&self) -> &Waits {
        &self.waits
    }

    /// Restores a waiter of an owner.
    pub fn restore(&mut self, owner: OwnerId, waiter: WaiterId) {
        self.waits.add(owner, waiter);
    }

    /// Records that the client can be called in a way that it could not before.
    pub fn way_to(&mut self, client: ClientId) {
        self.notices.way_to(client);
    }

    /// Returns when waiters want an alarm: at once if there is something to be looked at.
    pub fn due(&self, is_marked: bool) -> Option<Time> {
        self.is_due_at_once(is_marked)
            .then_some(self.since)
            .or_else(|| self.alarms.first().map(|(when, _)| *when))
    }

    /// Returns whether something is to be looked at now.
    pub fn is_due_at_once(&self, is_marked: bool) -> bool {
        is_marked || self.scan.is_some() || self.notices.is_ready()
    }

    /// Counts the notices that wait and the alarms that are set.
    pub fn census(&self) -> (usize, usize) {
        (self.notices.len(), self.alarms.len())
    }
}
