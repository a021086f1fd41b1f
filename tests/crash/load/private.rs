//! Files and directories of a client's own: made, renamed and removed. What such a request does to the file system and
//! the server's record of it cannot be one step, so one that was in flight when the server was killed may be answered as
//! if repeated; its effect is there all the same. The opens among them are done exactly once.

use super::judge::{Wrong, is_next, stateid_of, unexpected};
use super::judge_opens::RESULT_CONFIRM;
use super::{Pending, Worker};
use crate::load::action::Action;
use lockhouse::client::{
    Attributes, Claim, Client, CompoundReply, Error, OpenHow, OpenOwner, OpenRequest, filehandle_of, op,
};
use lockhouse::nfs4::{Filehandle, Stateid, Status};
use lockhouse::xdr::generated::nfs4::*;
use std::collections::BTreeSet;

/// Names in the directory, about.
const NAMES: usize = 12;

/// A step in the life of a private file.
#[derive(Clone, Debug)]
pub enum Step {
    /// CREATE of a directory.
    Mkdir(String),
    /// OPEN of a new file.
    Open { name: String, exclusive: bool },
    /// OPEN_CONFIRM of it.
    Confirm,
    /// CLOSE of it.
    Close,
    /// RENAME.
    Rename { from: String, to: String },
    /// REMOVE.
    Remove(String),
}

/// The client's own directory.
#[derive(Debug)]
pub struct Private {
    /// A request about it is in flight.
    pub busy: bool,
    dir: Filehandle,
    owner: OpenOwner,
    names: BTreeSet<String>,
    open: Option<PrivateOpen>,
    named: u64,
}

#[derive(Clone, Debug)]
struct PrivateOpen {
    filehandle: Filehandle,
    stateid: Stateid,
    unconfirmed: bool,
}

impl Private {
    /// A new, empty directory in the root.
    pub fn make(client: &mut Client, name: &str) -> Result<Self, Error> {
        let root = client.root()?;
        let dir = client.mkdir(&root, name)?;
        let owner = OpenOwner::new(client.clientid, "private");
        Ok(Self { busy: false, dir, owner, names: BTreeSet::new(), open: None, named: 0 })
    }

    /// Counts the owner's seqid (4.0).
    pub fn answered(&mut self, step: &Step, reply: &CompoundReply) {
        if let (Step::Open { .. } | Step::Confirm | Step::Close, Some(result)) = (step, reply.results.get(1))
        {
            self.owner.answered(result.status);
        }
    }

    fn new_name(&mut self) -> String {
        self.named += 1;
        format!("p{}", self.named)
    }
}

impl Worker {
    /// The next step, unless one is in flight.
    pub fn choose_private(&mut self) -> Option<Step> {
        if self.private.busy {
            return None;
        }
        match &self.private.open {
            Some(open) if open.unconfirmed => return Some(Step::Confirm),
            Some(_) if self.random.percent(60) => return Some(Step::Close),
            _ => {}
        }
        let count = self.private.names.len();
        let some = self.private.names.iter().nth(self.random.index(count.max(1))).cloned();
        Some(match (self.random.below(4), some) {
            (_, Some(name)) if count >= NAMES => Step::Remove(name),
            (0, Some(from)) => Step::Rename { from, to: self.private.new_name() },
            (1, Some(name)) => Step::Remove(name),
            (2, _) if self.private.open.is_none() => {
                Step::Open { name: self.private.new_name(), exclusive: self.random.percent(50) }
            }
            _ => Step::Mkdir(self.private.new_name()),
        })
    }

    /// The operations of a step.
    pub fn private_ops(&self, step: &Step) -> Vec<nfs_argop4> {
        let Private { dir, owner, open, .. } = &self.private;
        let at = op::putfh(dir);
        let opened = |then: &dyn Fn(Stateid) -> nfs_argop4| match open {
            Some(open) => vec![op::putfh(&open.filehandle), then(open.stateid)],
            None => Vec::new(),
        };
        match step {
            Step::Mkdir(name) => vec![at, op::mkdir(name), op::getfh()],
            Step::Open { name, exclusive } => {
                let how = match exclusive {
                    true => OpenHow::Exclusive((self.private.named + 1).to_be_bytes()),
                    false => OpenHow::Unchecked(Attributes::new().mode(0o644)),
                };
                let request =
                    OpenRequest::existing(name).how(how).claim(Claim::Null(name.clone().into_bytes()));
                vec![at, request.op(owner), op::getfh()]
            }
            Step::Confirm => opened(&|stateid| op::open_confirm(stateid, owner.seqid)),
            Step::Close => opened(&|stateid| op::close(owner.seqid, stateid)),
            Step::Rename { from, to } => vec![at, op::savefh(), op::rename(from, to)],
            Step::Remove(name) => vec![at, op::remove(name)],
        }
    }

    /// Judges the reply to a step.
    pub fn judge_private(&mut self, pending: &Pending, reply: &CompoundReply) -> Result<(), Wrong> {
        let Action::Private(step) = &pending.action else { return Ok(()) };
        let again = pending.sent > 1;
        let private = &mut self.private;
        match (step, reply.status) {
            (Step::Open { name, .. }, Status::Ok) => {
                private.names.insert(name.clone());
                self.private_opened(reply)
            }
            (Step::Confirm | Step::Close, Status::Ok) => self.private_changed(step, reply),
            (Step::Mkdir(name), Status::Ok) => {
                private.names.insert(name.clone());
                Ok(())
            }
            (Step::Mkdir(name), Status::Exist) if again => {
                private.names.insert(name.clone());
                Ok(())
            }
            (Step::Rename { from, to }, status)
                if status == Status::Ok || again && status == Status::NoEnt =>
            {
                private.names.remove(from);
                private.names.insert(to.clone());
                Ok(())
            }
            (Step::Remove(name), status) if status == Status::Ok || again && status == Status::NoEnt => {
                private.names.remove(name);
                Ok(())
            }
            (_, status) => {
                let name = format!("{step:?}");
                let name = name.split(['(', ' ', '{']).next().unwrap_or_default();
                Err(unexpected(&format!("private {name}"), status, reply))
            }
        }
    }

    fn private_opened(&mut self, reply: &CompoundReply) -> Result<(), Wrong> {
        let found = reply.find(|result| match result {
            nfs_resop4::OP_OPEN(OPEN4res::NFS4_OK(ok)) => Some((stateid_of(&ok.stateid), ok.rflags)),
            _ => None,
        });
        let (Ok((stateid, flags)), Ok(filehandle)) = (found, filehandle_of(reply)) else {
            return Err(unexpected("private OPEN", reply.status, reply));
        };
        let unconfirmed = flags & RESULT_CONFIRM != 0;
        self.private.open = Some(PrivateOpen { filehandle, stateid, unconfirmed });
        match is_next(None, stateid) {
            true => Ok(()),
            false => Err(("OPEN of a new file is not done exactly once".to_owned(), format!("{stateid:?}"))),
        }
    }

    fn private_changed(&mut self, step: &Step, reply: &CompoundReply) -> Result<(), Wrong> {
        let Some(open) = &mut self.private.open else { return Ok(()) };
        let after = reply.find(|result| match result {
            nfs_resop4::OP_OPEN_CONFIRM(OPEN_CONFIRM4res::NFS4_OK(ok)) => Some(stateid_of(&ok.open_stateid)),
            nfs_resop4::OP_CLOSE(CLOSE4res::NFS4_OK(stateid)) => Some(stateid_of(stateid)),
            _ => None,
        });
        let (before, after) = (open.stateid, after.unwrap_or(Stateid::ANONYMOUS));
        (open.stateid, open.unconfirmed) = (after, false);
        let closed = matches!(step, Step::Close);
        if closed {
            self.private.open = None;
        }
        match is_next(Some(before), after) || closed && self.has_session() {
            true => Ok(()),
            false => {
                let kind = format!("private {step:?} is not done exactly once, by its stateid");
                Err((kind, format!("{before:?} → {after:?}")))
            }
        }
    }

    /// Whether the private directory holds what it should.
    pub fn check_private(&mut self) -> Result<(), Wrong> {
        let dir = self.private.dir.clone();
        self.slots.remove(&0);
        let listing = self.client.readdir(&dir, (0, [0; 8]), 32_768, &[]);
        let entries = listing.map_err(|error| ("READDIR fails".to_owned(), error.to_string()))?.entries;
        let there: BTreeSet<_> = entries.into_iter().map(|entry| entry.name).collect();
        let expected: BTreeSet<_> = self.private.names.iter().map(|name| name.clone().into_bytes()).collect();
        match there == expected {
            true => Ok(()),
            false => {
                let kind = "a private directory does not hold what it should".to_owned();
                let odd = there.symmetric_difference(&expected);
                let odd: Vec<_> = odd.map(|name| String::from_utf8_lossy(name).into_owned()).collect();
                Err((kind, odd.join(" ")))
            }
        }
    }
}
