//! The server as a process that is killed and started again over the same directories and on the same port.

use crate::overlay::Overlay;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;
use tempfile::TempDir;

/// How long a server may take to listen. Generous: the machine may be busy, and the state large.
const START: Duration = Duration::from_secs(120);
/// What it prints before its address.
const LISTENING: &str = "listening on ";
/// Lines of the log that are kept.
const LOG_LINES: usize = 15;
/// Longer than any run.
pub const GRACE: u32 = 3600;

/// Kills the server with the signal that it is told, or with SIGKILL when whoever should tell it has ended.
const WRAPPER: &str = r#""$@" </dev/null 2>&1 & server=$!
exec >/dev/null
read -r signal || signal=KILL
kill -s "$signal" "$server"
wait "$server""#;

/// What outlives the server: two directories, a port, and the last lines of the log.
pub struct Site {
    state: TempDir,
    export: TempDir,
    /// In the place of the export, where it is wanted and can be made.
    overlay: Option<Overlay>,
    /// Where it listens.
    pub addr: SocketAddr,
    /// The seconds of a grace period, if there is one.
    pub grace: u32,
    /// Milliseconds for which the store delays each commit.
    pub store_delay: Option<u32>,
    log: Arc<Mutex<VecDeque<String>>>,
}

/// How a server ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// `kill -9`.
    Kill,
    /// SIGTERM: it may finish what it does.
    Stop,
}

/// A running server; killed when dropped.
pub struct Server {
    wrapper: Child,
    command: Option<ChildStdin>,
    listening: mpsc::Receiver<()>,
    said: Arc<Mutex<Vec<String>>>,
}

impl Site {
    /// A new one, with nothing in its directories. `indexed`: filehandles depend on an index of names, if that can be had.
    pub fn new(indexed: bool) -> Self {
        let new = |prefix| {
            let made = tempfile::Builder::new().prefix(prefix).tempdir_in(env!("CARGO_TARGET_TMPDIR"));
            made.expect("a directory")
        };
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let overlay = if indexed { Overlay::new() } else { None };
        let (state, export, log) = (new("crash-state-"), new("crash-export-"), Arc::default());
        Self { state, export, overlay, addr, grace: GRACE, store_delay: None, log }
    }

    /// The exported directory.
    pub fn export(&self) -> &Path {
        self.overlay.as_ref().map_or(self.export.path(), |overlay| &overlay.merged)
    }

    /// Removes everything that is exported.
    pub fn wipe(&self) {
        for entry in std::fs::read_dir(self.export()).expect("a directory").flatten() {
            let path = entry.path();
            let removed =
                if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
            removed.expect("removed");
        }
    }

    /// The state directory.
    pub fn state(&self) -> &Path {
        self.state.path()
    }

    /// The last lines that its servers said.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Starts a server and does not wait for it.
    pub fn start(&self) -> Server {
        let mut wrapper = Command::new("sh")
            .args(["-c", WRAPPER, "sh", env!("CARGO_BIN_EXE_lockhouse"), "serve"])
            .arg(self.export())
            .args(["--listen", &self.addr.to_string(), "--no-root-squash", "--lease-time", "3600"])
            .args(["--grace-time", &self.grace.to_string()])
            .args(self.store_delay.iter().flat_map(|delay| ["--store-delay".to_owned(), delay.to_string()]))
            .arg("--state")
            .arg(self.state())
            .env_remove("LOCKHOUSE_LOG")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh can be started");
        let command = wrapper.stdin.take();
        let output = BufReader::new(wrapper.stdout.take().expect("it is piped"));
        let (heard, listening) = mpsc::channel();
        let log = Arc::clone(&self.log);
        let said = Arc::new(Mutex::new(Vec::new()));
        let says = Arc::clone(&said);
        std::thread::spawn(move || read_log(output, &heard, &log, &says));
        Server { wrapper, command, listening, said }
    }
}

impl Server {
    /// Waits until it says that it listens. Errors: it has ended before, or takes too long.
    pub fn wait_listening(&self) -> Result<(), String> {
        self.listening.recv_timeout(START).map_err(|error| format!("the server does not listen: {error}"))
    }

    /// Whether it has said this before it listened or ended.
    pub fn has_said(&self, text: &str) -> bool {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.iter().any(|line| line.contains(text))
    }

    /// Ends it. Errors: it did not end well though it was asked to.
    pub fn end(mut self, how: End) -> Result<(), String> {
        if let Some(mut command) = self.command.take()
            && how == End::Stop
        {
            // One that has ended already cannot be told.
            let _ = command.write_all(b"TERM\n");
        }
        let status = self.wrapper.wait().map_err(|error| error.to_string())?;
        match how {
            End::Stop if !status.success() => Err(format!("the server ended with {status}")),
            _ => Ok(()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.command.take());
        let _ = self.wrapper.wait();
    }
}

/// Keeps what the server says, and tells when it listens.
fn read_log(
    output: impl BufRead,
    heard: &mpsc::Sender<()>,
    log: &Mutex<VecDeque<String>>,
    says: &Mutex<Vec<String>>,
) {
    let mut listens = false;
    for line in output.lines().map_while(Result::ok) {
        if line.starts_with(LISTENING) {
            // Nobody may wait for it.
            let _ = heard.send(());
            listens = true;
            continue;
        }
        if !listens {
            says.lock().unwrap_or_else(PoisonError::into_inner).push(line.clone());
        }
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        log.push_back(line);
        while log.len() > LOG_LINES {
            log.pop_front();
        }
    }
}

/// A port that no outgoing connection is given while the server is down: below those that Linux gives. No two sites of
/// this process get the same.
fn free_port() -> u16 {
    static SITES: AtomicU32 = AtomicU32::new(0);
    let start = std::process::id() % 20_000 + SITES.fetch_add(1, Ordering::Relaxed) * 3000;
    let ports = (0..20_000).map(|step| 10_240 + (start + step * 7) % 20_000);
    let mut free = ports.filter_map(|port| u16::try_from(port).ok()).filter(|port| {
        // Dropped at once: the server takes it.
        TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()
    });
    free.next().expect("a free port")
}
