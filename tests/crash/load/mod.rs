//! The load: clients, each a thread with a connection of its own, that keep many requests in flight.

pub mod action;
mod begin;
mod choose;
mod judge;
mod judge_opens;
pub mod owners;
mod private;
mod setup;

pub use setup::{SharedFile, connect};

use crate::oracle::Oracle;
use crate::oracle::locks::Extent;
use crate::oracle::shares::Share;
use crate::random::Random;
use action::Action;
use lockhouse::client::{Call, Client, CompoundReply, Error, OpenOwner, op, write_lock};
use lockhouse::nfs4::{LockKind, Status};
use owners::{Answered, Locker, Open};
use private::Private;
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

/// Requests that a client has in flight.
const WINDOW: usize = 12;
/// What a client did last, kept for the story of a violation.
const HISTORY: usize = 40;
/// A pause in which something may change.
pub const PAUSE: Duration = Duration::from_millis(1);

/// What the clients are to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// Ask for as much as they can.
    Run,
    /// Wait for all replies, then look whether all is as it should be.
    Park,
    /// End.
    End,
}

/// What all clients share.
pub struct Shared {
    /// Where the server is.
    pub addr: SocketAddr,
    /// Who knows what must be true.
    pub oracle: Oracle,
    /// The files that all use.
    pub files: Vec<SharedFile>,
    /// All clients and who directs them.
    pub gate: Barrier,
    /// How many clients there are.
    pub clients: usize,
    /// Grows when the clients shall break their connections.
    pub breaks: AtomicU64,
    /// The number of the client that is to give up a lock without telling the oracle, plus one.
    pub saboteur: AtomicU64,
    /// Whether all that is held is looked at, not only a sample.
    pub thorough: AtomicBool,
    phase: AtomicU8,
}

/// A request in flight.
pub struct Pending {
    /// The call, as it was and will be sent.
    pub call: Call,
    /// What it does.
    pub action: Action,
    /// How often it was sent.
    pub sent: u32,
    /// What the oracle was told to be given up, should the server not do it.
    given_up: GivenUp,
}

/// What is given up when a request is sent.
#[derive(Debug, Default)]
struct GivenUp {
    extents: Vec<Extent>,
    share: Option<Share>,
}

/// One client.
pub struct Worker {
    /// Its number.
    pub id: usize,
    /// Connection, clientid, session.
    pub client: Client,
    /// What all share.
    pub shared: std::sync::Arc<Shared>,
    /// Its choices.
    pub random: Random,
    /// Its open_owners.
    pub opens: Vec<Open>,
    /// Its lock_owners.
    pub lockers: Vec<Locker>,
    /// Requests in flight, by xid.
    pub pending: BTreeMap<u32, Pending>,
    /// The last request of each slot, if it is one whose answer must be repeated (4.1).
    pub slots: BTreeMap<u32, Answered>,
    /// Nothing that it says can be trusted any more: a violation was found.
    pub lost: bool,
    /// Tries what others deny.
    pub prober: OpenOwner,
    /// The server was still busy with what was sent again. It is to be sent once more, on another connection, for on this
    /// one its duplicate request cache repeats that answer (4.0).
    again: bool,
    private: Private,
    history: VecDeque<String>,
    breaks: u64,
}

impl Shared {
    /// What the clients are to do.
    pub fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Acquire) {
            0 => Phase::Run,
            1 => Phase::Park,
            _ => Phase::End,
        }
    }

    /// From now on they are to do this.
    pub fn set_phase(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Release);
    }
}

impl Worker {
    /// Whether it speaks 4.1 or later.
    pub fn has_session(&self) -> bool {
        self.client.session.is_some()
    }

    /// As it is called in stories.
    pub fn name(&self) -> String {
        format!("client {} (4.{})", self.id, self.client.minor)
    }

    /// Notes what it did.
    pub fn note(&mut self, what: String) {
        if self.history.len() == HISTORY {
            self.history.pop_front();
        }
        self.history.push_back(what);
    }

    /// Something is not as it must be.
    pub fn violation(&mut self, kind: &str, details: &str) {
        let history: Vec<_> = self.history.iter().map(|line| format!("    {line}")).collect();
        let story = format!("  {details}\n  before, in {}:\n{}", self.name(), history.join("\n"));
        self.shared.oracle.violation(kind, &self.name(), &story);
        self.lost = true;
    }

    /// Works until the end.
    pub fn run(mut self) {
        loop {
            match self.shared.phase() {
                Phase::Run if self.lost => std::thread::sleep(PAUSE),
                Phase::Run => {
                    self.break_if_told();
                    self.fill();
                    self.receive();
                }
                Phase::Park => self.park(),
                Phase::End => return,
            }
        }
    }

    /// Waits for all replies and for all others; looks whether all is as it should be; waits for what comes next.
    fn park(&mut self) {
        while !self.pending.is_empty() {
            self.receive();
        }
        self.sabotage_if_told();
        self.shared.gate.wait();
        if !self.lost {
            self.verify();
        }
        self.shared.gate.wait();
        self.shared.gate.wait();
    }

    fn break_if_told(&mut self) {
        let breaks = self.shared.breaks.load(Ordering::Acquire);
        if breaks != self.breaks {
            self.breaks = breaks;
            self.come_back();
        }
    }

    /// Gives up a lock that the oracle goes on to believe in: a fault that it must find.
    fn sabotage_if_told(&mut self) {
        if self.shared.saboteur.load(Ordering::Acquire) != self.id as u64 + 1 {
            return;
        }
        let oracle = &self.shared.oracle;
        let alone = |extent: &Extent| extent.kind == LockKind::Write;
        let held =
            |file: usize, locker: usize| oracle.locks(file).held_by((self.id, locker)).iter().any(alone);
        let victim = self.lockers.iter().enumerate().find_map(|(index, locker)| {
            let open = &self.opens[locker.open?];
            held(open.file, index).then(|| (open.file, locker.owner.clone(), locker.stateid))
        });
        let Some((file, mut owner, Some(stateid))) = victim else { return };
        let filehandle = self.shared.files[file].filehandle.clone();
        owner.set_stateid(&filehandle, stateid);
        // Whatever comes of it.
        let _ = self.client.unlock(&filehandle, &mut owner, write_lock(0, u64::MAX));
    }

    /// Sends requests until enough are in flight.
    fn fill(&mut self) {
        while self.pending.len() < WINDOW && !self.lost {
            let Some(action) = self.choose() else { return };
            if let Err(error) = self.begin(action) {
                return self.failed(error);
            }
        }
    }

    /// Takes one reply.
    pub fn receive(&mut self) {
        if self.pending.is_empty() {
            return std::thread::sleep(PAUSE);
        }
        if std::mem::take(&mut self.again) {
            std::thread::sleep(PAUSE);
            return self.come_back();
        }
        match self.client.connection.receive_any() {
            Ok(reply) => match reply.outcome {
                Ok(bytes) => self.answered(reply.xid, bytes),
                Err(refusal) => {
                    self.pending.remove(&reply.xid);
                    self.violation("a call is refused by RPC", &format!("{refusal:?}"));
                }
            },
            Err(error) => self.failed(error),
        }
    }

    /// What to do about a connection that failed.
    fn failed(&mut self, error: Error) {
        match error {
            Error::Io(_) | Error::Closed => self.come_back(),
            Error::Timeout => {
                let open: Vec<_> =
                    self.pending.values().map(|pending| format!("{:?}", pending.action)).collect();
                self.pending.clear();
                self.violation("a call is not answered", &open.join("; "));
            }
            other => {
                self.pending.clear();
                self.violation("a reply makes no sense", &other.to_string());
            }
        }
    }

    /// A reply has come.
    pub fn answered(&mut self, xid: u32, bytes: Vec<u8>) {
        let Some(pending) = self.pending.remove(&xid) else {
            return self.violation("a reply to no call", &format!("xid {xid:#x}"));
        };
        let reply = match CompoundReply::decode(&bytes) {
            Ok(reply) => reply,
            Err(error) => return self.violation("a reply makes no sense", &error.to_string()),
        };
        if pending.sent > 1 && is_later(&reply) {
            // Not before the next one is taken: this may be the middle of a reconnection.
            self.again = true;
            self.pending.insert(xid, pending);
            return;
        }
        let reply = match self.client.complete(&pending.call, reply) {
            Ok(reply) => reply,
            Err(error) => return self.violation("a reply makes no sense", &error.to_string()),
        };
        crate::oracle::Counts::add(&self.shared.oracle.counts.operations);
        self.judge(pending, reply, bytes);
    }

    /// The operations of a COMPOUND of its own that is no part of the load, and its reply.
    pub fn ask(
        &mut self,
        ops: &[lockhouse::xdr::generated::nfs4::nfs_argop4],
    ) -> Result<CompoundReply, Error> {
        // The slot has a last request that is not to be repeated.
        self.slots.remove(&0);
        self.client.compound(ops)
    }

    /// READ of nothing much, with this stateid: whether it is good.
    pub fn read_with(&mut self, file: usize, stateid: lockhouse::nfs4::Stateid) -> Result<Status, Error> {
        let filehandle = self.shared.files[file].filehandle.clone();
        Ok(self.ask(&[op::putfh(&filehandle), op::read(stateid, 0, 1)])?.status)
    }
}

/// Whether the server is still busy with what was sent before.
fn is_later(reply: &CompoundReply) -> bool {
    matches!(reply.status, Status::Delay | Status::Resource)
}
