//! The open_owners of a client, by name.

use super::open_owner::OpenOwnerState;
use crate::nfs4::OpaqueOwner;
use crate::ranges::Table;
use crate::state::map::NameHash;
use std::fmt;

/// An owner, and the hash of its name: so that no name is looked at when entries are moved.
#[derive(Debug)]
struct Entry {
    hash: u64,
    name: OpaqueOwner,
    state: Box<OpenOwnerState>,
}

/// Holds owners by names that clients choose, who cannot cause collisions ([`NameHash`]). What is iterated over comes in the
/// order of their hashes.
pub(in crate::state) struct OpenOwners {
    table: Table<Entry>,
    hash: NameHash,
}

impl OpenOwners {
    /// Creates a table without owners.
    pub fn new(hash: NameHash) -> Self {
        Self { table: Table::default(), hash }
    }

    /// Takes all owners, and leaves none.
    pub fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new(self.hash))
    }

    pub fn len(&self) -> usize {
        self.table.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn find(&self, name: &[u8]) -> Option<&Entry> {
        self.table.find(self.hash.of(name), |entry| *entry.name == *name)
    }

    pub fn get(&self, name: &[u8]) -> Option<&OpenOwnerState> {
        self.find(name).map(|entry| &*entry.state)
    }

    pub fn get_mut(&mut self, name: &[u8]) -> Option<&mut OpenOwnerState> {
        let found = self.table.find_mut(self.hash.of(name), |entry| *entry.name == *name);
        found.map(|entry| &mut *entry.state)
    }

    /// Returns the name as it is kept here, so that it need not be kept twice.
    pub fn name_of(&self, name: &[u8]) -> Option<&OpaqueOwner> {
        self.find(name).map(|entry| &entry.name)
    }

    pub fn contains(&self, name: &[u8]) -> bool {
        self.find(name).is_some()
    }

    /// Returns the owner of this name, or else the one that `new` makes.
    pub fn entry(&mut self, name: &OpaqueOwner, new: impl FnOnce() -> OpenOwnerState) -> &mut OpenOwnerState {
        let hash = self.hash.of(name);
        let new = || Entry { hash, name: name.clone(), state: Box::new(new()) };
        &mut self.table.or_insert(hash, |entry| entry.name == *name, new, |entry| entry.hash).state
    }

    pub fn remove(&mut self, name: &[u8]) -> Option<Box<OpenOwnerState>> {
        let hash = self.hash.of(name);
        let gone = self.table.remove(hash, |entry| *entry.name == *name, |entry| entry.hash);
        gone.map(|entry| entry.state)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&OpaqueOwner, &OpenOwnerState)> {
        self.table.iter().map(|entry| (&entry.name, &*entry.state))
    }

    /// Returns of how many parts they are; see `Table::parts`.
    pub fn parts(&self) -> usize {
        self.table.parts()
    }

    /// Returns the owners of a part: at most some hundreds.
    pub fn part(&self, number: usize) -> impl Iterator<Item = (&OpaqueOwner, &OpenOwnerState)> {
        self.table.part(number).map(|entry| (&entry.name, &*entry.state))
    }
}

impl fmt::Debug for OpenOwners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
