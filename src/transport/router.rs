//! What other threads have for a worker.

use crate::nfs4::ConnectionId;
use bytes::Bytes;
use mio::Waker;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// A call that is no longer being carried out.
pub(super) struct Done {
    /// The reply as a whole record; `None` for a call that was dropped.
    pub reply: Option<Bytes>,
    /// Octets that it takes, as they were counted when it came in.
    pub bytes: usize,
}

/// Something for a worker.
pub(super) enum Letter {
    /// A new connection.
    Connected(ConnectionId, TcpStream, SocketAddr),
    /// A call of a connection is done.
    Done(ConnectionId, Done),
    /// A call to the peer of a connection, as a whole record.
    Call(ConnectionId, Bytes),
    /// Answer what is being carried out, then end.
    Stop,
    /// End at once.
    Leave,
}

/// Where one worker gets its letters.
pub(super) struct Mailbox {
    letters: Mutex<Vec<Letter>>,
    waker: Waker,
    /// The worker was woken and has not looked yet.
    woken: AtomicBool,
    /// Connections of the worker, those on their way to it included.
    pub connections: AtomicUsize,
}

impl Mailbox {
    /// A mailbox that wakes by `waker`.
    pub fn new(waker: Waker) -> Self {
        let (letters, woken, connections) = Default::default();
        Self { letters, waker, woken, connections }
    }

    fn letters(&self) -> std::sync::MutexGuard<'_, Vec<Letter>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn post(&self, letter: Letter) {
        self.letters().push(letter);
        if !self.woken.swap(true, Ordering::AcqRel)
            && let Err(error) = self.waker.wake()
        {
            tracing::error!(%error, "a thread cannot be woken");
        }
    }

    /// Takes all letters, into `letters`, which is empty.
    pub fn collect(&self, letters: &mut Vec<Letter>) {
        // First, so that whoever posts from now on wakes again.
        self.woken.store(false, Ordering::Release);
        std::mem::swap(&mut *self.letters(), letters);
    }
}

/// The mailboxes of all workers. A connection's number says whose it is.
pub(super) struct Post {
    boxes: Vec<Mailbox>,
    issued: AtomicU64,
}

impl Post {
    /// One mailbox a worker; at least one.
    pub fn new(wakers: Vec<Waker>) -> Self {
        Self { boxes: wakers.into_iter().map(Mailbox::new).collect(), issued: AtomicU64::new(0) }
    }

    /// The mailbox of the worker `index`.
    pub fn of_worker(&self, index: usize) -> &Mailbox {
        &self.boxes[index]
    }

    fn index_of(&self, connection: ConnectionId) -> usize {
        (connection.0 % self.boxes.len() as u64) as usize
    }

    /// Connections of all workers.
    pub fn connections(&self) -> usize {
        self.boxes.iter().map(|mailbox| mailbox.connections.load(Ordering::Relaxed)).sum()
    }

    /// Gives a new connection to the worker that has the fewest.
    pub fn connect(&self, stream: TcpStream, peer: SocketAddr) -> io::Result<()> {
        stream.set_nonblocking(true)?;
        let fewest = |index: &usize| self.boxes[*index].connections.load(Ordering::Relaxed);
        let index = (0..self.boxes.len()).min_by_key(fewest).unwrap_or(0);
        let round = self.issued.fetch_add(1, Ordering::Relaxed) + 1;
        let connection = ConnectionId(round * self.boxes.len() as u64 + index as u64);
        self.boxes[index].connections.fetch_add(1, Ordering::Relaxed);
        self.boxes[index].post(Letter::Connected(connection, stream, peer));
        Ok(())
    }

    /// A call of `connection` is done.
    pub fn done(&self, connection: ConnectionId, done: Done) {
        self.boxes[self.index_of(connection)].post(Letter::Done(connection, done));
    }

    /// A call goes out over `connection`.
    pub fn call(&self, connection: ConnectionId, record: Bytes) {
        self.boxes[self.index_of(connection)].post(Letter::Call(connection, record));
    }

    /// Tells all workers to end, when their calls are answered.
    pub fn stop(&self) {
        self.boxes.iter().for_each(|mailbox| mailbox.post(Letter::Stop));
    }

    /// Tells all workers to end at once.
    pub fn leave(&self) {
        self.boxes.iter().for_each(|mailbox| mailbox.post(Letter::Leave));
    }
}
