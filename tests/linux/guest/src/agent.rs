//! The first process: mounts, starts and ends workers, hands requests on to them.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sys::signal::{Signal, kill};
use nix::sys::stat::Mode;
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::{ForkResult, Pid, fork, mkfifo};

use crate::boot::RUN;
use crate::kmsg::Log;
use crate::reply::{Args, Reply, Trouble, send};
use crate::worker;

/// Requests longer than this would not reach a worker in one piece (PIPE_BUF).
const REQUEST_BYTES_MAX: usize = 4096;

/// How often the agent looks at a process it waits for, and how many times.
const TURN: Duration = Duration::from_millis(10);
const TURNS_MAX: u32 = 6000;

const SHELL: &str = "/bin/busybox";

struct Agent {
    port: File,
    /// The writing ends of the workers' FIFOs.
    workers: BTreeMap<String, File>,
    log: Log,
}

/// Serves the harness until it closes the port.
pub fn serve(port: File) -> Result<(), Trouble> {
    let mut agent = Agent { port: port.try_clone()?, workers: BTreeMap::new(), log: Log::open()? };
    let release = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    send(&mut agent.port, "0", &Ok(release.trim().into()))?;
    for line in BufReader::new(port).lines() {
        agent.dispatch(&line?)?;
    }
    Ok(())
}

impl Agent {
    /// Runs a request, or hands it on to the worker it names.
    fn dispatch(&mut self, line: &str) -> Result<(), Trouble> {
        let Some((id, rest)) = line.split_once(' ') else { return Err(Trouble::new("a line without an id")) };
        let (target, command) = rest.split_once(' ').unwrap_or((rest, ""));
        let reply = if target == "agent" {
            self.run(command)
        } else {
            match self.hand_on(id, target, command) {
                Ok(()) => return Ok(()),
                Err(trouble) => Err(trouble),
            }
        };
        Ok(send(&mut self.port, id, &reply)?)
    }

    fn hand_on(&mut self, id: &str, target: &str, command: &str) -> Result<(), Trouble> {
        let fifo = self.workers.get_mut(target).ok_or_else(|| Trouble::new(format!("no worker {target}")))?;
        let line = format!("{id} {command}\n");
        if line.len() > REQUEST_BYTES_MAX {
            return Err(Trouble::new("the request is too long"));
        }
        Ok(fifo.write_all(line.as_bytes())?)
    }

    fn run(&mut self, command: &str) -> Reply {
        let mut args = Args::new(command);
        match args.word()? {
            "mount" => mount_export(&mut args),
            "umount" => umount(args.word()?),
            "leave" => leave(args.word()?),
            "spawn" => self.spawn(args.word()?),
            "prepare" => self.prepare(args.word()?),
            "forget" => Ok(self.workers.remove(args.word()?).map(|_| String::new()).unwrap_or_default()),
            "signal" => signal(args.number()?, args.word()?),
            "gone" => gone(args.number()?),
            "asleep" => asleep(args.number()?, args.word()?),
            "kmsg" => self.log.read(),
            "shell" => shell(),
            other => Err(Trouble::new(format!("unknown command {other}"))),
        }
    }

    /// Makes the FIFO of a worker that another worker is going to fork.
    fn prepare(&mut self, name: &str) -> Reply {
        let path = format!("{RUN}/{name}");
        mkfifo(path.as_str(), Mode::S_IRUSR | Mode::S_IWUSR)?;
        // Read and write: so it never ends, and opening it waits for nobody.
        let fifo = OpenOptions::new().read(true).write(true).open(&path)?;
        self.workers.insert(name.into(), fifo);
        Ok(String::new())
    }

    /// Starts a worker; the answer is its process id.
    #[allow(unsafe_code, reason = "fork")]
    fn spawn(&mut self, name: &str) -> Reply {
        self.prepare(name)?;
        let port = self.port.try_clone()?;
        // SAFETY: this process has a single thread, so the child may go on as if it had been started afresh.
        match unsafe { fork() }? {
            ForkResult::Parent { child } => Ok(child.to_string()),
            ForkResult::Child => worker::serve(name, port),
        }
    }
}

/// `mount SOURCE TARGET DATA`: the mount system call of `mount -t nfs4`, without its helper.
fn mount_export(args: &mut Args<'_>) -> Reply {
    let (source, target, data) = (args.word()?, args.word()?, args.word()?);
    fs::create_dir_all(target)?;
    mount(Some(source), target, Some("nfs4"), MsFlags::empty(), Some(data))?;
    Ok(String::new())
}

/// Lets a person at the console look around; ends when the shell does.
fn shell() -> Reply {
    // Links for the applets; one that exists already is no trouble.
    Command::new(SHELL).args(["--install", "-s", "/bin"]).stderr(Stdio::null()).status()?;
    let status = Command::new(SHELL).arg("sh").env("PATH", "/bin").current_dir("/mnt").status()?;
    Ok(status.to_string())
}

fn umount(target: &str) -> Reply {
    umount2(target, MntFlags::empty())?;
    Ok(String::new())
}

/// Unmounts what may be mounted there.
fn leave(target: &str) -> Reply {
    match umount2(target, MntFlags::empty()) {
        Err(Errno::EINVAL | Errno::ENOENT) => Ok(String::new()),
        other => Ok(other.map(|()| String::new())?),
    }
}

fn signal(pid: i32, name: &str) -> Reply {
    let signal = Signal::from_str(name)?;
    match kill(Pid::from_raw(pid), signal) {
        // A process that is gone already is what SIGKILL is for.
        Err(Errno::ESRCH) if signal == Signal::SIGKILL => {}
        other => other?,
    }
    Ok(String::new())
}

/// Waits until the process has ended, which means that its files are closed.
fn gone(pid: i32) -> Reply {
    for _ in 0..TURNS_MAX {
        while matches!(waitpid(None, Some(WaitPidFlag::WNOHANG)), Ok(status) if status.pid().is_some()) {}
        if !is_alive(pid) {
            return Ok(String::new());
        }
        thread::sleep(TURN);
    }
    Err(Trouble::new(format!("process {pid} does not end")))
}

/// Waits until the process sleeps in one of these functions of the kernel, which are separated by commas.
fn asleep(pid: i32, functions: &str) -> Reply {
    let mut seen = String::new();
    for _ in 0..TURNS_MAX {
        seen = fs::read_to_string(format!("/proc/{pid}/wchan"))?;
        if functions.split(',').any(|function| function == seen) {
            return Ok(String::new());
        }
        thread::sleep(TURN);
    }
    Err(Trouble::new(format!("process {pid} does not sleep in {functions}; it was seen in {seen}")))
}

/// A process is over when it has no entry or is a zombie (`PID (NAME) STATE …`).
fn is_alive(pid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
}
