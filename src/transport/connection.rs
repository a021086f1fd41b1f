//! One connection: reads records, has them carried out, writes replies in whatever order they come.
//!
//! It belongs to one worker, so nothing here is locked. It stops reading while too much is on its way, which is what
//! slows down a peer that asks faster than it is answered or that does not read its replies.

use super::Limits;
use super::dispatch::Shared;
use super::load::Load;
use super::lookahead::Lookahead;
use super::output::Output;
use super::router::Done;
use super::stream::Stream;
use crate::commits::{CommitNumber, Durable};
use crate::nfs4::ConnectionId;
use crate::rpc::{Arrival, Dispatched, Origin, RecordAssembler, RecordError, Round};
use bytes::Bytes;
use mio::event::Event;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How much is read at once, in bytes.
const READ_BYTES: usize = 32 << 10;
/// Most calls carried out in one turn, so that other connections get theirs: more than are usually read at once.
const CALLS_A_TURN: usize = 256;
/// After this time without a call, memory is given back.
const SHRINK_AFTER: Duration = Duration::from_secs(5);

/// Says why a connection has ended.
#[derive(Debug, thiserror::Error)]
pub(super) enum End {
    #[error("the peer closed it")]
    Closed,
    #[error("the server stops")]
    Stopped,
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Record(#[from] RecordError),
    #[error("the peer does not speak RPC")]
    NotRpc,
    #[error("idle for too long")]
    Idle,
    #[error("the peer does not read its replies")]
    Stuck,
    #[error("a call failed in an unforeseen way")]
    Panicked,
}

/// Says what a connection needs next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// That something happens to its socket, or a message.
    Event,
    /// Another turn.
    Turn,
}

pub(super) struct Connection {
    pub stream: Stream,
    from: Origin,
    lookahead: Lookahead,
    shared: Arc<Shared>,
    limits: Limits,
    assembler: RecordAssembler,
    output: Output,
    /// The socket may have bytes for us, or room for ours: as far as is known.
    readable: bool,
    writable: bool,
    /// The peer has closed its side: after what it sent comes the end, of which no other event tells.
    hung_up: bool,
    /// Records that were read may be left in the assembler.
    more_records: bool,
    /// Calls being carried out elsewhere.
    load: Load,
    /// The peer leaves so much unread that a call to it could not be added: nothing more can be done with it.
    flooded: bool,
    /// Whether the peer has made a call that was answered.
    known: bool,
    /// When the last call came in, or was finished, or a byte of a reply went out.
    active: Instant,
    /// Set when no more calls are taken.
    ending: Option<End>,
    /// It is in the list of those that get a turn.
    pub is_listed: bool,
    /// It is in the list of those that hold something back.
    pub is_holding: bool,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.shared.connection_lost(&self.from);
    }
}

impl Connection {
    pub fn new(stream: Stream, from: Origin, shared: Arc<Shared>, limits: Limits) -> Self {
        Self {
            stream,
            from,
            lookahead: Lookahead::default(),
            shared,
            limits,
            assembler: RecordAssembler::new(limits.record),
            output: Output::default(),
            readable: false,
            writable: true,
            hung_up: false,
            more_records: false,
            load: Load::default(),
            flooded: false,
            known: false,
            active: Instant::now(),
            ending: None,
            is_listed: false,
            is_holding: false,
        }
    }

    /// Returns the address of the peer.
    pub fn peer(&self) -> SocketAddr {
        self.from.peer()
    }

    /// Returns the number of the connection.
    pub fn id(&self) -> ConnectionId {
        self.from.connection()
    }

    /// Records an event of the socket.
    pub fn on_event(&mut self, event: &Event) {
        // An error or the end is found by reading.
        self.hung_up |= event.is_read_closed() || event.is_error();
        self.readable |= event.is_readable() || self.hung_up;
        self.writable |= event.is_writable() || event.is_write_closed();
    }

    /// Reads once, and has the calls that are there carried out as far as the limits allow. Replies are held.
    pub fn take_calls(&mut self, now: Instant, round: &mut Round) {
        if let Err(end) = self.read().and_then(|()| self.carry_out_records(now, round)) {
            self.ending = Some(end);
        }
    }

    fn read(&mut self) -> Result<(), End> {
        if !self.readable || self.more_records || self.ending.is_some() || self.room().is_none() {
            return Ok(());
        }
        let buffer = self.assembler.buffer();
        if buffer.capacity() - buffer.len() < READ_BYTES / 4 {
            buffer.reserve(READ_BYTES);
        }
        let room = buffer.capacity() - buffer.len();
        match self.stream.read(buffer) {
            Ok(0) => return Err(End::Closed),
            Ok(count) => {
                // What comes later is told by another event.
                self.readable = count == room || self.hung_up;
                self.more_records = true;
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.readable = false,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn carry_out_records(&mut self, now: Instant, round: &mut Round) -> Result<(), End> {
        if !self.more_records {
            return Ok(());
        }
        for _ in 0..CALLS_A_TURN {
            let Some(room) = self.room().filter(|_| self.ending.is_none()) else { return Ok(()) };
            let (dispatcher, offset) = (&self.shared.dispatcher, self.from.body_offset());
            self.lookahead.look(dispatcher.service(), &self.assembler, offset);
            let Some(record) = self.assembler.next_record()? else {
                self.more_records = false;
                break;
            };
            self.active = now;
            let arrival = Arrival { record, room, expected: self.lookahead.take() };
            let dispatched = dispatcher.dispatch(&mut self.from, arrival, round, &mut self.output);
            if let Dispatched::TooMuch(bytes) = dispatched {
                self.assembler.put_back();
                self.lookahead.forget();
                self.load.wait(bytes);
                return Ok(());
            }
            self.load.admitted();
            match dispatched {
                Dispatched::Replied | Dispatched::TooMuch(_) => {}
                Dispatched::Pending(bytes) => self.load.begin(bytes),
                Dispatched::Blocking(call) => {
                    self.load.begin(call.bytes());
                    self.shared.execute_in_pool(*call);
                }
                Dispatched::Dropped => continue,
                Dispatched::Close => return Err(End::NotRpc),
            }
            self.known = true;
        }
        if !self.assembler.is_idle() && !self.more_records {
            // A client that sends a call in pieces may wait for our ACK before it sends the next piece (Nagle).
            self.stream.acknowledge();
        }
        Ok(())
    }

    /// Returns bytes that the next call may take; `None` when it has to wait, whatever it takes.
    fn room(&self) -> Option<usize> {
        self.load.room(&self.limits, self.assembler.bytes(), self.output.bytes())
    }

    /// Sends a call to the peer, as a whole record, when the commit `number` is durable. When there is no room for it the
    /// connection ends, and the call goes out again over another one.
    pub fn call(&mut self, number: CommitNumber, record: Bytes) {
        self.flooded |= self.load.is_too_much(&self.limits, self.output.bytes() + record.len());
        if !self.flooded {
            self.output.hold_until(number, record);
        }
    }

    /// Takes the reply of a call that was carried out elsewhere.
    pub fn finished(&mut self, now: Instant, number: CommitNumber, done: Done) {
        self.load.end(done.bytes);
        self.active = now;
        done.reply.into_iter().for_each(|reply| self.output.hold_until(number, reply));
    }

    /// Holds the replies of this round until the commit `number` is durable.
    pub fn seal(&mut self, number: CommitNumber) {
        self.output.seal(number);
    }

    /// Lets go of what may leave.
    pub fn release(&mut self, durable: Durable) {
        self.output.release(durable);
    }

    /// Returns the commit that the next record waits for.
    pub fn waits_for(&self) -> Option<CommitNumber> {
        self.output.waits_for()
    }

    /// Stops taking calls.
    pub fn stop(&mut self) {
        self.ending.get_or_insert(End::Stopped);
    }

    /// Writes what may leave. Errors: the connection has ended.
    pub fn write(&mut self, now: Instant) -> Result<Need, End> {
        while self.writable && self.output.remaining() > 0 {
            match self.output.write_to(&mut self.stream) {
                Ok(_) => self.active = now,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.writable = false,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        if self.flooded {
            return Err(End::Stuck);
        }
        let answered = self.load.running() == 0 && self.output.bytes() == 0;
        if let Some(end) = self.ending.take_if(|_| answered) {
            return Err(end);
        }
        let wants = (self.readable || self.more_records) && self.ending.is_none() && self.room().is_some();
        Ok(if wants { Need::Turn } else { Need::Event })
    }

    /// Looks whether the connection has stayed as it is for too long, and gives memory back that it does not use.
    pub fn look_after(&mut self) -> Result<(), End> {
        let (patience, end) = match (self.output.remaining() > 0, self.load.running(), self.known) {
            (true, ..) => (self.limits.stuck_after, End::Stuck),
            (false, 0, true) => (self.limits.idle_after, End::Idle),
            (false, 0, false) => (self.limits.unknown_after, End::Idle),
            (false, ..) => return Ok(()),
        };
        let quiet = self.active.elapsed();
        if quiet >= SHRINK_AFTER {
            self.assembler.shrink();
            self.output.shrink();
        }
        if quiet >= patience { Err(end) } else { Ok(()) }
    }
}
