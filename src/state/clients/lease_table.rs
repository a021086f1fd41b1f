//! The table of leases: which end when, and who has outlived its own.

use crate::nfs4::{ClientId, Time};
use std::collections::BTreeSet;

/// Says under what a client is listed in [`Leases`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::state) enum LeasePlace {
    /// Under nothing: it expired, or it is silent and has nothing to lose.
    #[default]
    None,
    /// Its lease is looked at again at this time.
    Running(Time),
    /// It is a courtesy client, last heard of at this time.
    Courtesy(Time),
}

/// Lists clients by the time at which something must be done about them.
#[derive(Debug)]
pub(in crate::state) struct Leases {
    lease: Time,
    running: BTreeSet<(Time, ClientId)>,
    courtesy: BTreeSet<(Time, ClientId)>,
}

impl Leases {
    pub fn new(lease: Time) -> Self {
        Self { lease, running: BTreeSet::new(), courtesy: BTreeSet::new() }
    }

    /// Returns the length of a lease.
    pub fn lease(&self) -> Time {
        self.lease
    }

    /// Returns the lease that may end next: when, and whose.
    pub fn first_running(&self) -> Option<(Time, ClientId)> {
        self.running.first().copied()
    }

    /// Returns the courtesy client that has been silent for longest.
    pub fn oldest_courtesy(&self) -> Option<ClientId> {
        self.courtesy.first().map(|(_, id)| *id)
    }

    /// Returns when a lease may end next.
    pub fn next(&self) -> Option<Time> {
        self.running.first().map(|(end, _)| *end)
    }

    /// Returns the courtesy clients, and those who are about to become some: `most` at most of either.
    pub fn silent(&self, now: Time, most: usize) -> impl Iterator<Item = ClientId> {
        let ended = self.running.iter().take_while(move |(end, _)| *end <= now).take(most);
        self.courtesy.iter().take(most).chain(ended).map(|(_, id)| *id)
    }

    /// Returns how many courtesy clients there are.
    pub fn courtesy_count(&self) -> usize {
        self.courtesy.len()
    }

    /// Records that the client renewed its lease at `renewed`. When it is known to run, this is noticed at its old end.
    pub fn renewed(&mut self, place: &mut LeasePlace, id: ClientId, renewed: Time) {
        if !matches!(place, LeasePlace::Running(_)) {
            self.remove(place, id);
            let end = renewed.saturating_add(self.lease);
            *place = LeasePlace::Running(end);
            self.running.insert((end, id));
        }
    }

    /// Removes a client that is gone, or lost everything.
    pub fn remove(&mut self, place: &mut LeasePlace, id: ClientId) {
        match std::mem::take(place) {
            LeasePlace::None => false,
            LeasePlace::Running(end) => self.running.remove(&(end, id)),
            LeasePlace::Courtesy(since) => self.courtesy.remove(&(since, id)),
        };
    }

    pub fn becomes_courtesy(&mut self, place: &mut LeasePlace, id: ClientId, renewed: Time) {
        self.remove(place, id);
        *place = LeasePlace::Courtesy(renewed);
        self.courtesy.insert((renewed, id));
    }
}
