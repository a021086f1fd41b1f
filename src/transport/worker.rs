//! A thread that serves its share of the connections, in rounds:
//!
//! 1. wait until something happens to their sockets, or a message comes
//! 2. read from each of these once, and carry out the calls that are there
//! 3. commit what all these calls have changed, at once; their replies are held by the number of the commit
//! 4. write what may leave, once for each connection: replies whose commit is durable
//!
//! So the more is asked at the same time, the less a call costs: reads, commits and writes are shared.

use super::Limits;
use super::connection::{Connection, End, Need};
use super::connection_map::ConnectionMap;
use super::dispatch::Shared;
use super::mailbox::Mailbox;
use super::router::Message;
use super::stream::Stream;
use crate::commits::{CommitNumber, SubscriberId};
use crate::nfs4::ConnectionId;
use crate::rpc::{Origin, OutgoingCall, Round};
use mio::{Events, Poll, Token};
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
    connections: ConnectionMap<Connection>,
    /// Those that get a turn in this round, and those that get one in the next.
    turns: Vec<ConnectionId>,
    turns_next: Vec<ConnectionId>,
    messages: Vec<Message>,
    round: Round,
    /// Those that hold back what is not durable, and how this thread is woken when it is.
    holding: Vec<ConnectionId>,
    subscriber: SubscriberId,
    /// No calls are taken before some commit is durable: too many are not.
    full: bool,
    /// When connections are looked after next.
    look_at: Instant,
    stopping: bool,
    leaving: bool,
}

impl Worker {
    /// Creates the worker `index`, whose waker is registered with `poll`.
    pub fn new(index: usize, poll: Poll, shared: Arc<Shared>, limits: Limits) -> Self {
        let mailbox = shared.router.mailbox(index).clone();
        let subscriber = shared.commits.register(move || mailbox.wake());
        Self {
            poll,
            index,
            shared,
            limits,
            connections: ConnectionMap::default(),
            turns: Vec::new(),
            turns_next: Vec::new(),
            messages: Vec::new(),
            round: Round::default(),
            holding: Vec::new(),
            subscriber,
            full: false,
            look_at: Instant::now(),
            stopping: false,
            leaving: false,
        }
    }

    fn mailbox(&self) -> &Mailbox<Message> {
        self.shared.router.mailbox(self.index)
    }

    /// Serves until it is told to stop and its last connection has ended.
    pub fn run(mut self) {
        let mut events = Events::with_capacity(EVENTS_MAX);
        let mut now = Instant::now();
        while !self.is_done() {
            let patience = self.patience(now);
            if let Err(error) = self.poll.poll(&mut events, patience)
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "cannot wait for connections; stopping");
                std::process::exit(1);
            }
            now = Instant::now();
            for event in &events {
                match event.token() {
                    WAKE => self.take_messages(now),
                    token => self.on_event(token, event),
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

    /// Returns how long to wait for events after a round that began then.
    fn patience(&mut self, now: Instant) -> Option<Duration> {
        let look = Some(self.look_at.saturating_duration_since(now));
        match (self.turns.is_empty() || self.full, self.waits_for()) {
            (false, _) => Some(Duration::ZERO),
            (true, Some(number)) if !self.shared.commits.wake_at(self.subscriber, number) => {
                Some(Duration::ZERO)
            }
            (true, _) => look,
        }
    }

    /// Returns the first commit after which there is something to do.
    fn waits_for(&self) -> Option<CommitNumber> {
        if self.full {
            return Some(self.shared.commits.first_outstanding());
        }
        let connections = self.holding.iter().filter_map(|id| self.connections.get(id));
        connections.filter_map(Connection::waits_for).min()
    }

    fn on_event(&mut self, token: Token, event: &mio::event::Event) {
        if let Some(connection) = self.connections.get_mut(&ConnectionId(token.0 as u64)) {
            connection.on_event(event);
            list(&mut self.turns, connection);
        }
    }

    fn take_messages(&mut self, now: Instant) {
        let mut messages = std::mem::take(&mut self.messages);
        self.mailbox().collect(&mut messages);
        for message in messages.drain(..) {
            match message {
                Message::Connected(id, stream, peer) => self.connected(id, stream, peer),
                Message::Done(id, number, done) => {
                    self.with(id, |connection| connection.finished(now, number, done));
                }
                Message::Call(id, number, record) => {
                    self.with(id, |connection| connection.call(number, record))
                }
                Message::Stop => self.stop(),
                Message::Leave => self.leaving = true,
            }
        }
        self.messages = messages;
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
        let stream = Stream::plain(stream, peer);
        let mut connection = Connection::new(stream, Origin::new(id, peer), self.shared.clone(), self.limits);
        let token = Token(id.0 as usize);
        if let Err(error) = connection.stream.register(self.poll.registry(), token) {
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
        self.list_released();
        self.round.now = self.shared.clock.at(now);
        self.full = !self.shared.dispatcher.service().has_room();
        let takers = if self.full { 0 } else { self.turns.len() };
        for at in 0..takers {
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
        self.commit();
        self.release();
        self.write(now);
    }

    /// Gives a turn to those that need not hold back any longer what they hold.
    fn list_released(&mut self) {
        if self.holding.is_empty() {
            return;
        }
        let durable = self.shared.commits.durable();
        let (connections, turns) = (&mut self.connections, &mut self.turns);
        self.holding.retain(|id| {
            let Some(connection) = connections.get_mut(id) else { return false };
            connection.is_holding = connection.waits_for().is_some_and(|number| !durable.covers(number));
            if !connection.is_holding {
                list(turns, connection);
            }
            connection.is_holding
        });
    }

    /// Commits what was done in this round. When that cannot be, for the server has ended, no reply leaves.
    fn commit(&mut self) {
        let Some((number, calls)) = self.shared.commit(self.round.now, self.round.take_keyed()) else {
            return;
        };
        // Replies first: what a client is called for may be news to it until it has read them.
        for id in &self.turns {
            if let Some(connection) = self.connections.get_mut(id) {
                connection.seal(number);
            }
        }
        for OutgoingCall { connection, record } in calls {
            match self.connections.contains_key(&connection) {
                true => self.with(connection, |connection| connection.call(number, record)),
                false => self.shared.router.call(connection, number, record),
            }
        }
    }

    /// Lets go of what is durable, and remembers who holds something back.
    fn release(&mut self) {
        let durable = self.shared.commits.durable();
        for id in &self.turns {
            let Some(connection) = self.connections.get_mut(id) else { continue };
            connection.release(durable);
            if connection.waits_for().is_some() && !std::mem::replace(&mut connection.is_holding, true) {
                self.holding.push(*id);
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
        let id = connection.id();
        close(connection, end);
        self.shared.router.disconnected(id);
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
