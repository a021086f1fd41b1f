//! What the stateids of a client name, by serial.

use super::State;
use super::paged::Paged;

/// States by serial, and how many of them are open or locked.
#[derive(Debug, Default)]
pub(super) struct States {
    all: Paged<u32, State>,
    held: usize,
}

fn is_held(state: &State) -> usize {
    usize::from(!matches!(state, State::Closed(_)))
}

impl States {
    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many name an open or locks: all but those that were closed last.
    pub fn held(&self) -> usize {
        self.held
    }

    #[inline(always)]
    pub fn get(&self, serial: &u32) -> Option<&State> {
        self.all.get(serial)
    }

    #[inline(always)]
    pub fn get_mut(&mut self, serial: &u32) -> Option<&mut State> {
        self.all.get_mut(serial)
    }

    pub fn contains_key(&self, serial: &u32) -> bool {
        self.all.contains_key(serial)
    }

    /// Answers what was there before.
    pub fn insert(&mut self, serial: u32, state: State) -> Option<State> {
        self.held += is_held(&state);
        let before = self.all.insert(serial, state);
        self.held -= before.as_ref().map_or(0, is_held);
        before
    }

    pub fn remove(&mut self, serial: &u32) -> Option<State> {
        let gone = self.all.remove(serial)?;
        self.held -= is_held(&gone);
        Some(gone)
    }

    /// As [`Paged::some_keys`].
    pub fn some_keys(&self, most: usize) -> Vec<u32> {
        self.all.some_keys(most)
    }

    /// All of them, by serial.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &State)> {
        self.all.iter()
    }
}
