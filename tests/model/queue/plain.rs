//! The lock queue of one file as docs/decisions/001-waiting.md tells it: a plain list, looked through from the front.

use lockhouse::nfs4::LockKind;
use std::collections::BTreeSet;

/// Bytes of the file.
pub const BYTES: usize = 6;
/// Processes that lock it.
pub const OWNERS: usize = 5;

/// Seconds for which a lock that has become free is kept.
pub const RESERVATION: u64 = 5;
const ANSWERED: u64 = 1;
const LEASE: u64 = 90;
const POLL_GAP_MAX: u64 = 32;
const CALLED_PATIENCE: u64 = 64;

/// Who wants which bytes, first to last, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Want {
    pub owner: usize,
    pub first: usize,
    pub last: usize,
    pub kind: LockKind,
}

#[derive(Clone, Debug)]
pub struct Waiter {
    pub want: Want,
    polled: u64,
    gap: u64,
    called: bool,
    reserved: Option<u64>,
    missed: bool,
    /// Its client should have been called and could not be.
    untold: bool,
}

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Granted,
    /// By one of these.
    Denied(Vec<usize>),
    Deadlock,
}

#[derive(Debug, Default)]
pub struct Plain {
    pub held: [[Option<LockKind>; BYTES]; OWNERS],
    pub queue: Vec<Waiter>,
    /// Reservations that have begun, in this order, and were not heeded.
    pub bells: Vec<Want>,
    /// When reservations end, and so the queue is looked at without anybody asking.
    pub looks: BTreeSet<u64>,
}

impl Want {
    fn conflicts(&self, other: &Want) -> bool {
        let exclusive = self.kind == LockKind::Write || other.kind == LockKind::Write;
        self.owner != other.owner && exclusive && self.first <= other.last && other.first <= self.last
    }
}

impl Waiter {
    fn is_fresh(&self, now: u64) -> bool {
        let habit = RESERVATION.max((2 * self.gap).min(POLL_GAP_MAX));
        now < self.polled + if self.called { CALLED_PATIENCE } else { habit }
    }

    /// Whether it keeps others from what it wants.
    fn blocks(&self, now: u64) -> bool {
        match self.reserved {
            Some(until) => !self.missed && now < until,
            None => self.is_fresh(now),
        }
    }

    /// When its reservation ends, if it has one.
    pub fn reserved(&self, now: u64) -> Option<u64> {
        self.reserved.filter(|until| !self.missed && now < *until)
    }
}

impl Plain {
    /// Who holds what conflicts with `want`.
    pub fn holders(&self, want: &Want) -> Vec<usize> {
        let holds = |owner: &usize| {
            (want.first..=want.last).any(|byte| {
                let held = self.held[*owner][byte];
                held.is_some_and(|held| held == LockKind::Write || want.kind == LockKind::Write)
            })
        };
        (0..OWNERS).filter(|owner| *owner != want.owner).filter(holds).collect()
    }

    /// Who came before `want` and conflicts with it, but does not itself wait for its owner.
    fn ahead(&self, want: &Want) -> Vec<&Waiter> {
        let before = self.queue.iter().take_while(|waiter| waiter.want != *want);
        let conflicting = before.filter(|waiter| waiter.want.conflicts(want));
        conflicting.filter(|waiter| !self.holders(&waiter.want).contains(&want.owner)).collect()
    }

    fn obstacles(&self, now: u64, want: &Want) -> Vec<usize> {
        let holders = self.holders(want);
        if !holders.is_empty() {
            return holders;
        }
        let first = self.ahead(want).into_iter().find(|waiter| waiter.blocks(now));
        first.map(|waiter| waiter.want.owner).into_iter().collect()
    }

    /// Looks through the queue: who is forgotten, whose turn it is, who has missed it.
    pub fn refresh(&mut self, now: u64) {
        self.queue.retain(|waiter| now < waiter.polled + LEASE);
        for index in 0..self.queue.len() {
            let want = self.queue[index].want;
            let free = self.obstacles(now, &want).is_empty();
            let waiter = &mut self.queue[index];
            waiter.missed |= waiter.reserved.is_some_and(|until| now >= until);
            if !free {
                waiter.reserved = None;
            } else if waiter.reserved.is_none() {
                waiter.reserved = Some(now + RESERVATION);
                if !waiter.missed {
                    self.bells.push(want);
                    self.looks.insert(now + RESERVATION);
                }
            }
        }
    }

    /// LOCK. `called`: the client is told when its turn comes.
    pub fn lock(&mut self, now: u64, want: Want, blocking: bool, called: bool) -> Outcome {
        self.refresh(now);
        let obstacles = self.obstacles(now, &want);
        if obstacles.is_empty() {
            assert!(self.holders(&want).is_empty(), "two hold what conflicts: {want:?} {self:?}");
            self.held[want.owner][want.first..=want.last].fill(Some(want.kind));
            self.queue.retain(|waiter| waiter.want != want);
            self.refresh(now);
            return Outcome::Granted;
        }
        if !blocking {
            return Outcome::Denied(obstacles);
        }
        if self.closes_a_circle(now, &want) {
            return Outcome::Deadlock;
        }
        match self.queue.iter_mut().find(|waiter| waiter.want == want) {
            Some(waiter) => {
                waiter.gap = now - waiter.polled;
                (waiter.polled, waiter.called, waiter.missed) = (now, called, false);
            }
            None => {
                let (polled, reserved, missed, untold) = (now, None, false, false);
                self.queue.push(Waiter { want, polled, gap: 0, called, reserved, missed, untold });
            }
        }
        Outcome::Denied(obstacles)
    }

    /// Whether somebody whom `want` would wait for waits, by whatever way, for its owner.
    fn closes_a_circle(&self, now: u64, want: &Want) -> bool {
        let waits_for = |want: &Want| {
            let ahead = self.ahead(want).into_iter().filter(|waiter| waiter.is_fresh(now));
            ahead.map(|waiter| waiter.want.owner).chain(self.holders(want)).collect::<Vec<_>>()
        };
        let mut reached = [false; OWNERS];
        waits_for(want).into_iter().for_each(|owner| reached[owner] = true);
        for _ in 0..OWNERS {
            for waiter in self.queue.iter().filter(|waiter| waiter.is_fresh(now)) {
                if reached[waiter.want.owner] && waiter.want.owner != want.owner {
                    waits_for(&waiter.want).into_iter().for_each(|owner| reached[owner] = true);
                }
            }
        }
        reached[want.owner]
    }

    /// LOCKU: gives up also what the owner waits for in there.
    pub fn unlock(&mut self, now: u64, owner: usize, first: usize, last: usize) {
        self.held[owner][first..=last].fill(None);
        let inside = |want: &Want| want.owner == owner && first <= want.first && want.last <= last;
        self.queue.retain(|waiter| !inside(&waiter.want));
        self.refresh(now);
    }

    /// The client was called and comes at once, or nobody waits there any more.
    pub fn answered(&mut self, now: u64, want: &Want) {
        if let Some(waiter) = self.queue.iter_mut().find(|waiter| waiter.want == *want) {
            waiter.reserved = waiter.reserved.map(|until| until.min(now + ANSWERED));
            self.looks.extend(waiter.reserved);
        }
    }

    /// The client did not like the call.
    pub fn refused(&mut self, now: u64, want: &Want) {
        if let Some(waiter) = self.queue.iter_mut().find(|waiter| waiter.want == *want) {
            waiter.missed = true;
        }
        self.refresh(now);
    }

    /// The client of `want` should have been called, and there is no way to it.
    pub fn untold(&mut self, want: &Want) {
        if let Some(waiter) = self.queue.iter_mut().find(|waiter| waiter.want == *want) {
            waiter.untold = true;
        }
    }

    /// The client of these owners can be called: what it could not be told begins anew, if it is still to be had.
    pub fn bound(&mut self, now: u64, owners: impl Fn(usize) -> bool) {
        for waiter in self.queue.iter_mut().filter(|waiter| owners(waiter.want.owner)) {
            if !std::mem::take(&mut waiter.untold) {
                continue;
            }
            waiter.missed = false;
            if waiter.reserved.is_some() {
                waiter.reserved = Some(now + RESERVATION);
                self.bells.push(waiter.want);
                self.looks.insert(now + RESERVATION);
            }
        }
    }

    /// The server comes back after a restart: who waits keeps its place, and is believed as one that has just come.
    pub fn restart(&mut self, now: u64) {
        for waiter in &mut self.queue {
            let Waiter { want, called, .. } = *waiter;
            let (polled, reserved, missed, untold) = (now, None, false, false);
            *waiter = Waiter { want, polled, gap: 0, called, reserved, missed, untold };
        }
        self.bells.clear();
        self.looks.clear();
        self.refresh(now);
    }

    /// Whether `want` stands in the queue.
    pub fn waits(&self, want: &Want) -> bool {
        self.queue.iter().any(|waiter| waiter.want == *want)
    }
}
