//! `/init` of a test guest.
//!
//! It brings the machine up ([`boot`]), then serves the harness on a virtio-serial port ([`agent`]): it mounts the
//! server under test and forks worker processes ([`worker`]), because the owner of a POSIX lock is a process. The
//! protocol is one line a request, `ID TARGET COMMAND ARG…`, and one line a reply, `ID ok TEXT` or
//! `ID fail ERRNO TEXT`.

mod agent;
mod append;
mod boot;
mod counter;
mod directories;
mod files;
mod kmsg;
mod locks;
mod net;
mod pattern;
mod reply;
mod sqlite;
mod worker;
mod xattrs;

fn main() {
    let port = match boot::bring_up() {
        Ok(port) => port,
        Err(trouble) => {
            eprintln!("lockhouse-guest: cannot start: {trouble}");
            boot::power_off();
        }
    };
    if let Err(trouble) = agent::serve(port) {
        eprintln!("lockhouse-guest: the harness is gone: {trouble}");
    }
    boot::power_off();
}
