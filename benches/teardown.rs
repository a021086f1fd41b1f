//! How long others wait while a client with very many locks goes: LOCK and LOCKU by turns in another thread, on the same
//! service with the embedded store, before and after the client's restart is confirmed.
//!
//! `cargo bench --bench teardown`. It prints, for each way to hold the locks: how long the SETCLIENTID_CONFIRM took, how
//! long the taking apart, and the longest and how many long waits of the other, beside those of a time in which nobody
//! went, for the machine has its own. `whole` does it in one step, `slices` as the server does.

#![allow(missing_docs, reason = "a benchmark ends where it fails")]

use lockhouse::clock::Clock;
use lockhouse::compound::Nfs;
use lockhouse::files::{CreateFileRequest, CreateMode, Namespace, SetAttr};
use lockhouse::host::{Committer, NfsService, Restart, Restarted};
use lockhouse::nfs4::{
    Caller, ClientId, ConnectionId, Cred, Filehandle, LockKind, Principal, Range, ShareAccess, ShareDeny,
    Stateid, Time, Verifier,
};
use lockhouse::rpc::{CallContext, Service};
use lockhouse::state::{
    Callback, Config, Core, LockCommand, LockReply, Locker, Numbered, OpenBegin, OpenCommit, OpenEffects,
    OpenTurn, Revoke, SetClientid, Start,
};
use lockhouse::store::Memory;
use lockhouse::xdr::Encoder;
use rustix::time::{ClockId, clock_gettime};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const NOW: Time = Duration::ZERO;
const ROOT: Principal = Principal::Sys { uid: 0 };
/// From one held range to the next: ten bytes are held, the rest is free.
const STRIDE: u64 = 100;
/// Shortest sleep of the server's alarm task.
const SLEEP_MIN: Duration = Duration::from_millis(1);
/// What counts as long.
const LONG: Duration = Duration::from_millis(20);

fn setclientid(core: &mut Core, name: &[u8], boot: u8) -> (ClientId, Verifier) {
    let args = SetClientid { name, verifier: [boot; 8], principal: ROOT, callback: Callback::default() };
    core.setclientid(NOW, args).expect("a new client")
}

fn client(core: &mut Core, name: &[u8]) -> ClientId {
    let (id, confirm) = setclientid(core, name, 1);
    core.setclientid_confirm(NOW, id, confirm, ROOT).expect("confirmed");
    id
}

/// OPEN, OPEN_CONFIRM: an open stateid.
fn open(core: &mut Core, clientid: ClientId, fh: &Filehandle) -> Stateid {
    let stateid = open_again(core, clientid, fh, 1);
    let confirm = Numbered { fh, stateid, seqid: 2, request: 2 };
    core.open_confirm(NOW, confirm).expect("confirmed")
}

/// OPEN.
fn open_again(core: &mut Core, clientid: ClientId, fh: &Filehandle, seqid: u32) -> Stateid {
    let begin = OpenBegin { clientid, owner: b"opener", seqid, request: 1, reclaim: false };
    let Ok(OpenTurn::Go(ticket)) = core.open_begin(NOW, begin) else { panic!("OPEN is refused") };
    let commit = OpenCommit {
        fh: fh.clone(),
        access: ShareAccess::BOTH,
        deny: ShareDeny::NONE,
        principal: ROOT,
        effects: OpenEffects::default(),
    };
    core.open_commit(NOW, ticket, commit).expect("opened").stateid
}

fn lock(core: &mut Core, fh: &Filehandle, locker: Locker<'_>, first: u64, request: u64) -> Stateid {
    let range = Range::new(first, first + 9);
    let (kind, blocking, reclaim) = (LockKind::Write, false, false);
    match core.lock(NOW, &LockCommand { fh, range, kind, blocking, reclaim, locker, request }) {
        LockReply::Granted(stateid) => stateid,
        other => panic!("{other:?}"),
    }
}

/// The first LOCK of the owner with this number; it is the open_owner's request `3 + number`.
fn new_owner(core: &mut Core, fh: &Filehandle, open: Stateid, number: u32, first: u64) -> Stateid {
    let (name, clientid) = (number.to_be_bytes(), open.clientid());
    let (open_seqid, owner) = (3 + number, &name[..]);
    let locker = Locker::New { open_stateid: open, open_seqid, clientid, owner, lock_seqid: 0 };
    lock(core, fh, locker, first, 0)
}

fn store(core: &mut Core, committer: &mut Committer) {
    core.take_changes(committer.changes());
    committer.commit();
}

/// `held` locks on one file, of as many owners or of one.
fn hold(core: &mut Core, committer: &mut Committer, fh: &Filehandle, held: u32, own_owners: bool) {
    let holder = client(core, b"holder");
    let opened = open(core, holder, fh);
    let mut stateid = new_owner(core, fh, opened, 0, 0);
    for number in 1..held {
        let first = u64::from(number) * STRIDE;
        if own_owners {
            new_owner(core, fh, opened, number, first);
        } else {
            let locker = Locker::Existing { lock_stateid: stateid, lock_seqid: number };
            stateid = lock(core, fh, locker, first, u64::from(number));
        }
        if number % 1000 == 0 {
            store(core, committer);
        }
    }
    store(core, committer);
}

/// `held` locks on as many files, of one open_owner and one owner.
fn hold_files(core: &mut Core, committer: &mut Committer, held: u32) {
    let holder = client(core, b"holder");
    let first = Filehandle::new(&0u32.to_be_bytes()).expect("a filehandle");
    let mut opened = open(core, holder, &first);
    for number in 0..held {
        let fh = Filehandle::new(&number.to_be_bytes()).expect("a filehandle");
        let seqid = 3 + 2 * number;
        if number > 0 {
            opened = open_again(core, holder, &fh, seqid - 1);
        }
        let owner = b"owner";
        let locker = Locker::New {
            open_stateid: opened,
            open_seqid: seqid,
            clientid: holder,
            owner,
            lock_seqid: number,
        };
        lock(core, &fh, locker, 0, 0);
        if number % 1000 == 0 {
            store(core, committer);
        }
    }
    store(core, committer);
}

/// What this thread has had of the processors: what others on the machine do is not in it.
fn processor_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// A COMPOUND of NFSv4.0.
fn compound(count: u32, write: impl FnOnce(&mut Encoder)) -> Vec<u8> {
    let mut args = Encoder::new();
    args.opaque(b"");
    args.u32(0);
    args.u32(count);
    write(&mut args);
    args.into_vec()
}

/// Who locks and unlocks one range all the time.
struct Other {
    fh: Filehandle,
    stateid: Stateid,
    seqid: u32,
    first: u64,
}

fn call(service: &NfsService, clock: &Clock, args: &[u8]) -> Vec<u8> {
    let cred = Cred { uid: 0, gid: 0, groups: Default::default() };
    let (now, connection) = (clock.now(), ConnectionId(1));
    let caller = Caller { principal: ROOT, cred, now, connection, nonblocking: true };
    let call = CallContext { caller, peer: SocketAddr::from((Ipv4Addr::LOCALHOST, 700)), xid: 0 };
    let mut out = Vec::new();
    assert!(service.compound(&call, args, &mut out).is_ok());
    assert!(service.commit(clock.now()).is_some());
    assert_eq!(out.get(..4), Some(&[0; 4][..]), "refused");
    out
}

impl Other {
    /// Answers how long it waited, and what of the processors it had itself.
    fn once(&mut self, service: &NfsService, clock: &Clock, unlock: bool) -> (Duration, Duration) {
        let Self { fh, stateid, seqid, first } = self;
        let args = compound(2, |args| {
            args.u32(22);
            args.opaque(fh.as_bytes());
            if unlock {
                [14, 2, *seqid].into_iter().for_each(|word| args.u32(word));
                args.stateid(stateid);
                [*first, 10].into_iter().for_each(|long| args.u64(long));
            } else {
                [12, 2, 0].into_iter().for_each(|word| args.u32(word));
                [*first, 10].into_iter().for_each(|long| args.u64(long));
                args.u32(0);
                args.stateid(stateid);
                args.u32(*seqid);
            }
        });
        let (start, had) = (Instant::now(), processor_time());
        let reply = call(service, clock, &args);
        let took = (start.elapsed(), processor_time() - had);
        let version = reply.len().checked_sub(16).and_then(|at| reply[at..].first_chunk());
        stateid.seqid = u32::from_be_bytes(*version.expect("a stateid"));
        *seqid += 1;
        took
    }
}

/// Waits of the other, in one stretch of time.
#[derive(Default)]
struct Waits {
    count: usize,
    longest: Duration,
    /// Most processor time of one.
    dearest: Duration,
    long: usize,
    sum: Duration,
}

impl Waits {
    fn add(&mut self, (wait, had): (Duration, Duration)) {
        self.dearest = self.dearest.max(had);
        self.count += 1;
        self.sum += wait;
        self.longest = self.longest.max(wait);
        self.long += usize::from(wait > LONG);
    }

    fn line(&self) -> String {
        let mean = self.sum.as_secs_f64() / self.count.max(1) as f64;
        let longest = self.longest.as_secs_f64() * 1e3;
        format!(
            "longest {longest:8.2} ms (dearest {:.2?} of processor time), {:3} long, mean {:7.1} µs of {:7}",
            self.dearest,
            self.long,
            mean * 1e6,
            self.count
        )
    }
}

struct Bench {
    service: NfsService,
    clock: Clock,
    confirm: Vec<u8>,
    /// The restart is on its way; it is confirmed; the taking apart is over.
    gone: AtomicBool,
    confirmed: AtomicBool,
    over: AtomicBool,
}

impl Bench {
    /// As the server's alarm task does it. Answers how long the taking apart lasted, and the longest processor time of a
    /// slice and of its storing.
    fn alarms(&self) -> (Duration, [Duration; 2]) {
        let (mut began, mut longest) = (None, [Duration::ZERO; 2]);
        loop {
            let now = self.clock.now();
            let next = self.service.next_alarm();
            if next.is_some_and(|next| next <= now) {
                let start = processor_time();
                self.service.on_alarm(now);
                let between = processor_time();
                assert!(self.service.commit(now).is_some());
                longest[0] = longest[0].max(between - start);
                longest[1] = longest[1].max(processor_time() - between);
            } else if self.confirmed.load(Ordering::Acquire) {
                let began: Instant = *began.get_or_insert_with(Instant::now);
                self.over.store(true, Ordering::Release);
                return (began.elapsed(), longest);
            }
            if self.gone.load(Ordering::Acquire) {
                began.get_or_insert_with(Instant::now);
            }
            std::thread::sleep(SLEEP_MIN);
        }
    }

    /// Waits of the other while nobody goes, and while somebody does.
    fn others(&self, mut other: Other) -> (Waits, Waits) {
        let (mut quiet, mut busy) = (Waits::default(), Waits::default());
        let mut unlock = false;
        while !self.over.load(Ordering::Acquire) {
            // What begins before and ends after is what was waited for.
            let wait = other.once(&self.service, &self.clock, unlock);
            let waits = if self.gone.load(Ordering::Acquire) { &mut busy } else { &mut quiet };
            waits.add(wait);
            unlock = !unlock;
        }
        (quiet, busy)
    }
}

fn measure(held: u32, own_owners: bool, config_slice: usize) {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    let files = Namespace::memory().expect("a tree in memory");
    let (root, cred) = (files.root(), Cred { uid: 0, gid: 0, groups: Default::default() });
    let made = files.call(
        &root,
        CreateFileRequest { cred: &cred, name: b"f", mode: CreateMode::Unchecked, set: &SetAttr::default() },
    );
    let fh = made.expect("a file").object;
    let config = Config { slice: config_slice, ..Config::default() };
    let restart = Restart {
        state_dir: dir.path(),
        boot_id: "boot",
        config,
        seed: 1,
        now: NOW,
        dependencies: &[],
        epoch: &|_| Ok(1),
    };
    let Restarted { mut core, mut committer, .. } = restart.run().expect("a store");
    hold(&mut core, &mut committer, &fh, held, own_owners);
    let other_client = client(&mut core, b"other");
    let opened = open(&mut core, other_client, &fh);
    let first = u64::from(held / 2) * STRIDE + 50;
    let stateid = new_owner(&mut core, &fh, opened, 0, first);
    let (id, verifier) = setclientid(&mut core, b"holder", 2);
    store(&mut core, &mut committer);
    let confirm = compound(1, |args| {
        args.u32(36);
        args.u64(id.0);
        args.fixed(&verifier);
    });
    let nfs = Nfs::new(Arc::new(files), core, [1; 8], b"benched");
    let clock = Clock::start();
    let bench = Bench {
        service: NfsService::new(nfs, committer, clock.clone()),
        clock,
        confirm,
        gone: AtomicBool::new(false),
        confirmed: AtomicBool::new(false),
        over: AtomicBool::new(false),
    };
    std::thread::scope(|threads| {
        let alarms = threads.spawn(|| bench.alarms());
        let other = Other { fh, stateid, seqid: 1, first };
        let others = threads.spawn(|| bench.others(other));
        std::thread::sleep(Duration::from_secs(1));
        bench.gone.store(true, Ordering::Release);
        let start = Instant::now();
        call(&bench.service, &bench.clock, &bench.confirm);
        let confirmed = start.elapsed();
        bench.confirmed.store(true, Ordering::Release);
        let (lasted, [slice, stored]) = alarms.join().expect("alarms");
        let (quiet, busy) = others.join().expect("the other");
        let owners = if own_owners { "own owners" } else { "one owner " };
        let how = if config_slice == usize::MAX { "whole " } else { "slices" };
        println!("{held:8} locks of {owners}, {how}: confirmed in {confirmed:9.2?}, done in {lasted:9.2?}");
        println!("    a slice at most {slice:.2?} and {stored:.2?} to store it (processor time)");
        println!("    before: {}", quiet.line());
        println!("    while:  {}", busy.line());
    });
}

/// Whose and where the locks are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    OneOwner,
    OwnOwners,
    OwnFiles,
}

/// The slices without a store and without others: the longest is how long the core can be held, whatever the machine does.
fn alone(held: u32, how: How) {
    let start = Start { epoch: 1, seed: 1, recorded: Default::default(), now: NOW };
    let mut core = Core::new(Config::default(), start);
    let fh = Filehandle::new(b"f").expect("a filehandle");
    let mut committer = Committer::new(Box::new(Memory::new()), None);
    match how {
        How::OwnFiles => hold_files(&mut core, &mut committer, held),
        How::OwnOwners | How::OneOwner => hold(&mut core, &mut committer, &fh, held, how == How::OwnOwners),
    }
    let other = client(&mut core, b"other");
    open(&mut core, other, &fh);
    let (id, verifier) = setclientid(&mut core, b"holder", 2);
    store(&mut core, &mut committer);
    let (mut took, mut drops) = (Vec::new(), Duration::ZERO);
    let mut time = |core: &mut Core, run: &mut dyn FnMut(&mut Core)| {
        let start = processor_time();
        run(core);
        took.push(processor_time() - start);
        let start = processor_time();
        drop(core.take_deferred_drops());
        drops = drops.max(processor_time() - start);
        drop(core.take_closed());
        store(core, &mut committer);
    };
    time(&mut core, &mut |core| core.setclientid_confirm(NOW, id, verifier, ROOT).expect("confirmed"));
    while core.next_alarm() <= NOW {
        time(&mut core, &mut |core| core.on_alarm(NOW));
    }
    let sum: Duration = took.iter().sum();
    took.sort();
    let (count, last) = (took.len(), took.len() - 1);
    let [longest, second, middle] = [last, last.saturating_sub(1), last / 2].map(|index| took[index]);
    let owners = match how {
        How::OneOwner => "one owner ",
        How::OwnOwners => "own owners",
        How::OwnFiles => "own files ",
    };
    println!(
        "{held:8} locks of {owners}, alone: {count} steps, {sum:.2?} in all, longest {longest:.2?}, next {second:.2?}, middle \
         {middle:.2?}; and up to {drops:.2?} without the core"
    );
}

/// A core with a client that holds, and its open.
fn holding(held: u32, own_owners: bool) -> (Core, Filehandle, ClientId) {
    let start = Start { epoch: 1, seed: 1, recorded: Default::default(), now: NOW };
    let mut core = Core::new(Config::default(), start);
    let fh = Filehandle::new(b"f").expect("a filehandle");
    let mut committer = Committer::new(Box::new(Memory::new()), None);
    hold(&mut core, &mut committer, &fh, held, own_owners);
    let id = core.clients().next().expect("the holder");
    (core, fh, id)
}

/// What other single steps cost that concern all that a client holds.
fn single_steps(held: u32) {
    let took = |what: &str, core: &mut Core, run: &mut dyn FnMut(&mut Core)| {
        let start = processor_time();
        run(core);
        println!("{held:8} locks: {what} {:.2?}", processor_time() - start);
    };
    let stateid = |id, serial, seqid| Stateid { seqid, ..Stateid::first(id, serial) };
    let (mut core, fh, id) = holding(held, false);
    took("LOCKU of all ranges of one owner", &mut core, &mut |core| {
        let unlocked = core.locku(NOW, &fh, stateid(id, 2, held), held, Some(Range::WHOLE), 0);
        assert!(unlocked.is_ok(), "{unlocked:?}");
    });
    let (mut core, fh, id) = holding(held, true);
    took("a sweep of owners", &mut core, &mut |core| core.on_alarm(NOW + Duration::from_secs(90)));
    for owner in 0..held {
        let unlocked = core.locku(NOW, &fh, stateid(id, 2 + owner, 1), 1, Some(Range::WHOLE), 0);
        assert!(unlocked.is_ok(), "{unlocked:?}");
    }
    took("CLOSE of an open with as many lock stateids", &mut core, &mut |core| {
        let request = Numbered { fh: &fh, stateid: stateid(id, 1, 2), seqid: 3 + held, request: 0 };
        let closed = core.close(NOW, request);
        assert!(closed.is_ok(), "{closed:?}");
    });
    took("a sweep that forgets the owners", &mut core, &mut |core| {
        core.on_alarm(NOW + Duration::from_secs(180))
    });
    let (mut core, _, id) = holding(held, true);
    took("revocation of the client", &mut core, &mut |core| {
        assert_eq!(core.revoke(NOW, Revoke::Client(id)), held as usize + 1);
    });
    let (mut core, _, id) = holding(held, true);
    core.renew(NOW, id).expect("there");
    took("the end of its lease", &mut core, &mut |core| core.on_alarm(NOW + Config::default().lease));
}

fn main() {
    let full = std::env::args().any(|arg| arg == "--bench");
    let sizes: &[u32] = if full { &[100_000, 1_000_000] } else { &[2000] };
    for &held in sizes {
        single_steps(held);
        for how in [How::OwnOwners, How::OwnFiles, How::OneOwner] {
            alone(held, how);
        }
        for own_owners in [true, false] {
            for slice in [usize::MAX, Config::default().slice] {
                measure(held, own_owners, slice);
            }
        }
    }
}
