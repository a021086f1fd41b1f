//! From the kernel's first process to a machine with modules, a network and the port to the harness.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::thread;
use std::time::Duration;

use nix::kmod::{ModuleInitFlags, finit_module};
use nix::mount::{MsFlags, mount};
use nix::sys::reboot::{RebootMode, reboot};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};

use crate::net;
use crate::reply::Trouble;

/// Where the FIFOs of the workers are.
pub const RUN: &str = "/run";

/// Brings the machine up; the answer is the port to the harness, open for reading and writing.
pub fn bring_up() -> Result<File, Trouble> {
    for (kind, at) in [("proc", "/proc"), ("sysfs", "/sys"), ("devtmpfs", "/dev"), ("tmpfs", RUN)] {
        fs::create_dir_all(at)?;
        mount(Some(kind), at, Some(kind), MsFlags::empty(), None::<&str>)?;
    }
    load_modules()?;
    nix::unistd::sethostname(variable("LH_HOST")?)?;
    net::configure(&variable("LH_ADDRESS")?)?;
    interrupt_on_usr1()?;
    open_port()
}

/// Stops the machine; the emulator ends with it.
pub fn power_off() -> ! {
    nix::unistd::sync();
    let never = reboot(RebootMode::RB_POWER_OFF);
    panic!("the machine does not stop: {never:?}");
}

/// The kernel gives `NAME=value` of its command line to `/init` as an environment variable.
fn variable(name: &str) -> Result<String, Trouble> {
    std::env::var(name).map_err(|_| Trouble::new(format!("{name} is not on the kernel command line")))
}

/// Loads what `/modules/order` lists, in its order (the harness has sorted it by dependency).
fn load_modules() -> Result<(), Trouble> {
    for name in fs::read_to_string("/modules/order")?.lines() {
        let file = File::open(format!("/modules/{name}"))?;
        finit_module(&file, c"", ModuleInitFlags::empty())
            .map_err(|errno| Trouble { errno: errno as i32, text: format!("module {name}") })?;
    }
    Ok(())
}

/// Makes SIGUSR1 interrupt a waiting system call without ending the process.
#[allow(unsafe_code, reason = "a signal handler cannot be set without")]
fn interrupt_on_usr1() -> Result<(), Trouble> {
    extern "C" fn ignore(_: i32) {}
    let action = SigAction::new(SigHandler::Handler(ignore), SaFlags::empty(), SigSet::empty());
    // SAFETY: the handler does nothing, so it is async-signal-safe.
    unsafe { sigaction(Signal::SIGUSR1, &action) }?;
    Ok(())
}

/// Opens the only virtio-serial port; it appears a moment after its driver has started.
fn open_port() -> Result<File, Trouble> {
    for _ in 0..3000 {
        let port = fs::read_dir("/dev")?
            .filter_map(Result::ok)
            .find(|entry| entry.file_name().to_string_lossy().starts_with("vport"));
        match port.map(|entry| OpenOptions::new().read(true).write(true).open(entry.path())) {
            Some(Ok(file)) => return Ok(file),
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => thread::sleep(Duration::from_millis(10)),
        }
    }
    Err(Trouble::new("no virtio-serial port"))
}
