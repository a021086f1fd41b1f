//! `contend`: many owners that want the same byte, each again as soon as it has given it back.

use super::super::engine::{Engine, Script, Timing};
use super::super::error::BenchError;
use super::super::load_client::{LoadClient, lock_owner_name, patiently};
use super::super::locker::{LockTemplates, Locker, Step, is_denied};
use super::super::sample::{Sample, Subject};
use super::super::tally::Tally;
use super::super::target::Target;
use super::pairs::{self, Count};
use crate::client::{Callback, OpenFile, Pipeline, Slot, status_name};
use crate::xdr::generated::nfs4::{OPEN4_RESULT_MAY_NOTIFY_LOCK, nfs_lock_type4};
use crate::xdr::generated::nfs4_cb::nfs_cb_argop4;

/// How long a waiter that would be told waits before it asks by itself, in nanoseconds: a notice may be lost.
pub const POLL_NANOS: u64 = 1_000_000_000;

/// Represents an owner that waits for its lock.
#[derive(Debug)]
pub struct Waiter {
    /// The owner.
    pub locker: Locker,
    /// When it asked first.
    pub asked: Option<u64>,
    /// When it was denied, if it has to wait since then.
    pub denied: Option<u64>,
    /// A notice that came before the denial.
    pub told: bool,
}

/// Owners of one byte, one on each lane.
#[derive(Debug)]
struct ContendScript {
    waiters: Vec<Waiter>,
    templates: LockTemplates,
    /// Whether the server tells waiters.
    tells: bool,
    now: u64,
}

/// Measures it, and the same owners each with a byte of its own.
pub fn measure(subject: &Subject<'_>, target: &Target) -> Result<Vec<Sample>, BenchError> {
    let owners = subject.plan.owners.min(4096) as usize;
    let connections = subject.plan.connections.min(owners);
    let depth = owners.div_ceil(connections);
    super::with_client(subject, target, |client| {
        let lines = client.lines(connections, depth, false)?;
        let (mut engine, mut script) = pairs::prepare(client, lines, depth, false, Count::Pairs)?;
        let alone = subject.measure(&mut engine, &mut script, format!("{owners} apart"), "pair")?;
        drop(engine);
        let lines = client.lines(connections, depth, true)?;
        let slots = lines.slots.into_iter().take(owners).collect::<Vec<_>>();
        let (waiters, templates, tells) = waiters(client, slots)?;
        let mut script = ContendScript { waiters, templates, tells, now: 0 };
        let mut engine = Engine::new(lines.pipelines, depth)?;
        let case = format!("{owners} on one byte, {}", if tells { "notified" } else { "polling" });
        let mut sample = subject.measure(&mut engine, &mut script, case, "grant")?;
        let tally = &mut sample.tally;
        tally.shares.resize(owners, 0);
        let share = |of: Option<&u64>| of.copied().unwrap_or(0) as f64;
        let denied = tally.denied as f64 / tally.done.max(1) as f64;
        sample.figures.insert("least served", share(sample.tally.shares.iter().min()));
        sample.figures.insert("most served", share(sample.tally.shares.iter().max()));
        sample.figures.insert("fairness", sample.tally.fairness(owners));
        sample.figures.insert("denials/grant", denied);
        Ok(vec![alone, sample])
    })
}

/// Creates owners on one file for these slots, and finds out whether the server says that it will tell them.
pub fn waiters(
    client: &mut LoadClient,
    slots: Vec<Option<Slot>>,
) -> Result<(Vec<Waiter>, LockTemplates, bool), BenchError> {
    let (mut waiters, mut tells, mut last) = (Vec::new(), true, None::<OpenFile>);
    for (lane, slot) in slots.into_iter().enumerate() {
        let number = (1 << 40) + lane as u64;
        let mut file = client.open("wanted", number)?;
        let name = lock_owner_name(number);
        let acquainted = patiently(|| Locker::acquaint(&mut client.control, &mut file, &name, slot, 0));
        let mut locker = acquainted.map_err(|error| error.during("the first LOCK of an owner"))?;
        locker.kind = nfs_lock_type4::WRITEW_LT;
        tells &= file.result_flags & OPEN4_RESULT_MAY_NOTIFY_LOCK != 0;
        waiters.push(Waiter { locker, asked: None, denied: None, told: false });
        last = Some(file);
    }
    let Some(file) = last else { return Err(BenchError::Other("no owners".to_owned())) };
    let templates = LockTemplates::new(client.minor(), client.credential(), &file.filehandle)?;
    Ok((waiters, templates, tells))
}

/// Returns the lanes whose owners a call of the server names.
pub fn named(callback: &Callback) -> impl Iterator<Item = usize> + '_ {
    callback.ops.iter().filter_map(|op| match op {
        nfs_cb_argop4::OP_CB_NOTIFY_LOCK(notify) => {
            let number = notify.cnla_lock_owner.owner.last_chunk::<8>()?;
            Some((u64::from_be_bytes(*number) & 0xffff_ffff) as usize)
        }
        _ => None,
    })
}

impl Waiter {
    /// Returns whether it still has to wait.
    pub fn must_wait(&self, tells: bool, now: u64) -> bool {
        tells && self.denied.is_some_and(|since| now.saturating_sub(since) < POLL_NANOS)
    }

    /// Records that it was told.
    pub fn tell(&mut self) {
        self.told = self.denied.take().is_none();
    }

    /// Records that it was denied.
    pub fn deny(&mut self, now: u64) {
        self.denied = (!std::mem::take(&mut self.told)).then_some(now);
    }
}

impl Script for ContendScript {
    fn call(&mut self, lane: usize, xid: u32, out: &mut Pipeline) -> bool {
        let Some(waiter) = self.waiters.get_mut(lane) else { return false };
        if waiter.must_wait(self.tells, self.now) {
            return false;
        }
        if waiter.locker.step == Step::Lock {
            waiter.asked.get_or_insert(self.now);
        }
        waiter.locker.call(&self.templates, xid, out);
        true
    }

    fn reply(&mut self, lane: usize, record: &[u8], timing: Timing, tally: &mut Tally) {
        tally.calls += 1;
        let Some(waiter) = self.waiters.get_mut(lane) else { return };
        let step = waiter.locker.step;
        match (waiter.locker.reply(&self.templates, record), step) {
            (Err(fault), _) => tally.error(fault.name()),
            (Ok(answer), Step::Lock) if answer.is_ok() => {
                let asked = waiter.asked.take().unwrap_or(timing.sent);
                (waiter.denied, waiter.told) = (None, false);
                tally.unit_of(lane, timing.received.saturating_sub(asked));
            }
            (Ok(answer), Step::Lock) if is_denied(&answer) => {
                tally.denied += 1;
                waiter.deny(timing.received);
            }
            (Ok(answer), _) if !answer.is_ok() => tally.error(status_name(answer.status)),
            (Ok(_), _) => {}
        }
    }

    fn called(&mut self, callback: &Callback) {
        for lane in named(callback) {
            if let Some(waiter) = self.waiters.get_mut(lane) {
                waiter.tell();
            }
        }
    }

    fn now(&mut self, now: u64) {
        self.now = now;
    }
}
