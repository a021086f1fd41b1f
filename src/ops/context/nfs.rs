//! What all COMPOUNDs of a server share.

use crate::files::Namespace;
use crate::nfs4::{ConnectionId, Filehandle, Time, Verifier};
use crate::state::Core;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Holds one server: its files and its state.
pub struct Nfs {
    /// The exports.
    pub files: Arc<Namespace>,
    /// Differs from that of every other run of the server: data written unstably may have been lost (WRITE, COMMIT).
    pub write_verifier: Verifier,
    /// Major id of `server_owner4`, and `eir_server_scope`: the same at every address of the server, and after a restart.
    pub server_owner: Box<[u8]>,
    /// The lease, as the attribute lease_time gives it.
    pub lease: Time,
    core: Mutex<Core>,
    /// Called when a command panicked.
    broken: fn() -> !,
    /// What [`Nfs::take_introductions`] returns, and whether there is any.
    introductions: Mutex<Vec<Introduction>>,
    has_introductions: AtomicBool,
}

/// Describes a client that has introduced itself by SETCLIENTID or EXCHANGE_ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introduction {
    /// The connection that it came over.
    pub connection: ConnectionId,
    /// The name that the client gives itself (`id`, `co_ownerid`).
    pub name: Box<[u8]>,
    /// The verifier of the client's instance.
    pub verifier: Verifier,
    /// Whether another instance of that name was known whose lease has not expired.
    pub replaces: bool,
}

/// Ends the process: the core may now hold half of a change, which must not be stored or acted on. What was stored before
/// is whole, and the next start resumes from there.
fn stop() -> ! {
    tracing::error!(
        "a command failed half-way; stopping, a restart resumes from what was stored. See the message of the panic"
    );
    std::process::exit(1);
}

impl Nfs {
    /// Makes a server over `files` with the state `core`.
    pub fn new(files: Arc<Namespace>, core: Core, write_verifier: Verifier, server_owner: &[u8]) -> Self {
        let (server_owner, lease) = (server_owner.into(), core.lease());
        let (core, introductions, has_introductions) = (Mutex::new(core), Mutex::default(), false.into());
        Self {
            files,
            write_verifier,
            server_owner,
            lease,
            core,
            broken: stop,
            introductions,
            has_introductions,
        }
    }

    /// Replaces the end of the process after a command panicked: for tests that go on.
    #[cfg(test)]
    pub(crate) fn on_broken(mut self, broken: fn() -> !) -> Self {
        self.broken = broken;
        self
    }

    /// Locks the state core for one command. Does not return when some thread has panicked while it held the core: the
    /// process ends.
    pub fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(|_| (self.broken)())
    }

    /// Records that a client has introduced itself. The thread that carries out the COMPOUND takes it afterwards, so there
    /// are never more of them than operations in all COMPOUNDs under way.
    pub(super) fn introduced(&self, introduction: Introduction) {
        self.introductions.lock().unwrap_or_else(PoisonError::into_inner).push(introduction);
        self.has_introductions.store(true, Ordering::Release);
    }

    /// Takes the clients that have introduced themselves over this connection since the last call.
    pub fn take_introductions(&self, connection: ConnectionId) -> Vec<Introduction> {
        if !self.has_introductions.load(Ordering::Acquire) {
            return Vec::new();
        }
        let mut all = self.introductions.lock().unwrap_or_else(PoisonError::into_inner);
        let (own, others) = all.drain(..).partition(|it: &Introduction| it.connection == connection);
        *all = others;
        self.has_introductions.store(!all.is_empty(), Ordering::Release);
        own
    }

    /// Keeps an open file usable when its last name goes (see [`Namespace::hold`]).
    pub fn hold(&self, fh: &Filehandle) {
        // A file that cannot be held merely disappears with its last name.
        if let Err(status) = self.files.hold(fh) {
            tracing::debug!(?fh, %status, "cannot hold an open file");
        }
        // It may have been closed meanwhile.
        if !self.core().is_open(fh) {
            self.files.release(fh);
        }
    }

    /// Releases files that are no longer open (see [`Core::take_closed`]). Called without the core.
    pub fn release(&self, closed: Vec<Filehandle>) {
        for fh in closed {
            self.files.release(&fh);
            // It may have been opened again in between.
            let reopened = self.core().is_open(&fh);
            if reopened {
                self.hold(&fh);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Namespace;
    use crate::state::{Config, Start};
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::time::Duration;

    #[test]
    fn nobody_gets_a_core_in_which_a_command_panicked() {
        let start = Start { epoch: 3, seed: 1, recorded: Default::default(), now: Duration::ZERO };
        let files = Arc::new(Namespace::memory().unwrap());
        let nfs = Nfs::new(files, Core::new(Config::default(), start), [1; 8], b"owner")
            .on_broken(|| panic!("the process ends here"));
        let panics = |run: &dyn Fn()| catch_unwind(AssertUnwindSafe(run)).is_err();
        assert!(!panics(&|| drop(nfs.core())));
        let in_a_command = || {
            let _core = nfs.core();
            panic!("as the test wants");
        };
        assert!(panics(&in_a_command));
        assert!(panics(&|| drop(nfs.core())));
    }
}
