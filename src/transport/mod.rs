//! Sockets and threads. It moves bytes between sockets and a [`Service`], and knows nothing of what is in a
//! COMPOUND.
//!
//! ```text
//! listener ── connection ─► a worker: records → dispatch ─┬─ nonblocking: carried out at once
//!                             ▲                           └─ else: in the pool of threads that may block
//!                             └──────── messages: replies, in the order in which they are ready ◄┘
//! ```
//!
//! Listener, alarm and signals are asynchronous tasks; a worker is a thread with an event loop of its own, for nothing
//! may stand between a request and its reply (docs/decisions/005).

mod alarm;
mod connection;
mod connection_map;
mod dispatch;
mod load;
mod log_limit;
mod lookahead;
mod mailbox;
mod memory;
mod output;
mod router;
mod stream;
mod worker;

pub use memory::{give_back as give_back_memory, set_up as set_up_memory};

use crate::rpc::{Dispatcher, RecordLimits, ReplayLimits, Service};
use alarm::Alarm;
use dispatch::Shared;
use log_limit::LogLimit;
use mio::{Poll, Waker};
use router::Router;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Handle;
use worker::{WAKE, Worker};

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1024;
/// Threads that may block on a file system at the same time.
const BLOCKING_THREADS_MAX: usize = 64;
/// A thread of them that has had nothing to do for so long ends: glibc keeps some freed memory for each thread until then, a
/// little of it in each of a thousand pages.
const POOL_REST: Duration = Duration::from_millis(500);
/// How long to wait when the system has no file descriptor for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Limits how much the peers may make the server hold, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most connections at the same time.
    pub connections_max: usize,
    /// Most calls of one connection being carried out at the same time.
    pub calls_max: usize,
    /// Bytes of one connection: what has arrived of calls, calls being carried out with what their replies may take, and
    /// replies not yet sent. A call that would take more waits, and nothing behind it is read.
    pub outstanding_bytes_max: usize,
    /// Limits of a record.
    pub record: RecordLimits,
    /// Limits of the duplicate request cache.
    pub replay: ReplayLimits,
    /// A connection without a call for so long is closed.
    pub idle_after: Duration,
    /// The same for a connection that never made a call.
    pub unknown_after: Duration,
    /// A connection whose peer takes no byte of a waiting reply for so long is closed.
    pub stuck_after: Duration,
    /// How long calls that are being carried out may go on when the server stops.
    pub stop_patience: Duration,
}

impl Limits {
    /// Those of the server.
    pub const DEFAULT: Self = Self {
        connections_max: 1024,
        calls_max: 64,
        outstanding_bytes_max: 8 << 20,
        record: RecordLimits::DEFAULT,
        replay: ReplayLimits::DEFAULT,
        idle_after: Duration::from_secs(900),
        unknown_after: Duration::from_secs(360),
        stuck_after: Duration::from_secs(60),
        stop_patience: Duration::from_secs(2),
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Holds the address of a server that does not yet answer.
pub struct Server {
    listener: TcpListener,
    limits: Limits,
}

impl Server {
    /// Takes the address; port 0 picks a free one. Has to be called inside of a [`runtime`].
    pub fn bind(listen: SocketAddr, limits: Limits) -> io::Result<Self> {
        let socket = if listen.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_reuseaddr(true)?;
        // Accepted connections inherit it.
        socket.set_keepalive(true)?;
        socket.bind(listen)?;
        Ok(Self { listener: socket.listen(BACKLOG)?, limits })
    }

    /// Returns the address, with the port that was picked.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `shutdown` is done, then lets running calls finish for as long as the limits say.
    /// Errors: there are no threads to be had.
    pub async fn run(self, service: Arc<dyn Service>, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let clock = service.clock();
        let polls = (0..workers()).map(|_| Poll::new()).collect::<io::Result<Vec<_>>>()?;
        let wakers = polls.iter().map(|poll| Waker::new(poll.registry(), WAKE));
        let shared = Arc::new(Shared {
            dispatcher: Dispatcher::new(service.clone(), self.limits.replay),
            clock: clock.clone(),
            alarm: Alarm::new(),
            router: Router::new(wakers.collect::<io::Result<_>>()?),
            commits: service.commits(),
            pool: Handle::current(),
        });
        let threads = Threads::start(polls, &shared, self.limits)?;
        tokio::select! {
            () = shutdown => (),
            () = accept(&self.listener, self.limits, &shared) => (),
            () = shared.alarm.run(clock, service.clone(), || shared.commit_and_send()) => (),
            () = memory::keep_small() => (),
        }
        drop(self.listener);
        tracing::info!(connections = shared.router.connections(), "stopping");
        threads.stop(self.limits.stop_patience).await;
        service.close();
        Ok(())
    }
}

/// Returns how many threads serve connections: one a processor that the process may use.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn run(worker: Worker) {
    if catch_unwind(AssertUnwindSafe(|| worker.run())).is_err() {
        tracing::error!("a thread that serves connections failed; stopping. See the message of the panic");
        std::process::exit(1);
    }
}

/// The threads of the workers.
struct Threads {
    shared: Arc<Shared>,
    handles: Vec<JoinHandle<()>>,
}

impl Threads {
    fn start(polls: Vec<Poll>, shared: &Arc<Shared>, limits: Limits) -> io::Result<Self> {
        let mut threads = Self { shared: shared.clone(), handles: Vec::new() };
        for (index, poll) in polls.into_iter().enumerate() {
            let worker = Worker::new(index, poll, shared.clone(), limits);
            let builder = std::thread::Builder::new().name(format!("worker-{index}"));
            threads.handles.push(builder.spawn(move || run(worker))?);
        }
        Ok(threads)
    }

    /// Lets running calls finish as long as `patience` lasts.
    async fn stop(mut self, patience: Duration) {
        self.shared.router.stop();
        let handles = std::mem::take(&mut self.handles);
        let mut joined =
            tokio::task::spawn_blocking(|| handles.into_iter().for_each(|handle| drop(handle.join())));
        if tokio::time::timeout(patience, &mut joined).await.is_err() {
            let connections = self.shared.router.connections();
            tracing::warn!(connections, "closing connections with unanswered calls");
            self.shared.router.leave();
            let _ = joined.await;
        }
    }
}

impl Drop for Threads {
    /// Ends the threads also when nobody waits for them.
    fn drop(&mut self) {
        self.shared.router.leave();
    }
}

/// Accepts connections, for ever.
async fn accept(listener: &TcpListener, limits: Limits, shared: &Shared) {
    let (mut many, mut none) = (LogLimit::default(), LogLimit::default());
    loop {
        match listener.accept().await {
            Ok((stream, peer)) if shared.router.connections() < limits.connections_max => {
                let peer = canonical(peer);
                if let Err(error) = stream.into_std().and_then(|stream| shared.router.connect(stream, peer)) {
                    tracing::warn!(%peer, %error, "cannot take a connection");
                }
            }
            Ok((_stream, peer)) => {
                if let Some(others) = many.is_due(Instant::now()) {
                    let limit = limits.connections_max;
                    tracing::warn!(%peer, limit, others, "too many connections, turning some away");
                }
            }
            Err(error) => {
                if let Some(others) = none.is_due(Instant::now()) {
                    tracing::warn!(%error, others, "cannot accept connections; they wait");
                }
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Returns the IPv4 address of a peer that comes by IPv4 to a socket of IPv6.
fn canonical(peer: SocketAddr) -> SocketAddr {
    SocketAddr::new(peer.ip().to_canonical(), peer.port())
}

/// Creates what a [`Server`] listens and waits with, and its pool of threads that may block. Errors: those of the system,
/// which has no threads to give.
pub fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(BLOCKING_THREADS_MAX)
        .thread_keep_alive(POOL_REST)
        .thread_name("lockhouse")
        .enable_all()
        .build()
}

/// Lets the process have as many file descriptors as the system allows: each connection takes one, and each open file.
/// Answers how many these are; `None` when there is no limit.
pub fn raise_descriptors() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, ..limit };
    if limit.current == limit.maximum || setrlimit(Resource::Nofile, raised).is_ok() {
        limit.maximum
    } else {
        limit.current
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv4_peer_is_the_same_on_every_socket() {
        let canonical = |text: &str| canonical(text.parse().unwrap()).to_string();
        assert_eq!(canonical("[::ffff:192.0.2.1]:700"), "192.0.2.1:700");
        assert_eq!(canonical("192.0.2.1:700"), "192.0.2.1:700");
        assert_eq!(canonical("[2001:db8::1]:700"), "[2001:db8::1]:700");
    }
}
