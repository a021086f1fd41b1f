//! Lock_owners and their lock stateids (RFC 7530 §9.1.2, §16.37).

use super::command::Resolved;
use crate::nfs4::{ClientId, OpaqueOwner, Stateid, Time};
use crate::ranges::OwnerId;
use crate::state::clients::Client;
use crate::state::clients::State;
use crate::state::files::FileTable;
use crate::state::map::NameHash;
use crate::state::map::NameIndex;
use crate::state::map::PageMap;
use crate::state::map::SmallMap;
use crate::state::opens::{Digest, LastReply, Sequence};
use crate::state::records::Before;
use crate::state::records::Changes;

/// A lock_owner of a client.
#[derive(Debug)]
pub(in crate::state) struct LockOwnerState {
    pub(super) id: OwnerId,
    /// The client's own name for it.
    pub(super) bytes: OpaqueOwner,
    pub(super) sequence: Sequence,
    /// Its lock stateids: number of the file, serial.
    pub(super) locks: SmallMap<(u64, u32)>,
    last_used: Time,
}

impl LockOwnerState {
    /// Creates one without lock stateids.
    pub fn new(id: OwnerId, bytes: OpaqueOwner, sequence: Sequence, now: Time) -> Self {
        Self { id, bytes, sequence, locks: SmallMap::default(), last_used: now }
    }

    /// Returns the id that range sets know it by.
    pub fn id(&self) -> OwnerId {
        self.id
    }

    /// Returns the client's own name for it.
    pub fn name(&self) -> &OpaqueOwner {
        &self.bytes
    }

    /// Returns what numbers its requests.
    pub fn sequence(&self) -> &Sequence {
        &self.sequence
    }

    /// Returns how many lock stateids it has.
    pub fn lock_count(&self) -> usize {
        self.locks.len()
    }

    /// Lists its lock stateids behind this one: number of the file, serial.
    pub fn locks_after(&self, after: Option<(u64, u32)>) -> impl Iterator<Item = (u64, u32)> {
        let from = after.map_or((0, 0), |(file, serial)| (file, serial.saturating_add(1)));
        self.locks.keys_within(from, (u64::MAX, u32::MAX))
    }

    /// Adds a lock stateid.
    pub fn add_lock(&mut self, file: u64, serial: u32) {
        self.locks.put((file, serial), ());
    }

    /// Removes a lock stateid.
    pub fn forget_lock(&mut self, file: u64, serial: u32) {
        self.locks.remove((file, serial));
    }

    /// Returns whether it has had no lock stateid for `patience`.
    pub fn is_idle(&self, now: Time, patience: Time) -> bool {
        self.locks.is_empty() && now.saturating_sub(self.last_used) >= patience
    }

    /// Serials of its lock stateids.
    pub fn serials(&self) -> impl Iterator<Item = u32> {
        self.locks.keys().map(|(_, serial)| serial)
    }

    /// Serials of its lock stateids on a file.
    pub fn serials_on(&self, file: u64) -> impl Iterator<Item = u32> {
        self.locks.keys_within((file, 0), (file, u32::MAX)).map(|(_, serial)| serial)
    }
}

/// The lock_owners of a client.
#[derive(Debug)]
pub(in crate::state) struct OwnersOfClient {
    by_id: PageMap<OwnerId, LockOwnerState>,
    ids: NameIndex,
}

/// The locks of one owner on one file, asked for under one open.
#[derive(Clone, Copy, Debug)]
pub(in crate::state) struct LockState {
    pub(super) owner: OwnerId,
    /// Number of the file.
    pub(super) file: u64,
    /// Version of its stateid.
    pub(super) seqid: u32,
    /// Serial of the open.
    pub(super) open: u32,
    /// The number of the exclusive lock that was granted under it last; 0 if none was.
    pub(super) generation: u64,
}

/// The lock_owners by the short id that range sets know them by.
#[derive(Debug, Default)]
pub(in crate::state) struct LockOwners {
    issued: u64,
    clients: PageMap<OwnerId, ClientId>,
}

impl LockOwners {
    pub fn register(&mut self, client: ClientId) -> OwnerId {
        let id = OwnerId(self.issued + 1);
        self.restore(id, client);
        id
    }

    /// Registers an owner under the id that it had before a restart.
    pub fn restore(&mut self, id: OwnerId, client: ClientId) {
        self.issued = self.issued.max(id.0);
        self.clients.insert(id, client);
    }

    pub fn remove(&mut self, id: OwnerId) {
        self.clients.remove(&id);
    }

    pub fn client_of(&self, id: OwnerId) -> Option<ClientId> {
        self.clients.get(&id).copied()
    }
}

impl OwnersOfClient {
    /// Creates a table without owners.
    pub fn new(hash: NameHash) -> Self {
        Self { by_id: PageMap::new(), ids: NameIndex::new(hash) }
    }

    /// Takes all owners, and leaves none.
    pub fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new(self.ids.hash()))
    }

    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Returns the owner of this name.
    pub fn get(&self, bytes: &[u8]) -> Option<&LockOwnerState> {
        let bytes_of = |id| self.by_id.get(&id).map(|owner: &LockOwnerState| &*owner.bytes);
        self.by_id.get(&self.ids.find(bytes, bytes_of)?)
    }

    pub fn of(&self, id: OwnerId) -> Option<&LockOwnerState> {
        self.by_id.get(&id)
    }

    pub fn of_mut(&mut self, id: OwnerId) -> Option<&mut LockOwnerState> {
        self.by_id.get_mut(&id)
    }

    /// Adds an owner. Answers whether there was none of its name and none of its id.
    pub fn insert(&mut self, owner: LockOwnerState) -> bool {
        let new = self.get(&owner.bytes).is_none() && self.of(owner.id).is_none();
        if new {
            self.ids.insert(&owner.bytes, owner.id);
            self.by_id.insert(owner.id, owner);
        }
        new
    }

    pub fn remove(&mut self, id: OwnerId) {
        if let Some(owner) = self.by_id.remove(&id) {
            self.ids.remove(&owner.bytes, id);
        }
    }

    /// Returns all of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = &LockOwnerState> {
        self.by_id.iter().map(|(_, owner)| owner)
    }

    /// Returns of how many parts they are; see `Table::parts`.
    pub fn parts(&self) -> usize {
        self.by_id.parts()
    }

    /// Returns the owners of a part: at most some thousands.
    pub fn part(&self, number: usize) -> impl Iterator<Item = &LockOwnerState> {
        self.by_id.part(number).map(|(_, owner)| owner)
    }

    /// Returns all of them, and who found them by name.
    pub fn into_parts(self) -> (PageMap<OwnerId, LockOwnerState>, NameIndex) {
        (self.by_id, self.ids)
    }
}

impl LockState {
    /// Restores one from its record.
    pub fn restored(owner: OwnerId, file: u64, open: u32, (seqid, generation): (u32, u64)) -> Self {
        Self { owner, file, seqid, open, generation }
    }

    /// Returns whose locks they are.
    #[inline]
    pub fn owner(&self) -> OwnerId {
        self.owner
    }

    /// Returns the number of the file.
    #[inline]
    pub fn file(&self) -> u64 {
        self.file
    }

    /// Returns the version of the stateid.
    #[inline]
    pub fn seqid(&self) -> u32 {
        self.seqid
    }

    /// Returns the serial of the open under which they were asked for.
    #[inline]
    pub fn open(&self) -> u32 {
        self.open
    }

    /// Returns the number of the exclusive lock that was granted under it last; 0 if none was.
    #[inline]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Returns its stateid, given whose it is.
    pub fn stateid(&self, client: ClientId, serial: u32) -> Stateid {
        Stateid { seqid: self.seqid, ..Stateid::first(client, serial) }
    }
}

impl Client {
    pub fn lock(&self, serial: u32) -> Option<&LockState> {
        match self.states().get(&serial) {
            Some(State::Lock(lock)) => Some(lock),
            _ => None,
        }
    }

    pub fn lock_mut(&mut self, serial: u32) -> Option<&mut LockState> {
        match self.states_mut().get_mut(&serial) {
            Some(State::Lock(lock)) => Some(lock),
            _ => None,
        }
    }

    /// Returns whether its owner has no other lock stateid on the same file.
    pub fn is_only_lock(&self, lock: &LockState) -> bool {
        let Some(owner) = self.lock_owners().of(lock.owner) else { return true };
        owner.serials_on(lock.file).nth(1).is_none()
    }

    /// Forgets a lock stateid under which nothing is held.
    pub fn drop_lock(&mut self, changes: &mut Changes, files: &mut FileTable, serial: u32) {
        let Some(State::Lock(lock)) = self.states_mut().remove(&serial) else { return };
        files.forget_lock(changes, (self.id(), serial), &lock);
        if let Some(owner) = self.lock_owners_mut().of_mut(lock.owner) {
            owner.locks.remove((lock.file, serial));
        }
    }

    /// Notes an owner's reply, if its requests are numbered.
    pub fn record_lock_owner(
        &mut self,
        now: Time,
        changes: &mut Changes,
        owner: OwnerId,
        seqid: u32,
        request: Digest,
        reply: impl FnOnce() -> LastReply,
    ) {
        let id = self.id();
        if let Some(state) = self.lock_owners_mut().of_mut(owner) {
            state.last_used = now;
            if state.sequence.is_numbered() && state.sequence.record(seqid, request, reply()) {
                changes.put_lock_owner(Before::Perhaps, id, state);
            }
        }
    }

    /// Returns the lock stateid that this owner has on this file under this open.
    pub fn lock_of(&self, resolved: &Resolved) -> Option<u32> {
        let owner = self.lock_owners().of(resolved.owner)?;
        let of_open = |serial: &u32| self.lock(*serial).is_some_and(|lock| lock.open == resolved.open);
        owner.serials_on(resolved.file).find(of_open)
    }

    /// Gives a lock stateid its next version, and a number if it is for an exclusive lock.
    pub fn next_version(
        &mut self,
        changes: &mut Changes,
        before: Before,
        serial: u32,
        generation: Option<u64>,
    ) -> Option<Stateid> {
        let id = self.id();
        let lock = self.lock_mut(serial)?;
        lock.generation = generation.unwrap_or(lock.generation);
        let stateid = lock.stateid(id, serial).next();
        lock.seqid = stateid.seqid;
        changes.put_lock(before, id, serial, lock);
        Some(stateid)
    }

    /// Makes the lock stateid of a first grant, with a version before its first.
    pub fn add_lock(&mut self, changes: &mut Changes, file: u64, resolved: &Resolved) -> u32 {
        let serial = self.take_serial(changes);
        let lock = LockState { owner: resolved.owner, file, seqid: 0, open: resolved.open, generation: 0 };
        self.states_mut().insert(serial, State::Lock(lock));
        if let Some(owner) = self.lock_owners_mut().of_mut(resolved.owner) {
            owner.locks.put((file, serial), ());
        }
        if let Some(open) = self.open_mut(resolved.open) {
            open.add_lock(serial);
        }
        serial
    }
}
