//! One emulated machine.

use std::fs::{self, File};
use std::io;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::child::Owned;
use super::image::Image;
use super::klog;
use super::link::{Answer, Link, PATIENCE, Pending};
use super::monitor;
use super::worker::Worker;

/// All guests have the address that QEMU's user network expects: each has a network of its own.
pub const ADDRESS: &str = "10.0.2.15";

/// A running guest; it is stopped when this value goes.
pub struct Guest {
    /// Its host name.
    pub name: String,
    link: Arc<Link>,
    workers: Mutex<Workers>,
    console: PathBuf,
    process: Mutex<Owned>,
    /// The directory of the emulator's sockets.
    sockets: tempfile::TempDir,
}

#[derive(Default)]
struct Workers {
    count: u32,
    /// Name and process id of those that were started since the last [`Guest::end_workers`].
    alive: Vec<(String, String)>,
}

/// A guest that is starting.
pub struct Starting {
    guest: Guest,
    greeting: Pending,
    release: String,
}

impl Guest {
    /// Starts a guest called `name`. Its console is the terminal of the test or a file in `logs`.
    pub fn start(image: &Image, name: &str, logs: &Path, terminal: bool) -> anyhow::Result<Starting> {
        fs::create_dir_all(logs)?;
        let console = logs.join(format!("{name}.console"));
        let sockets = tempfile::tempdir()?;
        let listener = UnixListener::bind(sockets.path().join("agent"))?;
        let mut command = command(image, name, sockets.path());
        if terminal {
            command.args(["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"]);
        } else {
            command.arg("-serial").arg(format!("file:{}", console.display()));
            let log = File::create(logs.join(format!("{name}.qemu")))?;
            command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        }
        let mut process = Owned::start(&mut command).context("cannot start qemu-system-x86_64")?;
        let stream = accept(&listener, &mut process).with_context(|| format!("see {}", logs.display()))?;
        let (link, greeting) = Link::new(stream)?;
        let (link, process) = (Arc::new(link), Mutex::new(process));
        let guest = Guest { name: name.into(), link, workers: Mutex::default(), console, process, sockets };
        Ok(Starting { guest, greeting, release: image.release.clone() })
    }

    /// Runs a command of the agent.
    #[track_caller]
    pub fn agent(&self, command: &str) -> Answer {
        self.link.start("agent", command).wait()
    }

    /// Cuts the guest off from everybody, the server included, until [`Guest::plug_in`]. Nobody is told: what is sent
    /// is lost.
    #[track_caller]
    pub fn pull_plug(&self) {
        self.set_link(false).expect("the emulator pulls the plug");
    }

    /// Ends [`Guest::pull_plug`].
    #[track_caller]
    pub fn plug_in(&self) {
        self.set_link(true).expect("the emulator plugs in");
    }

    /// Says whether packets come through.
    pub fn set_link(&self, up: bool) -> anyhow::Result<()> {
        monitor::set_link(&self.sockets.path().join("monitor"), up)
    }

    /// Runs a shell on the console until it ends.
    pub fn shell(&self) {
        let shell = self.link.start("agent", "shell");
        while shell.ready().is_none() && self.is_running() {
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Mounts `source` at `target`.
    #[track_caller]
    pub fn mount(&self, source: &str, target: &str, options: &str) {
        let answer = self.agent(&format!("mount {source} {target} {options}"));
        answer.unwrap_or_else(|failure| panic!("{}: mount {source} with {options}: {failure:?}", self.name));
    }

    /// Starts a worker process.
    #[track_caller]
    pub fn worker(&self) -> Worker {
        let name = self.next_name();
        let pid = self.agent(&format!("spawn {name}")).expect("a worker starts");
        self.adopt(&name, &pid)
    }

    /// Forks `worker`: the new one has the same open files.
    #[track_caller]
    pub fn fork(&self, worker: &Worker) -> Worker {
        let name = self.next_name();
        self.agent(&format!("prepare {name}")).expect("a FIFO can be made");
        let pid = worker.must(&format!("fork {name}"));
        self.adopt(&name, &pid)
    }

    /// Sends a signal to a worker.
    #[track_caller]
    pub fn signal(&self, worker: &Worker, signal: &str) {
        self.agent(&format!("signal {} {signal}", worker.pid)).expect("the worker is there");
    }

    /// Waits until a worker is gone, so that its files are closed.
    #[track_caller]
    pub fn await_end(&self, worker: &Worker) {
        self.agent(&format!("gone {}", worker.pid)).expect("the worker ends");
    }

    /// Waits until a worker sleeps in `function` of the kernel.
    #[track_caller]
    pub fn await_sleep(&self, worker: &Worker, function: &str) {
        self.agent(&format!("asleep {} {function}", worker.pid)).expect("the worker sleeps");
    }

    /// Takes a worker into the list of those to be ended.
    fn adopt(&self, name: &str, pid: &str) -> Worker {
        let mut workers = self.workers.lock().expect("no panic while held");
        workers.alive.push((name.into(), pid.into()));
        Worker::new(Arc::clone(&self.link), name, pid)
    }

    fn next_name(&self) -> String {
        let mut workers = self.workers.lock().expect("no panic while held");
        workers.count += 1;
        format!("w{}", workers.count)
    }

    /// Kills all workers and waits until they are gone.
    pub fn end_workers(&self) -> anyhow::Result<()> {
        let workers = std::mem::take(&mut self.workers.lock().expect("no panic while held").alive);
        for (_, pid) in &workers {
            self.checked(&format!("signal {pid} SIGKILL"))?;
        }
        for (name, pid) in &workers {
            self.checked(&format!("gone {pid}"))?;
            self.checked(&format!("forget {name}"))?;
        }
        Ok(())
    }

    /// What the kernel has complained about since the last call.
    pub fn complaints(&self) -> anyhow::Result<Vec<String>> {
        // All pieces together: a report of several records may lie in two.
        let mut pieces = Vec::new();
        loop {
            let records = self.checked("kmsg")?;
            if records.is_empty() {
                break;
            }
            pieces.push(records);
        }
        let records = pieces.join(klog::BETWEEN_RECORDS);
        Ok(klog::complaints(&records).map(|line| format!("{}: {line}", self.name)).collect())
    }

    /// Runs a command of the agent; an error is told, not a panic.
    pub fn checked(&self, command: &str) -> anyhow::Result<String> {
        let answer = self.link.start("agent", command).outcome()?;
        answer.map_err(|failure| anyhow::anyhow!("{}: {command}: {failure:?}", self.name))
    }

    /// The last lines of the console, for the report of a failure.
    pub fn console_tail(&self) -> String {
        let text = fs::read(&self.console).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(25)..].join("\n")
    }

    /// Whether the emulator runs.
    pub fn is_running(&self) -> bool {
        self.process.lock().is_ok_and(|mut process| process.ended().is_none())
    }
}

impl Starting {
    /// Waits until the guest is up.
    pub fn finish(self) -> anyhow::Result<Guest> {
        let tail = || format!("the guest does not start:\n{}", self.guest.console_tail());
        match self.greeting.outcome().with_context(tail)? {
            Ok(release) if release == self.release => {}
            other => bail!("{}\ngreeting: {other:?}", tail()),
        }
        self.guest.complaints()?;
        Ok(self.guest)
    }
}

/// The emulator without its console.
fn command(image: &Image, name: &str, sockets: &Path) -> Command {
    // No watchdogs, and no check at the start whether the timer ticks as fast as the processor counts: the emulation may
    // stand still for seconds on a busy machine.
    let kernel_arguments = format!(
        "console=ttyS0 quiet panic=-1 tsc=unstable no_timer_check nowatchdog rcupdate.rcu_cpu_stall_suppress=1 \
         LH_HOST={name} LH_ADDRESS={ADDRESS}"
    );
    let mut command = Command::new("qemu-system-x86_64");
    command
        .args(["-accel", "tcg", "-cpu", "max", "-machine", "q35", "-m", "384", "-smp", "1"])
        .args(["-nodefaults", "-no-reboot", "-display", "none"])
        .arg("-kernel")
        .arg(&image.kernel)
        .arg("-initrd")
        .arg(&image.archive)
        .args(["-append", &kernel_arguments])
        .args(["-netdev", "user,id=net0", "-device", "virtio-net-pci,netdev=net0"])
        .args(["-device", "virtio-serial-pci", "-device", "virtserialport,chardev=agent"])
        .arg("-chardev")
        .arg(format!("socket,id=agent,path={}", sockets.join("agent").display()))
        .arg("-qmp")
        .arg(format!("unix:{},server=on,wait=off", sockets.join("monitor").display()));
    if let Some(file) = std::env::var_os("LOCKHOUSE_PCAP") {
        let file = format!("{}.{name}.pcap", file.to_string_lossy());
        command.arg("-object").arg(format!("filter-dump,id=dump0,netdev=net0,file={file}"));
    }
    command
}

/// Waits until the emulator has connected.
fn accept(listener: &UnixListener, process: &mut Owned) -> anyhow::Result<UnixStream> {
    listener.set_nonblocking(true)?;
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(false)?;
                return Ok(stream);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
        if let Some(status) = process.ended() {
            bail!("the emulator has ended: {status}");
        }
        thread::sleep(Duration::from_millis(10));
    }
    bail!("the emulator does not connect")
}
