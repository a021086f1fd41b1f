//! The lock queue of one file as docs/decisions/001-waiting.md tells it: a plain list, and what a waiter in it may do to
//! others at most. It does not foretell what the core does to the millisecond; it says what the core must not do.

use lockhouse::nfs4::LockKind;
use std::time::Duration;

/// Bytes of the file.
pub const BYTES: usize = 6;
/// Processes that lock it. The last one is in no script.
pub const OWNERS: usize = 6;

pub const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A lock is kept no longer than this for one whose client was called, before and after the answer.
pub const WINDOW_MAX: Duration = ms(1000);
const ANSWERED_MAX: Duration = ms(100);
/// And no shorter.
const WINDOW_MIN: Duration = ms(20);
/// For so long the first that polls goes before others.
const TURN: Duration = ms(200);
const POLL_FIRST: Duration = ms(1000);
const POLL_MAX: Duration = ms(30_000);
const PASSED_CALLED: Duration = ms(1000);
const PROVEN: Duration = ms(10_000);
const DEADLOCK: Duration = ms(2500);
/// After so long without a word a waiter may have been forgotten.
const REMEMBERED: Duration = ms(90_000);
/// Waiters of one owner; one more takes the place of the oldest.
const WAITS_MAX: usize = 32;

/// Who wants which bytes, first to last, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Want {
    pub owner: usize,
    pub first: usize,
    pub last: usize,
    pub kind: LockKind,
}

impl Want {
    pub fn conflicts(&self, other: &Want) -> bool {
        let exclusive = self.kind == LockKind::Write || other.kind == LockKind::Write;
        self.owner != other.owner && exclusive && self.first <= other.last && other.first <= self.last
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    pub want: Want,
    pub blocking: bool,
    /// Its client cannot be called.
    pub polls: bool,
    pub client: usize,
    /// Number of its open: greater than those of all opens before.
    pub open: u64,
    /// No lock was granted under its open.
    pub is_new: bool,
}

#[derive(Clone, Debug)]
pub struct Waiter {
    pub want: Want,
    pub since: Duration,
    pub asked: Duration,
    /// When it asked last, in events.
    tick: u64,
    /// Between its last two requests.
    gap: Duration,
    pub polls: bool,
    client: usize,
    open: u64,
    /// When somebody that came later got what it wants.
    passed: Option<Duration>,
    /// Its owner did something else.
    pub quiet: bool,
    proven: Option<Duration>,
    /// Since when, also in events, nobody holds what it wants.
    free: Option<(Duration, u64)>,
    /// It may have been forgotten, and its place in the queue is not known.
    unsure: bool,
    /// It may have missed a turn of which its client was not told: it is called again, but nothing is kept for it.
    missed: bool,
}

/// A call to a client about what one owner waits for. Which of its waiters it is about is not always known.
#[derive(Clone, Debug)]
pub struct Call {
    pub tick: u64,
    at: Duration,
    pub wants: Vec<Want>,
    /// What they want was free.
    free: bool,
    /// Those of them that it may ask whether they still wait.
    probed: Vec<Want>,
    answered: Option<Duration>,
    refused: bool,
}

/// Why a lock that is free is denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    Called,
    Turn,
    Window,
    Proven,
}

#[derive(Debug, Default)]
pub struct Plain {
    pub held: [[Option<LockKind>; BYTES]; OWNERS],
    pub queue: Vec<Waiter>,
    pub calls: Vec<Call>,
    /// When each owner last did something else than ask again.
    acted: [Duration; OWNERS],
    ticks: u64,
}

impl Waiter {
    fn interval(&self) -> Duration {
        if self.gap.is_zero() { POLL_FIRST } else { self.gap.min(POLL_MAX) }
    }

    /// When Linux asks again, if it polls.
    pub fn next_poll(&self) -> Duration {
        if self.gap.is_zero() {
            self.asked + POLL_FIRST
        } else {
            self.asked + (self.gap * 2).clamp(POLL_FIRST, POLL_MAX)
        }
    }

    /// Whether others went past it for so long.
    fn was_passed_for(&self, now: Duration, patience: Duration) -> bool {
        self.passed.is_some_and(|passed| now >= passed + patience)
    }

    /// Whether it polls, and others went past it for longer than it takes from poll to poll.
    fn is_overdue(&self, now: Duration) -> bool {
        self.polls && self.was_passed_for(now, self.interval() * 7 / 8)
    }

    /// Whether its next poll may be expected now, after the time between the last two or, as Linux does, twice that. Linux's
    /// timers are late by up to an eighth and 50 ms: what was measured may be as much more than what it waits. At most half
    /// of what it waits comes before the poll.
    fn is_expected(&self, now: Duration) -> bool {
        let least = self.gap.saturating_sub(ms(50)) * 8 / 9;
        let doubled = |gap: Duration| (gap * 2).min(POLL_MAX).max(gap);
        let expected = match self.gap.is_zero() {
            true => vec![(POLL_FIRST, POLL_FIRST)],
            false => vec![(least, self.gap), (doubled(least), doubled(self.gap))],
        };
        expected.into_iter().any(|(least, most)| {
            let late = ms(50).min(most / 2) + most / 8;
            self.asked + least / 2 <= now && now < self.asked + most + late
        })
    }

    /// Whether the core may have forgotten it.
    pub fn is_old(&self, now: Duration) -> bool {
        now >= self.asked + REMEMBERED
    }
}

impl Call {
    /// Whether the lock may still be kept for who was called.
    fn may_keep(&self, now: Duration) -> bool {
        let answered = self.answered.is_none_or(|at| now < at + ANSWERED_MAX);
        self.free && !self.refused && now < self.at + WINDOW_MAX && answered
    }
}

impl Plain {
    fn tick(&mut self) -> u64 {
        self.ticks += 1;
        self.ticks
    }

    /// Who holds what conflicts with `want`.
    pub fn holders(&self, want: &Want) -> Vec<usize> {
        (0..OWNERS).filter(|owner| self.holds_against(*owner, want)).collect()
    }

    fn holds_against(&self, owner: usize, want: &Want) -> bool {
        let against = |held: LockKind| held == LockKind::Write || want.kind == LockKind::Write;
        owner != want.owner
            && self.held[owner][want.first..=want.last].iter().any(|held| held.is_some_and(against))
    }

    pub fn find(&self, want: &Want) -> Option<&Waiter> {
        self.queue.iter().find(|waiter| waiter.want == *want)
    }

    /// The calls about a waiter since it asked last.
    fn calls_of(&self, waiter: &Waiter) -> impl Iterator<Item = &Call> {
        let (want, tick) = (waiter.want, waiter.tick);
        self.calls.iter().filter(move |call| call.tick > tick && call.wants.contains(&want))
    }

    /// Whether the lock may be kept for a waiter whose client was called.
    fn may_have_turn(&self, now: Duration, waiter: &Waiter) -> bool {
        let Some((_, free)) = waiter.free else { return false };
        !waiter.quiet && self.calls_of(waiter).any(|call| call.tick > free && call.may_keep(now))
    }

    /// Whether the lock is certainly kept for this waiter: its client was called when the lock became free, just now.
    pub fn has_turn(&self, now: Duration, waiter: &Waiter) -> bool {
        let Some((since, free)) = waiter.free else { return false };
        let of_owner = |call: &&Call| call.wants.iter().any(|want| want.owner == waiter.want.owner);
        let mut calls = self.calls.iter().filter(of_owner).filter(|call| now < call.at + ms(300_000));
        let (Some(call), None) = (calls.next(), calls.next()) else { return false };
        let is_about = call.tick > waiter.tick.max(free) && call.wants == [waiter.want];
        let fresh = call.at == since && now < call.at + WINDOW_MIN && !call.refused;
        !waiter.quiet && !waiter.unsure && !waiter.missed && is_about && fresh
    }

    /// Whether a waiter that has no turn may keep others from what it wants.
    fn may_protect(&self, now: Duration, waiter: &Waiter) -> Option<Reason> {
        // One that asked when it could not be called, and can be called now, may be either.
        // Of one that the core may have forgotten and met again it is not known how it polls.
        let window = waiter.unsure || waiter.is_overdue(now) && waiter.is_expected(now);
        let proven =
            waiter.proven.is_some_and(|until| now < until) && waiter.was_passed_for(now, PASSED_CALLED);
        let reason = proven.then_some(Reason::Proven).or(window.then_some(Reason::Window));
        reason.filter(|_| !waiter.quiet)
    }

    /// Why this waiter may keep `asking` from what nobody holds.
    pub fn reason(&self, now: Duration, asking: &Asking, waiter: &Waiter) -> Option<Reason> {
        let its = self.find(&asking.want);
        let place = |want: &Want| self.queue.iter().position(|waiter| waiter.want == *want);
        let is_ahead =
            its.is_none_or(|its| its.unsure || its.is_old(now) || place(&waiter.want) < place(&its.want));
        if !waiter.want.conflicts(&asking.want) || !(is_ahead || waiter.unsure) {
            return None;
        }
        let first_of_polls = asking.blocking && asking.polls && waiter.polls && !waiter.quiet;
        let before = match its {
            Some(its) => now < its.asked + TURN,
            None => asking.is_new && waiter.client == asking.client && waiter.open < asking.open,
        };
        let waits_for_it = self.holds_against(asking.want.owner, &waiter.want);
        let protects = self.may_protect(now, waiter).filter(|_| !waits_for_it);
        protects
            .or(self.may_have_turn(now, waiter).then_some(Reason::Called))
            .or((first_of_polls && before).then_some(Reason::Turn))
    }

    /// Who must not be passed over now by this request.
    pub fn kept_for(&self, now: Duration, asking: &Asking) -> Option<&Waiter> {
        let its = self.find(&asking.want);
        let before = self.queue.iter().take_while(|waiter| its.is_none_or(|its| its.want != waiter.want));
        let mut conflicting = before.filter(|waiter| waiter.want.conflicts(&asking.want));
        let may = its.is_some_and(|its| its.unsure || self.may_have_turn(now, its));
        conflicting.find(|waiter| !may && self.has_turn(now, waiter))
    }

    /// The waiters that are to be called by now, where `can_be_called` tells it of a client. One that might have to go
    /// behind somebody else need not.
    pub fn must_be_called(&self, now: Duration, can_be_called: impl Fn(usize) -> bool) -> Option<&Waiter> {
        self.queue.iter().enumerate().find_map(|(place, waiter)| {
            let ahead = self.queue[..place].iter().filter(|other| other.want.conflicts(&waiter.want));
            let is_behind = ahead.clone().any(|other| {
                other.unsure || self.may_have_turn(now, other) || self.may_protect(now, other).is_some()
            });
            let is_told = self.calls_of(waiter).next().is_some();
            // One whose owner did something else is called too, as a courtesy that nothing depends on.
            let due = waiter.free.is_some() && !waiter.quiet && !waiter.unsure && !waiter.is_old(now);
            (due && !is_told && !is_behind && can_be_called(waiter.client)).then_some(waiter)
        })
    }

    /// Notes what is free now.
    fn note_free(&mut self, now: Duration) {
        let tick = self.tick();
        for index in 0..self.queue.len() {
            let free = self.holders(&self.queue[index].want).is_empty();
            let waiter = &mut self.queue[index];
            waiter.free = free.then(|| waiter.free.unwrap_or((now, tick)));
        }
    }

    /// An owner sends a request: unless it asks again, it may wait no more.
    pub fn acts(&mut self, now: Duration, owner: usize, again: Option<&Want>) {
        if again.is_none_or(|want| self.find(want).is_none()) {
            self.acted[owner] = now;
            self.queue
                .iter_mut()
                .filter(|waiter| waiter.want.owner == owner)
                .for_each(|waiter| waiter.quiet = true);
        }
    }

    pub fn granted(&mut self, now: Duration, want: Want) {
        let (mut came_first, mut unsure) = (true, false);
        for waiter in &mut self.queue {
            // Who may have been forgotten comes later than it seems.
            unsure |= waiter.unsure || waiter.is_old(now);
            came_first &= waiter.want != want;
            if waiter.want.conflicts(&want) && (came_first || unsure) {
                waiter.passed.get_or_insert(now);
            }
        }
        self.held[want.owner][want.first..=want.last].fill(Some(want.kind));
        self.queue.retain(|waiter| waiter.want != want);
        self.note_free(now);
    }

    /// It was denied, and waits.
    pub fn denied(&mut self, now: Duration, asking: &Asking) {
        let Asking { want, polls, client, open, .. } = *asking;
        let tick = self.tick();
        if let Some(index) = self.queue.iter().position(|waiter| waiter.want == want) {
            let its = &self.queue[index];
            let may_probe =
                |call: &Call| call.tick > its.tick && !call.refused && call.probed.contains(&want);
            let was_probed = self.calls.iter().any(may_probe);
            let waiter = &mut self.queue[index];
            if waiter.is_old(now) {
                waiter.unsure = true;
            }
            if was_probed {
                waiter.proven = Some(now + PROVEN);
            }
            waiter.gap = now - waiter.asked;
            (waiter.asked, waiter.tick, waiter.quiet, waiter.missed) = (now, tick, false, false);
            (waiter.polls, waiter.client, waiter.open) = (polls, client, open);
            return;
        }
        let of_owner = |waiter: &&Waiter| waiter.want.owner == want.owner;
        if self.queue.iter().filter(of_owner).count() >= WAITS_MAX {
            let first = self.queue.iter().position(|waiter| waiter.want.owner == want.owner);
            if let Some(first) = first {
                self.queue.remove(first);
            }
        }
        let (since, asked, gap) = (now, now, Duration::ZERO);
        let (passed, quiet, proven, free, unsure, missed) = (None, false, None, None, false, false);
        let waiter = Waiter {
            want,
            since,
            asked,
            tick,
            gap,
            polls,
            client,
            open,
            passed,
            quiet,
            proven,
            free,
            unsure,
            missed,
        };
        self.queue.push(waiter);
        self.note_free(now);
    }

    /// It was told that it is in a deadlock, and waits no more.
    pub fn gives_up(&mut self, want: &Want) {
        self.queue.retain(|waiter| waiter.want != *want);
    }

    /// LOCKU: ends also what the owner waits for in there.
    pub fn unlock(&mut self, now: Duration, owner: usize, first: usize, last: usize) {
        self.held[owner][first..=last].fill(None);
        self.acts(now, owner, None);
        self.note_free(now);
    }

    pub fn closed(&mut self, owner: usize) {
        self.queue.retain(|waiter| waiter.want.owner != owner);
    }

    /// A client is called about one of these; answers the number of the call.
    pub fn called(&mut self, now: Duration, owner: usize) -> u64 {
        let waiting = || self.queue.iter().filter(|waiter| waiter.want.owner == owner);
        assert!(waiting().next().is_some(), "{owner} is called and waits for nothing");
        let is_free = |waiter: &&Waiter| waiter.free.is_some();
        let free = waiting().any(|waiter| is_free(&waiter));
        // Or it asks whether one still waits that was passed over for long, or that is in a circle. A call names the owner alone.
        let may_probe = |waiter: &&Waiter| {
            !free || waiter.was_passed_for(now, PASSED_CALLED) || self.is_stuck(now, waiter)
        };
        let may_be = |waiter: &&Waiter| is_free(waiter) == free || may_probe(waiter);
        let wants = waiting().filter(may_be).map(|waiter| waiter.want).collect();
        let probed = waiting().filter(may_probe).map(|waiter| waiter.want).collect();
        let tick = self.tick();
        self.calls.retain(|call| now < call.at + ms(300_000));
        self.calls.push(Call { tick, at: now, wants, free, probed, answered: None, refused: false });
        tick
    }

    /// The client did not take the call: nobody was told. If the turn was over by then, it was missed all the same.
    pub fn failed(&mut self, now: Duration, tick: u64) {
        let failed = self.calls.iter().find(|call| call.tick == tick && now >= call.at + WINDOW_MIN).cloned();
        if let Some(call) = failed {
            let waiters = self.queue.iter_mut().filter(|waiter| waiter.tick < tick);
            waiters.for_each(|waiter| waiter.missed |= call.wants.contains(&waiter.want));
        }
        self.calls.retain(|call| call.tick != tick);
    }

    /// The call was answered: who was called comes at once, or nobody waits there (`refused`).
    pub fn answered(&mut self, now: Duration, tick: u64, refused: bool) {
        // A call that may be about one of several is not known to be refused for each of them.
        let Some(call) = self.calls.iter_mut().find(|call| call.tick == tick) else { return };
        if call.wants.len() == 1 {
            (call.answered, call.refused) = (call.answered.or(Some(now)), refused);
        }
    }

    /// The server comes back after a restart: who waits keeps its place, and is believed as one that has just come.
    pub fn restart(&mut self, now: Duration) {
        self.calls.clear();
        let tick = self.tick();
        for waiter in &mut self.queue {
            waiter.unsure |= waiter.is_old(now);
            (waiter.since, waiter.asked, waiter.tick, waiter.gap) = (now, now, tick, Duration::ZERO);
            (waiter.passed, waiter.quiet, waiter.proven, waiter.free) = (None, false, None, None);
            waiter.missed = false;
        }
        self.note_free(now);
    }

    /// Whether `owner` is in a cycle of owners each of which waits for the next, that has stood for so long in which
    /// none of them did anything, and in which all others have asked again since it came to be.
    pub fn is_deadlock(&self, now: Duration, owner: usize) -> bool {
        self.cycle(owner, &mut vec![owner], Duration::ZERO, Duration::MAX, &mut |since, asked| {
            now >= since + DEADLOCK && asked > since
        })
    }

    /// Whether this waiter is in a cycle that has stood for so long in which none of its owners did anything.
    fn is_stuck(&self, now: Duration, waiter: &Waiter) -> bool {
        let owner = waiter.want.owner;
        let since = self.acted[owner].max(waiter.since);
        !waiter.quiet
            && self.holders(&waiter.want).into_iter().any(|holder| {
                let way = &mut vec![owner, holder];
                self.cycle(holder, way, since, Duration::MAX, &mut |since, _| now >= since + DEADLOCK)
            })
    }

    /// Whether there is a cycle of owners that wait and did nothing else since they asked.
    pub fn any_cycle(&self) -> bool {
        (0..OWNERS)
            .any(|owner| self.cycle(owner, &mut vec![owner], Duration::ZERO, Duration::MAX, &mut |_, _| true))
    }

    /// Looks for a cycle through the first on the way; `is_one` is told since when it stands, and when the others asked.
    fn cycle(
        &self,
        at: usize,
        way: &mut Vec<usize>,
        since: Duration,
        asked: Duration,
        is_one: &mut impl FnMut(Duration, Duration) -> bool,
    ) -> bool {
        let since = since.max(self.acted[at]);
        for waiter in self.queue.iter().filter(|waiter| waiter.want.owner == at && !waiter.quiet) {
            let since = since.max(waiter.since);
            let asked = if way.len() > 1 { asked.min(waiter.asked) } else { asked };
            for holder in self.holders(&waiter.want) {
                if holder == way[0] {
                    if is_one(since, asked) {
                        return true;
                    }
                } else if !way.contains(&holder) {
                    way.push(holder);
                    let found = self.cycle(holder, way, since, asked, is_one);
                    way.pop();
                    if found {
                        return true;
                    }
                }
            }
        }
        false
    }
}
