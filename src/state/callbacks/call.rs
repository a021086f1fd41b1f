//! A call to a client, as the host sends it.

use crate::nfs4::{ConnectionId, Filehandle, LockOwner, SessionId, Status};

/// Credentials of callbacks (`callback_sec_parms4`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallbackSec {
    /// `AUTH_NONE`.
    None,
    /// `AUTH_SYS`, with these bytes as its body.
    Sys(Box<[u8]>),
}

/// Names a call to a client: what the answer is matched by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallbackId(pub u32);

/// What follows CB_SEQUENCE in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallbackBody {
    /// CB_NOTIFY_LOCK (RFC 8881 §20.11): a lock may be free that an owner was denied.
    NotifyLock {
        /// `cnla_fh`.
        fh: Filehandle,
        /// `cnla_lock_owner`.
        owner: LockOwner,
    },
}

/// A CB_COMPOUND that is to be sent: CB_SEQUENCE and one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackCall {
    /// Its name.
    pub id: CallbackId,
    /// Over which connection.
    pub connection: ConnectionId,
    /// Minor version.
    pub minor: u32,
    /// RPC program.
    pub program: u32,
    /// With which credentials.
    pub sec: CallbackSec,
    /// Of which session.
    pub sessionid: SessionId,
    /// Number of the call in its slot.
    pub sequenceid: u32,
    /// The slot.
    pub slotid: u32,
    /// The highest slot in use.
    pub highest_slotid: u32,
    /// The operation.
    pub body: CallbackBody,
}

impl CallbackCall {
    /// Returns the file that the call is about.
    pub fn fh(&self) -> &Filehandle {
        match &self.body {
            CallbackBody::NotifyLock { fh, .. } => fh,
        }
    }

    /// Returns the lock_owner that the call is about.
    pub fn owner(&self) -> &LockOwner {
        match &self.body {
            CallbackBody::NotifyLock { owner, .. } => owner,
        }
    }
}

/// What a client answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackAnswer {
    /// CB_SEQUENCE succeeded, the operation after it ended so.
    Done(Status),
    /// CB_SEQUENCE failed, or the call was no CB_COMPOUND to the client.
    Refused,
}
