//! A slice: so much of the clients that are in teardown as is taken away in one go.

use super::deferred::{Deferred, LARGE};
use super::remains::Remains;
use crate::nfs4::{ClientId, Range, Time};
use crate::state::clients::State;
use crate::state::files::FileTable;
use crate::state::locks::{LockOwners, LockState};
use crate::state::opens::OpenState;
use crate::state::output::Effects;
use crate::state::records::Key;
use std::any::Any;
use std::collections::BTreeSet;

/// How many other things an owner counts for.
const OWNER_WEIGHT: usize = 4;
/// How many of its states that an owner knows count for one thing: they are only given back.
const KNOWN_AT_ONCE: usize = 8;

/// A slice: what there is to do it with.
pub(super) struct Slice<'a> {
    pub now: Time,
    pub files: &'a mut FileTable,
    pub owners: &'a mut LockOwners,
    pub effects: &'a mut Effects,
    pub deferred: &'a mut Deferred,
    /// How many things may yet be taken away.
    pub left: usize,
    /// Files whose waiters may have a better chance now.
    pub touched: BTreeSet<u64>,
}

impl Slice<'_> {
    /// Takes away as much of a client as may be.
    pub fn take(&mut self, id: ClientId, client: &mut Remains) {
        while self.left > 0
            && let Some((serial, _)) = client.revoked.pop_first()
        {
            self.left -= 1;
            self.effects.changes.delete(Key::Revoked(id, serial));
        }
        while self.left > 0
            && let Some(serial) = client.next_state()
        {
            self.left -= 1;
            let shared = !client.is_unshared(serial);
            let gone = match client.states.get(&serial) {
                Some(State::Lock(lock)) => self.take_lock(id, serial, lock),
                Some(State::Open(open)) => self.take_open(id, serial, open, shared),
                Some(State::Closed(_)) | None => true,
            };
            if gone {
                client.forget(serial);
            }
        }
        // What is still held under the states that are left names its owner.
        if client.states.is_empty() {
            self.take_owners(id, client);
        }
    }

    /// Answers whether all ranges are gone, and the stateid with them.
    fn take_lock(&mut self, id: ClientId, serial: u32, lock: &LockState) -> bool {
        if let Some(file) = self.files.at_mut(lock.file()) {
            let edits = file.unlock_first(&mut self.effects.changes, lock.owner(), self.left);
            if edits > 0 {
                self.left = self.left.saturating_sub(edits);
                if !file.queue().is_empty() {
                    self.touched.insert(lock.file());
                }
            }
            let is_held = file.ranges().is_held_by(lock.owner());
            if is_held {
                return false;
            }
        }
        self.files.forget_lock(&mut self.effects.changes, (id, serial), lock);
        true
    }

    fn take_open(&mut self, id: ClientId, serial: u32, open: &OpenState, shared: bool) -> bool {
        self.effects.changes.delete(Key::Open(id, serial));
        if let Some(file) = self.files.at_mut(open.file()) {
            if shared {
                let (access, deny) = open.shares();
                file.unreserve(access, deny);
            }
            file.remove_open((id, serial));
            if !file.queue().is_empty() {
                file.queue_mut().forget_open(self.effects, id, serial);
                self.touched.insert(open.file());
            }
            self.files.drop_if_idle(&mut self.effects.changes, open.file());
        }
        true
    }

    /// Takes owners, which count for more: with them most of the memory goes back to the system.
    fn take_owners(&mut self, id: ClientId, client: &mut Remains) {
        while self.left > 0
            && let Some((name, owner)) = client.take_open_owner()
        {
            self.effects.changes.delete_open_owner(id, &name);
            self.weigh(owner.open_count(), owner);
        }
        while self.left > 0
            && let Some(owner) = client.take_lock_owner()
        {
            self.effects.changes.delete(Key::LockOwner(owner.id()));
            self.owners.remove(owner.id());
            self.weigh(owner.lock_count(), owner);
        }
    }

    /// Drops an owner who knew `many` of its states.
    fn weigh(&mut self, many: usize, owner: impl Any + Send) {
        self.left = self.left.saturating_sub(OWNER_WEIGHT + many / KNOWN_AT_ONCE);
        if many > LARGE {
            self.deferred.defer(owner);
        }
    }

    /// Gives those who waited for what is gone their turn.
    pub fn end(self) {
        for file in &self.touched {
            if let Some(file) = self.files.at_mut(*file) {
                file.queue_mut().unlocked(self.now, self.effects, Range::WHOLE);
            }
        }
    }
}
