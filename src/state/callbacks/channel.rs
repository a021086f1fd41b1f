//! Calls to clients: the back channels of sessions, and CB_NOTIFY_LOCK (RFC 8881 §2.10.3.1, §20.11).
//!
//! The core says what is to be called and over which connection ([`Core::take_callbacks`]); the shell calls, and tells
//! what came of it ([`Core::callback_answered`], [`Core::connection_lost`]). A call whose connection was lost before its
//! answer came goes out again, with the same slot and number, as soon as the session has another connection. A call that
//! could not be made at all, because there was no way to the client or no slot, is made when there is one, if the lock is
//! still to be had (`waiting::notices`).

use crate::nfs4::{ClientId, ConnectionId, Filehandle, LockOwner, SessionId, Status, Time};
use crate::state::core::Core;
use crate::state::files::queue::{WaiterId, Want};
use crate::state::records::Key;
use std::time::Duration;

/// Credentials of callbacks (`callback_sec_parms4`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallbackSec {
    /// `AUTH_NONE`.
    None,
    /// `AUTH_SYS`, with these octets as its body.
    Sys(Box<[u8]>),
}

/// Names a call to a client: what the answer is matched by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallbackId(pub u32);

/// A CB_COMPOUND of CB_SEQUENCE and CB_NOTIFY_LOCK that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackCall {
    /// Its name.
    pub id: CallbackId,
    /// Over which connection.
    pub connection: ConnectionId,
    /// Minor version.
    pub minor: u32,
    /// RPC program.
    pub program: u32,
    /// With which credentials.
    pub sec: CallbackSec,
    /// Of which session.
    pub sessionid: SessionId,
    /// Number of the call in its slot.
    pub sequenceid: u32,
    /// The slot.
    pub slotid: u32,
    /// The highest slot in use.
    pub highest_slotid: u32,
    /// `cnla_fh`.
    pub fh: Filehandle,
    /// `cnla_lock_owner`.
    pub owner: LockOwner,
}

/// What a client answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackAnswer {
    /// CB_SEQUENCE succeeded, CB_NOTIFY_LOCK ended so.
    Done(Status),
    /// CB_SEQUENCE failed, or the call was no CB_COMPOUND to the client.
    Refused,
}

/// A call that was not answered yet.
#[derive(Debug)]
pub(in crate::state) struct Outstanding {
    pub call: CallbackCall,
    pub want: Want,
    /// It is on its way; else it waits for a connection.
    pub sent: bool,
    /// When it was made, if it has been on its way since.
    pub since: Option<Time>,
}

impl Outstanding {
    fn is_on(&self, connection: ConnectionId) -> bool {
        self.sent && self.call.connection == connection
    }
}

#[derive(Clone, Debug, Default)]
pub(in crate::state) struct BackSlot {
    /// Number of the last call.
    pub sequenceid: u32,
    /// The call, until it is answered.
    pub call: Option<CallbackId>,
}

impl BackSlot {
    /// Whether no call in it was ever taken by the client.
    pub fn is_unused(&self) -> bool {
        self.sequenceid == 0 && self.call.is_none()
    }
}

/// The back channel of a session.
#[derive(Debug)]
pub(in crate::state) struct BackChannel {
    /// The client asked for one.
    pub wanted: bool,
    /// The client answers calls wrongly.
    pub faulty: bool,
    program: u32,
    sec: Option<CallbackSec>,
    slots: Vec<BackSlot>,
    /// The one bound last at the end.
    connections: Vec<ConnectionId>,
    /// How long the client takes to answer a call, smoothed; `None` before its first answer.
    round_trip: Option<Duration>,
}

/// Connections remembered for one back channel.
const CONNECTIONS_MAX: usize = 16;
/// For so long a lock is kept for a waiter that is called while nothing is known of its client's round trips.
const WINDOW_UNKNOWN: Duration = Duration::from_millis(250);
/// The same at least, beside round trips: the client's process must be woken up.
const WINDOW_MIN: Duration = Duration::from_millis(20);
/// The same at most.
const WINDOW_MAX: Duration = Duration::from_secs(1);
/// And at most from the answer on.
const ANSWERED_MAX: Duration = Duration::from_millis(100);

impl BackChannel {
    pub fn new(wanted: bool, program: u32, sec: Option<CallbackSec>, slots: u32) -> Self {
        let slots = vec![BackSlot::default(); slots as usize];
        Self { wanted, faulty: false, program, sec, slots, connections: Vec::new(), round_trip: None }
    }

    /// Whether there are credentials to call with.
    pub fn can_call(&self) -> bool {
        self.sec.is_some()
    }

    /// Whether there is a way to the client, however it answers.
    pub fn is_up(&self) -> bool {
        !self.connections.is_empty() && self.can_call()
    }

    pub fn works(&self) -> bool {
        self.is_up() && !self.faulty
    }

    pub fn address(&mut self, program: u32, sec: CallbackSec) {
        self.program = program;
        self.sec = Some(sec);
        self.faulty = false;
    }

    /// Program, credentials and how many slots there are.
    pub fn address_and_slots(&self) -> (u32, Option<&CallbackSec>, usize) {
        (self.program, self.sec.as_ref(), self.slots.len())
    }

    pub fn slot(&self, slotid: u32) -> Option<&BackSlot> {
        self.slots.get(slotid as usize)
    }

    pub fn slot_mut(&mut self, slotid: u32) -> Option<&mut BackSlot> {
        self.slots.get_mut(slotid as usize)
    }

    /// Numbers of the slots that were ever used.
    pub fn used_slots(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.slots).filter(|(_, slot)| !slot.is_unused()).map(|(id, _)| id)
    }

    pub fn bind(&mut self, connection: ConnectionId) {
        self.faulty = false;
        self.connections.retain(|bound| *bound != connection);
        self.connections.push(connection);
        if self.connections.len() > CONNECTIONS_MAX {
            self.connections.remove(0);
        }
    }

    pub fn unbind(&mut self, connection: ConnectionId) {
        self.connections.retain(|bound| *bound != connection);
    }

    pub fn outstanding(&self) -> impl Iterator<Item = CallbackId> {
        self.slots.iter().filter_map(|slot| slot.call)
    }

    pub fn has_free_slot(&self) -> bool {
        self.slots.iter().any(|slot| slot.call.is_none())
    }

    /// A call was answered after so long.
    fn measure(&mut self, took: Duration) {
        self.round_trip = Some(self.round_trip.map_or(took, |smoothed| (smoothed * 3 + took) / 4));
    }

    /// Returns for how long a lock is kept for a waiter whose client is called: a few of its round trips.
    fn call_window(&self) -> Duration {
        self.round_trip.map_or(WINDOW_UNKNOWN, |trip| (trip * 4 + WINDOW_MIN).min(WINDOW_MAX))
    }

    /// Returns the same from the client's answer on. It may come without a LOCK: Linux answers alike when the process that
    /// waited was killed.
    fn answered_window(&self) -> Duration {
        self.round_trip.map_or(ANSWERED_MAX, |trip| (trip * 4).clamp(WINDOW_MIN, ANSWERED_MAX))
    }

    /// Takes a slot for a call; `None` when all are in use, or when there is no way to the client.
    fn begin(&mut self, id: CallbackId) -> Option<Way> {
        let connection = *self.connections.last()?;
        let sec = self.sec.clone()?;
        let slotid = self.slots.iter().position(|slot| slot.call.is_none())?;
        let slot = &mut self.slots[slotid];
        slot.sequenceid = slot.sequenceid.wrapping_add(1);
        slot.call = Some(id);
        let sequenceid = slot.sequenceid;
        let highest = self.slots.iter().rposition(|slot| slot.call.is_some()).unwrap_or(slotid);
        let (slotid, highest_slotid) = (slotid as u32, highest as u32);
        Some(Way { connection, program: self.program, sec, sequenceid, slotid, highest_slotid })
    }

    /// The call is over. One that was `refused` was not taken for the next of its slot: its number is that of another.
    fn finish(&mut self, call: CallbackId, refused: bool) {
        for slot in self.slots.iter_mut().filter(|slot| slot.call == Some(call)) {
            slot.call = None;
            slot.sequenceid = slot.sequenceid.wrapping_sub(u32::from(refused));
        }
    }
}

/// How a call goes to the client.
struct Way {
    connection: ConnectionId,
    program: u32,
    sec: CallbackSec,
    sequenceid: u32,
    slotid: u32,
    highest_slotid: u32,
}

impl Way {
    fn call(
        self,
        id: CallbackId,
        minor: u32,
        sessionid: SessionId,
        fh: Filehandle,
        owner: LockOwner,
    ) -> CallbackCall {
        let Self { connection, program, sec, sequenceid, slotid, highest_slotid } = self;
        CallbackCall {
            id,
            connection,
            minor,
            program,
            sec,
            sessionid,
            sequenceid,
            slotid,
            highest_slotid,
            fh,
            owner,
        }
    }
}

impl Core {
    /// The calls to be sent now. They must not leave before the changes behind them are stored.
    pub fn take_callbacks(&mut self, now: Time) -> Vec<CallbackCall> {
        let waiting = std::mem::take(&mut self.outgoing);
        let wanted = waiting.into_iter().filter(|id| !self.is_obsolete(*id)).collect::<Vec<_>>();
        self.serve_waiting(now);
        self.outgoing.extend(wanted);
        let outgoing = std::mem::take(&mut self.outgoing);
        let calls = outgoing.iter().filter_map(|id| self.callbacks.get(id)).filter(|call| call.sent);
        calls.map(|outstanding| outstanding.call.clone()).collect()
    }

    /// Takes a call back that was never sent and whose waiter has gone meanwhile; answers whether it is such a one.
    fn is_obsolete(&mut self, id: CallbackId) -> bool {
        let Some(Outstanding { call, want, since: Some(_), .. }) = self.callbacks.get(&id) else {
            return false;
        };
        if self.files.get(&call.fh).is_some_and(|file| file.queue.find(want).is_some()) {
            return false;
        }
        let (sessionid, slotid) = (call.sessionid, call.slotid);
        self.callbacks.remove(&id);
        if let Some(session) = self.sessions.get_mut(sessionid) {
            session.back.finish(id, true);
            self.waiting.way_to(session.client);
            if let Some(slot) = session.back.slot_mut(slotid) {
                self.effects.changes.put_back_slot(sessionid, slotid, slot, None);
            }
        }
        true
    }

    /// Calls the client of a waiter, over the first session that can carry the call. At most `sessions_per_client_max` (16)
    /// times 16 slots are looked at.
    pub(in crate::state) fn call_waiter(&mut self, now: Time, id: WaiterId) -> Told {
        let Some((fh, want, owner, client)) = self.callee(now, id) else { return Told::NoWay };
        let mut told = Told::NoWay;
        let sessions = self.clients.get(client).map_or(&[][..], |client| &client.sessions);
        for sessionid in sessions {
            let session = self.sessions.get_mut(*sessionid).filter(|session| session.back.works());
            let Some(session) = session else { continue };
            let id = CallbackId(self.callbacks_issued.wrapping_add(1));
            let Some(way) = session.back.begin(id) else {
                told = Told::NoSlot;
                continue;
            };
            let call = way.call(id, session.minor, *sessionid, fh, owner);
            self.callbacks_issued = id.0;
            let window = session.back.call_window();
            let slotid = call.slotid;
            let outstanding = Outstanding { call, want, sent: true, since: Some(now) };
            if let Some(slot) = session.back.slot_mut(slotid) {
                self.effects.changes.put_back_slot(*sessionid, slotid, slot, Some(&outstanding));
            }
            self.callbacks.insert(id, outstanding);
            self.outgoing.insert(id);
            return Told::Sent(window);
        }
        told
    }

    /// File, lock, owner and client of a waiter, if its client is there.
    fn callee(
        &self,
        now: Time,
        (number, place): WaiterId,
    ) -> Option<(Filehandle, Want, LockOwner, ClientId)> {
        let file = self.files.at(number)?;
        let want = file.queue.at(place)?.want;
        let owner = self.name_of(want.owner)?;
        let client = self.clients.get(owner.clientid)?;
        let id = client.id;
        (!client.is_courtesy(now, self.config.lease)).then(|| (file.fh.clone(), want, owner, id))
    }

    /// A client has answered a call. An answer that nobody waits for is no error, and neither is one over another
    /// connection than that of the call: nobody answers for others.
    pub fn callback_answered(
        &mut self,
        now: Time,
        connection: ConnectionId,
        id: CallbackId,
        answer: CallbackAnswer,
    ) {
        if !self.callbacks.get(&id).is_some_and(|outstanding| outstanding.is_on(connection)) {
            return;
        }
        let Some(Outstanding { call, want, since, .. }) = self.callbacks.remove(&id) else { return };
        let mut until = now.saturating_add(ANSWERED_MAX);
        if let Some(session) = self.sessions.get_mut(call.sessionid) {
            let refused = answer == CallbackAnswer::Refused;
            session.back.finish(id, refused);
            if let Some(slot) = session.back.slot_mut(call.slotid) {
                self.effects.changes.put_back_slot(call.sessionid, call.slotid, slot, None);
            }
            session.back.faulty |= refused;
            since.into_iter().for_each(|since| session.back.measure(now.saturating_sub(since)));
            until = now.saturating_add(session.back.answered_window());
            self.waiting.way_to(session.client);
        }
        let Some(file) = self.files.get(&call.fh) else { return };
        let Some(waiter) = file.queue.find(&want).map(|waiter| (file.number, waiter.place)) else { return };
        match answer {
            CallbackAnswer::Done(Status::Ok) => self.call_succeeded(now, waiter, until),
            CallbackAnswer::Done(_) => self.call_refused(now, waiter),
            CallbackAnswer::Refused => self.call_failed(now, waiter),
        }
    }

    /// The connection of a call is gone. It goes out again over another; if there is none, its waiter keeps what is left
    /// of its reservation.
    pub(in crate::state) fn callback_lost(&mut self, id: CallbackId) {
        let Some(outstanding) = self.callbacks.get_mut(&id) else { return };
        let session = self.sessions.get(outstanding.call.sessionid);
        match session.and_then(|session| session.back.connections.last().copied()) {
            Some(connection) => {
                outstanding.call.connection = connection;
                (outstanding.sent, outstanding.since) = (true, None);
                self.outgoing.insert(id);
            }
            None => outstanding.sent = false,
        }
    }

    /// The calls of a session that are on their way over this connection.
    pub(in crate::state) fn calls_on(&self, session: SessionId, connection: ConnectionId) -> Vec<CallbackId> {
        let calls = self.sessions.get(session).into_iter().flat_map(|session| session.back.outstanding());
        let on = |id: &CallbackId| self.callbacks.get(id).is_some_and(|call| call.is_on(connection));
        calls.filter(on).collect()
    }

    /// The session has a new connection for callbacks: calls that waited for one go out, and waiters of its client that
    /// could not be called are looked at.
    pub(in crate::state) fn back_channel_bound(&mut self, sessionid: SessionId) {
        let Some(session) = self.sessions.get(sessionid) else { return };
        if session.back.works() {
            self.waiting.way_to(session.client);
        }
        for id in session.back.outstanding().collect::<Vec<_>>() {
            if self.callbacks.get(&id).is_some_and(|outstanding| !outstanding.sent) {
                self.callback_lost(id);
            }
        }
    }

    pub(in crate::state) fn drop_session(&mut self, sessionid: SessionId) {
        let Some(session) = self.sessions.remove(sessionid) else { return };
        let changes = &mut self.effects.changes;
        changes.delete(Key::Session(sessionid));
        session.slots.used().for_each(|slot| changes.delete(Key::Slot(sessionid, slot)));
        session.back.used_slots().for_each(|slot| changes.delete(Key::BackSlot(sessionid, slot)));
        for call in session.back.outstanding() {
            self.callbacks.remove(&call);
        }
    }

    /// Whether a client is called when what it waits for becomes free.
    pub(in crate::state) fn has_back_channel(&self, client: ClientId) -> bool {
        let sessions = self.clients.get(client).into_iter().flat_map(|client| &client.sessions);
        let mut sessions = sessions.filter_map(|id| self.sessions.get(*id));
        sessions.any(|session| session.back.works())
    }
}

/// What became of the wish to call the client of a waiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::state) enum Told {
    /// The call goes out; for so long the waiter is believed to come.
    Sent(Duration),
    /// All slots are in use.
    NoSlot,
    /// There is nobody to call, or no way.
    NoWay,
}
