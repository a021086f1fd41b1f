//! Who may reclaim after a restart, and until when.

use crate::nfs4::Time;
use crate::state::config::Config;
use std::collections::BTreeSet;

/// Holds the grace period and the names of the clients that it waits for.
#[derive(Debug)]
pub(in crate::state) struct Grace {
    /// Until when only reclaims are served.
    end: Option<Time>,
    /// To when reclaims can move that at most.
    latest: Time,
    /// Clients that may reclaim, by `nfs_client_id4.id`.
    may_reclaim: BTreeSet<Box<[u8]>>,
}

impl Grace {
    /// Begins a grace period at `now` if there is anybody to wait for.
    pub fn new(now: Time, may_reclaim: BTreeSet<Box<[u8]>>, config: &Config) -> Self {
        let latest = now.saturating_add(config.grace * 2);
        let mut grace = Self { end: None, latest, may_reclaim };
        grace.begin(now, config);
        grace
    }

    /// Starts the whole period again if there is anybody to wait for.
    pub fn begin(&mut self, now: Time, config: &Config) {
        self.end = (!self.may_reclaim.is_empty()).then(|| now.saturating_add(config.grace));
    }

    /// Returns when the period ends, if there is one.
    pub fn end(&self) -> Option<Time> {
        self.end
    }

    /// Returns whether the client of this name may reclaim.
    pub fn may_reclaim(&self, name: &[u8]) -> bool {
        self.may_reclaim.contains(name)
    }

    /// Lists the clients that may reclaim, by `nfs_client_id4.id`.
    pub fn names(&self) -> impl Iterator<Item = &Box<[u8]>> {
        self.may_reclaim.iter()
    }

    /// Adds a client that may reclaim: a record has said so.
    pub fn restore(&mut self, name: &[u8]) {
        self.may_reclaim.insert(name.into());
    }

    /// Takes out the client of this name, and ends the period when it was the last.
    pub fn take(&mut self, name: &[u8]) -> Option<Box<[u8]>> {
        let name = self.may_reclaim.take(name)?;
        self.end_if_nobody_is_left();
        Some(name)
    }

    /// Takes out the first client in the order of names.
    pub fn take_first(&mut self) -> Option<Box<[u8]>> {
        self.may_reclaim.pop_first()
    }

    /// Ends the period if there is nobody to wait for.
    pub fn end_if_nobody_is_left(&mut self) {
        if self.may_reclaim.is_empty() {
            self.end = None;
        }
    }

    /// Moves the end of the period to at least `pause` from `now`, within bounds: somebody is reclaiming.
    pub fn extend(&mut self, now: Time, pause: Time) {
        let end = now.saturating_add(pause).min(self.latest);
        self.end = self.end.map(|before| before.max(end));
    }
}
