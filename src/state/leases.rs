//! When leases end, and who has outlived its own (RFC 7530 §9.6.3, RFC 8881 §8.3).
//!
//! A client whose lease ran out becomes a *courtesy* client: it keeps its state until somebody wants what stands in its
//! way, and then loses all of it at once. Somebody wants it who
//!
//! - sends a request that conflicts with it: a lock, an open, I/O without one; the request finds it out itself
//! - waits for a lock that conflicts with it, whatever else it waits for: when it begins to wait, or when the lease ends
//!
//! So no waiter depends on anybody's next request: the end of the lease is an alarm.
//!
//! There are never more than `Config::courtesy_max` courtesy clients; those silent for longest go first.

use super::wait::Want;
use super::{Core, State};
use crate::nfs4::{ClientId, Filehandle, Time};
use std::collections::BTreeSet;

/// Under what a client stands in [`Leases`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum LeasePlace {
    /// Under nothing: it expired, or it is silent and has nothing to lose.
    #[default]
    None,
    /// Its lease is looked at again at this time.
    Running(Time),
    /// It is a courtesy client, last heard of at this time.
    Courtesy(Time),
}

/// The clients by the time at which something must be done about them.
#[derive(Debug)]
pub(super) struct Leases {
    lease: Time,
    running: BTreeSet<(Time, ClientId)>,
    courtesy: BTreeSet<(Time, ClientId)>,
}

impl Leases {
    pub fn new(lease: Time) -> Self {
        Self { lease, running: BTreeSet::new(), courtesy: BTreeSet::new() }
    }

    /// When a lease may end next.
    pub fn next(&self) -> Option<Time> {
        self.running.first().map(|(end, _)| *end)
    }

    /// How many courtesy clients there are.
    pub fn courtesy_count(&self) -> usize {
        self.courtesy.len()
    }

    /// The client renewed its lease at `renewed`. When it is known to run, this is noticed at its old end.
    pub fn renewed(&mut self, place: &mut LeasePlace, id: ClientId, renewed: Time) {
        if !matches!(place, LeasePlace::Running(_)) {
            self.remove(place, id);
            let end = renewed.saturating_add(self.lease);
            *place = LeasePlace::Running(end);
            self.running.insert((end, id));
        }
    }

    /// The client is gone, or lost everything.
    pub fn remove(&mut self, place: &mut LeasePlace, id: ClientId) {
        match std::mem::take(place) {
            LeasePlace::None => false,
            LeasePlace::Running(end) => self.running.remove(&(end, id)),
            LeasePlace::Courtesy(since) => self.courtesy.remove(&(since, id)),
        };
    }

    fn becomes_courtesy(&mut self, place: &mut LeasePlace, id: ClientId, renewed: Time) {
        self.remove(place, id);
        *place = LeasePlace::Courtesy(renewed);
        self.courtesy.insert((renewed, id));
    }
}

/// Most conflicting locks looked at for one waiter; what is behind them comes into view when they are gone.
const CONFLICTS_MAX: usize = 1000;

impl Core {
    /// Looks at the leases that end by `now`.
    pub(super) fn end_leases(&mut self, now: Time) {
        while let Some((_, id)) = self.clients.leases.running.first().copied().filter(|(end, _)| *end <= now)
        {
            if !self.clients.end_lease(id, now) {
                continue;
            }
            if self.is_waited_for(now, id) {
                self.expire_client(now, id);
            }
            while self.clients.leases.courtesy.len() > self.config.courtesy_max {
                let Some((_, oldest)) = self.clients.leases.courtesy.first().copied() else { break };
                self.expire_client(now, oldest);
            }
        }
    }

    /// Whether somebody else waits for a lock that the client holds.
    fn is_waited_for(&self, now: Time, id: ClientId) -> bool {
        let Some(client) = self.clients.get(id) else { return false };
        client.states.values().any(|state| {
            let State::Lock(lock) = state else { return false };
            let Some(file) = self.files.get(&lock.fh) else { return false };
            let mut waiters = file.queue.iter().filter(|waiter| waiter.is_fresh(now, &self.config));
            waiters.any(|waiter| {
                let Want { owner, range, kind } = waiter.want;
                self.lock_owners.client_of(owner) != Some(id)
                    && file.ranges.holds_against(lock.owner_id, range, kind)
            })
        })
    }

    /// Takes the state of all courtesy clients that hold locks against `want`, for which somebody begins to wait.
    pub(super) fn expire_courtesy(&mut self, now: Time, fh: &Filehandle, want: &Want) {
        let Some(file) = self.files.get(fh) else { return };
        let held = file.ranges.conflicts(want.owner, want.range, want.kind).take(CONFLICTS_MAX);
        let holders: BTreeSet<_> = held.filter_map(|held| self.lock_owners.client_of(held.owner)).collect();
        for id in holders.into_iter().filter(|id| self.is_courtesy(*id, now)).collect::<Vec<_>>() {
            self.expire_client(now, id);
        }
    }
}

impl super::client::Clients {
    /// The lease of a client may have ended: answers whether it did, and there is something to lose.
    fn end_lease(&mut self, id: ClientId, now: Time) -> bool {
        let Some((client, leases)) = self.with_lease(id) else { return false };
        let renewed = client.renewed;
        leases.remove(&mut client.place, id);
        if now < renewed.saturating_add(leases.lease) {
            leases.renewed(&mut client.place, id, renewed);
            return false;
        }
        let holds = !client.expired && client.holds_state();
        if holds {
            leases.becomes_courtesy(&mut client.place, id, renewed);
        }
        holds
    }
}
