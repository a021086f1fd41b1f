//! By what right an operation uses the data of a file, and that others learn of a change while it is made.

use super::context::Context;
use crate::nfs4::{Filehandle, ShareAccess, Stateid, Status};
use crate::state::IoRight;

/// A change of a file's data, from when it is allowed until this is dropped: an OPEN that denies writing waits for it.
pub(super) struct Change<'c, 'a> {
    cx: &'c Context<'a>,
    fh: Filehandle,
    /// Whether the caller's own open permits it; else permissions decide.
    pub(super) by_right: bool,
}

impl Drop for Change<'_, '_> {
    fn drop(&mut self) {
        self.cx.core().change_end(&self.fh);
    }
}

impl<'a> Context<'a> {
    /// Whether the caller's own open permits to read `fh`; else permissions decide. Errors: those of
    /// [`Core::io`](crate::state::Core::io).
    pub(super) fn read_right(&self, fh: &Filehandle, stateid: Stateid) -> Result<bool, Status> {
        self.data_right(fh, stateid, ShareAccess::READ)
    }

    /// Begins a change of the data of `fh`. Errors: those of [`Core::io`](crate::state::Core::io).
    pub(super) fn begin_change(&self, fh: &Filehandle, stateid: Stateid) -> Result<Change<'_, 'a>, Status> {
        let by_right = self.data_right(fh, stateid, ShareAccess::WRITE)?;
        self.core().change_begin(fh);
        Ok(Change { cx: self, fh: fh.clone(), by_right })
    }

    fn data_right(&self, fh: &Filehandle, stateid: Stateid, access: ShareAccess) -> Result<bool, Status> {
        let right = self.core().io(self.now(), fh, &self.stateid(stateid)?, access)?;
        Ok(right == IoRight::Opened(self.caller.principal))
    }
}
