//! How much there is of everything: for those who check that nothing grows without bound.

use crate::nfs4::Filehandle;
use crate::ranges::Held;
use crate::state::core::Core;

/// How many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Clients, confirmed or not.
    pub clients: usize,
    /// Files with state.
    pub files: usize,
    /// Sessions.
    pub sessions: usize,
    /// Slots of their fore channels.
    pub slots: usize,
    /// Connections that some session remembers.
    pub connections: usize,
    /// Calls to clients that were not answered yet.
    pub callbacks: usize,
    /// Waiters whose clients are to be called and cannot be.
    pub unsent: usize,
    /// Alarms of waiters.
    pub reservations: usize,
    /// Clients whose lease ran out and that still hold state.
    pub courtesy: usize,
    /// Clients that are gone and not yet taken apart. What is left of them is counted nowhere else.
    pub in_teardown: usize,
    /// Waiters in all queues.
    pub waiters: usize,
    /// Waiters in the longest queue.
    pub waiters_of_a_file: usize,
}

impl Core {
    /// Counts everything; takes as long as there is much.
    pub fn census(&self) -> Census {
        let (clients, files) = self.counts();
        let (sessions, slots, connections) = self.sessions.census();
        let (unsent, reservations) = self.waiting.census();
        let is_there = |waiter: &&crate::state::files::queue::Waiter| !self.teardown.has(waiter.open().0);
        let waiters = || self.files.iter().map(|file| file.queue().iter().filter(is_there).count());
        Census {
            clients,
            files,
            sessions,
            slots,
            connections,
            callbacks: self.calls.len(),
            unsent,
            reservations,
            courtesy: self.clients.leases().courtesy_count(),
            in_teardown: self.teardown.count(),
            waiters: waiters().sum(),
            waiters_of_a_file: waiters().max().unwrap_or(0),
        }
    }

    /// Returns every byte range that is held, and on which file.
    pub fn held(&self) -> impl Iterator<Item = (&Filehandle, Held)> {
        let all = self.files.iter().flat_map(|file| file.ranges().iter().map(|held| (file.fh(), held)));
        let gone =
            |held: &Held| self.lock_owners.client_of(held.owner).is_some_and(|id| self.teardown.has(id));
        all.filter(move |(_, held)| !gone(held))
    }
}
