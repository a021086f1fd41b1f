//! `pairs` and `shared`: LOCK and LOCKU in turn by as many owners as there are lanes.

use super::super::engine::{Engine, Script, Timing};
use super::super::error::BenchError;
use super::super::load_client::{Lines, LoadClient, lock_owner_name, patiently};
use super::super::locker::{LockTemplates, Locker, Step, is_denied};
use super::super::plan::Workload;
use super::super::sample::{Sample, Subject};
use super::super::tally::Tally;
use super::super::target::Target;
use crate::client::{Pipeline, status_name};
use crate::nfs4::Filehandle;
use crate::xdr::generated::nfs4::nfs_lock_type4;

/// Bytes between the ranges of neighbours, so that they do not touch.
pub const STRIDE: u64 = 4;

/// Says what a [`PairScript`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Each call.
    Calls,
    /// LOCK and LOCKU together.
    Pairs,
    /// LOCKs that are denied, as they should be.
    Denials,
}

/// Drives owners that lock and unlock, one on each lane.
#[derive(Debug)]
pub struct PairScript {
    lanes: Vec<PairLane>,
    templates: Vec<LockTemplates>,
    count: Count,
    /// Where to lock instead of always at the same place.
    pub gaps: Option<Gaps>,
}

/// One owner.
#[derive(Debug)]
struct PairLane {
    locker: Locker,
    template: usize,
    /// What the LOCK of this pair took.
    lock_nanos: u64,
}

/// Describes the free bytes between locks that are held: lanes take turns with them.
#[derive(Clone, Copy, Debug)]
pub struct Gaps {
    /// How many there are.
    pub count: u64,
    /// Random numbers by xorshift.
    pub random: u64,
}

impl Gaps {
    /// Returns the byte after a held one, at random, of those that belong to this lane.
    fn pick(&mut self, lane: usize, lanes: usize) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let each = (self.count / lanes as u64).max(1);
        let gap = (self.random % each) * lanes as u64 + lane as u64;
        held_at(gap) + STRIDE / 2
    }
}

/// Returns where the held lock of this number is.
pub fn held_at(number: u64) -> u64 {
    number * STRIDE
}

impl PairScript {
    /// Creates a script without owners.
    pub fn new(count: Count) -> Self {
        Self { lanes: Vec::new(), templates: Vec::new(), count, gaps: None }
    }

    /// Adds a file, and returns its number.
    pub fn file(&mut self, client: &LoadClient, file: &Filehandle) -> Result<usize, BenchError> {
        self.templates.push(LockTemplates::new(client.minor(), client.credential(), file)?);
        Ok(self.templates.len() - 1)
    }

    /// Makes every owner want a lock of this kind at this place from now on.
    pub fn all_want(&mut self, kind: nfs_lock_type4, offset: u64) {
        for PairLane { locker, .. } in &mut self.lanes {
            (locker.kind, locker.offset) = (kind, offset);
        }
    }

    /// Adds the owner of the next lane, on the file of this number.
    pub fn owner(&mut self, locker: Locker, template: usize) {
        self.lanes.push(PairLane { locker, template, lock_nanos: 0 });
    }
}

impl Script for PairScript {
    fn call(&mut self, lane: usize, xid: u32, out: &mut Pipeline) -> bool {
        let lanes = self.lanes.len();
        let Some(PairLane { locker, template, .. }) = self.lanes.get_mut(lane) else { return false };
        if let (Some(gaps), Step::Lock) = (&mut self.gaps, locker.step) {
            locker.offset = gaps.pick(lane, lanes);
        }
        let Some(templates) = self.templates.get(*template) else { return false };
        locker.call(templates, xid, out);
        true
    }

    fn reply(&mut self, lane: usize, record: &[u8], timing: Timing, tally: &mut Tally) {
        tally.calls += 1;
        let Some(PairLane { locker, template, lock_nanos }) = self.lanes.get_mut(lane) else { return };
        let Some(templates) = self.templates.get(*template) else { return };
        let step = locker.step;
        match (locker.reply(templates, record), self.count, step) {
            (Err(fault), ..) => tally.error(fault.name()),
            (Ok(answer), Count::Denials, _) if is_denied(&answer) => tally.unit(timing.nanos()),
            (Ok(answer), Count::Denials, _) if answer.is_ok() => tally.error("granted what others hold"),
            (Ok(answer), ..) if !answer.is_ok() => tally.error(status_name(answer.status)),
            (Ok(_), Count::Pairs, Step::Lock) => *lock_nanos = timing.nanos(),
            (Ok(_), Count::Pairs, Step::Unlock) => tally.unit(*lock_nanos + timing.nanos()),
            (Ok(_), ..) => tally.unit(timing.nanos()),
        }
    }
}

/// Measures `pairs` or `shared`.
pub fn measure(subject: &Subject<'_>, target: &Target) -> Result<Vec<Sample>, BenchError> {
    let own_files = subject.plan.workload == Workload::Pairs;
    super::with_client(subject, target, |client| {
        let lines = client.lines(subject.plan.connections, subject.plan.depth, false)?;
        let (mut engine, mut script) = prepare(client, lines, subject.plan.depth, own_files, Count::Calls)?;
        Ok(vec![subject.measure(&mut engine, &mut script, "", "call")?])
    })
}

/// Prepares owners for all lanes of these lines, each with a file, or with a byte of one file.
pub fn prepare(
    client: &mut LoadClient,
    lines: Lines,
    depth: usize,
    own_files: bool,
    count: Count,
) -> Result<(Engine, PairScript), BenchError> {
    let mut script = PairScript::new(count);
    for (lane, slot) in lines.slots.into_iter().enumerate() {
        let name = if own_files { format!("file{lane}") } else { "shared".to_owned() };
        let number = client.new_owner();
        let mut file = client.open(&name, number)?;
        let offset = if own_files { 0 } else { held_at(lane as u64) };
        let owner = lock_owner_name(number);
        let locker = patiently(|| Locker::acquaint(&mut client.control, &mut file, &owner, slot, offset))
            .map_err(|error| error.during("the first LOCK of an owner"))?;
        let template = match lane {
            0 => script.file(client, &file.filehandle)?,
            _ if own_files => script.file(client, &file.filehandle)?,
            _ => 0,
        };
        script.owner(locker, template);
    }
    Ok((Engine::new(lines.pipelines, depth)?, script))
}
