//! LOCKT and LOCKU (RFC 7530 §16.11, §16.12).

use super::command::{Denied, Resolved};
use super::lock::LockTurn;
use super::lock_owner::LockState;
use crate::nfs4::{ClientId, Filehandle, LockKind, Range, Stateid, Status, Time};
use crate::ranges::OwnerId;
use crate::state::clients::check_stateid;
use crate::state::core::Core;
use crate::state::files::queue::LockRequest;
use crate::state::opens::{Digest, LastReply};
use crate::state::records::Before;

impl Core {
    /// Carries out LOCKT (RFC 7530 §16.11): tests without making any state. A lock_owner that the server does not know conflicts
    /// with every holder. Errors: `Inval`, `StaleClientid`, `Expired`, `Grace`.
    pub fn lockt(
        &mut self,
        now: Time,
        fh: &Filehandle,
        clientid: ClientId,
        owner: &[u8],
        range: Option<Range>,
        kind: LockKind,
    ) -> Result<Option<Denied>, Status> {
        let client = self.clients.find_and_renew(clientid, now)?;
        let owner = client.lock_owners().get(owner).map_or(OwnerId(0), |state| state.id);
        let range = range.ok_or(Status::Inval)?;
        self.grace_allows(now, clientid, false)?;
        let Some(file) = self.files.number_of(fh) else { return Ok(None) };
        let conflict = self.find_conflict(now, file, &LockRequest { owner, range, kind }, None)?;
        Ok(conflict.and_then(|conflict| self.describe(conflict)))
    }

    /// Carries out LOCKU (RFC 7530 §16.12): unlocks what the owner holds in the range; holding nothing there is no error.
    pub fn locku(
        &mut self,
        now: Time,
        fh: &Filehandle,
        stateid: Stateid,
        seqid: u32,
        range: Option<Range>,
        request: Digest,
    ) -> Result<Stateid, Status> {
        let replay = |reply: &LastReply| match reply {
            LastReply::Locku(result) => Some(*result),
            _ => None,
        };
        let (id, owner, result) = match self.lock_turn(now, &stateid, seqid, request, replay)? {
            LockTurn::Next(id, serial, lock) => {
                let checked = check_stateid(&self.files, (lock.file, lock.seqid), &stateid, fh);
                if checked.is_ok() {
                    self.heard(now, id);
                }
                let result = checked.and(range.ok_or(Status::Inval));
                (id, lock.owner, result.and_then(|range| self.unlock(now, id, serial, &lock, range)))
            }
            LockTurn::Replay(result) => return result,
            LockTurn::Revoked(id, owner) => (id, owner, Err(Status::AdminRevoked)),
        };
        let client = self.clients.find(id)?;
        let (changes, last) = (&mut self.effects.changes, || LastReply::Locku(result));
        client.record_lock_owner(now, changes, owner, seqid, request, last);
        result
    }

    fn unlock(
        &mut self,
        now: Time,
        id: ClientId,
        serial: u32,
        lock: &LockState,
        range: Range,
    ) -> Result<Stateid, Status> {
        let LockState { owner, file, open, .. } = *lock;
        self.check_not_in_slices(&Resolved { client: id, open, file, owner, lock: Some(serial) })?;
        let file = self.files.at_mut(file).ok_or(Status::BadStateid)?;
        let at_once = self.config.request_at_once;
        self.long.change_at_once((now, at_once), id, file, (owner, range, None))?;
        let counts = file.unlock_range(&mut self.effects.changes, owner, range);
        if !file.queue().is_empty() {
            file.queue_mut().unlocked(now, &mut self.effects, range);
        }
        self.owner_acts(now, owner, None);
        let client = self.clients.get_mut(id).ok_or(Status::Expired)?;
        client.count_ranges(counts);
        client
            .next_version(&mut self.effects.changes, Before::Perhaps, serial, None)
            .ok_or(Status::ServerFault)
    }
}
