//! CREATE_SESSION: makes a session, and confirms a client (RFC 8881 §18.36).

use super::channel_attrs::ChannelAttrs;
use super::session::Session;
use super::slot::Slots;
use crate::nfs4::{ClientId, ConnectionId, Principal, SessionId, Status, Time};
use crate::state::callbacks::{BackChannel, CallbackSec};
use crate::state::core::Core;

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
    last: Option<(u32, SessionCreated)>,
    /// Number of the next one.
    next: u32,
}

impl CreateSlot {
    pub fn new() -> Self {
        Self { last: None, next: 1 }
    }

    /// Restores the number of the next CREATE_SESSION, and the reply to the last one.
    pub fn restored(next: u32, last: Option<(u32, SessionCreated)>) -> Self {
        Self { last, next }
    }

    /// Returns the number of the next CREATE_SESSION: `eir_sequenceid`.
    pub fn next(&self) -> u32 {
        self.next
    }

    /// Returns the reply to the last CREATE_SESSION.
    pub fn last_reply(&self) -> Option<&SessionCreated> {
        self.last.as_ref().map(|(_, reply)| reply)
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

impl Core {
    /// Carries out CREATE_SESSION (RFC 8881 §18.36.4), which is numbered and confirms a client.
    ///
    /// Errors: `StaleClientid`; `SeqMisordered`; `ClidInUse` for another principal than that of EXCHANGE_ID; `TooSmall`;
    /// `NoSpc` for too many sessions.
    pub fn create_session(&mut self, now: Time, command: &CreateSession) -> Result<SessionCreated, Status> {
        let id = command.clientid;
        // Once it is confirmed, a client without state protection may come as anybody (RFC 8881 §18.36.4).
        if self
            .clients
            .unconfirmed_of(id)
            .is_some_and(|record| record.identity().principal != command.principal)
        {
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
        if client.sessions().len() >= self.config.sessions_per_client_max {
            return Err(Status::NoSpc);
        }
        let sessionid = self.sessions.new_id(id, self.instance.seed());
        client.add_session(sessionid, command.back_channel);
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
}
