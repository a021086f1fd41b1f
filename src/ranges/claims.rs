//! Ranges that are as good as held: who has claimed one is about to get it, piece by piece.

use super::{Held, OwnerId};
use crate::nfs4::{LockKind, Range};

/// Claims of some owners, of each one at most. There are hardly ever any.
#[derive(Clone, Default)]
#[allow(clippy::box_collection, reason = "two words less in what is nearly always empty")]
pub struct Claims(Option<Box<Vec<Held>>>);

impl Claims {
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub fn add(&mut self, claim: Held) {
        self.remove(claim.owner);
        let all = self.0.get_or_insert_default();
        all.push(claim);
        all.sort_by_key(super::place);
    }

    pub fn remove(&mut self, owner: OwnerId) {
        if let Some(all) = &mut self.0 {
            all.retain(|claim| claim.owner != owner);
            if all.is_empty() {
                self.0 = None;
            }
        }
    }

    /// Returns the first one that keeps `owner` from holding `range` as `kind`.
    pub fn conflict(&self, owner: OwnerId, range: Range, kind: LockKind) -> Option<Held> {
        self.conflicts(owner, range, kind).next()
    }

    /// Returns all of them, ascending.
    pub fn conflicts(&self, owner: OwnerId, range: Range, kind: LockKind) -> impl Iterator<Item = Held> {
        let all = self.0.iter().flat_map(|all| all.iter().copied());
        let against = move |claim: &Held| claim.kind.conflicts(kind) && claim.range.overlaps(range);
        all.filter(move |claim| claim.owner != owner && against(claim))
    }
}
