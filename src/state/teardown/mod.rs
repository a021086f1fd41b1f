//! How a client that is gone is taken apart: in slices, so that nobody waits for the whole of it.
//!
//! A client goes in one short step, the *mark* ([`Core::expire_client`]): from then on it answers as one that has nothing,
//! for all that it had stands here and no longer with it. What is left on files is in nobody's way:
//!
//! - its ranges: a request that meets one takes off what it meets ([`Core::clear_ranges`])
//! - its share reservations: the same ([`Core::clear_shares`])
//! - its waiters, and what others wait for: files with waiters come first, in whichever slice is next
//!
//! A request takes off so much and no more; if there is yet more in its way it is answered `Delay`, and told to come back.
//!
//! A slice is due as soon as there is anything left, so that the shell can serve others in between. Clients take turns. Who
//! opens or locks something pays with a small slice of its own, greater than what it adds: what is in teardown can never be
//! more than what was once held.
//!
//! What takes long to give back as memory is kept as [`DeferredDrops`] until nobody waits for the core.
//!
//! **In records** a client that expired and still has records of other kinds is in teardown. They go in an order in which each
//! is left with those that it refers to: ranges, lock stateids, opens, owners. The shares of its opens count no more from a
//! restart on.

mod deferred;
mod in_the_way;
mod long;
mod remains;
mod revoke;
mod slice;
mod sweep;

pub use deferred::DeferredDrops;
pub(super) use in_the_way::IN_THE_WAY_MAX;
pub(super) use long::Long;
pub(super) use remains::Remains;
pub use revoke::Revoke;
pub(super) use revoke::{Revocations, Revoked, RevokedStates};
pub(super) use sweep::Sweep;

use crate::nfs4::{ClientId, Time};
use crate::ranges::Held;
use crate::state::core::Core;
use crate::state::locks::LockOwners;
use crate::state::records::Key;
use deferred::Deferred;
use slice::Slice;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};

/// What a request pays that may have added an owner, a stateid and a range.
const PAID: usize = 16;

/// All that are in teardown.
#[derive(Debug, Default)]
pub(super) struct Teardown {
    clients: BTreeMap<ClientId, Remains>,
    /// Who had the last turn.
    turn: Option<ClientId>,
    /// When somebody went, or a slice was done.
    since: Time,
    /// What commands may yet take apart at this moment.
    credit: (Time, usize),
    /// The file with waiters that was looked at last, and how many are to be looked at.
    looked: Option<u64>,
    looks: usize,
    deferred: Deferred,
}

impl Teardown {
    pub fn has(&self, id: ClientId) -> bool {
        self.clients.contains_key(&id)
    }

    /// Returns whether an owner's client is in teardown.
    fn has_owner(&self, owners: &LockOwners, held: &Held) -> bool {
        owners.client_of(held.owner).is_some_and(|id| self.has(id))
    }

    pub fn iter(&self) -> impl Iterator<Item = (ClientId, &Remains)> {
        self.clients.iter().map(|(id, remains)| (*id, remains))
    }

    pub fn count(&self) -> usize {
        self.clients.len()
    }

    pub fn is_empty(&self) -> bool {
        self.clients.is_empty()
    }

    /// Returns when the next slice is due: at once.
    pub fn due(&self) -> Option<Time> {
        (!self.is_empty()).then_some(self.since)
    }
}

impl Core {
    /// Takes everything from the client; what it had is taken apart from now on.
    pub(super) fn begin_teardown(&mut self, now: Time, id: ClientId) {
        let Some(client) = self.clients.get_mut(id) else { return };
        let remains = Remains::of(client, &mut self.teardown.deferred);
        if remains.is_empty() {
            return;
        }
        let before = self.teardown.clients.insert(id, remains);
        debug_assert!(before.is_none(), "a client that is in teardown gets nothing new");
        self.teardown.since = self.teardown.since.max(now);
        self.teardown.looks = self.files.waited_count();
        // A small one is gone at once, but many small ones are as much as a great one.
        let (when, credit) = self.teardown.credit;
        let credit = if when == now { credit } else { self.config.slice };
        let left = self.tear_down(now, credit);
        self.teardown.credit = (now, left);
    }

    /// Resumes, after a restart, the teardown of clients that had expired.
    pub(super) fn resume_teardown(&mut self, forgotten: BTreeSet<ClientId>) {
        for client in self.clients.iter_mut().filter(|client| client.has_expired()) {
            let remains = Remains::of(client, &mut self.teardown.deferred).unshared();
            if !remains.is_empty() {
                self.teardown.clients.insert(client.id(), remains);
            }
        }
        for id in forgotten {
            self.drop_client(id);
        }
        self.teardown.since = self.instance.started();
        self.teardown.looks = self.files.waited_count();
    }

    /// Forgets a client that has nothing any more.
    pub(super) fn drop_client(&mut self, id: ClientId) {
        let Some(mut client) = self.clients.remove(id) else { return };
        match self.teardown.clients.get_mut(&id) {
            Some(remains) => {
                client.forget(&mut self.effects.changes);
                remains.forgotten = Some(client);
            }
            None => self.effects.changes.delete(Key::Client(id)),
        }
    }

    /// Returns whether there are clients that are gone and not yet taken apart.
    pub fn is_tearing_down(&self) -> bool {
        !self.teardown.is_empty()
    }

    /// Returns what clients that are gone have left behind. The drop of it may take long, and needs no core.
    pub fn take_deferred_drops(&mut self) -> DeferredDrops {
        self.teardown.deferred.take()
    }

    /// Carries out a slice that is due.
    pub(super) fn teardown_if_due(&mut self, now: Time) {
        if !self.teardown.is_empty() {
            self.teardown.since = self.teardown.since.max(now);
            self.tear_down(now, self.config.slice.max(1));
        }
    }

    /// Carries out a slice for a request that may have added something.
    pub(super) fn pay_for_teardown(&mut self, now: Time) {
        if !self.teardown.is_empty() {
            self.tear_down(now, PAID.min(self.config.slice).max(1));
        }
    }

    /// Takes away `most` things; answers how many less it were because there is nothing left.
    fn tear_down(&mut self, now: Time, most: usize) -> usize {
        let left = self.look_at_waited(now, most);
        let Self { teardown, files, lock_owners: owners, effects, .. } = self;
        let Teardown { clients, turn, deferred, .. } = teardown;
        let touched = BTreeSet::new();
        let mut slice = Slice { now, files, owners, effects, deferred, left, touched };
        while slice.left > 0 {
            let after = turn.map_or(Unbounded, Excluded);
            let next = clients.range((after, Unbounded)).next().or(clients.first_key_value());
            let Some(id) = next.map(|(id, _)| *id) else { break };
            *turn = Some(id);
            let Some(client) = clients.get_mut(&id) else { break };
            slice.take(id, client);
            if client.is_empty() {
                if client.forgotten.is_some() {
                    slice.effects.changes.delete(Key::Client(id));
                }
                clients.remove(&id);
            }
        }
        let left = slice.left;
        slice.end();
        if self.teardown.is_empty() {
            self.teardown.looks = 0;
        }
        left
    }
}
