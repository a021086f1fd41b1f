//! Stateids (RFC 7530 §9.1.4).

use super::ClientId;
use std::fmt;

/// Bytes of the `other` field (`NFS4_OTHER_SIZE`).
pub const OTHER_BYTES: usize = 12;

/// Names state and one of its successive versions (`stateid4`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stateid {
    /// Version; grows by one with each change of the state, from 1, skipping 0 when it wraps.
    pub seqid: u32,
    /// The name.
    pub other: [u8; OTHER_BYTES],
}

/// Tells what a stateid from the wire is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateidKind {
    /// All zeros: no state, obeys share reservations (§9.1.4.3).
    Anonymous,
    /// All ones: no state, READ may bypass locks (§9.1.4.3).
    ReadBypass,
    /// Names state issued at some time by some server instance.
    Named,
}

impl Stateid {
    /// Is the anonymous stateid.
    pub const ANONYMOUS: Self = Self { seqid: 0, other: [0; OTHER_BYTES] };
    /// Is the READ bypass stateid.
    pub const READ_BYPASS: Self = Self { seqid: u32::MAX, other: [0xff; OTHER_BYTES] };
    /// Stands for the current stateid of a COMPOUND (RFC 8881 §8.2.3).
    pub const CURRENT: Self = Self { seqid: 1, other: [0; OTHER_BYTES] };
    /// Names nothing (RFC 8881 §8.2.3).
    pub const INVALID: Self = Self { seqid: u32::MAX, other: [0; OTHER_BYTES] };

    /// Returns the first version of the state number `serial` of `clientid`. Layout of `other`: epoch, client count, serial.
    pub fn first(clientid: ClientId, serial: u32) -> Self {
        let mut other = [0; OTHER_BYTES];
        other[..8].copy_from_slice(&clientid.0.to_be_bytes());
        other[8..].copy_from_slice(&serial.to_be_bytes());
        Self { seqid: 1, other }
    }

    /// Returns what this stateid is.
    pub fn kind(&self) -> StateidKind {
        match *self {
            Self::ANONYMOUS => StateidKind::Anonymous,
            Self::READ_BYPASS => StateidKind::ReadBypass,
            _ => StateidKind::Named,
        }
    }

    /// Returns the client that a named stateid belongs to.
    pub fn clientid(&self) -> ClientId {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.other[..8]);
        ClientId(u64::from_be_bytes(bytes))
    }

    /// Returns the number of a named stateid among those of its client.
    pub fn serial(&self) -> u32 {
        let [.., a, b, c, d] = self.other;
        u32::from_be_bytes([a, b, c, d])
    }

    /// Returns the next version of the same state.
    #[must_use]
    pub fn next(self) -> Self {
        Self { seqid: if self.seqid == u32::MAX { 1 } else { self.seqid + 1 }, ..self }
    }
}

impl fmt::Debug for Stateid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stateid:{}:", self.seqid)?;
        self.other.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
