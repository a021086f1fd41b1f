//! Messages to workers. The number of a connection says which worker has it.

use super::mailbox::Mailbox;
use crate::commits::CommitNumber;
use crate::nfs4::ConnectionId;
use bytes::Bytes;
use mio::Waker;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Describes a call that is no longer being carried out.
pub(super) struct Done {
    /// The reply as a whole record; `None` for a call that was dropped.
    pub reply: Option<Bytes>,
    /// Bytes that it takes, as they were counted when it came in.
    pub bytes: usize,
}

/// Represents a message for a worker. What has a commit number may leave when that commit is durable.
pub(super) enum Message {
    /// A new connection.
    Connected(ConnectionId, TcpStream, SocketAddr),
    /// A call of a connection was carried out.
    Done(ConnectionId, CommitNumber, Done),
    /// A call to the peer of a connection, as a whole record.
    Call(ConnectionId, CommitNumber, Bytes),
    /// Answer what is being carried out, then end.
    Stop,
    /// End at once.
    Leave,
}

/// A worker, as other threads see it.
struct Address {
    mailbox: Arc<Mailbox<Message>>,
    /// Connections of the worker, those on their way to it included.
    connections: AtomicUsize,
}

/// Routes messages to the workers. A connection's number says which worker has it.
pub(super) struct Router {
    workers: Vec<Address>,
    issued: AtomicU64,
}

impl Router {
    /// Creates one mailbox for each of the workers, of which there is at least one.
    pub fn new(wakers: Vec<Waker>) -> Self {
        let address = |waker: Waker| {
            let wake = move || {
                if let Err(error) = waker.wake() {
                    tracing::error!(%error, "a thread cannot be woken");
                }
            };
            Address { mailbox: Arc::new(Mailbox::new(wake)), connections: AtomicUsize::new(0) }
        };
        Self { workers: wakers.into_iter().map(address).collect(), issued: AtomicU64::new(0) }
    }

    /// Returns the mailbox of the worker `index`.
    pub fn mailbox(&self, index: usize) -> &Arc<Mailbox<Message>> {
        &self.workers[index].mailbox
    }

    fn worker_of(&self, connection: ConnectionId) -> &Address {
        &self.workers[(connection.0 % self.workers.len() as u64) as usize]
    }

    /// Returns how many connections all workers have.
    pub fn connections(&self) -> usize {
        self.workers.iter().map(|worker| worker.connections.load(Ordering::Relaxed)).sum()
    }

    /// Gives a new connection to the worker that has the fewest.
    pub fn connect(&self, stream: TcpStream, peer: SocketAddr) -> io::Result<()> {
        stream.set_nonblocking(true)?;
        let fewest = |index: &usize| self.workers[*index].connections.load(Ordering::Relaxed);
        let index = (0..self.workers.len()).min_by_key(fewest).unwrap_or(0);
        let round = self.issued.fetch_add(1, Ordering::Relaxed) + 1;
        let connection = ConnectionId(round * self.workers.len() as u64 + index as u64);
        self.workers[index].connections.fetch_add(1, Ordering::Relaxed);
        self.workers[index].mailbox.send(Message::Connected(connection, stream, peer));
        Ok(())
    }

    /// Counts a connection as ended.
    pub fn disconnected(&self, connection: ConnectionId) {
        self.worker_of(connection).connections.fetch_sub(1, Ordering::Relaxed);
    }

    /// Reports that a call of `connection` was carried out.
    pub fn done(&self, connection: ConnectionId, number: CommitNumber, done: Done) {
        self.worker_of(connection).mailbox.send(Message::Done(connection, number, done));
    }

    /// Sends a call over `connection`.
    pub fn call(&self, connection: ConnectionId, number: CommitNumber, record: Bytes) {
        self.worker_of(connection).mailbox.send(Message::Call(connection, number, record));
    }

    /// Tells all workers to end when their calls are answered.
    pub fn stop(&self) {
        self.workers.iter().for_each(|worker| worker.mailbox.send(Message::Stop));
    }

    /// Tells all workers to end at once.
    pub fn leave(&self) {
        self.workers.iter().for_each(|worker| worker.mailbox.send(Message::Leave));
    }
}
