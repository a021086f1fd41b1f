//! What a test case works with: two clients and a directory of its own.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::io::Errno;

use super::guest::Guest;
use super::link::{PATIENCE, Pending};
use super::own::{End, Machine};
use super::pair::Pair;
use super::server::Server;
use super::worker::{Outcome, Worker, outcome};

/// How Linux says that a lock is lost.
const LOST: &[&str] = &["Lock reclaim failed", "lost"];

/// The surroundings of one case.
pub struct Stage<'a> {
    /// The clients.
    pub pair: &'a Pair,
    server: &'a Server,
    version: &'a str,
    /// Full name of the case.
    name: &'a str,
    /// The directory of this case below the root of a mount.
    below: String,
    mount: String,
}

impl<'a> Stage<'a> {
    /// Makes the directory `names` (each in the one before) below the mount for the case `name`.
    pub fn set(
        pair: &'a Pair,
        server: &'a Server,
        name: &'a str,
        version: &'a str,
        mount: &str,
        names: &[&str],
    ) -> Self {
        let maker = pair.a.worker();
        let mut below = String::new();
        for directory in names {
            below.push('/');
            below.push_str(directory);
            match maker.run(&format!("mkdir {mount}{below}")) {
                Ok(_) | Err(Errno::EXIST) => {}
                Err(errno) => panic!("mkdir {below}: {errno}"),
            }
        }
        Self { pair, server, version, name, below, mount: mount.into() }
    }

    /// Tells the reader of the report something, as what was measured.
    pub fn tell(&self, text: &str) {
        println!("{}: {text}", self.name);
    }

    /// Ends the server of this case, which must be its own.
    #[track_caller]
    pub fn end_server(&self, how: End) {
        self.server.end(how).unwrap_or_else(|trouble| panic!("{trouble:#}"));
    }

    /// Starts the server again that [`Stage::end_server`] ended: same port, same state directory.
    #[track_caller]
    pub fn start_server(&self, machine: Machine) {
        self.server.start_again(machine).unwrap_or_else(|trouble| panic!("{trouble:#}"));
    }

    /// The kernel of `guest` must have said that it lost locks; that is no complaint then.
    #[track_caller]
    pub fn expect_lost(&self, guest: &Guest) {
        let complaints = guest.complaints().expect("the guest reads its log");
        let (lost, others): (Vec<_>, Vec<_>) =
            complaints.into_iter().partition(|line| LOST.iter().any(|part| line.contains(part)));
        assert!(!lost.is_empty(), "{}: the kernel does not say that a lock is lost", guest.name);
        assert!(others.is_empty(), "kernel log: {others:?}");
    }

    /// Takes no offence at "lost N locks" up to `max`: Linux counts as lost also locks that were just being asked for
    /// when it recovered. Whether one that was held is lost must be seen otherwise.
    #[track_caller]
    pub fn forgive_lost_count(&self, max: u32) {
        let forgiven: Vec<String> = (1..=max).map(|count| format!("lost {count} locks")).collect();
        for guest in [&self.pair.a, &self.pair.b] {
            let mut complaints = guest.complaints().expect("the guest reads its log");
            complaints.retain(|line| !forgiven.iter().any(|part| line.ends_with(part)));
            assert!(complaints.is_empty(), "kernel log: {complaints:?}");
        }
    }

    /// A new process on the first guest.
    #[track_caller]
    pub fn a(&self) -> Worker {
        self.pair.a.worker()
    }

    /// A new process on the second guest.
    #[track_caller]
    pub fn b(&self) -> Worker {
        self.pair.b.worker()
    }

    /// A name in the directory of this case, on either guest.
    pub fn path(&self, name: &str) -> String {
        format!("{}{}/{name}", self.mount, self.below)
    }

    /// The same name on the host, if the server is ours.
    pub fn host_path(&self, name: &str) -> Option<PathBuf> {
        Some(self.server.export()?.join(self.below.trim_start_matches('/')).join(name))
    }

    /// Makes an empty file; the answer is its path.
    #[track_caller]
    pub fn file(&self, name: &str) -> String {
        let (worker, path) = (self.a(), self.path(name));
        let file = worker.open(&path, "wcx");
        worker.close(file);
        path
    }

    /// Mounts the server once more on both guests with `options` (as `,nosharecache`); the answer is the directory
    /// of this case there.
    #[track_caller]
    pub fn extra_mount(&self, options: &str) -> String {
        let target = self.pair.next_target();
        for guest in [&self.pair.a, &self.pair.b] {
            guest.mount(&self.server.source(), &target, &self.server.options(self.version, options));
        }
        format!("{target}{}", self.below)
    }

    /// Mounts the server once more on the first guest, with another minor version; the answer is the directory of this
    /// case there.
    #[track_caller]
    pub fn mount_in_a(&self, version: &str, options: &str) -> String {
        let target = self.pair.next_target();
        self.pair.a.mount(&self.server.source(), &target, &self.server.options(version, options));
        format!("{target}{}", self.below)
    }

    /// Ends a mount made by [`Stage::extra_mount`] on both guests; nothing of it may be open.
    #[track_caller]
    pub fn unmount(&self, directory: &str) {
        let target = directory.strip_suffix(&self.below).expect("a directory that extra_mount named");
        for guest in [&self.pair.a, &self.pair.b] {
            guest.agent(&format!("umount {target}")).expect("nothing is in the way of unmounting");
        }
    }
}

/// Tries until it is no longer refused as held by somebody; everything else is returned.
#[track_caller]
pub fn until_granted(mut attempt: impl FnMut() -> Outcome<()>) -> Outcome<()> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        match attempt() {
            Err(Errno::AGAIN | Errno::ACCESS) => std::thread::sleep(Duration::from_millis(50)),
            other => return other,
        }
    }
    panic!("still refused after {PATIENCE:?}")
}

/// Asks until it is so.
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "after {PATIENCE:?} it is still not so that {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Where a process sleeps whose LOCK was denied: the first if it is called, else one of the others, by kernel.
pub const WAITS_IN: &str = "wait_woken,nfs4_retry_setlk_simple,nfs4_retry_setlk,nfs4_proc_lock";

/// Interrupts a process that waits for a lock with a signal that has a handler.
#[track_caller]
pub fn interrupt(guest: &Guest, worker: &Worker, waiter: &Pending) {
    let start = Instant::now();
    // A signal that comes before the system call has begun, or between two waits of the client, is lost.
    let answer = loop {
        assert!(start.elapsed() < PATIENCE, "a signal does not interrupt the wait");
        if let Some(answer) = waiter.ready() {
            break answer;
        }
        guest.signal(worker, "SIGUSR1");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(outcome("an interrupted wait", answer), Err(Errno::INTR));
}
