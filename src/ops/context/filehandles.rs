//! The current and the saved filehandle of a COMPOUND (RFC 7530 §15.2), and the stateid that goes with each (RFC 8881
//! §16.2.3.1.2).

use super::Context;
use crate::nfs4::{FileType, Filehandle, Stateid, StateidKind, Status};
use crate::state::Done;

/// Holds the current filehandle and stateid, and the saved ones.
pub(super) struct Filehandles {
    current: Option<Filehandle>,
    /// The type of its object, if known already: finding it out takes a check of the whole filehandle.
    kind: Option<FileType>,
    stateid: Stateid,
    saved: Option<Filehandle>,
    saved_stateid: Stateid,
}

impl Default for Filehandles {
    fn default() -> Self {
        let (stateid, saved_stateid) = (Stateid::ANONYMOUS, Stateid::ANONYMOUS);
        Self { current: None, kind: None, stateid, saved: None, saved_stateid }
    }
}

impl Filehandles {
    /// Returns the current filehandle and stateid.
    pub fn current(&self) -> (Option<&Filehandle>, Stateid) {
        (self.current.as_ref(), self.stateid)
    }

    /// Sets what was current after an operation that was carried out before a restart.
    pub fn take_over(&mut self, done: &Done) {
        self.current.clone_from(&done.fh);
        self.kind = None;
        self.stateid = done.stateid;
    }

    fn set(&mut self, current: Option<Filehandle>, kind: Option<FileType>, stateid: Stateid) {
        (self.current, self.kind, self.stateid) = (current, kind, stateid);
    }
}

impl Context<'_> {
    /// Returns the current filehandle. Errors: `NoFilehandle`.
    pub fn filehandle(&self) -> Result<&Filehandle, Status> {
        self.filehandles.current.as_ref().ok_or(Status::NoFilehandle)
    }

    /// Returns the type of the object that the current filehandle names. Errors: `NoFilehandle`, `BadHandle`, `Stale`.
    pub fn kind(&self) -> Result<FileType, Status> {
        match self.filehandles.kind {
            Some(kind) => Ok(kind),
            None => self.file_type(self.filehandle()?),
        }
    }

    /// Copies the current filehandle. Errors: `NoFilehandle`.
    pub fn current(&self) -> Result<Filehandle, Status> {
        self.filehandle().cloned()
    }

    /// Returns the current filehandle and the type of its object. Errors: `NoFilehandle`, `BadHandle`, `Stale`.
    pub fn current_typed(&self) -> Result<(Filehandle, FileType), Status> {
        Ok((self.current()?, self.kind()?))
    }

    /// Returns the type of the object that a filehandle names, which is written in it. Errors: `BadHandle`, `Stale`.
    pub fn file_type(&self, fh: &Filehandle) -> Result<FileType, Status> {
        self.nfs.files.file_type(fh)
    }

    /// Returns the current filehandle, which must name a regular file.
    /// Errors: `NoFilehandle`; `IsDir`; `Inval` for all other kinds.
    pub fn current_regular(&self) -> Result<Filehandle, Status> {
        match self.current_typed()? {
            (fh, FileType::Regular) => Ok(fh),
            (_, FileType::Directory) => Err(Status::IsDir),
            _ => Err(Status::Inval),
        }
    }

    /// Returns the current filehandle, which must name a directory. Errors: `NoFilehandle`; `NotDir`.
    pub fn current_directory(&self) -> Result<Filehandle, Status> {
        match self.current_typed()? {
            (fh, FileType::Directory) => Ok(fh),
            _ => Err(Status::NotDir),
        }
    }

    /// Makes `fh` the current filehandle.
    pub fn set_current(&mut self, fh: Filehandle) {
        self.filehandles.set(Some(fh), None, Stateid::ANONYMOUS);
    }

    /// Makes `fh` the current filehandle, when it is known to name an object of this type.
    pub fn set_current_typed(&mut self, fh: Filehandle, kind: FileType) {
        self.filehandles.set(Some(fh), Some(kind), Stateid::ANONYMOUS);
    }

    /// Clears the current filehandle, as SECINFO does in NFSv4.1 (RFC 8881 §2.6.3.1.1.8).
    pub fn consume_current(&mut self) {
        self.filehandles.set(None, None, Stateid::ANONYMOUS);
    }

    /// Returns the saved filehandle, if there is one.
    pub fn saved(&self) -> Option<Filehandle> {
        self.filehandles.saved.clone()
    }

    /// Saves the current filehandle and stateid (SAVEFH). Errors: `NoFilehandle`.
    pub fn save(&mut self) -> Result<(), Status> {
        self.filehandles.saved = Some(self.current()?);
        self.filehandles.saved_stateid = self.filehandles.stateid;
        Ok(())
    }

    /// Makes the saved filehandle and stateid current (RESTOREFH). Errors: `RestoreFh` when nothing was saved; with sessions `NoFilehandle` (RFC 8881 §18.27.3).
    pub fn restore(&mut self) -> Result<(), Status> {
        let none = if self.has_sessions() { Status::NoFilehandle } else { Status::RestoreFh };
        let saved = self.saved().ok_or(none)?;
        self.filehandles.set(Some(saved), None, self.filehandles.saved_stateid);
        Ok(())
    }

    /// Returns the stateid that an argument means: the current one if it says so (RFC 8881 §16.2.3.1.2).
    /// Errors: `BadStateid` for one of another client.
    pub fn stateid(&self, given: Stateid) -> Result<Stateid, Status> {
        let meant =
            if self.has_sessions() && given == Stateid::CURRENT { self.filehandles.stateid } else { given };
        let of_client = match &self.slot {
            Some(slot) => meant.clientid() == slot.client(),
            None => !meant.clientid().has_sessions(),
        };
        if meant.kind() == StateidKind::Named && !of_client { Err(Status::BadStateid) } else { Ok(meant) }
    }

    /// Makes `stateid` the current stateid.
    pub fn set_stateid(&mut self, stateid: Stateid) {
        self.filehandles.stateid = stateid;
    }
}
