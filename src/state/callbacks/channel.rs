//! The back channel of a session: connections, slots, round trips (RFC 8881 §2.10.3.1).

use super::call::{CallbackBody, CallbackCall, CallbackId, CallbackSec};
use crate::nfs4::{ConnectionId, SessionId};
use std::time::Duration;

/// Numbers the calls of one slot.
#[derive(Clone, Debug, Default)]
pub(in crate::state) struct BackSlot {
    /// Number of the last call.
    sequenceid: u32,
    /// The call, until it is answered.
    call: Option<CallbackId>,
}

impl BackSlot {
    /// Returns the number of the last call.
    pub fn sequenceid(&self) -> u32 {
        self.sequenceid
    }

    /// Returns the call that is not answered yet.
    pub fn call(&self) -> Option<CallbackId> {
        self.call
    }

    /// Returns whether no call in it was ever taken by the client.
    pub fn is_unused(&self) -> bool {
        self.sequenceid == 0 && self.call.is_none()
    }
}

/// The back channel of a session.
#[derive(Debug)]
pub(in crate::state) struct BackChannel {
    /// The client asked for one.
    wanted: bool,
    /// The client answers calls wrongly.
    faulty: bool,
    program: u32,
    sec: Option<CallbackSec>,
    slots: Vec<BackSlot>,
    /// The one bound last at the end.
    connections: Vec<ConnectionId>,
    /// Round trip of a call, smoothed; `None` before its first answer.
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
pub(in crate::state) const ANSWERED_MAX: Duration = Duration::from_millis(100);

impl BackChannel {
    pub fn new(wanted: bool, program: u32, sec: Option<CallbackSec>, slots: u32) -> Self {
        let slots = vec![BackSlot::default(); slots as usize];
        Self { wanted, faulty: false, program, sec, slots, connections: Vec::new(), round_trip: None }
    }

    /// Returns whether the client asked for one.
    pub fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// Notes that the client asks for one. Answers whether it had not before.
    pub fn want(&mut self) -> bool {
        !std::mem::replace(&mut self.wanted, true)
    }

    /// Returns whether the client answers calls wrongly.
    pub fn is_faulty(&self) -> bool {
        self.faulty
    }

    /// Returns whether there are credentials to call with.
    pub fn can_call(&self) -> bool {
        self.sec.is_some()
    }

    /// Returns whether there is a way to the client, however it answers.
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

    /// Returns the program, the credentials and how many slots there are.
    pub fn address_and_slots(&self) -> (u32, Option<&CallbackSec>, usize) {
        (self.program, self.sec.as_ref(), self.slots.len())
    }

    pub fn slot(&self, slotid: u32) -> Option<&BackSlot> {
        self.slots.get(slotid as usize)
    }

    /// Restores a slot as it was stored before a restart. Answers whether there is such a slot.
    pub fn restore_slot(&mut self, slotid: u32, sequenceid: u32, call: Option<CallbackId>) -> bool {
        let slot = self.slots.get_mut(slotid as usize);
        slot.map(|slot| *slot = BackSlot { sequenceid, call }).is_some()
    }

    /// Returns the numbers of the slots that were ever used.
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

    /// Returns the connection that was bound last.
    pub fn connection(&self) -> Option<ConnectionId> {
        self.connections.last().copied()
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

    /// Notes that the client has answered a call: that it `refused` it, and after how long if that is known.
    pub fn answered(&mut self, call: CallbackId, refused: bool, took: Option<Duration>) {
        self.finish(call, refused);
        self.faulty |= refused;
        took.into_iter().for_each(|took| self.measure(took));
    }

    /// Takes back a call that was never sent.
    pub fn withdraw(&mut self, call: CallbackId) {
        self.finish(call, true);
    }

    /// Records how long the answer to a call took.
    fn measure(&mut self, took: Duration) {
        self.round_trip = Some(self.round_trip.map_or(took, |smoothed| (smoothed * 3 + took) / 4));
    }

    /// Returns for how long a lock is kept for a waiter whose client is called: a few of its round trips.
    pub fn call_window(&self) -> Duration {
        self.round_trip.map_or(WINDOW_UNKNOWN, |trip| (trip * 4 + WINDOW_MIN).min(WINDOW_MAX))
    }

    /// Returns the same from the client's answer on. It may come without a LOCK: Linux answers alike when the process that
    /// waited was killed.
    pub fn answered_window(&self) -> Duration {
        self.round_trip.map_or(ANSWERED_MAX, |trip| (trip * 4).clamp(WINDOW_MIN, ANSWERED_MAX))
    }

    /// Takes a slot for a call; `None` when all are in use, or when there is no way to the client.
    pub fn begin(&mut self, id: CallbackId) -> Option<Way> {
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

    /// Ends a call. One that was `refused` was not taken for the next of its slot: its number is that of another.
    fn finish(&mut self, call: CallbackId, refused: bool) {
        for slot in self.slots.iter_mut().filter(|slot| slot.call == Some(call)) {
            slot.call = None;
            slot.sequenceid = slot.sequenceid.wrapping_sub(u32::from(refused));
        }
    }
}

/// How a call goes to the client.
pub(in crate::state) struct Way {
    connection: ConnectionId,
    program: u32,
    sec: CallbackSec,
    sequenceid: u32,
    slotid: u32,
    highest_slotid: u32,
}

impl Way {
    pub fn call(self, id: CallbackId, minor: u32, sessionid: SessionId, body: CallbackBody) -> CallbackCall {
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
            body,
        }
    }
}
