//! What an operation sees of its COMPOUND.

use super::Nfs;
use super::core_guard::{CoreAccess, CoreGuard};
use crate::files::{Cred, FileType, Files};
use crate::nfs4::{ClientId, ConnectionId, Filehandle, Principal, Stateid, StateidKind, Status, Time};
use crate::state::{Digest, Done, SlotTicket};
use crate::xdr::decode::Parsed;
use crate::xdr::encode::Encoder;
use siphasher::sip::SipHasher24;
use std::hash::{Hash, Hasher};
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
    /// The current filehandle.
    current: Option<Filehandle>,
    /// The saved filehandle.
    saved: Option<Filehandle>,
    /// The current stateid (RFC 8881 §16.2.3.1.2).
    current_stateid: Stateid,
    /// The saved stateid.
    saved_stateid: Stateid,
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
            current: None,
            saved: None,
            current_stateid: Stateid::ANONYMOUS,
            saved_stateid: Stateid::ANONYMOUS,
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

    /// The stateid that an argument means: the current one if it says so (RFC 8881 §16.2.3.1.2).
    /// Errors: `BadStateid` for one of another client.
    pub fn stateid(&self, given: Stateid) -> Result<Stateid, Status> {
        let meant =
            if self.has_sessions() && given == Stateid::CURRENT { self.current_stateid } else { given };
        let of_client = match &self.slot {
            Some(slot) => meant.clientid() == slot.client,
            None => !meant.clientid().has_sessions(),
        };
        if meant.kind() == StateidKind::Named && !of_client { Err(Status::BadStateid) } else { Ok(meant) }
    }

    /// Makes `stateid` the current one.
    pub fn set_stateid(&mut self, stateid: Stateid) {
        self.current_stateid = stateid;
    }

    /// Octets that a result may still have beside `frame` others: replies of a session are limited.
    pub fn room(&self, frame: usize) -> u32 {
        let most = self.slot.as_ref().map_or(usize::MAX, |slot| slot.reply_bytes_max);
        u32::try_from(most.saturating_sub(self.out.pos() + frame)).unwrap_or(u32::MAX)
    }

    /// Digest of the whole COMPOUND and of who sent it: a retry has the same.
    pub fn digest(&self) -> Digest {
        /// Where two requests with the same number do not differ, they are taken for the same.
        const OCTETS_MAX: usize = 4096;
        let mut hasher = SipHasher24::new();
        self.caller.principal.hash(&mut hasher);
        hasher.write_usize(self.request.args.len());
        hasher.write(&self.request.args[..self.request.args.len().min(OCTETS_MAX)]);
        hasher.finish()
    }

    /// The current filehandle. Errors: `NoFilehandle`.
    pub fn current(&self) -> Result<Filehandle, Status> {
        self.current.clone().ok_or(Status::NoFilehandle)
    }

    /// The current filehandle, and what kind of object it names. Errors: `NoFilehandle`, `BadHandle`, `Stale`.
    pub fn current_typed(&self) -> Result<(Filehandle, FileType), Status> {
        let fh = self.current()?;
        let kind = self.file_type(&fh)?;
        Ok((fh, kind))
    }

    /// What kind of object a filehandle names, which is written in it. Errors: `BadHandle`, `Stale`.
    pub fn file_type(&self, fh: &Filehandle) -> Result<FileType, Status> {
        self.nfs.files.file_type(fh)
    }

    /// The current filehandle, which must name a regular file.
    /// Errors: `NoFilehandle`; `IsDir`; `Inval` for all other kinds.
    pub fn current_regular(&self) -> Result<Filehandle, Status> {
        match self.current_typed()? {
            (fh, FileType::Regular) => Ok(fh),
            (_, FileType::Directory) => Err(Status::IsDir),
            _ => Err(Status::Inval),
        }
    }

    /// The current filehandle, which must name a directory. Errors: `NoFilehandle`; `NotDir`.
    pub fn current_directory(&self) -> Result<Filehandle, Status> {
        match self.current_typed()? {
            (fh, FileType::Directory) => Ok(fh),
            _ => Err(Status::NotDir),
        }
    }

    /// Makes `fh` the current filehandle.
    pub fn set_current(&mut self, fh: Filehandle) {
        self.current = Some(fh);
        self.current_stateid = Stateid::ANONYMOUS;
    }

    /// Leaves no current filehandle, as SECINFO does in NFSv4.1 (RFC 8881 §2.6.3.1.1.8).
    pub fn consume_current(&mut self) {
        self.current = None;
        self.current_stateid = Stateid::ANONYMOUS;
    }

    /// The saved filehandle, if there is one.
    pub fn saved(&self) -> Option<Filehandle> {
        self.saved.clone()
    }

    /// SAVEFH. Errors: `NoFilehandle`.
    pub fn save(&mut self) -> Result<(), Status> {
        self.saved = Some(self.current()?);
        self.saved_stateid = self.current_stateid;
        Ok(())
    }

    /// RESTOREFH. Errors: `RestoreFh` when nothing was saved; with sessions `NoFilehandle` (RFC 8881 §18.27.3).
    pub fn restore(&mut self) -> Result<(), Status> {
        let none = if self.has_sessions() { Status::NoFilehandle } else { Status::RestoreFh };
        self.current = Some(self.saved.clone().ok_or(none)?);
        self.current_stateid = self.saved_stateid;
        Ok(())
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
            let (fh, stateid) = (self.current.clone(), self.current_stateid);
            self.done.push(Done { index, result, fh, stateid });
            self.core().sequence_progress(&slot, &self.done);
        }
        self.core.release();
        self.hold_if_opened();
    }

    /// Goes on as if the operation had been carried out here, which was done before a restart.
    pub fn take_over(&mut self, done: &Done) {
        self.current.clone_from(&done.fh);
        self.current_stateid = done.stateid;
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

/// Reads an operation's arguments off the head of `input`. Errors: `BadXdr`.
pub fn read<'i, T>(input: &mut &'i [u8], parser: impl Fn(&'i [u8]) -> Parsed<'i, T>) -> Result<T, Status> {
    let (rest, args) = parser(input).map_err(|_| Status::BadXdr)?;
    *input = rest;
    Ok(args)
}

/// As [`read`], and digests the arguments, for the judgement of an owner's seqid.
pub fn read_numbered<'i, T>(
    op: u32,
    input: &mut &'i [u8],
    parser: impl Fn(&'i [u8]) -> Parsed<'i, T>,
) -> Result<(T, Digest), Status> {
    let before = *input;
    let args = read(input, parser)?;
    let mut hasher = SipHasher24::new();
    hasher.write_u32(op);
    hasher.write(&before[..before.len() - input.len()]);
    Ok((args, hasher.finish()))
}
