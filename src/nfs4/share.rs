//! Share reservations and lock types (RFC 7530 §9.9, §16.10).

use std::ops::{BitAnd, BitOr};

/// Holds a set of {READ, WRITE} (`OPEN4_SHARE_ACCESS_*`): non-empty on an open, possibly empty as a set of conflicts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ShareAccess(u8);

/// Holds a set of {READ, WRITE}, possibly empty (`OPEN4_SHARE_DENY_*`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ShareDeny(u8);

impl ShareAccess {
    /// `OPEN4_SHARE_ACCESS_READ`.
    pub const READ: Self = Self(1);
    /// `OPEN4_SHARE_ACCESS_WRITE`.
    pub const WRITE: Self = Self(2);
    /// `OPEN4_SHARE_ACCESS_BOTH`.
    pub const BOTH: Self = Self(3);

    /// Reads `share_access` of OPEN and OPEN_DOWNGRADE: 1, 2 or 3, else `None`.
    pub const fn from_wire(bits: u32) -> Option<Self> {
        if bits >= 1 && bits <= 3 { Some(Self(bits as u8)) } else { None }
    }
}

impl ShareDeny {
    /// `OPEN4_SHARE_DENY_NONE`.
    pub const NONE: Self = Self(0);
    /// `OPEN4_SHARE_DENY_READ`.
    pub const READ: Self = Self(1);
    /// `OPEN4_SHARE_DENY_WRITE`.
    pub const WRITE: Self = Self(2);
    /// `OPEN4_SHARE_DENY_BOTH`.
    pub const BOTH: Self = Self(3);

    /// Reads `share_deny` of OPEN and OPEN_DOWNGRADE: 0 to 3, else `None`.
    pub const fn from_wire(bits: u32) -> Option<Self> {
        if bits <= 3 { Some(Self(bits as u8)) } else { None }
    }

    /// Tells whether an open with `access` conflicts with this denial.
    pub const fn forbids(self, access: ShareAccess) -> bool {
        self.0 & access.0 != 0
    }
}

macro_rules! bit_set {
    ($name:ident) => {
        impl $name {
            /// Returns the bits as on the wire.
            pub const fn bits(self) -> u32 {
                self.0 as u32
            }
            /// Tells whether the set is empty.
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }
            /// Tells whether all of `other` is in this set.
            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }
        }
        impl BitOr for $name {
            type Output = Self;
            fn bitor(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }
        impl BitAnd for $name {
            type Output = Self;
            fn bitand(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }
        }
    };
}
bit_set!(ShareAccess);
bit_set!(ShareDeny);

/// Names the kind of a byte-range lock: `READ_LT` is shared, `WRITE_LT` exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockKind {
    /// Shared.
    Read,
    /// Exclusive.
    Write,
}

impl LockKind {
    /// Tells whether locks of the two kinds on one byte exclude each other.
    pub const fn conflicts(self, other: Self) -> bool {
        matches!((self, other), (Self::Write, _) | (_, Self::Write))
    }
}
