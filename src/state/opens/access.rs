//! What a stateid allows to do to a file's data: READ, WRITE, SETATTR of the size, and their kin of NFSv4.2 (RFC 7530
//! §9.1.6, §16.23, §16.32, §16.36; RFC 8881 §9.1.2).
//!
//! Data is changed while others have the core. So who is going to change it says so ([`Core::change_begin`]), and until it
//! is done nobody is told that nobody writes: an OPEN that denies writing waits (`Delay`).

use super::open::COURTESY_LOOKS;
use crate::nfs4::{Filehandle, Principal, ShareAccess, ShareDeny, Stateid, StateidKind, Status, Time};
use crate::state::clients::{State, check_stateid};
use crate::state::core::Core;

/// What the holder of a stateid may do to the file's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IoRight {
    /// An open permits it; this is who opened.
    Opened(Principal),
    /// No open, and no share reservation against it: permissions decide.
    Unopened,
}

impl Core {
    /// Returns whether `stateid` allows to read (`ShareAccess::READ`) or write (`ShareAccess::WRITE`) `fh`.
    ///
    /// Errors: `Locked` when another open denies it, to special stateids and to those opened for writing alone; `Delay` when
    /// much that clients left behind has to be taken away first; `OpenMode` when the open is not for writing, `Grace` for
    /// special stateids in the grace period, and the errors of stateids.
    pub fn io(
        &mut self,
        now: Time,
        fh: &Filehandle,
        stateid: &Stateid,
        access: ShareAccess,
    ) -> Result<IoRight, Status> {
        match stateid.kind() {
            StateidKind::Named => self.io_named(now, fh, stateid, access),
            StateidKind::ReadBypass if access == ShareAccess::READ => Ok(IoRight::Unopened),
            StateidKind::Anonymous | StateidKind::ReadBypass if self.check_grace(now) => Err(Status::Grace),
            StateidKind::Anonymous | StateidKind::ReadBypass => {
                self.check_denials(now, fh, access, ShareDeny::NONE)?;
                Ok(IoRight::Unopened)
            }
        }
    }

    /// Begins a change of the data of `fh`, as [`Core::io`] has allowed. [`Core::change_end`] must follow.
    pub fn change_begin(&mut self, fh: &Filehandle) {
        self.files.begin_change(fh);
    }

    /// Ends the change.
    pub fn change_end(&mut self, fh: &Filehandle) {
        self.files.end_change(fh);
    }

    /// Returns whether an open that denies `deny` has to wait for a change that was allowed before. Looks at each change in
    /// progress: as many as there are threads for them at most.
    pub(in crate::state) fn is_changing(&self, fh: &Filehandle, deny: ShareDeny) -> bool {
        deny.forbids(ShareAccess::WRITE) && self.files.is_being_changed(fh)
    }

    /// Refuses what an open denies that is not the one with `own`. Errors: `Locked`, `Delay` as in [`Core::open_reserve`].
    fn check_denials(
        &mut self,
        now: Time,
        fh: &Filehandle,
        access: ShareAccess,
        own: ShareDeny,
    ) -> Result<(), Status> {
        let mut looks = COURTESY_LOOKS;
        while self.files.get(fh).is_some_and(|file| file.others_deny(access, own)) {
            if self.clear_shares(fh, access, ShareDeny::NONE)? {
                continue;
            }
            looks = looks.checked_sub(1).ok_or(Status::Delay)?;
            if !self.expire_in_the_way(now, fh, access, ShareDeny::NONE) {
                return Err(Status::Locked);
            }
        }
        Ok(())
    }

    fn io_named(
        &mut self,
        now: Time,
        fh: &Filehandle,
        stateid: &Stateid,
        access: ShareAccess,
    ) -> Result<IoRight, Status> {
        let (id, serial) = self.resolve(stateid)?;
        let client = self.clients.get(id).ok_or(Status::BadStateid)?;
        let (current, open) = match client.states().get(&serial) {
            Some(State::Open(open)) => ((open.file, open.stateid.seqid), &**open),
            Some(State::Lock(lock)) => {
                ((lock.file(), lock.seqid()), client.open(lock.open()).ok_or(Status::BadStateid)?)
            }
            Some(State::Closed(_)) | None => return Err(Status::BadStateid),
        };
        check_stateid(&self.files, current, stateid, fh)?;
        if !Self::is_confirmed(client, open) {
            return Err(Status::BadStateid);
        }
        let (right, own) = (IoRight::Opened(open.principal), open.deny);
        let permitted = open.access.contains(access);
        self.heard(now, id);
        // What an open is for, no other can deny.
        if permitted {
            return Ok(right);
        }
        // A client that opened for writing may have to read what surrounds its bytes (§16.23.4 leaves it to the server), but
        // not what another open denies (§9.1.6).
        if access.contains(ShareAccess::WRITE) {
            return Err(Status::OpenMode);
        }
        self.check_denials(now, fh, access, own)?;
        Ok(right)
    }
}
