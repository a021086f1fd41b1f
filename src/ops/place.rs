//! Where a COMPOUND stands: the current and the saved filehandle (RFC 7530 §15.2), and the stateid that goes with each
//! (RFC 8881 §16.2.3.1.2).

use super::context::Context;
use crate::nfs4::{FileType, Filehandle, Stateid, StateidKind, Status};
use crate::state::Done;

/// The current filehandle and stateid, and the saved ones.
pub(super) struct Place {
    current: Option<Filehandle>,
    /// What it names, if that was asked already: telling it takes a check of the whole filehandle.
    kind: Option<FileType>,
    stateid: Stateid,
    saved: Option<Filehandle>,
    saved_stateid: Stateid,
}

impl Default for Place {
    fn default() -> Self {
        let (stateid, saved_stateid) = (Stateid::ANONYMOUS, Stateid::ANONYMOUS);
        Self { current: None, kind: None, stateid, saved: None, saved_stateid }
    }
}

impl Place {
    /// The current filehandle and stateid.
    pub fn now(&self) -> (Option<&Filehandle>, Stateid) {
        (self.current.as_ref(), self.stateid)
    }

    /// As after an operation that was carried out before a restart.
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
    /// The current filehandle. Errors: `NoFilehandle`.
    pub fn filehandle(&self) -> Result<&Filehandle, Status> {
        self.place.current.as_ref().ok_or(Status::NoFilehandle)
    }

    /// What kind of object the current filehandle names. Errors: `NoFilehandle`, `BadHandle`, `Stale`.
    pub fn kind(&self) -> Result<FileType, Status> {
        match self.place.kind {
            Some(kind) => Ok(kind),
            None => self.file_type(self.filehandle()?),
        }
    }

    /// A copy of the current filehandle. Errors: `NoFilehandle`.
    pub fn current(&self) -> Result<Filehandle, Status> {
        self.filehandle().cloned()
    }

    /// The current filehandle, and what kind of object it names. Errors: `NoFilehandle`, `BadHandle`, `Stale`.
    pub fn current_typed(&self) -> Result<(Filehandle, FileType), Status> {
        Ok((self.current()?, self.kind()?))
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
        self.place.set(Some(fh), None, Stateid::ANONYMOUS);
    }

    /// As [`Context::set_current`], when it is known that `fh` names an object of this kind.
    pub fn set_current_typed(&mut self, fh: Filehandle, kind: FileType) {
        self.place.set(Some(fh), Some(kind), Stateid::ANONYMOUS);
    }

    /// Leaves no current filehandle, as SECINFO does in NFSv4.1 (RFC 8881 §2.6.3.1.1.8).
    pub fn consume_current(&mut self) {
        self.place.set(None, None, Stateid::ANONYMOUS);
    }

    /// The saved filehandle, if there is one.
    pub fn saved(&self) -> Option<Filehandle> {
        self.place.saved.clone()
    }

    /// SAVEFH. Errors: `NoFilehandle`.
    pub fn save(&mut self) -> Result<(), Status> {
        self.place.saved = Some(self.current()?);
        self.place.saved_stateid = self.place.stateid;
        Ok(())
    }

    /// RESTOREFH. Errors: `RestoreFh` when nothing was saved; with sessions `NoFilehandle` (RFC 8881 §18.27.3).
    pub fn restore(&mut self) -> Result<(), Status> {
        let none = if self.has_sessions() { Status::NoFilehandle } else { Status::RestoreFh };
        let saved = self.saved().ok_or(none)?;
        self.place.set(Some(saved), None, self.place.saved_stateid);
        Ok(())
    }

    /// The stateid that an argument means: the current one if it says so (RFC 8881 §16.2.3.1.2).
    /// Errors: `BadStateid` for one of another client.
    pub fn stateid(&self, given: Stateid) -> Result<Stateid, Status> {
        let meant = if self.has_sessions() && given == Stateid::CURRENT { self.place.stateid } else { given };
        let of_client = match &self.slot {
            Some(slot) => meant.clientid() == slot.client,
            None => !meant.clientid().has_sessions(),
        };
        if meant.kind() == StateidKind::Named && !of_client { Err(Status::BadStateid) } else { Ok(meant) }
    }

    /// Makes `stateid` the current one.
    pub fn set_stateid(&mut self, stateid: Stateid) {
        self.place.stateid = stateid;
    }
}
