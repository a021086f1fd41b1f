//! Taking state back by hand (RFC 7530 §9.8, RFC 8881 §8.5), and what its client sees of it afterwards.
//!
//! What is taken is always a whole stateid, for that is all that a client can be told of: an open with its locks, or all
//! that a lock_owner has locked on a file, under whichever opens. From then on
//!
//! - operations with that stateid answer `AdminRevoked`, and use up the seqid of its owner where owners have them
//! - SEQUENCE says `SEQ4_STATUS_ADMIN_STATE_REVOKED`, TEST_STATEID which stateids it means
//! - who waited behind it gets its turn
//! - its client has no record any more, so that it reclaims nothing after a restart (RFC 8881 §8.4.3)
//!
//! until the client has acknowledged it: with sessions by FREE_STATEID, without by CLOSE of the open or by
//! RELEASE_LOCKOWNER. Of each client so many are remembered as `Config::revoked_per_client_max` says; those given out
//! first are forgotten first, and are then unknown (`BadStateid`).
//!
//! More than `Config::slice` stateids are taken back in slices, those given out last first, so that locks go before their
//! opens: each slice is an alarm that is due at once. Only to find their serials all states of the client are walked. Until its
//! slice has come a stateid stays valid. A restart in between leaves what was not yet taken: whoever revokes looks at what is
//! left and does so again.

use crate::nfs4::{ClientId, Filehandle, LockOwner, OpaqueOwner, Range, Stateid, Status, Time};
use crate::state::clients::Client;
use crate::state::clients::State;
use crate::state::core::Core;
use crate::state::records::Key;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Holds what is still to be taken back of revocations that are carried out in slices.
#[derive(Debug, Default)]
pub(in crate::state) struct Revocations {
    /// Serials by client, in the order in which they go.
    pending: VecDeque<(ClientId, VecDeque<u32>)>,
    /// When one was begun, or a slice was done.
    since: Time,
}

impl Revocations {
    /// Returns when the next slice is due: at once.
    pub fn due(&self) -> Option<Time> {
        (!self.pending.is_empty()).then_some(self.since)
    }

    fn add(&mut self, now: Time, id: ClientId, serials: VecDeque<u32>) {
        self.since = self.since.max(now);
        self.pending.push_back((id, serials));
    }

    /// Takes out at most `most` serials of one client.
    fn take(&mut self, now: Time, most: usize) -> Option<(ClientId, BTreeSet<u32>)> {
        let (id, mut serials) = self.pending.pop_front()?;
        let rest = serials.split_off(most.min(serials.len()));
        if !rest.is_empty() {
            self.add(now, id, rest);
        }
        Some((id, serials.into_iter().collect()))
    }
}

/// What is to be taken back.
#[derive(Clone, Copy, Debug)]
pub enum Revoke<'a> {
    /// Everything that a client has. It may start fresh at once.
    Client(ClientId),
    /// What this stateid names, whichever version it is.
    Stateid(Stateid),
    /// The locks of an owner on a file, if it holds one in this range.
    Lock {
        /// The file.
        fh: &'a Filehandle,
        /// Whose.
        owner: &'a LockOwner,
        /// Where.
        range: Range,
    },
}

/// A stateid that was taken back and not acknowledged.
#[derive(Clone, Debug)]
pub(in crate::state) struct Revoked {
    /// Its last version.
    pub seqid: u32,
    /// The open_owner, or the lock_owner.
    pub owner: OpaqueOwner,
    /// Of a lock stateid the serial of the open under which it was; an open has none.
    pub open: Option<u32>,
}

/// Those of a client, by serial.
pub(in crate::state) type RevokedStates = BTreeMap<u32, Revoked>;

impl Client {
    /// Returns the owner of a revoked open stateid, or of a revoked lock stateid.
    pub fn revoked_owner(&self, serial: u32, of_open: bool) -> Option<OpaqueOwner> {
        let revoked = self.revoked().get(&serial)?;
        (revoked.open.is_none() == of_open).then(|| revoked.owner.clone())
    }

    /// Returns the serial of `serial` and of all that goes with it: the locks of an open, and what their owners have locked on
    /// the file under other opens.
    fn with_dependents(&self, serial: u32) -> BTreeSet<u32> {
        let locks = match self.states().get(&serial) {
            Some(State::Open(open)) => open.locks().keys().collect(),
            Some(State::Lock(_)) => BTreeSet::from([serial]),
            Some(State::Closed(_)) | None => return BTreeSet::new(),
        };
        let siblings = locks.iter().filter_map(|serial| self.lock(*serial)).flat_map(|lock| {
            let owner = self.lock_owners().of(lock.owner());
            owner.into_iter().flat_map(|owner| owner.serials_on(lock.file()))
        });
        siblings.chain([serial]).collect()
    }

    /// Takes a state out of all that refers to it.
    fn take_state(&mut self, serial: u32) -> Option<(State, Revoked)> {
        let state = self.states_mut().remove(&serial)?;
        let revoked = match &state {
            State::Open(open) => {
                self.forget_opener(open.principal());
                if let Some(owner) = self.open_owners_mut().get_mut(open.owner()) {
                    owner.forget_open(open.file());
                }
                Revoked { seqid: open.stateid().seqid, owner: open.owner().clone(), open: None }
            }
            State::Lock(lock) => {
                let owner = self.lock_owners_mut().of_mut(lock.owner())?;
                owner.forget_lock(lock.file(), serial);
                let bytes = owner.name().clone();
                if let Some(state) = self.open_mut(lock.open()) {
                    state.forget_lock(serial);
                }
                Revoked { seqid: lock.seqid(), owner: bytes, open: Some(lock.open()) }
            }
            State::Closed(_) => return None,
        };
        Some((state, revoked))
    }
}

impl Core {
    /// Takes back what `what` names. Answers how many stateids these are: none if there is nothing of
    /// that name.
    pub fn revoke(&mut self, now: Time, what: Revoke<'_>) -> usize {
        let (id, serials) = match what {
            Revoke::Client(id) => (id, self.serials_of_client(id)),
            Revoke::Stateid(stateid) => {
                let client = self.clients.get(stateid.clientid());
                let serials = client.map(|client| client.with_dependents(stateid.serial()));
                (stateid.clientid(), serials.unwrap_or_default())
            }
            Revoke::Lock { fh, owner, range } => {
                (owner.clientid, self.serials_of_lock(fh, owner, range).unwrap_or_default())
            }
        };
        match serials.len() {
            0 => {}
            count if count <= self.config.slice => self.revoke_serials(now, id, &serials),
            _ => {
                // The last ones first: a lock stateid was given out after its open.
                self.revocations.add(now, id, serials.iter().rev().copied().collect());
                self.revoke_if_due(now);
            }
        }
        serials.len()
    }

    /// Takes back a slice of what is to be revoked.
    pub(in crate::state) fn revoke_if_due(&mut self, now: Time) {
        if let Some((id, serials)) = self.revocations.take(now, self.config.slice.max(1)) {
            self.revoke_serials(now, id, &serials);
        }
    }

    fn serials_of_client(&self, id: ClientId) -> BTreeSet<u32> {
        let states = self.clients.get(id).into_iter().flat_map(|client| client.states().iter());
        let held = states.filter(|(_, state)| !matches!(state, State::Closed(_)));
        held.map(|(serial, _)| serial).collect()
    }

    fn serials_of_lock(&self, fh: &Filehandle, owner: &LockOwner, range: Range) -> Option<BTreeSet<u32>> {
        let client = self.clients.get(owner.clientid)?;
        let state = client.lock_owners().get(&owner.owner)?;
        let file = self.files.get(fh)?;
        // What is held in any way is held against a writer.
        if !file.ranges().holds_against(state.id(), range, crate::nfs4::LockKind::Write) {
            return None;
        }
        Some(state.serials_on(file.number()).collect())
    }

    fn revoke_serials(&mut self, now: Time, id: ClientId, serials: &BTreeSet<u32>) {
        let Some(client) = self.clients.get_mut(id) else { return };
        let (mut locks, mut opens, mut counted) = (Vec::new(), Vec::new(), BTreeSet::new());
        for &serial in serials {
            let Some((state, revoked)) = client.take_state(serial) else { continue };
            self.effects.changes.put_revoked(id, serial, &revoked);
            client.revoked_mut().insert(serial, revoked);
            // An owner's other stateids on the file go too: its ranges are counted with the first of them.
            if let State::Lock(lock) = &state
                && let Some(file) = self.files.at(lock.file())
                && counted.insert((lock.owner(), file.number()))
            {
                client.count_ranges((file.ranges().held_by(lock.owner()).count(), 0));
            }
            let list = if matches!(state, State::Lock(_)) { &mut locks } else { &mut opens };
            list.push((serial, state));
        }
        while client.revoked().len() > self.config.revoked_per_client_max {
            let Some((serial, _)) = client.revoked_mut().pop_first() else { break };
            self.effects.changes.delete(Key::Revoked(id, serial));
        }
        client.unrecord(&mut self.effects.changes);
        let name = Box::<[u8]>::from(client.name());
        // Locks go first, while their files are there.
        let gone = locks.into_iter().chain(opens);
        self.files.drop_states(now, &mut self.effects, id, gone);
        self.stop_waiting_for(&name);
    }

    /// Returns whether a stateid was taken back and its client has not acknowledged it yet.
    pub(in crate::state) fn is_revoked(&self, id: ClientId, serial: u32) -> bool {
        self.clients.get(id).is_some_and(|client| client.revoked().contains_key(&serial))
    }

    /// Records that the client knows that these are gone. When it knows of all, it may reclaim again what it has.
    pub(in crate::state) fn acknowledge(&mut self, id: ClientId, known: impl Fn(u32, &Revoked) -> bool) {
        let Some(client) = self.clients.get_mut(id).filter(|client| !client.revoked().is_empty()) else {
            return;
        };
        client.revoked_mut().retain(|serial, revoked| {
            let keep = !known(*serial, revoked);
            if !keep {
                self.effects.changes.delete(Key::Revoked(id, *serial));
            }
            keep
        });
        if client.revoked().is_empty() && (id.has_sessions() || client.holds_state()) {
            self.record_client(id);
        }
    }

    /// Carries out FREE_STATEID of a stateid that was taken back; `None` for any other. A client need not have heard of the last
    /// version. Errors: `BadStateid` for a version that was never given out.
    pub(in crate::state) fn free_revoked(&mut self, stateid: &Stateid) -> Option<Result<(), Status>> {
        let (id, serial) = (stateid.clientid(), stateid.serial());
        let revoked = self.clients.get(id)?.revoked().get(&serial)?;
        Some(match crate::state::clients::check_version(revoked.seqid, stateid) {
            Ok(()) | Err(Status::OldStateid) => {
                self.acknowledge(id, |other, _| other == serial);
                Ok(())
            }
            Err(status) => Err(status),
        })
    }
}
