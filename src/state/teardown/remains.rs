//! What is left of one client that is in teardown, and what of it goes next.

use super::deferred::{Deferred, LARGE};
use super::revoke::RevokedStates;
use crate::nfs4::OpaqueOwner;
use crate::ranges::OwnerId;
use crate::state::clients::Client;
use crate::state::clients::State;
use crate::state::clients::States;
use crate::state::locks::LockOwnerState;
use crate::state::map::PageMap;
use crate::state::opens::OpenOwners;
use crate::state::opens::{OpenOwnerState, OpenState};
use std::collections::BTreeSet;

/// What is left of one client.
#[derive(Debug)]
pub(in crate::state) struct Remains {
    pub(super) states: States,
    pub(super) open_owners: OpenOwners,
    pub(super) lock_owners: PageMap<OwnerId, LockOwnerState>,
    pub(super) revoked: RevokedStates,
    /// The client, when not even its clientid is known any more: its record goes last.
    pub(super) forgotten: Option<Box<Client>>,
    unshared: Unshared,
    next_states: Next<u32>,
    next_open_owners: Next<OpaqueOwner>,
    next_lock_owners: Next<OwnerId>,
}

/// Opens whose share reservations do not count any more.
#[derive(Debug)]
enum Unshared {
    All,
    These(BTreeSet<u32>),
}

/// Keys of what goes next, in reverse. To look for one at a time would be to look at the empty front of a table each time.
#[derive(Debug)]
struct Next<K>(Vec<K>);

/// So many keys are looked for at a time.
const AT_ONCE: usize = 1024;

impl<K> Default for Next<K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K> Next<K> {
    /// Returns the next one that has not gone otherwise; `some` finds more.
    fn peek(&mut self, some: impl Fn() -> Vec<K>, is_there: impl Fn(&K) -> bool) -> Option<&K> {
        loop {
            while self.0.pop_if(|key| !is_there(key)).is_some() {}
            if self.0.is_empty() {
                self.0 = some();
                self.0.last()?;
            } else {
                return self.0.last();
            }
        }
    }
}

impl Remains {
    /// Takes all that the client has.
    pub(super) fn of(client: &mut Client, deferred: &mut Deferred) -> Self {
        let (states, open_owners, lock_owners, revoked) = client.take_holdings();
        let (lock_owners, names) = lock_owners.into_parts();
        if lock_owners.len() > LARGE {
            deferred.defer(names);
        }
        Self {
            states,
            open_owners,
            lock_owners,
            revoked,
            forgotten: None,
            unshared: Unshared::These(BTreeSet::new()),
            next_states: Next::default(),
            next_open_owners: Next::default(),
            next_lock_owners: Next::default(),
        }
    }

    /// Returns the client, when not even its clientid is known any more.
    pub fn forgotten(&self) -> Option<&Client> {
        self.forgotten.as_deref()
    }

    /// Returns what is left, to be written: open_owners, revoked stateids, states.
    pub fn parts(&self) -> (&OpenOwners, &RevokedStates, &States) {
        (&self.open_owners, &self.revoked, &self.states)
    }

    /// Lists the lock_owners that are left.
    pub fn lock_owners(&self) -> impl Iterator<Item = &LockOwnerState> {
        self.lock_owners.iter().map(|(_, owner)| owner)
    }

    /// Returns the same, but the shares of its opens count no more.
    pub fn unshared(self) -> Self {
        Self { unshared: Unshared::All, ..self }
    }

    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
            && self.open_owners.is_empty()
            && self.lock_owners.is_empty()
            && self.revoked.is_empty()
    }

    /// Returns an open whose shares count.
    pub fn open(&self, serial: u32) -> Option<&OpenState> {
        match self.states.get(&serial) {
            Some(State::Open(open)) if !self.is_unshared(serial) => Some(open),
            _ => None,
        }
    }

    pub fn is_unshared(&self, serial: u32) -> bool {
        match &self.unshared {
            Unshared::All => true,
            Unshared::These(serials) => serials.contains(&serial),
        }
    }

    /// Stops counting the shares of an open.
    pub fn unshare(&mut self, serial: u32) {
        if let Unshared::These(serials) = &mut self.unshared {
            serials.insert(serial);
        }
    }

    /// Returns the state that goes next: the locks of an open before the open.
    pub fn next_state(&mut self) -> Option<u32> {
        let states = &self.states;
        let next = self.next_states.peek(|| states.some_keys(AT_ONCE), |serial| states.contains_key(serial));
        let serial = *next?;
        match self.states.get(&serial) {
            Some(State::Open(open)) => open.locks().keys().next().or(Some(serial)),
            _ => Some(serial),
        }
    }

    /// Takes out a state that is gone from its file.
    pub fn forget(&mut self, serial: u32) {
        if let Some(State::Lock(lock)) = self.states.remove(&serial)
            && let Some(State::Open(open)) = self.states.get_mut(&lock.open())
        {
            open.forget_lock(serial);
        }
    }

    /// Takes out an open_owner.
    pub fn take_open_owner(&mut self) -> Option<(OpaqueOwner, Box<OpenOwnerState>)> {
        let owners = &self.open_owners;
        let some = || owners.iter().take(AT_ONCE).map(|(name, _)| name.clone()).collect();
        let name = self.next_open_owners.peek(some, |name| owners.contains(name))?.clone();
        self.open_owners.remove(&name).map(|state| (name, state))
    }

    /// Takes out a lock_owner.
    pub fn take_lock_owner(&mut self) -> Option<LockOwnerState> {
        let owners = &self.lock_owners;
        let id = *self.next_lock_owners.peek(|| owners.some_keys(AT_ONCE), |id| owners.contains_key(id))?;
        self.lock_owners.remove(&id)
    }
}
