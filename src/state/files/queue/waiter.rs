//! One waiter: what it waits for, what it is at, and whom it holds up.

use super::habit::Habit;
use super::notices::Notice;
use super::phase::{Event, Phase};
use super::request::{LockRequest, Requester};
use crate::nfs4::{ClientId, Time};
use std::time::Duration;

/// For so long the first of those that poll goes before the others when a lock has become free.
pub(super) const TURN: Duration = Duration::from_millis(200);
/// All turns that follow each other while a lock stays free take no longer than this, or the longest of them.
const TURNS: Duration = Duration::from_millis(200);
/// One that is called has been passed over for too long after this.
const PASSED_CALLED: Duration = Duration::from_secs(1);
/// One that was passed over for too long, was called and asked again holds up those who come later for so long.
const PROVEN: Duration = Duration::from_secs(10);

/// One place in a queue.
#[derive(Clone, Debug)]
pub(in crate::state) struct Waiter {
    pub(super) request: LockRequest,
    /// Its number in the queue: greater than those of all that came before.
    pub(super) place: u64,
    /// The open under which it asked (client, serial of the open stateid).
    pub(super) open: (ClientId, u32),
    /// Its client is called when its turn comes.
    pub(super) called: bool,
    pub(super) phase: Phase,
    /// When its turn ends, if it has one.
    pub(super) until: Time,
    pub(super) habit: Habit,
    /// When somebody who came later first got what it wants, or a part of it.
    passed: Option<Time>,
    /// Polls that were denied although the lock was to be kept for them.
    failed: u8,
    /// It was called and asked again: it holds up those who come later until then.
    proven: Option<Time>,
    /// Since when the lock is free and turns have followed each other.
    pub(super) idle: Option<Time>,
    /// It is to be looked at.
    pub(super) marked: bool,
    /// The alarm that is set for it.
    pub(super) alarm: Option<Time>,
    /// When to check whether it waits in a cycle.
    pub(super) check: Option<Time>,
    pub(super) notice: Option<Notice>,
}

impl Waiter {
    /// Creates one that has just come.
    pub fn new(now: Time, request: LockRequest, place: u64, open: (ClientId, u32), called: bool) -> Self {
        Self {
            request,
            place,
            open,
            called,
            phase: Phase::Waiting,
            until: Time::ZERO,
            habit: Habit::new(now),
            passed: None,
            failed: 0,
            proven: None,
            idle: None,
            marked: false,
            alarm: None,
            check: None,
            notice: None,
        }
    }

    /// Returns what it waits for.
    pub fn request(&self) -> &LockRequest {
        &self.request
    }

    /// Returns its number in the queue.
    pub fn place(&self) -> u64 {
        self.place
    }

    /// Returns the open under which it asked: client, serial.
    pub fn open(&self) -> (ClientId, u32) {
        self.open
    }

    /// Returns whether its client is called when its turn comes.
    pub fn is_called(&self) -> bool {
        self.called
    }

    /// Returns when it asked first.
    pub fn since(&self) -> Time {
        self.habit.since
    }

    /// Returns when it asked last.
    pub fn asked_at(&self) -> Time {
        self.habit.asked
    }

    /// Sets when to check whether it waits in a cycle.
    pub fn check_at(&mut self, when: Time) {
        self.check = Some(when);
    }

    pub(super) fn happen(&mut self, event: Event) {
        self.phase = self.phase.after(event);
    }

    /// Records that it asked again and was denied. `hold`: as in [`Waiter::protects`].
    pub(super) fn ask(&mut self, now: Time, hold: Duration) {
        if self.called {
            self.proven = (self.phase == Phase::Probed).then(|| now.saturating_add(PROVEN)).or(self.proven);
        } else if self.is_expected(now, hold) {
            self.failed = self.failed.saturating_add(1);
        }
        self.habit.ask(now);
        self.happen(Event::Asked);
    }

    /// Records that somebody got what it wants, or a part of it; it was passed over if it `came_first`.
    pub(super) fn taken(&mut self, now: Time, came_first: bool) {
        self.idle = None;
        self.happen(Event::Taken);
        if came_first {
            self.passed.get_or_insert(now);
        }
    }

    /// Returns whether it has a turn now.
    pub(super) fn has_turn(&self, now: Time) -> bool {
        matches!(self.phase, Phase::Turn | Phase::Called) && now < self.until
    }

    /// Returns whether it is believed to wait, and may be given a turn.
    pub fn counts(&self, now: Time) -> bool {
        match self.phase {
            Phase::Waiting | Phase::Turn | Phase::Called | Phase::Probed | Phase::NotNotified => {
                self.called || self.habit.is_fresh(now)
            }
            Phase::ReservationMissed | Phase::Quiet => false,
        }
    }

    /// Begins a turn of this length now; answers whether any of it is left beside the turns of others that missed theirs.
    pub(super) fn begin_turn(&mut self, now: Time, length: Duration) -> bool {
        let began = *self.idle.get_or_insert(now);
        self.until = now.saturating_add(length).min(began.saturating_add(TURNS.max(length)));
        now < self.until
    }

    /// Returns whether others went past it for too long: longer than its own poll interval, or than a second if it is called.
    pub(super) fn is_overdue(&self, now: Time) -> bool {
        let patience = if self.called { PASSED_CALLED } else { self.habit.interval() * 7 / 8 };
        self.passed.is_some_and(|passed| now.saturating_sub(passed) >= patience)
    }

    /// Returns whether it has been passed over, and its client polls: then locks are kept around its polls.
    pub(super) fn has_windows(&self) -> bool {
        self.passed.is_some() && !self.called && matches!(self.phase, Phase::Waiting | Phase::Turn)
    }

    /// Returns whether its next poll is expected now, and it has been passed over for too long.
    fn is_expected(&self, now: Time, hold: Duration) -> bool {
        let inside = |(from, until)| from <= now && now < until;
        self.is_overdue(now) && self.habit.windows(hold, self.failed).any(inside)
    }

    /// Returns whether it keeps others from a lock although it has no turn: it has been passed over for too long, and is about to
    /// poll, or is known to wait. Others hold the lock for `hold`.
    pub(super) fn protects(&self, now: Time, hold: Duration) -> bool {
        match (self.phase, self.called) {
            (Phase::Waiting | Phase::Turn, false) => self.is_expected(now, hold),
            (Phase::Waiting, true) => self.is_overdue(now) && self.proven.is_some_and(|until| now < until),
            _ => false,
        }
    }

    /// Returns whether others may be waiting because of it: when it does so no more, they are to be looked at.
    pub(super) fn holds_up(&self, now: Time, hold: Duration) -> bool {
        self.has_turn(now) || self.protects(now, hold)
    }

    /// Returns whether the time has come in which it holds up nobody any more, although it has asked.
    pub(super) fn ends_claim(&mut self, now: Time) -> bool {
        self.proven.take_if(|until| *until <= now).is_some() || self.has_windows()
    }

    /// Returns whether it is to be called to see whether it still waits, because it is passed over again.
    pub(super) fn is_to_be_probed(&self, now: Time) -> bool {
        self.called && self.phase == Phase::Waiting && self.is_overdue(now)
    }

    /// Returns whether its turn holds up a request that conflicts with it.
    pub(super) fn goes_before(&self, now: Time, asking: &Requester, its: Option<&Waiter>) -> bool {
        match self.phase {
            _ if now >= self.until => false,
            Phase::Called => true,
            // For a moment, the first of those that poll goes first: others that poll very fast lose nothing by it, and a
            // process that opened the file after another of its client, and never had a lock there, comes later.
            Phase::Turn if asking.polls => match its {
                Some(its) => now < its.habit.asked.saturating_add(TURN),
                None => asking.is_new && self.open.0 == asking.open.0 && self.open.1 < asking.open.1,
            },
            Phase::Turn
            | Phase::Waiting
            | Phase::Probed
            | Phase::NotNotified
            | Phase::ReservationMissed
            | Phase::Quiet => false,
        }
    }

    /// Returns when something becomes of it by itself.
    pub(super) fn next_alarm(&self, now: Time, hold: Duration) -> Option<Time> {
        let turn = matches!(self.phase, Phase::Turn | Phase::Called | Phase::Probed).then_some(self.until);
        let window = self.has_windows().then(|| {
            let ends = self.habit.windows(hold, self.failed).map(|(_, until)| until);
            ends.filter(|end| *end > now).min()
        });
        turn.into_iter().chain(window.flatten()).chain(self.check).chain(self.proven).min()
    }
}
