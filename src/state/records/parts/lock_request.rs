//! What a waiter asks for.

use crate::nfs4::LockKind;
use crate::ranges::OwnerId;
use crate::state::files::queue::LockRequest;
use crate::state::records::codec::{Malformed, lock_kind, range};
use serde::{Deserialize, Serialize};

/// Stores the range that a lock_owner asks for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct LockRequestPart {
    owner: u64,
    first: u64,
    last: u64,
    write: bool,
}

impl LockRequestPart {
    /// Returns what is stored.
    pub fn new(request: &LockRequest) -> Self {
        let LockRequest { owner, range, kind } = request;
        Self { owner: owner.0, first: range.first(), last: range.last(), write: *kind == LockKind::Write }
    }

    /// Returns what was stored. Errors: `Malformed` if the range is none.
    pub fn value(self) -> Result<LockRequest, Malformed> {
        let Self { owner, first, last, write } = self;
        Ok(LockRequest { owner: OwnerId(owner), range: range(first, last)?, kind: lock_kind(write) })
    }
}
