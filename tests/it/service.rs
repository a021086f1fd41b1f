//! A service whose COMPOUNDs do what their first byte says, and a server around it.

use crate::peer::PATIENCE;
use lockhouse::commits::Commits;
use lockhouse::nfs4::{Class, ConnectionId, Time};
use lockhouse::rpc::{CallContext, GarbageArgs, Service};
use lockhouse::transport::{Limits, Server, runtime};
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// What the first byte of the arguments asks for. The result is always all of the arguments.
pub const NONBLOCKING: u8 = b'q';
pub const BLOCKING: u8 = b's';
/// Waits until the test opens the gate.
pub const GATED: u8 = b'g';
pub const PANIC_NONBLOCKING: u8 = b'p';
pub const PANIC_BLOCKING: u8 = b'P';
/// Waits for the gate too, and says that its reply may take [`BIG_BYTES`].
pub const BIG: u8 = b'B';
pub const BIG_BYTES: usize = 1 << 20;
/// Panics when it is asked for its class.
pub const PANIC_BEFORE: u8 = b'b';
pub const GARBAGE: u8 = b'x';
/// Sets the alarm to now.
pub const ALARM: u8 = b'a';
/// Upper case letters and these are idempotent.
const IDEMPOTENT: [u8; 2] = [NONBLOCKING, BLOCKING];

#[derive(Debug, Default)]
pub struct State {
    pub gate_open: bool,
    /// COMPOUNDs being carried out, the most there ever were, and how many there were in all.
    pub running: usize,
    pub running_most: usize,
    pub executed: usize,
    pub alarm: Option<Time>,
    pub alarms: usize,
    /// Connections that were lost, each with how many COMPOUNDs were being carried out at that time.
    pub lost: Vec<(ConnectionId, usize)>,
    pub callers: Vec<CallContext>,
    /// Whether too much is outstanding, and how often a worker asked.
    pub full: bool,
    pub asked: usize,
}

#[derive(Debug, Default)]
pub struct TestService {
    state: Mutex<State>,
    changed: Condvar,
    pub commits: Arc<Commits>,
}

impl TestService {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Changes the state and tells everybody.
    pub fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_all();
    }

    /// Waits until `condition` is true.
    pub fn wait_for(&self, mut condition: impl FnMut(&State) -> bool) {
        let waited = self.changed.wait_timeout_while(self.state(), PATIENCE, |state| !condition(state));
        let (state, timeout) = waited.unwrap();
        assert!(!timeout.timed_out(), "it never came to that: {state:?}");
    }
}

impl Service for TestService {
    fn compound(&self, call: &CallContext, args: &[u8], out: &mut Vec<u8>) -> Result<(), GarbageArgs> {
        self.change(|state| {
            state.callers.push(call.clone());
            state.executed += 1;
            state.running += 1;
            state.running_most = state.running_most.max(state.running);
        });
        match args.first() {
            Some(&(GATED | BIG)) => self.wait_for(|state| state.gate_open),
            Some(&ALARM) => self.change(|state| state.alarm = Some(call.caller.now)),
            _ => (),
        }
        self.change(|state| state.running -= 1);
        out.extend_from_slice(args);
        match args.first() {
            Some(&(PANIC_NONBLOCKING | PANIC_BLOCKING)) => panic!("as the test wants"),
            Some(&GARBAGE) => Err(GarbageArgs),
            _ => Ok(()),
        }
    }

    fn classify(&self, args: &[u8]) -> Class {
        assert!(args.first() != Some(&PANIC_BEFORE), "as the test wants");
        let nonblocking = !matches!(args.first(), Some(&(BLOCKING | GATED | BIG | PANIC_BLOCKING)));
        let idempotent = args.first().is_some_and(|kind| IDEMPOTENT.contains(kind));
        let reply_bytes = if args.first() == Some(&BIG) { BIG_BYTES } else { args.len() };
        Class { nonblocking, idempotent, reply_bytes, ..Class::default() }
    }

    fn commits(&self) -> Arc<Commits> {
        self.commits.clone()
    }

    fn has_room(&self) -> bool {
        self.change(|state| state.asked += 1);
        !self.state().full
    }

    fn connection_lost(&self, connection: ConnectionId) {
        self.change(|state| state.lost.push((connection, state.running)));
    }

    fn next_alarm(&self) -> Option<Time> {
        self.state().alarm
    }

    fn on_alarm(&self, now: Time) {
        self.change(|state| {
            assert!(state.alarm.is_some_and(|alarm| alarm <= now), "too early");
            state.alarm = None;
            state.alarms += 1;
        });
    }
}

/// A server in this process. Told to stop, and waited for, at the end of the test at the latest.
pub struct TestServer {
    pub address: SocketAddr,
    pub service: Arc<TestService>,
    shutdown: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl TestServer {
    pub fn start(limits: Limits) -> Self {
        let service = Arc::new(TestService::default());
        let (shutdown, told) = oneshot::channel();
        let runtime = runtime().unwrap();
        let server = runtime.block_on(async { Server::bind(([127, 0, 0, 1], 0).into(), limits) }).unwrap();
        let address = server.local_addr().unwrap();
        let served = service.clone();
        let thread = std::thread::spawn(move || {
            let told = async { told.await.unwrap_or_default() };
            runtime.block_on(server.run(served, told)).unwrap();
            runtime.shutdown_background();
        });
        Self { address, service, shutdown: Some(shutdown), thread: Some(thread) }
    }

    /// Tells it to stop.
    pub fn shut_down(&mut self) {
        drop(self.shutdown.take());
    }

    /// Waits until it has stopped.
    pub fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the server does not panic");
        }
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.shut_down();
        self.service.change(|state| state.gate_open = true);
        if !std::thread::panicking() {
            self.join();
        }
    }
}
