//! Asking for memory before it is needed: among a million ranges a request would mostly wait for it.

use super::Core;
use crate::nfs4::Stateid;

/// What a LOCK or LOCKU that comes soon will look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aim {
    /// Its open or lock stateid.
    pub stateid: Stateid,
    /// Its offset.
    pub first: u64,
}

impl Core {
    /// Asks for the memory that LOCKs and LOCKUs with these aims will need, and waits for none. It changes nothing. When the
    /// first of them is on a file of few ranges, where there is nothing to gain, the others are taken for such ones too.
    pub fn approach<'a>(&self, aims: impl Iterator<Item = &'a Aim>) {
        for Aim { stateid, first } in aims {
            let Some(client) = self.clients.get(stateid.clientid()) else { return };
            let serial = stateid.serial();
            let lock = client.lock(serial).map(|lock| lock.file);
            let file = lock.or_else(|| client.open(serial).map(|open| open.file));
            let Some(file) = file.and_then(|number| self.files.at(number)) else { return };
            if !file.ranges.approach(*first) {
                return;
            }
        }
    }
}
