//! One open: what it may do, what it denies, and the locks that came from it (RFC 7530 §9.9).

use crate::nfs4::{LockKind, OpaqueOwner, Principal, ShareAccess, ShareDeny, Stateid};
use crate::state::map::SmallMap;

/// One open: an owner, a file, and what it may and denies.
#[derive(Debug)]
pub(in crate::state) struct OpenState {
    pub(super) stateid: Stateid,
    pub(super) owner: OpaqueOwner,
    /// Number of the file.
    pub(super) file: u64,
    pub(super) principal: Principal,
    pub(super) access: ShareAccess,
    pub(super) deny: ShareDeny,
    /// Bit `access + 4 * deny` for each pair asked for, to judge OPEN_DOWNGRADE.
    pub(super) asked: u16,
    /// Serials of the lock stateids that came from it.
    pub(super) locks: SmallMap<u32>,
    /// A lock was granted under it in this run of the server.
    pub(super) had_lock: bool,
}

impl OpenState {
    /// Creates one of a file, for nothing yet, with a version before its first.
    pub fn new(stateid: Stateid, owner: OpaqueOwner, (file, principal): (u64, Principal)) -> Self {
        let stateid = Stateid { seqid: 0, ..stateid };
        let shares = (ShareAccess::default(), ShareDeny::NONE);
        Self::restored(stateid, owner, (file, principal), shares, 0)
    }

    /// Restores one from its record.
    pub fn restored(
        stateid: Stateid,
        owner: OpaqueOwner,
        (file, principal): (u64, Principal),
        (access, deny): (ShareAccess, ShareDeny),
        asked: u16,
    ) -> Self {
        let locks = SmallMap::default();
        Self { stateid, owner, file, principal, access, deny, asked, locks, had_lock: false }
    }

    /// Returns the stateid, in its current version.
    pub fn stateid(&self) -> Stateid {
        self.stateid
    }

    /// Returns the open_owner.
    pub fn owner(&self) -> &OpaqueOwner {
        &self.owner
    }

    /// Returns the number of the file.
    pub fn file(&self) -> u64 {
        self.file
    }

    /// Returns who opened.
    pub fn principal(&self) -> Principal {
        self.principal
    }

    /// Returns the share reservation: what the open may do, and what it denies to others.
    pub fn shares(&self) -> (ShareAccess, ShareDeny) {
        (self.access, self.deny)
    }

    /// Returns the pairs asked for: bit `access + 4 * deny` for each.
    pub fn asked(&self) -> u16 {
        self.asked
    }

    /// Returns whether the open permits locks of a kind.
    pub fn permits(&self, kind: LockKind) -> bool {
        self.access.contains(match kind {
            LockKind::Read => ShareAccess::READ,
            LockKind::Write => ShareAccess::WRITE,
        })
    }

    /// Returns whether this open and one with (`access`, `deny`) exclude each other.
    pub fn excludes(&self, access: ShareAccess, deny: ShareDeny) -> bool {
        self.deny.forbids(access) || deny.forbids(self.access)
    }

    /// Returns the serials of the lock stateids that came from it.
    pub fn locks(&self) -> &SmallMap<u32> {
        &self.locks
    }

    /// Returns whether a lock was granted under it in this run of the server.
    pub fn had_lock(&self) -> bool {
        self.had_lock
    }

    /// Adds a lock stateid that came from it.
    pub fn add_lock(&mut self, serial: u32) {
        self.locks.put(serial, ());
        self.had_lock = true;
    }

    /// Removes a lock stateid that came from it.
    pub fn forget_lock(&mut self, serial: u32) {
        self.locks.remove(serial);
    }

    pub fn ask(&mut self, access: ShareAccess, deny: ShareDeny) {
        self.asked |= 1 << (access.bits() + 4 * deny.bits());
    }

    /// Returns the union of the pairs asked for that lie inside (`access`, `deny`), and those pairs.
    pub fn asked_inside(&self, access: ShareAccess, deny: ShareDeny) -> (u32, u32, u16) {
        let pairs = (0..16u32).filter(|bit| self.asked & (1 << bit) != 0);
        pairs.filter(|bit| (bit % 4) & !access.bits() == 0 && (bit / 4) & !deny.bits() == 0).fold(
            (0, 0, 0),
            |(union_access, union_deny, kept), bit| {
                (union_access | (bit % 4), union_deny | (bit / 4), kept | (1 << bit))
            },
        )
    }
}
