//! What can go wrong with a call.

use crate::nfs4::{LockKind, Status};
use crate::xdr::generated::rpc::auth_stat;
use std::fmt;
use std::io;

/// Says why the RPC layer of a server refused a call (RFC 5531 §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The server speaks other versions of RPC.
    RpcMismatch {
        /// Lowest.
        low: u32,
        /// Highest.
        high: u32,
    },
    /// The credential or verifier was refused.
    AuthError(auth_stat),
    /// The program is not here.
    ProgUnavail,
    /// Other versions of the program are here.
    ProgMismatch {
        /// Lowest.
        low: u32,
        /// Highest.
        high: u32,
    },
    /// The version has no such procedure.
    ProcUnavail,
    /// The arguments could not be decoded.
    GarbageArgs,
    /// The server has another problem.
    SystemErr,
}

/// Says why a call has no result, or not a good one.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The socket failed.
    #[error("connection: {0}")]
    Io(#[from] io::Error),
    /// Nothing came within the time given to [`Connection`](super::Connection).
    #[error("no reply in time")]
    Timeout,
    /// The server closed the connection.
    #[error("the server closed the connection")]
    Closed,
    /// The server sent a record above the limit.
    #[error("a record of more than {0} bytes")]
    RecordTooLong(usize),
    /// What the server sent is not what the protocol says.
    #[error("malformed reply: {0}")]
    Malformed(String),
    /// A value that was to be sent does not fit the protocol's types.
    #[error("cannot be encoded: {0}")]
    Encode(String),
    /// All slots of the session are in use.
    #[error("no free slot")]
    NoSlot,
    /// The RPC layer of the server refused the call (RFC 5531 §9).
    #[error("refused by RPC: {0:?}")]
    Refused(Refusal),
    /// An operation was answered with an error status.
    #[error("{op} answered {status}")]
    Status {
        /// The name of the operation in the RFC.
        op: &'static str,
        /// Its status.
        status: Status,
    },
    /// LOCK or LOCKT met a conflicting lock: `NFS4ERR_DENIED` (RFC 7530 §16.10.5).
    #[error("denied by {0:?}")]
    Denied(Denied),
}

impl Error {
    /// Returns the status of the operation that failed, if one did.
    pub fn status(&self) -> Option<Status> {
        match self {
            Self::Status { status, .. } => Some(*status),
            Self::Denied(_) => Some(Status::Denied),
            _ => None,
        }
    }

    /// Creates the error for a reply that breaks the protocol.
    pub(super) fn malformed(why: impl fmt::Display) -> Self {
        Self::Malformed(why.to_string())
    }
}

impl From<xdr_codec::Error> for Error {
    fn from(error: xdr_codec::Error) -> Self {
        Self::malformed(error)
    }
}

/// Describes the lock that stands in the way: `LOCK4denied`.
#[derive(Clone, PartialEq, Eq)]
pub struct Denied {
    /// First byte.
    pub offset: u64,
    /// Bytes; all ones for a lock to the end of the file.
    pub length: u64,
    /// What kind of lock it is.
    pub kind: LockKind,
    /// The client of its owner.
    pub clientid: u64,
    /// Its owner.
    pub owner: Vec<u8>,
}

impl fmt::Debug for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { offset, length, kind, clientid, owner } = self;
        let owner = owner.escape_ascii();
        write!(f, "{kind:?} {offset}+{length:#x} of clientid:{clientid:016x} owner \"{owner}\"")
    }
}
