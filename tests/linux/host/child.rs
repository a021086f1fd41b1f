//! Processes that do not outlive the test.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Output};

use anyhow::{Context, bail};

/// A process that is killed when this value goes, and by the kernel when the thread that started it goes.
pub struct Owned(Child);

impl Owned {
    /// Starts `command`.
    #[allow(
        unsafe_code,
        reason = "only code between fork and exec can ask for a signal on the parent's death"
    )]
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let die_with_parent = || {
            rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
            Ok(())
        };
        // SAFETY: the closure makes one system call and allocates nothing, so it may run after fork.
        unsafe { command.pre_exec(die_with_parent) };
        Ok(Self(command.spawn()?))
    }

    /// How the process ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().ok().flatten()
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
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
