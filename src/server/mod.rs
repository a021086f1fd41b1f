//! The only asynchronous code: listener, connections, clock. It moves octets between sockets and a [`Service`], and
//! knows nothing of what is in a COMPOUND.
//!
//! ```text
//! listener ── a task per connection: records → dispatch ─┬─ quick: carried out at once
//!                        ▲                               └─ else: in the pool of threads that may block
//!                        └───────── replies, in the order in which they are ready ◄┘
//! ```

mod client_records;
mod clock;
mod connection;
mod dispatch;
mod keeper;
mod nfs_service;
mod output;
mod replay;
mod restart;
mod service;
mod state_dir;

pub use client_records::{ClientRecords, ClientRecordsError, client_names};
pub use clock::Clock;
pub use keeper::Keeper;
pub use nfs_service::NfsService;
pub use replay::{Admission, ReplayCache, ReplayKey, ReplayLimits};
pub use restart::{Beginning, Condition, Restart, RestartError, Restarted, beginning};
pub use service::{Caller, GarbageArgs, Nature, OutgoingCall, Service};
pub use state_dir::{StateDir, StateDirError};

use crate::rpc::RecordLimits;
use clock::Alarm;
use connection::Connection;
use dispatch::{Connections, Shared};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1024;
/// Threads that may block on a file system at the same time.
const BLOCKING_THREADS_MAX: usize = 64;
/// How long to wait when the system has no file descriptor for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How much the peers may make the server hold, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most connections at the same time.
    pub connections_max: usize,
    /// Most calls of one connection being carried out at the same time.
    pub calls_max: usize,
    /// Octets of calls being carried out and of replies not yet sent, of one connection, from which on no further call
    /// is read.
    pub outstanding_bytes_max: usize,
    /// Limits of a record.
    pub record: RecordLimits,
    /// Limits of the duplicate request cache.
    pub replay: ReplayLimits,
    /// A connection without a call for so long is closed.
    pub idle_after: Duration,
    /// The same for a connection that never made a call.
    pub unknown_after: Duration,
    /// A connection whose peer takes no octet of a waiting reply for so long is closed.
    pub stuck_after: Duration,
    /// How long calls that are being carried out may go on when the server stops.
    pub stop_patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 1024,
            calls_max: 64,
            outstanding_bytes_max: 8 << 20,
            record: RecordLimits::default(),
            replay: ReplayLimits::default(),
            idle_after: Duration::from_secs(900),
            unknown_after: Duration::from_secs(360),
            stuck_after: Duration::from_secs(60),
            stop_patience: Duration::from_secs(2),
        }
    }
}

/// A server that has its address and does not yet answer.
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

    /// The address, with the port that was picked.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `shutdown` is done, then lets running calls finish for as long as the limits say.
    pub async fn run(self, service: Arc<dyn Service>, shutdown: impl Future<Output = ()>) {
        let clock = Clock::start();
        let shared = Arc::new(Shared {
            service: service.clone(),
            replay: Mutex::new(ReplayCache::new(self.limits.replay)),
            clock,
            alarm: Alarm::new(),
            connections: Connections::default(),
        });
        let (stop, stopped) = watch::channel(false);
        let mut connections = JoinSet::new();
        tokio::select! {
            () = shutdown => (),
            () = accept(&self.listener, self.limits, &shared, &mut connections, &stopped) => (),
            () = shared.alarm.run(clock, service.clone(), || drop(shared.settle([]))) => (),
        }
        drop(self.listener);
        tracing::info!(connections = connections.len(), "stopping");
        // Nobody listens when there are no connections.
        let _ = stop.send(true);
        let all_ended = async { while connections.join_next().await.is_some() {} };
        if tokio::time::timeout(self.limits.stop_patience, all_ended).await.is_err() {
            tracing::warn!(connections = connections.len(), "closing connections with unanswered calls");
        }
        service.close();
    }
}

/// Accepts connections, for ever.
async fn accept(
    listener: &TcpListener,
    limits: Limits,
    shared: &Arc<Shared>,
    connections: &mut JoinSet<()>,
    stopped: &watch::Receiver<bool>,
) {
    let mut full = false;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(ended) = connections.join_next() => {
                if ended.is_err_and(|error| error.is_panic()) {
                    tracing::error!("a connection failed; see the message of the panic");
                }
                continue;
            }
        };
        match accepted {
            Ok((stream, peer)) if connections.len() < limits.connections_max => {
                full = false;
                connections.spawn(serve(stream, canonical(peer), shared.clone(), limits, stopped.clone()));
            }
            Ok((_stream, peer)) => {
                if !full {
                    tracing::warn!(%peer, limit = limits.connections_max, "too many connections, turning some away");
                }
                full = true;
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    shared: Arc<Shared>,
    limits: Limits,
    stopped: watch::Receiver<bool>,
) {
    tracing::debug!(%peer, "connected");
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, %error, "cannot switch off Nagle's algorithm");
    }
    let end = Connection::new(peer, shared, limits).run(stream, stopped).await;
    tracing::debug!(%peer, %end, "disconnected");
}

/// A peer that comes by IPv4 to a socket of IPv6 is the same as one that comes to a socket of IPv4.
fn canonical(peer: SocketAddr) -> SocketAddr {
    SocketAddr::new(peer.ip().to_canonical(), peer.port())
}

/// The threads that a [`Server`] runs on.
pub fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .max_blocking_threads(BLOCKING_THREADS_MAX)
        .thread_name("lockhouse")
        .enable_all()
        .build()
}

/// Done when the process gets SIGTERM or SIGINT. From the call on, before anybody waits for it, these signals no longer
/// end the process. Has to be called inside of a [`runtime`].
pub fn termination() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => tracing::info!("got SIGTERM"),
            _ = interrupt.recv() => tracing::info!("got SIGINT"),
        }
    })
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
