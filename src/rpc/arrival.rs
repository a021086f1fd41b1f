//! What dispatch is given: a record, where it comes from, and where its reply goes.

use super::auth::LastCredential;
use crate::nfs4::{Class, ConnectionId};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Says where the reply of a call goes.
#[derive(Debug)]
pub struct ReplyTo {
    /// The connection of the call.
    pub connection: ConnectionId,
    /// Bytes that the call takes, as they were counted when it came in.
    pub bytes: usize,
}

/// Describes where a record comes from.
#[derive(Debug)]
pub struct Origin {
    pub(super) peer: SocketAddr,
    pub(super) connection: ConnectionId,
    pub(super) credential: LastCredential,
    /// Where in its record the COMPOUND of the last call began.
    pub(super) body_offset: usize,
    /// Whether the connection has gone, for whoever carries out a call of it elsewhere.
    pub(super) gone: Arc<AtomicBool>,
}

impl Origin {
    /// Creates the origin of the records of a new connection.
    pub fn new(connection: ConnectionId, peer: SocketAddr) -> Self {
        Self { peer, connection, credential: LastCredential::default(), body_offset: 0, gone: Arc::default() }
    }

    /// Returns the other end of the connection.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Returns the number of the connection.
    pub fn connection(&self) -> ConnectionId {
        self.connection
    }

    /// Returns where in its record the COMPOUND of the last call began.
    pub fn body_offset(&self) -> usize {
        self.body_offset
    }
}

/// Takes replies, each a whole record, which may not leave before they are committed.
pub trait Replies {
    /// Adds a reply.
    fn hold(&mut self, reply: &[u8]);
}

/// Holds the class of a call that was classified before its record was parsed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Expected {
    class: Option<Class>,
    body_offset: usize,
}

impl Expected {
    /// Holds `class`, if the call was classified; its COMPOUND was taken to begin at `body_offset`.
    pub fn new(class: Option<Class>, body_offset: usize) -> Self {
        Self { class, body_offset }
    }

    /// Returns the class, if the COMPOUND begins at the offset at which it was taken to begin.
    pub fn class(self, body_offset: usize) -> Option<Class> {
        self.class.filter(|_| self.body_offset == body_offset)
    }
}

/// Describes a record that has come in.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// It.
    pub record: &'a [u8],
    /// Bytes that its call may take.
    pub room: usize,
    /// Its class, if it was looked at.
    pub expected: Expected,
}
