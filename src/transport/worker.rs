//! A thread that serves its share of the connections, in rounds:
//!
//! 1. wait until something happens to their sockets, or a letter comes
//! 2. read from each of these once, and carry out the calls that are there
//! 3. settle: store at once what all these calls have changed
//! 4. write what may leave, once for each connection
//!
//! So the more is asked at the same time, the less a call costs: reads, commits and writes are shared.

use super::Limits;
use super::connection::{Connection, End, Need};
use super::dispatch::{Origin, Round, Settled, Shared};
use super::router::{Letter, Mailbox};
use crate::nfs4::ConnectionId;
use crate::rpc::OutgoingCall;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What the waker is registered as; no connection has this number.
pub(super) const WAKE: Token = Token(usize::MAX);
/// Most events taken at once.
const EVENTS_MAX: usize = 256;

pub(super) struct Worker {
    poll: Poll,
    index: usize,
    shared: Arc<Shared>,
    limits: Limits,
    connections: HashMap<ConnectionId, Connection>,
    /// Those that get a turn in this round, and those that get one in the next.
    turns: Vec<ConnectionId>,
    turns_next: Vec<ConnectionId>,
    letters: Vec<Letter>,
    round: Round,
    /// When connections are looked after next.
    look_at: Instant,
    stopping: bool,
    leaving: bool,
}

impl Worker {
    /// The worker `index`, whose waker is registered with `poll`.
    pub fn new(index: usize, poll: Poll, shared: Arc<Shared>, limits: Limits) -> Self {
        Self {
            poll,
            index,
            shared,
            limits,
            connections: HashMap::new(),
            turns: Vec::new(),
            turns_next: Vec::new(),
            letters: Vec::new(),
            round: Round::default(),
            look_at: Instant::now(),
            stopping: false,
            leaving: false,
        }
    }

    fn mailbox(&self) -> &Mailbox {
        self.shared.post.of_worker(self.index)
    }

    /// Serves until it is told to stop and its last connection has ended.
    pub fn run(mut self) {
        let mut events = Events::with_capacity(EVENTS_MAX);
        let mut now = Instant::now();
        while !self.is_done() {
            if let Err(error) = self.poll.poll(&mut events, self.patience(now))
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "cannot wait for connections; stopping");
                std::process::exit(1);
            }
            now = Instant::now();
            for event in &events {
                match event.token() {
                    WAKE => self.open_letters(now),
                    token => self.note(token, event),
                }
            }
            self.serve(now);
            self.look_after(now);
        }
        for (_, connection) in self.connections.drain() {
            close(connection, &End::Stopped);
        }
    }

    fn is_done(&self) -> bool {
        self.leaving || (self.stopping && self.connections.is_empty())
    }

    /// How long to wait for events after a round that began then.
    fn patience(&self, now: Instant) -> Option<Duration> {
        match self.turns.is_empty() {
            true => Some(self.look_at.saturating_duration_since(now)),
            false => Some(Duration::ZERO),
        }
    }

    fn note(&mut self, token: Token, event: &mio::event::Event) {
        if let Some(connection) = self.connections.get_mut(&ConnectionId(token.0 as u64)) {
            connection.note(event);
            list(&mut self.turns, connection);
        }
    }

    fn open_letters(&mut self, now: Instant) {
        let mut letters = std::mem::take(&mut self.letters);
        self.mailbox().collect(&mut letters);
        for letter in letters.drain(..) {
            match letter {
                Letter::Connected(id, stream, peer) => self.connected(id, stream, peer),
                Letter::Done(id, done) => self.with(id, |connection| connection.finished(now, done)),
                Letter::Call(id, record) => self.with(id, |connection| connection.call(record)),
                Letter::Stop => self.stop(),
                Letter::Leave => self.leaving = true,
            }
        }
        self.letters = letters;
    }

    /// Does something with a connection, if it is still there, and gives it a turn.
    fn with(&mut self, id: ConnectionId, act: impl FnOnce(&mut Connection)) {
        if let Some(connection) = self.connections.get_mut(&id) {
            act(connection);
            list(&mut self.turns, connection);
        }
    }

    fn connected(&mut self, id: ConnectionId, stream: std::net::TcpStream, peer: SocketAddr) {
        tracing::debug!(%peer, "connected");
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%peer, %error, "cannot switch off Nagle's algorithm");
        }
        let stream = TcpStream::from_std(stream);
        let mut connection = Connection::new(stream, Origin::new(id, peer), self.shared.clone(), self.limits);
        let interest = Interest::READABLE | Interest::WRITABLE;
        let token = Token(id.0 as usize);
        if let Err(error) = self.poll.registry().register(&mut connection.stream, token, interest) {
            self.end(connection, &End::Io(error));
            return;
        }
        if self.stopping {
            connection.stop();
        }
        list(&mut self.turns, &mut connection);
        self.connections.insert(id, connection);
    }

    fn stop(&mut self) {
        self.stopping = true;
        for connection in self.connections.values_mut() {
            connection.stop();
            list(&mut self.turns, connection);
        }
    }

    /// Gives each connection that is listed its turn.
    fn serve(&mut self, now: Instant) {
        self.round.now = self.shared.clock.at(now);
        for at in 0..self.turns.len() {
            let id = self.turns[at];
            let Some(connection) = self.connections.get_mut(&id) else { continue };
            let turn = AssertUnwindSafe(|| connection.take_calls(now, &mut self.round));
            if catch_unwind(turn).is_err() {
                tracing::error!(peer = %connection.peer(), "a connection failed; see the message of the panic");
                self.remove(id, &End::Panicked);
            }
        }
        if self.turns.is_empty() {
            return;
        }
        self.settle();
        self.write(now);
    }

    /// Stores what was done in this round. When that cannot be, for the server has ended, no reply leaves.
    fn settle(&mut self) {
        let Some((settled, calls)) = self.shared.settle(self.round.now, self.round.keyed.drain(..)) else {
            return;
        };
        // Replies first: what a client is called for may be news to it until it has read them.
        self.release(&settled);
        for OutgoingCall { connection, record } in calls {
            match self.connections.contains_key(&connection) {
                true => self.with(connection, |connection| connection.call(record)),
                false => self.shared.post.call(connection, record),
            }
        }
    }

    fn release(&mut self, settled: &Settled) {
        for id in &self.turns {
            if let Some(connection) = self.connections.get_mut(id) {
                connection.settled(settled);
            }
        }
    }

    /// Writes, and finds out who has ended and who wants another turn.
    fn write(&mut self, now: Instant) {
        let mut turns = std::mem::take(&mut self.turns);
        for id in turns.drain(..) {
            let Some(connection) = self.connections.get_mut(&id) else { continue };
            connection.is_listed = false;
            match connection.write(now) {
                Ok(Need::Event) => {}
                Ok(Need::Turn) => list(&mut self.turns_next, connection),
                Err(end) => self.remove(id, &end),
            }
        }
        self.turns = std::mem::replace(&mut self.turns_next, turns);
    }

    fn look_after(&mut self, now: Instant) {
        if now < self.look_at {
            return;
        }
        self.look_at = now + self.limits.stuck_after.min(self.limits.unknown_after).min(LOOK_EVERY);
        let over = |connection: &mut Connection| Some((connection.id(), connection.look_after().err()?));
        let over: Vec<_> = self.connections.values_mut().filter_map(over).collect();
        for (id, end) in over {
            self.remove(id, &end);
        }
    }

    fn remove(&mut self, id: ConnectionId, end: &End) {
        if let Some(connection) = self.connections.remove(&id) {
            self.end(connection, end);
        }
    }

    fn end(&self, connection: Connection, end: &End) {
        close(connection, end);
        self.mailbox().connections.fetch_sub(1, std::sync::atomic::Ordering::Relaxed);
    }
}

/// Longest time between two looks at the connections.
const LOOK_EVERY: Duration = Duration::from_secs(10);

fn close(connection: Connection, end: &End) {
    tracing::debug!(peer = %connection.peer(), %end, "disconnected");
}

/// Gives a connection a turn, once.
fn list(turns: &mut Vec<ConnectionId>, connection: &mut Connection) {
    if !std::mem::replace(&mut connection.is_listed, true) {
        turns.push(connection.id());
    }
}
