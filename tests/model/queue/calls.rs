//! The calls to clients: over what they go, and what becomes of them.

use super::Run;
use crate::queue::clients::{BACK_SLOTS, CLIENT_OF, fh};
use lockhouse::nfs4::{ConnectionId, Status};
use lockhouse::state::{CallbackAnswer, CallbackCall};

/// A back channel as the model knows it.
pub struct Channel {
    pub connection: Option<ConnectionId>,
    pub faulty: bool,
    /// Number of the last call in each slot.
    numbers: [u32; BACK_SLOTS],
}

impl Channel {
    pub fn new(connection: Option<ConnectionId>) -> Self {
        Self { connection, faulty: false, numbers: [0; BACK_SLOTS] }
    }
}

/// A call that was not answered.
pub struct Outstanding {
    pub owner: usize,
    /// Its number in the plain model.
    pub tick: u64,
    pub call: CallbackCall,
    pub sent: bool,
}

impl Run {
    /// Takes the calls that are due.
    pub(super) fn take_calls(&mut self) {
        // So many waiters are looked at in one go; what is left is an alarm, and taken here too.
        let mut calls = self.core.take_callbacks(self.now);
        while !calls.is_empty() {
            self.take(calls);
            calls = self.core.take_callbacks(self.now);
        }
    }

    fn take(&mut self, calls: Vec<CallbackCall>) {
        for call in calls {
            let known = self.outstanding.iter().find(|outstanding| outstanding.call.id == call.id);
            if let Some(outstanding) = known {
                assert_eq!(call, outstanding.call, "what was lost comes again as it was");
                self.repeated += 1;
                continue;
            }
            assert_eq!(call.fh(), &fh());
            let owner = usize::from(call.owner().owner[0] - b'a');
            let client = CLIENT_OF[owner];
            assert!(self.works(client), "{owner} cannot be called");
            assert_eq!(Some(call.connection), self.channels[client].connection);
            // One that was taken back before it was sent leaves its slot, which need not be the last.
            assert!(self.free_slots(client).any(|slot| slot == call.slotid), "a slot that is free");
            let number = &mut self.channels[client].numbers[call.slotid as usize];
            *number += 1;
            assert_eq!(call.sequenceid, *number, "number of a call to {owner}");
            let tick = self.plain.called(self.now, owner);
            self.calls += 1;
            self.outstanding.push(Outstanding { owner, tick, call, sent: true });
        }
    }

    /// The slots of a client's back channel in which there is no call.
    fn free_slots(&self, client: usize) -> impl Iterator<Item = u32> {
        let calls = self.outstanding.iter().filter(move |call| CLIENT_OF[call.owner] == client);
        (0..BACK_SLOTS as u32).filter(move |slot| calls.clone().all(|call| call.call.slotid != *slot))
    }

    /// Whether a client can be called now.
    pub(super) fn can_be_called(&self, client: usize) -> bool {
        self.works(client) && self.free_slots(client).next().is_some()
    }

    /// The calls that are on their way.
    pub fn on_the_way(&self) -> usize {
        self.outstanding.iter().filter(|call| call.sent).count()
    }

    /// Answers the call number `which` of those on their way; answers what owner it was about.
    pub fn answer(&mut self, which: usize, answer: CallbackAnswer) -> Option<usize> {
        let sent: Vec<_> = (0..self.outstanding.len()).filter(|at| self.outstanding[*at].sent).collect();
        let at = *sent.get(which % sent.len().max(1))?;
        let Outstanding { owner, tick, call, .. } = self.outstanding.remove(at);
        self.core.callback_answered(self.now, call.connection, call.id, answer);
        if let CallbackAnswer::Done(status) = answer {
            self.plain.answered(self.now, tick, status != Status::Ok);
        } else {
            self.plain.failed(self.now, tick);
            // What was refused was not the next call of its slot.
            let channel = &mut self.channels[CLIENT_OF[owner]];
            channel.numbers[call.slotid as usize] -= 1;
            channel.faulty = true;
        }
        self.run_until_idle();
        Some(owner)
    }

    pub(super) fn lose(&mut self, client: usize) {
        let Some(connection) = self.channels[client].connection.take() else { return };
        self.core.connection_lost(connection);
        let of_client = |call: &&mut Outstanding| CLIENT_OF[call.owner] == client;
        self.outstanding.iter_mut().filter(of_client).for_each(|call| call.sent = false);
    }

    /// Binds a new connection, over which what was lost comes again, and what could not be told is told.
    pub fn bind(&mut self, client: usize) {
        let Some(session) = self.clients[client].session else { return };
        self.lose(client);
        self.connections += 1;
        let connection = ConnectionId(self.connections);
        self.core.bind_conn_to_session(self.now, session, connection, 7).expect("a good session");
        (self.channels[client].connection, self.channels[client].faulty) = (Some(connection), false);
        let mut lost = 0;
        for call in self.outstanding.iter_mut().filter(|call| CLIENT_OF[call.owner] == client) {
            (call.sent, call.call.connection) = (true, connection);
            lost += 1;
        }
        let (repeated, calls) = (self.repeated, self.calls);
        self.take_calls();
        assert_eq!(self.repeated, repeated + lost, "what was lost comes again");
        self.told_late += self.calls - calls;
    }
}
