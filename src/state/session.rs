//! Sessions: CREATE_SESSION, BIND_CONN_TO_SESSION, BACKCHANNEL_CTL, DESTROY_SESSION and SEQUENCE (RFC 8881 §2.10,
//! §18.33, §18.34, §18.36, §18.37, §18.46).

use super::Core;
use super::back_channel::{BackChannel, CallbackSec};
use super::client::Client;
use super::sequence::Digest;
use super::slot::{SlotTurn, Slots};
use crate::nfs4::{ClientId, ConnectionId, Principal, SessionId, Status, Time};
use siphasher::sip::SipHasher24;
use std::collections::HashMap;
use std::hash::Hasher;
use std::sync::Arc;

/// `channel_attrs4`: what may be in flight on a channel, and how large. Sizes are in octets, RPC header included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelAttrs {
    /// Longest request.
    pub maxrequestsize: u32,
    /// Longest reply.
    pub maxresponsesize: u32,
    /// Longest reply that is kept for a retry.
    pub maxresponsesize_cached: u32,
    /// Most operations in a COMPOUND.
    pub maxoperations: u32,
    /// Slots.
    pub maxrequests: u32,
}

/// A request or reply has at least a header, a SEQUENCE and something to do.
const SIZE_MIN: u32 = 256;
/// Connections remembered for one session; the one unheard of for longest goes first.
const CONNECTIONS_MAX: usize = 16;

impl ChannelAttrs {
    /// What both sides can do. Errors: `TooSmall` when that is nothing.
    fn negotiate(self, most: Self) -> Result<Self, Status> {
        let agreed = Self {
            maxrequestsize: self.maxrequestsize.min(most.maxrequestsize),
            maxresponsesize: self.maxresponsesize.min(most.maxresponsesize),
            maxresponsesize_cached: self.maxresponsesize_cached.min(most.maxresponsesize_cached),
            maxoperations: self.maxoperations.min(most.maxoperations),
            maxrequests: self.maxrequests.min(most.maxrequests),
        };
        let small = agreed.maxrequestsize < SIZE_MIN || agreed.maxresponsesize < SIZE_MIN;
        if small || agreed.maxoperations == 0 || agreed.maxrequests == 0 {
            return Err(Status::TooSmall);
        }
        Ok(agreed)
    }
}

/// Arguments of CREATE_SESSION and who sent them.
#[derive(Clone, Debug)]
pub struct CreateSession {
    /// The client, as EXCHANGE_ID named it.
    pub clientid: ClientId,
    /// Number of this CREATE_SESSION.
    pub sequence: u32,
    /// Who sent it.
    pub principal: Principal,
    /// Over which connection.
    pub connection: ConnectionId,
    /// Minor version in which it was sent, and in which callbacks go out.
    pub minor: u32,
    /// Whether that connection is to carry callbacks too.
    pub back_channel: bool,
    /// What the client wants of the fore channel.
    pub fore: ChannelAttrs,
    /// What the client wants of the back channel.
    pub back: ChannelAttrs,
    /// RPC program of callbacks.
    pub cb_program: u32,
    /// Credentials of callbacks; `None` when the client offered none that can be used.
    pub sec: Option<CallbackSec>,
}

/// The reply to CREATE_SESSION.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionCreated {
    /// The session.
    pub id: SessionId,
    /// The number of the CREATE_SESSION.
    pub sequence: u32,
    /// Whether the connection carries callbacks.
    pub back_channel: bool,
    /// The fore channel.
    pub fore: ChannelAttrs,
    /// The back channel.
    pub back: ChannelAttrs,
}

/// Numbers the CREATE_SESSIONs of a client, and keeps the last reply (RFC 8881 §18.36.4).
#[derive(Clone, Debug, Default)]
pub(super) struct CreateSlot {
    last: Option<(u32, SessionCreated)>,
    /// Number of the next one; EXCHANGE_ID tells the client.
    pub next: u32,
}

impl CreateSlot {
    pub fn new() -> Self {
        Self { last: None, next: 1 }
    }

    fn turn(&self, sequence: u32) -> Result<Option<SessionCreated>, Status> {
        match self.last {
            _ if sequence == self.next => Ok(None),
            Some((last, reply)) if last == sequence => Ok(Some(reply)),
            _ => Err(Status::SeqMisordered),
        }
    }

    fn record(&mut self, sequence: u32, reply: SessionCreated) {
        self.last = Some((sequence, reply));
        self.next = sequence.wrapping_add(1);
    }
}

/// A session.
#[derive(Debug)]
pub(super) struct Session {
    pub client: ClientId,
    pub minor: u32,
    fore: ChannelAttrs,
    slots: Slots,
    pub back: BackChannel,
    /// Connections of the fore channel, the one bound last at the end.
    connections: Vec<ConnectionId>,
}

impl Session {
    fn bind(&mut self, connection: ConnectionId) {
        if self.connections.last() == Some(&connection) {
            return;
        }
        self.connections.retain(|bound| *bound != connection);
        self.connections.push(connection);
        if self.connections.len() > CONNECTIONS_MAX {
            self.connections.remove(0);
        }
    }

    fn unbind(&mut self, connection: ConnectionId) {
        self.connections.retain(|bound| *bound != connection);
    }
}

/// All sessions.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    by_id: HashMap<SessionId, Session>,
    issued: u32,
}

impl Sessions {
    pub fn get(&self, id: SessionId) -> Option<&Session> {
        self.by_id.get(&id)
    }

    pub fn get_mut(&mut self, id: SessionId) -> Option<&mut Session> {
        self.by_id.get_mut(&id)
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&SessionId, &mut Session)> {
        self.by_id.iter_mut()
    }

    pub fn remove(&mut self, id: SessionId) -> Option<Session> {
        self.by_id.remove(&id)
    }

    /// An id that is never given out again, and that nobody can guess.
    fn new_id(&mut self, client: ClientId, seed: u64) -> SessionId {
        self.issued = self.issued.wrapping_add(1);
        let mut hasher = SipHasher24::new_with_keys(seed, client.0);
        hasher.write_u32(self.issued);
        let mut octets = [0; 16];
        octets[..8].copy_from_slice(&client.0.to_be_bytes());
        octets[8..12].copy_from_slice(&self.issued.to_be_bytes());
        octets[12..].copy_from_slice(&hasher.finish().to_be_bytes()[..4]);
        SessionId(octets)
    }
}

/// Arguments of SEQUENCE, and what it numbers.
#[derive(Clone, Copy, Debug)]
pub struct SequenceCommand {
    /// The session.
    pub sessionid: SessionId,
    /// Number of the request in its slot.
    pub sequenceid: u32,
    /// The slot.
    pub slotid: u32,
    /// The highest slot that the client uses.
    pub highest_slotid: u32,
    /// Whether the reply is to be kept.
    pub cachethis: bool,
    /// Over which connection it came.
    pub connection: ConnectionId,
    /// Digest of the COMPOUND.
    pub request: Digest,
    /// Octets of the call.
    pub request_bytes: usize,
    /// Operations in the COMPOUND.
    pub operations: u32,
}

/// The result of SEQUENCE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SequenceReply {
    /// The session.
    pub sessionid: SessionId,
    /// As it came.
    pub sequenceid: u32,
    /// As it came.
    pub slotid: u32,
    /// The highest slot there is; also the one that the client should use at most.
    pub highest_slotid: u32,
    /// `SEQ4_STATUS_*`.
    pub status_flags: u32,
}

/// A request in its slot, to be given back by [`Core::sequence_end`].
#[derive(Clone, Copy, Debug)]
pub struct SlotTicket {
    /// The client whose session it is.
    pub client: ClientId,
    /// The session.
    pub sessionid: SessionId,
    slotid: u32,
    sequenceid: u32,
    /// Whether the reply is to be kept.
    pub cachethis: bool,
    /// Octets that the reply may have, RPC header included.
    pub reply_bytes_max: usize,
    /// Octets that it may have if it is to be kept.
    pub cached_bytes_max: usize,
}

/// What to do with a COMPOUND that begins with SEQUENCE.
#[derive(Clone, Debug)]
pub enum SequenceTurn {
    /// Carry it out.
    Go(SequenceReply, SlotTicket),
    /// It was carried out; this was the result.
    Replay(Arc<[u8]>),
    /// It was carried out and the result was not kept: the operation after SEQUENCE fails with `RetryUncachedRep`.
    Uncached(SequenceReply),
}

/// `SEQ4_STATUS_CB_PATH_DOWN`: no session of the client can carry callbacks.
const CB_PATH_DOWN: u32 = 1;
/// `SEQ4_STATUS_CB_PATH_DOWN_SESSION`: this session cannot.
const CB_PATH_DOWN_SESSION: u32 = 0x200;
/// `SEQ4_STATUS_BACKCHANNEL_FAULT`: the client answers calls on this session wrongly.
const BACKCHANNEL_FAULT: u32 = 0x400;

/// `CDFC4_FORE`, `CDFS4_FORE`.
const FORE: u32 = 1;
/// `CDFC4_BACK`, `CDFS4_BACK`.
const BACK: u32 = 2;

impl Core {
    /// CREATE_SESSION (RFC 8881 §18.36.4): numbered, and what confirms a client.
    ///
    /// Errors: `StaleClientid`; `SeqMisordered`; `ClidInUse` for another principal than that of EXCHANGE_ID; `TooSmall`;
    /// `NoSpc` for too many sessions.
    pub fn create_session(&mut self, now: Time, command: &CreateSession) -> Result<SessionCreated, Status> {
        let id = command.clientid;
        let slot = self.clients.create_slot(id).ok_or(Status::StaleClientid)?;
        if let Some(reply) = slot.turn(command.sequence)? {
            return Ok(reply);
        }
        // A refusal changes nothing, not even whose number is next.
        let reply = self.create_session_once(now, command)?;
        if let Some(slot) = self.clients.create_slot(id) {
            slot.record(command.sequence, reply);
        }
        Ok(reply)
    }

    fn create_session_once(&mut self, now: Time, command: &CreateSession) -> Result<SessionCreated, Status> {
        let id = command.clientid;
        let fore = command.fore.negotiate(self.config.fore)?;
        let back = command.back.negotiate(self.config.back)?;
        self.confirm_by_session(now, id, command.principal)?;
        let client = self.clients.find_and_renew(id, now)?;
        if client.sessions.len() >= self.config.sessions_per_client_max {
            return Err(Status::NoSpc);
        }
        let sessionid = self.sessions.new_id(id, self.seed);
        client.sessions.push(sessionid);
        let can_call = command.back_channel && command.sec.is_some();
        let mut session = Session {
            client: id,
            minor: command.minor,
            fore,
            slots: Slots::new(fore.maxrequests),
            back: BackChannel::new(command.back_channel, command.cb_program, command.sec.clone(), back),
            connections: Vec::new(),
        };
        session.bind(command.connection);
        if can_call {
            session.back.bind(command.connection);
        }
        self.sessions.by_id.insert(sessionid, session);
        let sequence = command.sequence;
        Ok(SessionCreated { id: sessionid, sequence, back_channel: can_call, fore, back })
    }

    /// SEQUENCE (RFC 8881 §18.46.3). Renews the client's lease and binds the connection to the session.
    ///
    /// Errors: `BadSession`, `BadSlot`, `BadHighSlot`, `SeqMisordered`, `SeqFalseRetry`, `Delay`, `TooManyOps`, `ReqTooBig`.
    pub fn sequence(&mut self, now: Time, command: &SequenceCommand) -> Result<SequenceTurn, Status> {
        let session = self.sessions.by_id.get_mut(&command.sessionid).ok_or(Status::BadSession)?;
        let client = self.clients.find_and_renew(session.client, now).map_err(|_| Status::BadSession)?;
        let SequenceCommand { slotid, sequenceid, request, .. } = *command;
        if slotid < session.slots.count() && command.highest_slotid >= session.slots.count() {
            return Err(Status::BadHighSlot);
        }
        let turn = session.slots.turn(slotid, sequenceid, request)?;
        session.bind(command.connection);
        let reply = SequenceReply {
            sessionid: command.sessionid,
            sequenceid,
            slotid,
            highest_slotid: session.slots.count() - 1,
            status_flags: 0,
        };
        match turn {
            SlotTurn::Cached(octets) => return Ok(SequenceTurn::Replay(octets)),
            SlotTurn::Uncached => return Ok(SequenceTurn::Uncached(reply)),
            SlotTurn::Next => {}
        }
        if command.operations > session.fore.maxoperations {
            return Err(Status::TooManyOps);
        }
        if command.request_bytes > session.fore.maxrequestsize as usize {
            return Err(Status::ReqTooBig);
        }
        session.slots.begin(slotid, sequenceid, request);
        let ticket = SlotTicket {
            client: session.client,
            sessionid: command.sessionid,
            slotid,
            sequenceid,
            cachethis: command.cachethis,
            reply_bytes_max: session.fore.maxresponsesize as usize,
            cached_bytes_max: session.fore.maxresponsesize_cached as usize,
        };
        let sessions = client.sessions.clone();
        let status_flags = self.status_flags(command.sessionid, &sessions);
        Ok(SequenceTurn::Go(SequenceReply { status_flags, ..reply }, ticket))
    }

    /// The COMPOUND of a ticket has been carried out, with this result if it is to be kept.
    pub fn sequence_end(&mut self, ticket: &SlotTicket, reply: Option<Arc<[u8]>>) {
        if let Some(session) = self.sessions.get_mut(ticket.sessionid) {
            session.slots.end(ticket.slotid, ticket.sequenceid, reply);
        }
    }

    fn status_flags(&self, this: SessionId, all: &[SessionId]) -> u32 {
        let back = |id: &SessionId| self.sessions.get(*id).map(|session| &session.back);
        let Some(own) = back(&this) else { return 0 };
        let wanted = all.iter().filter_map(back).any(|back| back.wanted);
        let up = all.iter().filter_map(back).any(|back| back.is_up());
        let mut flags = 0;
        if wanted && !up {
            flags |= CB_PATH_DOWN;
        }
        if own.wanted && !own.is_up() {
            flags |= CB_PATH_DOWN_SESSION;
        }
        if own.faulty {
            flags |= BACKCHANNEL_FAULT;
        }
        flags
    }

    /// BIND_CONN_TO_SESSION (RFC 8881 §18.34): `dir` is `channel_dir_from_client4`, the answer `channel_dir_from_server4`.
    /// Errors: `BadSession`.
    pub fn bind_conn_to_session(
        &mut self,
        now: Time,
        sessionid: SessionId,
        connection: ConnectionId,
        dir: u32,
    ) -> Result<u32, Status> {
        let session = self.sessions.by_id.get_mut(&sessionid).ok_or(Status::BadSession)?;
        self.clients.find_and_renew(session.client, now).map_err(|_| Status::BadSession)?;
        let mut bound = 0;
        if dir & FORE != 0 {
            session.bind(connection);
            bound |= FORE;
        }
        // A connection that cannot carry callbacks is still good for calls, if the client leaves the choice. If it does
        // not, BACKCHANNEL_CTL may yet bring the credentials.
        let back = dir & BACK != 0 && (session.back.can_call() || dir != FORE | BACK);
        if back {
            session.back.wanted = true;
            session.back.bind(connection);
            bound |= BACK;
        }
        if back {
            self.back_channel_bound(sessionid);
        }
        Ok(bound)
    }

    /// BACKCHANNEL_CTL (RFC 8881 §18.33): callbacks go to another program, with other credentials.
    /// Errors: `BadSession`; `NoEnt` when none of the credentials offered can be used.
    pub fn backchannel_ctl(
        &mut self,
        sessionid: SessionId,
        cb_program: u32,
        sec: Option<CallbackSec>,
    ) -> Result<(), Status> {
        let session = self.sessions.get_mut(sessionid).ok_or(Status::BadSession)?;
        let sec = sec.ok_or(Status::NoEnt)?;
        session.back.address(cb_program, sec);
        Ok(())
    }

    /// DESTROY_SESSION (RFC 8881 §18.37). `own` is the session of the COMPOUND that it stands in, if it stands in one.
    /// Errors: `BadSession`; `ConnNotBoundToSession` for a connection that is not the session's.
    pub fn destroy_session(
        &mut self,
        sessionid: SessionId,
        connection: ConnectionId,
        own: Option<SessionId>,
    ) -> Result<(), Status> {
        let session = self.sessions.get(sessionid).ok_or(Status::BadSession)?;
        if own != Some(sessionid) && !session.connections.contains(&connection) {
            return Err(Status::ConnNotBoundToSession);
        }
        if let Some(client) = self.clients.get_mut(session.client) {
            client.sessions.retain(|id| *id != sessionid);
        }
        self.drop_session(sessionid);
        Ok(())
    }

    /// Takes all sessions of a client.
    pub(super) fn drop_sessions(&mut self, client: ClientId) {
        let sessions = self.clients.get_mut(client).map(|client| std::mem::take(&mut client.sessions));
        sessions.into_iter().flatten().for_each(|id| self.drop_session(id));
    }

    /// A connection is gone: sessions do without it.
    pub fn connection_lost(&mut self, connection: ConnectionId) {
        for (_, session) in self.sessions.iter_mut() {
            session.unbind(connection);
            session.back.unbind(connection);
        }
        for call in self.calls_on(connection) {
            self.callback_lost(call);
        }
    }
}

impl Client {
    /// Whether it has anything that keeps DESTROY_CLIENTID from taking it away.
    pub fn is_in_use(&self) -> bool {
        !self.sessions.is_empty() || !self.states.is_empty()
    }
}
