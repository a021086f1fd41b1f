//! Our own binary as a process that can be ended and started again.

use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::net::{AddressFamily, SocketType, sockopt};
use rustix::process::Signal;

use super::child::Owned;
use super::link::PATIENCE;

/// Times of a server, in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// How long a client may be silent.
    pub lease: u32,
    /// How long clients may reclaim after a cold restart.
    pub grace: u32,
}

/// How a run of the server ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// SIGKILL: whatever it was doing.
    Kill,
    /// SIGTERM, and it must end by itself.
    Stop,
}

/// What the machine of the server does before its next run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Machine {
    /// It stays up: the restart is warm.
    Stays,
    /// It boots, as far as the server can tell: the restart is cold, unless the run before ended cleanly.
    Reboots,
}

/// A server of ours with its export, its state and its port, which stay the same in all its runs.
pub struct Own {
    /// Where it listens.
    pub address: SocketAddr,
    directory: tempfile::TempDir,
    log: PathBuf,
    times: Option<Times>,
    process: Option<Owned>,
    boots: u32,
    _port: OwnedFd,
}

impl Own {
    /// Makes a server that logs to `log` and does not run yet; without `times` it has its defaults.
    pub fn new(log: PathBuf, times: Option<Times>) -> anyhow::Result<Self> {
        let directory = tempfile::tempdir()?;
        fs::create_dir(directory.path().join("export"))?;
        fs::create_dir(directory.path().join("state"))?;
        if let Some(parent) = log.parent() {
            fs::create_dir_all(parent)?;
        }
        File::create(&log)?;
        let (port, address) = reserve_port().context("no port")?;
        Ok(Self { address, directory, log, times, process: None, boots: 0, _port: port })
    }

    /// The directory that it exports.
    pub fn export(&self) -> PathBuf {
        self.directory.path().join("export")
    }

    /// Starts a run and waits until the server is ready.
    pub fn start(&mut self) -> anyhow::Result<()> {
        let begun = fs::read(&self.log)?.len();
        let log = File::options().append(true).open(&self.log)?;
        let mut command = self.command();
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let mut process = Owned::start(&mut command)?;
        listening(&self.log, begun, &mut process)?;
        self.process = Some(process);
        Ok(())
    }

    /// The one place that says how the server is run.
    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lockhouse"));
        command.arg("serve").arg(self.export()).arg("--no-root-squash");
        command.arg("--state").arg(self.directory.path().join("state"));
        command.args(["--listen", &self.address.to_string()]);
        if let Some(Times { lease, grace }) = self.times {
            command.args(["--lease-time", &lease.to_string(), "--grace-time", &grace.to_string()]);
        }
        command.args(["--boot-id", &format!("boot-{}", self.boots)]);
        command
    }

    /// Ends the run.
    pub fn end(&mut self, how: End) -> anyhow::Result<()> {
        let process = self.process.take().context("the server does not run")?;
        match how {
            End::Kill => drop(process),
            End::Stop => {
                let status = process.signal(Signal::TERM, PATIENCE)?;
                if !status.success() {
                    bail!("the server ended with {status} after SIGTERM:\n{}", self.log_tail());
                }
            }
        }
        Ok(())
    }

    /// Starts the next run, after `machine` did what it does.
    pub fn start_again(&mut self, machine: Machine) -> anyhow::Result<()> {
        self.boots += u32::from(machine == Machine::Reboots);
        self.start().with_context(|| format!("run again, {machine:?}"))
    }

    /// How its run ended, if it should run and does not.
    pub fn verdict(&mut self) -> Result<(), String> {
        match self.process.as_mut().map(Owned::ended) {
            None | Some(None) => Ok(()),
            Some(Some(status)) => Err(format!("the server has ended ({status}):\n{}", self.log_tail())),
        }
    }

    /// Whether a run was started and not ended.
    pub fn is_started(&self) -> bool {
        self.process.is_some()
    }

    /// The last lines of its log.
    pub fn log_tail(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(25)..].join("\n")
    }
}

/// A free port of the loopback, kept from everybody else while the server is down: as long as the socket, which does
/// not listen, is bound to it, the system gives the port to no connection, and connecting to it is refused.
fn reserve_port() -> io::Result<(OwnedFd, SocketAddr)> {
    let socket = rustix::net::socket(AddressFamily::INET, SocketType::STREAM, None)?;
    // The server sets it too, which is what lets both bind.
    sockopt::set_socket_reuseaddr(&socket, true)?;
    rustix::net::bind(&socket, &SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let address = rustix::net::getsockname(&socket)?.try_into()?;
    Ok((socket, address))
}

/// Waits for the line `listening on ADDRESS:PORT` behind the first `begun` bytes of the log.
fn listening(log: &Path, begun: usize, process: &mut Owned) -> anyhow::Result<()> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        let text = fs::read(log)?;
        let text = String::from_utf8_lossy(text.get(begun..).unwrap_or_default());
        if text.lines().any(|line| line.starts_with("listening on ")) {
            return Ok(());
        }
        if let Some(status) = process.ended() {
            bail!("the server has ended ({status}):\n{text}");
        }
        thread::sleep(Duration::from_millis(5));
    }
    bail!("the server does not say where it listens")
}
