//! What a client knows of its own owners.

use super::action::Action;
use crate::oracle::locks::Extent;
use crate::oracle::shares::Share;
use lockhouse::client::{Call, LockOwner, OpenFile, OpenOwner};
use lockhouse::nfs4::{Filehandle, Stateid};

/// A request that was answered and can be sent again: it is the last one of its slot or owner.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The call.
    pub call: Call,
    /// What it did.
    pub action: Action,
    /// The bytes of its results.
    pub bytes: Vec<u8>,
}

/// An open_owner, which has at most one file open.
#[derive(Clone, Debug)]
pub struct Open {
    /// Its name and, in 4.0, its seqid.
    pub owner: OpenOwner,
    /// The file it has open, or had.
    pub file: usize,
    /// The open stateid while it is open.
    pub stateid: Option<Stateid>,
    /// OPEN_CONFIRM comes next.
    pub unconfirmed: bool,
    /// What it may and denies.
    pub share: Share,
    /// What it was opened with, which OPEN_DOWNGRADE may go back to.
    pub asked: Vec<Share>,
    /// Its seqid is in use.
    pub busy: bool,
    /// Its share is being changed.
    pub changing: bool,
    /// LOCKs and LOCKUs under it that are in flight.
    pub users: u32,
    /// It opens files for the sake of what it denies to others.
    pub denies: bool,
    /// Its last request (4.0).
    pub last: Option<Box<Answered>>,
}

/// A lock_owner, which has locks in at most one file.
#[derive(Clone, Debug)]
pub struct Locker {
    /// Its name and, in 4.0, its seqid.
    pub owner: LockOwner,
    /// The open it locks under.
    pub open: Option<usize>,
    /// The lock stateid, once it was granted something there.
    pub stateid: Option<Stateid>,
    /// What it was denied and waits for.
    pub waiting: Option<Extent>,
    /// A request of it is in flight.
    pub busy: bool,
    /// Its last request (4.0).
    pub last: Option<Box<Answered>>,
}

impl Open {
    /// One that has nothing open.
    pub fn new(clientid: u64, name: &str, denies: bool) -> Self {
        Self {
            owner: OpenOwner::new(clientid, name),
            file: 0,
            stateid: None,
            unconfirmed: false,
            share: Share::default(),
            asked: Vec::new(),
            busy: false,
            changing: false,
            users: 0,
            denies,
            last: None,
        }
    }

    /// Whether locks can be asked for under it.
    pub fn is_open(&self) -> bool {
        self.stateid.is_some() && !self.unconfirmed && !self.changing
    }

    /// As the client library wants it for LOCK.
    pub fn as_file(&self, filehandle: Filehandle) -> OpenFile {
        let stateid = self.stateid.unwrap_or(Stateid::ANONYMOUS);
        OpenFile { filehandle, stateid, result_flags: 0, owner: self.owner.clone() }
    }
}

impl Locker {
    /// One that has never locked anything.
    pub fn new(clientid: u64, name: &str) -> Self {
        let owner = LockOwner::new(clientid, name);
        Self { owner, open: None, stateid: None, waiting: None, busy: false, last: None }
    }

    /// Its open is closed, or it was released: it can begin again elsewhere.
    pub fn leave(&mut self) {
        *self = Self { owner: self.owner.clone(), busy: self.busy, ..Self::new(0, "") };
    }
}
