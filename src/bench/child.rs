//! Servers that the benchmark starts itself: this executable once more, killed with this process.

use super::error::BenchError;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The hidden word of the command line that [`become_child`] is behind.
pub const CHILD: &str = "bench-child";
/// What a server prints before its address.
const LISTENING: &str = "listening on ";

/// Runs a server process; kills it when dropped, and removes its directory.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// `HOST:PORT` where it listens.
    pub addr: String,
    _dir: Option<Scratch>,
}

impl Server {
    /// Starts a Lockhouse with an embedded store and an export in a temporary directory, on a free port of the loopback.
    pub fn lockhouse(cpu: Option<usize>) -> Result<Self, BenchError> {
        let dir = Scratch::new().map_err(BenchError::system("cannot make a temporary directory"))?;
        let (files, state) = (dir.path().join("files"), dir.path().join("state"));
        std::fs::create_dir(&files).map_err(BenchError::system("cannot make a temporary directory"))?;
        let (files, state) = (files.to_string_lossy(), state.to_string_lossy());
        let serve = ["serve", &files, "--state", &state, "--listen", "127.0.0.1:0"];
        let args = [&serve[..], &["--no-root-squash", "--log", "error"]].concat();
        let (child, addr) = start(cpu, &args)?;
        Ok(Self { child, addr, _dir: Some(dir) })
    }

    /// Starts an echo server.
    pub fn echo(cpu: Option<usize>) -> Result<Self, BenchError> {
        let (child, addr) = start(cpu, &["echo"])?;
        Ok(Self { child, addr, _dir: None })
    }

    /// Returns the number of its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(cpu: Option<usize>, args: &[&str]) -> Result<(Child, String), BenchError> {
    let failed = || BenchError::system(format!("cannot start {}", args.first().unwrap_or(&"")));
    let mut command = Command::new(std::env::current_exe().map_err(failed())?);
    command.arg(CHILD);
    if let Some(cpu) = cpu {
        command.args(["--cpu", &cpu.to_string()]);
    }
    command.arg("--").args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(failed())?;
    let mut lines =
        BufReader::new(child.stderr.take().ok_or_else(|| failed()(io::Error::other("no stderr")))?);
    let mut said = String::new();
    loop {
        let start = said.len();
        if lines.read_line(&mut said).unwrap_or(0) == 0 {
            let _ = child.wait();
            return Err(BenchError::Other(format!("{} ended at once: {}", args.join(" "), said.trim())));
        }
        if let Some(addr) = said.get(start..).and_then(|line| line.strip_prefix(LISTENING)) {
            let addr = addr.trim().to_owned();
            std::thread::spawn(move || pass_on(lines));
            return Ok((child, addr));
        }
    }
}

/// Passes on to the user what a child complains of, which must never block on saying it.
fn pass_on(mut lines: impl Read) {
    let _ = io::copy(&mut lines, &mut io::stderr());
}

/// A directory that is removed when dropped.
#[derive(Debug)]
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> io::Result<Self> {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        let name = format!("lockhouse-bench-{:016x}", u64::from_be_bytes(bytes));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left in the temporary directory harms nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Prepares the child process: it ends with its parent, stays on one processor, and becomes what it should be.
pub fn become_child(cpu: Option<usize>, args: &[String]) -> Result<(), BenchError> {
    use std::os::unix::process::CommandExt as _;
    let signal = Some(rustix::process::Signal::KILL);
    rustix::process::set_parent_process_death_signal(signal).map_err(BenchError::system("prctl"))?;
    if let Some(cpu) = cpu {
        super::pin::pin_to(cpu)?;
    }
    if args.first().is_some_and(|word| word == "echo") {
        let listen = || BenchError::system("cannot listen");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(listen())?;
        eprintln!("{LISTENING}{}", listener.local_addr().map_err(listen())?);
        return super::echo::serve(&listener).map_err(BenchError::system("echo"));
    }
    let executable = std::env::current_exe().map_err(BenchError::system("cannot find this executable"))?;
    Err(BenchError::system("cannot start the server")(Command::new(executable).args(args).exec()))
}
