//! Turns: who is told that what it waits for is free, and what ends a turn.
//!
//! A command marks the waiters of what it frees. They are looked at before the next LOCK is decided, before calls to clients
//! are taken, and by alarms; each time so many at most:
//!
//! | loop | at most | each | together |
//! |---|---|---|---|
//! | offers | 16 | a look-up of held ranges 0.1–0.5 µs, a list of 1,024 waiters 3 µs | 56 µs |
//! | alarms | 8 | a list of 1,024 waiters 3 µs | 24 µs |
//! | files of a scan | 4 | two lists of 1,024 waiters 6 µs | 24 µs |

use super::phase::{Event, Phase};
use super::request::{LockRequest, Requester, WaiterId, remembered_at_most};
use super::waiter::{TURN, Waiter};
use crate::nfs4::{Range, Status, Time};
use crate::ranges::{OwnerId, step};
use crate::state::callbacks::Told;
use crate::state::core::Core;

const OFFERS_MAX: usize = 16;
const ALARMS_MAX: usize = 8;
const SCANNED_MAX: usize = 4;
/// Clients that are gone or silent of which one offer takes what is in its way, and pieces of each.
const CLEARED_MAX: (usize, usize) = (4, 64);

impl Core {
    pub(in crate::state) fn waiter(&self, (file, place): WaiterId) -> Option<&Waiter> {
        self.files.at(file)?.queue.at(place)
    }

    pub(in crate::state) fn waiter_mut(&mut self, (file, place): WaiterId) -> Option<&mut Waiter> {
        self.files.at_mut(file)?.queue.at_mut(place)
    }

    /// Looks at waiters that are marked, and gives turns. What is left is an alarm.
    pub(in crate::state) fn serve_waiting(&mut self, now: Time) {
        self.forget_gone();
        if self.effects.looks.is_empty() && !self.waiting.notices.is_ready() {
            return;
        }
        let mut left = OFFERS_MAX;
        self.take_notices(now, &mut left);
        while left > 0
            && let Some(file) = self.effects.looks.first().copied()
        {
            let Some(place) = self.files.at(file).and_then(|file| file.queue.first_marked()) else {
                self.effects.looks.remove(&file);
                continue;
            };
            left -= 1;
            self.offer(now, (file, place));
        }
        self.forget_gone();
        self.waiting.since = self.waiting.since.max(now);
    }

    /// Forgets what belongs to waiters that have left their queues.
    fn forget_gone(&mut self) {
        while let Some(gone) = self.effects.gone.pop() {
            step();
            if let Some(when) = gone.alarm {
                self.waiting.alarms.remove(&(when, gone.id));
            }
            if let Some(notice) = gone.notice {
                self.waiting.notices.remove(notice);
            }
            self.deadlocks.forget(gone.id);
            self.waiting.waits.gone(gone.owner, gone.id);
        }
    }

    /// Notes that `asking` was denied in the file of this number, and will wait. Errors: `Deadlock`, and then it does not.
    pub(in crate::state) fn wait_for(
        &mut self,
        now: Time,
        number: u64,
        asking: &Requester,
    ) -> Result<(), Status> {
        let called = self.has_back_channel(asking.open.0);
        let queue = self.files.at(number).map(|file| &file.queue);
        let before = queue.and_then(|queue| queue.find(&asking.request)).map(|waiter| (number, waiter.place));
        let deadlocked = before.filter(|id| self.is_deadlocked(now, *id));
        let Some(file) = self.files.at_mut(number) else { return Ok(()) };
        if let Some((_, place)) = deadlocked {
            file.queue.forget(&mut self.effects, place);
            return Err(Status::Deadlock);
        }
        let Some(place) = file.queue.add(now, &self.config, &mut self.effects, asking, called) else {
            return Ok(());
        };
        let check = self.config.deadlock.map(|patience| now.saturating_add(patience));
        if let Some(waiter) = file.queue.at_mut(place) {
            waiter.check = waiter.check.or(check);
        }
        self.files.waited.insert(number);
        match before {
            Some(_) => self.advance_cycles_of(now, asking.request.owner),
            None => self.owner_waits(asking.request.owner, (number, place)),
        }
        self.set_alarm(now, (number, place));
        Ok(())
    }

    /// Adds a place at which an owner waits. If there are too many, it waits at its first no more.
    fn owner_waits(&mut self, owner: OwnerId, id: WaiterId) {
        if let Some((file, place)) = self.waiting.waits.add(owner, id)
            && let Some(file) = self.files.at_mut(file)
        {
            file.queue.forget(&mut self.effects, place);
        }
    }

    /// Gives a waiter its turn if it can have what it wants now. One that counts for nothing because its owner did something
    /// else, or polls late, is told all the same, if it can be; nothing is kept for it.
    pub(in crate::state) fn offer(&mut self, now: Time, id: WaiterId) {
        self.learn_way(now, id);
        let Some(waiter) = self.waiter_mut(id) else { return };
        waiter.marked = false;
        let (request, client, called) = (waiter.request, waiter.open.0, waiter.called);
        let is_told = waiter.phase != Phase::ReservationMissed && (called || client.has_sessions());
        if !(waiter.counts(now) || is_told) || self.is_courtesy(client, now) {
            return;
        }
        match self.is_free(now, id.0, &request) {
            Some(true) => {
                if !called && client.has_sessions() {
                    self.add_notice(id);
                }
                self.offer_free(now, id);
            }
            Some(false) => {
                if let Some(waiter) = self.waiter_mut(id).filter(|waiter| waiter.phase != Phase::Probed) {
                    waiter.idle = None;
                    waiter.happen(Event::Taken);
                }
            }
            None => {
                if let Some(waiter) = self.waiter_mut(id) {
                    waiter.marked = true;
                    self.effects.look_at(id.0);
                }
            }
        }
        self.set_alarm(now, id);
    }

    /// Offers a waiter what nobody holds.
    fn offer_free(&mut self, now: Time, id: WaiterId) {
        let Some(file) = self.files.at_mut(id.0) else { return };
        let next = file.queue.at(id.1).is_some_and(|waiter| file.queue.is_next(now, waiter));
        let Some(waiter) = file.queue.at_mut(id.1).filter(|waiter| next && !waiter.has_turn(now)) else {
            return;
        };
        if waiter.called {
            return self.tell(now, id);
        }
        if waiter.counts(now) && waiter.begin_turn(now, TURN) {
            waiter.happen(Event::FreePolls);
        }
    }

    /// Finds out whether a waiter that could not be called when it asked can be called now: its client has bound a connection.
    fn learn_way(&mut self, now: Time, id: WaiterId) {
        let may = |waiter: &&Waiter| !waiter.called && waiter.open.0.has_sessions();
        let client = self.waiter(id).filter(may).map(|waiter| waiter.open.0);
        if !client.is_some_and(|client| self.has_back_channel(client)) {
            return;
        }
        if let Some(file) = self.files.at_mut(id.0)
            && let (hold, Some(waiter)) = (file.queue.hold(now), file.queue.at_mut(id.1))
        {
            let (held_up, range) = (waiter.holds_up(now, hold), waiter.request.range);
            waiter.called = true;
            if waiter.phase == Phase::Turn {
                waiter.until = now;
            }
            self.effects.changes.put_waiter(id.0, waiter);
            if held_up {
                // It holds up nobody until it is called.
                file.queue.freed(&mut self.effects, range);
            }
        }
    }

    /// Schedules a look at a waiter as soon as its client can be called.
    fn add_notice(&mut self, id: WaiterId) {
        let Some(client) =
            self.waiter(id).filter(|waiter| waiter.notice.is_none()).map(|waiter| waiter.open.0)
        else {
            return;
        };
        let notice = self.waiting.notices.add(client, id);
        if let Some(waiter) = self.waiter_mut(id) {
            waiter.notice = Some(notice);
        }
    }

    /// Calls the client of a waiter whose turn it is.
    fn tell(&mut self, now: Time, id: WaiterId) {
        let told = self.call_waiter(now, id);
        let Some(waiter) = self.waiter_mut(id) else { return };
        if let Told::Sent(window) = told {
            let keeps = waiter.begin_turn(now, window);
            waiter.happen(Event::FreeCalled);
            if !keeps {
                waiter.happen(Event::Stale);
            }
            return;
        }
        waiter.happen(Event::FreeNotNotified);
        self.add_notice(id);
    }

    /// Calls the client of a waiter to see whether it still waits.
    pub(in crate::state) fn probe(&mut self, now: Time, id: WaiterId) {
        let probes = |waiter: &Waiter| waiter.called && waiter.phase == Phase::Waiting;
        if !self.waiter(id).is_some_and(probes) {
            return;
        }
        if let Told::Sent(window) = self.call_waiter(now, id)
            && let Some(file) = self.files.at_mut(id.0)
            && let (hold, Some(waiter)) = (file.queue.hold(now), file.queue.at_mut(id.1))
        {
            let (held_up, range) = (waiter.holds_up(now, hold), waiter.request.range);
            waiter.until = now.saturating_add(window);
            waiter.happen(Event::Probe);
            if held_up {
                // It holds up nobody until it asks.
                file.queue.freed(&mut self.effects, range);
            }
        }
        self.set_alarm(now, id);
    }

    /// Returns whether nobody holds anything against `request`. What silent clients and clients that are gone hold is taken away;
    /// `None` if there is more of it than one look may take.
    fn is_free(&mut self, now: Time, number: u64, request: &LockRequest) -> Option<bool> {
        let (clients, mut pieces) = CLEARED_MAX;
        for _ in 0..clients {
            let Some(file) = self.files.at(number) else { return Some(false) };
            let Some(held) = file.ranges.conflict(request.owner, request.range, request.kind) else {
                return Some(true);
            };
            match self.lock_owners.client_of(held.owner) {
                Some(client) if self.teardown.has(client) => {
                    if pieces == 0 || !self.clear_way(now, number, request, &mut pieces) {
                        return None;
                    }
                }
                Some(client) if self.is_courtesy(client, now) => self.expire_client(now, client),
                _ => return Some(false),
            }
        }
        None
    }

    /// Records that the client of a waiter has answered its call with success: it comes within a few round trips, or
    /// nobody waits there.
    pub(in crate::state) fn call_succeeded(&mut self, now: Time, id: WaiterId, until: Time) {
        if let Some(waiter) = self.waiter_mut(id)
            && matches!(waiter.phase, Phase::Called | Phase::Probed)
        {
            waiter.until = waiter.until.min(until);
            self.set_alarm(now, id);
        }
    }

    /// Records that the client of a waiter answered its call with an error: nobody waits there.
    pub(in crate::state) fn call_refused(&mut self, now: Time, id: WaiterId) {
        self.end_turn(now, id, Event::Refused);
        self.set_alarm(now, id);
    }

    /// Records that the client of a waiter did not take its call: the waiter knows nothing of it, and is called over
    /// the next connection.
    pub(in crate::state) fn call_failed(&mut self, now: Time, id: WaiterId) {
        self.add_notice(id);
        self.end_turn(now, id, Event::Failed);
        self.set_alarm(now, id);
    }

    fn end_turn(&mut self, now: Time, (file, place): WaiterId, event: Event) {
        let Some(state) = self.files.at_mut(file) else { return };
        let Some(waiter) = state.queue.at_mut(place) else { return };
        let (had_turn, range) = (waiter.phase != Phase::Probed, waiter.request.range);
        waiter.until = now;
        waiter.happen(event);
        if had_turn {
            state.queue.pass_on(place);
        }
        state.queue.freed(&mut self.effects, range);
    }

    /// Sets the alarm of a waiter to when something becomes of it.
    pub(in crate::state) fn set_alarm(&mut self, now: Time, (file, place): WaiterId) {
        let Some(state) = self.files.at_mut(file) else { return };
        let hold = state.queue.hold(now);
        let Some(waiter) = state.queue.at_mut(place) else { return };
        let next = waiter.next_alarm(now, hold);
        if next != waiter.alarm {
            let before = std::mem::replace(&mut waiter.alarm, next);
            let alarms = &mut self.waiting.alarms;
            if let Some(when) = before {
                alarms.remove(&(when, (file, place)));
            }
            alarms.extend(next.map(|when| (when, (file, place))));
        }
    }

    /// Does what is due: turns that end, waiters that are to be looked at, deadlocks that are to be looked for.
    pub(in crate::state) fn waiting_alarm(&mut self, now: Time) {
        self.forget_gone();
        for _ in 0..ALARMS_MAX {
            let first = self.waiting.alarms.first().copied();
            let Some((when, id)) = first.filter(|(when, _)| *when <= now) else { break };
            step();
            self.waiting.alarms.remove(&(when, id));
            self.ring(now, id);
        }
        self.scan_queues(now);
        self.serve_waiting(now);
        self.check_deadlocks(now);
    }

    /// Handles the alarm of a waiter.
    fn ring(&mut self, now: Time, id: WaiterId) {
        let Some(waiter) = self.waiter_mut(id) else { return };
        waiter.alarm = None;
        let (range, ends_claim) = (waiter.request.range, waiter.ends_claim(now));
        let turn = matches!(waiter.phase, Phase::Turn | Phase::Called | Phase::Probed);
        let is_over = turn && waiter.until <= now;
        if waiter.check.take_if(|check| *check <= now).is_some() {
            self.deadlocks.add_check(id);
        }
        if is_over {
            self.end_turn(now, id, Event::Stale);
        }
        if ends_claim && let Some(file) = self.files.at_mut(id.0) {
            // Whom it held up.
            file.queue.freed(&mut self.effects, range);
        }
        self.set_alarm(now, id);
    }

    /// Looks at all queues once more, from now on: a lease has ended, or it is time to forget who was not heard of.
    pub(in crate::state) fn begin_scan(&mut self) {
        match self.waiting.scan {
            None => self.waiting.scan = Some(0),
            Some(_) => self.waiting.scan_again = true,
        }
    }

    fn scan_queues(&mut self, now: Time) {
        let remembered = remembered_at_most(&self.config);
        for _ in 0..SCANNED_MAX {
            let Some(next) = self.waiting.scan.filter(|_| self.effects.looks.is_empty()) else { return };
            let Some(number) = self.files.waited.range(next..).next().copied() else {
                self.waiting.scan = std::mem::take(&mut self.waiting.scan_again).then_some(0);
                continue;
            };
            self.waiting.scan = Some(number + 1);
            let Some(file) = self.files.at_mut(number) else { continue };
            file.queue.forget_old(now, &mut self.effects, remembered);
            file.queue.freed(&mut self.effects, Range::WHOLE);
            if file.queue.is_empty() {
                self.files.waited.remove(&number);
            }
            // To forget one takes some 0.5 µs: of a whole queue that is enough for once.
            if !self.effects.gone.is_empty() {
                return;
            }
        }
    }
}
