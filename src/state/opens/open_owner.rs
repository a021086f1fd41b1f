//! Open_owners, their opens and their numbered requests (RFC 7530 §9.1.7 to §9.1.11).

use super::open_state::OpenState;
use super::owner_seqid::{Digest, LastReply, SeqidCheck, Sequence};
use super::reply::OpenReply;
use crate::nfs4::{ClientId, Filehandle, OpaqueOwner, Stateid, Status, Time};
use crate::state::clients::Client;
use crate::state::clients::State;
use crate::state::map::SmallMap;
use crate::state::records::Changes;

/// An open_owner of a client.
#[derive(Debug)]
pub(in crate::state) struct OpenOwnerState {
    pub(super) sequence: Sequence,
    pub(super) confirmed: bool,
    /// Tickets for it that are out. Only a client that uses sessions can have more than one.
    pub(super) tickets: u32,
    /// Serials of its opens, by the number of the file.
    pub(super) opens: SmallMap<u64, u32>,
    /// Serial of the open it closed last, kept so that a repeated CLOSE finds its owner.
    pub(super) closed: Option<u32>,
    pub(super) last_used: Time,
}

/// What an OPEN is to an owner that is known.
#[derive(Debug)]
pub(in crate::state) enum OwnersTurn<'a> {
    /// A retransmission of its last request, which was answered so.
    Again(&'a Result<Box<OpenReply>, Status>),
    /// Its next request.
    Next,
    /// The first request of a new owner of that name.
    Fresh,
}

/// A request that an owner's seqid numbers, and the stateid that names the owner.
#[derive(Clone, Copy, Debug)]
pub struct Numbered<'a> {
    /// The current filehandle.
    pub fh: &'a Filehandle,
    /// The stateid from the arguments.
    pub stateid: Stateid,
    /// The owner's seqid.
    pub seqid: u32,
    /// Digest of the arguments.
    pub request: Digest,
}

impl OpenOwnerState {
    /// Creates a new one. Without sessions it must be confirmed before its opens count (RFC 7530 §9.1.11).
    pub fn new(client: ClientId) -> Self {
        Self {
            sequence: Sequence::of(client),
            confirmed: client.has_sessions(),
            tickets: 0,
            opens: SmallMap::default(),
            closed: None,
            last_used: Time::ZERO,
        }
    }

    /// Restores one from its record.
    pub fn restored(sequence: Sequence, confirmed: bool, closed: Option<u32>, now: Time) -> Self {
        Self { sequence, confirmed, tickets: 0, opens: SmallMap::default(), closed, last_used: now }
    }

    /// Restores an open of a file. Answers whether it had none of that file: an owner has one open of a file.
    pub fn restore_open(&mut self, file: u64, serial: u32, now: Time) -> bool {
        self.last_used = now;
        let is_first = self.opens.get(file).is_none();
        if is_first {
            self.opens.put(file, serial);
        }
        is_first
    }

    /// Returns what numbers its requests.
    pub fn sequence(&self) -> &Sequence {
        &self.sequence
    }

    /// Returns whether it has been confirmed.
    pub fn is_confirmed(&self) -> bool {
        self.confirmed
    }

    /// Returns the serial of the open that it closed last, if a repeated CLOSE is to find it.
    pub fn closed(&self) -> Option<u32> {
        self.closed
    }

    /// Returns how many opens it has.
    pub fn open_count(&self) -> usize {
        self.opens.len()
    }

    /// Removes its open of a file.
    pub fn forget_open(&mut self, file: u64) {
        self.opens.remove(file);
    }

    /// Returns whether it has had nothing open, and no OPEN under way, for `patience`.
    pub fn is_idle(&self, now: Time, patience: Time) -> bool {
        self.tickets == 0 && self.opens.is_empty() && now.saturating_sub(self.last_used) >= patience
    }

    /// Judges an OPEN by its seqid and the digest of its arguments. Errors: `BadSeqid`.
    pub fn turn_of_open(&self, seqid: u32, request: Digest) -> Result<OwnersTurn<'_>, Status> {
        use LastReply::Open;
        let is_idle = self.opens.is_empty();
        match (self.sequence.turn(seqid, request), is_idle, self.confirmed) {
            // A failed OPEN of an owner that has nothing open may succeed by now, and has not changed anything.
            (Ok(SeqidCheck::Again(Open(Err(_)))), true, _) => Ok(OwnersTurn::Fresh),
            // RFC 7530 §9.1.9: a retransmission is answered as before.
            (Ok(SeqidCheck::Again(Open(reply))), _, _) => Ok(OwnersTurn::Again(reply)),
            // §9.1.7: the next request of the owner.
            (Ok(SeqidCheck::Next), _, true) => Ok(OwnersTurn::Next),
            // §16.18.5: anything else replaces an owner that is not confirmed.
            (_, _, false) => Ok(OwnersTurn::Fresh),
            // §9.1.10: an owner that has nothing open might have been forgotten; it must be confirmed again.
            (Ok(SeqidCheck::Again(_)) | Err(_), true, true) => Ok(OwnersTurn::Fresh),
            // §9.1.7: neither the next nor the last one.
            (Ok(SeqidCheck::Again(_)) | Err(_), false, true) => Err(Status::BadSeqid),
        }
    }

    /// Returns whether its seqid is in use by a request that is not finished.
    pub fn is_busy(&self, client: ClientId) -> bool {
        self.tickets > 0 && !client.has_sessions()
    }
}

impl Client {
    pub fn open(&self, serial: u32) -> Option<&OpenState> {
        match self.states().get(&serial) {
            Some(State::Open(open)) => Some(open),
            _ => None,
        }
    }

    pub fn open_mut(&mut self, serial: u32) -> Option<&mut OpenState> {
        match self.states_mut().get_mut(&serial) {
            Some(State::Open(open)) => Some(open),
            _ => None,
        }
    }

    /// Returns the owner of an open, also of one that was closed last or revoked.
    pub fn opener(&self, serial: u32) -> Option<OpaqueOwner> {
        match self.states().get(&serial) {
            Some(State::Open(open)) => Some(open.owner.clone()),
            Some(State::Closed(owner)) => Some(owner.clone()),
            Some(State::Lock(_)) => None,
            None => self.revoked_owner(serial, true),
        }
    }

    /// Keeps the serial of a closed open, so that a repeated CLOSE finds its owner; only the last one of each owner.
    pub fn remember_closed(&mut self, serial: u32, name: &OpaqueOwner) {
        let Some(owner) = self.open_owners_mut().get_mut(name) else { return };
        let before = owner.closed.replace(serial);
        self.states_mut().insert(serial, State::Closed(name.clone()));
        if let Some(before) = before {
            self.states_mut().remove(&before);
        }
    }

    /// Notes an owner's reply; the open it closed before that is now forgotten.
    pub fn record_open_owner(
        &mut self,
        now: Time,
        changes: &mut Changes,
        owner: &[u8],
        seqid: u32,
        request: Digest,
        reply: LastReply,
    ) {
        let Some(state) = self.open_owners_mut().get_mut(owner) else { return };
        let just_closed = matches!(reply, LastReply::Close(Ok(_) | Err(Status::AdminRevoked)));
        state.last_used = now;
        let replaced = state.sequence.record(seqid, request, reply);
        if replaced
            && !just_closed
            && let Some(serial) = state.closed.take()
        {
            self.states_mut().remove(&serial);
        }
        if replaced && let Some(state) = self.open_owners().get(owner) {
            changes.put_open_owner(self.id(), owner, state);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::opens::OpenEffects;

    /// The number and the digest of the last request.
    const LAST: (u32, Digest) = (7, 1);

    fn owner(last: LastReply, is_idle: bool, confirmed: bool) -> OpenOwnerState {
        let mut owner = OpenOwnerState::new(ClientId(1));
        owner.sequence.record(LAST.0, LAST.1, last);
        owner.confirmed = confirmed;
        if !is_idle {
            owner.opens.put(1, 1);
        }
        owner
    }

    fn opened() -> LastReply {
        let (stateid, fh) = (Stateid::first(ClientId(1), 1), Filehandle::new(b"f").unwrap());
        let effects = OpenEffects { atomic: true, before: 1, after: 2, attrset: [0; 3] };
        LastReply::Open(Ok(Box::new(OpenReply { stateid, fh, confirm: true, may_notify: false, effects })))
    }

    fn failed() -> LastReply {
        LastReply::Open(Err(Status::NoEnt))
    }

    fn closed() -> LastReply {
        LastReply::Close(Ok(Stateid::first(ClientId(1), 1)))
    }

    /// What an OPEN is after each last reply × its number (next; last, with the same arguments or others; any other) × whether
    /// its owner has nothing open × is confirmed.
    #[test]
    fn every_open_of_a_known_owner() {
        let again = |idle| ["again", "again", idle, idle];
        let (next, wrong) = (["fresh", "next", "fresh", "next"], ["fresh", "wrong", "fresh", "fresh"]);
        for (last, request, want) in [
            // Columns: has opens and is not confirmed, has opens and is; has none and is not, has none and is.
            (opened as fn() -> LastReply, (8, 2), next),
            (opened, LAST, again("again")),
            (opened, (7, 2), wrong),
            (opened, (9, 2), wrong),
            (failed, (8, 2), next),
            (failed, LAST, again("fresh")),
            // There are clients that do not count an OPEN that failed.
            (failed, (7, 2), next),
            (failed, (9, 2), wrong),
            (closed, (8, 2), next),
            (closed, LAST, wrong),
            (closed, (7, 2), wrong),
            (closed, (9, 2), wrong),
        ] {
            let got =
                [(false, false), (false, true), (true, false), (true, true)].map(|(idle, confirmed)| {
                    match owner(last(), idle, confirmed).turn_of_open(request.0, request.1) {
                        Ok(OwnersTurn::Again(_)) => "again",
                        Ok(OwnersTurn::Next) => "next",
                        Ok(OwnersTurn::Fresh) => "fresh",
                        Err(Status::BadSeqid) => "wrong",
                        Err(status) => panic!("{status:?}"),
                    }
                });
            assert_eq!(got, want, "{:?} {request:?}", last());
        }
    }
}
