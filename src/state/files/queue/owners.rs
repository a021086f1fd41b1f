//! What owners wait for.

use super::phase::Event;
use super::request::{LockRequest, WaiterId};
use crate::nfs4::Time;
use crate::ranges::OwnerId;
use crate::state::core::Core;
use smallvec::SmallVec;
use std::collections::BTreeMap;

/// Most places in queues that one owner has at a time; a new one takes the place of its oldest.
const WAITS_MAX: usize = 32;

/// What one owner waits for.
#[derive(Debug, Default)]
struct WaitsOfOwner {
    /// Its places in queues, the oldest first.
    waiters: SmallVec<[WaiterId; 1]>,
    /// When it last did something else, since it began to wait.
    acted: Time,
}

/// What owners wait for.
#[derive(Debug, Default)]
pub(in crate::state) struct Waits {
    owners: BTreeMap<OwnerId, WaitsOfOwner>,
}

impl Waits {
    /// Adds a waiter of an owner; returns one that must go if the owner has too many.
    pub fn add(&mut self, owner: OwnerId, waiter: WaiterId) -> Option<WaiterId> {
        let waiters = &mut self.owners.entry(owner).or_default().waiters;
        waiters.push(waiter);
        (waiters.len() > WAITS_MAX).then(|| waiters[0])
    }

    pub(in crate::state) fn gone(&mut self, owner: OwnerId, waiter: WaiterId) {
        let Some(waiting) = self.owners.get_mut(&owner) else { return };
        waiting.waiters.retain(|id| *id != waiter);
        if waiting.waiters.is_empty() {
            self.owners.remove(&owner);
        }
    }

    /// Returns the waiters of an owner.
    pub fn of(&self, owner: OwnerId) -> impl Iterator<Item = WaiterId> + use<'_> {
        self.owners.get(&owner).into_iter().flat_map(|waiting| &waiting.waiters).copied()
    }

    /// Returns whether an owner waits for anything.
    pub fn has(&self, owner: OwnerId) -> bool {
        self.owners.contains_key(&owner)
    }

    /// Returns when an owner last did something else than wait.
    pub(in crate::state) fn acted_at(&self, owner: OwnerId) -> Time {
        self.owners.get(&owner).map_or(Time::ZERO, |waiting| waiting.acted)
    }

    /// Returns the owners that wait, from this one on.
    pub(in crate::state) fn from(&self, owner: OwnerId) -> impl Iterator<Item = OwnerId> + use<'_> {
        self.owners.range(owner..).map(|(owner, _)| *owner)
    }
}

impl Core {
    /// Records that an owner sends a request. Unless it asks again for what it waits for in the file of that number
    /// (`same`), it is not known any more whether it waits for anything. At most `WAITS_MAX` waiters are looked at.
    pub(in crate::state) fn owner_acts(
        &mut self,
        now: Time,
        owner: OwnerId,
        same: Option<(u64, &LockRequest)>,
    ) {
        let Some(waiting) = self.waiting.waits.owners.get_mut(&owner) else { return };
        for (file, place) in &waiting.waiters {
            let waiter = self.files.at(*file).and_then(|file| file.queue.at(*place));
            if same.is_some_and(|(number, request)| {
                number == *file && waiter.is_some_and(|w| w.request == *request)
            }) {
                return;
            }
        }
        waiting.acted = now;
        for (file, place) in &waiting.waiters {
            let Some(file) = self.files.at_mut(*file) else { continue };
            let hold = file.queue.hold(now);
            let Some(waiter) = file.queue.at_mut(*place) else { continue };
            let freed = waiter.holds_up(now, hold).then_some(waiter.request.range);
            waiter.happen(Event::Acted);
            if let Some(range) = freed {
                file.queue.freed(&mut self.effects, range);
            }
        }
    }
}
