//! The lists of all owners of a file.

use super::owner::{OwnerList, mix};
use super::{OwnerId, Table};

/// Lists by owner. No change of it takes longer the more owners there are.
#[derive(Clone, Default)]
pub struct Owners(Table<(OwnerId, OwnerList)>);

fn hash_of(entry: &(OwnerId, OwnerList)) -> u64 {
    mix(entry.0.0)
}

impl Owners {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn get(&self, owner: OwnerId) -> Option<&OwnerList> {
        self.0.find(mix(owner.0), |entry| entry.0 == owner).map(|entry| &entry.1)
    }

    pub fn get_mut(&mut self, owner: OwnerId) -> Option<&mut OwnerList> {
        self.0.find_mut(mix(owner.0), |entry| entry.0 == owner).map(|entry| &mut entry.1)
    }

    /// The list of `owner`, which is made if there is none.
    pub fn entry(&mut self, owner: OwnerId) -> &mut OwnerList {
        if self.get(owner).is_none() {
            self.0.insert(mix(owner.0), (owner, OwnerList::default()), hash_of);
        }
        self.get_mut(owner).expect("found or just made")
    }

    pub fn remove(&mut self, owner: OwnerId) -> Option<OwnerList> {
        self.0.remove(mix(owner.0), |entry| entry.0 == owner, hash_of).map(|entry| entry.1)
    }

    #[cfg(test)]
    pub fn iter(&self) -> impl Iterator<Item = (&OwnerId, &OwnerList)> {
        self.0.iter().map(|entry| (&entry.0, &entry.1))
    }

    #[cfg(test)]
    pub fn capacity(&self) -> usize {
        self.0.capacity()
    }
}
