//! Commits by number, from outside: a store that fails while others wait, a server that stops while commits are
//! outstanding, and several instances in one process.

use crate::peer::PATIENCE;
use crate::process::Server;
use crate::state::{Disk, Holder};
use lockhouse::client::op::putfh;
use lockhouse::client::{Error, lock_result, write_lock};
use lockhouse::clock::Clock;
use lockhouse::commits::{CommitNumber, Commits};
use lockhouse::compound::Nfs;
use lockhouse::files::Namespace;
use lockhouse::host::{Committer, NfsService};
use lockhouse::nfs4::Time;
use lockhouse::rpc::Service;
use lockhouse::state::{Config, Core, Start};
use lockhouse::store::{Batch, Delay, Delayed, Durability, Memory, Store, StoreError, Visit};
use lockhouse::transport::{Limits, Server as Listener, runtime};
use rustix::process::Signal;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// A commit fails in the store's thread: no reply to it or after it leaves, the process ends, and what was answered is
/// there after a restart.
#[test]
fn nothing_leaves_after_a_commit_that_failed() {
    let disk = Disk::new();
    let server = disk.serve(&["--store-delay", "5:60"]);
    let mut holder = Holder::new(server.address, "a");
    let mut locks = 0;
    let last = loop {
        match holder.lock(write_lock(100 + 2 * locks, 1)) {
            Ok(_) => locks += 1,
            Err(error) => break error,
        }
        assert!(locks < 100, "the commit never failed");
    };
    assert!(locks > 0 && last.status().is_none(), "no reply may leave: {last:?} after {locks}");
    let (status, said) = server.end(Signal::TERM);
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains("cannot store changes"), "{said}");
    let server = disk.serve(&[]);
    let mut other = Holder::new(server.address, "b");
    for lock in 0..locks {
        let found = other.test(&holder, write_lock(100 + 2 * lock, 1));
        assert!(matches!(found, Err(Error::Denied(_))), "{lock} of {locks}: {found:?}");
    }
}

/// A server that is told to stop stores what is outstanding, and marks its store as closed.
#[test]
fn a_stop_waits_for_what_is_outstanding() {
    let disk = Disk::new();
    let server = disk.serve(&["--store-delay", "50"]);
    let mut holder = Holder::new(server.address, "a");
    holder.lock(write_lock(100, 1)).expect("granted");
    let (status, said) = server.end(Signal::TERM);
    assert!(status.success(), "{said}");
    let server: Server = disk.serve(&["--boot-id", "another-boot"]);
    let mut other = Holder::new(server.address, "b");
    let found = other.test(&holder, write_lock(100, 1));
    assert!(matches!(found, Err(Error::Denied(_))), "a store that was closed outlives the boot: {found:?}");
}

/// One instance in this process, behind a listener of its own.
struct Instance {
    address: SocketAddr,
    service: Arc<NfsService>,
    memory: Memory,
    commits: Arc<Commits>,
    clock: Clock,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Instance {
    fn start(epoch: u32, latency: Duration) -> Self {
        let memory = Memory::new();
        let store = Delayed::new(Box::new(memory.clone()), Delay { latency, reorder: true, fail_at: None });
        Self::over(epoch, Box::new(store), memory)
    }

    /// An instance over `store`, which stores in `memory`.
    fn over(epoch: u32, store: Box<dyn Store>, memory: Memory) -> Self {
        let committer = Committer::new(store, None);
        let (commits, clock) = (committer.commits().clone(), Clock::start());
        let start = Start { epoch, seed: epoch.into(), recorded: Default::default(), now: Time::ZERO };
        let files = Arc::new(Namespace::memory().expect("a tree"));
        let nfs =
            Nfs::new(files, Core::new(Config::default(), start), [epoch as u8; 8], &epoch.to_be_bytes());
        let service = Arc::new(NfsService::new(nfs, committer, clock.clone()));
        let (stop, told) = oneshot::channel::<()>();
        let runtime = runtime().expect("threads");
        let bound = runtime.block_on(async { Listener::bind(([127, 0, 0, 1], 0).into(), Limits::default()) });
        let listener = bound.expect("a port");
        let (address, served) = (listener.local_addr().expect("an address"), service.clone());
        let thread = std::thread::spawn(move || {
            runtime
                .block_on(listener.run(served, async { told.await.unwrap_or_default() }))
                .expect("threads");
            runtime.shutdown_background();
        });
        Self { address, service, memory, commits, clock, stop: Some(stop), thread: Some(thread) }
    }

    /// How many commits there were, how many of them the store has, and what there is of clients and files.
    fn counts(&self) -> (u64, u64, String) {
        (self.commits.assigned(), self.memory.commits(), self.service.describe())
    }

    fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().expect("it stops");
        }
    }
}

#[test]
fn two_instances_in_one_process_share_nothing() {
    let [mut one, mut two] =
        [(1000, 1), (2000, 3)].map(|(epoch, ms)| Instance::start(epoch, Duration::from_millis(ms)));
    let idle = two.counts();
    let mut first = Holder::new(one.address, "f");
    first.lock(write_lock(100, 1)).expect("granted");
    let before = one.counts();
    assert_eq!(two.counts(), idle);
    // The same name of a client, the same file, and the same bytes.
    let mut second = Holder::new(two.address, "f");
    second.lock(write_lock(100, 1)).expect("nobody holds it there");
    assert_eq!(one.counts(), before);
    assert_ne!(first.client.clientid, second.client.clientid, "epochs differ");
    // One stops, and the other goes on.
    one.stop();
    assert!(one.memory.is_closed() && !two.memory.is_closed());
    second.lock(write_lock(200, 1)).expect("granted");
    two.stop();
    assert_eq!(two.commits.outstanding(), 0);
    assert!(two.commits.assigned() >= two.memory.commits() && two.memory.is_closed());
}

/// Stores at once. While it is held, it completes nothing, and tells the test what was submitted.
struct Held {
    inner: Memory,
    is_held: Arc<AtomicBool>,
    submitted: Sender<CommitNumber>,
}

impl Store for Held {
    fn commit(&mut self, batch: &Batch, durability: Durability) -> Result<(), StoreError> {
        self.inner.commit(batch, durability)
    }

    fn submit(
        &mut self,
        number: CommitNumber,
        batch: &Batch,
        durability: Durability,
        done: &Arc<Commits>,
    ) -> Result<(), StoreError> {
        self.inner.commit(batch, durability)?;
        match self.is_held.load(Ordering::SeqCst) {
            true => self.submitted.send(number).expect("the test listens"),
            false => done.complete(number),
        }
        Ok(())
    }

    fn is_synchronous(&self) -> bool {
        false
    }

    fn scan(&self, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        self.inner.scan(visit)
    }

    fn replace_all(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.inner.replace_all(batch)
    }

    fn close(self: Box<Self>) -> Result<(), StoreError> {
        Box::new(self.inner).close()
    }
}

/// A store completes nothing: after 1,024 rounds the worker takes no more calls. With each commit that is durable it takes
/// another one, and in the end all are answered.
#[test]
fn calls_wait_while_1024_commits_are_outstanding() {
    const BATCHES_MAX: u64 = 1024;
    let (told, submitted) = mpsc::channel();
    let (memory, is_held) = (Memory::new(), Arc::new(AtomicBool::new(false)));
    let store = Held { inner: memory.clone(), is_held: is_held.clone(), submitted: told };
    let mut instance = Instance::over(1000, Box::new(store), memory);
    let mut holder = Holder::new(instance.address, "f");
    is_held.store(true, Ordering::SeqCst);
    let (mut seqid, file) = (holder.owner.seqid, holder.file.filehandle.clone());
    let mut stateid = holder.owner.stateid(&file).expect("it has locked");
    let mut lock = || {
        let range = write_lock(100 + 2 * u64::from(seqid), 1);
        let lock = range.op_known_owner(stateid, seqid);
        (seqid, stateid) = (seqid + 1, stateid.next());
        holder.client.send(&[putfh(&file), lock]).expect("sent")
    };
    let number = || submitted.recv_timeout(PATIENCE).expect("a call is carried out");
    let mut calls = VecDeque::new();
    let mut outstanding = VecDeque::new();
    for _ in 0..BATCHES_MAX {
        calls.push_back(lock());
        outstanding.push_back(number());
    }
    for _ in 0..10 {
        calls.push_back(lock());
        assert_eq!(instance.commits.outstanding(), BATCHES_MAX);
        assert!(submitted.try_recv().is_err(), "no call is taken");
        instance.commits.complete(outstanding.pop_front().expect("as many as there were"));
        outstanding.push_back(number());
    }
    is_held.store(false, Ordering::SeqCst);
    outstanding.into_iter().for_each(|number| instance.commits.complete(number));
    for call in calls {
        lock_result(holder.client.receive(call).expect("an answer")).expect("granted");
    }
    instance.stop();
    assert!(instance.memory.is_closed());
}

/// Returns whether it is so within the time that a test waits for anything.
fn comes_true(mut is_so: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + PATIENCE;
    std::iter::repeat_with(|| {
        std::thread::sleep(Duration::from_millis(1));
        is_so()
    })
    .take_while(|_| Instant::now() < end)
    .any(|so| so)
}

/// Each instance goes by its own clock: when that of one is moved forward, leases end and alarms are due there, and not in
/// the other.
#[test]
fn two_instances_in_one_process_have_clocks_of_their_own() {
    let [one, two] = [1000, 2000].map(|epoch| Instance::start(epoch, Duration::ZERO));
    let Config { lease, courtesy, .. } = Config::default();
    let [mut first, mut second] = [&one, &two].map(|instance| {
        let holder = Holder::new(instance.address, "f");
        let rival = Holder::new(instance.address, "g");
        (holder, rival)
    });
    one.clock.advance(2 * lease);
    assert!(one.clock.now() >= two.clock.now() + lease);
    // A lock of a client whose lease has expired stands in nobody's way.
    first.1.test(&first.0, write_lock(0, 10)).expect("expired, and nobody else holds it");
    let found = second.1.test(&second.0, write_lock(0, 10));
    assert!(matches!(found, Err(Error::Denied(_))), "{found:?}");
    second.0.client.renew().expect("its lease has not expired");
    // The alarm at the end of the courtesy comes without a call.
    one.clock.advance(courtesy + 2 * lease);
    assert!(comes_true(|| one.service.describe().starts_with("0 clients")), "{}", one.service.describe());
    assert!(two.service.describe().starts_with("2 clients"), "{}", two.service.describe());
    second.0.lock(write_lock(100, 1)).expect("granted");
    [one, two].iter_mut().for_each(Instance::stop);
}
