//! What an operation sees of its COMPOUND.

use super::core_guard::{CoreAccess, CoreGuard};
use super::place::Place;
use super::{Introduction, Nfs, REPLY_BYTES_MAX};
use crate::files::Files;
use crate::nfs4::{ClientId, ConnectionId, Cred, Filehandle, Principal, Status, Time, Verifier};
use crate::state::{Done, SlotTicket};
use crate::xdr::encode::Encoder;
use std::sync::Arc;

/// Who sent the COMPOUND, and when it is executed.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who it is, for comparing.
    pub principal: Principal,
    /// Who it is to the files, before squashing.
    pub cred: Cred,
    /// The time.
    pub now: Time,
    /// The connection that it came over.
    pub connection: ConnectionId,
    /// Whether it touches no files and does not block.
    pub quick: bool,
}

/// Why an operation ends the COMPOUND.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fail {
    /// Its status.
    pub status: Status,
    /// Whether the result has a body all the same (`LOCK4denied`, `clientaddr4`, SETATTR's bitmap), already written.
    pub has_body: bool,
}

/// How an operation ended; its body is in [`Context::out`].
pub type Outcome = Result<(), Fail>;

impl From<Status> for Fail {
    fn from(status: Status) -> Self {
        Self { status, has_body: false }
    }
}

impl Fail {
    /// A failure whose body has been written.
    pub fn with_body(status: Status) -> Self {
        Self { status, has_body: true }
    }
}

/// The state of one COMPOUND between its operations.
pub struct Context<'a> {
    /// The server.
    pub nfs: &'a Nfs,
    /// Who asks.
    pub caller: &'a Caller,
    /// Where the results go.
    pub out: &'a mut Encoder,
    /// The current filehandle and stateid, and the saved ones.
    pub(super) place: Place,
    /// The COMPOUND.
    pub request: Request<'a>,
    /// Its place in a session, once SEQUENCE has given it one.
    pub slot: Option<SlotTicket>,
    /// What SEQUENCE found instead of such a place.
    pub retry: Option<Retry>,
    /// Whether no operation follows this one.
    pub is_last: bool,
    core: CoreAccess<'a>,
    /// Operations whose changes were stored before the end of the COMPOUND.
    pub done: Vec<Done>,
    /// An operation was carried out that would not have the same result again.
    pub unrepeatable: bool,
    /// A file that has just been opened.
    opened: Option<Filehandle>,
}

/// What there is to know of a COMPOUND before its operations.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Minor version.
    pub minor: u32,
    /// How many operations it claims to have.
    pub count: u32,
    /// All of its arguments.
    pub args: &'a [u8],
}

/// A COMPOUND that was carried out before (RFC 8881 §2.10.6.1).
#[derive(Clone, Debug)]
pub enum Retry {
    /// This was its result.
    Cached(Arc<[u8]>),
    /// Its result was not kept: the operation after SEQUENCE fails.
    Uncached,
}

impl<'a> Context<'a> {
    /// At the beginning: no current and no saved filehandle.
    pub fn new(nfs: &'a Nfs, caller: &'a Caller, request: Request<'a>, out: &'a mut Encoder) -> Self {
        Self {
            nfs,
            caller,
            out,
            place: Place::default(),
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

    /// Whether this is NFSv4.1 or later: stateids and owners belong to the client of the session, and seqids of owners
    /// mean nothing.
    pub fn has_sessions(&self) -> bool {
        self.request.minor > 0
    }

    /// Whose state an operation concerns that names a client: with sessions always the session's, whatever it names
    /// (RFC 8881 §8.13). Errors: `StaleClientid`.
    pub fn client(&self, named: ClientId) -> Result<ClientId, Status> {
        match &self.slot {
            Some(slot) => Ok(slot.client),
            None if named.has_sessions() => Err(Status::StaleClientid),
            None => Ok(named),
        }
    }

    /// A client introduces itself under this name.
    pub(super) fn introduced(&self, name: &[u8], verifier: Verifier, replaces: bool) {
        let (connection, name) = (self.caller.connection, name.into());
        self.nfs.introduced(Introduction { connection, name, verifier, replaces });
    }

    /// Octets that a result may still have beside `frame` others: replies are limited, with and without a session.
    pub fn room(&self, frame: usize) -> u32 {
        let most = self.slot.as_ref().map_or(REPLY_BYTES_MAX, |slot| slot.reply_bytes_max);
        u32::try_from(most.saturating_sub(self.out.pos() + frame)).unwrap_or(u32::MAX)
    }

    /// What says that the smallest useful result does not fit into the reply.
    pub fn no_room(&self) -> Status {
        if self.has_sessions() { Status::RepTooBig } else { Status::Resource }
    }

    /// Lets other threads have the core for a moment, in the midst of an operation that has changed nothing. A COMPOUND that
    /// is quick is short, and keeps it.
    pub fn pause(&self) {
        if !self.caller.quick {
            self.core.release();
        }
    }

    /// The exports. Whoever has the core gives it back first, for they may block.
    pub fn files(&self) -> &'a dyn Files {
        self.core.release();
        &*self.nfs.files
    }

    /// Has a file held when the operation is done and the core is free again (see [`Nfs::hold`]).
    pub fn hold_opened(&mut self, fh: Filehandle) {
        self.opened = Some(fh);
    }

    /// The caller as the export of `fh` sees it.
    pub fn cred(&self, fh: &Filehandle) -> Cred {
        self.files().squash(fh, self.caller.cred.clone())
    }

    /// The state core, for one command; nobody else has it until the operation touches files or ends.
    pub fn core(&self) -> CoreGuard<'_, 'a> {
        self.core.get()
    }

    /// Whether this COMPOUND must be answered from the store if it comes again after a restart.
    pub fn must_be_stored(&self) -> bool {
        self.core.look();
        self.core.has_changed() || self.unrepeatable
    }

    /// An operation is done, with its result from `start` on, and others follow. In a session, what it has changed and
    /// that it is done are stored together.
    pub fn operation_done(&mut self, index: u32, start: usize) {
        if self.caller.quick {
            return;
        }
        if let Some(slot) = self.slot
            && self.core.look()
        {
            let result = self.out.as_bytes()[start..].into();
            let (fh, stateid) = self.place.now();
            self.done.push(Done { index, result, fh: fh.cloned(), stateid });
            self.core().sequence_progress(&slot, &self.done);
        }
        self.core.release();
        self.hold_if_opened();
    }

    /// Goes on as if the operation had been carried out here, which was done before a restart.
    pub fn take_over(&mut self, done: &Done) {
        self.place.take_over(done);
        self.out.fixed(&done.result);
    }

    fn hold_if_opened(&mut self) {
        if let Some(fh) = self.opened.take() {
            self.nfs.hold(&fh);
        }
    }

    /// The time at which this COMPOUND is executed.
    pub fn now(&self) -> Time {
        self.caller.now
    }
}

impl Drop for Context<'_> {
    /// Gives back a slot that nobody gave back: the COMPOUND failed on the way.
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            let stored = self.must_be_stored();
            self.core().sequence_end(&slot, None, stored);
        }
        self.core.release();
        self.hold_if_opened();
    }
}
