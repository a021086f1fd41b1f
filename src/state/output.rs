//! What a host must do for the core, and what commands leave to be done within it.

use super::callbacks::CallbackCall;
use super::files::queue::Gone;
use super::records::Changes;
use super::teardown::DeferredDrops;
use crate::nfs4::Filehandle;
use std::collections::BTreeSet;

/// Holds what a host must do, since it was last taken. In this order:
///
/// 1. store `changes`; until they are durable no reply made before may leave, and none of `notices`
/// 2. send `notices`, and the replies
/// 3. release `closed` on the files side: any time after, for nobody can use them by right any more
/// 4. drop `deferred` where nobody waits: it depends on nothing
///
/// Its buffers are reused: taking output again allocates nothing.
#[derive(Debug, Default)]
pub struct Output {
    /// Changes of records, in order. Must be durable before anything else of this output leaves.
    pub changes: Changes,
    /// Calls to clients. Their slots' numbers are among `changes`. A host empties this as it sends them.
    pub notices: Vec<CallbackCall>,
    /// Files that were open and are no longer.
    pub closed: Vec<Filehandle>,
    /// Memory that takes long to give back.
    pub deferred: DeferredDrops,
}

/// What commands leave to be done within the core, and the changes to be stored.
#[derive(Debug, Default)]
pub(in crate::state) struct Effects {
    /// What must be stored.
    pub(in crate::state) changes: Changes,
    /// Files of which waiters are marked and to be looked at.
    pub(in crate::state) looks: BTreeSet<u64>,
    /// Waiters that have left their queues.
    pub(in crate::state) gone: Vec<Gone>,
}

impl Effects {
    /// The waiters of a file that were marked are to be looked at.
    pub(in crate::state) fn look_at(&mut self, file: u64) {
        self.looks.insert(file);
    }
}
