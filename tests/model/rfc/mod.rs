//! What RFC 7530 says about clients, opens and locks, written down as simply as it can be said: lists that are searched
//! from end to end, and for each byte of a file who holds it.
//!
//! A [`Run`] gives each [`Op`] of a script to the core and its reply to the [`Model`], which knows what the reply may be.
//! Where the RFC leaves a choice to the server (a client whose lease ran out, the fairness of waiting), the model takes
//! any choice that it allows and goes on from there. Now and then the server is killed and comes back.

mod clients;
mod command;
pub mod kept;
mod locks;
mod op;
mod opens;
mod restart;

pub use command::{Command, Locker, Reply};
pub use op::Op;

use kept::Kept;
use lockhouse::nfs4::{ClientId, LockKind, Range, Stateid, Status, Verifier};
use lockhouse::state::{ClientChange, Config, Core, Start};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Bytes of a file that the scripts use; the last one stands for all bytes up to the end.
pub const CELLS: usize = 24;
/// Seconds of the lease, and until a silent client is forgotten.
const LEASE: u64 = 90;
const COURTESY: u64 = 400;

/// A client as `nfs_client_id4` names it, confirmed at some time.
#[derive(Debug)]
struct Client {
    name: u8,
    boot: u8,
    principal: u32,
    id: ClientId,
    confirm: Verifier,
    renewed: u64,
    /// Its state was taken away.
    expired: bool,
}

/// A SETCLIENTID that was not confirmed yet.
#[derive(Debug)]
struct Pending {
    name: u8,
    boot: u8,
    principal: u32,
    id: ClientId,
    confirm: Verifier,
    since: u64,
}

/// The last request that an owner numbered, and the reply to it.
type Last = Option<(u32, Command, Reply)>;

#[derive(Debug)]
struct OpenOwner {
    client: ClientId,
    name: u8,
    confirmed: bool,
    last: Last,
    last_used: u64,
}

#[derive(Debug)]
struct Open {
    client: ClientId,
    owner: u8,
    file: u8,
    /// Its current version.
    stateid: Stateid,
    /// The (access, deny) pairs that make it up.
    asked: Vec<(u32, u32)>,
    /// It was closed last of its owner's, and is only known for the sake of a repeated CLOSE.
    closed: bool,
}

#[derive(Debug)]
struct LockOwner {
    client: ClientId,
    name: u8,
    last: Last,
    last_used: u64,
}

#[derive(Debug)]
struct Lock {
    client: ClientId,
    owner: u8,
    file: u8,
    stateid: Stateid,
    /// The `other` of the open that it came from.
    open: [u8; 12],
}

/// Who holds one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Holder {
    client: ClientId,
    owner: u8,
    kind: LockKind,
}

/// Somebody who was denied and said that it would wait.
#[derive(Debug)]
struct Wait {
    who: Holder,
    file: u8,
    cells: (usize, usize),
    polled: u64,
    open: [u8; 12],
}

/// Everything a server has to know.
#[derive(Debug, Default)]
pub struct Model {
    now: u64,
    /// How often the server was started again.
    restarts: u32,
    clients: Vec<Client>,
    pending: Vec<Pending>,
    open_owners: Vec<OpenOwner>,
    opens: Vec<Open>,
    lock_owners: Vec<LockOwner>,
    locks: Vec<Lock>,
    /// For each file and byte, all who hold it.
    bytes: Vec<Vec<Vec<Holder>>>,
    waits: Vec<Wait>,
    /// Names of the clients whose state the core said it took in the last command.
    taken: BTreeSet<u8>,
}

/// What the seqid of a request says.
enum Turn {
    Next,
    Again(Reply),
    Bad,
}

impl Turn {
    /// Nothing if it is the next request, else what it must be answered with.
    fn next(self) -> Result<(), Reply> {
        match self {
            Self::Next => Ok(()),
            Self::Again(reply) => Err(reply),
            Self::Bad => Err(Reply::Failed(Status::BadSeqid)),
        }
    }
}

impl Model {
    /// Whose turn a request of this client is: nothing if it is the next, else what it must be answered with.
    fn take_turn(&mut self, client: ClientId, turn: Turn) -> Result<(), Reply> {
        if matches!(turn, Turn::Again(_)) {
            self.heard(client);
        }
        turn.next()
    }
}

fn turn(last: &Last, seqid: u32, command: &Command) -> Turn {
    match last {
        Some((before, same, reply)) if *before == seqid && same == command => Turn::Again(reply.clone()),
        // A client need not count an OPEN that failed.
        Some((before, Command::Open { .. }, Reply::Failed(_))) if *before == seqid => Turn::Next,
        Some((before, _, _)) if before.wrapping_add(1) != seqid => Turn::Bad,
        _ => Turn::Next,
    }
}

/// Whether a request with this reply uses up its seqid (§9.1.7).
fn advances(reply: &Reply) -> bool {
    use Status::*;
    let exceptions =
        [StaleClientid, StaleStateid, BadStateid, BadSeqid, BadXdr, Resource, NoFilehandle, Moved];
    !matches!(reply, Reply::Failed(status) if exceptions.contains(status))
}

/// The bytes of a range by their place in the table.
fn cells(range: Range) -> (usize, usize) {
    let cell = |byte: u64| usize::try_from(byte).map_or(CELLS - 1, |byte| byte.min(CELLS - 1));
    (cell(range.first()), cell(range.last()))
}

impl Model {
    fn file(&mut self, file: u8) -> &mut Vec<Vec<Holder>> {
        let index = usize::from(file);
        if self.bytes.len() <= index {
            self.bytes.resize(index + 1, vec![Vec::new(); CELLS]);
        }
        &mut self.bytes[index]
    }

    /// The (clients, files with state) that the core must count.
    fn counts(&self) -> (usize, usize) {
        let files: BTreeSet<u8> =
            self.opens.iter().filter(|open| !open.closed).map(|open| open.file).collect();
        (self.clients.len() + self.pending.len(), files.len())
    }

    /// No byte is held by two owners unless both only read, and nobody holds what its client has no open for.
    fn check(&self) {
        for (file, bytes) in self.bytes.iter().enumerate() {
            for holders in bytes {
                let writers = holders.iter().filter(|holder| holder.kind == LockKind::Write).count();
                assert!(writers == 0 || holders.len() == 1, "a writer is not alone: {holders:?}");
                for holder in holders {
                    let open = |open: &Open| open.client == holder.client && usize::from(open.file) == file;
                    assert!(self.opens.iter().any(|o| open(o) && !o.closed), "{holder:?} without an open");
                }
            }
        }
        let live: Vec<&Open> = self.opens.iter().filter(|open| !open.closed).collect();
        for (index, one) in live.iter().enumerate() {
            for other in live[..index].iter().filter(|other| other.file == one.file) {
                assert!(one.access() & other.deny() == 0 && other.access() & one.deny() == 0);
            }
        }
    }

    /// Judges the reply to a command, and changes as the command says.
    fn judge(&mut self, command: &Command, reply: &Reply) {
        match command {
            Command::Setclientid { .. } => self.setclientid(command, reply),
            Command::Confirm { .. } => self.confirm(command, reply),
            Command::Renew { client } => {
                let want = self.find(*client).map_or_else(Reply::Failed, |()| Reply::Done);
                assert_eq!(*reply, want);
            }
            Command::Open { .. } => self.open(command, reply),
            Command::OpenConfirm { .. } | Command::Downgrade { .. } | Command::Close { .. } => {
                self.numbered(command, reply);
            }
            Command::Io { .. } => self.io(command, reply),
            Command::Lock { .. } => self.lock(command, reply),
            Command::Locku { .. } => self.locku(command, reply),
            Command::Lockt { .. } => self.lockt(command, reply),
            Command::Release { client, owner } => self.release(*client, *owner, reply),
        }
    }
}

/// A core and the model of it, side by side.
pub struct Run {
    core: Core,
    kept: Kept,
    model: Model,
    next_sweep: u64,
    /// All commands that an owner numbered, as they were sent.
    sent: Vec<Command>,
    seen: BTreeMap<(&'static str, &'static str), usize>,
    /// The lock generation of each file.
    generations: [u64; op::FILES as usize],
}

fn config() -> Config {
    let (lease, courtesy) = (Duration::from_secs(LEASE), Duration::from_secs(COURTESY));
    // So that a client that is gone is there for long.
    Config { lease, courtesy, slice: 1, ..Config::default() }
}

impl Default for Run {
    fn default() -> Self {
        let start = Start { epoch: op::EPOCH, seed: 1, recorded: BTreeSet::new(), now: Duration::ZERO };
        Self {
            core: Core::new(config(), start),
            kept: Kept::default(),
            model: Model::default(),
            next_sweep: LEASE,
            sent: Vec::new(),
            seen: BTreeMap::new(),
            generations: Default::default(),
        }
    }
}

impl Run {
    /// Plays one step of a script. Panics where the core does what the RFC does not allow.
    pub fn step(&mut self, op: &Op) {
        match op {
            Op::Tick(seconds) => self.model.now += u64::from(*seconds),
            Op::Alarm => self.alarm(),
            Op::Restart { open: None } => self.restart(None),
            Op::Restart { open: Some(bytes) } => {
                let open = Op::Send(op::Verb::Open, *bytes).command(&self.model);
                self.restart(Some(&open));
            }
            Op::Again(back) => {
                let index = self.sent.len().checked_sub(1 + usize::from(*back));
                if let Some(command) = index.map(|index| self.sent[index].clone()) {
                    self.send(&command);
                }
            }
            op => {
                let command = op.command(&self.model);
                self.send(&command);
                if command.is_numbered() {
                    self.sent.push(command);
                }
            }
        }
        self.model.check();
        self.model.check_locks();
        assert_eq!(self.core.counts(), self.model.counts());
        self.check_generations();
    }

    fn check_generations(&mut self) {
        for (file, before) in (0..).zip(&mut self.generations) {
            let generation = self.core.generation(&command::fh(file));
            assert!(generation >= *before, "the lock generation went back: {before:x} {generation:x}");
            *before = generation;
        }
    }

    fn send(&mut self, command: &Command) {
        let now = self.now();
        let reply = command.run(&mut self.core, now);
        self.model.taken = self.forgotten();
        self.model.judge(command, &reply);
        *self.seen.entry((command.name(), reply.name())).or_default() += 1;
    }

    /// Names of the clients that hold nothing any more, since the last call.
    fn forgotten(&mut self) -> BTreeSet<u8> {
        let forgotten = self.kept.take(&mut self.core).iter().filter_map(|change| match change {
            ClientChange::ClientForgotten(name) => name.first().copied(),
            ClientChange::ClientRecorded(_) => None,
        });
        forgotten.collect()
    }

    /// How often each command had each outcome, by their names; restarts too.
    pub fn seen(&self) -> &BTreeMap<(&'static str, &'static str), usize> {
        &self.seen
    }

    fn now(&self) -> Duration {
        Duration::from_secs(self.model.now)
    }

    fn alarm(&mut self) {
        let now = self.now();
        let mut forgotten = BTreeSet::new();
        if self.core.next_alarm() <= now {
            self.core.on_alarm(now);
            forgotten = self.forgotten();
        }
        self.model.end_leases(&forgotten);
        // The other alarms are about waiters, of which this model knows nothing.
        if self.next_sweep <= self.model.now {
            self.next_sweep = self.model.now + LEASE / 2;
            self.model.sweep();
        }
        for name in forgotten {
            assert!(self.model.current(name).is_none_or(|client| !self.model.has_state(client.id)), "{name}");
        }
    }
}
