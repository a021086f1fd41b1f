//! Prefetches memory before it is needed: among a million ranges a request would mostly wait for it.

use crate::nfs4::{LockHint, Stateid};
use crate::ranges::RangeSet;
use crate::state::core::Core;
use crate::state::files::FileState;
use crate::state::locks::LockState;
use crate::state::opens::OpenState;
use smallvec::SmallVec;

impl Core {
    /// Prefetches the memory that LOCKs with these hints will need, without waiting for it. Changes nothing. Stops at the
    /// first hint for a file of few ranges, where there is nothing to gain: those after it are mostly such ones too.
    pub fn prefetch<'a>(&self, hints: impl Iterator<Item = &'a LockHint>) {
        let ways = hints.map_while(|LockHint { stateid, first }| {
            let ranges = self.file_of(stateid)?.ranges();
            ranges.is_large().then_some((ranges, *first))
        });
        RangeSet::prefetch(&ways.collect::<SmallVec<[_; 8]>>());
    }

    /// Returns the file that a stateid is about.
    fn file_of(&self, stateid: &Stateid) -> Option<&FileState> {
        let (client, serial) = (self.clients.get(stateid.clientid())?, stateid.serial());
        let lock = client.lock(serial).map(LockState::file);
        self.files.at(lock.or_else(|| client.open(serial).map(OpenState::file))?)
    }
}
