//! A lock owner that says LOCK and LOCKU in turn over the fast path.

use crate::client::{
    Answer, Client, Credential, Error, Fault, OpenFile, Pipeline, STATEID_BYTES, Slot, Template, op,
    read_lock, seqid_after, write_lock,
};
use crate::nfs4::{Filehandle, Stateid, Status};
use crate::xdr::generated::nfs4::nfs_lock_type4;

/// Holds templates of LOCK by a known lock owner, and of LOCKU, on one file.
#[derive(Debug)]
pub struct LockTemplates {
    /// LOCK.
    pub lock: Template,
    /// LOCKU.
    pub unlock: Template,
}

impl LockTemplates {
    /// Creates the templates for this file.
    pub fn new(minor: u32, credential: &Credential, file: &Filehandle) -> Result<Self, Error> {
        let lock = [op::putfh(file), write_lock(0, 1).op_known_owner(Stateid::ANONYMOUS, 0)];
        let unlock = [op::putfh(file), op::locku(nfs_lock_type4::WRITE_LT, 0, Stateid::ANONYMOUS, 0, 1)];
        Ok(Self {
            lock: Template::compound(minor, credential, minor > 0, &lock)?,
            unlock: Template::compound(minor, credential, minor > 0, &unlock)?,
        })
    }
}

/// Says what a [`Locker`] calls next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// LOCK.
    #[default]
    Lock,
    /// LOCKU.
    Unlock,
}

/// Represents a lock owner with its lock stateid on a file.
#[derive(Clone, Debug)]
pub struct Locker {
    /// Where its calls go in a session.
    pub slot: Option<Slot>,
    /// What it calls next.
    pub step: Step,
    /// First byte.
    pub offset: u64,
    /// Bytes.
    pub length: u64,
    /// What kind of lock.
    pub kind: nfs_lock_type4,
    stateid: [u8; STATEID_BYTES],
    seqid: u32,
}

impl Locker {
    /// Makes a lock owner known to the server, with a lock that it takes and gives back; what it will lock is one byte,
    /// exclusively.
    pub fn acquaint(
        client: &mut Client,
        file: &mut OpenFile,
        name: &[u8],
        slot: Option<Slot>,
        offset: u64,
    ) -> Result<Self, Error> {
        let mut owner = crate::client::LockOwner::new(client.clientid, name);
        // Far away, where nobody holds anything, and free for many at once.
        let first = read_lock(1 << 62, 1);
        client.lock(file, &mut owner, first)?;
        let stateid = client.unlock(&file.filehandle, &mut owner, first)?;
        Ok(Self {
            slot,
            step: Step::Lock,
            offset,
            length: 1,
            kind: nfs_lock_type4::WRITE_LT,
            stateid: bytes_of(stateid),
            seqid: owner.seqid,
        })
    }

    /// Puts its next call into `out`.
    pub fn call(&self, templates: &LockTemplates, xid: u32, out: &mut Pipeline) {
        let draft = match self.step {
            Step::Lock => out.call(&templates.lock, xid, self.slot.as_ref()).kind(self.kind),
            Step::Unlock => out.call(&templates.unlock, xid, self.slot.as_ref()),
        };
        draft.range(self.offset, self.length).stateid(&self.stateid).seqid(self.seqid);
    }

    /// Takes the reply to it. When all went well the step changes.
    pub fn reply(&mut self, templates: &LockTemplates, record: &[u8]) -> Result<Answer, Fault> {
        let template = match self.step {
            Step::Lock => &templates.lock,
            Step::Unlock => &templates.unlock,
        };
        let answer = template.answer(record)?;
        match &mut self.slot {
            Some(slot) => slot.answered(answer.taken),
            None if answer.reached => self.seqid = seqid_after(self.seqid, answer.status),
            None => {}
        }
        if answer.is_ok() {
            self.stateid = answer.stateid;
            self.step = match self.step {
                Step::Lock => Step::Unlock,
                Step::Unlock => Step::Lock,
            };
        }
        Ok(answer)
    }
}

/// Returns a stateid as it stands in a message.
pub fn bytes_of(stateid: Stateid) -> [u8; STATEID_BYTES] {
    let mut bytes = [0; STATEID_BYTES];
    let (seqid, other) = bytes.split_at_mut(4);
    seqid.copy_from_slice(&stateid.seqid.to_be_bytes());
    other.copy_from_slice(&stateid.other);
    bytes
}

/// Returns whether a status says that somebody else holds the range.
pub fn is_denied(answer: &Answer) -> bool {
    answer.status == Status::Denied.number()
}
