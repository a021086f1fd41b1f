//! Our own NFSv4.0 client: blocking, small, and able to say wrong things on purpose.
//!
//! - [`Connection`] one TCP connection, calls and replies by xid, raw octets
//! - [`op`] operations as values; [`CompoundReply`] what comes back
//! - [`Client`] a credential and a clientid on a connection, with one method per operation
//! - [`OpenOwner`], [`LockOwner`] owners that keep count of their seqids; a test may set them wrong
//! - [`Attributes`] attribute values by number
//!
//! Nothing here panics on what a server sends; every failure is an [`Error`].

pub mod attr;
pub mod compound;
pub mod op;
pub mod rpc;

mod connection;
mod error;
mod files;
mod lease;
mod locks;
mod opens;
mod owner;
#[cfg(test)]
mod tests;

pub use attr::Attributes;
pub use compound::{CompoundReply, DirectoryEntry, Listing};
pub use connection::Connection;
pub use error::{Denied, Error};
pub use files::{ReadOk, WriteOk, filehandle_of};
pub use locks::{LockRequest, lock_result, read_lock, write_lock};
pub use opens::{Claim, OpenFile, OpenHow, OpenRequest};
pub use owner::{LockOwner, OpenOwner};
pub use rpc::{Credential, Refusal};

use crate::xdr::generated::nfs4::nfs_argop4;
use std::net::ToSocketAddrs;

/// The COMPOUND procedure.
pub const COMPOUND: u32 = 1;
/// The NULL procedure.
pub const NULL: u32 = 0;

/// One client of a server: a connection, who it says it is, and its clientid.
#[derive(Debug)]
pub struct Client {
    /// The connection, for what the methods here do not offer.
    pub connection: Connection,
    /// Sent with every call.
    pub credential: Credential,
    /// Sent where an operation takes one; 0 before [`establish`](Self::establish).
    pub clientid: u64,
}

impl Client {
    /// Connects. There is no clientid yet: operations without state work at once.
    pub fn connect(addr: impl ToSocketAddrs, credential: Credential) -> Result<Self, Error> {
        Ok(Self { connection: Connection::connect(addr)?, credential, clientid: 0 })
    }

    /// Sends a COMPOUND of minor version 0 with an empty tag and gives its reply, good or bad.
    pub fn compound(&mut self, ops: &[nfs_argop4]) -> Result<CompoundReply, Error> {
        CompoundReply::decode(&self.compound_octets(ops)?)
    }

    /// Like [`compound`](Self::compound), but a status other than `NFS4_OK` is an error.
    pub fn compound_ok(&mut self, ops: &[nfs_argop4]) -> Result<CompoundReply, Error> {
        self.compound(ops)?.ok()
    }

    /// Sends a COMPOUND and gives the octets of its results, to compare them with others.
    pub fn compound_octets(&mut self, ops: &[nfs_argop4]) -> Result<Vec<u8>, Error> {
        let args = compound_args(&[], 0, ops)?;
        self.connection.call(COMPOUND, &self.credential, &args)
    }

    /// Sends a COMPOUND and does not wait; the xid is for [`Connection::receive`].
    pub fn send(&mut self, ops: &[nfs_argop4]) -> Result<u32, Error> {
        let args = compound_args(&[], 0, ops)?;
        self.connection.send(COMPOUND, &self.credential, &args)
    }

    /// Waits for the reply to a COMPOUND that was sent.
    pub fn receive(&mut self, xid: u32) -> Result<CompoundReply, Error> {
        let octets = self.connection.receive(xid)?.outcome.map_err(Error::Refused)?;
        CompoundReply::decode(&octets)
    }
}

/// The arguments of a COMPOUND.
pub fn compound_args(tag: &[u8], minorversion: u32, ops: &[nfs_argop4]) -> Result<Vec<u8>, Error> {
    let count = u32::try_from(ops.len()).map_err(|_| Error::Encode("too many operations".to_owned()))?;
    Ok(compound::encode_args(tag, minorversion, count, &compound::encode_ops(ops)?))
}
