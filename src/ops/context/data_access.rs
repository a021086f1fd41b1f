//! The right by which an operation reads or writes a file's data, and the announcement of a write while it is under way.

use super::Context;
use crate::nfs4::{Filehandle, ShareAccess, Stateid, Status};
use crate::state::IoRight;

/// Announces a change of a file's data from when it is allowed until this is dropped: an OPEN that denies writing waits for
/// it.
pub(in crate::ops) struct DataChange<'c, 'a> {
    cx: &'c Context<'a>,
    fh: Filehandle,
    /// Whether the caller's own open permits the change; else permissions decide.
    pub(in crate::ops) has_open: bool,
}

impl Drop for DataChange<'_, '_> {
    fn drop(&mut self) {
        self.cx.core().change_end(&self.fh);
    }
}

impl<'a> Context<'a> {
    /// Tells whether the caller's own open permits reading `fh`; else permissions decide. Errors: those of
    /// [`Core::io`](crate::state::Core::io).
    pub(in crate::ops) fn read_right(&self, fh: &Filehandle, stateid: Stateid) -> Result<bool, Status> {
        self.data_right(fh, stateid, ShareAccess::READ)
    }

    /// Begins a change of the data of `fh`. Errors: those of [`Core::io`](crate::state::Core::io).
    pub(in crate::ops) fn begin_change(
        &self,
        fh: &Filehandle,
        stateid: Stateid,
    ) -> Result<DataChange<'_, 'a>, Status> {
        let has_open = self.data_right(fh, stateid, ShareAccess::WRITE)?;
        self.core().change_begin(fh);
        Ok(DataChange { cx: self, fh: fh.clone(), has_open })
    }

    fn data_right(&self, fh: &Filehandle, stateid: Stateid, access: ShareAccess) -> Result<bool, Status> {
        let right = self.core().io(self.now(), fh, &self.stateid(stateid)?, access)?;
        Ok(right == IoRight::Opened(self.caller.principal))
    }
}
