//! What the cases about restarts have in common: locks of every kind, and how they are seen to be there still.

use std::time::Duration;

use rustix::io::Errno;

use super::exclusion::{finish_counting, start_counting};
use super::{granted, refused};
use crate::host::guest::Guest;
use crate::host::link::Pending;
use crate::host::own::{End, Machine};
use crate::host::stage::{Stage, until};
use crate::host::worker::Api::{OpenFile, Posix};
use crate::host::worker::Kind::{Read, Write};
use crate::host::worker::{Api, Bytes, Fd, Kind, Outcome, Worker, finish, finish_within};

/// How a program asks for a lock.
#[derive(Clone, Copy)]
enum Way {
    Fcntl(Api),
    Flock,
}

/// A lock of every kind, each on a file of its own.
const LOCKS: &[(&str, Way, Kind, Bytes)] = &[
    ("fcntl-write", Way::Fcntl(Posix), Write, Bytes { first: 10, last: 19 }),
    ("fcntl-read", Way::Fcntl(Posix), Read, Bytes { first: 100, last: i64::MAX }),
    ("ofd-write", Way::Fcntl(OpenFile), Write, Bytes { first: 0, last: 0 }),
    ("ofd-read", Way::Fcntl(OpenFile), Read, Bytes { first: 1 << 40, last: (1 << 40) + 9 }),
    ("flock-ex", Way::Flock, Write, Bytes { first: 0, last: i64::MAX }),
    ("flock-sh", Way::Flock, Read, Bytes { first: 0, last: i64::MAX }),
];

impl Way {
    fn ask(self, worker: &Worker, file: Fd, kind: Kind, bytes: Bytes) -> Pending {
        match (self, kind) {
            (Way::Fcntl(api), _) => worker.start_lock_by(api, file, kind, bytes),
            (Way::Flock, Read) => worker.start_on(file, "flock", "sh set"),
            (Way::Flock, Write) => worker.start_on(file, "flock", "ex set"),
        }
    }
}

/// One lock, and a process of the other client that wants to have it.
struct Claim {
    way: Way,
    kind: Kind,
    bytes: Bytes,
    held: Fd,
    rival: Worker,
    wanted: Fd,
}

/// Locks of every kind that one process holds.
pub struct Claims {
    holder: Worker,
    claims: Vec<Claim>,
}

impl Claims {
    /// A process of `holder` takes the locks, on files that are called `name` and something; rivals are on `rival`.
    #[track_caller]
    pub fn take(stage: &Stage<'_>, name: &str, holder: &Guest, rival: &Guest) -> Self {
        let holder = holder.worker();
        let mut claims = Vec::new();
        for (suffix, way, kind, bytes) in LOCKS.iter().copied() {
            let path = stage.file(&format!("{name}-{suffix}"));
            let held = holder.open(&path, "rw");
            granted(finish(way.ask(&holder, held, kind, bytes)).map(drop));
            let rival = rival.worker();
            let wanted = rival.open(&path, "rw");
            claims.push(Claim { way, kind, bytes, held, rival, wanted });
        }
        Self { holder, claims }
    }

    /// All rivals ask at the same time for what they must not get; each would take it if it could.
    pub fn challenge(&self) -> Vec<Pending> {
        let ask = |claim: &Claim| {
            let kind = if claim.kind == Read { Write } else { Read };
            claim.way.ask(&claim.rival, claim.wanted, kind, claim.bytes)
        };
        self.claims.iter().map(ask).collect()
    }

    /// The locks are held: rivals are refused within `limit`, and the holder's I/O under each, which Linux fails when it
    /// knows that the lock is lost, goes through.
    #[track_caller]
    pub fn are_held(&self, limit: Duration) {
        refuse_all(self.challenge(), limit);
        self.allow_io();
    }

    /// The holder's I/O under each lock goes through. After a restart this is also what makes its client notice, and
    /// recover everything.
    #[track_caller]
    pub fn allow_io(&self) {
        for claim in &self.claims {
            assert_eq!(write_through(&self.holder, claim.held), Ok(()), "I/O under a lock");
        }
    }

    /// The holder closes its files, and every rival gets what it wants.
    #[track_caller]
    pub fn give_up(self) {
        for claim in &self.claims {
            self.holder.close(claim.held);
        }
        for pending in self.challenge() {
            granted(finish(pending).map(drop));
        }
    }
}

/// Every one of them must be refused, not just unanswered, within `limit`.
#[track_caller]
pub fn refuse_all(challenges: Vec<Pending>, limit: Duration) {
    for challenge in challenges {
        refused(finish_within(challenge, limit).map(drop));
    }
}

/// Writes and lets the server have it.
#[track_caller]
pub fn write_through(worker: &Worker, file: Fd) -> Outcome<()> {
    worker.on(file, "write", "0 written")?;
    worker.on(file, "sync", "").map(drop)
}

/// A lock that the server has forgotten, and of which the client knows that: I/O under it fails.
#[track_caller]
pub fn is_lost(stage: &Stage<'_>, guest: &Guest, worker: &Worker, file: Fd) {
    assert_eq!(write_through(worker, file), Err(Errno::IO), "I/O under a lost lock");
    stage.expect_lost(guest);
}

/// Ends the server and starts it again.
#[track_caller]
pub fn restart(stage: &Stage<'_>, end: End, machine: Machine) {
    stage.end_server(end);
    stage.start_server(machine);
}

/// A process of `guest` opens and locks a file that nobody knows, within `limit`. In a grace period that waits for the
/// end of it.
#[track_caller]
pub fn new_lock(stage: &Stage<'_>, guest: &Guest, limit: Duration) {
    let worker = guest.worker();
    let path = stage.path(&format!("new-{}", worker.pid));
    let answer = finish_within(worker.start(&format!("open {path} rwc")), limit).expect("opened");
    let file = Fd::numbered(&answer);
    granted(finish_within(worker.start_lock_by(Posix, file, Write, 0..), limit).map(drop));
    worker.close(file);
}

/// Four processes of both clients count up a file under a lock while the server is killed `times` times.
#[track_caller]
pub fn count_through(stage: &Stage<'_>, how: &str, count: u32, times: u32, machine: Machine) {
    let path = stage.path(how);
    let on_host = stage.host_path(how).expect("the server is ours");
    let running = start_counting(stage, how, &path, count);
    let sum = count * 4;
    for turn in 1..=times {
        let reached = || std::fs::read_to_string(&on_host).ok()?.trim().parse::<u32>().ok();
        until("counting goes on", || reached().is_some_and(|number| number >= sum * turn / (times + 1)));
        restart(stage, End::Kill, machine);
    }
    finish_counting(stage, running, &path, sum);
}
