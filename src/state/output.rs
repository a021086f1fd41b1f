//! What the core does beside changing itself.

use super::files::queue::Gone;
use super::records::Changes;
use std::collections::BTreeSet;

/// What the core does beside changing itself.
#[derive(Debug, Default)]
pub(in crate::state) struct Effects {
    /// What must be stored.
    pub(in crate::state) changes: Changes,
    /// Files of which waiters are marked and to be looked at.
    pub(in crate::state) looks: BTreeSet<u64>,
    /// Waiters that have left their queues.
    pub(in crate::state) gone: Vec<Gone>,
}
