//! Many calls of one kind, each once, on all lanes: how a file gets a million locks.

use super::super::engine::{Engine, Script, Timing};
use super::super::error::BenchError;
use super::super::load_client::{Lines, LoadClient, lock_owner_name, open_owner_name};
use super::super::locker::{LockTemplates, bytes_of};
use super::super::tally::Tally;
use crate::client::{
    Answer, LockOwner, OpenFile, OpenOwner, OpenRequest, Pipeline, STATEID_BYTES, Slot, Template, op,
    seqid_after, status_name, write_lock,
};
use crate::nfs4::{Stateid, Status};
use crate::xdr::generated::nfs4::{OPEN4_RESULT_CONFIRM, nfs_lock_type4};
use std::time::Instant;

/// Lanes of the set-up: enough that the server is busy all the time.
pub const LANES: usize = 32;
/// Owners that are made by set-up, so that they are nobody else's.
const FIRST_OWNER: u64 = 1 << 32;
/// How often one call may be answered DELAY or GRACE.
const RETRIES_MAX: u32 = 100_000;

/// Says what is done with each number.
#[derive(Clone, Copy, Debug)]
pub enum Task {
    /// OPEN by an open owner of its own, and OPEN_CONFIRM if it is asked for.
    Open,
    /// LOCK by a lock owner of its own.
    LockOwners {
        /// What kind of lock.
        kind: nfs_lock_type4,
        /// Bytes from one number's lock to the next one's.
        stride: u64,
    },
    /// LOCK by one lock owner.
    LockRanges {
        /// Bytes from one number's lock to the next one's.
        stride: u64,
    },
    /// LOCKU by the lock owners that were made.
    Unlock {
        /// Bytes from one number's lock to the next one's.
        stride: u64,
    },
    /// CLOSE of the opens that were made.
    Close,
}

/// Holds a client's state in bulk, and the connection for more of it.
pub struct Bulk {
    engine: Engine,
    lanes: Vec<Lane>,
    templates: Templates,
    /// The lock owner of [`Task::LockRanges`].
    single: ([u8; STATEID_BYTES], u32),
    minor: u32,
    task: Task,
    next: u64,
    end: u64,
    /// What each number was given: lock stateids or open stateids.
    pub kept: Vec<[u8; STATEID_BYTES]>,
    keep: bool,
    wrong: Option<&'static str>,
    retries: u32,
}

struct Lane {
    slot: Option<Slot>,
    open: OpenFile,
    open_stateid: [u8; STATEID_BYTES],
    number: u64,
    /// The open that is to be confirmed.
    confirm: Option<[u8; STATEID_BYTES]>,
    again: bool,
}

struct Templates {
    lock_new: Template,
    known: LockTemplates,
    open: Template,
    confirm: Template,
    close: Template,
}

impl Bulk {
    /// Prepares state on this file, which each lane opens for an owner of its own.
    pub fn new(client: &mut LoadClient, file: &str, keep: bool) -> Result<Self, BenchError> {
        let Lines { pipelines, slots } = client.lines(1, LANES, false)?;
        let mut lanes = Vec::new();
        for (lane, slot) in slots.into_iter().enumerate() {
            let open = client.open(file, FIRST_OWNER + lane as u64)?;
            let open_stateid = bytes_of(open.stateid);
            lanes.push(Lane { slot, open, open_stateid, number: 0, confirm: None, again: false });
        }
        let templates = Templates::new(client, lanes.first().map(|lane| &lane.open), file)?;
        let engine = Engine::new(pipelines, LANES)?;
        let minor = client.minor();
        let task = Task::Open;
        let single = ([0; STATEID_BYTES], 0);
        let kept = Vec::new();
        Ok(Self {
            engine,
            lanes,
            templates,
            single,
            minor,
            task,
            next: 0,
            end: 0,
            kept,
            keep,
            wrong: None,
            retries: 0,
        })
    }

    /// Lets the one lock owner of [`Task::LockRanges`] take its first range.
    pub fn single_owner(&mut self, client: &mut LoadClient) -> Result<(), BenchError> {
        let mut owner = LockOwner::new(client.control.clientid, lock_owner_name(FIRST_OWNER - 1));
        let Some(lane) = self.lanes.first_mut() else { return Ok(()) };
        let stateid = client.control.lock(&mut lane.open, &mut owner, write_lock(0, 1))?;
        // In 4.1 a seqid of 0 means the newest one, so that many calls can be in flight (RFC 8881 §8.2.2).
        let stateid = if self.minor > 0 { Stateid { seqid: 0, ..stateid } } else { stateid };
        self.single = (bytes_of(stateid), owner.seqid);
        Ok(())
    }

    /// Performs the task with the numbers up to `end`, from where the last one of its kind ended; returns how it went.
    pub fn run(&mut self, task: Task, from: u64, end: u64) -> Result<(Tally, f64), BenchError> {
        (self.task, self.next, self.end) = (task, from, end);
        let mut tally = Tally::default();
        if self.keep && matches!(task, Task::Open | Task::LockOwners { .. }) {
            self.kept.resize(end as usize, [0; STATEID_BYTES]);
        }
        let start = Instant::now();
        let mut engine = std::mem::replace(&mut self.engine, Engine::new(Vec::new(), 1)?);
        let ran = engine.run_out(self, &mut tally);
        self.engine = engine;
        ran?;
        let done = tally.done;
        match self.wrong {
            Some(name) => Err(BenchError::Other(format!("set-up, number {} of {end}: {name}", from + done))),
            None => Ok((tally, start.elapsed().as_secs_f64())),
        }
    }

    /// Returns the template of what a lane says now.
    fn template(&self, lane: &Lane) -> &Template {
        match self.task {
            Task::Open if lane.confirm.is_some() => &self.templates.confirm,
            Task::Open => &self.templates.open,
            Task::LockOwners { .. } => &self.templates.lock_new,
            Task::LockRanges { .. } => &self.templates.known.lock,
            Task::Unlock { .. } => &self.templates.known.unlock,
            Task::Close => &self.templates.close,
        }
    }

    /// Takes note of seqids, and of what was given.
    fn note(&mut self, index: usize, answer: &Answer) -> bool {
        let Some(lane) = self.lanes.get_mut(index) else { return false };
        match &mut lane.slot {
            Some(slot) => slot.answered(answer.taken),
            None if answer.reached => match self.task {
                Task::LockOwners { .. } => {
                    lane.open.owner.seqid = seqid_after(lane.open.owner.seqid, answer.status);
                }
                Task::LockRanges { .. } => self.single.1 = seqid_after(self.single.1, answer.status),
                _ => {}
            },
            None => {}
        }
        lane.again = [Status::Delay, Status::Grace].iter().any(|status| status.number() == answer.status);
        if lane.again {
            self.retries += 1;
            lane.again = self.retries < RETRIES_MAX;
        }
        if !answer.is_ok() {
            return false;
        }
        if matches!(self.task, Task::LockRanges { .. }) && self.minor == 0 {
            self.single.0 = answer.stateid;
        }
        if matches!(self.task, Task::Open)
            && lane.confirm.is_none()
            && answer.result_flags & OPEN4_RESULT_CONFIRM != 0
        {
            (lane.confirm, lane.again) = (Some(answer.stateid), true);
            return false;
        }
        lane.confirm = None;
        if let Some(kept) = self.kept.get_mut(lane.number as usize) {
            *kept = answer.stateid;
        }
        true
    }
}

impl Script for Bulk {
    fn call(&mut self, index: usize, xid: u32, out: &mut Pipeline) -> bool {
        // The seqid of one 4.0 owner lets one call be in flight.
        let alone = self.minor == 0 && matches!(self.task, Task::LockRanges { .. });
        if self.wrong.is_some() || (alone && index > 0) {
            return false;
        }
        let Some(lane) = self.lanes.get_mut(index) else { return false };
        if !std::mem::take(&mut lane.again) {
            if self.next >= self.end {
                return false;
            }
            lane.number = self.next;
            self.next += 1;
        }
        let Some(lane) = self.lanes.get(index) else { return false };
        let draft = out.call(self.template(lane), xid, lane.slot.as_ref());
        let number = lane.number;
        let kept = self.kept.get(number as usize).unwrap_or(&[0; STATEID_BYTES]);
        // What an owner has said so far in 4.0; seqids mean nothing later.
        let said = |count: u32| if self.minor == 0 { count } else { 0 };
        match (self.task, &lane.confirm) {
            (Task::Open, Some(open)) => draft.stateid(open).seqid(1),
            (Task::Open, None) => draft.owner(FIRST_OWNER + LANES as u64 + number).seqid(0),
            (Task::LockOwners { kind, stride }, _) => draft
                .kind(kind)
                .range(number * stride, 1)
                .stateid(&lane.open_stateid)
                .open_seqid(lane.open.owner.seqid)
                .owner(FIRST_OWNER + number),
            (Task::LockRanges { stride }, _) => {
                draft.range(number * stride, 1).stateid(&self.single.0).seqid(self.single.1)
            }
            (Task::Unlock { stride }, _) => draft.range(number * stride, 1).stateid(kept).seqid(said(1)),
            (Task::Close, _) => draft.stateid(kept).seqid(said(2)),
        };
        true
    }

    fn reply(&mut self, index: usize, record: &[u8], timing: Timing, tally: &mut Tally) {
        tally.calls += 1;
        let Some(answer) = self.lanes.get(index).map(|lane| self.template(lane).answer(record)) else {
            return;
        };
        match answer {
            Err(fault) => self.wrong = Some(fault.name()),
            Ok(answer) if self.note(index, &answer) => tally.unit(timing.nanos()),
            Ok(answer) if !self.lanes.get(index).is_some_and(|lane| lane.again) => {
                self.wrong = Some(status_name(answer.status));
            }
            Ok(_) => {}
        }
    }
}

impl Templates {
    fn new(client: &LoadClient, open: Option<&OpenFile>, file: &str) -> Result<Self, BenchError> {
        let Some(open) = open else { return Err(BenchError::Other("no lanes".to_owned())) };
        let (minor, credential) = (client.minor(), client.credential());
        let make = |ops: &[_]| Template::compound(minor, credential, minor > 0, ops);
        let (putfh, owner) =
            (op::putfh(&open.filehandle), LockOwner::new(client.control.clientid, lock_owner_name(0)));
        let opener = OpenOwner::new(client.control.clientid, open_owner_name(0));
        Ok(Self {
            lock_new: make(&[putfh.clone(), write_lock(0, 1).op_new_owner(open, &owner)])?,
            known: LockTemplates::new(minor, credential, &open.filehandle)?,
            open: make(&[op::putfh(client.directory()), OpenRequest::existing(file).op(&opener)])?,
            confirm: make(&[putfh.clone(), op::open_confirm(Stateid::ANONYMOUS, 0)])?,
            close: make(&[putfh, op::close(0, Stateid::ANONYMOUS)])?,
        })
    }
}
