//! What the stateids of a client name, by serial.

use crate::nfs4::{Filehandle, OpaqueOwner, Stateid, Status};
use crate::state::files::FileTable;
use crate::state::locks::LockState;
use crate::state::map::PageMap;
use crate::state::opens::OpenState;

/// Everything that a stateid can name.
#[derive(Debug)]
pub(in crate::state) enum State {
    Open(Box<OpenState>),
    Lock(LockState),
    /// An open that this owner closed last.
    Closed(OpaqueOwner),
}

/// States by serial, and how many of them are open or locked.
#[derive(Debug, Default)]
pub(in crate::state) struct States {
    all: PageMap<u32, State>,
    held: usize,
}

fn is_held(state: &State) -> usize {
    usize::from(!matches!(state, State::Closed(_)))
}

impl States {
    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Returns how many name an open or locks: all but those that were closed last.
    pub fn held(&self) -> usize {
        self.held
    }

    #[inline(always)]
    pub fn get(&self, serial: &u32) -> Option<&State> {
        self.all.get(serial)
    }

    #[inline(always)]
    pub fn get_mut(&mut self, serial: &u32) -> Option<&mut State> {
        self.all.get_mut(serial)
    }

    pub fn contains_key(&self, serial: &u32) -> bool {
        self.all.contains_key(serial)
    }

    /// Answers what was there before.
    pub fn insert(&mut self, serial: u32, state: State) -> Option<State> {
        self.held += is_held(&state);
        let before = self.all.insert(serial, state);
        self.held -= before.as_ref().map_or(0, is_held);
        before
    }

    pub fn remove(&mut self, serial: &u32) -> Option<State> {
        let gone = self.all.remove(serial)?;
        self.held -= is_held(&gone);
        Some(gone)
    }

    /// Returns keys as [`PageMap::some_keys`].
    pub fn some_keys(&self, most: usize) -> Vec<u32> {
        self.all.some_keys(most)
    }

    /// Returns all of them, by serial.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &State)> {
        self.all.iter()
    }
}

/// Checks a stateid from the wire against what it names: number of the file, current version. The file must be that.
/// A client that uses sessions may give version 0 for the current one (RFC 8881 §8.2.2).
/// Errors: `BadStateid` for another file or a version not yet given out, `OldStateid` for an earlier one (§9.1.4.2).
pub(in crate::state) fn check_stateid(
    files: &FileTable,
    (current_file, current_seqid): (u64, u32),
    given: &Stateid,
    given_fh: &Filehandle,
) -> Result<(), Status> {
    files.checked(current_file, given_fh).ok_or(Status::BadStateid)?;
    check_version(current_seqid, given)
}

/// Returns the part of [`check_stateid`] that does not depend on the file.
pub(in crate::state) fn check_version(current_seqid: u32, given: &Stateid) -> Result<(), Status> {
    if given.seqid == 0 && given.clientid().has_sessions() {
        return Ok(());
    }
    match (current_seqid.wrapping_sub(given.seqid)) as i32 {
        0 => Ok(()),
        1.. => Err(Status::OldStateid),
        _ => Err(Status::BadStateid),
    }
}
