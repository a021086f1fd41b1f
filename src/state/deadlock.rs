//! Cycles of owners that wait for each other, over all files (`NFS4ERR_DEADLOCK`, RFC 7530 §16.10.4).

use super::Core;
use super::wait::Want;
use crate::nfs4::Time;
use crate::ranges::OwnerId;
use std::collections::BTreeSet;

/// Most owners looked at in one search; a larger web is taken for no cycle, which is always allowed.
const OWNERS_MAX: usize = 1000;

impl Core {
    /// Whether `want` on `file` would wait for itself: some chain of fresh waiters leads from who is in its way back to
    /// its own owner.
    pub(super) fn would_deadlock(&self, now: Time, file: u64, want: &Want) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = self.in_the_way(now, file, want);
        while let Some(owner) = open.pop() {
            if owner == want.owner {
                return true;
            }
            if seen.len() >= OWNERS_MAX || !seen.insert(owner) {
                continue;
            }
            for (file, wanted) in self.waits_of(now, owner) {
                open.extend(self.in_the_way(now, file, &wanted));
            }
        }
        false
    }

    /// The owners that `want` on `file` waits for: holders of conflicting locks, and waiters ahead of it.
    fn in_the_way(&self, now: Time, file: u64, want: &Want) -> Vec<OwnerId> {
        let Some(file) = self.files.at(file) else { return Vec::new() };
        let holders = file.ranges.conflicts(want.owner, want.range, want.kind).map(|held| held.owner);
        let ahead = file.ahead_of(want).filter(|waiter| waiter.is_fresh(now, &self.config));
        holders.chain(ahead.map(|waiter| waiter.want.owner)).take(OWNERS_MAX).collect()
    }

    /// What `owner` is believed to be waiting for now.
    fn waits_of(&self, now: Time, owner: OwnerId) -> impl Iterator<Item = (u64, Want)> {
        let files = self.lock_owners.waits_of(owner).iter();
        files.filter_map(|file| self.files.at(*file)).flat_map(move |file| {
            let own = file.queue.iter().filter(move |waiter| waiter.want.owner == owner);
            let own = own.filter(|waiter| !self.departures.has(waiter.open.0));
            own.filter(move |waiter| waiter.is_fresh(now, &self.config))
                .map(move |waiter| (file.number, waiter.want))
        })
    }
}
