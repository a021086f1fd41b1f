//! A command that panics leaves no core behind that goes on, and nothing of what it changed.

use super::*;
use crate::client::{Client, Credential, compound_args, op};
use crate::files::Namespace;
use crate::host::{Restart, Restarted, StartKind};
use crate::nfs4::{Caller, Cred, Principal};
use crate::state::{Callback, Config, Core, SetClientid, Start};
use crate::store::Memory;
use crate::transport::{Limits, Server, runtime};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;

const WHO: Principal = Principal::Sys { uid: 0 };
/// Tells the process of the test that it is to be the server that panics, and where.
const KIND: &str = "LOCKHOUSE_TEST_PANIC";
const STATE_DIR: &str = "LOCKHOUSE_TEST_STATE";

/// Makes a client of this name.
fn make_client(core: &mut Core, now: Time, name: &[u8]) {
    let args = SetClientid { name, verifier: *b"verifier", principal: WHO, callback: Callback::default() };
    let (id, confirm) = core.setclientid(now, args).expect("a clientid");
    core.setclientid_confirm(now, id, confirm, WHO).expect("confirmed");
}

/// Runs a command that panics when it has made a part of its changes.
fn panic_half_way(service: &NfsService) {
    let mut core = service.nfs.core();
    make_client(&mut core, Time::ZERO, b"half");
    panic!("as the test wants");
}

fn panics<R>(act: impl FnOnce() -> R) -> bool {
    catch_unwind(AssertUnwindSafe(act)).is_err()
}

/// Whatever a service does next, it does not get at the core: in a server, the process ends there. Nothing is answered,
/// stored or closed.
#[test]
fn nothing_goes_on_with_a_core_in_which_a_command_panicked() {
    let memory = Memory::new();
    let start = Start { epoch: 3, seed: 1, recorded: Default::default(), now: Time::ZERO };
    let files = Arc::new(Namespace::memory().unwrap());
    let nfs = Nfs::new(files, Core::new(Config::default(), start), [1; 8], b"owner")
        .on_broken(|| panic!("the process ends here"));
    let committer = Committer::new(Box::new(memory.clone()), None);
    let service = NfsService::new(nfs, committer, Clock::start());
    make_client(&mut service.nfs.core(), Time::ZERO, b"whole");
    service.commit(Time::ZERO).expect("not closed");
    let stored = memory.commits();
    assert!(panics(|| panic_half_way(&service)));

    let peer = SocketAddr::from(([127, 0, 0, 1], 700));
    let (cred, connection) = (Cred::nobody(), ConnectionId(1));
    let caller = Caller { principal: WHO, cred, now: Time::ZERO, connection, nonblocking: true };
    let call = CallContext { caller, peer, xid: 1 };
    let args = compound_args(b"", 0, &[op::renew(1)]).unwrap();
    let mut reply = Vec::new();
    assert!(panics(|| service.compound(&call, &args, &mut reply)));
    assert!(reply.is_empty());
    assert!(panics(|| service.commit(Time::ZERO)));
    assert!(panics(|| service.connection_lost(connection)));
    assert!(panics(|| service.next_alarm()));
    assert!(panics(|| service.on_alarm(Time::ZERO)));
    assert!(panics(|| service.describe()));
    assert!(panics(|| service.close()));
    assert_eq!((memory.commits(), memory.is_closed()), (stored, false));
}

/// A service that panics half-way in a command when it is told to.
struct Failing {
    service: NfsService,
    kind: String,
    armed: AtomicBool,
}

impl Failing {
    /// Panics if it is told to do so in this kind of thread.
    fn fail_in(&self, kind: &[&str]) {
        if self.armed.load(Ordering::SeqCst) && kind.contains(&self.kind.as_str()) {
            panic_half_way(&self.service);
        }
    }
}

impl Service for Failing {
    fn compound(&self, call: &CallContext, args: &[u8], out: &mut Vec<u8>) -> Result<(), GarbageArgs> {
        self.service.compound(call, args, out)?;
        self.fail_in(&["worker", "pool"]);
        Ok(())
    }

    fn classify(&self, args: &[u8]) -> Class {
        Class { nonblocking: self.kind != "pool", ..self.service.classify(args) }
    }

    fn commit(&self, now: Time) -> Option<Committed> {
        self.service.commit(now)
    }

    fn commits(&self) -> Arc<Commits> {
        self.service.commits()
    }

    fn close(&self) {
        self.service.close();
    }

    fn next_alarm(&self) -> Option<Time> {
        let is_due = self.kind == "alarm" && self.armed.load(Ordering::SeqCst);
        if is_due { Some(Time::ZERO) } else { self.service.next_alarm() }
    }

    fn on_alarm(&self, now: Time) {
        self.fail_in(&["alarm"]);
        self.service.on_alarm(now);
    }
}

fn start(state_dir: &Path, epoch: u32) -> Restarted {
    let restart = Restart {
        state_dir,
        boot_id: "one",
        config: Config::default(),
        seed: 1,
        now: Time::ZERO,
        dependencies: &[],
        epoch: &|_| Ok(epoch),
    };
    restart.run().expect("a start")
}

/// Serves until a command panics. Returns only if that does not end the process.
fn serve_until_a_command_panics(kind: String, state_dir: &Path) {
    crate::log::init("info");
    let Restarted { core, committer, .. } = start(state_dir, 1);
    let nfs = Nfs::new(Arc::new(Namespace::memory().unwrap()), core, [1; 8], b"owner");
    let service = NfsService::new(nfs, committer, Clock::start());
    let service = Arc::new(Failing { service, kind, armed: AtomicBool::new(false) });
    let runtime = runtime().unwrap();
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = runtime.block_on(async { Server::bind(listen, Limits::default()) }).unwrap();
    let address = server.local_addr().unwrap();
    runtime.spawn(server.run(service.clone(), std::future::pending()));
    let mut client = Client::connect(address, Credential::sys(0, 0)).unwrap();
    client.establish(b"whole", *b"verifier").unwrap();
    service.armed.store(true, Ordering::SeqCst);
    // An alarm comes without a call as well; no later call may be answered.
    let ops = [op::renew(client.clientid)];
    let late = std::iter::repeat_with(|| client.compound(&ops))
        .find(|reply| reply.is_err() || service.kind != "alarm");
    println!("the process goes on after {late:?}");
}

/// A panic in a command ends the whole process, in whichever thread it happens: the call is not answered, and a restart
/// finds what was whole before, and nothing of what the command changed.
#[test]
fn a_process_ends_when_a_command_panics() {
    if let (Ok(kind), Some(state_dir)) = (std::env::var(KIND), std::env::var_os(STATE_DIR)) {
        return serve_until_a_command_panics(kind, Path::new(&state_dir));
    }
    for kind in ["worker", "pool", "alarm"] {
        let state_dir = tempfile::tempdir().unwrap();
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture", "host::instance::tests::a_process_ends_when_a_command_panics"])
            .env(KIND, kind)
            .env(STATE_DIR, state_dir.path())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        assert_eq!(output.status.code(), Some(1), "{kind}: {said}");
        assert!(said.contains("a command failed half-way; stopping"), "{kind}: {said}");
        assert!(!said.contains("goes on"), "{kind}: {said}");
        let Restarted { core, kind: start_kind, .. } = start(state_dir.path(), 2);
        assert_eq!((start_kind, core.counts().0), (StartKind::Warm, 1), "{kind}: one client was whole");
    }
}
