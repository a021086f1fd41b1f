//! The calls to clients: who is due one, over what it goes, and what becomes of it.

use super::Run;
use crate::queue::clients::{BACK_SLOTS, CLIENT_OF, fh, name_of};
use crate::queue::plain::Want;
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
    pub want: Want,
    pub call: CallbackCall,
    pub sent: bool,
}

impl Run {
    /// Takes the calls that are due, and compares whom they are for.
    pub(super) fn take_calls(&mut self) {
        self.take_calls_after(Vec::new());
    }

    /// The same where these calls, which were lost, come again before all others.
    fn take_calls_after(&mut self, lost: Vec<CallbackCall>) {
        for bell in std::mem::take(&mut self.plain.bells) {
            if !self.unsent.contains(&bell) {
                self.unsent.push(bell);
            }
        }
        let mut calls = self.core.take_callbacks(self.time()).into_iter();
        let again: Vec<_> = calls.by_ref().take(lost.len()).collect();
        assert_eq!(again, lost, "what was lost comes again");
        for want in std::mem::take(&mut self.unsent) {
            let client = CLIENT_OF[want.owner];
            if !self.plain.waits(&want) || !self.works(client) {
                self.plain.untold(&want);
                continue;
            }
            let Some(slot) = self.free_slot(client) else {
                self.unsent.push(want);
                continue;
            };
            let call = calls.next().unwrap_or_else(|| panic!("no call for {want:?}"));
            assert_eq!((call.owner.owner.to_vec(), &call.fh), (name_of(want.owner), &fh()));
            assert_eq!(Some(call.connection), self.channels[client].connection);
            self.channels[client].numbers[slot] += 1;
            let way = (slot as u32, self.channels[client].numbers[slot]);
            assert_eq!((call.slotid, call.sequenceid), way, "slot and number of a call to {want:?}");
            self.calls += 1;
            self.outstanding.push(Outstanding { want, call, sent: true });
        }
        assert_eq!(calls.collect::<Vec<_>>(), [], "nobody else is called");
    }

    /// The first slot of a client's back channel in which there is no call.
    fn free_slot(&self, client: usize) -> Option<usize> {
        let calls = self.outstanding.iter().filter(|call| CLIENT_OF[call.want.owner] == client);
        (0..BACK_SLOTS).find(|slot| calls.clone().all(|call| call.call.slotid as usize != *slot))
    }

    /// The calls that are on their way.
    pub fn on_the_way(&self) -> usize {
        self.outstanding.iter().filter(|call| call.sent).count()
    }

    /// Answers the call number `which` of those on their way; answers what it was about.
    pub fn answer(&mut self, which: usize, answer: CallbackAnswer) -> Option<Want> {
        let sent: Vec<_> = (0..self.outstanding.len()).filter(|at| self.outstanding[*at].sent).collect();
        let at = *sent.get(which % sent.len().max(1))?;
        let Outstanding { want, call, .. } = self.outstanding.remove(at);
        self.core.callback_answered(self.time(), call.connection, call.id, answer);
        match answer {
            CallbackAnswer::Done(Status::Ok) => self.plain.answered(self.now, &want),
            _ => self.plain.refused(self.now, &want),
        }
        if answer == CallbackAnswer::Refused {
            // What was refused was not the next call of its slot.
            let channel = &mut self.channels[CLIENT_OF[want.owner]];
            channel.numbers[call.slotid as usize] -= 1;
            channel.faulty = true;
        }
        self.take_calls();
        Some(want)
    }

    pub(super) fn lose(&mut self, client: usize) {
        let Some(connection) = self.channels[client].connection.take() else { return };
        self.core.connection_lost(connection);
        let of_client = |call: &&mut Outstanding| CLIENT_OF[call.want.owner] == client;
        self.outstanding.iter_mut().filter(of_client).for_each(|call| call.sent = false);
        self.take_calls();
    }

    /// Binds a new connection, over which what was lost comes again, and what could not be told is told.
    pub fn bind(&mut self, client: usize) {
        let Some(session) = self.clients[client].session else { return };
        self.lose(client);
        self.connections += 1;
        let connection = ConnectionId(self.connections);
        self.core.bind_conn_to_session(self.time(), session, connection, 7).expect("a good session");
        (self.channels[client].connection, self.channels[client].faulty) = (Some(connection), false);
        let mut lost = Vec::new();
        for call in self.outstanding.iter_mut().filter(|call| CLIENT_OF[call.want.owner] == client) {
            call.sent = true;
            call.call.connection = connection;
            lost.push(call.call.clone());
        }
        lost.sort_by_key(|call| call.id);
        self.repeated += lost.len();
        let before = self.plain.bells.len();
        self.plain.bound(self.now, |owner| CLIENT_OF[owner] == client);
        self.told_late += self.plain.bells.len() - before;
        self.take_calls_after(lost);
    }
}
