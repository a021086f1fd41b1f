//! The server under test: our own binary, or whatever `LOCKHOUSE_TARGET` names.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context;

use super::guest::ADDRESS;
use super::own::{End, Machine, Own, Times};

/// The host's loopback as guests see it.
const HOST: &str = "10.0.2.2";

/// Names a server of somebody else, as `HOST:PORT/PATH`.
pub const TARGET: &str = "LOCKHOUSE_TARGET";

/// A server to mount.
pub struct Server {
    host: String,
    port: u16,
    path: String,
    own: Option<Mutex<Own>>,
}

impl Server {
    /// The server that `LOCKHOUSE_TARGET` names, or a new one of ours.
    pub fn obtain(logs: &Path) -> anyhow::Result<Self> {
        match std::env::var(TARGET) {
            Ok(target) => Self::at(&target).context("LOCKHOUSE_TARGET is HOST:PORT/PATH"),
            Err(_) => Self::start(logs.join("server.log"), None),
        }
    }

    fn at(target: &str) -> anyhow::Result<Self> {
        let (address, path) = target.split_once('/').unwrap_or((target, ""));
        let address = address.to_socket_addrs()?.find(SocketAddr::is_ipv4).context("no IPv4 address")?;
        Ok(Self {
            host: as_guest_sees(address.ip()),
            port: address.port(),
            path: format!("/{path}"),
            own: None,
        })
    }

    /// A new server of ours that logs to `log`.
    pub fn start(log: PathBuf, times: Option<Times>) -> anyhow::Result<Self> {
        let mut own = Own::new(log, times)?;
        own.start()?;
        let address = own.address;
        Ok(Self {
            host: as_guest_sees(address.ip()),
            port: address.port(),
            path: "/".into(),
            own: Some(Mutex::new(own)),
        })
    }

    fn own(&self) -> Option<MutexGuard<'_, Own>> {
        Some(self.own.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What guests mount.
    pub fn source(&self) -> String {
        format!("{}:{}", self.host, self.path)
    }

    /// The directory that our server exports, on the host.
    pub fn export(&self) -> Option<PathBuf> {
        self.own().map(|own| own.export())
    }

    /// Mount options for a minor version, as `4.0`, and `more` as `,nosharecache`.
    pub fn options(&self, version: &str, more: &str) -> String {
        let (host, port) = (&self.host, self.port);
        format!("vers={version},lock,proto=tcp,sec=sys,port={port},addr={host},clientaddr={ADDRESS}{more}")
    }

    /// Ends our server.
    pub fn end(&self, how: End) -> anyhow::Result<()> {
        self.own().context("the server is not ours")?.end(how)
    }

    /// Starts our server again.
    pub fn start_again(&self, machine: Machine) -> anyhow::Result<()> {
        self.own().context("the server is not ours")?.start_again(machine)
    }

    /// Starts our server again if a case has ended it and not come to its start.
    pub fn ensure_started(&self) -> anyhow::Result<()> {
        match self.own() {
            Some(mut own) if !own.is_started() => own.start_again(Machine::Stays),
            _ => Ok(()),
        }
    }

    /// Says how our server ended, if nobody has ended it.
    pub fn verdict(&self) -> Result<(), String> {
        self.own().map_or(Ok(()), |mut own| own.verdict())
    }

    /// The last lines of our server's log.
    pub fn log_tail(&self) -> String {
        self.own().map(|own| own.log_tail()).unwrap_or_default()
    }
}

fn as_guest_sees(address: IpAddr) -> String {
    if address.is_loopback() { HOST.into() } else { address.to_string() }
}
