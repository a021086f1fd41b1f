//! What is certainly open on one file, and what that denies to others (RFC 7530 §9.9).

use std::collections::BTreeMap;

/// An open: number of the client, number of the open there.
pub type Opener = (usize, usize);

/// `share_access` and `share_deny`, as on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// What the open may do.
    pub access: u32,
    /// What others may not.
    pub deny: u32,
}

impl Share {
    /// Whether two opens cannot have both.
    pub fn conflicts(self, other: Self) -> bool {
        self.access & other.deny != 0 || self.deny & other.access != 0
    }

    /// Both together: what an owner has that opens a file twice.
    pub fn and(self, other: Self) -> Self {
        Self { access: self.access | other.access, deny: self.deny | other.deny }
    }
}

/// The opens of one file. Like a lock, an open counts from the reply of OPEN until CLOSE is sent.
#[derive(Debug, Default)]
pub struct Shares(BTreeMap<Opener, Share>);

impl Shares {
    /// The open that stands in the way of another by `opener`, or by anybody.
    pub fn conflict(&self, opener: Option<Opener>, want: Share) -> Option<(Opener, Share)> {
        let others = self.0.iter().filter(|(other, _)| opener != Some(**other));
        others.map(|(opener, share)| (*opener, *share)).find(|(_, share)| share.conflicts(want))
    }

    /// How many opens deny something.
    pub fn denying(&self) -> usize {
        self.0.values().filter(|share| share.deny != 0).count()
    }

    /// An OPEN was granted, or what was to be given up was not. Answers with what it conflicts.
    pub fn grant(&mut self, opener: Opener, share: Share) -> Option<(Opener, Share)> {
        let conflict = self.conflict(Some(opener), share);
        let mine = self.0.entry(opener).or_default();
        *mine = mine.and(share);
        conflict
    }

    /// A CLOSE is about to be sent (`None`), or an OPEN_DOWNGRADE to what is given. Answers what there was.
    pub fn reduce(&mut self, opener: Opener, to: Option<Share>) -> Share {
        let before = self.0.remove(&opener).unwrap_or_default();
        if let Some(share) = to {
            self.0.insert(opener, share);
        }
        before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ_ONLY: Share = Share { access: 1, deny: 2 };
    const WRITE: Share = Share { access: 2, deny: 0 };

    #[test]
    fn conflicting_open_is_found() {
        let mut shares = Shares::default();
        assert_eq!(shares.grant((1, 1), READ_ONLY), None);
        assert_eq!(shares.grant((1, 1), Share { access: 2, deny: 0 }), None, "it is its own");
        assert_eq!(shares.grant((2, 1), WRITE).unwrap().0, (1, 1));
    }

    #[test]
    fn what_is_on_its_way_out_conflicts_with_nobody() {
        let mut shares = Shares::default();
        shares.grant((1, 1), READ_ONLY);
        let before = shares.reduce((1, 1), Some(Share { access: 1, deny: 0 }));
        assert_eq!(shares.grant((2, 1), WRITE), None);
        assert!(shares.grant((1, 1), before).is_some());
        shares.reduce((2, 1), None);
        assert_eq!(shares.conflict(None, WRITE).unwrap().0, (1, 1));
    }
}
