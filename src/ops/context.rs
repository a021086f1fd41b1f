//! What an operation sees of its COMPOUND.

use super::Nfs;
use crate::files::{Cred, FileType, Files};
use crate::nfs4::{Filehandle, Principal, Status, Time};
use crate::state::{Core, Digest};
use crate::xdr::decode::Parsed;
use crate::xdr::encode::Encoder;
use siphasher::sip::SipHasher24;
use std::hash::Hasher;
use std::sync::MutexGuard;

/// Who sent the COMPOUND, and when it is executed.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who it is, for comparing.
    pub principal: Principal,
    /// Who it is to the files, before squashing.
    pub cred: Cred,
    /// The time.
    pub now: Time,
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
    /// Whether no operation follows this one.
    pub is_last: bool,
    /// The minor version.
    pub minor: u32,
}

impl<'a> Context<'a> {
    /// At the beginning: no current and no saved filehandle.
    pub fn new(nfs: &'a Nfs, caller: &'a Caller, out: &'a mut Encoder) -> Self {
        Self { nfs, caller, out, current: None, saved: None, is_last: false, minor: 0 }
    }

    /// The current filehandle. Errors: `NoFilehandle`.
    pub fn current(&self) -> Result<Filehandle, Status> {
        self.current.clone().ok_or(Status::NoFilehandle)
    }

    /// The current filehandle, and what kind of object it names. Errors: `NoFilehandle`, `BadHandle`, `Stale`.
    pub fn current_typed(&self) -> Result<(Filehandle, FileType), Status> {
        let fh = self.current()?;
        let kind = self.files().file_type(&fh)?;
        Ok((fh, kind))
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
    }

    /// The saved filehandle. Errors: `RestoreFh` when there is none (RESTOREFH), other ops map it to `NoFilehandle`.
    pub fn saved(&self) -> Option<Filehandle> {
        self.saved.clone()
    }

    /// SAVEFH. Errors: `NoFilehandle`.
    pub fn save(&mut self) -> Result<(), Status> {
        self.saved = Some(self.current()?);
        Ok(())
    }

    /// The exports.
    pub fn files(&self) -> &'a dyn Files {
        &*self.nfs.files
    }

    /// The caller as the export of `fh` sees it.
    pub fn cred(&self, fh: &Filehandle) -> Cred {
        self.files().squash(fh, self.caller.cred.clone())
    }

    /// The state core, for one command. It must not be held while files are touched.
    pub fn core(&self) -> MutexGuard<'a, Core> {
        self.nfs.core()
    }

    /// The time at which this COMPOUND is executed.
    pub fn now(&self) -> Time {
        self.caller.now
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
