//! Calls to clients: the back channels of sessions, and CB_NOTIFY_LOCK (RFC 8881 §2.10.3.1, §20.11).
//!
//! The core says what is to be called and over which connection ([`Core::take_callbacks`]); the shell calls, and tells
//! what came of it ([`Core::callback_answered`], [`Core::connection_lost`]). A call whose connection was lost before its
//! answer came goes out again, with the same slot and number, as soon as the session has another connection. A call that
//! could not be made at all, because there was no way to the client, is made when a connection is bound for it, if the
//! lock is still to be had; what is left of the reservation by then does not matter, for it begins anew.

use super::wait::Want;
use super::{Core, Key};
use crate::nfs4::{ClientId, ConnectionId, Filehandle, LockOwner, SessionId, Status, Time};
use std::collections::BTreeSet;

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
pub(super) struct Outstanding {
    pub call: CallbackCall,
    pub want: Want,
    /// It is on its way; else it waits for a connection.
    pub sent: bool,
}

impl Outstanding {
    fn is_on(&self, connection: ConnectionId) -> bool {
        self.sent && self.call.connection == connection
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct BackSlot {
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
pub(super) struct BackChannel {
    /// The client asked for one.
    pub wanted: bool,
    /// The client answers calls wrongly.
    pub faulty: bool,
    program: u32,
    sec: Option<CallbackSec>,
    slots: Vec<BackSlot>,
    /// The one bound last at the end.
    connections: Vec<ConnectionId>,
}

/// Connections remembered for one back channel.
const CONNECTIONS_MAX: usize = 16;

impl BackChannel {
    pub fn new(wanted: bool, program: u32, sec: Option<CallbackSec>, slots: u32) -> Self {
        let slots = vec![BackSlot::default(); slots as usize];
        Self { wanted, faulty: false, program, sec, slots, connections: Vec::new() }
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
        self.heed_bells();
        let resent = std::mem::take(&mut self.resent);
        let resent = resent.iter().filter_map(|id| self.callbacks.get(id)).filter(|call| call.sent);
        let mut out: Vec<_> = resent.map(|outstanding| outstanding.call.clone()).collect();
        for _ in 0..self.unsent.len() {
            let Some((fh, want)) = self.unsent.pop_front() else { break };
            match self.notify(now, &fh, &want) {
                Notified::Call(call) => out.push(*call),
                Notified::Later => self.unsent.push_back((fh, want)),
                Notified::Nobody => {
                    if let Some(file) = self.files.get_mut(&fh) {
                        file.queue.untold(&want);
                    }
                }
            }
        }
        out
    }

    fn notify(&mut self, now: Time, fh: &Filehandle, want: &Want) -> Notified {
        let Some((owner, sessions)) = self.callee(now, fh, want) else { return Notified::Nobody };
        let mut found = Notified::Nobody;
        for sessionid in sessions {
            let Some(session) = self.sessions.get_mut(sessionid).filter(|session| session.back.works())
            else {
                continue;
            };
            let id = CallbackId(self.callbacks_issued.wrapping_add(1));
            let Some(way) = session.back.begin(id) else {
                found = Notified::Later;
                continue;
            };
            let minor = session.minor;
            let call = way.call(id, minor, sessionid, fh.clone(), owner);
            self.callbacks_issued = id.0;
            let outstanding = Outstanding { call: call.clone(), want: *want, sent: true };
            if let Some(slot) = session.back.slot_mut(call.slotid) {
                self.effects.changes.put_back_slot(sessionid, call.slotid, slot, Some(&outstanding));
            }
            self.callbacks.insert(id, outstanding);
            return Notified::Call(Box::new(call));
        }
        found
    }

    /// Who is to be told that `want` may be granted, if it still waits and its client is there.
    fn callee(&self, now: Time, fh: &Filehandle, want: &Want) -> Option<(LockOwner, Vec<SessionId>)> {
        let mut waiters = self.files.get(fh)?.queue.iter();
        waiters.find(|waiter| waiter.want == *want)?;
        let owner = self.name_of(want.owner)?;
        let client = self.clients.get(owner.clientid)?;
        (!client.is_courtesy(now, self.config.lease)).then(|| (owner, client.sessions.clone()))
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
        let Some(Outstanding { call, want, .. }) = self.callbacks.remove(&id) else { return };
        if let Some(session) = self.sessions.get_mut(call.sessionid) {
            let refused = answer == CallbackAnswer::Refused;
            session.back.finish(id, refused);
            if let Some(slot) = session.back.slot_mut(call.slotid) {
                self.effects.changes.put_back_slot(call.sessionid, call.slotid, slot, None);
            }
            session.back.faulty |= refused;
        }
        let Some(file) = self.files.get_mut(&call.fh) else { return };
        match answer {
            CallbackAnswer::Done(Status::Ok) => {
                if let Some(until) = file.queue.answered(now, &self.config, &want) {
                    self.reservations.insert((until, call.fh));
                }
            }
            CallbackAnswer::Done(_) | CallbackAnswer::Refused => {
                file.queue.unanswered(&want);
                file.refresh_queue(now, &self.config, &mut self.effects);
            }
        }
    }

    /// The connection of a call is gone. It goes out again over another; if there is none, its waiter keeps what is left
    /// of its reservation.
    pub(super) fn callback_lost(&mut self, id: CallbackId) {
        let Some(outstanding) = self.callbacks.get_mut(&id) else { return };
        let session = self.sessions.get(outstanding.call.sessionid);
        match session.and_then(|session| session.back.connections.last().copied()) {
            Some(connection) => {
                outstanding.call.connection = connection;
                outstanding.sent = true;
                self.resent.insert(id);
            }
            None => outstanding.sent = false,
        }
    }

    /// The calls that are on their way over this connection.
    pub(super) fn calls_on(&self, connection: ConnectionId) -> Vec<CallbackId> {
        let on = self.callbacks.iter().filter(|(_, outstanding)| outstanding.is_on(connection));
        on.map(|(id, _)| *id).collect()
    }

    /// The session has a new connection for callbacks: calls that waited for one go out, and waiters of its client that
    /// could not be told of their reservations get new ones and are told of them.
    pub(super) fn back_channel_bound(&mut self, now: Time, sessionid: SessionId) {
        self.ring_again(now, sessionid);
        let calls: Vec<_> =
            self.sessions.get(sessionid).into_iter().flat_map(|s| s.back.outstanding()).collect();
        for id in calls {
            if self.callbacks.get(&id).is_some_and(|outstanding| !outstanding.sent) {
                self.callback_lost(id);
            }
        }
    }

    /// Begins anew the reservations of which this session's client could not be told, if it can be called now.
    fn ring_again(&mut self, now: Time, sessionid: SessionId) {
        let Some(session) = self.sessions.get(sessionid).filter(|session| session.back.works()) else {
            return;
        };
        let id = session.client;
        let owners = self.clients.get(id).into_iter().flat_map(|client| client.lock_owners.iter());
        // In the order of files and of places.
        let files: BTreeSet<_> =
            owners.flat_map(|owner| self.lock_owners.waits_of(owner.id)).copied().collect();
        for file in files {
            if let Some(file) = self.files.at_mut(file) {
                file.ring_again(now, &self.config, id, &mut self.effects);
            }
        }
    }

    pub(super) fn drop_session(&mut self, sessionid: SessionId) {
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
    pub(super) fn has_back_channel(&self, client: ClientId) -> bool {
        let sessions = self.clients.get(client).into_iter().flat_map(|client| &client.sessions);
        let mut sessions = sessions.filter_map(|id| self.sessions.get(*id));
        sessions.any(|session| session.back.works())
    }

    fn heed_bells(&mut self) {
        for bell in std::mem::take(&mut self.effects.bells) {
            self.reservations.insert((bell.until, bell.fh.clone()));
            let call = (bell.fh, bell.want);
            // One that still waits for a slot will do.
            if !self.unsent.contains(&call) {
                self.unsent.push_back(call);
            }
        }
    }

    /// Looks again at the queues in which a reservation has run out.
    pub(super) fn end_reservations(&mut self, now: Time) {
        self.heed_bells();
        while let Some((until, _)) = self.reservations.first()
            && *until <= now
        {
            let Some((_, fh)) = self.reservations.pop_first() else { return };
            if let Some(file) = self.files.get_mut(&fh) {
                file.refresh_queue(now, &self.config, &mut self.effects);
            }
        }
        self.heed_bells();
    }
}

/// What became of the wish to call somebody.
enum Notified {
    Call(Box<CallbackCall>),
    /// All slots are in use.
    Later,
    /// There is nobody to call, or no way.
    Nobody,
}
