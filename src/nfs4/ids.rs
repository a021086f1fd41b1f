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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Principal {
    /// AUTH_NONE: nobody in particular.
    None,
    /// AUTH_SYS: a user of the client's machine, as that machine says.
    Sys {
        /// The user.
        uid: u32,
    },
}
