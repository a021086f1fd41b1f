//! From records to a core. Records come in the order of their keys, each after those that it refers to.

use super::changes::ClientChange;
use super::decode::{Wrong, read};
use super::key::{Key, RecordKind};
use super::read::{attrs, callback, create_slot, last, operation_done, want};
use super::reply::{filehandle, lock_kind, principal};
use super::values::*;
use crate::nfs4::{
    ClientId, ConnectionId, LockKind, LockOwner, OpaqueOwner, Range, SessionId, ShareAccess, ShareDeny,
    Stateid, Time,
};
use crate::ranges::OwnerId;
use crate::state::callbacks::{BackChannel, CallbackBody, CallbackCall, CallbackSec};
use crate::state::clients::State;
use crate::state::clients::{Client, Unconfirmed};
use crate::state::config::{Config, Start};
use crate::state::core::Core;
use crate::state::files::queue::Waiter;
use crate::state::locks::{LockOwnerState, LockState};
use crate::state::map::SmallMap;
use crate::state::opens::Sequence;
use crate::state::opens::{OpenOwnerState, OpenState};
use crate::state::sessions::Session;
use crate::state::sessions::{Restored, Slots};
use crate::state::teardown::Revoked;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Records that are no state of a core. Who finds this must not go on with a part of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// A key that this version does not know.
    #[error("a record has a key that makes no sense")]
    Key,
    /// What is in a record cannot be, or does not go with the records before it.
    #[error("a record of kind {0:?} makes no sense")]
    Value(RecordKind),
    /// There are records, but not the one that every state has.
    #[error("the record of the instance is missing")]
    NoInstance,
}

type Checked = Result<(), Wrong>;

/// A core that is being put together.
#[derive(Debug)]
pub struct Restoring {
    core: Core,
    /// Clients that are in teardown and that nobody knows any more.
    forgotten: BTreeSet<ClientId>,
    complete: bool,
}

impl Restoring {
    /// Creates a core without state.
    pub fn new(config: Config, start: Start) -> Self {
        let core = Core::empty(config, Start { recorded: BTreeSet::new(), ..start });
        Self { core, forgotten: BTreeSet::new(), complete: false }
    }

    /// Takes the next record.
    pub fn record(&mut self, key: &[u8], value: &[u8]) -> Result<(), RestoreError> {
        let key = Key::read(key).ok_or(RestoreError::Key)?;
        self.take(key, value).map_err(|Wrong| RestoreError::Value(key.kind()))
    }

    fn take(&mut self, key: Key<'_>, value: &[u8]) -> Checked {
        match key {
            Key::Instance => {
                self.core.instance.resume(read::<InstanceRecord>(value)?.since);
                self.complete = true;
            }
            Key::Epochs(first) => {
                let EpochsRecord { last } = read(value)?;
                self.core.instance.adopt(first, last).then_some(()).ok_or(Wrong)?;
            }
            Key::Reclaim(name) => {
                read::<()>(value)?;
                self.core.grace.restore(name);
            }
            Key::Client(id) => self.client(id, &read(value)?)?,
            Key::Unconfirmed(id) => {
                self.check_epoch(id)?;
                self.unconfirmed(id, &read(value)?);
            }
            Key::Session(id) => self.session(id, &read(value)?)?,
            Key::Slot(id, slotid) => self.slot(id, slotid, &read(value)?)?,
            Key::BackSlot(id, slotid) => self.back_slot(id, slotid, &read(value)?)?,
            Key::OpenOwner(id, owner) => self.open_owner(id, owner, &read(value)?)?,
            Key::LockOwner(id) => self.lock_owner(id, &read(value)?)?,
            Key::File(number) => {
                let FileRecord { fh, generation } = read(value)?;
                self.core.files.restore(filehandle(fh)?, number, generation).then_some(()).ok_or(Wrong)?;
            }
            Key::Open(id, serial) => self.open(id, serial, &read(value)?)?,
            Key::Lock(id, serial) => self.lock(id, serial, &LockRecord::read(value)?)?,
            Key::Range(file, owner, first) => self.range(file, owner, first, &read(value)?)?,
            Key::Waiter(file, place) => self.waiter(file, place, &read(value)?)?,
            Key::Revoked(id, serial) => {
                let RevokedRecord { seqid, owner, open } = read(value)?;
                let client = self.core.clients.get_mut(id).ok_or(Wrong)?;
                client.revoked.insert(serial, Revoked { seqid, owner: owner.into(), open });
            }
        }
        Ok(())
    }

    fn now(&self) -> Time {
        self.core.instance.started()
    }

    /// Returns each run has an epoch of its own, greater than all before: else it would give out clientids again.
    fn check_epoch(&self, id: ClientId) -> Checked {
        self.core.instance.can_restore(id).then_some(()).ok_or(Wrong)
    }

    fn client(&mut self, id: ClientId, record: &ClientRecord<'_>) -> Checked {
        self.check_epoch(id)?;
        let mut client = Client::new(id, record.name, self.now());
        client.verifier = record.verifier;
        client.principal = principal(record.principal);
        client.callback = callback(&record.callback);
        client.confirm = record.confirm;
        client.expired = record.expired != StandingRecord::Current;
        client.forgotten = record.expired == StandingRecord::Forgotten;
        client.recorded = record.recorded;
        client.reclaim_complete = record.reclaim_complete;
        client.continue_serials(record.serials_end);
        client.create = create_slot(&record.create);
        if record.recorded {
            self.core.effects.changes.client(ClientChange::ClientRecorded(record.name.into()));
        }
        if client.forgotten {
            // It has no name any more.
            self.forgotten.insert(id);
            let before = self.core.clients.confirmed.insert(id, Box::new(client));
            return before.is_none().then_some(()).ok_or(Wrong);
        }
        self.core.clients.restore(client).then_some(()).ok_or(Wrong)
    }

    fn unconfirmed(&mut self, id: ClientId, record: &UnconfirmedRecord<'_>) {
        let unconfirmed = Unconfirmed {
            id,
            verifier: record.verifier,
            principal: principal(record.principal),
            callback: callback(&record.callback),
            confirm: record.confirm,
            create: create_slot(&record.create),
            since: self.now(),
        };
        self.core.clients.restore_unconfirmed(record.name, unconfirmed);
    }

    fn session(&mut self, id: SessionId, record: &SessionRecord<'_>) -> Checked {
        let owner = ClientId(record.client);
        let client = self.core.clients.get_mut(owner).ok_or(Wrong)?;
        let config = &self.core.config;
        let few = record.slots > 0 && record.slots <= config.slots_max;
        if !few || record.back_slots > config.slots_max {
            return Err(Wrong);
        }
        let sec = record.back_sec.as_ref().map(|sec| match sec {
            SecRecord::None => CallbackSec::None,
            SecRecord::Sys(body) => CallbackSec::Sys((*body).into()),
        });
        let back = BackChannel::new(record.back_wanted, record.back_program, sec, record.back_slots);
        let slots = Slots::unsure(record.slots);
        let mut session = Session::new(owner, record.minor, attrs(&record.fore), slots, back);
        session.asked_highest = record.asked_highest;
        client.sessions.push(id);
        client.wants_calls |= record.back_wanted;
        self.core.sessions.insert(id, session);
        Ok(())
    }

    fn slot(&mut self, id: SessionId, slotid: u32, record: &SlotRecord<'_>) -> Checked {
        let session = self.core.sessions.get_mut(id).ok_or(Wrong)?;
        let last = match &record.last {
            SlotLastRecord::Uncached => Restored::Uncached,
            SlotLastRecord::Cached(bytes) => Restored::Cached(Arc::from(*bytes)),
            SlotLastRecord::Half(done) => {
                Restored::Half(done.iter().map(operation_done).collect::<Result<_, _>>()?)
            }
        };
        let there = session.slots.restore(slotid, record.sequenceid, record.request, last);
        there.then_some(()).ok_or(Wrong)
    }

    fn back_slot(&mut self, id: SessionId, slotid: u32, record: &BackSlotRecord<'_>) -> Checked {
        let session = self.core.sessions.get_mut(id).ok_or(Wrong)?;
        let call = self.core.calls.next_id();
        let (program, sec, _) = session.back.address_and_slots();
        let (program, sec) = (program, sec.cloned().unwrap_or(CallbackSec::None));
        let slot = session.back.slot_mut(slotid).ok_or(Wrong)?;
        slot.sequenceid = record.sequenceid;
        let Some(stored) = &record.call else { return Ok(()) };
        slot.call = Some(call);
        let want = want(&stored.want)?;
        let call = CallbackCall {
            id: call,
            connection: ConnectionId::default(),
            minor: session.minor,
            program,
            sec,
            sessionid: id,
            sequenceid: record.sequenceid,
            slotid,
            highest_slotid: stored.highest_slotid,
            body: CallbackBody::NotifyLock {
                fh: filehandle(stored.fh)?,
                owner: LockOwner { clientid: ClientId(stored.clientid), owner: stored.owner.into() },
            },
        };
        self.core.calls.restore(call, want);
        Ok(())
    }

    fn open_owner(&mut self, id: ClientId, owner: &[u8], record: &OpenOwnerRecord<'_>) -> Checked {
        let now = self.now();
        let client = self.core.clients.get_mut(id).ok_or(Wrong)?;
        let owner: OpaqueOwner = owner.into();
        if client.open_owners.contains(&owner) {
            return Err(Wrong);
        }
        let state = client.open_owners.entry(&owner, || OpenOwnerState::new(id));
        state.confirmed = record.confirmed;
        state.closed = record.closed;
        state.last_used = now;
        state.sequence = Sequence::restored(id, last(record.last.as_ref())?);
        if let Some(serial) = record.closed
            && client.states.insert(serial, State::Closed(owner.clone())).is_some()
        {
            return Err(Wrong);
        }
        Ok(())
    }

    fn lock_owner(&mut self, id: OwnerId, record: &LockOwnerRecord<'_>) -> Checked {
        let now = self.now();
        let clientid = ClientId(record.client);
        let client = self.core.clients.get_mut(clientid).ok_or(Wrong)?;
        let sequence = Sequence::restored(clientid, last(record.last.as_ref())?);
        let (bytes, locks) = (record.owner.into(), SmallMap::default());
        let state = LockOwnerState { id, bytes, sequence, locks, last_used: now };
        self.core.lock_owners.restore(id, clientid);
        client.lock_owners.insert(state).then_some(()).ok_or(Wrong)
    }

    fn open(&mut self, id: ClientId, serial: u32, record: &OpenRecord<'_>) -> Checked {
        let now = self.now();
        let file = self.core.files.at_mut(record.file).ok_or(Wrong)?;
        let client = self.core.clients.get_mut(id).ok_or(Wrong)?;
        let access = ShareAccess::from_wire(record.access.into()).ok_or(Wrong)?;
        let deny = ShareDeny::from_wire(record.deny.into()).ok_or(Wrong)?;
        let owner = match client.open_owners.name_of(record.owner) {
            Some(owner) => owner.clone(),
            None if !id.has_sessions() => return Err(Wrong),
            None => {
                let owner: OpaqueOwner = record.owner.into();
                client.open_owners.entry(&owner, || OpenOwnerState::new(id));
                owner
            }
        };
        let state = client.open_owners.get_mut(&owner).ok_or(Wrong)?;
        state.last_used = now;
        // An owner has one open of a file.
        if state.opens.get(record.file).is_some() {
            return Err(Wrong);
        }
        state.opens.put(record.file, serial);
        let open = OpenState {
            stateid: Stateid { seqid: record.seqid, ..Stateid::first(id, serial) },
            owner,
            file: record.file,
            principal: principal(record.principal),
            access,
            deny,
            asked: record.asked,
            locks: SmallMap::default(),
            had_lock: false,
        };
        if !client.expired {
            if file.shares.forbid(access, deny) {
                return Err(Wrong);
            }
            file.shares.add(access, deny);
        }
        file.opens.put((id, serial), ());
        client.insert_open(serial, Box::new(open)).then_some(()).ok_or(Wrong)
    }

    fn lock(&mut self, id: ClientId, serial: u32, record: &LockRecord) -> Checked {
        let LockRecord { seqid, owner, file, open, generation } = *record;
        let owner = OwnerId(owner);
        let client = self.core.clients.get_mut(id).ok_or(Wrong)?;
        let of_open = client.open_mut(open).filter(|open| open.file == file).ok_or(Wrong)?;
        of_open.locks.put(serial, ());
        of_open.had_lock = true;
        client.lock_owners.of_mut(owner).ok_or(Wrong)?.locks.put((file, serial), ());
        self.core.files.restore_generation(file, generation).then_some(()).ok_or(Wrong)?;
        let lock = LockState { owner, file, seqid, open, generation };
        client.states.insert(serial, State::Lock(lock)).is_none().then_some(()).ok_or(Wrong)
    }

    fn range(&mut self, file: u64, owner: OwnerId, first: u64, record: &RangeRecord) -> Checked {
        let ranges = &mut self.core.files.at_mut(file).ok_or(Wrong)?.ranges;
        let client = self.core.lock_owners.client_of(owner).ok_or(Wrong)?;
        let client = self.core.clients.get_mut(client).ok_or(Wrong)?;
        let range = Range::new(first, record.last).ok_or(Wrong)?;
        // Without a lock stateid nobody could unlock it. Of a client that is gone the parts go one by one.
        let has_stateid = client.lock_owners.of(owner).is_some_and(|it| it.serials_on(file).next().is_some());
        if !client.expired && !has_stateid {
            return Err(Wrong);
        }
        // What is held in any way is held against a writer.
        if ranges.holds_against(owner, range, LockKind::Write) {
            return Err(Wrong);
        }
        let before = ranges.len();
        ranges.lock(owner, range, lock_kind(record.write)).map_err(|_| Wrong)?;
        // Ranges that overlap or should have been one were not stored by a core.
        if ranges.len() != before + 1 {
            return Err(Wrong);
        }
        client.ranges += 1;
        Ok(())
    }

    fn waiter(&mut self, file: u64, place: u64, record: &WaiterRecord) -> Checked {
        let now = self.now();
        let want = want(&record.want)?;
        self.core.lock_owners.client_of(want.owner).ok_or(Wrong)?;
        let open = (ClientId(record.client), record.open);
        self.check_waiter(file, want.owner, open)?;
        let queue = &mut self.core.files.at_mut(file).ok_or(Wrong)?.queue;
        queue.restore(Waiter::new(now, want, place, open, record.called));
        self.core.lock_owners.waits.add(want.owner, (file, place));
        self.core.files.waited.insert(file);
        Ok(())
    }

    /// Whoever waits for a lock of a file is of the client that has the file open. Of a client that is gone the parts go one
    /// by one.
    fn check_waiter(&self, file: u64, owner: OwnerId, (id, open): (ClientId, u32)) -> Checked {
        let client = self.core.clients.get(id).ok_or(Wrong)?;
        let is_open = client.open(open).is_some_and(|open| open.file == file);
        let is_own = self.core.lock_owners.client_of(owner) == Some(id);
        (client.expired || is_open && is_own).then_some(()).ok_or(Wrong)
    }

    /// Returns the core, when all records were taken. If a grace period was under way, it starts again.
    /// Errors: `NoInstance`.
    pub fn finish(self) -> Result<Core, RestoreError> {
        let Self { mut core, forgotten, complete } = self;
        if !complete {
            return Err(RestoreError::NoInstance);
        }
        let now = core.instance.started();
        core.grace.begin(now, &core.config);
        core.resume_teardown(forgotten);
        // An OPEN that was under way had made room for itself.
        let numbers: Vec<_> = core.files.iter().map(|file| file.number).collect();
        numbers.iter().for_each(|file| core.files.drop_if_idle(&mut core.effects.changes, *file));
        core.begin_scan();
        Ok(core)
    }
}
