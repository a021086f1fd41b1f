//! Who certainly holds which bytes of one file.
//!
//! A lock counts from the moment its reply was read until the moment its LOCKU is sent. So what is in here is held at
//! the server right now, whatever is on its way, and a grant that conflicts with it is a fault of the server.

use lockhouse::nfs4::{LockKind, Range};
use std::collections::BTreeMap;

/// A lock owner: number of the client, number of the owner there.
pub type Owner = (usize, usize);

/// Some bytes and how they are locked, or are to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The bytes.
    pub range: Range,
    /// How.
    pub kind: LockKind,
}

/// What one owner holds.
#[derive(Clone, Debug, Default)]
struct Holding {
    extents: Vec<Extent>,
    /// Counts how often it gave something up.
    given_up: u64,
}

/// A lock that is held, and how often its owner has given something up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Whose.
    pub owner: Owner,
    /// Which.
    pub extent: Extent,
    given_up: u64,
}

/// The locks of one file.
#[derive(Debug, Default)]
pub struct Locks {
    holdings: BTreeMap<Owner, Holding>,
    /// Grants of exclusive locks so far.
    pub exclusive_grants: u64,
}

impl Extent {
    /// Whether two owners cannot have both.
    pub fn conflicts(self, other: Self) -> bool {
        self.range.overlaps(other.range) && self.kind.conflicts(other.kind)
    }
}

impl Locks {
    /// What an owner holds.
    pub fn held_by(&self, owner: Owner) -> &[Extent] {
        self.holdings.get(&owner).map_or(&[], |holding| &holding.extents)
    }

    /// Everything that is held.
    pub fn all(&self) -> impl Iterator<Item = (Owner, Extent)> {
        self.holdings
            .iter()
            .flat_map(|(owner, holding)| holding.extents.iter().map(|extent| (*owner, *extent)))
    }

    /// What stands in the way of an owner, or of anybody.
    pub fn conflict(&self, owner: Option<Owner>, want: Extent) -> Option<Held> {
        let others = self.holdings.iter().filter(|(other, _)| owner != Some(**other));
        let all = others.flat_map(|(owner, holding)| {
            let held = |extent: &Extent| Held { owner: *owner, extent: *extent, given_up: holding.given_up };
            holding.extents.iter().map(held)
        });
        all.into_iter().find(|held| held.extent.conflicts(want))
    }

    /// Whether this was held all the time since [`Locks::conflict`] found it.
    pub fn is_still(&self, held: &Held) -> bool {
        self.holdings.get(&held.owner).is_some_and(|holding| holding.given_up == held.given_up)
    }

    /// A LOCK was granted. Answers with what it conflicts.
    pub fn grant(&mut self, owner: Owner, lock: Extent) -> Option<Held> {
        let conflict = self.conflict(Some(owner), lock);
        let extents = &mut self.holdings.entry(owner).or_default().extents;
        carve(extents, lock.range);
        extents.push(lock);
        self.exclusive_grants += u64::from(lock.kind == LockKind::Write);
        conflict
    }

    /// A LOCKU is about to be sent. Answers what it gives up.
    pub fn give_up(&mut self, owner: Owner, range: Range) -> Vec<Extent> {
        let Some(holding) = self.holdings.get_mut(&owner) else { return Vec::new() };
        holding.given_up += 1;
        carve(&mut holding.extents, range)
    }

    /// A LOCK for reading is about to be sent: exclusive locks in its range may become shared. Answers these.
    pub fn weaken(&mut self, owner: Owner, range: Range) -> Vec<Extent> {
        let Some(holding) = self.holdings.get_mut(&owner) else { return Vec::new() };
        holding.given_up += 1;
        let inside = carve(&mut holding.extents, range);
        holding.extents.extend(inside.iter().map(|extent| Extent { kind: LockKind::Read, ..*extent }));
        inside
    }

    /// What was to be given up was not. Answers with what it conflicts.
    pub fn restore(&mut self, owner: Owner, extents: &[Extent]) -> Option<Held> {
        let mut conflict = None;
        for extent in extents {
            conflict = conflict.or(self.conflict(Some(owner), *extent));
            let held = &mut self.holdings.entry(owner).or_default().extents;
            carve(held, extent.range);
            held.push(*extent);
        }
        conflict
    }

    /// The bytes that nobody holds.
    pub fn gaps(&self) -> Vec<Range> {
        let mut held: Vec<_> = self.all().map(|(_, extent)| extent.range).collect();
        held.sort_unstable();
        let (mut gaps, mut next) = (Vec::new(), Some(0));
        for range in held {
            let Some(first) = next else { break };
            gaps.extend(range.first().checked_sub(1).and_then(|last| Range::new(first, last)));
            next = range.last().checked_add(1).map(|after| after.max(first));
        }
        gaps.extend(next.and_then(|first| Range::new(first, u64::MAX)));
        gaps
    }
}

/// Takes a range out; answers what was in it.
fn carve(extents: &mut Vec<Extent>, range: Range) -> Vec<Extent> {
    let mut inside = Vec::new();
    for Extent { range: old, kind } in std::mem::take(extents) {
        let part = |first, last| Range::new(first, last).map(|range| Extent { range, kind });
        if !old.overlaps(range) {
            extents.push(Extent { range: old, kind });
            continue;
        }
        inside.extend(part(old.first().max(range.first()), old.last().min(range.last())));
        extents.extend(range.first().checked_sub(1).and_then(|last| part(old.first(), last)));
        extents.extend(range.last().checked_add(1).and_then(|first| part(first, old.last())));
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use LockKind::{Read, Write};

    fn extent(first: u64, last: u64, kind: LockKind) -> Extent {
        Extent { range: Range::new(first, last).unwrap(), kind }
    }

    #[test]
    fn conflicting_grant_is_found() {
        let mut locks = Locks::default();
        assert_eq!(locks.grant((1, 1), extent(0, 9, Write)), None);
        assert_eq!(locks.grant((1, 1), extent(5, 20, Write)), None, "it is its own");
        assert_eq!(locks.grant((2, 1), extent(21, 30, Write)), None);
        assert_eq!(locks.grant((3, 1), extent(20, 20, Read)).unwrap().owner, (1, 1));
    }

    #[test]
    fn what_is_on_its_way_out_conflicts_with_nobody() {
        let mut locks = Locks::default();
        locks.grant((1, 1), extent(0, 9, Write));
        let held = locks.conflict(None, extent(4, 4, Read)).unwrap();
        assert!(locks.is_still(&held));
        let given = locks.give_up((1, 1), Range::new(4, 5).unwrap());
        assert!(!locks.is_still(&held));
        assert_eq!(given, [extent(4, 5, Write)]);
        assert_eq!(locks.held_by((1, 1)), [extent(0, 3, Write), extent(6, 9, Write)]);
        assert_eq!(locks.grant((2, 1), extent(5, 5, Write)), None);
        assert_eq!(locks.restore((1, 1), &given).unwrap().owner, (2, 1), "it was said to be kept");
    }

    #[test]
    fn downgrade_lets_readers_in() {
        let mut locks = Locks::default();
        locks.grant((1, 1), extent(0, 9, Write));
        locks.weaken((1, 1), Range::new(0, 9).unwrap());
        assert_eq!(locks.grant((2, 1), extent(0, 9, Read)), None);
        assert!(locks.grant((2, 1), extent(0, 9, Write)).is_some());
    }

    #[test]
    fn gaps_are_what_nobody_holds() {
        let mut locks = Locks::default();
        let gap = |first, last| Range::new(first, last).unwrap();
        assert_eq!(locks.gaps(), [Range::WHOLE]);
        locks.grant((1, 1), extent(5, 9, Read));
        locks.grant((2, 1), extent(7, 7, Read));
        locks.grant((2, 1), extent(20, 29, Write));
        assert_eq!(locks.gaps(), [gap(0, 4), gap(10, 19), gap(30, u64::MAX)]);
        locks.grant((3, 1), extent(30, u64::MAX, Write));
        locks.grant((3, 1), extent(0, 4, Write));
        assert_eq!(locks.gaps(), [gap(10, 19)]);
    }
}
