//! LOCKT and LOCKU (RFC 7530 §16.11, §16.12).

use super::lock::{Denied, LockTurn};
use super::sequence::{Digest, LastReply};
use super::wait::Want;
use super::{Core, check_stateid};
use crate::nfs4::{ClientId, Filehandle, LockKind, Range, Stateid, Status, Time};
use crate::ranges::OwnerId;

impl Core {
    /// LOCKT (RFC 7530 §16.11): tests without making any state. A lock_owner that the server does not know conflicts
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
        let owner = client.lock_owners.get(owner).map_or(OwnerId(0), |state| state.id);
        let range = range.ok_or(Status::Inval)?;
        self.grace_allows(now, clientid, false)?;
        let obstacle = self.find_obstacle(now, fh, &Want { owner, range, kind }, false)?;
        Ok(obstacle.and_then(|obstacle| self.describe(obstacle)))
    }

    /// LOCKU (RFC 7530 §16.12): unlocks what the owner holds in the range; holding nothing there is no error.
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
        let (id, serial, owner) = match self.lock_turn(now, &stateid, seqid, request, replay)? {
            LockTurn::Next(id, serial, owner) => (id, serial, owner),
            LockTurn::Replay(result) => return result,
            LockTurn::Revoked(id, owner) => {
                let (client, result) = (self.clients.find(id)?, Err(Status::AdminRevoked));
                let (changes, last) = (&mut self.effects.changes, LastReply::Locku(result));
                client.record_lock_owner(now, changes, &owner, seqid, request, last);
                return result;
            }
        };
        let client = self.clients.find(id)?;
        let lock = client.lock_mut(serial).ok_or(Status::BadStateid)?;
        let checked = check_stateid(&lock.stateid, &lock.fh, &stateid, fh).and(range.ok_or(Status::Inval));
        let (mut before, mut after) = (0, 0);
        let result = checked.map(|range| {
            if let Some(file) = self.files.get_mut(fh) {
                let (number, changes) = (file.number, &mut self.effects.changes);
                before = file.ranges.len();
                let note = |edit| changes.range(number, lock.owner_id, edit);
                file.ranges.unlock_noting(lock.owner_id, range, note);
                after = file.ranges.len();
                file.queue.cancel(changes, lock.owner_id, range);
                file.refresh_queue(now, &self.config, &mut self.effects);
                lock.stateid = lock.stateid.next();
                self.effects.changes.put_lock(id, serial, lock, number);
            }
            lock.stateid
        });
        client.ranges = (client.ranges + after).saturating_sub(before);
        let last = LastReply::Locku(result);
        client.record_lock_owner(now, &mut self.effects.changes, &owner, seqid, request, last);
        result
    }
}
