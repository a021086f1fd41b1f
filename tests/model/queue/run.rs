//! A script against the core and the plain list at once.

use super::clients::{BACK_SLOTS, CLIENT_OF, CLIENTS, Client, Process, client, fh, name_of};
use super::plain::{BYTES, OWNERS, Outcome, Plain, Want};
use lockhouse::nfs4::{ConnectionId, LockKind, Status};
use lockhouse::state::{CallbackAnswer, CallbackCall, Config, Core, LockReply, Start};
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
            _ => Self::Bind(usize::from(who) % CLIENTS),
        }
    }
}

/// A back channel as the model knows it.
struct Channel {
    connection: Option<ConnectionId>,
    faulty: bool,
}

/// A call that was not answered.
struct Outstanding {
    want: Want,
    call: CallbackCall,
    sent: bool,
}

pub struct Run {
    core: Core,
    plain: Plain,
    now: u64,
    clients: Vec<Client>,
    processes: Vec<Process>,
    channels: Vec<Channel>,
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
}

impl Run {
    pub fn new() -> Self {
        let now = Duration::from_secs(1000);
        let start = Start { epoch: 3, seed: 5, recorded: Default::default(), now };
        let mut core = Core::new(Config::default(), start);
        let connection = |number: usize| ConnectionId(number as u64 + 1);
        let clients: Vec<_> =
            (0..CLIENTS).map(|number| client(&mut core, now, number, connection(number))).collect();
        let processes =
            (0..OWNERS).map(|owner| Process::new(&mut core, now, clients[CLIENT_OF[owner]].id, owner));
        let processes = processes.collect();
        let channel = |number: usize| Channel {
            connection: clients[number].session.map(|_| connection(number)),
            faulty: false,
        };
        Self {
            channels: (0..CLIENTS).map(channel).collect(),
            core,
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
        }
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
        outcome
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

    /// Takes the calls that are due, and compares whom they are for.
    fn take_calls(&mut self) {
        self.take_calls_after(Vec::new());
    }

    /// The same where these calls, which were lost, come again before all others.
    fn take_calls_after(&mut self, lost: Vec<CallbackCall>) {
        for bell in std::mem::take(&mut self.plain.bells) {
            if !self.unsent.contains(&bell) {
                self.unsent.push(bell);
            }
        }
        let mut calls = self.core.take_callbacks(self.time()).into_iter();
        let again: Vec<_> = calls.by_ref().take(lost.len()).collect();
        assert_eq!(again, lost, "what was lost comes again");
        for want in std::mem::take(&mut self.unsent) {
            let client = CLIENT_OF[want.owner];
            if !self.plain.waits(&want) || !self.works(client) {
                self.plain.untold(&want);
                continue;
            }
            let used = self.outstanding.iter().filter(|call| CLIENT_OF[call.want.owner] == client).count();
            if used >= BACK_SLOTS {
                self.unsent.push(want);
                continue;
            }
            let call = calls.next().unwrap_or_else(|| panic!("no call for {want:?}"));
            assert_eq!((call.owner.owner.to_vec(), &call.fh), (name_of(want.owner), &fh()));
            assert_eq!(Some(call.connection), self.channels[client].connection);
            self.calls += 1;
            self.outstanding.push(Outstanding { want, call, sent: true });
        }
        assert_eq!(calls.collect::<Vec<_>>(), [], "nobody else is called");
    }

    /// The calls that are on their way.
    pub fn on_the_way(&self) -> usize {
        self.outstanding.iter().filter(|call| call.sent).count()
    }

    /// Answers the call number `which` of those on their way; answers what it was about.
    pub fn answer(&mut self, which: usize, answer: CallbackAnswer) -> Option<Want> {
        let sent: Vec<_> = (0..self.outstanding.len()).filter(|at| self.outstanding[*at].sent).collect();
        let at = *sent.get(which % sent.len().max(1))?;
        let Outstanding { want, call, .. } = self.outstanding.remove(at);
        self.core.callback_answered(self.time(), call.connection, call.id, answer);
        match answer {
            CallbackAnswer::Done(Status::Ok) => self.plain.answered(self.now, &want),
            _ => self.plain.refused(self.now, &want),
        }
        self.channels[CLIENT_OF[want.owner]].faulty |= answer == CallbackAnswer::Refused;
        self.take_calls();
        Some(want)
    }

    fn lose(&mut self, client: usize) {
        let Some(connection) = self.channels[client].connection.take() else { return };
        self.core.connection_lost(connection);
        let of_client = |call: &&mut Outstanding| CLIENT_OF[call.want.owner] == client;
        self.outstanding.iter_mut().filter(of_client).for_each(|call| call.sent = false);
        self.take_calls();
    }

    /// Binds a new connection, over which what was lost comes again, and what could not be told is told.
    pub fn bind(&mut self, client: usize) {
        let Some(session) = self.clients[client].session else { return };
        self.lose(client);
        self.connections += 1;
        let connection = ConnectionId(self.connections);
        self.core.bind_conn_to_session(self.time(), session, connection, 7).expect("a good session");
        self.channels[client] = Channel { connection: Some(connection), faulty: false };
        let mut lost = Vec::new();
        for call in self.outstanding.iter_mut().filter(|call| CLIENT_OF[call.want.owner] == client) {
            call.sent = true;
            call.call.connection = connection;
            lost.push(call.call.clone());
        }
        lost.sort_by_key(|call| call.id);
        let before = self.plain.bells.len();
        self.plain.bound(self.now, |owner| CLIENT_OF[owner] == client);
        self.told_late += self.plain.bells.len() - before;
        self.take_calls_after(lost);
    }

    /// What LOCKT says of every byte.
    fn check(&mut self) {
        let now = self.time();
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
