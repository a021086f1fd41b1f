//! Who a request comes from (RFC 7530 §9.1).

use std::fmt;
use std::sync::Arc;

/// `clientid4`: the server's short name for a client. The high half is the boot epoch that gave it out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u64);

impl ClientId {
    /// The clientid number `count` of the server instance that started at `epoch`.
    pub const fn new(epoch: u32, count: u32) -> Self {
        Self(((epoch as u64) << 32) | count as u64)
    }

    /// The boot epoch in which this clientid was given out.
    pub const fn epoch(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// The running number inside the epoch.
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
    /// Tells the clients of EXCHANGE_ID from those of SETCLIENTID, so that neither can pass for the other.
    const SESSIONS: u64 = 1 << 31;

    /// The same, as that of a client that uses sessions (NFSv4.1 and later).
    #[must_use]
    pub const fn with_sessions(self) -> Self {
        Self(self.0 | Self::SESSIONS)
    }

    /// Whether the client uses sessions.
    pub const fn has_sessions(self) -> bool {
        self.0 & Self::SESSIONS != 0
    }
}

/// `sessionid4` (RFC 8881 §3.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub [u8; 16]);

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sessionid:{:032x}", u128::from_be_bytes(self.0))
    }
}

/// A transport connection, by a number that the server never gives to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// `verifier4`: eight octets that change when whoever made them restarts.
pub type Verifier = [u8; 8];

/// The opaque part of an owner, at most 1024 octets (`NFS4_OPAQUE_LIMIT`, enforced by the decoder).
pub type OpaqueOwner = Arc<[u8]>;

/// `open_owner4`: who opens. Two owners are the same exactly if both parts are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpenOwner {
    /// The client.
    pub clientid: ClientId,
    /// The client's own name for the opener.
    pub owner: OpaqueOwner,
}

/// `lock_owner4`: who locks. Two owners are the same exactly if both parts are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LockOwner {
    /// The client.
    pub clientid: ClientId,
    /// The client's own name for the locker.
    pub owner: OpaqueOwner,
}

/// Who sent a request, as far as its credential tells; comparable, so that one cannot act for another (§9.1.1, §16.33).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// AUTH_NONE: nobody in particular.
    None,
    /// AUTH_SYS: a user of the client's machine, as that machine says.
    Sys {
        /// The user.
        uid: u32,
    },
}
