//! Waiters whose clients are to be called and cannot be: there is no connection, or all slots are in use.
//!
//! They wait in one queue per client, in the order in which their turns came, each at most once. When a connection is bound or
//! a slot is free again, the first of them are looked at again: only if the lock is still to be had are they called.

use super::request::WaiterId;
use crate::nfs4::{ClientId, Time};
use crate::state::core::Core;
use std::collections::{BTreeMap, BTreeSet};

/// Names a notice: client, number.
pub(in crate::state) type Notice = (ClientId, u64);

/// The notices of all clients.
#[derive(Debug, Default)]
pub(in crate::state) struct Notices {
    of_waiters: BTreeMap<Notice, WaiterId>,
    issued: u64,
    /// Clients that can perhaps be called now.
    ready: BTreeSet<ClientId>,
}

impl Notices {
    pub fn len(&self) -> usize {
        self.of_waiters.len()
    }

    /// Returns whether some of them may be taken.
    pub fn is_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    pub fn add(&mut self, client: ClientId, waiter: WaiterId) -> Notice {
        self.issued += 1;
        self.of_waiters.insert((client, self.issued), waiter);
        (client, self.issued)
    }

    pub fn remove(&mut self, notice: Notice) {
        self.of_waiters.remove(&notice);
    }

    fn first_of(&self, client: ClientId) -> Option<Notice> {
        self.of_waiters.range((client, 0)..=(client, u64::MAX)).next().map(|(notice, _)| *notice)
    }

    /// Records that the client can be called in a way that it could not before.
    pub fn way_to(&mut self, client: ClientId) {
        if self.first_of(client).is_some() {
            self.ready.insert(client);
        }
    }
}

impl Core {
    /// Looks again at waiters whose clients can be called now, `left` at most.
    pub(in crate::state) fn take_notices(&mut self, now: Time, left: &mut usize) {
        while *left > 0
            && let Some(client) = self.waiting.notices.ready.first().copied()
        {
            let notices = &mut self.waiting.notices;
            let Some(notice) = notices.first_of(client).filter(|_| self.can_be_called(client)) else {
                self.waiting.notices.ready.remove(&client);
                continue;
            };
            *left -= 1;
            let Some((file, place)) = self.waiting.notices.of_waiters.remove(&notice) else { continue };
            if let Some(waiter) = self.waiter_mut((file, place)) {
                waiter.notice = None;
                self.offer(now, (file, place));
            }
        }
    }
}
