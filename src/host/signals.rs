//! Signals: those that end the server, and those that others mean something by.

use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Catches signals from the moment on at which this is created. None of them ends the process by itself.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
    user1: Signal,
    user2: Signal,
}

impl Signals {
    /// Hears them from now on. Has to be called inside of a [`runtime`](crate::transport::runtime). Errors: the system does not let it.
    pub fn hear() -> io::Result<Self> {
        ignore_file_size()?;
        let hear = |kind| signal(kind);
        Ok(Self {
            terminate: hear(SignalKind::terminate())?,
            interrupt: hear(SignalKind::interrupt())?,
            hangup: hear(SignalKind::hangup())?,
            user1: hear(SignalKind::user_defined1())?,
            user2: hear(SignalKind::user_defined2())?,
        })
    }

    /// Waits for SIGTERM or SIGINT. Logs at SIGHUP how a configuration is read again, and at SIGUSR1 and SIGUSR2 what
    /// `describe` says of the server.
    pub async fn end(mut self, describe: impl Fn() -> String) {
        loop {
            let name = tokio::select! {
                _ = self.terminate.recv() => return tracing::info!("got SIGTERM"),
                _ = self.interrupt.recv() => return tracing::info!("got SIGINT"),
                _ = self.hangup.recv() => {
                    tracing::info!(
                        "got SIGHUP: the configuration is read at the start only; restart the server for it, clients \
                         keep their locks"
                    );
                    continue;
                }
                _ = self.user1.recv() => "SIGUSR1",
                _ = self.user2.recv() => "SIGUSR2",
            };
            tracing::info!("got {name}: {}", describe());
        }
    }
}

/// Lets a write beyond the limit of the process for the size of a file fail, of which the client is told, instead of ending the
/// server.
fn ignore_file_size() -> io::Result<()> {
    #[allow(unsafe_code, reason = "a system call without a safe wrapper")]
    // SAFETY: no handler is set that could be called.
    let before = unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
    if before == libc::SIG_ERR { Err(io::Error::last_os_error()) } else { Ok(()) }
}
