//! Requests that would hold the core for long: one that changes, merges or unlocks very many ranges, or gives up very many lock
//! stateids.
//!
//! Such a request is answered `Delay` and carried out in slices, each an alarm that is due at once, so that others are served
//! in between. Its client asks again, as it is told to, finds that little is left to do, and gets its answer: when that
//! leaves, all of it is done and stored. Meanwhile
//!
//! - what a LOCK will hold is *claimed* (`RangeSet::claim`): nobody else gets in between
//! - what a LOCKU has unlocked is free for others, from the first byte on, and the rest soon
//! - other LOCKs and LOCKUs of that owner on that file, or LOCKs under that open, are to come back later too
//!
//! Nothing of this is stored. After a restart some of it is done, and the client, which has no answer yet, asks again.

use crate::nfs4::{ClientId, LockKind, Range, Status, Time};
use crate::ranges::OwnerId;
use crate::state::clients::State;
use crate::state::core::Core;
use crate::state::files::{FileState, FileTable};
use crate::state::locks::Resolved;
use crate::state::opens::OpenState;
use std::collections::VecDeque;

/// What is carried out in slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    /// The owner is to hold this range of the file as this kind, or not at all. Up to `next` it is done.
    Ranges { file: u64, owner: OwnerId, range: Range, kind: Option<LockKind>, next: u64 },
    /// The lock stateids of an open are given up, if nothing is held under them: first they are all looked at.
    Open { serial: u32, looked: Option<u32> },
    /// The same of a lock_owner.
    Owner { owner: OwnerId, looked: Option<(u64, u32)> },
}

impl Work {
    /// Returns whether both are about the same thing.
    fn is_about(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Ranges { file, owner, .. }, Self::Ranges { file: file_2, owner: owner_2, .. }) => {
                (file, owner) == (file_2, owner_2)
            }
            (Self::Open { serial, .. }, Self::Open { serial: serial_2, .. }) => serial == serial_2,
            (Self::Owner { owner, .. }, Self::Owner { owner: owner_2, .. }) => owner == owner_2,
            _ => false,
        }
    }
}

/// All that is carried out in slices.
#[derive(Debug, Default)]
pub(in crate::state) struct Long {
    work: VecDeque<(ClientId, Work)>,
    /// What turned out to be impossible, for something is held under this lock stateid: to be told when asked again.
    refused: VecDeque<(ClientId, Work, u32)>,
    /// When something was begun, or a slice was done.
    since: Time,
}

/// Most of these at the same time. Whoever comes next is to ask again.
const WORK_MAX: usize = 1024;
/// Most refusals that are remembered.
const REFUSED_MAX: usize = 1024;

impl Long {
    /// Returns when the next slice is due: at once.
    pub fn due(&self) -> Option<Time> {
        (!self.work.is_empty()).then_some(self.since)
    }

    fn begin(&mut self, now: Time, client: ClientId, work: Work) -> bool {
        let begins = self.work.len() < WORK_MAX;
        if begins {
            self.work.push_back((client, work));
            self.since = self.since.max(now);
        }
        begins
    }

    /// Makes the owner hold the range of the file as this kind, or not at all; nothing stands against it. Errors: `Delay`
    /// when that changes more than `most` ranges, so that it is done in slices from now on.
    #[inline]
    pub fn change_at_once(
        &mut self,
        (now, most): (Time, usize),
        client: ClientId,
        file: &mut FileState,
        (owner, range, kind): (OwnerId, Range, Option<LockKind>),
    ) -> Result<(), Status> {
        if file.ranges().len() <= most || !file.ranges().holds_more_than(most, owner, range) {
            return Ok(());
        }
        let work = Work::Ranges { file: file.number(), owner, range, kind, next: range.first() };
        if self.begin(now, client, work)
            && let Some(kind) = kind
        {
            file.claim(owner, range, kind);
        }
        Err(Status::Delay)
    }

    /// Remembers that this cannot be, because of a lock stateid.
    fn refuse(&mut self, client: ClientId, work: Work, serial: u32) {
        if self.refused.len() == REFUSED_MAX {
            self.refused.pop_front();
        }
        self.refused.push_back((client, work, serial));
    }

    /// Returns the lock stateid because of which this could not be, the last time.
    fn take_refused(&mut self, client: ClientId, work: Work) -> Option<u32> {
        let is_it = |(other, known, _): &(ClientId, Work, u32)| *other == client && known.is_about(&work);
        let at = self.refused.iter().position(is_it)?;
        self.refused.remove(at).map(|(_, _, serial)| serial)
    }

    fn has(&self, client: ClientId, work: Work) -> bool {
        self.work.iter().any(|(other, known)| *other == client && known.is_about(&work))
    }
}

/// What is left after a slice.
enum Left {
    More(Work),
    Nothing,
}

impl Core {
    /// Refuses what may not interrupt work in slices. Errors: `Delay` while a request of this owner, on this file, is
    /// carried out in slices, or the open is being closed so.
    pub(in crate::state) fn check_not_in_slices(&self, resolved: &Resolved) -> Result<(), Status> {
        if self.long.work.is_empty() {
            return Ok(());
        }
        let (range, kind, next) = (Range::WHOLE, None, 0);
        let ranges = Work::Ranges { file: resolved.file, owner: resolved.owner, range, kind, next };
        let open = Work::Open { serial: resolved.open, looked: None };
        let owner = Work::Owner { owner: resolved.owner, looked: None };
        let busy = [ranges, open, owner].into_iter().any(|work| self.long.has(resolved.client, work));
        if busy { Err(Status::Delay) } else { Ok(()) }
    }

    /// Gives up the lock stateids of an open. Errors: `Delay` when there are so many that they are looked at, and
    /// given up, in slices from now on.
    pub(in crate::state) fn give_up_open_at_once(
        &mut self,
        now: Time,
        id: ClientId,
        serial: u32,
    ) -> Result<(), Status> {
        let open = self.clients.get(id).and_then(|client| client.open(serial));
        let many = open.is_some_and(|open| open.locks().len() > self.config.request_at_once);
        self.give_up_at_once(now, id, many, Work::Open { serial, looked: None })
    }

    /// Does the same for all lock stateids of a lock_owner.
    pub(in crate::state) fn give_up_owner_at_once(
        &mut self,
        now: Time,
        id: ClientId,
        owner: OwnerId,
    ) -> Result<(), Status> {
        let state = self.clients.get(id).and_then(|client| client.lock_owners().of(owner));
        let many = state.is_some_and(|state| state.lock_count() > self.config.request_at_once);
        self.give_up_at_once(now, id, many, Work::Owner { owner, looked: None })
    }

    fn give_up_at_once(&mut self, now: Time, id: ClientId, many: bool, work: Work) -> Result<(), Status> {
        if !many {
            return Ok(());
        }
        if !self.long.has(id, work) {
            // What is held under one of the first is found at once, what is held under another by a slice.
            let refused = self.long.take_refused(id, work);
            if refused.is_some_and(|serial| self.is_held_under(id, serial)) || self.held_soon(id, work) {
                return Err(Status::LocksHeld);
            }
            self.long.begin(now, id, work);
        }
        Err(Status::Delay)
    }

    /// Returns whether something is held under the first lock stateids that would be given up.
    fn held_soon(&self, id: ClientId, work: Work) -> bool {
        let serials = self.serials_of(id, work, self.config.slice);
        serials.iter().any(|(_, serial)| self.is_held_under(id, *serial))
    }

    /// Returns whether the lock stateid cannot be given up.
    fn is_held_under(&self, id: ClientId, serial: u32) -> bool {
        let Some(client) = self.clients.get(id) else { return false };
        client.lock(serial).is_some_and(|lock| {
            let ranges = self.files.at(lock.file()).map(FileState::ranges);
            ranges.is_some_and(|ranges| ranges.is_held_by(lock.owner())) && client.is_only_lock(lock)
        })
    }

    /// Returns the next lock stateids that were not looked at yet, `most` at most: (file, serial).
    fn serials_of(&self, id: ClientId, work: Work, most: usize) -> Vec<(u64, u32)> {
        let Some(client) = self.clients.get(id) else { return Vec::new() };
        match work {
            Work::Open { serial, looked } => {
                let locks = client.open(serial).map(OpenState::locks);
                let from = looked.map_or(0, |looked| looked.saturating_add(1));
                let after = |locks| crate::state::map::SmallMap::keys_within(locks, from, u32::MAX);
                locks.into_iter().flat_map(after).take(most).map(|serial| (0, serial)).collect()
            }
            Work::Owner { owner, looked } => {
                let state = client.lock_owners().of(owner).into_iter();
                state.flat_map(|state| state.locks_after(looked)).take(most).collect()
            }
            Work::Ranges { .. } => Vec::new(),
        }
    }

    /// Carries out a slice that is due.
    pub(in crate::state) fn long_if_due(&mut self, now: Time) {
        let Some((id, work)) = self.long.work.pop_front() else { return };
        self.long.since = self.long.since.max(now);
        let there = self.clients.get(id).is_some_and(|client| !client.has_expired());
        let left = match work {
            Work::Ranges { .. } => self.change_slice(now, id, work, there),
            Work::Open { .. } | Work::Owner { .. } if there => self.give_up_slice(id, work),
            Work::Open { .. } | Work::Owner { .. } => Left::Nothing,
        };
        if let Left::More(work) = left {
            self.long.work.push_back((id, work));
        }
    }

    fn change_slice(&mut self, now: Time, id: ClientId, work: Work, there: bool) -> Left {
        let Work::Ranges { file: number, owner, range, kind, next } = work else { return Left::Nothing };
        let Some(file) = self.files.at_mut(number) else { return Left::Nothing };
        let client = self.clients.get_mut(id).filter(|_| there);
        let locks = |client: &crate::state::clients::Client| {
            client.lock_owners().of(owner).is_some_and(|owner| owner.serials_on(number).next().is_some())
        };
        let Some(client) = client.filter(|client| locks(client)) else {
            file.unclaim(owner);
            file.queue_mut().unlocked(now, &mut self.effects, range);
            return Left::Nothing;
        };
        let rest = Range::new(next, range.last()).unwrap_or(range);
        let piece = file.ranges().first_piece(self.config.slice.max(1), owner, rest);
        let changes = &mut self.effects.changes;
        let counts = match kind {
            Some(kind) => file.grant_range(changes, (owner, piece, kind)),
            None => file.unlock_range(changes, owner, piece),
        };
        client.count_ranges(counts);
        let done = piece.last() >= range.last();
        if done {
            file.unclaim(owner);
        }
        if !file.queue().is_empty() {
            file.queue_mut().unlocked(now, &mut self.effects, if done { range } else { piece });
        }
        match piece.last().checked_add(1) {
            Some(next) if !done => Left::More(Work::Ranges { file: number, owner, range, kind, next }),
            _ => Left::Nothing,
        }
    }

    /// Looks at some lock stateids; when all were looked at, gives up some.
    fn give_up_slice(&mut self, id: ClientId, work: Work) -> Left {
        let most = self.config.slice.max(1);
        let done = |work| match work {
            Work::Open { looked, .. } => looked == Some(u32::MAX),
            Work::Owner { looked, .. } => looked == Some((u64::MAX, u32::MAX)),
            Work::Ranges { .. } => true,
        };
        if !done(work) {
            let serials = self.serials_of(id, work, most);
            let held = serials.iter().find(|(_, serial)| self.is_held_under(id, *serial));
            if let Some((_, serial)) = held {
                self.long.refuse(id, work, *serial);
                return Left::Nothing;
            }
            let last = serials.last().filter(|_| serials.len() == most).copied();
            let (file, serial) = last.unwrap_or((u64::MAX, u32::MAX));
            return Left::More(match work {
                Work::Open { serial: open, .. } => Work::Open { serial: open, looked: Some(serial) },
                Work::Owner { owner, .. } => Work::Owner { owner, looked: Some((file, serial)) },
                Work::Ranges { .. } => return Left::Nothing,
            });
        }
        let all = match work {
            Work::Open { serial, .. } => Work::Open { serial, looked: None },
            Work::Owner { owner, .. } => Work::Owner { owner, looked: None },
            Work::Ranges { .. } => return Left::Nothing,
        };
        let serials = self.serials_of(id, all, most);
        let Some(client) = self.clients.get_mut(id) else { return Left::Nothing };
        for (_, serial) in &serials {
            client.give_up_lock(&mut self.effects.changes, &mut self.files, *serial);
        }
        if serials.len() < most { Left::Nothing } else { Left::More(work) }
    }
}

impl crate::state::clients::Client {
    /// Forgets a lock stateid under which nothing is held, also in its open.
    pub fn give_up_lock(
        &mut self,
        changes: &mut crate::state::records::Changes,
        files: &mut FileTable,
        serial: u32,
    ) {
        let open = match self.states().get(&serial) {
            Some(State::Lock(lock)) => lock.open(),
            _ => return,
        };
        if let Some(open) = self.open_mut(open) {
            open.forget_lock(serial);
        }
        self.drop_lock(changes, files, serial);
    }
}
