//! What waiters ask for, and how long they are remembered.

use crate::nfs4::{ClientId, LockKind, Range};
use crate::ranges::OwnerId;
use crate::state::config::Config;
use std::time::Duration;

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
    /// Returns whether the two cannot be held at once.
    pub fn conflicts(&self, other: &LockRequest) -> bool {
        self.owner != other.owner && self.kind.conflicts(other.kind) && self.range.overlaps(other.range)
    }
}

/// A request for a lock, as far as waiters care.
#[derive(Clone, Copy, Debug)]
pub(in crate::state) struct Requester {
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
