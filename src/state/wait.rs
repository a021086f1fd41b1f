//! Waiting for a lock: one fair queue per file (RFC 7530 §9.4).
//!
//! A 4.0 client that asks with `READW_LT` or `WRITEW_LT` and is denied polls; it never says that it gave up. So its
//! place in the queue has three ages, all counted from what it was last heard to say:
//!
//! - *fresh*: it polled lately, measured by its own habit (Linux doubles the time between polls up to 30 s). A later
//!   request that conflicts with it does not overtake it.
//! - *reserved*: what it waits for has become free. For `Config::reservation` nobody who conflicts with it gets it.
//! - *lapsed*: neither. Others may pass, but it keeps its place in case it comes back.
//!
//! One that did not poll for a whole lease is forgotten.
//!
//! A client with a back channel does not poll: when the reservation of its waiter begins, a [`Bell`] rings and the client
//! is called (`CB_NOTIFY_LOCK`, RFC 8881 §20.11). Its answer makes the reservation shorter or ends it. Whether anybody
//! still waits behind the call is known only from the LOCK that follows: Linux answers alike when the process is dead.
//! While there is no way to the client its reservations run all the same; those of which it was not told begin anew when
//! it binds a connection for callbacks.

use super::file::FileState;
use super::{Changes, Config, Effects, Key};
use crate::nfs4::{ClientId, Filehandle, LockKind, Range, Time};
use crate::ranges::OwnerId;
use std::collections::VecDeque;
use std::time::Duration;

/// Longest time between two polls that is taken for a habit: Linux's longest, and some for the network.
const POLL_GAP_MAX: Duration = Duration::from_secs(32);
/// How long a waiter that is to be called is believed without a word from it: Linux asks again all the same, each 30 s.
const CALLED_PATIENCE: Duration = Duration::from_secs(64);

/// No waiter is remembered for longer without a word from it.
pub(super) fn remembered_at_most(config: &Config) -> Duration {
    config.lease.max(CALLED_PATIENCE)
}

/// A reservation has begun: whoever waits should be told, and at its end the queue looked at again.
#[derive(Clone, Debug)]
pub(super) struct Bell {
    pub fh: Filehandle,
    pub want: Want,
    pub until: Time,
}

/// What an owner asks for, or holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Want {
    pub owner: OwnerId,
    pub range: Range,
    pub kind: LockKind,
}

impl Want {
    pub fn conflicts(&self, other: &Want) -> bool {
        self.owner != other.owner && self.kind.conflicts(other.kind) && self.range.overlaps(other.range)
    }
}

/// One place in the queue.
#[derive(Clone, Debug)]
pub(super) struct Waiter {
    pub want: Want,
    /// Its number in the queue: greater than those of all that came before.
    pub place: u64,
    /// The open under which it asked (client, serial of the open stateid).
    pub open: (ClientId, u32),
    polled: Time,
    /// Time between its last two polls; zero before the second.
    gap: Duration,
    /// Its client is called when its turn comes.
    pub called: bool,
    /// It could have what it wants: until when that is kept for it.
    reserved: Option<Time>,
    /// A reservation of its ran out since it was last heard of: it gets no other until it polls again.
    missed: bool,
    /// Its client should have been called, and there was no way to it: it is as soon as there is one.
    untold: bool,
}

impl Waiter {
    /// One that has just come.
    pub fn new(now: Time, want: Want, place: u64, open: (ClientId, u32), called: bool) -> Self {
        let (gap, reserved, missed, untold) = (Duration::ZERO, None, false, false);
        Self { want, place, open, polled: now, gap, called, reserved, missed, untold }
    }

    /// Whether it polled lately enough to be believed still waiting.
    pub fn is_fresh(&self, now: Time, config: &Config) -> bool {
        let patience = match self.called {
            true => CALLED_PATIENCE,
            false => config.reservation.max((self.gap * 2).min(POLL_GAP_MAX)),
        };
        now < self.polled.saturating_add(patience)
    }

    /// Whether it may still come back.
    fn is_remembered(&self, now: Time, config: &Config) -> bool {
        let patience = if self.called { remembered_at_most(config) } else { config.lease };
        now < self.polled.saturating_add(patience)
    }

    fn blocks_others(&self, now: Time, config: &Config) -> bool {
        match self.reserved {
            Some(until) => !self.missed && now < until,
            None => self.is_fresh(now, config),
        }
    }

    /// Answers until when a reservation lasts that begins now.
    fn note_grantable(&mut self, now: Time, config: &Config, grantable: bool) -> Option<Time> {
        self.missed |= self.reserved.is_some_and(|until| now >= until);
        let begins = grantable && self.reserved.is_none();
        match (grantable, begins) {
            (true, true) => self.reserved = Some(now.saturating_add(config.reservation)),
            (true, false) => {}
            (false, _) => self.reserved = None,
        }
        self.reserved.filter(|_| begins && !self.missed)
    }
}

/// The waiters of one file in the order in which they came.
#[derive(Debug)]
pub(super) struct Queue {
    /// The number of the file.
    file: u64,
    waiters: VecDeque<Waiter>,
}

impl Queue {
    pub fn new(file: u64) -> Self {
        Self { file, waiters: VecDeque::new() }
    }

    /// Puts back who stood there before a restart, behind those that were put back already.
    pub fn restore(&mut self, waiter: Waiter) {
        self.waiters.push_back(waiter);
    }

    /// The only way out of the queue.
    fn retain(&mut self, changes: &mut Changes, keep: impl Fn(&Waiter) -> bool) {
        let file = self.file;
        self.waiters.retain(|waiter| {
            let keep = keep(waiter);
            if !keep {
                changes.delete(Key::Waiter(file, waiter.place));
            }
            keep
        });
    }

    pub fn is_empty(&self) -> bool {
        self.waiters.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Waiter> {
        self.waiters.iter()
    }

    /// Notes that `want` was denied and is waited for. A repeated one keeps its place.
    /// Answers whether it stands in the queue: not when the queue is full.
    pub fn note(
        &mut self,
        now: Time,
        config: &Config,
        changes: &mut Changes,
        want: Want,
        open: (ClientId, u32),
        called: bool,
    ) -> bool {
        if let Some(waiter) = self.waiters.iter_mut().find(|waiter| waiter.want == want) {
            waiter.gap = now.saturating_sub(waiter.polled);
            waiter.polled = now;
            waiter.missed = false;
            if (waiter.open, waiter.called) != (open, called) {
                (waiter.open, waiter.called) = (open, called);
                changes.put_waiter(self.file, waiter);
            }
            return true;
        }
        if self.waiters.len() >= config.waiters_per_file_max {
            return false;
        }
        let place = self.waiters.back().map_or(0, |last| last.place + 1);
        let waiter = Waiter::new(now, want, place, open, called);
        changes.put_waiter(self.file, &waiter);
        self.waiters.push_back(waiter);
        true
    }

    /// Takes `want` out: it was granted.
    pub fn granted(&mut self, changes: &mut Changes, want: &Want) {
        self.retain(changes, |waiter| waiter.want != *want);
    }

    /// The client of a waiter has answered its call: it comes at once, or nobody waits there any more.
    pub fn answered(&mut self, now: Time, config: &Config, want: &Want) -> Option<Time> {
        let waiter = self.waiters.iter_mut().find(|waiter| waiter.want == *want)?;
        let soon = now.saturating_add(config.answered);
        waiter.reserved = waiter.reserved.map(|until| until.min(soon));
        waiter.reserved
    }

    /// The client of a waiter could not be called, or refused the call: the next in the queue gets its chance.
    pub fn unanswered(&mut self, want: &Want) {
        if let Some(waiter) = self.waiters.iter_mut().find(|waiter| waiter.want == *want) {
            waiter.missed = true;
        }
    }

    /// The client of a waiter should have been called now, and there is no way to it.
    pub fn untold(&mut self, want: &Want) {
        if let Some(waiter) = self.waiters.iter_mut().find(|waiter| waiter.want == *want) {
            waiter.untold = true;
        }
    }

    /// Takes out what `owner` waits for inside `range`: it unlocked there, so it does not wait there.
    pub fn cancel(&mut self, changes: &mut Changes, owner: OwnerId, range: Range) {
        self.retain(changes, |waiter| waiter.want.owner != owner || !range.contains(waiter.want.range));
    }

    /// Takes out all that `owner` waits for.
    pub fn forget_owner(&mut self, changes: &mut Changes, owner: OwnerId) {
        self.retain(changes, |waiter| waiter.want.owner != owner);
    }

    /// Takes out all that clients who are `gone` wait for; answers whether there was anything.
    pub fn forget_clients(&mut self, changes: &mut Changes, gone: impl Fn(ClientId) -> bool) -> bool {
        let before = self.waiters.len();
        self.retain(changes, |waiter| !gone(waiter.open.0));
        self.waiters.len() < before
    }

    /// Takes out all that was asked for under an open that is no more.
    pub fn forget_open(&mut self, changes: &mut Changes, client: ClientId, serial: u32) {
        self.retain(changes, |waiter| waiter.open != (client, serial));
    }
}

impl FileState {
    /// What stands in the way of `want`: a lock held by another owner, else a waiter that came first.
    pub fn obstacle(&self, now: Time, config: &Config, want: &Want) -> Option<Want> {
        match self.ranges.conflict(want.owner, want.range, want.kind) {
            Some(held) => Some(Want { owner: held.owner, range: held.range, kind: held.kind }),
            None => {
                let mut ahead = self.ahead_of(want).filter(|waiter| waiter.blocks_others(now, config));
                ahead.next().map(|waiter| waiter.want)
            }
        }
    }

    /// The waiters that came before `want` and conflict with it. One that waits for a lock of the same owner is not
    /// ahead: the owner would wait for itself, and could neither upgrade nor downgrade what it holds.
    pub fn ahead_of(&self, want: &Want) -> impl Iterator<Item = &Waiter> {
        let before = self.queue.waiters.iter().take_while(|waiter| waiter.want != *want);
        before.filter(|waiter| {
            let Want { range, kind, .. } = waiter.want;
            waiter.want.conflicts(want) && !self.ranges.holds_against(want.owner, range, kind)
        })
    }

    /// There is a way to `client` again: those of its reservations of which it could not be told begin anew, also when they
    /// ran out, as long as the lock is still to be had.
    pub fn ring_again(&mut self, now: Time, config: &Config, client: ClientId, effects: &mut Effects) {
        for waiter in self.queue.waiters.iter_mut().filter(|waiter| waiter.open.0 == client) {
            if !std::mem::take(&mut waiter.untold) {
                continue;
            }
            // What it missed it could not know of.
            waiter.missed = false;
            if waiter.reserved.is_some() {
                let until = now.saturating_add(config.reservation);
                waiter.reserved = Some(until);
                effects.bells.push(Bell { fh: self.fh.clone(), want: waiter.want, until });
            }
        }
    }

    /// Forgets who has not polled for a lease, and starts the reservation of each waiter that could now be granted.
    pub fn refresh_queue(&mut self, now: Time, config: &Config, effects: &mut Effects) {
        if self.queue.is_empty() {
            return;
        }
        self.queue.retain(&mut effects.changes, |waiter| waiter.is_remembered(now, config));
        for index in 0..self.queue.waiters.len() {
            let want = self.queue.waiters[index].want;
            let grantable = self.obstacle(now, config, &want).is_none();
            if let Some(until) = self.queue.waiters[index].note_grantable(now, config, grantable) {
                effects.bells.push(Bell { fh: self.fh.clone(), want, until });
            }
        }
    }
}
