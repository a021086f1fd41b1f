//! Cycles of owners that wait for each other, over all files (`NFS4ERR_DEADLOCK`, RFC 7530 §16.10.4).
//!
//! A waiter is denied first. When it still waits after [`Config::deadlock`], a search looks for a cycle, a bounded number of
//! steps per alarm and [`PAUSE`] between two alarms, so that webs of owners, however large, take a few percent of the time
//! of the core: 128 steps are 15 to 60 µs in each millisecond. A search takes 160 of these at most.
//!
//! Whether a cycle is a deadlock only its owners know: one may have given up without a word, and an owner may be several tasks
//! that share an open file. So a cycle counts when it has stood for [`Config::deadlock`] without any of its owners doing
//! anything, and each of them has asked again meanwhile: those that are called are called for it, and the one that is refused is
//! called last. One cycle is watched for each waiter that was found in any; after [`Config::deadlock`] it is looked for again,
//! because another one may stand when that is broken.

use crate::nfs4::{LockKind, Time};
use crate::ranges::{OwnerId, step};
use crate::state::core::Core;
use crate::state::files::queue::{LockRequest, WaiterId};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};
use std::time::Duration;

/// Steps of a search in one alarm. A step looks at one held range, or at one owner that waits: 0.1 to 0.5 µs.
const STEPS_MAX: usize = 128;
/// How long others have the core before a search goes on.
const PAUSE: Duration = Duration::from_millis(1);
/// Steps of one search, and owners that it reaches. In a larger web a deadlock is not found.
const SEARCH_MAX: usize = 20_000;
const OWNERS_MAX: usize = 4096;
/// Held ranges that are looked at for one waiter. If there are more, each owner that waits is looked at instead.
const HELD_MAX: usize = 64;
/// Owners in a cycle. To see whether one still waits for the next takes up to 64 held ranges, some 5 µs.
const MEMBERS_MAX: usize = 16;
/// Cycles that are watched at a time.
const CYCLES_MAX: usize = 16;

/// A search for a cycle through one waiter.
#[derive(Debug)]
struct Search {
    waiter: WaiterId,
    owner: OwnerId,
    /// The owners that were reached, and from whom.
    reached: BTreeMap<OwnerId, OwnerId>,
    open: Vec<Open>,
    steps: usize,
}

/// What is yet to be looked at.
#[derive(Clone, Copy, Debug)]
enum Open {
    /// What an owner waits for.
    Owner(OwnerId),
    /// Whether owners that wait, from this one on, hold anything against what another wants in a file.
    Pairs(OwnerId, u64, LockRequest, OwnerId),
}

/// A cycle: each owner waits for the next, the last one for the first, by this waiter.
#[derive(Debug)]
struct Cycle {
    members: Vec<(OwnerId, WaiterId)>,
}

/// The search for deadlocks: waiters that are to be checked, and cycles that are watched.
#[derive(Debug, Default)]
pub(in crate::state) struct Deadlocks {
    /// Waiters that are to be checked.
    checks: BTreeSet<WaiterId>,
    /// The one that was checked last.
    checked: WaiterId,
    /// The search goes on then, and not before.
    search_from: Time,
    search: Option<Search>,
    cycles: BTreeMap<WaiterId, Cycle>,
}

impl Deadlocks {
    /// Returns when the search goes on.
    pub fn due(&self) -> Option<Time> {
        (!self.checks.is_empty() || self.search.is_some()).then_some(self.search_from)
    }

    /// Adds a waiter that is to be checked.
    pub fn add_check(&mut self, id: WaiterId) {
        self.checks.insert(id);
    }

    /// Forgets a waiter that has left its queue.
    pub fn forget(&mut self, id: WaiterId) {
        self.checks.remove(&id);
        self.cycles.remove(&id);
    }

    /// Takes the next waiter that is to be checked. They take turns: no web is looked at again while others have to wait.
    fn next_check(&mut self) -> Option<WaiterId> {
        let next = self.checks.range((Excluded(self.checked), Unbounded)).next();
        let next = next.or(self.checks.first()).copied()?;
        self.checks.remove(&next);
        self.checked = next;
        Some(next)
    }
}

impl Core {
    /// Goes on with the search for deadlocks if it is due.
    pub(in crate::state) fn check_deadlocks(&mut self, now: Time) {
        if self.deadlocks.due().is_none_or(|due| due > now) {
            return;
        }
        self.deadlocks.search_from = now.saturating_add(PAUSE);
        let mut left = STEPS_MAX;
        while left > 0 {
            let Some(mut search) = self.deadlocks.search.take().or_else(|| self.next_search()) else {
                return;
            };
            let Some(open) = search.open.pop() else {
                // It is in no cycle, or in none any more.
                self.deadlocks.cycles.remove(&search.waiter);
                continue;
            };
            let found = match open {
                Open::Owner(owner) => self.look_at_owner(now, &mut search, owner, &mut left),
                Open::Pairs(owner, file, request, from) => {
                    self.look_at_pairs(&mut search, (owner, file, request, from), &mut left)
                }
            };
            match found {
                Some(members) => self.found_cycle(now, search.waiter, &members),
                None if search.steps < SEARCH_MAX && search.reached.len() < OWNERS_MAX => {
                    self.deadlocks.search = Some(search);
                }
                None => drop(self.deadlocks.cycles.remove(&search.waiter)),
            }
        }
    }

    fn next_search(&mut self) -> Option<Search> {
        for _ in 0..STEPS_MAX {
            let waiter = self.deadlocks.next_check()?;
            if let Some(owner) = self.waiter(waiter).map(|waiter| waiter.request().owner) {
                let (reached, open) = (BTreeMap::new(), vec![Open::Owner(owner)]);
                return Some(Search { waiter, owner, reached, open, steps: 0 });
            }
        }
        None
    }

    /// Looks at who holds what an owner waits for. Answers the members of a cycle, if that closes one.
    fn look_at_owner(
        &self,
        now: Time,
        search: &mut Search,
        owner: OwnerId,
        left: &mut usize,
    ) -> Option<Vec<OwnerId>> {
        for (number, place) in self.waiting.waits().of(owner) {
            search.pay(left, 1);
            let Some(file) = self.files.at(number) else { continue };
            let Some(waiter) = file.queue().at(place).filter(|waiter| waiter.counts(now)) else { continue };
            let (request, mut looked) = (*waiter.request(), 0);
            for held in file.ranges().conflicts(owner, request.range, request.kind).take(HELD_MAX) {
                looked += 1;
                if let Some(members) = self.reach(search, owner, held.owner) {
                    return Some(members);
                }
            }
            search.pay(left, looked);
            if looked == HELD_MAX && request.kind == LockKind::Write {
                search.open.push(Open::Pairs(owner, number, request, OwnerId(0)));
            }
        }
        None
    }

    /// Looks at owners that wait, one by one.
    fn look_at_pairs(
        &self,
        search: &mut Search,
        (owner, number, request, from): (OwnerId, u64, LockRequest, OwnerId),
        left: &mut usize,
    ) -> Option<Vec<OwnerId>> {
        let file = self.files.at(number)?;
        let mut waiting = self.waiting.waits().from(from);
        for other in waiting.by_ref().take(HELD_MAX) {
            search.pay(left, 1);
            if other != owner
                && file.ranges().holds_against(other, request.range, request.kind)
                && let Some(members) = self.reach(search, owner, other)
            {
                return Some(members);
            }
        }
        if let Some(next) = waiting.next() {
            search.open.push(Open::Pairs(owner, number, request, next));
        }
        None
    }

    /// Extends the search by an edge: `owner` waits for `holder`.
    fn reach(&self, search: &mut Search, owner: OwnerId, holder: OwnerId) -> Option<Vec<OwnerId>> {
        if holder == search.owner {
            return search.members(owner);
        }
        let in_teardown =
            |owner| self.lock_owners.client_of(owner).is_some_and(|client| self.teardown.has(client));
        if self.waiting.waits().has(holder) && !search.reached.contains_key(&holder) && !in_teardown(holder) {
            search.reached.insert(holder, owner);
            search.open.push(Open::Owner(holder));
        }
        None
    }

    fn found_cycle(&mut self, now: Time, id: WaiterId, members: &[OwnerId]) {
        let Some(patience) = self.config.deadlock else { return };
        let Some(cycle) = self.cycle(now, members) else { return };
        let Some(since) = self.stands_since(now, &cycle) else { return };
        let due = since.saturating_add(patience);
        if now < due {
            return self.check_at(now, id, due);
        }
        // It may be in several cycles, of which others stand when this one is broken.
        self.check_at(now, id, now.saturating_add(patience));
        if self.deadlocks.cycles.len() < CYCLES_MAX || self.deadlocks.cycles.contains_key(&id) {
            self.deadlocks.cycles.insert(id, cycle);
            self.advance_cycle(now, id);
        }
    }

    fn check_at(&mut self, now: Time, id: WaiterId, when: Time) {
        if let Some(waiter) = self.waiter_mut(id) {
            waiter.check_at(when);
        }
        self.set_alarm(now, id);
    }

    /// Returns the cycle of these owners: by what each waits for the next.
    fn cycle(&self, now: Time, members: &[OwnerId]) -> Option<Cycle> {
        let nexts = members.iter().cycle().skip(1);
        let members = members.iter().zip(nexts).map(|(owner, next)| {
            let waits = &mut self.waiting.waits().of(*owner);
            let blocked = waits.find(|id| self.waits_for(now, *id, *next).is_some());
            Some((*owner, blocked?))
        });
        Some(Cycle { members: members.collect::<Option<_>>()? })
    }

    /// Returns since when a waiter has waited, if it waits for what this owner holds.
    fn waits_for(&self, now: Time, (number, place): WaiterId, holder: OwnerId) -> Option<Time> {
        step();
        let file = self.files.at(number)?;
        let waiter = file.queue().at(place).filter(|waiter| waiter.counts(now))?;
        let LockRequest { range, kind, .. } = *waiter.request();
        file.ranges().holds_against(holder, range, kind).then_some(waiter.since())
    }

    /// Returns since when a cycle has stood: when it came to be, or an owner in it last did anything. `None` when it is one no
    /// more.
    fn stands_since(&self, now: Time, cycle: &Cycle) -> Option<Time> {
        let nexts = cycle.members.iter().cycle().skip(1).map(|(owner, _)| *owner);
        cycle.members.iter().zip(nexts).try_fold(Time::ZERO, |since, ((owner, waiter), next)| {
            let waits = self.waits_for(now, *waiter, next)?;
            Some(since.max(waits).max(self.waiting.waits().acted_at(*owner)))
        })
    }

    /// Returns the owners of a cycle, but for the first, who have not asked since then.
    fn unproven(&self, cycle: &Cycle, since: Time) -> Vec<WaiterId> {
        let others = cycle.members.iter().skip(1).map(|(_, waiter)| *waiter);
        let asked = |id: WaiterId| self.waiter(id).is_none_or(|waiter| waiter.asked_at() > since);
        others.filter(|id| !asked(*id)).collect()
    }

    /// Calls those in a cycle who have not asked again, and when all have, the one that is to be refused.
    fn advance_cycle(&mut self, now: Time, id: WaiterId) {
        let (Some(cycle), Some(patience)) = (self.deadlocks.cycles.get(&id), self.config.deadlock) else {
            return;
        };
        let Some(since) = self.stands_since(now, cycle) else {
            self.deadlocks.cycles.remove(&id);
            return;
        };
        let due = since.saturating_add(patience);
        if now < due {
            // An owner in it did something since, and waits again.
            return self.check_at(now, id, due);
        }
        let unproven = self.unproven(cycle, since);
        if unproven.is_empty() {
            return self.probe(now, id);
        }
        for other in unproven {
            self.probe(now, other);
        }
    }

    /// Returns whether a waiter that asks again is to be told that it is in a deadlock.
    pub(in crate::state) fn is_deadlocked(&self, now: Time, id: WaiterId) -> bool {
        let (Some(cycle), Some(patience)) = (self.deadlocks.cycles.get(&id), self.config.deadlock) else {
            return false;
        };
        self.stands_since(now, cycle).is_some_and(|since| {
            now >= since.saturating_add(patience) && self.unproven(cycle, since).is_empty()
        })
    }

    /// Continues after an owner has asked again and was denied: cycles that it is in may be proven now.
    pub(in crate::state) fn advance_cycles_of(&mut self, now: Time, owner: OwnerId) {
        let cycles = &self.deadlocks.cycles;
        let of_owner =
            cycles.iter().filter(|(_, cycle)| cycle.members.iter().any(|(member, _)| *member == owner));
        for id in of_owner.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.advance_cycle(now, id);
        }
    }
}

impl Search {
    fn pay(&mut self, left: &mut usize, steps: usize) {
        (0..steps).for_each(|_| step());
        self.steps += steps;
        *left = left.saturating_sub(steps);
    }

    /// Returns the owners from the first to this one, which waits for the first.
    fn members(&self, last: OwnerId) -> Option<Vec<OwnerId>> {
        let mut members = vec![last];
        let mut owner = last;
        while owner != self.owner {
            owner = *self.reached.get(&owner)?;
            members.push(owner);
        }
        members.reverse();
        (members.len() <= MEMBERS_MAX).then_some(members)
    }
}
