//! Credentials of a caller (AUTH_SYS, RFC 5531 §14).

use smallvec::SmallVec;

/// Holds the user and the groups as whom files are accessed.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Cred {
    /// User.
    pub uid: u32,
    /// Primary group.
    pub gid: u32,
    /// Supplementary groups, at most 16 from AUTH_SYS.
    pub groups: SmallVec<[u32; 16]>,
}

impl Clone for Cred {
    /// Copies all groups at once; the derived clone copies them one by one.
    #[inline]
    fn clone(&self) -> Self {
        Self { uid: self.uid, gid: self.gid, groups: SmallVec::from_slice(&self.groups) }
    }
}

impl Cred {
    /// Names the user and the group of nobody (65534).
    pub const NOBODY: u32 = 65534;

    /// Returns the credential of nobody.
    pub fn nobody() -> Self {
        Self { uid: Self::NOBODY, gid: Self::NOBODY, groups: SmallVec::new() }
    }

    /// Tells whether the caller is a member of the group `gid`.
    pub fn in_group(&self, gid: u32) -> bool {
        self.gid == gid || self.groups.contains(&gid)
    }
}
