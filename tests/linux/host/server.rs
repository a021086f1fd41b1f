//! The server under test: our own binary, or whatever `LOCKHOUSE_TARGET` names.

use std::fs::{self, File};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::child::Owned;
use super::guest::ADDRESS;
use super::link::PATIENCE;

/// The host's loopback as guests see it.
const HOST: &str = "10.0.2.2";

/// A server to mount.
pub struct Server {
    host: String,
    port: u16,
    path: String,
    own: Option<Own>,
}

struct Own {
    process: Mutex<Owned>,
    log: PathBuf,
    directory: tempfile::TempDir,
}

impl Server {
    /// The server that `LOCKHOUSE_TARGET=HOST:PORT/PATH` names, or a new one of ours.
    pub fn obtain(logs: &Path) -> anyhow::Result<Self> {
        match std::env::var("LOCKHOUSE_TARGET") {
            Ok(target) => Self::at(&target).context("LOCKHOUSE_TARGET is HOST:PORT/PATH"),
            Err(_) => Self::start(logs),
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

    fn start(logs: &Path) -> anyhow::Result<Self> {
        let directory = tempfile::tempdir()?;
        let (export, state) = (directory.path().join("export"), directory.path().join("state"));
        fs::create_dir(&export)?;
        fs::create_dir(&state)?;
        fs::create_dir_all(logs)?;
        let path = logs.join("server.log");
        let log = File::create(&path)?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_lockhouse"));
        command
            .arg("serve")
            .arg(&export)
            .args(["--listen", "127.0.0.1:0", "--no-root-squash", "--state"])
            .arg(&state);
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let mut process = Owned::start(&mut command)?;
        let address = listening(&path, &mut process)?;
        let own = Own { process: Mutex::new(process), log: path, directory };
        Ok(Self { host: as_guest_sees(address.ip()), port: address.port(), path: "/".into(), own: Some(own) })
    }

    /// What guests mount.
    pub fn source(&self) -> String {
        format!("{}:{}", self.host, self.path)
    }

    /// The directory that our server exports, on the host.
    pub fn export(&self) -> Option<PathBuf> {
        self.own.as_ref().map(|own| own.directory.path().join("export"))
    }

    /// Mount options for a minor version, as `4.0`, and `more` as `,nosharecache`.
    pub fn options(&self, version: &str, more: &str) -> String {
        let (host, port) = (&self.host, self.port);
        format!("vers={version},lock,proto=tcp,sec=sys,port={port},addr={host},clientaddr={ADDRESS}{more}")
    }

    /// Says how our server ended, if it has.
    pub fn verdict(&self) -> Result<(), String> {
        let Some(own) = &self.own else { return Ok(()) };
        match own.process.lock().map(|mut process| process.ended()) {
            Ok(None) => Ok(()),
            ended => Err(format!("the server has ended ({ended:?}):\n{}", self.log_tail())),
        }
    }

    /// The last lines of our server's log.
    pub fn log_tail(&self) -> String {
        let Some(own) = &self.own else { return String::new() };
        let text = fs::read_to_string(&own.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(25)..].join("\n")
    }
}

fn as_guest_sees(address: IpAddr) -> String {
    if address.is_loopback() { HOST.into() } else { address.to_string() }
}

/// Waits for the line `listening on ADDRESS:PORT`.
fn listening(log: &Path, process: &mut Owned) -> anyhow::Result<SocketAddr> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        let text = fs::read_to_string(log)?;
        // Only a finished line: the port may be half written.
        let lines = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        let addresses = lines.filter_map(|line| line.split_once("listening on ")).map(|(_, rest)| rest);
        if let Some(address) = addresses.filter_map(|rest| rest.split_whitespace().next()).next() {
            return address.parse().with_context(|| format!("no address: {address}"));
        }
        if let Some(status) = process.ended() {
            bail!("the server has ended ({status}):\n{text}");
        }
        thread::sleep(Duration::from_millis(10));
    }
    bail!("the server does not say where it listens")
}
