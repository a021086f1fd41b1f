//! What a host must do for the core, and what commands leave to be done within it.

use super::callbacks::CallbackCall;
use super::files::queue::Gone;
use super::records::Changes;
use crate::nfs4::Filehandle;
use std::collections::BTreeSet;

/// Holds what a host must do for the core, since it was last taken. In this order:
///
/// 1. store `changes`; until they are durable no reply made before may leave, and none of `notices`
/// 2. send `notices` and the replies
/// 3. release `closed` on the files side, any time after that: no client may use them any more
///
/// Memory that takes long to give back is not part of it, because it waits for no commit: whoever runs alarms takes it
/// ([`Core::take_deferred_drops`](super::Core::take_deferred_drops)) and frees it without holding the core.
#[derive(Debug, Default)]
pub struct Output {
    /// Changes of records, in order. Must be durable before anything else of this output leaves.
    pub changes: Changes,
    /// Calls to clients. Their slots' numbers are among `changes`.
    pub notices: Vec<CallbackCall>,
    /// Files that were open and are no longer.
    pub closed: Vec<Filehandle>,
}

/// What commands leave to be done within the core, and the changes to be stored.
#[derive(Debug, Default)]
pub(in crate::state) struct Effects {
    /// What must be stored.
    pub(in crate::state) changes: Changes,
    /// Calls that have their slots and were not taken yet.
    pub(in crate::state) notices: Vec<CallbackCall>,
    /// Files of which waiters are marked and to be looked at.
    pub(in crate::state) looks: BTreeSet<u64>,
    /// Waiters that have left their queues.
    pub(in crate::state) gone: Vec<Gone>,
}

impl Effects {
    /// Schedules a look at the marked waiters of a file.
    pub(in crate::state) fn look_at(&mut self, file: u64) {
        self.looks.insert(file);
    }
}
