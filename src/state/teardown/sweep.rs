//! The sweep: what nobody can ask for any more is forgotten, twice in each lease.
//!
//! There can be millions of things to look at, so it goes in slices, each an alarm that is due at once: a part of a table at a
//! time (`ranges::Table::parts`), so that what is looked at stays bounded however much there is.

use crate::nfs4::{ClientId, OpaqueOwner, Time};
use crate::ranges::OwnerId;
use crate::state::core::Core;
use crate::state::files::queue::remembered_at_most;
use crate::state::locks::LockOwnerState;
use crate::state::records::Key;

/// How many things are looked at in a slice, at 0.1 to 0.5 µs.
const LOOKS: usize = 800;
/// How many looks it costs to forget something.
const FORGET: usize = 8;

/// Where a sweep is.
#[derive(Clone, Debug)]
enum Stage {
    /// Behind this unconfirmed client.
    Unconfirmed(Option<ClientId>),
    /// At this part of the clients.
    Clients(usize),
    /// At the owners of the last of these clients, who come from the parts before this one: the open_owners from this part
    /// on, or when they are done, the lock_owners.
    Owners { clients: Vec<ClientId>, next: usize, of_locks: bool, part: usize },
}

/// When things are forgotten.
#[derive(Debug)]
pub(in crate::state) struct Sweep {
    /// When the next one begins.
    next: Time,
    /// Where the one is that is under way, and when it began or its last slice was done.
    under_way: Option<(Stage, Time)>,
}

impl Sweep {
    /// Returns the first one begins at `next`.
    pub fn at(next: Time) -> Self {
        Self { next, under_way: None }
    }

    /// Returns when there is something to do.
    pub fn due(&self) -> Time {
        self.under_way.as_ref().map_or(self.next, |(_, since)| *since)
    }
}

impl Core {
    /// Carries out a slice of the sweep, if one is due.
    pub(in crate::state) fn sweep_if_due(&mut self, now: Time) {
        if now < self.sweep.due() {
            return;
        }
        let mut stage = match self.sweep.under_way.take() {
            Some((stage, _)) => stage,
            None => {
                self.sweep.next = now.saturating_add(self.config.lease / 2);
                self.begin_scan();
                Stage::Unconfirmed(None)
            }
        };
        let mut looks = LOOKS;
        while looks > 0 {
            let next = match stage {
                Stage::Unconfirmed(after) => self.sweep_unconfirmed(now, after, &mut looks),
                Stage::Clients(part) => self.sweep_clients(part, &mut looks),
                Stage::Owners { clients, next, of_locks, part } => {
                    self.sweep_owners(now, (clients, next), (of_locks, part), &mut looks)
                }
            };
            let Some(next) = next else { return };
            stage = next;
        }
        self.sweep.under_way = Some((stage, now));
    }

    /// Forgets unconfirmed clients that nobody confirmed for a lease.
    fn sweep_unconfirmed(&mut self, now: Time, after: Option<ClientId>, looks: &mut usize) -> Option<Stage> {
        let some: Vec<_> = self.clients.unconfirmed_after(after).take(100).collect();
        for id in &some {
            *looks = looks.saturating_sub(1);
            let record = self.clients.unconfirmed_of(*id);
            if record.is_some_and(|record| now.saturating_sub(record.since()) >= self.config.lease) {
                *looks = looks.saturating_sub(FORGET);
                let name = self.clients.unconfirmed_name(*id).unwrap_or_default();
                self.clients.drop_unconfirmed(&mut self.effects.changes, &name);
            }
        }
        Some(some.last().map_or(Stage::Clients(0), |last| Stage::Unconfirmed(Some(*last))))
    }

    /// Returns the next part of the clients, if there is one.
    fn sweep_clients(&self, part: usize, looks: &mut usize) -> Option<Stage> {
        if part >= self.clients.parts() {
            return None;
        }
        let clients: Vec<_> = self.clients.part(part).collect();
        *looks = looks.saturating_sub(clients.len() / FORGET + 1);
        Some(Stage::Owners { clients, next: part + 1, of_locks: false, part: 0 })
    }

    /// Looks at the last of these clients, and at a part of its owners.
    fn sweep_owners(
        &mut self,
        now: Time,
        (mut clients, next): (Vec<ClientId>, usize),
        (mut of_locks, mut part): (bool, usize),
        looks: &mut usize,
    ) -> Option<Stage> {
        let Some(&id) = clients.last() else { return Some(Stage::Clients(next)) };
        *looks = looks.saturating_sub(1);
        if (of_locks, part) == (false, 0) && self.sweep_client(now, id) {
            *looks = looks.saturating_sub(10 * FORGET);
        }
        let parts = self
            .clients
            .get(id)
            .map_or((0, 0), |client| (client.open_owners().parts(), client.lock_owners().parts()));
        if !of_locks && part >= parts.0 {
            (of_locks, part) = (true, 0);
        }
        if of_locks && part >= parts.1 {
            clients.pop();
            return Some(Stage::Owners { clients, next, of_locks: false, part: 0 });
        }
        let done = match of_locks {
            false => self.sweep_open_owners(now, id, part, looks),
            true => self.sweep_lock_owners(now, id, part, looks),
        };
        part += usize::from(done);
        Some(Stage::Owners { clients, next, of_locks, part })
    }

    /// Forgets open_owners that have had nothing open for a lease. Answers whether that is all of this part.
    fn sweep_open_owners(&mut self, now: Time, id: ClientId, part: usize, looks: &mut usize) -> bool {
        let lease = self.config.lease;
        let Some(client) = self.clients.get_mut(id) else { return true };
        let (most, mut looked) = ((*looks / FORGET).max(1), 0);
        let owners = client.open_owners().part(part).inspect(|_| looked += 1);
        let gone: Vec<OpaqueOwner> = owners
            .filter(|(_, owner)| owner.is_idle(now, lease))
            .map(|(name, _)| name.clone())
            .take(most)
            .collect();
        *looks = looks.saturating_sub(looked + FORGET * gone.len());
        for name in &gone {
            self.effects.changes.delete_open_owner(id, name);
            let owner = client.open_owners_mut().remove(name);
            if let Some(serial) = owner.and_then(|owner| owner.closed()) {
                client.states_mut().remove(&serial);
            }
        }
        gone.len() < most
    }

    /// Forgets lock_owners that have had no lock stateid for a lease, and stand in no queue any more. Answers whether that is
    /// all of this part.
    fn sweep_lock_owners(&mut self, now: Time, id: ClientId, part: usize, looks: &mut usize) -> bool {
        let patience = remembered_at_most(&self.config);
        let Some(client) = self.clients.get_mut(id) else { return true };
        let waits = self.waiting.waits();
        let idle = |owner: &LockOwnerState| owner.is_idle(now, patience) && !waits.has(owner.id());
        let (most, mut looked) = ((*looks / FORGET).max(1), 0);
        let owners = client.lock_owners().part(part).inspect(|_| looked += 1);
        let gone: Vec<OwnerId> =
            owners.filter(|owner| idle(owner)).map(LockOwnerState::id).take(most).collect();
        *looks = looks.saturating_sub(looked + FORGET * gone.len());
        for &owner in &gone {
            client.lock_owners_mut().remove(owner);
            self.effects.changes.delete(Key::LockOwner(owner));
            self.lock_owners.remove(owner);
        }
        gone.len() < most
    }
}
