//! The `lockhouse` binary as a child process.

use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The binary with these arguments, away from the environment of who runs the tests.
pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lockhouse"));
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    for variable in ["LOCKHOUSE_LOG", "COLUMNS", "XDG_STATE_HOME", "RUST_BACKTRACE"] {
        command.env_remove(variable);
    }
    command
}

/// Runs it to its end. Answers everything that can be seen of it, with the path `hidden` as `TMP`.
pub fn transcript(args: &[&str], hidden: Option<&Path>) -> String {
    let output = command(args).output().expect("the binary starts");
    let code = output.status.code().expect("it ends by itself");
    let mut text = format!("$ lockhouse {}\n", args.join(" "));
    text += &String::from_utf8(output.stdout).expect("UTF-8");
    text += &String::from_utf8(output.stderr).expect("UTF-8");
    text += &format!("[exit code {code}]\n");
    match hidden {
        Some(hidden) => text.replace(hidden.to_str().expect("UTF-8"), "TMP"),
        None => text,
    }
}

/// A running server, killed when a test forgets it.
pub struct Server {
    child: Child,
    stderr: BufReader<ChildStderr>,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it said before that.
    pub said: String,
}

impl Server {
    /// Starts `lockhouse serve` on a free port of the loopback and waits until it listens.
    pub fn start(args: &[&str]) -> Self {
        Self::start_with(args, &[])
    }

    /// The same with these variables in its environment, or without them.
    pub fn start_with(args: &[&str], environment: &[(&str, Option<&str>)]) -> Self {
        let args = [&["serve", "--listen", "127.0.0.1:0"], args].concat();
        let mut command = command(&args);
        for (name, value) in environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the binary starts");
        let mut stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut said = String::new();
        let address = loop {
            let start = said.len();
            if stderr.read_line(&mut said).expect("UTF-8") == 0 {
                let status = child.wait().expect("it is our child");
                panic!("it ended with {status}:\n{said}");
            }
            if let Some(address) = said[start..].strip_prefix("listening on ") {
                break address.trim_end().parse().expect("an address is all that follows");
            }
        };
        Self { child, stderr, address, said }
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
    }

    /// Waits until it has said a line with each of these in it, in any order; fails when it ends before.
    pub fn wait_for_lines(&mut self, parts: &[&str]) {
        let mut missing = parts.to_vec();
        let mut line = String::new();
        while !missing.is_empty() {
            line.clear();
            assert!(self.stderr.read_line(&mut line).expect("UTF-8") > 0, "it ended without {missing:?}");
            missing.retain(|part| !line.contains(part));
        }
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Stops the process for `time`, and lets `meanwhile` happen in it.
    pub fn stopped_for(&self, time: Duration, meanwhile: impl FnOnce()) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::STOP).expect("it runs");
        let until = Instant::now() + time;
        meanwhile();
        std::thread::sleep(until.saturating_duration_since(Instant::now()));
        kill_process(pid, Signal::CONT).expect("it is stopped");
    }

    /// Sends a signal and waits for the end. Answers how it ended and what it said on stderr since it listened.
    pub fn end(mut self, signal: Signal) -> (ExitStatus, String) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
        let mut said = String::new();
        self.stderr.read_to_string(&mut said).expect("UTF-8");
        (self.child.wait().expect("it is our child"), said)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
