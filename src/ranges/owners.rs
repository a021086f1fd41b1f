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

    #[inline]
    pub fn get(&self, owner: OwnerId) -> Option<&OwnerList> {
        self.0.find(mix(owner.0), |entry| entry.0 == owner).map(|entry| &entry.1)
    }

    #[inline]
    pub fn get_mut(&mut self, owner: OwnerId) -> Option<&mut OwnerList> {
        self.0.find_mut(mix(owner.0), |entry| entry.0 == owner).map(|entry| &mut entry.1)
    }

    /// Returns the list of `owner`, which is made if there is none.
    #[inline]
    pub fn entry(&mut self, owner: OwnerId) -> &mut OwnerList {
        let new = || (owner, OwnerList::default());
        &mut self.0.or_insert(mix(owner.0), |entry| entry.0 == owner, new, hash_of).1
    }

    #[inline]
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
