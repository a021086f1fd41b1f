//! The waiters of one file.
//!
//! There are at most `Config::waiters_per_file_max` (1,024), in one list by place. Whoever looks through it compares ranges,
//! some 3 ns each: 3 µs. Byte ranges that are held are only looked at for waiters that are marked, a bounded number at a time.

use super::phase::Phase;
use super::request::{LockRequest, Requester};
use super::waiter::Waiter;
use super::waiting::Gone;
use crate::nfs4::{ClientId, LockKind, Range, Time};
use crate::ranges::RangeSet;
use crate::ranges::{OwnerId, step};
use crate::state::config::Config;
use crate::state::output::Effects;
use crate::state::records::Key;
use std::time::Duration;

/// Most waiters for which is looked up whether they wait for the one that asks.
const PROTECTED_MAX: usize = 16;

/// The waiters of one file in the order in which they came.
#[derive(Debug)]
pub(in crate::state) struct Queue {
    /// The number of the file.
    file: u64,
    waiters: Vec<Waiter>,
    /// How long locks were held, lately, that went past somebody.
    hold: Duration,
    /// When the last of these was granted, if it is still held.
    held_since: Option<Time>,
}

impl Queue {
    /// Creates one in which nobody stands.
    pub(in crate::state::files) fn new(file: u64) -> Self {
        Self { file, waiters: Vec::new(), hold: Duration::ZERO, held_since: None }
    }

    /// Puts back who stood there before a restart, behind those that were put back already.
    pub(in crate::state::files) fn restore(&mut self, waiter: Waiter) {
        self.waiters.push(waiter);
    }

    pub fn is_empty(&self) -> bool {
        self.waiters.is_empty()
    }

    pub fn len(&self) -> usize {
        self.waiters.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Waiter> {
        self.waiters.iter().inspect(|_| step())
    }

    fn iter_mut(&mut self) -> impl Iterator<Item = &mut Waiter> {
        self.waiters.iter_mut().inspect(|_| step())
    }

    fn index_of(&self, place: u64) -> Option<usize> {
        self.waiters.binary_search_by_key(&place, |waiter| waiter.place).ok()
    }

    pub fn at(&self, place: u64) -> Option<&Waiter> {
        Some(&self.waiters[self.index_of(place)?])
    }

    pub(super) fn at_mut(&mut self, place: u64) -> Option<&mut Waiter> {
        let index = self.index_of(place)?;
        Some(&mut self.waiters[index])
    }

    pub fn find(&self, request: &LockRequest) -> Option<&Waiter> {
        self.iter().find(|waiter| waiter.request == *request)
    }

    /// Returns the place of the first waiter that is marked.
    pub(super) fn first_marked(&self) -> Option<u64> {
        self.iter().find(|waiter| waiter.marked).map(|waiter| waiter.place)
    }

    /// Returns for how long those hold the lock that go past waiters.
    pub(super) fn hold(&self, now: Time) -> Duration {
        let current = self.held_since.map_or(Duration::ZERO, |since| now.saturating_sub(since));
        self.hold.max(current)
    }

    /// Takes out who is not to be kept; those whom it may have held up are looked at. The only way out of the queue.
    /// Answers whether anybody went.
    fn retain(&mut self, effects: &mut Effects, keep: impl Fn(&Waiter) -> bool) -> bool {
        let (file, before) = (self.file, self.waiters.len());
        let mut freed: Option<Range> = None;
        self.waiters.retain(|waiter| {
            step();
            let keep = keep(waiter);
            if !keep {
                effects.changes.delete(Key::Waiter(file, waiter.place));
                let Waiter { place, request, alarm, notice, .. } = *waiter;
                effects.gone.push(Gone { id: (file, place), owner: request.owner, alarm, notice });
                freed = Some(freed.map_or(request.range, |range| range.hull(request.range)));
            }
            keep
        });
        if let Some(range) = freed {
            self.freed(effects, range);
        }
        if self.waiters.is_empty() {
            (self.hold, self.held_since) = (Duration::ZERO, None);
        }
        self.waiters.len() < before
    }

    /// Notes that something in `range` may have become free: who waits for any of it is to be looked at.
    pub fn freed(&mut self, effects: &mut Effects, range: Range) {
        let mut any = false;
        for waiter in self.iter_mut().filter(|waiter| waiter.request.range.overlaps(range)) {
            (waiter.marked, any) = (true, true);
        }
        if any {
            effects.look_at(self.file);
        }
    }

    /// Adds a request that was denied and waits. A repeated one keeps its place.
    /// Returns its place; `None` when the queue is full.
    pub(super) fn add(
        &mut self,
        now: Time,
        config: &Config,
        effects: &mut Effects,
        asking: &Requester,
        called: bool,
    ) -> Option<u64> {
        let hold = self.hold(now);
        let known = self.iter().position(|waiter| waiter.request == asking.request);
        if let Some(index) = known {
            let waiter = &mut self.waiters[index];
            let held_up = waiter.holds_up(now, hold);
            waiter.ask(now, hold);
            let place = waiter.place;
            if (waiter.open, waiter.called) != (asking.open, called) {
                (waiter.open, waiter.called) = (asking.open, called);
                effects.changes.put_waiter(self.file, waiter);
            }
            if held_up {
                self.freed(effects, asking.request.range);
            }
            return Some(place);
        }
        if self.waiters.len() >= config.waiters_per_file_max {
            return None;
        }
        let place = self.waiters.last().map_or(0, |last| last.place + 1);
        let waiter = Waiter::new(now, asking.request, place, asking.open, called);
        effects.changes.put_waiter(self.file, &waiter);
        self.waiters.push(waiter);
        Some(place)
    }

    /// Records that `request` was granted: it waits no more, and others that wait for any of it have been passed over,
    /// or see their turns end. Answers the first that is to be called because it was passed over for too long.
    pub fn granted(&mut self, now: Time, effects: &mut Effects, request: &LockRequest) -> Option<u64> {
        let place = self.find(request).map_or(u64::MAX, |waiter| waiter.place);
        let (mut probed, mut passed, hold, file) = (None, false, self.hold(now), self.file);
        let mut freed: Option<Range> = None;
        for waiter in self.iter_mut().filter(|waiter| waiter.request.conflicts(request)) {
            if waiter.place < place && probed.is_none() && waiter.is_to_be_probed(now) {
                probed = Some(waiter.place);
            }
            let counts = waiter.counts(now);
            passed |= counts;
            if waiter.holds_up(now, hold) {
                let range = waiter.request.range;
                freed = Some(freed.map_or(range, |freed| freed.hull(range)));
            }
            let had_windows = waiter.has_windows();
            waiter.taken(now, counts && waiter.place < place);
            if !had_windows && waiter.has_windows() {
                // From now on it holds others up around its polls: it is looked at, and so has an alarm at the end of that.
                waiter.marked = true;
                effects.look_at(file);
            }
        }
        if passed {
            self.held_since = Some(now);
        }
        self.retain(effects, |waiter| waiter.request != *request);
        if request.kind == LockKind::Read {
            // It may have been a downgrade.
            self.freed(effects, request.range);
        }
        if let Some(range) = freed {
            // Whom those held up whose turns end with that.
            self.freed(effects, range);
        }
        probed
    }

    /// Records that `range` was given up: who waits for any of it is to be looked at.
    pub fn unlocked(&mut self, now: Time, effects: &mut Effects, range: Range) {
        if let Some(since) = self.held_since.take() {
            self.hold = (self.hold * 3 / 4).max(now.saturating_sub(since));
        }
        self.freed(effects, range);
    }

    /// Takes out all that `owner` waits for.
    pub fn forget_owner(&mut self, effects: &mut Effects, owner: OwnerId) {
        self.retain(effects, |waiter| waiter.request.owner != owner);
    }

    /// Takes out all that clients who are `gone` wait for; answers whether there was anything.
    pub fn forget_clients(&mut self, effects: &mut Effects, gone: impl Fn(ClientId) -> bool) -> bool {
        self.retain(effects, |waiter| !gone(waiter.open.0))
    }

    /// Takes out all that was asked for under an open that is no more.
    pub fn forget_open(&mut self, effects: &mut Effects, client: ClientId, serial: u32) {
        self.retain(effects, |waiter| waiter.open != (client, serial));
    }

    /// Takes out one waiter.
    pub(super) fn forget(&mut self, effects: &mut Effects, place: u64) {
        self.retain(effects, |waiter| waiter.place != place);
    }

    /// Takes out who was not heard of for `remembered`.
    pub(super) fn forget_old(&mut self, now: Time, effects: &mut Effects, remembered: Duration) {
        self.retain(effects, |waiter| now < waiter.habit.asked.saturating_add(remembered));
    }

    /// Ends the turn of the waiter at `place`, which did not come: those behind it go on with what is left of the time
    /// for which the lock may be kept.
    pub(super) fn pass_on(&mut self, place: u64) {
        let Some(index) = self.index_of(place) else { return };
        let (request, idle) = (self.waiters[index].request, self.waiters[index].idle);
        for waiter in self.iter_mut().skip(index).filter(|waiter| waiter.request.conflicts(&request)) {
            waiter.idle = waiter.idle.or(idle);
        }
    }
}

impl Queue {
    /// Returns the waiter that goes before `asking`, if there is one that does so now.
    pub(in crate::state::files) fn who_goes_before(
        &self,
        ranges: &RangeSet,
        now: Time,
        asking: &Requester,
    ) -> Option<&Waiter> {
        let its = self.find(&asking.request);
        // One that was called and comes is not told to wait. The turn of one that polls ends where another is called.
        let turn = its.filter(|its| its.has_turn(now)).map(|its| its.phase);
        if turn == Some(Phase::Called) {
            return None;
        }
        let (place, hold) = (its.map_or(u64::MAX, |its| its.place), self.hold(now));
        let is_overdue = its.is_some_and(|its| !its.called && its.is_overdue(now));
        let ahead = self.iter().take_while(|waiter| waiter.place < place);
        let mut looks = PROTECTED_MAX;
        ahead.filter(|waiter| waiter.request.conflicts(&asking.request)).find(|waiter| {
            if waiter.goes_before(now, asking, its) {
                return turn.is_none() || waiter.phase == Phase::Called;
            }
            // Of those that were passed over for too long, whoever comes first gets it.
            if turn.is_some() || is_overdue || !waiter.protects(now, hold) || looks == 0 {
                return false;
            }
            looks -= 1;
            let LockRequest { range, kind, .. } = waiter.request;
            // One that waits for the requester is not ahead of it: both would wait for each other.
            !ranges.holds_against(asking.request.owner, range, kind)
        })
    }

    /// Returns whether a waiter may be given a turn, as far as other waiters are concerned.
    pub(super) fn is_next(&self, now: Time, waiter: &Waiter) -> bool {
        let (place, hold) = (waiter.place, self.hold(now));
        let ahead = self.iter().take_while(|other| other.place < place);
        let mut rivals = ahead.filter(|other| other.request.conflicts(&waiter.request));
        // One that is called does not wait for those that poll.
        let has_turn = |other: &Waiter| match other.phase {
            Phase::Called => now < other.until,
            Phase::Turn => !waiter.called && now < other.until,
            _ => false,
        };
        let holds_up = |other: &Waiter| has_turn(other) || other.protects(now, hold) && !waiter.has_windows();
        !rivals.any(holds_up)
    }
}
