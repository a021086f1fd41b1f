//! The byte stream of a connection. A connection reads, writes and registers through this, and does not know whether the
//! bytes go over the socket as they are.

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use rustix::buffer::spare_capacity;
use rustix::net::sockopt::set_tcp_quickack;
use std::io::{self, IoSlice, Write};
use std::net::SocketAddr;

/// Wraps a non-blocking stream, whatever is below it.
pub(super) enum Stream {
    /// TCP without anything on it.
    Plain(TcpStream),
}

impl Stream {
    /// Takes an accepted socket, which is non-blocking.
    pub fn plain(socket: std::net::TcpStream, peer: SocketAddr) -> Self {
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(%peer, %error, "cannot switch off Nagle's algorithm");
        }
        Self::Plain(TcpStream::from_std(socket))
    }

    /// Registers the stream with `registry`: its events are reported as `token`, edge-triggered.
    pub fn register(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
        match self {
            Self::Plain(socket) => registry.register(socket, token, Interest::READABLE | Interest::WRITABLE),
        }
    }

    /// Reads once, behind what is in `buffer`, as much as it has capacity for. Returns how many bytes; 0 is the end.
    pub fn read(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => Ok(rustix::io::read(&*socket, spare_capacity(buffer))?),
        }
    }

    /// Acknowledges at once what was received.
    pub fn acknowledge(&mut self) {
        match self {
            // Only a delay is lost if that cannot be.
            Self::Plain(socket) => drop(set_tcp_quickack(&*socket, true)),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(bytes),
        }
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write_vectored(pieces),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.flush(),
        }
    }
}
