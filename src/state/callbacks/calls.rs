//! Calls that were not answered yet.

use super::call::{CallbackCall, CallbackId};
use crate::nfs4::{ConnectionId, Time};
use crate::state::files::queue::LockRequest;
use std::collections::{BTreeMap, BTreeSet};

/// A call that was not answered yet.
#[derive(Debug)]
pub(in crate::state) struct Outstanding {
    pub(super) call: CallbackCall,
    /// What its waiter waits for.
    pub(super) request: LockRequest,
    /// It was sent, or is to be; else it waits for a connection.
    pub(super) sent: bool,
    /// When it was made, if it has been on its way since.
    pub(super) since: Option<Time>,
}

impl Outstanding {
    /// Returns the call.
    pub fn call(&self) -> &CallbackCall {
        &self.call
    }

    /// Returns what its waiter waits for.
    pub fn request(&self) -> &LockRequest {
        &self.request
    }

    /// Returns whether it is on its way over this connection.
    pub fn is_on(&self, connection: ConnectionId) -> bool {
        self.sent && self.call.connection == connection
    }
}

/// Holds the calls of all sessions until they are answered.
#[derive(Debug, Default)]
pub(in crate::state) struct Calls {
    unanswered: BTreeMap<CallbackId, Outstanding>,
    /// Calls that are to be sent, or to be sent again.
    outgoing: BTreeSet<CallbackId>,
    issued: u32,
}

impl Calls {
    /// Returns how many are not answered.
    pub fn len(&self) -> usize {
        self.unanswered.len()
    }

    /// Returns the id of the next call.
    pub fn next_id(&self) -> CallbackId {
        CallbackId(self.issued.wrapping_add(1))
    }

    /// Finds a call that was not answered.
    pub fn get(&self, id: CallbackId) -> Option<&Outstanding> {
        self.unanswered.get(&id)
    }

    /// Adds a call with [`Calls::next_id`], to be sent.
    pub fn add(&mut self, outstanding: Outstanding) {
        let id = outstanding.call.id;
        self.issued = id.0;
        self.unanswered.insert(id, outstanding);
        self.outgoing.insert(id);
    }

    /// Adds a call from before a restart, which waits for a connection.
    pub fn restore(&mut self, call: CallbackCall, request: LockRequest) {
        self.issued = call.id.0;
        self.unanswered.insert(call.id, Outstanding { call, request, sent: false, since: None });
    }

    /// Takes out a call that was answered, or that is to be forgotten.
    pub fn remove(&mut self, id: CallbackId) -> Option<Outstanding> {
        self.unanswered.remove(&id)
    }

    /// Sends a call again over this connection; `None`: as soon as there is one.
    pub fn send_again(&mut self, id: CallbackId, connection: Option<ConnectionId>) {
        let Some(outstanding) = self.unanswered.get_mut(&id) else { return };
        match connection {
            Some(connection) => {
                outstanding.call.connection = connection;
                (outstanding.sent, outstanding.since) = (true, None);
                self.outgoing.insert(id);
            }
            None => outstanding.sent = false,
        }
    }

    /// Takes the ids of the calls that are to be sent.
    pub fn take_outgoing(&mut self) -> BTreeSet<CallbackId> {
        std::mem::take(&mut self.outgoing)
    }

    /// Puts back ids that [`Calls::take_outgoing`] took.
    pub fn put_back(&mut self, ids: impl IntoIterator<Item = CallbackId>) {
        self.outgoing.extend(ids);
    }
}
