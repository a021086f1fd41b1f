//! Calls to clients: the back channels of sessions, and CB_NOTIFY_LOCK (RFC 8881 §2.10.3.1, §20.11).
//!
//! The core says what is to be called and over which connection ([`Core::take_callbacks`]); the shell calls, and tells
//! what came of it ([`Core::callback_answered`], [`Core::connection_lost`]). A call whose connection was lost before its
//! answer came goes out again, with the same slot and number, as soon as the session has another connection. A call that
//! could not be made at all, because there was no way to the client or no slot, is made when there is one, if the lock is
//! still to be had (`waiting::notices`).

use super::call::{CallbackAnswer, CallbackBody, CallbackCall, CallbackId};
use super::calls::Outstanding;
use super::channel::ANSWERED_MAX;
use crate::nfs4::{ClientId, ConnectionId, Filehandle, LockOwner, SessionId, Status, Time};
use crate::state::clients::Client;
use crate::state::core::Core;
use crate::state::files::queue::{LockRequest, WaiterId};
use std::time::Duration;

/// Says what became of a notice to a waiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::state) enum Told {
    /// The call goes out; for so long the waiter is believed to come.
    Sent(Duration),
    /// All slots are in use.
    NoSlot,
    /// There is nobody to call, or no way.
    NoWay,
}

impl Core {
    /// Returns the calls to be sent now. They must not leave before the changes behind them are stored.
    pub fn take_callbacks(&mut self, now: Time) -> Vec<CallbackCall> {
        let waiting = self.calls.take_outgoing();
        let current = waiting.into_iter().filter(|id| !self.is_obsolete(*id)).collect::<Vec<_>>();
        self.serve_waiting(now);
        self.calls.put_back(current);
        let outgoing = self.calls.take_outgoing();
        let calls = outgoing.iter().filter_map(|id| self.calls.get(*id)).filter(|call| call.sent);
        calls.map(|outstanding| outstanding.call.clone()).collect()
    }

    /// Takes a call back that was never sent and whose waiter has gone meanwhile; answers whether it is such a one.
    fn is_obsolete(&mut self, id: CallbackId) -> bool {
        let Some(Outstanding { call, request, since: Some(_), .. }) = self.calls.get(id) else {
            return false;
        };
        if self.files.get(call.fh()).is_some_and(|file| file.queue().find(request).is_some()) {
            return false;
        }
        let (sessionid, slotid) = (call.sessionid, call.slotid);
        self.calls.remove(id);
        if let Some(session) = self.sessions.get_mut(sessionid) {
            session.back_mut().withdraw(id);
            self.waiting.way_to(session.client());
            if let Some(slot) = session.back().slot(slotid) {
                self.effects.changes.put_back_slot(sessionid, slotid, slot, None);
            }
        }
        true
    }

    /// Calls the client of a waiter, over the first session that can carry the call. At most `sessions_per_client_max` (16)
    /// times 16 slots are looked at.
    pub(in crate::state) fn call_waiter(&mut self, now: Time, id: WaiterId) -> Told {
        let Some((fh, request, owner, client)) = self.callee(now, id) else { return Told::NoWay };
        let mut told = Told::NoWay;
        let sessions = self.clients.get(client).map_or(&[][..], Client::sessions);
        for sessionid in sessions {
            let session = self.sessions.get_mut(*sessionid).filter(|session| session.back().works());
            let Some(session) = session else { continue };
            let id = self.calls.next_id();
            let Some(way) = session.back_mut().begin(id) else {
                told = Told::NoSlot;
                continue;
            };
            let body = CallbackBody::NotifyLock { fh, owner };
            let call = way.call(id, session.minor(), *sessionid, body);
            let window = session.back().call_window();
            let slotid = call.slotid;
            let outstanding = Outstanding { call, request, sent: true, since: Some(now) };
            if let Some(slot) = session.back().slot(slotid) {
                self.effects.changes.put_back_slot(*sessionid, slotid, slot, Some(&outstanding));
            }
            self.calls.add(outstanding);
            return Told::Sent(window);
        }
        told
    }

    /// Returns file, lock, owner and client of a waiter, if its client is there.
    fn callee(
        &self,
        now: Time,
        (number, place): WaiterId,
    ) -> Option<(Filehandle, LockRequest, LockOwner, ClientId)> {
        let file = self.files.at(number)?;
        let request = *file.queue().at(place)?.request();
        let owner = self.name_of(request.owner)?;
        let client = self.clients.get(owner.clientid)?;
        let id = client.id();
        (!client.is_courtesy(now, self.config.lease)).then(|| (file.fh().clone(), request, owner, id))
    }

    /// Handles a client's answer to a call. An answer that nobody waits for is no error, and neither is one over another
    /// connection than that of the call: nobody answers for others.
    pub fn callback_answered(
        &mut self,
        now: Time,
        connection: ConnectionId,
        id: CallbackId,
        answer: CallbackAnswer,
    ) {
        if !self.calls.get(id).is_some_and(|outstanding| outstanding.is_on(connection)) {
            return;
        }
        let Some(Outstanding { call, request, since, .. }) = self.calls.remove(id) else { return };
        let mut until = now.saturating_add(ANSWERED_MAX);
        if let Some(session) = self.sessions.get_mut(call.sessionid) {
            let refused = answer == CallbackAnswer::Refused;
            session.back_mut().answered(id, refused, since.map(|since| now.saturating_sub(since)));
            if let Some(slot) = session.back().slot(call.slotid) {
                self.effects.changes.put_back_slot(call.sessionid, call.slotid, slot, None);
            }
            until = now.saturating_add(session.back().answered_window());
            self.waiting.way_to(session.client());
        }
        let Some(file) = self.files.get(call.fh()) else { return };
        let Some(waiter) = file.queue().find(&request).map(|waiter| (file.number(), waiter.place())) else {
            return;
        };
        match answer {
            CallbackAnswer::Done(Status::Ok) => self.call_succeeded(now, waiter, until),
            CallbackAnswer::Done(_) => self.call_refused(now, waiter),
            CallbackAnswer::Refused => self.call_failed(now, waiter),
        }
    }

    /// Handles the loss of the connection of a call. It goes out again over another; if there is none, its waiter keeps
    /// what is left of its reservation.
    pub(in crate::state) fn callback_lost(&mut self, id: CallbackId) {
        let session =
            self.calls.get(id).and_then(|outstanding| self.sessions.get(outstanding.call.sessionid));
        let connection = session.and_then(|session| session.back().connection());
        self.calls.send_again(id, connection);
    }

    /// Returns the calls of a session that are on their way over this connection.
    pub(in crate::state) fn calls_on(&self, session: SessionId, connection: ConnectionId) -> Vec<CallbackId> {
        let calls = self.sessions.get(session).into_iter().flat_map(|session| session.back().outstanding());
        let on = |id: &CallbackId| self.calls.get(*id).is_some_and(|call| call.is_on(connection));
        calls.filter(on).collect()
    }

    /// Uses the new connection for callbacks of a session: calls that waited for one go out, and waiters of its client that
    /// could not be called are looked at.
    pub(in crate::state) fn back_channel_bound(&mut self, sessionid: SessionId) {
        let Some(session) = self.sessions.get(sessionid) else { return };
        if session.back().works() {
            self.waiting.way_to(session.client());
        }
        for id in session.back().outstanding().collect::<Vec<_>>() {
            if self.calls.get(id).is_some_and(|outstanding| !outstanding.sent) {
                self.callback_lost(id);
            }
        }
    }

    /// Returns whether a client is called when what it waits for becomes free.
    pub(in crate::state) fn has_back_channel(&self, client: ClientId) -> bool {
        self.sessions_of(client).any(|session| session.back().works())
    }

    /// Returns whether some session of the client has a working back channel with a free slot. At most
    /// `sessions_per_client_max` (16) times 16 slots are looked at.
    pub(in crate::state) fn can_be_called(&self, client: ClientId) -> bool {
        self.sessions_of(client).any(|session| session.back().works() && session.back().has_free_slot())
    }
}
