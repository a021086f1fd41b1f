//! Owners with their seqids (RFC 7530 §9.1.5, §9.1.7).

use crate::nfs4::{Filehandle, Stateid, Status};
use std::collections::BTreeMap;

/// Holds an `open_owner4` and the seqid it sends next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenOwner {
    /// Its client.
    pub clientid: u64,
    /// Its name.
    pub name: Vec<u8>,
    /// The seqid of the next request.
    pub seqid: u32,
}

/// Holds a `lock_owner4`, the seqid it sends next, and its lock stateids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockOwner {
    /// Its client.
    pub clientid: u64,
    /// Its name.
    pub name: Vec<u8>,
    /// The seqid of the next request.
    pub seqid: u32,
    stateids: BTreeMap<Filehandle, Stateid>,
}

impl OpenOwner {
    /// Creates an owner that has not opened anything yet.
    pub fn new(clientid: u64, name: impl AsRef<[u8]>) -> Self {
        Self { clientid, name: name.as_ref().to_vec(), seqid: 0 }
    }

    /// Takes note of the answer to a request that carried this owner's seqid.
    pub fn answered(&mut self, status: Status) {
        self.seqid = after(self.seqid, status);
    }
}

impl LockOwner {
    /// Creates an owner that has not locked anything yet.
    pub fn new(clientid: u64, name: impl AsRef<[u8]>) -> Self {
        Self { clientid, name: name.as_ref().to_vec(), seqid: 0, stateids: BTreeMap::new() }
    }

    /// Takes note of the answer to a request that carried this owner's seqid.
    pub fn answered(&mut self, status: Status) {
        self.seqid = after(self.seqid, status);
    }

    /// Returns its lock stateid on a file, once it has locked there.
    pub fn stateid(&self, file: &Filehandle) -> Option<Stateid> {
        self.stateids.get(file).copied()
    }

    /// Sets the lock stateid that it sends for a file.
    pub fn set_stateid(&mut self, file: &Filehandle, stateid: Stateid) {
        self.stateids.insert(file.clone(), stateid);
    }

    /// Forgets its lock stateid on a file: the next LOCK there says that the lock owner is new.
    pub fn forget(&mut self, file: &Filehandle) {
        self.stateids.remove(file);
    }
}

/// Returns the seqid that an owner sends after an answer with this status, by its number.
pub fn seqid_after(seqid: u32, status: u32) -> u32 {
    Status::from_number(status).map_or(seqid.wrapping_add(1), |status| after(seqid, status))
}

/// Returns the seqid that follows: the same if the server did not count the request (RFC 7530 §9.1.7). It wraps to 0 without
/// leaving a number out.
fn after(seqid: u32, status: Status) -> u32 {
    match status {
        Status::StaleClientid
        | Status::StaleStateid
        | Status::BadStateid
        | Status::BadSeqid
        | Status::BadXdr
        | Status::Resource
        | Status::NoFilehandle
        | Status::Moved => seqid,
        _ => seqid.wrapping_add(1),
    }
}
