//! Who owns the ranges of a subtree.

use super::OwnerId;

/// Says whether one owner has all ranges of a subtree: only then a search can skip it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubtreeOwner(OwnerId);

impl SubtreeOwner {
    /// Of several. An owner of this number, should there be one, is never said to have everything: that costs time alone.
    pub const SEVERAL: Self = Self(OwnerId(u64::MAX));

    pub fn of(owner: OwnerId) -> Self {
        Self(owner)
    }

    /// Returns whose the ranges of both are.
    pub fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::SEVERAL }
    }

    pub fn is_all_of(self, owner: OwnerId) -> bool {
        self != Self::SEVERAL && self.0 == owner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_of_one_owner_or_of_several() {
        let (a, b) = (SubtreeOwner::of(OwnerId(1)), SubtreeOwner::of(OwnerId(2)));
        assert!(a.and(a).is_all_of(OwnerId(1)) && !a.is_all_of(OwnerId(2)));
        let both = a.and(b);
        assert_eq!((both, both), (b.and(a), both.and(a)));
        assert!([1, 2, u64::MAX].into_iter().all(|owner| !both.is_all_of(OwnerId(owner))));
    }
}
