//! Exactly once, whatever happens to the connection: RFC 7530 §3.1.1, §9.1.8 (owner seqids, and the duplicate request
//! cache for what has none); RFC 8881 §2.10.6 (slots).
//!
//! `LOCKHOUSE_BREAK_CALLS` sets how many calls are made in all, `LOCKHOUSE_BREAK_SEED` which connections break.

use crate::support::proxy::{Proxy, Random};
use crate::support::{Actor, Place, denied};
use lockhouse::client::{
    Client, Connection, Credential, LockOwner, OpenFile, OpenHow, OpenOwner, OpenRequest, Reconnect,
    SessionRequest, write_lock,
};
use lockhouse::nfs4::LockKind;
use std::collections::BTreeSet;

/// Calls of each test when nothing else is said.
const CALLS: u64 = 5000;
/// One call in so many loses its connection.
const ONE_IN: u64 = 8;
/// Bytes of the file that locks are taken in.
const BYTES: u64 = 8;

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// A client behind the proxy, and what it must find if everything was done once.
struct Worker {
    actor: Actor,
    random: Random,
    /// A file that stays open, and the bytes of it that are locked.
    file: OpenFile,
    locker: LockOwner,
    locked: BTreeSet<u64>,
    /// Files and whether each is open.
    files: Vec<(String, Option<OpenFile>)>,
    opener: OpenOwner,
    named: u64,
    calls: u64,
}

impl Worker {
    fn new(mut actor: Actor, seed: u64) -> Self {
        let file = actor.open_new("locked");
        let locker = actor.lock_owner("locker");
        let opener = actor.open_owner("opener");
        let (random, locked) = (Random::new(seed), BTreeSet::new());
        Self { actor, random, file, locker, locked, files: Vec::new(), opener, named: 0, calls: 0 }
    }

    fn step(&mut self) {
        self.calls += 1;
        match self.random.below(6) {
            0 => self.lock(),
            1 => self.unlock(),
            2 => self.open(),
            3 => self.close(),
            4 => self.rename(),
            _ => self.remove(),
        }
    }

    /// LOCK: the seqid of the stateid tells how often it was done.
    fn lock(&mut self) {
        let byte = self.random.below(BYTES);
        let before = self.locker.stateid(&self.file.filehandle).map_or(0, |stateid| stateid.seqid);
        let after = self.actor.lock(&mut self.file, &mut self.locker, write_lock(byte, 1)).expect("LOCK");
        assert_eq!(after.seqid, before + 1, "LOCK was done more than once");
        self.locked.insert(byte);
    }

    fn unlock(&mut self) {
        let Some(before) = self.locker.stateid(&self.file.filehandle) else { return };
        let byte = self.random.below(BYTES);
        let file = self.file.filehandle.clone();
        let after = self.actor.unlock(&file, &mut self.locker, write_lock(byte, 1)).expect("LOCKU");
        assert_eq!(after.seqid, before.seqid + 1, "LOCKU was done more than once");
        self.locked.remove(&byte);
    }

    /// OPEN of a file that must not be there: done twice, it finds its own.
    fn open(&mut self) {
        let name = self.new_name();
        let request = OpenRequest::create(&name).how(OpenHow::Guarded(Default::default()));
        let dir = self.actor.dir.clone();
        let file = self.actor.open(&mut self.opener, &dir, &request).expect("OPEN");
        self.files.push((name, Some(file)));
    }

    /// CLOSE: done twice, it finds nothing open.
    fn close(&mut self) {
        let Some((_, slot)) = self.files.iter_mut().find(|(_, file)| file.is_some()) else { return };
        let mut file = slot.take().expect("it is open");
        file.owner = self.opener.clone();
        self.actor.close(&mut file).expect("CLOSE");
        self.opener = file.owner;
    }

    /// RENAME: done twice, it does not find the old name.
    fn rename(&mut self) {
        let to = self.new_name();
        let dir = self.actor.dir.clone();
        let Some((name, _)) = self.files.first_mut() else { return };
        self.actor.rename(&dir, &*name, &to).expect("RENAME");
        *name = to;
    }

    /// REMOVE: done twice, it does not find the name.
    fn remove(&mut self) {
        let Some(at) = self.files.iter().position(|(_, file)| file.is_none()) else { return };
        let (name, _) = self.files.swap_remove(at);
        let dir = self.actor.dir.clone();
        self.actor.remove(&dir, &name).expect("REMOVE");
    }

    fn new_name(&mut self) -> String {
        self.named += 1;
        format!("f{}", self.named)
    }
}

/// What somebody else sees at the end is what the worker was told.
fn compare(worker: &Worker, witness: &mut Actor) {
    let owner = witness.lock_owner("witness");
    for byte in 0..BYTES {
        let test = witness.test_lock(&worker.file.filehandle, &owner, write_lock(byte, 1));
        if worker.locked.contains(&byte) {
            assert_eq!(denied(test).kind, LockKind::Write, "byte {byte}");
        } else {
            test.unwrap_or_else(|error| panic!("byte {byte}: {error}"));
        }
    }
    let mut there = BTreeSet::new();
    let dir = witness.dir.clone();
    let (mut cookie, mut verifier) = (0, [0; 8]);
    loop {
        let listing = witness.readdir(&dir, (cookie, verifier), 32_768, &[]).expect("READDIR");
        verifier = listing.verifier;
        cookie = listing.entries.last().map_or(cookie, |entry| entry.cookie);
        there.extend(listing.entries.into_iter().map(|entry| entry.name));
        if listing.eof {
            break;
        }
    }
    let names = worker.files.iter().map(|(name, _)| name.clone().into_bytes());
    let expected: BTreeSet<Vec<u8>> = names.chain([b"locked".to_vec()]).collect();
    assert_eq!(there, expected);
}

fn run(place: &Place, proxy: &Proxy, actor: Actor, seed: u64) {
    let mut worker = Worker::new(actor, seed);
    let calls = from_environment("LOCKHOUSE_BREAK_CALLS", 2 * CALLS) / 2;
    for _ in 0..calls {
        worker.step();
    }
    compare(&worker, &mut place.actor("witness"));
    assert!(proxy.broken() > calls / (ONE_IN * 4), "{} of {calls} were broken", proxy.broken());
}

fn behind(place: &Place, proxy: &Proxy) -> Client {
    let addr = proxy.addr;
    let mut client = Client::connect(addr, Credential::sys(0, 0)).expect("a connection");
    client.reconnect = Some(Reconnect(Box::new(move || Connection::connect(addr))));
    assert_eq!(client.root().expect("a root").as_bytes().is_empty(), place.name.is_empty());
    client
}

fn seed() -> u64 {
    let seed = from_environment("LOCKHOUSE_BREAK_SEED", 1);
    eprintln!("LOCKHOUSE_BREAK_SEED={seed}");
    seed
}

/// 4.0: owner seqids, and xids from the same port.
#[test]
fn exactly_once_in_4_0() {
    let (place, seed) = (Place::new(), seed());
    let proxy = Proxy::start(&place.target.addr, seed, ONE_IN);
    let mut client = behind(&place, &proxy);
    client.establish(&place.client_id("a"), *b"verifier").expect("a clientid");
    let actor = Actor::on(client, place.dir.clone(), Vec::new());
    run(&place, &proxy, actor, seed);
}

/// 4.1: slots.
#[test]
fn exactly_once_in_4_1() {
    let (place, seed) = (Place::new(), seed());
    let proxy = Proxy::start(&place.target.addr, seed, ONE_IN);
    // The session is made on a connection that does not break: EXCHANGE_ID and CREATE_SESSION have rules of their own.
    let mut client = place.stranger();
    let mut request = SessionRequest::new(&place.client_id("a"), *b"verifier");
    request.flags = 0;
    client.begin_session(1, &request).expect("a session");
    client.reclaim_complete().expect("nothing to reclaim");
    client.session.as_mut().expect("a session").cache = true;
    let behind = behind(&place, &proxy);
    (client.connection, client.reconnect) = (behind.connection, behind.reconnect);
    let actor = Actor::on(client, place.dir.clone(), Vec::new());
    run(&place, &proxy, actor, seed);
}
