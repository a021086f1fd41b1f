//! Processes that do not outlive the test.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};

/// A process that is killed when this value goes, and when the test dies in whatever way.
pub struct Owned {
    process: Child,
    /// Kills the process at the end of its own input, which ends with the test.
    guard: Child,
}

impl Owned {
    /// Starts `command`.
    ///
    /// The kernel's own way, PR_SET_PDEATHSIG, does not do: a process that changes the user ids it acts as, as a file
    /// server does, loses that setting.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let mut process = command.spawn()?;
        let script = format!("read -r _; kill -9 {}", process.id());
        // A group of its own: Ctrl-C at the terminal must not end the guard before its time.
        let mut guard = Command::new("sh");
        guard.args(["-c", &script]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        match guard.process_group(0).spawn() {
            Ok(guard) => Ok(Self { process, guard }),
            Err(error) => {
                process.kill()?;
                process.wait()?;
                Err(error)
            }
        }
    }

    /// Sends a signal that ends the process and waits, at most `patience`, for how it ends.
    pub fn signal(mut self, signal: Signal, patience: Duration) -> anyhow::Result<ExitStatus> {
        kill_process(Pid::from_child(&self.process), signal)?;
        let start = Instant::now();
        while start.elapsed() < patience {
            if let Some(status) = self.ended() {
                return Ok(status);
            }
            thread::sleep(Duration::from_millis(5));
        }
        bail!("it does not end within {patience:?} after a signal")
    }

    /// How the process ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.process.try_wait().ok().flatten()
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // The guard first: later the number could be another process's. Errors mean that they have ended already.
        for child in [&mut self.guard, &mut self.process] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Runs `command` to its end; if it fails, the error carries what it wrote.
pub fn run(command: &mut Command) -> anyhow::Result<Output> {
    let what = format!("{command:?}");
    let output = command.output().with_context(|| format!("cannot run {what}"))?;
    if !output.status.success() {
        bail!("{what}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(output)
}
