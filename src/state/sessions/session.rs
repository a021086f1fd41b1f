//! Sessions: what one is, BIND_CONN_TO_SESSION, BACKCHANNEL_CTL and DESTROY_SESSION (RFC 8881 §2.10, §18.33, §18.34,
//! §18.37).

use super::channel_attrs::ChannelAttrs;
use super::slot::{Restored, Slots};
use crate::nfs4::{ClientId, ConnectionId, SessionId, Status, Time};
use crate::state::callbacks::{BackChannel, CallbackSec};
use crate::state::clients::Client;
use crate::state::core::Core;
use crate::state::opens::Digest;
use crate::state::records::Key;

/// Most sessions that lose a connection in one go.
const UNBOUND_AT_ONCE: usize = 100;
/// Connections remembered for one session; the one unheard of for longest goes first.
const CONNECTIONS_MAX: usize = 16;

/// A session.
#[derive(Debug)]
pub(in crate::state) struct Session {
    pub(super) client: ClientId,
    minor: u32,
    pub(super) fore: ChannelAttrs,
    pub(super) slots: Slots,
    pub(super) back: BackChannel,
    /// The highest slot that the client was asked to use, if to use fewer than it has.
    pub(super) asked_highest: Option<u32>,
    /// Connections of the fore channel, the one bound last at the end.
    connections: Vec<ConnectionId>,
    /// Connections under which the session is noted as bound: those that it was ever bound to and that are not gone.
    pub(super) noted: Vec<ConnectionId>,
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

    /// Returns the client whose session it is.
    pub fn client(&self) -> ClientId {
        self.client
    }

    /// Returns the minor version in which callbacks go out.
    pub fn minor(&self) -> u32 {
        self.minor
    }

    /// Returns what was agreed on for the fore channel.
    pub fn fore(&self) -> ChannelAttrs {
        self.fore
    }

    /// Returns how many slots the fore channel has.
    pub fn slot_count(&self) -> u32 {
        self.slots.count()
    }

    /// Returns the highest slot that the client was asked to use, if it was asked to use fewer than it has.
    pub fn asked_highest(&self) -> Option<u32> {
        self.asked_highest
    }

    /// Restores the highest slot that the client was asked to use before a restart.
    pub fn restore_asked_highest(&mut self, highest: Option<u32>) {
        self.asked_highest = highest;
    }

    /// Restores what was stored of the last request of a slot. Answers whether there is such a slot.
    pub fn restore_slot(&mut self, slotid: u32, sequenceid: u32, request: Digest, reply: Restored) -> bool {
        self.slots.restore(slotid, sequenceid, request, reply)
    }

    /// Returns the back channel.
    pub fn back(&self) -> &BackChannel {
        &self.back
    }

    /// Returns the back channel, to be changed.
    pub fn back_mut(&mut self) -> &mut BackChannel {
        &mut self.back
    }

    /// Binds a connection to the fore channel. Answers whether it is new.
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

    /// Unbinds a connection that is gone, from both channels.
    pub fn unbind(&mut self, connection: ConnectionId) {
        self.back.unbind(connection);
        self.connections.retain(|bound| *bound != connection);
        self.noted.retain(|bound| *bound != connection);
    }
}

/// `CDFC4_FORE`, `CDFS4_FORE`.
const FORE: u32 = 1;
/// `CDFC4_BACK`, `CDFS4_BACK`.
const BACK: u32 = 2;

impl Core {
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
            client.want_calls();
            if session.back.want() {
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
            client.remove_session(sessionid);
        }
        self.drop_session(sessionid);
        Ok(())
    }

    /// Takes all sessions of a client.
    pub(in crate::state) fn drop_sessions(&mut self, client: ClientId) {
        let sessions = self.clients.get_mut(client).map(Client::take_sessions);
        sessions.into_iter().flatten().for_each(|id| self.drop_session(id));
    }

    /// Lists the sessions of a client.
    pub(in crate::state) fn sessions_of(&self, client: ClientId) -> impl Iterator<Item = &Session> {
        let ids = self.clients.get(client).map_or(&[][..], Client::sessions);
        ids.iter().filter_map(|id| self.sessions.get(*id))
    }

    /// Removes a session, with its records and the calls on its back channel.
    fn drop_session(&mut self, sessionid: SessionId) {
        let Some(session) = self.sessions.remove(sessionid) else { return };
        let changes = &mut self.effects.changes;
        changes.delete(Key::Session(sessionid));
        session.slots.used().for_each(|slot| changes.delete(Key::Slot(sessionid, slot)));
        session.back.used_slots().for_each(|slot| changes.delete(Key::BackSlot(sessionid, slot)));
        for call in session.back.outstanding() {
            self.calls.remove(call);
        }
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
            for call in self.calls_on(id, connection) {
                self.callback_lost(call);
            }
        }
    }
}
