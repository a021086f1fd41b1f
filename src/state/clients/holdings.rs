//! What a client holds: states by serial, owners, ranges, and who opened files.

use super::client::Client;
use super::states::{State, States};
use crate::nfs4::Principal;
use crate::state::locks::OwnersOfClient;
use crate::state::opens::{OpenOwners, OpenState};
use crate::state::teardown::RevokedStates;

impl Client {
    /// Returns what its stateids name.
    #[inline]
    pub fn states(&self) -> &States {
        &self.states
    }

    /// Returns what its stateids name, to be changed.
    #[inline]
    pub fn states_mut(&mut self) -> &mut States {
        &mut self.states
    }

    /// Returns its open_owners.
    #[inline]
    pub fn open_owners(&self) -> &OpenOwners {
        &self.open_owners
    }

    /// Returns its open_owners, to be changed.
    #[inline]
    pub fn open_owners_mut(&mut self) -> &mut OpenOwners {
        &mut self.open_owners
    }

    /// Returns its lock_owners.
    #[inline]
    pub fn lock_owners(&self) -> &OwnersOfClient {
        &self.lock_owners
    }

    /// Returns its lock_owners, to be changed.
    #[inline]
    pub fn lock_owners_mut(&mut self) -> &mut OwnersOfClient {
        &mut self.lock_owners
    }

    /// Returns the stateids that were revoked and not acknowledged.
    #[inline]
    pub fn revoked(&self) -> &RevokedStates {
        &self.revoked
    }

    /// Returns the stateids that were revoked and not acknowledged, to be changed.
    #[inline]
    pub fn revoked_mut(&mut self) -> &mut RevokedStates {
        &mut self.revoked
    }

    /// Takes out all that it holds: states, open_owners, lock_owners, revoked stateids.
    pub fn take_holdings(&mut self) -> (States, OpenOwners, OwnersOfClient, RevokedStates) {
        self.ranges = 0;
        let (states, revoked) = (std::mem::take(&mut self.states), std::mem::take(&mut self.revoked));
        (states, self.open_owners.take(), self.lock_owners.take(), revoked)
    }

    /// Returns how many byte ranges its owners hold, over all files.
    #[inline]
    pub fn range_count(&self) -> usize {
        self.ranges
    }

    /// Counts ranges, when a file on which it changed its own had `before` and has `after` now.
    #[inline]
    pub fn count_ranges(&mut self, (before, after): (usize, usize)) {
        self.ranges = (self.ranges + after).saturating_sub(before);
    }

    /// Puts in an open. Answers whether there was nothing of its serial.
    pub fn insert_open(&mut self, serial: u32, open: Box<OpenState>) -> bool {
        *self.openers.entry(open.principal()).or_default() += 1;
        self.states.insert(serial, State::Open(open)).is_none()
    }

    /// Forgets one open of this principal.
    pub fn forget_opener(&mut self, principal: Principal) {
        if let Some(opens) = self.openers.get_mut(&principal) {
            *opens -= 1;
            if *opens == 0 {
                self.openers.remove(&principal);
            }
        }
    }
}
