//! Who asks.

use smallvec::SmallVec;

/// User and groups on whose behalf files are touched.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Cred {
    /// User.
    pub uid: u32,
    /// Primary group.
    pub gid: u32,
    /// Further groups, at most 16 from AUTH_SYS.
    pub groups: SmallVec<[u32; 16]>,
}

impl Clone for Cred {
    /// One copy of all groups; what is derived goes through them one by one.
    #[inline]
    fn clone(&self) -> Self {
        Self { uid: self.uid, gid: self.gid, groups: SmallVec::from_slice(&self.groups) }
    }
}

impl Cred {
    /// The user and group that stand for nobody (65534).
    pub const NOBODY: u32 = 65534;

    /// The credential of nobody.
    pub fn nobody() -> Self {
        Self { uid: Self::NOBODY, gid: Self::NOBODY, groups: SmallVec::new() }
    }

    /// Whether this is a member of the group `gid`.
    pub fn in_group(&self, gid: u32) -> bool {
        self.gid == gid || self.groups.contains(&gid)
    }
}
