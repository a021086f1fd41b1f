//! Our own client of NFSv4.0, 4.1 and 4.2: blocking, small, and able to say wrong things on purpose.
//!
//! - [`Connection`] one TCP connection, calls and replies by xid, raw bytes
//! - [`op`] operations as values; [`CompoundReply`] what comes back
//! - [`Client`] a credential and a clientid on a connection, with one method per operation
//! - [`Session`] slots and the back channel; with one, each COMPOUND of a [`Client`] begins with SEQUENCE and owners'
//!   seqids stay 0; without one, it speaks 4.0
//! - [`OpenOwner`], [`LockOwner`] owners that keep count of their seqids; a test may set them wrong
//! - [`Attributes`] attribute values by number
//! - [`Template`], [`Pipeline`] the fast path: calls encoded once, many outstanding, replies read where they lie
//!
//! Nothing here panics on what a server sends; every failure is an [`Error`].

pub mod attr;
pub mod compound;
pub mod op;
pub mod rpc;
pub mod session;

mod answer;
mod call;
mod callback;
mod connection;
mod error;
mod files;
mod lease;
mod locks;
mod op_extents;
mod op_sessions;
mod opens;
mod owner;
mod pipeline;
#[cfg(test)]
mod pipeline_tests;
mod records;
mod session_args;
#[cfg(test)]
mod session_tests;
mod template;
#[cfg(test)]
mod template_tests;
#[cfg(test)]
mod tests;
mod waiting;

pub use answer::{Answer, Fault, status_name, xid_of};
pub use attr::Attributes;
pub use call::{Call, Reconnect};
pub use callback::{Callback, Manner};
pub use compound::{CompoundReply, DirectoryEntry, Listing};
pub use connection::Connection;
pub use error::{Denied, Error, Refusal};
pub use files::{ReadOk, WriteOk, filehandle_of};
pub use locks::{LockRequest, lock_result, read_lock, write_lock};
pub use opens::{Claim, OpenFile, OpenHow, OpenRequest};
pub use owner::{LockOwner, OpenOwner, seqid_after};
pub use pipeline::Pipeline;
pub use rpc::Credential;
pub use session::{Session, SessionRequest, Ticket};
pub use template::{Draft, STATEID_BYTES, Slot, Template};
pub use waiting::{Granted, Patience};

use crate::xdr::generated::nfs4::nfs_argop4;
use std::net::ToSocketAddrs;

/// The COMPOUND procedure.
pub const COMPOUND: u32 = 1;
/// The NULL procedure.
pub const NULL: u32 = 0;

/// Represents one client of a server: a connection, who it says it is, its clientid and its session, if it has one.
#[derive(Debug)]
pub struct Client {
    /// The connection, for what the methods here do not offer.
    pub connection: Connection,
    /// Sent with every call.
    pub credential: Credential,
    /// Sent where an operation takes one; 0 before [`establish`](Self::establish).
    pub clientid: u64,
    /// The minor version of its COMPOUNDs.
    pub minor: u32,
    /// The session of 4.1 and 4.2; without one there is no SEQUENCE.
    pub session: Option<Session>,
    /// How to go on when the connection breaks; without it that is an error.
    pub reconnect: Option<Reconnect>,
}

impl Client {
    /// Connects. There is no clientid yet: operations without state work at once.
    pub fn connect(addr: impl ToSocketAddrs, credential: Credential) -> Result<Self, Error> {
        Ok(Self::on(Connection::connect(addr)?, credential))
    }

    /// Creates a client of minor version 0 on this connection.
    pub fn on(connection: Connection, credential: Credential) -> Self {
        Self { connection, credential, clientid: 0, minor: 0, session: None, reconnect: None }
    }

    /// Sends a COMPOUND with an empty tag and gives its reply, good or bad. With a session, SEQUENCE goes before the
    /// operations and its result is left out, unless it failed.
    pub fn compound(&mut self, ops: &[nfs_argop4]) -> Result<CompoundReply, Error> {
        let call = self.prepare(ops)?;
        self.transmit(&call)
    }

    /// Sends like [`compound`](Self::compound), but a status other than `NFS4_OK` is an error.
    pub fn compound_ok(&mut self, ops: &[nfs_argop4]) -> Result<CompoundReply, Error> {
        self.compound(ops)?.ok()
    }

    /// Sends exactly these operations under any minor version and gives the reply, good or bad.
    pub fn compound_raw(&mut self, minor: u32, ops: &[nfs_argop4]) -> Result<CompoundReply, Error> {
        let args = compound_args(&[], minor, ops)?;
        CompoundReply::decode(&self.connection.call(COMPOUND, &self.credential, &args)?)
    }

    /// Sends exactly these operations and gives the bytes of their results, to compare them with others.
    pub fn compound_bytes(&mut self, ops: &[nfs_argop4]) -> Result<Vec<u8>, Error> {
        let args = compound_args(&[], self.minor, ops)?;
        self.connection.call(COMPOUND, &self.credential, &args)
    }
}

/// Encodes the arguments of a COMPOUND.
pub fn compound_args(tag: &[u8], minorversion: u32, ops: &[nfs_argop4]) -> Result<Vec<u8>, Error> {
    let count = u32::try_from(ops.len()).map_err(|_| Error::Encode("too many operations".to_owned()))?;
    Ok(compound::encode_args(tag, minorversion, count, &compound::encode_ops(ops)?))
}
