//! `handover`: one owner holds, another waits; from the LOCKU of the first to the grant of the second. Then they change
//! places.

use super::super::engine::{Engine, Script, Timing};
use super::super::error::BenchError;
use super::super::locker::{LockTemplates, Step, is_denied};
use super::super::sample::{Sample, Subject};
use super::super::tally::Tally;
use super::super::target::Target;
use super::contend::{Waiter, named, waiters};
use crate::client::{Callback, Pipeline, status_name};

/// Two owners of one byte on two connections.
#[derive(Debug)]
struct HandoverScript {
    waiters: Vec<Waiter>,
    templates: LockTemplates,
    tells: bool,
    now: u64,
    /// The lane that holds the lock, or takes it first.
    holder: usize,
    /// Whether the other one was denied since.
    blocked: bool,
    /// Whether LOCKU is on its way or done.
    giving: bool,
    /// When LOCKU was sent, once its reply is there; when the grant came.
    unlocked: Option<u64>,
    granted: Option<u64>,
}

/// Measures it.
pub fn measure(subject: &Subject<'_>, target: &Target) -> Result<Vec<Sample>, BenchError> {
    super::with_client(subject, target, |client| {
        let lines = client.lines(2, 1, true)?;
        let (waiters, templates, tells) = waiters(client, lines.slots)?;
        let mut script = HandoverScript {
            waiters,
            templates,
            tells,
            now: 0,
            holder: 0,
            blocked: false,
            giving: false,
            unlocked: None,
            granted: None,
        };
        let mut engine = Engine::new(lines.pipelines, 1)?;
        let case = if tells { "notified" } else { "polling" };
        Ok(vec![subject.measure(&mut engine, &mut script, case, "handover")?])
    })
}

impl HandoverScript {
    /// Counts a handover when both of its ends are known, and lets the two change places.
    fn finish(&mut self, tally: &mut Tally) {
        if let (Some(unlocked), Some(granted)) = (self.unlocked, self.granted) {
            tally.unit(granted.saturating_sub(unlocked));
            self.holder = 1 - self.holder.min(1);
            (self.blocked, self.giving) = (false, false);
            (self.unlocked, self.granted) = (None, None);
        }
    }
}

impl Script for HandoverScript {
    fn call(&mut self, lane: usize, xid: u32, out: &mut Pipeline) -> bool {
        let holds = self.waiters.get(self.holder).is_some_and(|holder| holder.locker.step == Step::Unlock);
        let Some(waiter) = self.waiters.get_mut(lane) else { return false };
        let may = match (lane == self.holder, holds) {
            (true, true) => self.blocked && !std::mem::replace(&mut self.giving, self.blocked),
            // At the start it takes the lock; later its LOCKU has just been done.
            (true, false) => !self.giving,
            (false, true) => match (self.blocked, self.tells) {
                (false, _) => true,
                (true, true) => !waiter.must_wait(true, self.now),
                (true, false) => self.giving,
            },
            (false, false) => self.giving && !waiter.must_wait(self.tells, self.now),
        };
        // Granted, and only the reply to LOCKU is still out.
        let done = lane != self.holder && waiter.locker.step == Step::Unlock;
        if may && !done {
            waiter.locker.call(&self.templates, xid, out);
        }
        may && !done
    }

    fn reply(&mut self, lane: usize, record: &[u8], timing: Timing, tally: &mut Tally) {
        tally.calls += 1;
        let is_holder = lane == self.holder;
        let Some(waiter) = self.waiters.get_mut(lane) else { return };
        let step = waiter.locker.step;
        match (waiter.locker.reply(&self.templates, record), step) {
            (Err(fault), _) => tally.error(fault.name()),
            (Ok(answer), Step::Lock) if is_denied(&answer) => {
                tally.denied += 1;
                waiter.deny(timing.received);
                self.blocked |= !is_holder;
            }
            (Ok(answer), _) if !answer.is_ok() => tally.error(status_name(answer.status)),
            (Ok(_), Step::Lock) => {
                (waiter.denied, waiter.told) = (None, false);
                self.granted = (!is_holder).then_some(timing.received);
            }
            (Ok(_), Step::Unlock) => self.unlocked = Some(timing.sent),
        }
        self.finish(tally);
    }

    fn called(&mut self, callback: &Callback) {
        for lane in named(callback) {
            if let Some(waiter) = self.waiters.get_mut(lane) {
                waiter.tell();
            }
        }
    }

    fn stirs(&self) -> bool {
        true
    }

    fn now(&mut self, now: u64) {
        self.now = now;
    }
}
