//! Asking for memory before it is needed: among a million ranges a request would mostly wait for it.

use crate::nfs4::Stateid;
use crate::ranges::RangeSet;
use crate::state::core::Core;
use crate::state::files::FileState;
use smallvec::SmallVec;

/// What a LOCK that comes soon will look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aim {
    /// Its open or lock stateid.
    pub stateid: Stateid,
    /// Its offset.
    pub first: u64,
}

impl Core {
    /// Asks for the memory that LOCKs with these aims will need, and waits for none. It changes nothing. When one
    /// of them is on a file of few ranges, where there is nothing to gain, those after it are taken for such ones too.
    pub fn approach<'a>(&self, aims: impl Iterator<Item = &'a Aim>) {
        let ways = aims.map_while(|Aim { stateid, first }| {
            let ranges = &self.file_of(stateid)?.ranges;
            ranges.is_large().then_some((ranges, *first))
        });
        RangeSet::approach(&ways.collect::<SmallVec<[_; 8]>>());
    }

    /// The file that a stateid is about.
    fn file_of(&self, stateid: &Stateid) -> Option<&FileState> {
        let (client, serial) = (self.clients.get(stateid.clientid())?, stateid.serial());
        let lock = client.lock(serial).map(|lock| lock.file);
        self.files.at(lock.or_else(|| client.open(serial).map(|open| open.file))?)
    }
}
