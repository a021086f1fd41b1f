//! What an operation sees of its COMPOUND and of the server.

mod arguments;
mod core_access;
mod data_access;
mod filehandles;
mod nfs;
mod preview;

pub use arguments::{read, read_with_digest};
pub use core_access::CoreGuard;
pub(super) use data_access::DataChange;
pub use nfs::{Introduction, Nfs};
pub(super) use preview::preview;
pub use preview::{MEMORY_BYTES_MAX, Preview, REPLY_BYTES_MAX, RESULT_BYTES, STEPS_MAX};

use crate::files::Namespace;
use crate::nfs4::{Caller, ClientId, Cred, Filehandle, Status, Time, Verifier};
use crate::state::{Done, SlotTicket};
use crate::xdr::encode::Encoder;
use core_access::CoreAccess;
use filehandles::Filehandles;
use std::sync::Arc;

/// Says why an operation ends the COMPOUND.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fail {
    /// Its status.
    pub status: Status,
    /// Whether the result has a body all the same (`LOCK4denied`, `clientaddr4`, SETATTR's bitmap), already written.
    pub has_body: bool,
}

/// Says how an operation ended; its body is in [`Context::out`].
pub type Outcome = Result<(), Fail>;

impl From<Status> for Fail {
    fn from(status: Status) -> Self {
        Self { status, has_body: false }
    }
}

impl Fail {
    /// Makes a failure whose body has been written.
    pub fn with_body(status: Status) -> Self {
        Self { status, has_body: true }
    }
}

/// Holds the state of one COMPOUND between its operations.
pub struct Context<'a> {
    /// The server.
    pub nfs: &'a Nfs,
    /// The sender of the COMPOUND.
    pub caller: &'a Caller,
    /// Where the results go.
    pub out: &'a mut Encoder,
    /// The current filehandle and stateid, and the saved ones.
    filehandles: Filehandles,
    /// The COMPOUND.
    pub request: Request<'a>,
    /// Its slot in a session, once SEQUENCE has given it one.
    pub slot: Option<SlotTicket>,
    /// What SEQUENCE found instead of a free slot.
    pub retry: Option<Retry>,
    /// Whether no operation follows this one.
    pub is_last: bool,
    core: CoreAccess<'a>,
    /// The operations whose changes were stored before the end of the COMPOUND.
    pub done: Vec<Done>,
    /// Whether an operation was carried out that would not have the same result again.
    pub unrepeatable: bool,
    /// The file that has just been opened.
    opened: Option<Filehandle>,
}

/// Holds what is known of a COMPOUND before its operations.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Minor version.
    pub minor: u32,
    /// The number of operations that it claims to have.
    pub count: u32,
    /// All of its arguments.
    pub args: &'a [u8],
}

/// Describes a COMPOUND that was carried out before (RFC 8881 §2.10.6.1).
#[derive(Clone, Debug)]
pub enum Retry {
    /// This was its result.
    Cached(Arc<[u8]>),
    /// Its result was not kept: the operation after SEQUENCE fails.
    Uncached,
}

impl<'a> Context<'a> {
    /// Begins a COMPOUND: with no current and no saved filehandle.
    pub fn new(nfs: &'a Nfs, caller: &'a Caller, request: Request<'a>, out: &'a mut Encoder) -> Self {
        Self {
            nfs,
            caller,
            out,
            filehandles: Filehandles::default(),
            request,
            slot: None,
            retry: None,
            is_last: false,
            core: CoreAccess::new(nfs),
            done: Vec::new(),
            unrepeatable: false,
            opened: None,
        }
    }

    /// Tells whether this is NFSv4.1 or later: stateids and owners belong to the client of the session, and seqids of owners
    /// mean nothing.
    pub fn has_sessions(&self) -> bool {
        self.request.minor > 0
    }

    /// Returns the client whose state an operation concerns that names a client: with sessions always the session's,
    /// whatever it names (RFC 8881 §8.13). Errors: `StaleClientid`.
    pub fn client(&self, named: ClientId) -> Result<ClientId, Status> {
        match &self.slot {
            Some(slot) => Ok(slot.client()),
            None if named.has_sessions() => Err(Status::StaleClientid),
            None => Ok(named),
        }
    }

    /// Records that a client introduces itself under this name.
    pub(super) fn introduced(&self, name: &[u8], verifier: Verifier, replaces: bool) {
        let (connection, name) = (self.caller.connection, name.into());
        self.nfs.introduced(Introduction { connection, name, verifier, replaces });
    }

    /// Returns how many bytes a result may still have beside `frame` others: replies are limited, with and without a session.
    pub fn room(&self, frame: usize) -> u32 {
        let most = self.slot.as_ref().map_or(REPLY_BYTES_MAX, SlotTicket::reply_bytes_max);
        u32::try_from(most.saturating_sub(self.out.pos() + frame)).unwrap_or(u32::MAX)
    }

    /// Returns the status which says that the smallest useful result does not fit into the reply.
    pub fn no_room(&self) -> Status {
        if self.has_sessions() { Status::RepTooBig } else { Status::Resource }
    }

    /// Releases the core for a moment, in the middle of an operation that has changed nothing. A nonblocking COMPOUND is
    /// short, and keeps it.
    pub fn pause(&self) {
        if !self.caller.nonblocking {
            self.core.release();
        }
    }

    /// Returns the exports. Releases the core first, for they may block.
    pub fn files(&self) -> &'a Namespace {
        self.core.release();
        &self.nfs.files
    }

    /// Has the file held when the operation is done and the core is free again (see [`Nfs::hold`]).
    pub fn hold_opened(&mut self, fh: Filehandle) {
        self.opened = Some(fh);
    }

    /// Returns the credential of the caller as the export of `fh` sees it.
    pub fn cred(&self, fh: &Filehandle) -> Cred {
        self.files().squash(fh, self.caller.cred.clone())
    }

    /// Locks the state core for one command; no other thread has it until the operation touches files or ends.
    pub fn core(&self) -> CoreGuard<'_, 'a> {
        self.core.get()
    }

    /// Tells whether this COMPOUND must be answered from the store if it comes again after a restart.
    pub fn must_be_stored(&self) -> bool {
        self.core.look();
        self.core.has_changed() || self.unrepeatable
    }

    /// Ends an operation that others follow; its result begins at `start`. In a session, what it has changed and the record
    /// that it is done are stored together.
    pub fn operation_done(&mut self, index: u32, start: usize) {
        if self.caller.nonblocking {
            return;
        }
        if let Some(slot) = self.slot
            && self.core.look()
        {
            let result = self.out.as_bytes()[start..].into();
            let (fh, stateid) = self.filehandles.current();
            self.done.push(Done { index, result, fh: fh.cloned(), stateid });
            self.core().sequence_progress(&slot, &self.done);
        }
        self.core.release();
        self.hold_if_opened();
    }

    /// Takes over the outcome of an operation that was carried out before a restart.
    pub fn take_over(&mut self, done: &Done) {
        self.filehandles.take_over(done);
        self.out.fixed(&done.result);
    }

    fn hold_if_opened(&mut self) {
        if let Some(fh) = self.opened.take() {
            self.nfs.hold(&fh);
        }
    }

    /// Returns the time at which this COMPOUND is executed.
    pub fn now(&self) -> Time {
        self.caller.now
    }
}

impl Drop for Context<'_> {
    /// Frees a slot that was not freed: the COMPOUND failed on the way.
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            let stored = self.must_be_stored();
            self.core().sequence_end(&slot, None, stored);
        }
        self.core.release();
        self.hold_if_opened();
    }
}
