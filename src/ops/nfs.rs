//! What all COMPOUNDs share.

use crate::files::Files;
use crate::nfs4::{Filehandle, Time, Verifier};
use crate::state::Core;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One server: its files and its state.
pub struct Nfs {
    /// The exports.
    pub files: Arc<dyn Files>,
    /// Differs from that of every other run of the server: data written unstably may have been lost (WRITE, COMMIT).
    pub write_verifier: Verifier,
    /// Major id of `server_owner4`, and `eir_server_scope`: the same at every address of the server, and after a restart.
    pub server_owner: Box<[u8]>,
    /// The lease, in the attribute lease_time and for whoever asks.
    pub lease: Time,
    core: Mutex<Core>,
}

impl Nfs {
    /// A server over `files` with the state `core`.
    pub fn new(files: Arc<dyn Files>, core: Core, write_verifier: Verifier, server_owner: &[u8]) -> Self {
        let (server_owner, lease) = (server_owner.into(), core.lease());
        Self { files, write_verifier, server_owner, lease, core: Mutex::new(core) }
    }

    /// The state core, locked for one command.
    pub fn core(&self) -> MutexGuard<'_, Core> {
        // A command that panicked has changed nothing or everything it meant to: the core decides first.
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps an open file usable when its last name goes (see [`Files::hold`]).
    pub fn hold(&self, fh: &Filehandle) {
        // One that cannot be held is merely gone when its last name is.
        if let Err(status) = self.files.hold(fh) {
            tracing::debug!(?fh, %status, "cannot hold an open file");
        }
        // It may have been closed meanwhile.
        if !self.core().is_open(fh) {
            self.files.release(fh);
        }
    }

    /// Lets go of files that are no longer open (see [`Core::take_closed`]). Called without the core.
    pub fn release(&self, closed: Vec<Filehandle>) {
        for fh in closed {
            self.files.release(&fh);
            // Somebody may have opened it again in between.
            let reopened = self.core().is_open(&fh);
            if reopened {
                self.hold(&fh);
            }
        }
    }
}
