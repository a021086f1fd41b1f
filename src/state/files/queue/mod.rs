//! Waiting for a lock: one queue per file, for all minor versions (RFC 7530 §9.4, RFC 8881 §9.6).
//!
//! Three rules decide everything here (`docs/decisions/001-waiting.md` says why, and has the table of states):
//!
//! - A lock that is free is not kept for somebody who may not come. It is kept for a moment for a waiter whose client was
//!   just called; among waiters that poll, the first goes first for a moment; and a waiter that others went past for longer
//!   than its own poll interval has the lock kept for it around the time of its next poll.
//! - A waiter that missed its turn, or whose owner did something else, counts for nothing until it asks again.
//! - The work of each command is bounded. What a command frees is only marked; [`Core::serve_waiting`] looks at so many
//!   waiters and no more, and what is left is an alarm that is due at once.
//!
//! | file | what it has |
//! |---|---|
//! | `phase` | the states of a waiter and every move between them |
//! | `habit` | when a client that polls will ask next |
//! | `waiter` | one waiter, and whom it holds up |
//! | `of_file` | the waiters of one file |
//! | `serve` | turns: who is told that a lock is free, and what ends a turn |
//! | `notices` | calls that wait for a slot or for a connection |
//! | `owners` | what owners wait for |
//!
//! Cycles of waiting owners are looked for in `locks/deadlock.rs`.

mod habit;
mod notices;
mod of_file;
mod owners;
mod phase;
mod serve;
mod waiter;

use crate::nfs4::{ClientId, LockKind, Range, Time};
use crate::ranges::OwnerId;
use crate::state::config::Config;
use crate::state::core::Core;
use crate::state::output::Effects;
use std::collections::BTreeSet;
use std::time::Duration;

pub(in crate::state) use of_file::Queue;
pub(in crate::state) use owners::Waits;
pub(in crate::state) use waiter::Waiter;

/// The longest time between two polls that counts as a habit: Linux's longest.
const POLL_MAX: Duration = Duration::from_secs(30);
/// No waiter is remembered for longer than this, or a lease, without a word from it: twice the time after which Linux asks
/// again when it waits for a call.
const REMEMBERED: Duration = Duration::from_secs(64);

/// Returns how long a waiter is remembered that is not heard of.
pub(in crate::state) fn remembered_at_most(config: &Config) -> Duration {
    config.lease.max(REMEMBERED)
}

/// What an owner asks for, or holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::state) struct LockRequest {
    pub owner: OwnerId,
    pub range: Range,
    pub kind: LockKind,
}

impl LockRequest {
    /// Whether the two cannot be held at once.
    pub fn conflicts(&self, other: &LockRequest) -> bool {
        self.owner != other.owner && self.kind.conflicts(other.kind) && self.range.overlaps(other.range)
    }
}

/// A request for a lock, as far as waiters care.
#[derive(Clone, Copy, Debug)]
pub(in crate::state) struct Asker {
    pub request: LockRequest,
    /// Client and serial of the open under which it asks.
    pub open: (ClientId, u32),
    /// It will wait by polling: it asks with `READW_LT` or `WRITEW_LT`, and its client cannot be called.
    pub polls: bool,
    /// No lock was granted under its open yet.
    pub is_new: bool,
}

/// Names a waiter: number of the file, place in its queue.
pub(in crate::state) type WaiterId = (u64, u64);

/// A waiter that has left a queue: what the core still has of it must go too.
#[derive(Clone, Copy, Debug)]
pub(in crate::state) struct Gone {
    pub id: WaiterId,
    pub owner: OwnerId,
    alarm: Option<Time>,
    notice: Option<notices::Notice>,
}

/// What the core knows of waiters beside the queues of its files.
#[derive(Debug, Default)]
pub(in crate::state) struct Waiting {
    /// When to look at a waiter again.
    alarms: BTreeSet<(Time, WaiterId)>,
    /// When there was last something to be looked at, and not all of it was.
    since: Time,
    /// The file that a scan of all queues looks at next.
    scan: Option<u64>,
    /// Another scan is to follow it.
    scan_again: bool,
    notices: notices::Notices,
}

impl Waiting {
    /// The client has a way to be called that it had not before.
    pub fn way_to(&mut self, client: ClientId) {
        self.notices.way_to(client);
    }
}

impl Core {
    /// Returns when waiters want an alarm.
    pub(in crate::state) fn waiting_due(&self) -> Option<Time> {
        let Waiting { alarms, scan, since, notices, .. } = &self.waiting;
        let at_once = !self.effects.looks.is_empty() || scan.is_some() || notices.is_ready();
        let alarm = alarms.first().map(|(when, _)| *when);
        at_once.then_some(*since).or_else(|| alarm.into_iter().chain(self.deadlocks.due()).min())
    }

    /// Counts the notices that wait and the alarms that are set.
    pub(in crate::state) fn waiting_census(&self) -> (usize, usize) {
        (self.waiting.notices.len(), self.waiting.alarms.len())
    }
}

impl Effects {
    /// The waiters of a file that were marked are to be looked at.
    pub(in crate::state) fn look_at(&mut self, file: u64) {
        self.looks.insert(file);
    }
}
