//! How a client that is gone is taken apart: in slices, so that nobody waits for the whole of it.
//!
//! A client goes in one short step, the *mark* ([`Core::expire_client`]): from then on it answers as one that has nothing,
//! for all that it had stands here and no longer with it. What is left on files is in nobody's way:
//!
//! - its ranges: a request that meets one takes off what it meets ([`Core::clear_ranges`])
//! - its share reservations: the same ([`Core::clear_shares`])
//! - its waiters, and what others wait for: files with waiters come first, in whichever slice is next
//!
//! A request takes off so much and no more; if there is yet more in its way it is answered `Delay`, and told to come back.
//!
//! A slice is due as soon as there is anything left, so that the shell can serve others in between. Clients take turns. Who
//! opens or locks something pays with a small slice of its own, greater than what it adds: what is departing can never be
//! more than what was once held.
//!
//! **In records** a client that expired and still has records of other kinds is departing. They go in an order in which each
//! is left with those that it refers to: ranges, lock stateids, opens, owners. The shares of its opens count no more from a
//! restart on.

use super::client::Client;
use super::file::FileTable;
use super::lock_owner::{LockOwnerState, LockOwners, LockState};
use super::open_owner::{OpenOwnerState, OpenState};
use super::paged::Paged;
use super::revoke::RevokedStates;
use super::wait::{Queue, Want};
use super::{Config, Core, Effects, Key, State};
use crate::nfs4::{ClientId, Filehandle, OpaqueOwner, Range, ShareAccess, ShareDeny, Status, Time};
use crate::ranges::{Held, OwnerId, RangeEdit};
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound::{Excluded, Unbounded};

/// Most pieces of departing clients that one request takes out of its way, or looks at.
pub(super) const IN_THE_WAY_MAX: usize = 4096;
/// Tables with room for more are not given back while the core is waited for; so many are kept until then.
const LARGE: usize = 8192;
const RUBBISH_MAX: usize = 16;
/// States that are looked up in their table at a time.
const BATCH: usize = 1024;
/// How many other things an owner counts for.
const OWNER_WEIGHT: usize = 4;
/// What a request pays that may have added an owner, a stateid and a range.
const PAID: usize = 16;

/// What is left of one client.
#[derive(Debug)]
pub(super) struct Departing {
    pub states: Paged<u32, State>,
    pub open_owners: HashMap<OpaqueOwner, Box<OpenOwnerState>>,
    pub lock_owners: Paged<OwnerId, LockOwnerState>,
    pub revoked: RevokedStates,
    /// The client, when not even its clientid is known any more: its record goes last.
    pub forgotten: Option<Box<Client>>,
    unshared: Unshared,
    /// States that go next, the last one first.
    next: Vec<u32>,
}

/// Opens whose share reservations do not count any more.
#[derive(Debug)]
enum Unshared {
    All,
    These(BTreeSet<u32>),
}

/// All that are departing.
#[derive(Debug, Default)]
pub(super) struct Departures {
    clients: BTreeMap<ClientId, Departing>,
    /// Who had the last turn.
    turn: Option<ClientId>,
    /// When somebody went, or a slice was done.
    since: Time,
    /// What commands may yet take apart at this moment.
    credit: (Time, usize),
    /// The file with waiters that was looked at last, and how many are to be looked at.
    looked: Option<u64>,
    looks: usize,
    /// Tables that were large and are empty.
    rubbish: Vec<Box<dyn Any + Send>>,
}

/// Memory that takes long to give back. To be dropped where nobody waits for the core.
#[derive(Debug, Default)]
#[must_use]
pub struct Rubbish(#[allow(dead_code, reason = "it is only dropped")] Vec<Box<dyn Any + Send>>);

impl Departing {
    /// Takes all that the client has.
    fn of(client: &mut Client) -> Self {
        client.ranges = 0;
        Self {
            states: std::mem::take(&mut client.states),
            open_owners: std::mem::take(&mut client.open_owners),
            lock_owners: std::mem::take(&mut client.lock_owners).into_paged(),
            revoked: std::mem::take(&mut client.revoked),
            forgotten: None,
            unshared: Unshared::These(BTreeSet::new()),
            next: Vec::new(),
        }
    }

    fn is_empty(&self) -> bool {
        self.states.is_empty()
            && self.open_owners.is_empty()
            && self.lock_owners.is_empty()
            && self.revoked.is_empty()
    }

    fn was_large(&self) -> bool {
        self.open_owners.capacity() > LARGE
    }

    fn open(&self, serial: u32) -> Option<&OpenState> {
        match self.states.get(&serial) {
            Some(State::Open(open)) if !self.unshared.has(serial) => Some(open),
            _ => None,
        }
    }

    /// The state that goes next: the locks of an open before the open.
    fn next(&mut self) -> Option<u32> {
        if self.next.is_empty() {
            self.next = self.states.some_keys(BATCH);
        }
        loop {
            let serial = *self.next.last()?;
            match self.states.get(&serial) {
                Some(State::Open(open)) => return open.locks.keys().next().or(Some(serial)),
                Some(State::Lock(_) | State::Closed(_)) => return Some(serial),
                None => self.next.pop(),
            };
            if self.next.is_empty() {
                self.next = self.states.some_keys(BATCH);
            }
        }
    }

    /// Takes out a state that is gone from its file.
    fn forget(&mut self, serial: u32) {
        if let Some(State::Lock(lock)) = self.states.remove(&serial)
            && let Some(State::Open(open)) = self.states.get_mut(&lock.open)
        {
            open.locks.remove(serial);
        }
    }
}

impl Unshared {
    fn has(&self, serial: u32) -> bool {
        match self {
            Self::All => true,
            Self::These(serials) => serials.contains(&serial),
        }
    }

    fn insert(&mut self, serial: u32) {
        if let Self::These(serials) = self {
            serials.insert(serial);
        }
    }
}

impl Departures {
    pub fn has(&self, id: ClientId) -> bool {
        self.clients.contains_key(&id)
    }

    pub fn iter(&self) -> impl Iterator<Item = (ClientId, &Departing)> {
        self.clients.iter().map(|(id, departing)| (*id, departing))
    }

    pub fn count(&self) -> usize {
        self.clients.len()
    }

    pub fn is_empty(&self) -> bool {
        self.clients.is_empty()
    }

    /// When the next slice is due: at once.
    pub fn due(&self) -> Option<Time> {
        (!self.is_empty()).then_some(self.since)
    }

    /// Keeps an empty table until nobody waits for the core.
    fn throw_away<T: Any + Send>(&mut self, what: Option<T>) {
        if let Some(what) = what {
            // Nobody seems to come for it.
            if self.rubbish.len() == RUBBISH_MAX {
                self.rubbish.clear();
            }
            self.rubbish.push(Box::new(what));
        }
    }

    /// Whether an owner's client is departing.
    fn has_owner(&self, owners: &LockOwners, held: &Held) -> bool {
        owners.client_of(held.owner).is_some_and(|id| self.has(id))
    }
}

/// A slice: what there is to do it with.
struct Slice<'a> {
    now: Time,
    config: &'a Config,
    files: &'a mut FileTable,
    owners: &'a mut LockOwners,
    effects: &'a mut Effects,
    /// How many things may yet be taken away.
    left: usize,
    /// Files whose waiters may have a better chance now.
    touched: BTreeSet<u64>,
}

impl Slice<'_> {
    /// Takes away as much of a client as may be.
    fn take(&mut self, id: ClientId, client: &mut Departing) {
        while self.left > 0
            && let Some((serial, _)) = client.revoked.pop_first()
        {
            self.left -= 1;
            self.effects.changes.delete(Key::Revoked(id, serial));
        }
        while self.left > 0
            && let Some(serial) = client.next()
        {
            self.left -= 1;
            let shared = !client.unshared.has(serial);
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
        if let Some(file) = self.files.at_mut(lock.file) {
            let mut first = file.ranges.held_by(lock.owner).map(|(range, _)| range);
            if let Some(range) = first.next() {
                let last = first.take(self.left).last().unwrap_or(range);
                let (changes, number, left) = (&mut self.effects.changes, file.number, &mut self.left);
                let note = |edit| {
                    changes.range(number, lock.owner, edit);
                    *left = left.saturating_sub(1);
                };
                let both = Range::new(range.first(), last.last()).unwrap_or(range);
                file.ranges.unlock_noting(lock.owner, both, note);
                if !file.queue.is_empty() {
                    self.touched.insert(lock.file);
                }
            }
            if file.ranges.is_held_by(lock.owner) {
                return false;
            }
        }
        self.effects.changes.delete(Key::Lock(id, serial));
        true
    }

    fn take_open(&mut self, id: ClientId, serial: u32, open: &OpenState, shared: bool) -> bool {
        let changes = &mut self.effects.changes;
        changes.delete(Key::Open(id, serial));
        if let Some(file) = self.files.at_mut(open.file) {
            if shared {
                file.shares.remove(open.access, open.deny);
            }
            file.opens.remove((id, serial));
            if !file.queue.is_empty() {
                file.queue.forget_open(changes, id, serial);
                self.touched.insert(open.file);
            }
            self.files.drop_if_idle(changes, open.file);
        }
        true
    }

    /// Owners count for more: with them most of the memory goes back to the system.
    fn take_owners(&mut self, id: ClientId, client: &mut Departing) {
        let most = |left: usize| left.div_ceil(OWNER_WEIGHT);
        let names: Vec<_> = client.open_owners.keys().take(most(self.left)).cloned().collect();
        self.left = self.left.saturating_sub(names.len() * OWNER_WEIGHT);
        for name in names {
            client.open_owners.remove(&name);
            self.effects.changes.delete_open_owner(id, &name);
        }
        let ids = client.lock_owners.some_keys(most(self.left));
        self.left = self.left.saturating_sub(ids.len() * OWNER_WEIGHT);
        for id in ids {
            client.lock_owners.remove(&id);
            self.effects.changes.delete(Key::LockOwner(id));
            self.owners.remove(id);
        }
    }

    /// Those who waited for what is gone get their turn.
    fn end(self) {
        for file in &self.touched {
            if let Some(file) = self.files.at_mut(*file) {
                file.refresh_queue(self.now, self.config, self.effects);
            }
        }
    }
}

impl Core {
    /// The client has nothing any more, and what it had is taken apart from now on.
    pub(super) fn begin_departure(&mut self, now: Time, id: ClientId) {
        let Some(client) = self.clients.get_mut(id) else { return };
        let departing = Departing::of(client);
        if departing.is_empty() {
            return;
        }
        self.departures.clients.insert(id, departing);
        self.departures.since = self.departures.since.max(now);
        self.departures.looks = self.files.waited.len();
        // A small one is gone at once, but many small ones are as much as a great one.
        let (when, credit) = self.departures.credit;
        let credit = if when == now { credit } else { self.config.departure_slice };
        let left = self.depart(now, credit);
        self.departures.credit = (now, left);
    }

    /// After a restart: what a client has that expired before is departing.
    pub(super) fn resume_departures(&mut self, forgotten: BTreeSet<ClientId>) {
        for client in self.clients.confirmed.values_mut().filter(|client| client.expired) {
            let departing = Departing { unshared: Unshared::All, ..Departing::of(client) };
            if !departing.is_empty() {
                self.departures.clients.insert(client.id, departing);
            }
        }
        for id in forgotten {
            self.drop_client(id);
        }
        self.departures.since = self.started;
        self.departures.looks = self.files.waited.len();
    }

    /// Forgets a client that has nothing any more.
    pub(super) fn drop_client(&mut self, id: ClientId) {
        let Some(mut client) = self.clients.confirmed.remove(&id) else { return };
        match self.departures.clients.get_mut(&id) {
            Some(departing) => {
                client.forgotten = true;
                self.effects.changes.put_client(&client);
                departing.forgotten = Some(client);
            }
            None => self.effects.changes.delete(Key::Client(id)),
        }
    }

    /// What clients that are gone have left behind. The drop of it may take long, and needs no core.
    pub fn take_rubbish(&mut self) -> Rubbish {
        Rubbish(std::mem::take(&mut self.departures.rubbish))
    }

    /// A slice that is due.
    pub(super) fn depart_if_due(&mut self, now: Time) {
        if !self.departures.is_empty() {
            self.departures.since = self.departures.since.max(now);
            self.depart(now, self.config.departure_slice.max(1));
        }
    }

    /// A request may have added something: it pays.
    pub(super) fn pay_for_departures(&mut self, now: Time) {
        if !self.departures.is_empty() {
            self.depart(now, PAID.min(self.config.departure_slice).max(1));
        }
    }

    /// Takes away `most` things; answers how many less it were because there is nothing left.
    fn depart(&mut self, now: Time, most: usize) -> usize {
        let left = self.look_at_waited(now, most);
        let Self { config, departures, files, lock_owners: owners, effects, .. } = self;
        let mut slice = Slice { now, config, files, owners, effects, left, touched: BTreeSet::new() };
        while slice.left > 0 {
            let after = departures.turn.map_or(Unbounded, Excluded);
            let next = departures.clients.range((after, Unbounded)).next();
            let next = next.or(departures.clients.first_key_value());
            let Some(id) = next.map(|(id, _)| *id) else { break };
            departures.turn = Some(id);
            let Some(client) = departures.clients.get_mut(&id) else { break };
            slice.take(id, client);
            if client.is_empty() {
                if client.forgotten.is_some() {
                    slice.effects.changes.delete(Key::Client(id));
                }
                let empty = departures.clients.remove(&id);
                departures.throw_away(empty.filter(Departing::was_large));
            }
        }
        let left = slice.left;
        slice.end();
        if self.departures.is_empty() {
            self.departures.looks = 0;
        }
        left
    }

    /// Looks at files with waiters first: nobody waits for a client that is gone. Answers what is left of `most`.
    fn look_at_waited(&mut self, now: Time, most: usize) -> usize {
        let mut left = most;
        while left > 0 && self.departures.looks > 0 {
            let after = self.departures.looked.take();
            let waited = &self.files.waited;
            let next = waited.range((after.map_or(Unbounded, Excluded), Unbounded)).next();
            let Some(number) = next.or(waited.first()).copied() else { break };
            left -= 1;
            let mut any = self.clear_waiters(number);
            let queue = self.files.at(number).map(|file| &file.queue);
            let wants: Vec<_> = queue.into_iter().flat_map(Queue::iter).map(|waiter| waiter.want).collect();
            if wants.is_empty() {
                self.files.waited.remove(&number);
            }
            for want in &wants {
                any |= left > 0 && self.clear_ranges(number, want, &mut left);
            }
            if any && let Some(file) = self.files.at_mut(number) {
                file.refresh_queue(now, &self.config, &mut self.effects);
            }
            // What is more than a slice goes on in the next one.
            if any && left == 0 {
                self.departures.looked = after;
                break;
            }
            self.departures.looks -= 1;
            self.departures.looked = Some(number);
        }
        left
    }

    /// Takes what departing clients hold against `want` off the file, and their waiters; a request takes `most` at most out
    /// of its way. Answers whether there was anything.
    pub(super) fn clear_way(&mut self, now: Time, number: u64, want: &Want, most: &mut usize) -> bool {
        if self.departures.is_empty() {
            return false;
        }
        let any = self.clear_ranges(number, want, most) | self.clear_waiters(number);
        if any && let Some(file) = self.files.at_mut(number) {
            file.refresh_queue(now, &self.config, &mut self.effects);
        }
        any
    }

    /// Looks at `most` ranges at most that are held against `want`, and takes off those of departing clients.
    fn clear_ranges(&mut self, number: u64, want: &Want, most: &mut usize) -> bool {
        let Self { departures, files, lock_owners, effects, .. } = self;
        let Some(file) = files.at_mut(number) else { return false };
        let mut looked = 0;
        let conflicts = file.ranges.conflicts(want.owner, want.range, want.kind).take(*most);
        let conflicts = conflicts.inspect(|_| looked += 1);
        let gone: Vec<_> = conflicts.filter(|held| departures.has_owner(lock_owners, held)).collect();
        *most -= looked;
        for held in &gone {
            let note = |edit: RangeEdit| effects.changes.range(number, held.owner, edit);
            file.ranges.unlock_noting(held.owner, held.range, note);
        }
        !gone.is_empty()
    }

    /// Takes the waiters of departing clients out of the queue of a file.
    fn clear_waiters(&mut self, number: u64) -> bool {
        let Self { departures, files, effects, .. } = self;
        let file = files.at_mut(number).filter(|file| !file.queue.is_empty());
        file.is_some_and(|file| file.queue.forget_clients(&mut effects.changes, |id| departures.has(id)))
    }

    /// Lets share reservations of departing clients count no more that exclude an open with (`access`, `deny`). Answers
    /// whether there were any. Errors: `Delay` when there are too many to find them all.
    pub(super) fn clear_shares(
        &mut self,
        fh: &Filehandle,
        access: ShareAccess,
        deny: ShareDeny,
    ) -> Result<bool, Status> {
        let Some(file) = self.files.get_mut(fh) else { return Ok(false) };
        let (mut looks, mut any) = (IN_THE_WAY_MAX, false);
        for (&id, client) in &mut self.departures.clients {
            for (_, serial) in file.opens.keys_within((id, 0), (id, u32::MAX)) {
                looks = looks.saturating_sub(1);
                let excludes = |open: &&OpenState| open.deny.forbids(access) || deny.forbids(open.access);
                if let Some(open) = client.open(serial).filter(excludes) {
                    file.shares.remove(open.access, open.deny);
                    client.unshared.insert(serial);
                    any = true;
                }
                if looks == 0 {
                    return if file.shares.forbid(access, deny) { Err(Status::Delay) } else { Ok(any) };
                }
            }
            looks = looks.saturating_sub(1);
        }
        Ok(any)
    }

    /// Whether anybody who is there has the file open, or is about to.
    pub(super) fn is_in_use(&self, file: &super::file::FileState) -> bool {
        if self.departures.is_empty() || file.opens.is_empty() {
            return true;
        }
        let mut from = Some((ClientId(0), 0));
        let last = (ClientId(u64::MAX), u32::MAX);
        while let Some((id, _)) = from.and_then(|from| file.opens.keys_within(from, last).next()) {
            if !self.departures.has(id) {
                return true;
            }
            from = id.0.checked_add(1).map(|next| (ClientId(next), 0));
        }
        false
    }
}
