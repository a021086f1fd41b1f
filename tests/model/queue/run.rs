//! A script against the core and the plain list at once.

#[path = "calls.rs"]
mod calls;
#[path = "restart.rs"]
mod restart;

use super::clients::{CLIENT_OF, CLIENTS, Client, Process, client, fh};
use super::plain::{Asking, BYTES, OWNERS, Plain, Reason, Want, ms};
use crate::state::rfc::kept::Kept;
use calls::{Channel, Outstanding};
use lockhouse::nfs4::{ConnectionId, LockKind, Status};
use lockhouse::state::{CallbackAnswer, Config, Core, LockReply, Start};
use std::collections::BTreeMap;
use std::time::Duration;

/// Owners in scripts: all but the last.
pub const SCRIPTED: usize = OWNERS - 1;
/// How much time passes.
const TIMES: [u64; 16] = [0, 1, 5, 19, 50, 100, 240, 500, 900, 1000, 1000, 1000, 2000, 4000, 8000, 30_000];
/// Alarms at one moment. More are an alarm that comes again and again.
const ALARMS_MAX: usize = 1000;

/// One step.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    Lock(Want, bool),
    /// Asks again for what it waits for.
    Poll(usize),
    /// The same when Linux does; before that somebody else asks, so long before.
    PollInTime(usize, Option<(Want, Duration)>),
    Unlock(usize, usize, usize),
    /// Gives all back, just after the last that waits has asked, which asks again at once.
    HandOver(usize),
    Close(usize),
    Pass(Duration),
    /// Answers one of the calls that are on their way.
    Answer(usize, CallbackAnswer),
    /// Answers one, and asks again, as Linux does.
    Come(usize),
    /// The connection of a client's back channel is lost.
    Lose(usize),
    /// Another is bound.
    Bind(usize),
    /// The server is killed and started again.
    Restart,
}

impl Op {
    /// Every byte string is a step.
    pub fn from_bytes([what, who, a, b]: [u8; 4]) -> Self {
        let owner = usize::from(who) % SCRIPTED;
        let first = usize::from(a) % BYTES;
        let last = (first + usize::from(b % 4)).min(BYTES - 1);
        let kind = if b & 0x10 == 0 { LockKind::Write } else { LockKind::Read };
        let want = Want { owner, first, last, kind };
        match what % 32 {
            0..8 => Self::Lock(want, b & 0x60 != 0),
            8..11 => Self::Poll(owner),
            11..15 => Self::PollInTime(
                usize::from(b) % SCRIPTED,
                (what & 0x80 == 0).then_some((want, ms(u64::from(a) % 64))),
            ),
            15..18 => Self::Unlock(owner, first, if b & 0x20 == 0 { last } else { BYTES - 1 }),
            18 => Self::HandOver(owner),
            19 => Self::Close(owner),
            20..24 => Self::Pass(ms(TIMES[usize::from(a) % TIMES.len()])),
            24 => Self::Answer(
                usize::from(a),
                match b % 8 {
                    0 => CallbackAnswer::Refused,
                    1 | 2 => CallbackAnswer::Done(Status::BadHandle),
                    _ => CallbackAnswer::Done(Status::Ok),
                },
            ),
            25..29 => Self::Come(usize::from(a)),
            29 => Self::Lose(usize::from(who) % CLIENTS),
            30 if b < 40 => Self::Restart,
            _ => Self::Bind(usize::from(who) % CLIENTS),
        }
    }
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Granted,
    /// By somebody who holds a lock.
    Held,
    /// By a waiter.
    Denied(Reason),
    Deadlock,
}

/// The epoch of the first run.
const EPOCH: u32 = 3;

pub struct Run {
    core: Core,
    kept: Kept,
    /// The lock generation of the file.
    generation: u64,
    pub plain: Plain,
    pub now: Duration,
    clients: Vec<Client>,
    processes: Vec<Process>,
    channels: [Channel; CLIENTS],
    connections: u64,
    opens: u64,
    outstanding: Vec<Outstanding>,
    /// How often something of interest happened.
    pub denied_by: BTreeMap<Reason, usize>,
    pub granted_after_wait: usize,
    pub granted_past_waiters: usize,
    pub kept_turns: usize,
    pub deadlocks: usize,
    pub calls: usize,
    pub told_late: usize,
    pub restarts: u32,
    pub repeated: usize,
}

impl Run {
    pub fn new() -> Self {
        let now = ms(1_000_000);
        let start = Start { epoch: EPOCH, seed: 5, recorded: Default::default(), now };
        let mut core = Core::new(Config::default(), start);
        let connection = |number: usize| ConnectionId(number as u64 + 1);
        let clients: Vec<_> =
            (0..CLIENTS).map(|number| client(&mut core, now, number, connection(number))).collect();
        let processes =
            (0..OWNERS).map(|owner| Process::new(&mut core, now, clients[CLIENT_OF[owner]].id, owner));
        let processes = processes.collect();
        let channel = |number: usize| Channel::new(clients[number].session.map(|_| connection(number)));
        Self {
            channels: std::array::from_fn(channel),
            generation: core.generation(&fh()),
            core,
            kept: Kept::default(),
            plain: Plain::default(),
            now,
            clients,
            processes,
            connections: CLIENTS as u64,
            opens: OWNERS as u64,
            outstanding: Vec::new(),
            denied_by: BTreeMap::new(),
            granted_after_wait: 0,
            granted_past_waiters: 0,
            kept_turns: 0,
            deadlocks: 0,
            calls: 0,
            told_late: 0,
            restarts: 0,
            repeated: 0,
        }
    }

    /// Whether the client has a back channel that works.
    pub fn works(&self, client: usize) -> bool {
        self.channels[client].connection.is_some() && !self.channels[client].faulty
    }

    pub fn step(&mut self, op: &Op) {
        match *op {
            Op::Lock(want, blocking) => {
                self.lock(want, blocking);
            }
            Op::Poll(owner) => self.poll(owner),
            Op::PollInTime(owner, rival) => self.poll_in_time(owner, rival),
            Op::Unlock(owner, first, last) => self.unlock(owner, first, last),
            Op::HandOver(owner) => self.hand_over(owner),
            Op::Close(owner) => self.close(owner),
            Op::Pass(time) => self.pass(time),
            Op::Answer(which, answer) => {
                self.answer(which, answer);
            }
            Op::Come(which) => self.come(which),
            Op::Lose(client) => self.lose(client),
            Op::Bind(client) => self.bind(client),
            Op::Restart => self.restart(),
        }
        self.run_until_idle();
        self.kept.take(&mut self.core);
        self.check();
    }

    /// What an owner waits for, in order.
    pub fn wants_of(&self, owner: usize) -> Vec<Want> {
        let wants = self.plain.queue.iter().map(|waiter| waiter.want);
        wants.filter(|want| want.owner == owner).collect()
    }

    fn poll(&mut self, owner: usize) {
        if let Some(want) = self.wants_of(owner).first() {
            self.lock(*want, true);
        }
    }

    fn poll_in_time(&mut self, owner: usize, rival: Option<(Want, Duration)>) {
        let Some(want) = self.wants_of(owner).first().copied() else { return };
        let due = self.plain.find(&want).map_or(self.now, |waiter| waiter.next_poll());
        if let Some((rival, before)) = rival.filter(|(rival, _)| rival.owner != owner) {
            self.pass(due.saturating_sub(self.now).saturating_sub(before));
            self.lock(rival, true);
        }
        self.pass(due.saturating_sub(self.now));
        self.lock(want, true);
    }

    fn hand_over(&mut self, owner: usize) {
        let Some(last) = self.plain.queue.last().map(|waiter| waiter.want) else { return };
        self.lock(last, true);
        self.unlock(owner, 0, BYTES - 1);
        self.lock(last, true);
    }

    fn come(&mut self, which: usize) {
        let Some(owner) = self.answer(which, CallbackAnswer::Done(Status::Ok)) else { return };
        for want in self.wants_of(owner) {
            self.lock(want, true);
        }
    }

    fn close(&mut self, owner: usize) {
        self.unlock(owner, 0, BYTES - 1);
        // Who was never granted anything has no lock stateid to give up with, and waits until CLOSE.
        self.opens += 1;
        self.processes[owner].reopen(&mut self.core, self.now, self.opens);
        self.plain.closed(owner);
        self.run_until_idle();
    }

    fn asking(&self, want: Want, blocking: bool) -> Asking {
        let (client, process) = (CLIENT_OF[want.owner], &self.processes[want.owner]);
        let (open, is_new) = (process.opened, !process.had_lock());
        Asking { want, blocking, polls: !self.works(client), client, open, is_new }
    }

    pub fn lock(&mut self, want: Want, blocking: bool) -> Outcome {
        let asking = self.asking(want, blocking);
        let now = self.now;
        self.plain.acts(now, want.owner, blocking.then_some(&want));
        let holders = self.plain.holders(&want);
        let reply = self.processes[want.owner].lock(&mut self.core, now, &want, blocking);
        let outcome = match reply {
            LockReply::Granted(_) => self.granted(&asking, &holders),
            LockReply::Refused(Status::Deadlock) => self.deadlock(&asking),
            LockReply::Denied(denied) => {
                let owner = usize::from(denied.owner.owner[0] - b'a');
                self.denied(&asking, &holders, owner)
            }
            LockReply::Refused(_) => panic!("{want:?} is answered {reply:?}"),
        };
        self.run_until_idle();
        self.check_generation(outcome == Outcome::Granted && want.kind == LockKind::Write);
        outcome
    }

    fn granted(&mut self, asking: &Asking, holders: &[usize]) -> Outcome {
        let want = asking.want;
        assert!(holders.is_empty(), "two hold what conflicts: {want:?}, {holders:?}");
        if let Some(waiter) = self.plain.kept_for(self.now, asking) {
            panic!("{want:?} is granted what is kept for {waiter:?}");
        }
        self.granted_after_wait += usize::from(self.plain.find(&want).is_some());
        let goes_past = self.plain.queue.first().is_some_and(|waiter| waiter.want.conflicts(&want));
        self.granted_past_waiters += usize::from(goes_past);
        self.plain.granted(self.now, want);
        Outcome::Granted
    }

    fn deadlock(&mut self, asking: &Asking) -> Outcome {
        let want = asking.want;
        assert!(asking.blocking && self.plain.find(&want).is_some(), "a deadlock at the first request");
        assert!(self.plain.is_deadlock(self.now, want.owner), "{want:?} is in no deadlock: {:?}", self.plain);
        self.deadlocks += 1;
        self.plain.gives_up(&want);
        Outcome::Deadlock
    }

    /// Why one that waits may keep a lock that is free from `asking`.
    fn reason(&self, asking: &Asking, by: usize) -> Option<Reason> {
        let waiters = self.plain.queue.iter().filter(|waiter| waiter.want.owner == by);
        waiters.filter_map(|waiter| self.plain.reason(self.now, asking, waiter)).max()
    }

    fn denied(&mut self, asking: &Asking, holders: &[usize], by: usize) -> Outcome {
        let (want, now) = (asking.want, self.now);
        let outcome = if holders.is_empty() {
            let mut reason = self.reason(asking, by);
            if reason.is_none() {
                // It gave up a claim by this very request, and so the one behind it was called.
                self.take_calls();
                reason = self.reason(asking, by);
            }
            let Some(reason) = reason else {
                panic!("{asking:?} is denied a free lock at {now:?} by {by}: {:#?}", self.plain);
            };
            let its = self.plain.find(&want).filter(|its| self.plain.has_turn(now, its));
            assert!(its.is_none(), "{asking:?} is denied in its turn by {by}");
            *self.denied_by.entry(reason).or_default() += 1;
            Outcome::Denied(reason)
        } else {
            assert!(holders.contains(&by), "{want:?} is denied by {by}, not by {holders:?}");
            Outcome::Held
        };
        if asking.blocking {
            self.plain.denied(now, asking);
        }
        outcome
    }

    /// The lock generation never goes back, and is a greater one after each grant of an exclusive lock.
    fn check_generation(&mut self, granted: bool) {
        let before = std::mem::replace(&mut self.generation, self.core.generation(&fh()));
        let right = if granted { before < self.generation } else { before <= self.generation };
        assert!(right, "{before:x} became {:x}", self.generation);
    }

    pub fn unlock(&mut self, owner: usize, first: usize, last: usize) {
        if self.processes[owner].unlock(&mut self.core, self.now, first, last) {
            self.plain.unlock(self.now, owner, first, last);
        }
        self.run_until_idle();
    }

    /// Lets time pass with all alarms on the way; all clients renew their leases.
    pub fn pass(&mut self, time: Duration) {
        let until = self.now + time;
        loop {
            self.renew();
            self.run_until_idle();
            let alarm = self.core.next_alarm();
            if alarm > until {
                break;
            }
            self.now = alarm.max(self.now);
        }
        self.now = until;
        self.renew();
        self.run_until_idle();
    }

    /// Lets so much time pass, or less when there is an alarm before.
    pub fn pass_to_alarm(&mut self, time: Duration) {
        let alarm = self.core.next_alarm().saturating_sub(self.now);
        self.pass(time.min(alarm));
    }

    /// Takes calls and rings alarms until nothing is due; then everybody is called who can be, and has no reason to wait.
    pub(super) fn run_until_idle(&mut self) {
        self.take_calls();
        for alarms in 0.. {
            if self.core.next_alarm() > self.now {
                break;
            }
            assert!(alarms < ALARMS_MAX, "an alarm comes again and again at {:?}", self.now);
            self.core.on_alarm(self.now);
            self.take_calls();
        }
        if let Some(waiter) = self.plain.must_be_called(self.now, |client| self.can_be_called(client)) {
            panic!("nobody is called at {:?} for {waiter:#?} {:#?}", self.now, self.plain);
        }
        self.kept_turns +=
            self.plain.queue.iter().filter(|waiter| self.plain.has_turn(self.now, waiter)).count();
    }

    fn renew(&mut self) {
        for client in &self.clients {
            self.core.renew(self.now, client.id).expect("it lives");
        }
    }

    /// What LOCKT says of every byte.
    fn check(&mut self) {
        self.check_generation(false);
        for byte in 0..BYTES {
            let holders: Vec<_> =
                (0..OWNERS).filter(|owner| self.plain.held[*owner][byte].is_some()).collect();
            match self.processes[0].holder(&mut self.core, self.now, byte) {
                Some(holder) => assert!(holders.contains(&holder), "{byte}: {holder}, not {holders:?}"),
                None => assert!(holders.is_empty(), "{byte}: nobody, not {holders:?}"),
            }
        }
    }
}
