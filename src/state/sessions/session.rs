//! Sessions: CREATE_SESSION, BIND_CONN_TO_SESSION, BACKCHANNEL_CTL, DESTROY_SESSION and SEQUENCE (RFC 8881 §2.10,
//! §18.33, §18.34, §18.36, §18.37, §18.46).

use super::slot::Slots;
use crate::nfs4::{ClientId, ConnectionId, Principal, SessionId, Status, Time};
use crate::state::callbacks::{BackChannel, CallbackSec};
use crate::state::clients::Client;
use crate::state::core::Core;

/// `channel_attrs4`: what may be in flight on a channel, and how large. Sizes are in bytes, RPC header included.
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

/// Most sessions that lose a connection in one go.
const UNBOUND_AT_ONCE: usize = 100;
/// A request or reply has at least a header, a SEQUENCE and something to do.
const SIZE_MIN: u32 = 256;
/// Connections remembered for one session; the one unheard of for longest goes first.
const CONNECTIONS_MAX: usize = 16;

impl ChannelAttrs {
    /// Returns what both sides can do. Errors: `TooSmall` when that is nothing.
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
pub(in crate::state) struct CreateSlot {
    /// The last one, and its reply.
    pub last: Option<(u32, SessionCreated)>,
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
pub(in crate::state) struct Session {
    pub client: ClientId,
    pub minor: u32,
    pub fore: ChannelAttrs,
    pub slots: Slots,
    pub back: BackChannel,
    /// The highest slot that the client was asked to use, if to use fewer than it has.
    pub asked_highest: Option<u32>,
    /// Connections of the fore channel, the one bound last at the end.
    connections: Vec<ConnectionId>,
    /// Connections under which the session is noted as bound: those that it was ever bound to and that are not gone.
    pub noted: Vec<ConnectionId>,
}

impl Session {
    /// Creates one to which no connection is bound.
    pub fn new(client: ClientId, minor: u32, fore: ChannelAttrs, slots: Slots, back: BackChannel) -> Self {
        Self {
            client,
            minor,
            fore,
            slots,
            back,
            asked_highest: None,
            connections: Vec::new(),
            noted: Vec::new(),
        }
    }

    /// Answers whether the connection is new.
    pub fn bind(&mut self, connection: ConnectionId) -> bool {
        if self.connections.last() == Some(&connection) {
            return false;
        }
        let before = self.connections.len();
        self.connections.retain(|bound| *bound != connection);
        let new = self.connections.len() == before;
        self.connections.push(connection);
        if self.connections.len() > CONNECTIONS_MAX {
            self.connections.remove(0);
        }
        new
    }

    pub fn unbind(&mut self, connection: ConnectionId) {
        self.connections.retain(|bound| *bound != connection);
        self.noted.retain(|bound| *bound != connection);
    }
}

/// `CDFC4_FORE`, `CDFS4_FORE`.
const FORE: u32 = 1;
/// `CDFC4_BACK`, `CDFS4_BACK`.
const BACK: u32 = 2;

impl Core {
    /// Carries out CREATE_SESSION (RFC 8881 §18.36.4), which is numbered and confirms a client.
    ///
    /// Errors: `StaleClientid`; `SeqMisordered`; `ClidInUse` for another principal than that of EXCHANGE_ID; `TooSmall`;
    /// `NoSpc` for too many sessions.
    pub fn create_session(&mut self, now: Time, command: &CreateSession) -> Result<SessionCreated, Status> {
        let id = command.clientid;
        // Once it is confirmed, a client without state protection may come as anybody (RFC 8881 §18.36.4).
        if self.clients.unconfirmed_of(id).is_some_and(|record| record.principal != command.principal) {
            return Err(Status::ClidInUse);
        }
        let slot = self.clients.create_slot(id).ok_or(Status::StaleClientid)?;
        if let Some(reply) = slot.turn(command.sequence)? {
            return Ok(reply);
        }
        // A refusal changes nothing, not even whose number is next.
        let reply = self.create_session_once(now, command)?;
        if let Some(slot) = self.clients.create_slot(id) {
            slot.record(command.sequence, reply);
        }
        if let Some(client) = self.clients.get(id) {
            self.effects.changes.put_client(client);
        }
        Ok(reply)
    }

    fn create_session_once(&mut self, now: Time, command: &CreateSession) -> Result<SessionCreated, Status> {
        let id = command.clientid;
        let mut fore = command.fore.negotiate(self.config.fore)?;
        fore.maxrequests = self.sessions.slots_for_new(fore.maxrequests, self.config.slots_max);
        let back = command.back.negotiate(self.config.back)?;
        self.confirm_by_session(now, id)?;
        let client = self.clients.find(id)?;
        if client.sessions.len() >= self.config.sessions_per_client_max {
            return Err(Status::NoSpc);
        }
        let sessionid = self.sessions.new_id(id, self.instance.seed());
        client.sessions.push(sessionid);
        client.wants_calls |= command.back_channel;
        let can_call = command.back_channel && command.sec.is_some();
        let slots = Slots::new(fore.maxrequests);
        let channel =
            BackChannel::new(command.back_channel, command.cb_program, command.sec.clone(), back.maxrequests);
        let mut session = Session::new(id, command.minor, fore, slots, channel);
        session.bind(command.connection);
        if can_call {
            session.back.bind(command.connection);
        }
        self.effects.changes.put_session(sessionid, &session);
        self.sessions.insert(sessionid, session);
        self.sessions.bind(command.connection, sessionid);
        if can_call {
            self.back_channel_bound(sessionid);
        }
        let sequence = command.sequence;
        Ok(SessionCreated { id: sessionid, sequence, back_channel: can_call, fore, back })
    }

    /// Carries out BIND_CONN_TO_SESSION (RFC 8881 §18.34): `dir` is `channel_dir_from_client4`, the answer
    /// `channel_dir_from_server4`. Errors: `BadSession`.
    pub fn bind_conn_to_session(
        &mut self,
        _now: Time,
        sessionid: SessionId,
        connection: ConnectionId,
        dir: u32,
    ) -> Result<u32, Status> {
        let session = self.sessions.get_mut(sessionid).ok_or(Status::BadSession)?;
        let client = self.clients.find(session.client).map_err(|_| Status::BadSession)?;
        let mut bound = 0;
        if dir & FORE != 0 {
            session.bind(connection);
            bound |= FORE;
        }
        // A connection that cannot carry callbacks is still good for calls, if the client leaves the choice. If it does
        // not, BACKCHANNEL_CTL may yet bring the credentials.
        let back = dir & BACK != 0 && (session.back.can_call() || dir != FORE | BACK);
        if back {
            client.wants_calls = true;
            if !std::mem::replace(&mut session.back.wanted, true) {
                self.effects.changes.put_session(sessionid, session);
            }
            session.back.bind(connection);
            bound |= BACK;
        }
        self.sessions.bind(connection, sessionid);
        if back {
            self.back_channel_bound(sessionid);
        }
        Ok(bound)
    }

    /// Carries out BACKCHANNEL_CTL (RFC 8881 §18.33): callbacks go to another program, with other credentials.
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
        self.effects.changes.put_session(sessionid, session);
        self.back_channel_bound(sessionid);
        Ok(())
    }

    /// Carries out DESTROY_SESSION (RFC 8881 §18.37). `own` is the session of the COMPOUND that it stands in, if it
    /// stands in one. Errors: `BadSession`; `ConnNotBoundToSession` for a connection that is not the session's.
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
    pub(in crate::state) fn drop_sessions(&mut self, client: ClientId) {
        let sessions = self.clients.get_mut(client).map(|client| std::mem::take(&mut client.sessions));
        sessions.into_iter().flatten().for_each(|id| self.drop_session(id));
    }

    /// Forgets a connection that is gone: sessions do without it.
    pub fn connection_lost(&mut self, connection: ConnectionId) {
        self.sessions.lose(connection);
        self.unbind_some();
    }
}

impl Core {
    /// Lets some sessions do without the connection that is gone. Of one that very many were bound to the others follow in
    /// alarms that are due at once.
    pub(in crate::state) fn unbind_some(&mut self) {
        let Some((connection, some)) = self.sessions.take_lost(UNBOUND_AT_ONCE) else { return };
        for id in some {
            let Some(session) = self.sessions.get_mut(id) else { continue };
            session.unbind(connection);
            session.back.unbind(connection);
            for call in self.calls_on(id, connection) {
                self.callback_lost(call);
            }
        }
    }
}

impl Client {
    /// Returns whether it has anything that keeps DESTROY_CLIENTID from taking it away.
    pub fn is_in_use(&self) -> bool {
        !self.sessions.is_empty() || !self.states.is_empty()
    }
}
