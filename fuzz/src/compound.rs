//! COMPOUNDs of any bytes, one after the other, to a server of its own: it answers each with a well-formed result that
//! ends where the first operation failed, grants no two locks that exclude each other, calls clients as it should, and
//! does not grow beyond measure: when nobody has been heard of for long enough, nothing is left.
//!
//! Bytes: for each COMPOUND the time since the one before, the sender, the way (see [`Step`]), two bytes of length, and
//! the arguments. Files are found by name: their handles are different each time.

use super::callbacks::{Callbacks, Manner};
use lockhouse::compound::{Nfs, execute};
use lockhouse::files::{Backend, ExportSpec, HandleKind, Namespace, Secret};
use lockhouse::nfs4::{Caller, ConnectionId, Cred, Principal, Status, Time};
use lockhouse::state::{Census, Changes, ChannelAttrs, Config, Core, Start};
use lockhouse::xdr::decode;
use lockhouse::xdr::generated::nfs4::{COMPOUND4res, nfsstat4};
use lockhouse::xdr::{Encoder, Strict, limits};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// So many slices are enough for what a script can leave.
const ALARMS_MAX: usize = 100;

/// More COMPOUNDs of one input are not looked at.
const COMPOUNDS_MAX: usize = 64;
/// What a tree may hold: far less than the fuzzer's limit of memory.
const TREE_BYTES_MAX: u64 = 4 << 20;
/// A longer tag than the generated types take.
const TAG_BYTES_MAX: usize = 1024;
/// A result may be this long, and one READ longer.
const RESULT_BYTES_MAX: usize = (2 << 20) + limits::READ_BYTES_MAX as usize + 4096;
/// Connections that are there at a time.
const CONNECTIONS: usize = 4;
/// Slots that each session has, if its client wants so many.
const FEW_SLOTS: usize = 4;

/// One COMPOUND and what happens before it.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// Up to 127 the seconds since the step before, in which alarms are in time; from 128 so many minutes, and the alarm
    /// comes late.
    pub wait: u8,
    /// One of a few users, or with 255 nobody.
    pub sender: u8,
    /// Two bits: the connection. Three bits: what becomes of a call to a client; three bits: of which one.
    pub way: u8,
    /// `COMPOUND4args`, or bytes to answer a call with.
    pub args: &'a [u8],
}

impl<'a> Step<'a> {
    /// As it stands in an input.
    pub fn bytes(&self) -> Vec<u8> {
        let length = u16::try_from(self.args.len()).expect("a short COMPOUND");
        [&[self.wait, self.sender, self.way][..], &length.to_be_bytes(), self.args].concat()
    }

    fn read(input: &mut &'a [u8]) -> Option<Self> {
        let [wait, sender, way, high, low, rest @ ..] = *input else { return None };
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
        let (args, rest) = rest.split_at(length);
        *input = rest;
        Some(Self { wait: *wait, sender: *sender, way: *way, args })
    }

    fn way(&self) -> (usize, u8, usize) {
        (usize::from(self.way & 3), self.way >> 2 & 7, usize::from(self.way >> 5))
    }
}

/// A server, its clock and its clients' connections.
pub struct Server {
    nfs: Nfs,
    changes: Changes,
    now: Time,
    connections: [ConnectionId; CONNECTIONS],
    connections_issued: u64,
    callbacks: Callbacks,
}

fn config() -> Config {
    let default = Config::default();
    Config {
        states_per_client_max: 1000,
        clients_max: 8,
        sessions_per_client_max: 3,
        slots_max: 32,
        waiters_per_file_max: 6,
        courtesy: Duration::from_secs(3600),
        fore: ChannelAttrs { maxrequests: 16, ..default.fore },
        back: ChannelAttrs { maxrequests: 2, ..default.back },
        ..default
    }
}

impl Server {
    /// A new server with an empty tree.
    pub fn new() -> Self {
        let root = ExportSpec {
            name: String::new(),
            backend: Backend::Memory { bytes_max: TREE_BYTES_MAX },
            root_squash: false,
            handles: HandleKind::Auto,
            names: lockhouse::files::NameRule::Bytes,
        };
        let secret = Secret::ephemeral().expect("random bytes");
        let files = Namespace::new(&[root], &secret, Path::new("/nonexistent")).expect("a tree in memory");
        let start = Start { epoch: 1, seed: 1, recorded: BTreeSet::new(), now: Duration::ZERO };
        Self {
            nfs: Nfs::new(Arc::new(files), Core::new(config(), start), [1; 8], b"fuzzed"),
            changes: Changes::default(),
            now: Duration::ZERO,
            connections: std::array::from_fn(|index| ConnectionId(index as u64 + 1)),
            connections_issued: CONNECTIONS as u64,
            callbacks: Callbacks::default(),
        }
    }

    /// Takes a step. Answers the result of its COMPOUND; `None` when there is none, or a very long one.
    pub fn step(&mut self, step: &Step<'_>) -> Option<COMPOUND4res> {
        self.pass(step.wait);
        let (connection, fate, which) = step.way();
        let mut answer = |manner| self.callbacks.answer(&self.nfs, self.now, which, manner);
        match fate {
            1 => answer(Manner::Answer(Status::Ok)),
            2 => answer(Manner::Answer(Status::BadHandle)),
            3 => answer(Manner::Deny),
            4 => self.lose(connection),
            5 => answer(Manner::Elsewhere),
            6 => self.callbacks.answer_with(&self.nfs, self.now, which, step.args),
            7 => answer(Manner::Twice),
            _ => {}
        }
        let result = (fate != 6).then(|| self.send(step, self.connections[connection])).flatten();
        if let (0, 1, Some(result)) = (fate, which, &result) {
            self.send_again(step, self.connections[connection], result);
        }
        self.commit();
        result
    }

    /// How many calls clients have not answered yet.
    pub fn calls(&self) -> usize {
        self.callbacks.count()
    }

    /// Time passes.
    fn pass(&mut self, wait: u8) {
        let late = wait > 127;
        let until = self.now + Duration::from_secs(u64::from(wait & 127) * if late { 60 } else { 1 });
        while !late && self.nfs.core().next_alarm() <= until {
            self.now = self.nfs.core().next_alarm().max(self.now);
            self.alarm();
        }
        self.now = until;
    }

    /// What is due is done in a few slices, or the server would never come to rest.
    fn alarm(&mut self) {
        let mut next = self.now;
        for _ in 0..ALARMS_MAX {
            self.nfs.core().on_alarm(self.now);
            next = self.nfs.core().next_alarm();
            if next > self.now {
                break;
            }
        }
        assert!(next > self.now, "an alarm at {:?} wants to be called at {next:?}", self.now);
        self.commit();
    }

    fn lose(&mut self, connection: usize) {
        self.callbacks.lose(&self.nfs, self.connections[connection]);
        self.connections_issued += 1;
        self.connections[connection] = ConnectionId(self.connections_issued);
    }

    fn send(&mut self, step: &Step<'_>, connection: ConnectionId) -> Option<COMPOUND4res> {
        let uid = u32::from(step.sender % 3);
        let (principal, cred) = match step.sender {
            u8::MAX => (Principal::None, Cred::nobody()),
            _ => (Principal::Sys { uid }, Cred { uid, gid: uid, groups: Default::default() }),
        };
        let mut out = Encoder::new();
        let caller = Caller { principal, cred, now: self.now, connection, nonblocking: false };
        let done = execute(&self.nfs, &caller, step.args, &mut out);
        assert!(out.len() <= RESULT_BYTES_MAX, "a result of {} bytes", out.len());
        if self.nfs.core().next_alarm() <= self.now {
            self.alarm();
        }
        let long_tag = decode::compound_head(step.args).is_ok_and(|(_, head)| head.tag.len() > TAG_BYTES_MAX);
        done.ok().filter(|()| !long_tag).map(|()| check(out.as_bytes()))
    }

    /// A retry in a slot that keeps its replies gets the same reply, unless it took its own session away.
    fn send_again(&mut self, step: &Step<'_>, connection: ConnectionId, result: &COMPOUND4res) {
        let sequenced = result.resarray.first().is_some_and(|first| status(first) == 0);
        if !sequenced || !is_kept(step.args) {
            return;
        }
        let again = self.send(step, connection).expect("as short as before");
        let gone = again.status == nfsstat4::NFS4ERR_BADSESSION;
        assert!(gone || again == *result, "not the same to a retry: {again:?} after {result:?}");
    }

    /// What the shell does after each command; and what must hold then.
    fn commit(&mut self) {
        self.nfs.core().take_changes(&mut self.changes);
        let closed = self.nfs.core().take_closed();
        self.nfs.release(closed);
        let calls = self.nfs.core().take_callbacks(self.now);
        let slots = config().back.maxrequests;
        calls.into_iter().for_each(|call| self.callbacks.take(call, slots));
        self.check_bounds();
        self.check_locks();
    }

    fn check_bounds(&self) {
        let (now, config) = (self.nfs.core().census(), config());
        // A client that introduces itself again is there twice until it confirms.
        assert!(now.clients <= 2 * config.clients_max, "{now:?}");
        assert!(now.sessions <= now.clients * config.sessions_per_client_max, "{now:?}");
        assert!(now.slots <= config.slots_max as usize + FEW_SLOTS * now.sessions, "{now:?}");
        assert!(now.callbacks <= now.sessions * config.back.maxrequests as usize, "{now:?}");
        assert!(now.callbacks <= self.callbacks.count(), "{now:?}");
        assert!(now.waiters_of_a_file <= config.waiters_per_file_max, "{now:?}");
        assert!(now.unsent <= now.waiters, "{now:?}");
    }

    /// No two locks exclude each other.
    fn check_locks(&self) {
        let core = self.nfs.core();
        let held: Vec<_> = core.held().collect();
        for (index, (fh, one)) in held.iter().enumerate() {
            for (_, other) in held[..index].iter().filter(|(other, _)| other == fh) {
                let excludes = one.owner != other.owner && one.kind.conflicts(other.kind);
                assert!(!excludes || !one.range.overlaps(other.range), "{one:?} and {other:?}");
            }
        }
    }

    /// Nobody is heard of any more: everything goes.
    pub fn end(&mut self) {
        for wait in [255, 255, 127] {
            self.pass(wait);
            self.alarm();
        }
        let left = self.nfs.core().census();
        assert_eq!(left, Census::default(), "left behind");
    }
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether the COMPOUND begins with a SEQUENCE that wants its reply kept.
fn is_kept(args: &[u8]) -> bool {
    let Ok((rest, head)) = decode::compound_head(args) else { return false };
    let Ok((rest, 53)) = decode::u32_(rest) else { return false };
    head.minorversion > 0 && decode::sequence(rest).is_ok_and(|(_, args)| args.cachethis)
}

/// A result is well-formed, and its status is that of its last operation; only that one may have failed.
fn check(bytes: &[u8]) -> COMPOUND4res {
    let result: COMPOUND4res = Strict::whole(bytes).expect("a result that the client can read");
    let mut again = Encoder::new();
    again.pack(&result).expect("within limits");
    assert_eq!(again.as_bytes(), bytes, "not the same when written again");
    let statuses: Vec<u32> = result.resarray.iter().map(status).collect();
    if let Some((last, before)) = statuses.split_last() {
        assert_eq!(*last, result.status as u32);
        assert!(before.iter().all(|status| *status == nfsstat4::NFS4_OK as u32));
    }
    result
}

/// The status of an operation's result: the word behind its number.
fn status(result: &lockhouse::xdr::generated::nfs4::nfs_resop4) -> u32 {
    let mut out = Encoder::new();
    out.pack(result).expect("within limits");
    let word = out.as_bytes().get(4..8).and_then(|word| word.first_chunk()).expect("a status");
    u32::from_be_bytes(*word)
}

/// Judges an input.
pub fn run(bytes: &[u8]) {
    let mut server = Server::new();
    let mut rest = bytes;
    for _ in 0..COMPOUNDS_MAX {
        let Some(step) = Step::read(&mut rest) else { break };
        server.step(&step);
    }
    server.end();
}
