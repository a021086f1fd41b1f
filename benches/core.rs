//! What one more lock costs in a file that already holds a thousand or a million others: through the state core, through
//! encoded COMPOUNDs, and as processor time of a whole request, from the client's side of a TCP connection and back.
//!
//! `random` goes to another part of the file each time, so that nothing it needs is in a cache; `near` stays among twenty
//! neighbouring ranges, as a program does that works its way through a file. At the end a line for each compares the
//! two sizes.

#![allow(missing_docs, reason = "criterion's macros make public functions")]

use criterion::Criterion;
use lockhouse::compound::{self, Nfs, execute};
use lockhouse::files::{CreateFileRequest, CreateMode, Namespace, SetAttr};
use lockhouse::nfs4::{
    Caller, Class, ClientId, ConnectionId, Cred, Filehandle, LockKind, Principal, Range, ShareAccess,
    ShareDeny, Stateid, Time,
};
use lockhouse::rpc::{self, GarbageArgs, Service};
use lockhouse::state::{
    Callback, Config, Core, LockCommand, LockReply, Locker, Numbered, OpenBegin, OpenCommit, OpenEffects,
    OpenTurn, SetClientid, Start,
};
use lockhouse::transport::{self, Limits};
use lockhouse::xdr::Encoder;
use rustix::time::{ClockId, clock_gettime};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::{Arc, mpsc};
use std::time::Duration;

const NOW: Time = Duration::from_secs(1);
const ROOT: Principal = Principal::Sys { uid: 0 };
/// From one held range to the next: ten bytes are held, the rest is free.
const STRIDE: u64 = 100;
/// Locks on the file: as few, and as many as are compared.
const FEW: u64 = 1_000;
const MANY: u64 = 1_000_000;
/// As many when criterion only wants to see that it runs.
const MANY_IN_A_TEST: u64 = 2_000;

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 32) * end) >> 32
    }
}

/// Where the next request goes.
struct Places {
    held: u64,
    near: bool,
    dice: Dice,
    next: u64,
}

impl Places {
    /// The number of a held range.
    fn next(&mut self) -> u64 {
        self.next = (self.next + 1) % 20;
        if self.near { self.held / 2 + self.next } else { self.dice.below(self.held) }
    }
}

/// A lock_owner that has a lock stateid, and its next seqid.
#[derive(Clone, Copy)]
struct Owner {
    stateid: Stateid,
    seqid: u32,
}

/// A server with one file open by two clients: one that holds all the locks, and one that asks.
struct Server {
    nfs: Arc<Nfs>,
    fh: Filehandle,
    caller: ClientId,
    owner: Owner,
    /// A second owner's requests go through encoded COMPOUNDs.
    remote: Remote,
    held: u64,
}

/// Encoded requests, in which only a few words change.
struct Remote {
    owner: Owner,
    lock: Vec<u8>,
    locku: Vec<u8>,
    lockt: Vec<u8>,
    reply: Vec<u8>,
    /// Where they go, if over a connection.
    wire: Option<TcpStream>,
}

fn range(first: u64) -> Range {
    Range::new(first, first + 9).unwrap_or(Range::WHOLE)
}

fn client(core: &mut Core, name: &[u8]) -> ClientId {
    let args = SetClientid { name, verifier: [1; 8], principal: ROOT, callback: Callback::default() };
    let (id, confirm) = core.setclientid(NOW, args).expect("a new client");
    core.setclientid_confirm(NOW, id, confirm, ROOT).expect("confirmed");
    id
}

/// OPEN, OPEN_CONFIRM: an open stateid.
fn open(core: &mut Core, clientid: ClientId, fh: &Filehandle) -> Stateid {
    let begin = OpenBegin { clientid, owner: b"opener", seqid: 1, request: 1, reclaim: false };
    let Ok(OpenTurn::Go(ticket)) = core.open_begin(NOW, begin) else { panic!("OPEN is refused") };
    let commit = OpenCommit {
        fh: fh.clone(),
        access: ShareAccess::BOTH,
        deny: ShareDeny::NONE,
        principal: ROOT,
        effects: OpenEffects::default(),
    };
    let opened = core.open_commit(NOW, ticket, commit).expect("opened");
    let confirm = Numbered { fh, stateid: opened.stateid, seqid: 2, request: 2 };
    core.open_confirm(NOW, confirm).expect("confirmed")
}

/// LOCK: as a new locker, or again.
fn lock(core: &mut Core, fh: &Filehandle, locker: Locker<'_>, range: Range, request: u64) -> Stateid {
    let (kind, blocking, reclaim) = (LockKind::Write, false, false);
    let command = LockCommand { fh, range: Some(range), kind, blocking, reclaim, locker, request };
    match core.lock(NOW, &command) {
        LockReply::Granted(stateid) => stateid,
        other => panic!("{other:?}"),
    }
}

/// The first LOCK of the owner with this number under an open; it is the open_owner's request `3 + number`.
fn new_owner(core: &mut Core, fh: &Filehandle, open: Stateid, number: u32, range: Range) -> Owner {
    let name = number.to_be_bytes();
    let clientid = open.clientid();
    let (open_seqid, owner) = (3 + number, &name[..]);
    let locker = Locker::New { open_stateid: open, open_seqid, clientid, owner, lock_seqid: 0 };
    Owner { stateid: lock(core, fh, locker, range, 0), seqid: 1 }
}

impl Owner {
    fn lock(&mut self, core: &mut Core, fh: &Filehandle, range: Range) {
        let locker = Locker::Existing { lock_stateid: self.stateid, lock_seqid: self.seqid };
        self.stateid = lock(core, fh, locker, range, u64::from(self.seqid));
        self.seqid += 1;
    }

    fn unlock(&mut self, core: &mut Core, fh: &Filehandle, range: Range) {
        let request = u64::from(self.seqid);
        let unlocked = core.locku(NOW, fh, self.stateid, self.seqid, Some(range), request);
        self.stateid = unlocked.expect("unlocked");
        self.seqid += 1;
    }
}

impl Server {
    /// With `held` ranges of `owners` in turn.
    fn new(held: u64, owners: u64) -> Self {
        let files = Namespace::memory().expect("a tree in memory");
        let root = files.root();
        let cred = Cred { uid: 0, gid: 0, groups: Default::default() };
        let made = files.call(
            &root,
            CreateFileRequest {
                cred: &cred,
                name: b"f",
                mode: CreateMode::Unchecked,
                set: &SetAttr::default(),
            },
        );
        let fh = made.expect("a file").object;
        let start = Start { epoch: 1, seed: 1, recorded: Default::default(), now: NOW };
        let mut core = Core::new(Config::default(), start);
        let (holder, caller) = (client(&mut core, b"holder"), client(&mut core, b"caller"));
        let opened = open(&mut core, holder, &fh);
        let mut holders: Vec<Owner> = Vec::new();
        for number in 0..held {
            let range = range(number * STRIDE);
            match holders.get_mut((number % owners) as usize) {
                Some(owner) => owner.lock(&mut core, &fh, range),
                None => holders.push(new_owner(&mut core, &fh, opened, number as u32, range)),
            }
        }
        let opened = open(&mut core, caller, &fh);
        let mut asking = |number| {
            let mut owner = new_owner(&mut core, &fh, opened, number, range(50));
            owner.unlock(&mut core, &fh, Range::WHOLE);
            owner
        };
        let (owner, other) = (asking(0), asking(1));
        let remote = Remote::new(&fh, caller, other);
        Self {
            nfs: Arc::new(Nfs::new(Arc::new(files), core, [1; 8], b"benched")),
            fh,
            caller,
            owner,
            remote,
            held,
        }
    }

    fn places(&self, near: bool) -> Places {
        Places { held: self.held, near, dice: Dice(2), next: 0 }
    }

    /// LOCK and LOCKU of free bytes behind the held range with this number.
    fn lock_and_unlock(&mut self, number: u64) {
        let range = range(number * STRIDE + 50);
        self.owner.lock(&mut self.nfs.core(), &self.fh, range);
        self.owner.unlock(&mut self.nfs.core(), &self.fh, range);
    }

    /// LOCKT of bytes that are held, or of free ones behind them.
    fn test(&mut self, number: u64, hit: bool) {
        let range = range(number * STRIDE + if hit { 0 } else { 50 });
        let write = LockKind::Write;
        let denied = self.nfs.core().lockt(NOW, &self.fh, self.caller, b"tester", Some(range), write);
        assert_eq!(denied.map(|denied| denied.is_some()), Ok(hit));
    }
}

/// A COMPOUND of PUTFH and one more operation.
fn compound(fh: &Filehandle, op: u32, write: impl FnOnce(&mut Encoder)) -> Vec<u8> {
    let mut args = Encoder::new();
    args.opaque(b"");
    args.u32(0);
    args.u32(2);
    args.u32(22);
    args.opaque(fh.as_bytes());
    args.u32(op);
    write(&mut args);
    args.into_vec()
}

/// Writes `words` over those that end `before_end` bytes before the end.
fn patch(args: &mut [u8], before_end: usize, bytes: &[u8]) {
    let end = args.len() - before_end;
    args[end - bytes.len()..end].copy_from_slice(bytes);
}

impl Remote {
    fn new(fh: &Filehandle, caller: ClientId, owner: Owner) -> Self {
        let lock = compound(fh, 12, |args| {
            [2, 0, 0, 0, 0, 10, 0].into_iter().for_each(|word| args.u32(word));
            args.stateid(&owner.stateid);
            args.u32(0);
        });
        let locku = compound(fh, 14, |args| {
            [2, 0].into_iter().for_each(|word| args.u32(word));
            args.stateid(&owner.stateid);
            [0, 0, 0, 10].into_iter().for_each(|word| args.u32(word));
        });
        let lockt = compound(fh, 13, |args| {
            [2, 0, 0, 0, 10].into_iter().for_each(|word| args.u32(word));
            args.u64(caller.0);
            args.opaque(b"tester..");
        });
        Self { owner, lock, locku, lockt, reply: Vec::new(), wire: None }
    }
}

impl Server {
    fn execute(&mut self, caller: &Caller, request: fn(&Remote) -> &[u8]) -> u32 {
        let mut out = Encoder::on(std::mem::take(&mut self.remote.reply));
        out.truncate(0);
        if let Some(wire) = &self.remote.wire {
            self.remote.reply = call(wire, request(&self.remote), out.into_vec()).expect("a reply");
            return word(&self.remote.reply, 0);
        }
        assert!(execute(&self.nfs, caller, request(&self.remote), &mut out).is_ok());
        self.remote.reply = out.into_vec();
        word(&self.remote.reply, 0)
    }

    /// The stateid at the end of the reply is the owner's next.
    fn take_stateid(&mut self) {
        let reply = &self.remote.reply;
        self.remote.owner.stateid.seqid = word(reply, reply.len() - 16);
        self.remote.owner.seqid += 1;
    }

    fn remote_lock_and_unlock(&mut self, caller: &Caller, number: u64) {
        let offset = (number * STRIDE + 50).to_be_bytes();
        // PUTFH4args end, then: type, reclaim, offset, length, FALSE, stateid, seqid.
        patch(&mut self.remote.lock, 32, &offset);
        patch(&mut self.remote.lock, 16, &self.remote.owner.stateid.seqid.to_be_bytes());
        patch(&mut self.remote.lock, 0, &self.remote.owner.seqid.to_be_bytes());
        assert_eq!(self.execute(caller, |remote| &remote.lock), 0);
        self.take_stateid();
        // Type, seqid, stateid, offset, length.
        patch(&mut self.remote.locku, 8, &offset);
        patch(&mut self.remote.locku, 28, &self.remote.owner.stateid.seqid.to_be_bytes());
        patch(&mut self.remote.locku, 32, &self.remote.owner.seqid.to_be_bytes());
        assert_eq!(self.execute(caller, |remote| &remote.locku), 0);
        self.take_stateid();
    }

    fn remote_test(&mut self, caller: &Caller, number: u64, hit: bool) {
        let offset = number * STRIDE + if hit { 0 } else { 50 };
        // Type, offset, length, clientid, owner of eight bytes.
        patch(&mut self.remote.lockt, 28, &offset.to_be_bytes());
        let denied = 10010;
        assert_eq!(self.execute(caller, |remote| &remote.lockt), if hit { denied } else { 0 });
    }
}

/// What is in front of the arguments of a COMPOUND: record mark, call, AUTH_SYS of user 0, no verifier.
const CALL: [u32; 16] = [0, 1, 0, 2, 100_003, 4, 1, 1, 20, 0, 0, 0, 0, 0, 0, 0];
/// Bytes in front of its result: record mark, reply, accepted, no verifier, success.
const REPLY_HEAD_BYTES: usize = 28;

/// One call and its reply, of which the result is written over `reply`.
fn call(mut wire: &TcpStream, args: &[u8], mut reply: Vec<u8>) -> std::io::Result<Vec<u8>> {
    let mut bytes: Vec<u8> = CALL.iter().flat_map(|word| word.to_be_bytes()).collect();
    bytes.extend_from_slice(args);
    let mark = (bytes.len() as u32 - 4) | 1 << 31;
    bytes[..4].copy_from_slice(&mark.to_be_bytes());
    wire.write_all(&bytes)?;
    let mut head = [0; REPLY_HEAD_BYTES];
    wire.read_exact(&mut head)?;
    let body_bytes = (word(&head, 0) & !(1 << 31)) as usize + 4 - REPLY_HEAD_BYTES;
    reply.resize(body_bytes, 0);
    wire.read_exact(&mut reply)?;
    Ok(reply)
}

/// The server behind a socket.
struct Served(Arc<Nfs>);

impl Service for Served {
    fn compound(&self, caller: &rpc::CallContext, args: &[u8], out: &mut Vec<u8>) -> Result<(), GarbageArgs> {
        let caller = Caller { now: NOW, ..caller.caller.clone() };
        let mut encoder = Encoder::on(std::mem::take(out));
        let result = execute(&self.0, &caller, args, &mut encoder);
        *out = encoder.into_vec();
        result.map_err(|_| GarbageArgs)
    }

    fn classify(&self, args: &[u8]) -> Class {
        compound::classify(args)
    }

    fn next_alarm(&self) -> Option<Time> {
        None
    }

    fn on_alarm(&self, _: Time) {}
}

/// Serves `nfs` on loopback, for as long as the process lives, and connects to it.
fn connect(nfs: &Arc<Nfs>) -> TcpStream {
    let service = Arc::new(Served(nfs.clone()));
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        transport::runtime().expect("threads").block_on(async {
            let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
            let server = transport::Server::bind(listen, Limits::default()).expect("a port");
            tell.send(server.local_addr().expect("an address")).expect("somebody listens");
            server.run(service, std::future::pending()).await.expect("threads");
        });
    });
    let wire = TcpStream::connect(told.recv().expect("an address")).expect("connected");
    wire.set_nodelay(true).expect("a socket");
    wire
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let word = bytes.get(at..at + 4).and_then(|word| word.first_chunk()).expect("a reply");
    u32::from_be_bytes(*word)
}

/// Nanoseconds of each sample, by (what, how many are held).
type Samples = RefCell<BTreeMap<(String, u64), Vec<f64>>>;

/// Since some moment.
fn time() -> Duration {
    let now = clock_gettime(ClockId::Monotonic);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// What all threads have had of the processors. Over a connection, how long a request takes depends on how deep the
/// processors sleep between its steps; what it costs does not.
fn processor_time() -> Duration {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// Measures `run` on places of the file, and keeps the samples for the comparison at the end.
fn measure(
    c: &mut Criterion,
    samples: &Samples,
    name: &str,
    server: &mut Server,
    mut run: impl FnMut(&mut Server, u64),
) {
    for near in [false, true] {
        let name = format!("{name} {}", if near { "near" } else { "random" });
        let (mut places, held) = (server.places(near), server.held);
        let clock = if server.remote.wire.is_some() { processor_time } else { time };
        c.bench_function(&format!("{name}/{held}"), |b| {
            b.iter_custom(|count| {
                let start = clock();
                (0..count).for_each(|_| run(server, places.next()));
                let elapsed = clock() - start;
                // The short ones of the warming up say nothing.
                if count > 100 {
                    let nanos = elapsed.as_nanos() as f64 / count as f64;
                    samples.borrow_mut().entry((name.clone(), held)).or_default().push(nanos);
                }
                elapsed
            });
        });
    }
}

fn all(c: &mut Criterion, samples: &Samples, held: u64, owners: u64) {
    let mut server = Server::new(held, owners);
    let cred = Cred { uid: 0, gid: 0, groups: Default::default() };
    let caller = Caller { principal: ROOT, cred, now: NOW, connection: ConnectionId(1), nonblocking: true };
    let name = |what: &str| format!("{owners} owners/{what}");
    measure(c, samples, &name("core/lock+unlock"), &mut server, Server::lock_and_unlock);
    measure(c, samples, &name("core/lockt miss"), &mut server, |server, at| server.test(at, false));
    measure(c, samples, &name("core/lockt hit"), &mut server, |server, at| server.test(at, true));
    let run = |server: &mut Server, at| server.remote_lock_and_unlock(&caller, at);
    measure(c, samples, &name("compound/lock+unlock"), &mut server, run);
    let run = |server: &mut Server, at| server.remote_test(&caller, at, false);
    measure(c, samples, &name("compound/lockt miss"), &mut server, run);
    let run = |server: &mut Server, at| server.remote_test(&caller, at, true);
    measure(c, samples, &name("compound/lockt hit"), &mut server, run);
    server.remote.wire = Some(connect(&server.nfs));
    let run = |server: &mut Server, at| server.remote_lock_and_unlock(&caller, at);
    measure(c, samples, &name("tcp/lock+unlock"), &mut server, run);
    let run = |server: &mut Server, at| server.remote_test(&caller, at, false);
    measure(c, samples, &name("tcp/lockt miss"), &mut server, run);
    let run = |server: &mut Server, at| server.remote_test(&caller, at, true);
    measure(c, samples, &name("tcp/lockt hit"), &mut server, run);
}

/// The sample in the middle: what others took of the machine meanwhile shows in the slow ones.
fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A line for each comparison of the two sizes; at most 2 is wanted.
fn compare(samples: Samples, few: u64, many: u64) {
    let medians = samples.into_inner().into_iter().map(|(key, samples)| (key, median(samples)));
    let times: BTreeMap<(String, u64), f64> = medians.collect();
    let names = times.keys().filter(|(name, held)| *held == few && name.contains("lock+unlock"));
    for (name, _) in names {
        let ratio = |what: &str| {
            let name = name.replace("lock+unlock", what);
            let at = |held| times.get(&(name.clone(), held)).copied().unwrap_or(f64::NAN);
            at(many) / at(few)
        };
        let (lock, miss, hit) = (ratio("lock+unlock"), ratio("lockt miss"), ratio("lockt hit"));
        let name = name.replace("lock+unlock ", "");
        println!("ratio {many}/{few}: lock+unlock {lock:.2}, lockt {miss:.2} (hit {hit:.2}) [{name}]");
    }
}

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    let many = if std::env::args().any(|arg| arg == "--test") { MANY_IN_A_TEST } else { MANY };
    let samples = Samples::default();
    for owners in [1, 1_000] {
        for held in [FEW, many] {
            all(&mut criterion, &samples, held, owners);
        }
    }
    criterion.final_summary();
    compare(samples, FEW, many);
}
