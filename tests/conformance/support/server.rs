//! The server under test: the one that `LOCKHOUSE_TARGET=HOST:PORT/PATH` names, or our own, started here.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{OnceLock, mpsc};
use std::time::Duration;
use tempfile::TempDir;

/// How long a server of ours may take to listen. Generous: the machine may be busy.
const START: Duration = Duration::from_secs(60);
/// What a server of ours prints before its address.
const LISTENING: &str = "listening on ";

/// Where a server is, and which directory of it the tests may use.
#[derive(Clone, Debug)]
pub struct Target {
    /// `HOST:PORT`.
    pub addr: String,
    /// Components of the path from the root.
    pub path: Vec<String>,
}

/// A server process of ours; killed when dropped.
///
/// A shell stands between: it waits for the end of its standard input, which comes when this value is dropped or the
/// test process ends in whatever way, and then kills the server.
pub struct Server {
    shell: Child,
    /// Where it listens.
    pub addr: SocketAddr,
    /// Its state directory, if nobody else needs it; removed after its end.
    #[allow(dead_code, reason = "kept for its Drop")]
    own_state: Option<TempDir>,
}

/// Says by how many milliseconds commits of our servers are delayed.
pub const SLOW_STORE: &str = "LOCKHOUSE_TEST_STORE_DELAY";

const WRAPPER: &str = r#""$@" </dev/null 2>&1 & server=$!; read -r _; kill -9 "$server"; wait "$server""#;

/// The target given from outside, if any.
fn outside_target() -> Option<Target> {
    let text = std::env::var("LOCKHOUSE_TARGET").ok()?;
    let (addr, path) = text.split_once('/').unwrap_or((&text, ""));
    let path = path.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    Some(Target { addr: addr.to_owned(), path })
}

/// The server that all tests share.
pub fn shared() -> &'static Target {
    static TARGET: OnceLock<Target> = OnceLock::new();
    TARGET.get_or_init(|| {
        outside_target().unwrap_or_else(|| {
            // The address is all that is needed; the process ends when this one does.
            let server = Box::leak(Box::new(Server::start(&[])));
            Target { addr: server.addr.to_string(), path: Vec::new() }
        })
    })
}

/// Whether the server under test is the one of this project, and must have all that it says it has.
pub fn is_ours() -> bool {
    outside_target().is_none()
}

/// A server of the test's own with further arguments; `None`, and a word on standard error, when the target is given
/// from outside.
pub fn special(arguments: &[&str]) -> Option<Server> {
    may_start(arguments).then(|| Server::start(arguments))
}

/// The same with a state directory and a tree that the test knows.
pub fn special_in(state: &Path, tree: Tree<'_>, arguments: &[&str]) -> Option<Server> {
    may_start(arguments).then(|| Server::start_in(state, tree, arguments))
}

/// How the store of our servers delays commits, if it does (see [`SLOW_STORE`]).
pub fn store_delay() -> Option<String> {
    std::env::var(SLOW_STORE).ok()
}

fn may_start(arguments: &[&str]) -> bool {
    let may = outside_target().is_none();
    if !may {
        eprintln!("skipped: needs a server of its own with {arguments:?}, and LOCKHOUSE_TARGET is set");
    }
    may
}

/// What a server of ours serves.
pub enum Tree<'a> {
    /// A tree in memory, gone with the server.
    Memory,
    /// A directory: its files and their filehandles are there again after a restart.
    Directory(&'a Path),
    /// Only the exports that the arguments name.
    Exports,
}

impl Server {
    /// Starts one with a tree in memory and a state directory of its own.
    pub fn start(arguments: &[&str]) -> Self {
        let state = tempfile::Builder::new().prefix("conformance-").tempdir_in(env!("CARGO_TARGET_TMPDIR"));
        let state = state.expect("a state directory");
        let mut server = Self::start_in(state.path(), Tree::Memory, arguments);
        server.own_state = Some(state);
        server
    }

    /// Starts one with this state directory and tree.
    pub fn start_in(state: &Path, tree: Tree<'_>, arguments: &[&str]) -> Self {
        let tree = match tree {
            Tree::Memory => Some(Path::new("--memory")),
            Tree::Directory(path) => Some(path),
            Tree::Exports => None,
        };
        let mut shell = Command::new("sh")
            .args(["-c", WRAPPER, "sh", env!("CARGO_BIN_EXE_lockhouse"), "serve"])
            .args(tree)
            .args(["--listen", "127.0.0.1:0", "--no-root-squash", "--state"])
            .arg(state)
            .args(arguments)
            .args(store_delay().iter().flat_map(|delay| ["--store-delay", delay]))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh can be started");
        let output = shell.stdout.take().expect("its output is piped");
        let addr = wait_listening(BufReader::new(output));
        Self { shell, addr, own_state: None }
    }

    /// As a target.
    pub fn target(&self) -> Target {
        Target { addr: self.addr.to_string(), path: Vec::new() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

/// Reads the server's output until it says where it listens; goes on reading so that the server never blocks on it.
fn wait_listening(output: impl BufRead + Send + 'static) -> SocketAddr {
    let (found, wait) = mpsc::channel();
    std::thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            let _ = found.send(line);
        }
    });
    let mut said = Vec::new();
    loop {
        match wait.recv_timeout(START) {
            Ok(line) => match line.split_once(LISTENING) {
                Some((_, addr)) => {
                    return addr.split_whitespace().next().unwrap_or("").parse().expect("an address");
                }
                None => said.push(line),
            },
            Err(_) => panic!("the server does not listen; it said: {said:#?}"),
        }
    }
}
