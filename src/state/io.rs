//! What a stateid allows READ, WRITE and SETATTR to do (RFC 7530 §9.1.6, §16.23, §16.32, §16.36).

use super::{Core, State, check_stateid};
use crate::nfs4::{Filehandle, Principal, ShareAccess, ShareDeny, Stateid, StateidKind, Status, Time};

/// What the holder of a stateid may do to the file's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IoRight {
    /// An open permits it; this is who opened.
    Opened(Principal),
    /// No open, and no share reservation against it: permissions decide.
    Unopened,
}

impl Core {
    /// Whether `stateid` allows to read (`ShareAccess::READ`) or write (`ShareAccess::WRITE`) `fh`.
    ///
    /// Errors: `Locked` when another's share reservation denies it to special stateids, `OpenMode` when the open is not
    /// for writing, `Grace` for special stateids in the grace period, and the errors of stateids.
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
            StateidKind::Anonymous | StateidKind::ReadBypass => self.io_unopened(now, fh, access),
        }
    }

    fn io_unopened(&mut self, now: Time, fh: &Filehandle, access: ShareAccess) -> Result<IoRight, Status> {
        loop {
            let Some(file) = self.files.get(fh) else { return Ok(IoRight::Unopened) };
            if !file.shares.forbid(access, ShareDeny::NONE) {
                return Ok(IoRight::Unopened);
            }
            let courtesy = self.courtesy_in_the_way(now, file, access, ShareDeny::NONE);
            if self.clear_shares(fh, access, ShareDeny::NONE)? {
                continue;
            }
            match courtesy {
                Some(client) => self.expire_client(now, client),
                None => return Err(Status::Locked),
            }
        }
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
        let (current, open) = match client.states.get(&serial) {
            Some(State::Open(open)) => ((open.file, open.stateid.seqid), &**open),
            Some(State::Lock(lock)) => {
                ((lock.file, lock.seqid), client.open(lock.open).ok_or(Status::BadStateid)?)
            }
            Some(State::Closed(_)) | None => return Err(Status::BadStateid),
        };
        check_stateid(&self.files, current, stateid, fh)?;
        if !Self::is_confirmed(client, open) {
            return Err(Status::BadStateid);
        }
        let (may_write, principal) = (open.access.contains(ShareAccess::WRITE), open.principal);
        self.heard(now, id);
        // A client that opened for writing may have to read what surrounds its bytes (§16.23.4 leaves it to the server).
        if access == ShareAccess::WRITE && !may_write {
            return Err(Status::OpenMode);
        }
        Ok(IoRight::Opened(principal))
    }
}
