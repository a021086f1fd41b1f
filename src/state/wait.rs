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

use super::Config;
use super::file::FileState;
use crate::nfs4::{ClientId, LockKind, Range, Time};
use crate::ranges::OwnerId;
use std::collections::VecDeque;
use std::time::Duration;

/// Longest time between two polls that is taken for a habit: Linux's longest, and some for the network.
const POLL_GAP_MAX: Duration = Duration::from_secs(32);

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
    /// The open under which it asked (client, serial of the open stateid).
    open: (ClientId, u32),
    polled: Time,
    /// Time between its last two polls; zero before the second.
    gap: Duration,
    /// Since when it could have what it wants.
    grantable: Option<Time>,
    /// A reservation of its ran out since it was last heard of: it gets no other until it polls again.
    missed: bool,
}

impl Waiter {
    /// Whether it polled lately enough to be believed still waiting.
    pub fn is_fresh(&self, now: Time, config: &Config) -> bool {
        let patience = config.reservation.max((self.gap * 2).min(POLL_GAP_MAX));
        now < self.polled.saturating_add(patience)
    }

    fn blocks_others(&self, now: Time, config: &Config) -> bool {
        match self.grantable {
            Some(since) => !self.missed && now < since.saturating_add(config.reservation),
            None => self.is_fresh(now, config),
        }
    }

    fn note_grantable(&mut self, now: Time, config: &Config, grantable: bool) {
        match self.grantable {
            Some(since) if now >= since.saturating_add(config.reservation) => self.missed = true,
            _ => {}
        }
        self.grantable = if grantable { self.grantable.or(Some(now)) } else { None };
    }
}

/// The waiters of one file in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiters: VecDeque<Waiter>,
}

impl Queue {
    pub fn is_empty(&self) -> bool {
        self.waiters.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Waiter> {
        self.waiters.iter()
    }

    /// Notes that `want` was denied and is waited for. A repeated one keeps its place.
    /// Answers whether it stands in the queue: not when the queue is full.
    pub fn note(&mut self, now: Time, config: &Config, want: Want, open: (ClientId, u32)) -> bool {
        if let Some(waiter) = self.waiters.iter_mut().find(|waiter| waiter.want == want) {
            waiter.gap = now.saturating_sub(waiter.polled);
            waiter.polled = now;
            waiter.open = open;
            waiter.missed = false;
            return true;
        }
        if self.waiters.len() >= config.waiters_per_file_max {
            return false;
        }
        self.waiters.push_back(Waiter {
            want,
            open,
            polled: now,
            gap: Duration::ZERO,
            grantable: None,
            missed: false,
        });
        true
    }

    /// Takes `want` out: it was granted.
    pub fn granted(&mut self, want: &Want) {
        self.waiters.retain(|waiter| waiter.want != *want);
    }

    /// Takes out what `owner` waits for inside `range`: it unlocked there, so it does not wait there.
    pub fn cancel(&mut self, owner: OwnerId, range: Range) {
        self.waiters.retain(|waiter| waiter.want.owner != owner || !range.contains(waiter.want.range));
    }

    /// Takes out all that `owner` waits for.
    pub fn forget_owner(&mut self, owner: OwnerId) {
        self.waiters.retain(|waiter| waiter.want.owner != owner);
    }

    /// Takes out all that was asked for under an open that is no more.
    pub fn forget_open(&mut self, client: ClientId, serial: u32) {
        self.waiters.retain(|waiter| waiter.open != (client, serial));
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

    /// Forgets who has not polled for a lease, and starts the reservation of each waiter that could now be granted.
    pub fn refresh_queue(&mut self, now: Time, config: &Config) {
        if self.queue.is_empty() {
            return;
        }
        let lease = config.lease;
        self.queue.waiters.retain(|waiter| now < waiter.polled.saturating_add(lease));
        for index in 0..self.queue.waiters.len() {
            let want = self.queue.waiters[index].want;
            let grantable = self.obstacle(now, config, &want).is_none();
            self.queue.waiters[index].note_grantable(now, config, grantable);
        }
    }
}
