//! COMPOUNDs of any octets, one after the other, to a server of its own: it answers each with a well-formed result that
//! ends where the first operation failed, and does not grow beyond measure.
//!
//! Octets: for each COMPOUND the seconds since the one before, the sender, two octets of length, and the arguments.
//! Files are found by name: their handles are different each time.

use lockhouse::compound::{Caller, Nfs, execute};
use lockhouse::files::{Backend, Cred, ExportSpec, HandleKind, Namespace, Secret};
use lockhouse::nfs4::{ConnectionId, Principal, Time};
use lockhouse::state::{Config, Core, Start};
use lockhouse::xdr::generated::nfs4::{COMPOUND4res, nfsstat4};
use lockhouse::xdr::{Encoder, Strict};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// More COMPOUNDs of one input are not looked at.
const COMPOUNDS_MAX: usize = 64;
/// What a tree may hold: far less than the fuzzer's limit of memory.
const TREE_BYTES_MAX: u64 = 4 << 20;
/// A result may be this long, and one READ longer.
const RESULT_BYTES_MAX: usize = (2 << 20) + (1 << 20) + 4096;

/// A server and its clock.
pub struct Session {
    nfs: Nfs,
    now: Time,
}

impl Session {
    /// A new server with an empty tree.
    pub fn new() -> Self {
        let root = ExportSpec {
            name: String::new(),
            backend: Backend::Memory { bytes_max: TREE_BYTES_MAX },
            root_squash: false,
            handles: HandleKind::Auto,
        };
        let secret = Secret::ephemeral().expect("random octets");
        let files = Namespace::new(&[root], &secret, Path::new("/nonexistent")).expect("a tree in memory");
        let start = Start { epoch: 1, seed: 1, recorded: BTreeSet::new(), now: Duration::ZERO };
        let config = Config { states_per_client_max: 1000, ..Config::default() };
        Self {
            nfs: Nfs::new(Arc::new(files), Core::new(config, start), [1; 8], b"fuzzed"),
            now: Duration::ZERO,
        }
    }

    /// Executes one COMPOUND, `seconds` after the last, for one of a few senders. Answers its result; `None` when it is
    /// no COMPOUND at all.
    pub fn send(&mut self, seconds: u8, sender: u8, args: &[u8]) -> Option<COMPOUND4res> {
        self.now += Duration::from_secs(u64::from(seconds));
        let uid = u32::from(sender % 3);
        let (principal, cred) = match sender {
            u8::MAX => (Principal::None, Cred::nobody()),
            _ => (Principal::Sys { uid }, Cred { uid, gid: uid, groups: Default::default() }),
        };
        let mut out = Encoder::new();
        let done = execute(
            &self.nfs,
            &Caller { principal, cred, now: self.now, connection: ConnectionId(1) },
            args,
            &mut out,
        );
        self.nfs.take_changes();
        if self.nfs.core().next_alarm() <= self.now {
            self.nfs.core().on_alarm(self.now);
        }
        assert!(out.len() <= RESULT_BYTES_MAX, "a result of {} octets", out.len());
        done.ok().map(|()| check(out.as_bytes()))
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

/// A result is well-formed, and its status is that of its last operation; only that one may have failed.
fn check(octets: &[u8]) -> COMPOUND4res {
    let result: COMPOUND4res = Strict::whole(octets).expect("a result that the client can read");
    let mut again = Encoder::new();
    again.pack(&result).expect("within limits");
    assert_eq!(again.as_bytes(), octets, "not the same when written again");
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
pub fn run(octets: &[u8]) {
    let mut session = Session::new();
    let mut rest = octets;
    for _ in 0..COMPOUNDS_MAX {
        let [seconds, sender, high, low, args @ ..] = rest else { return };
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(args.len());
        let (args, after) = args.split_at(length);
        session.send(*seconds, *sender, args);
        rest = after;
    }
}
