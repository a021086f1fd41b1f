//! Clients, sessions, owners and principals (RFC 7530 §9.1).

use std::fmt;
use std::sync::Arc;

/// Names a client for the server (`clientid4`). The high half is the boot epoch that issued it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u64);

impl ClientId {
    /// Returns clientid number `count` of the server instance that started at `epoch`.
    pub const fn new(epoch: u32, count: u32) -> Self {
        Self(((epoch as u64) << 32) | count as u64)
    }

    /// Returns the boot epoch in which this clientid was issued.
    pub const fn epoch(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Returns the running number inside the epoch.
    pub const fn count(self) -> u32 {
        self.0 as u32
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "clientid:{:016x}", self.0)
    }
}

impl ClientId {
    /// Marks the clients of EXCHANGE_ID, so that they and those of SETCLIENTID cannot be confused.
    const SESSIONS: u64 = 1 << 31;

    /// Returns the same clientid, marked as one that uses sessions (NFSv4.1 and later).
    #[must_use]
    pub const fn with_sessions(self) -> Self {
        Self(self.0 | Self::SESSIONS)
    }

    /// Tells whether the client uses sessions.
    pub const fn has_sessions(self) -> bool {
        self.0 & Self::SESSIONS != 0
    }
}

/// Names a session (`sessionid4`, RFC 8881 §3.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub [u8; 16]);

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sessionid:{:032x}", u128::from_be_bytes(self.0))
    }
}

/// Names a transport connection by a number that is never used twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// Holds eight bytes that change when their maker restarts (`verifier4`).
pub type Verifier = [u8; 8];

/// Holds the opaque part of an owner, at most 1024 bytes (`NFS4_OPAQUE_LIMIT`, enforced by the decoder).
pub type OpaqueOwner = Arc<[u8]>;

/// Names an open_owner (`open_owner4`). Two are the same exactly if both parts are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpenOwner {
    /// The client.
    pub clientid: ClientId,
    /// The client's own name for the owner.
    pub owner: OpaqueOwner,
}

/// Names a lock_owner (`lock_owner4`). Two are the same exactly if both parts are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LockOwner {
    /// The client.
    pub clientid: ClientId,
    /// The client's own name for the owner.
    pub owner: OpaqueOwner,
}

/// Identifies the sender of a request by its credential; compared so that one principal cannot act for another (§9.1.1,
/// §16.33).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// AUTH_NONE: anonymous.
    None,
    /// AUTH_SYS: a user of the client's machine, as stated by that machine.
    Sys {
        /// The user.
        uid: u32,
    },
}
