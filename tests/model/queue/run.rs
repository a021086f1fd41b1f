//! A script against the core and the plain list at once.

#[path = "calls.rs"]
mod calls;
#[path = "restart.rs"]
mod restart;

use super::clients::{CLIENT_OF, CLIENTS, Client, Process, client, fh, name_of};
use super::plain::{BYTES, OWNERS, Outcome, Plain, Want};
use crate::state::rfc::kept::Kept;
use calls::{Channel, Outstanding};
use lockhouse::nfs4::{ConnectionId, LockKind, Status};
use lockhouse::state::{CallbackAnswer, Config, Core, LockReply, Start};
use std::time::Duration;

/// Seconds of the lease; after one, and then each half of one, the core looks at everything.
const LEASE: u64 = 90;

/// One step.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    Lock(Want, bool),
    /// Asks again for what it waits for.
    Poll(usize),
    Unlock(usize, usize, usize),
    Close(usize),
    Pass(u64),
    /// Answers one of the calls that are on their way.
    Answer(usize, CallbackAnswer),
    /// The connection of a client's back channel is lost.
    Lose(usize),
    /// Another is bound.
    Bind(usize),
    /// The server is killed and started again.
    Restart,
}

impl Op {
    /// Every octet string is a step.
    pub fn from_octets([what, who, a, b]: [u8; 4]) -> Self {
        let owner = usize::from(who) % OWNERS;
        let first = usize::from(a) % BYTES;
        let last = (first + usize::from(b % 4)).min(BYTES - 1);
        let kind = if b & 0x10 == 0 { LockKind::Write } else { LockKind::Read };
        match what % 24 {
            0..8 => Self::Lock(Want { owner, first, last, kind }, b & 0x60 != 0),
            8..11 => Self::Poll(owner),
            11..15 => Self::Unlock(owner, first, if b & 0x20 == 0 { last } else { BYTES - 1 }),
            15 => Self::Close(owner),
            16..20 => Self::Pass(if a < 20 { 40 } else { u64::from(a % 7) }),
            20 | 21 => Self::Answer(
                usize::from(a),
                match b % 8 {
                    0 => CallbackAnswer::Refused,
                    1 => CallbackAnswer::Done(Status::BadHandle),
                    _ => CallbackAnswer::Done(Status::Ok),
                },
            ),
            22 => Self::Lose(usize::from(who) % CLIENTS),
            23 if b < 40 => Self::Restart,
            _ => Self::Bind(usize::from(who) % CLIENTS),
        }
    }
}

/// The epoch of the first run.
const EPOCH: u32 = 3;

pub struct Run {
    core: Core,
    kept: Kept,
    /// The lock generation of the file.
    generation: u64,
    plain: Plain,
    now: u64,
    clients: Vec<Client>,
    processes: Vec<Process>,
    channels: [Channel; CLIENTS],
    connections: u64,
    /// When the core looks at everything.
    sweep: u64,
    /// Bells that wait for a slot.
    unsent: Vec<Want>,
    outstanding: Vec<Outstanding>,
    /// How often something of interest happened.
    pub granted_after_wait: usize,
    pub deadlocks: usize,
    pub calls: usize,
    pub overtaken: usize,
    pub told_late: usize,
    pub restarts: u32,
    pub repeated: usize,
}

impl Run {
    pub fn new() -> Self {
        let now = Duration::from_secs(1000);
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
            now: now.as_secs(),
            clients,
            processes,
            connections: CLIENTS as u64,
            sweep: now.as_secs() + LEASE,
            unsent: Vec::new(),
            outstanding: Vec::new(),
            granted_after_wait: 0,
            deadlocks: 0,
            calls: 0,
            overtaken: 0,
            told_late: 0,
            restarts: 0,
            repeated: 0,
        }
    }

    fn time(&self) -> Duration {
        Duration::from_secs(self.now)
    }

    fn works(&self, client: usize) -> bool {
        self.channels[client].connection.is_some() && !self.channels[client].faulty
    }

    pub fn step(&mut self, op: &Op) {
        match *op {
            Op::Lock(want, blocking) => {
                self.lock(want, blocking);
            }
            Op::Poll(owner) => {
                if let Some(want) = self.wants().into_iter().find(|want| want.owner == owner) {
                    self.lock(want, true);
                }
            }
            Op::Unlock(owner, first, last) => self.unlock(owner, first, last),
            Op::Close(owner) => {
                self.unlock(owner, 0, BYTES - 1);
                // Who was never granted anything has no lock stateid to give up with, and waits until CLOSE.
                self.processes[owner].reopen(&mut self.core, Duration::from_secs(self.now));
                self.plain.unlock(self.now, owner, 0, BYTES - 1);
            }
            Op::Pass(seconds) => self.pass(seconds),
            Op::Answer(which, answer) => {
                self.answer(which, answer);
            }
            Op::Lose(client) => self.lose(client),
            Op::Bind(client) => self.bind(client),
            Op::Restart => self.restart(),
        }
        self.kept.take(&mut self.core);
        self.check();
    }

    /// All that is waited for, in order.
    pub fn wants(&self) -> Vec<Want> {
        self.plain.queue.iter().map(|waiter| waiter.want).collect()
    }

    pub fn lock(&mut self, want: Want, blocking: bool) -> Outcome {
        let now = self.time();
        let waited = self.plain.waits(&want);
        let reply = self.processes[want.owner].lock(&mut self.core, now, &want, blocking);
        let called = self.works(CLIENT_OF[want.owner]);
        let outcome = self.plain.lock(self.now, want, blocking, called);
        match (&reply, &outcome) {
            (LockReply::Granted(_), Outcome::Granted) => self.granted_after_wait += usize::from(waited),
            (LockReply::Refused(Status::Deadlock), Outcome::Deadlock) => self.deadlocks += 1,
            (LockReply::Denied(denied), Outcome::Denied(by)) => {
                let names: Vec<_> = by.iter().map(|owner| name_of(*owner)).collect();
                assert!(names.contains(&denied.owner.owner.to_vec()), "{want:?}: {denied:?}, not {by:?}");
                self.overtaken += usize::from(self.plain.holders(&want).is_empty());
            }
            _ => panic!("{want:?} is answered {reply:?}, not {outcome:?}"),
        }
        self.take_calls();
        self.check_generation(outcome == Outcome::Granted && want.kind == LockKind::Write);
        outcome
    }

    /// The lock generation never goes back, and is a greater one after each grant of an exclusive lock.
    fn check_generation(&mut self, granted: bool) {
        let before = std::mem::replace(&mut self.generation, self.core.generation(&fh()));
        let right = if granted { before < self.generation } else { before <= self.generation };
        assert!(right, "{before:x} became {:x}", self.generation);
    }

    pub fn unlock(&mut self, owner: usize, first: usize, last: usize) {
        let now = self.time();
        if self.processes[owner].unlock(&mut self.core, now, first, last) {
            self.plain.unlock(self.now, owner, first, last);
        }
        self.take_calls();
    }

    /// Lets time pass with all alarms on the way; all clients renew their leases.
    pub fn pass(&mut self, seconds: u64) {
        let until = self.now + seconds;
        loop {
            self.renew();
            let alarm = self.core.next_alarm();
            let first = self.plain.queue.iter().filter_map(|waiter| waiter.reserved(self.now)).min();
            assert!(first.is_none_or(|first| alarm <= Duration::from_secs(first)), "an alarm is missing");
            if alarm > Duration::from_secs(until) {
                break;
            }
            self.now = alarm.as_secs().max(self.now);
            self.core.on_alarm(self.time());
            if self.is_looked_at() {
                self.plain.refresh(self.now);
            }
            self.take_calls();
        }
        self.now = until;
        self.renew();
    }

    /// Whether the core looks at the queue in the alarm of now. It has others, such as the ends of leases.
    fn is_looked_at(&mut self) -> bool {
        let later = self.plain.looks.split_off(&(self.now + 1));
        let due = !std::mem::replace(&mut self.plain.looks, later).is_empty();
        let sweeps = self.now >= self.sweep;
        if sweeps {
            self.sweep = self.now + LEASE / 2;
        }
        due || sweeps
    }

    fn renew(&mut self) {
        let now = self.time();
        for client in &self.clients {
            self.core.renew(now, client.id).expect("it lives");
        }
    }

    /// What LOCKT says of every byte.
    fn check(&mut self) {
        let now = self.time();
        self.check_generation(false);
        for byte in 0..BYTES {
            let holders: Vec<_> =
                (0..OWNERS).filter(|owner| self.plain.held[*owner][byte].is_some()).collect();
            match self.processes[0].holder(&mut self.core, now, byte) {
                Some(holder) => assert!(holders.contains(&holder), "{byte}: {holder}, not {holders:?}"),
                None => assert!(holders.is_empty(), "{byte}: nobody, not {holders:?}"),
            }
        }
    }
}
