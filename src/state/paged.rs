//! A map by numbers that are given out in ascending order: serials, owner ids, clientids, numbers of files.
//!
//! Eight neighbours share a page, so that things made one after the other lie together, an entry costs two octets beside
//! itself, and a look-up is one of a small table and one of an array. A page goes with its last entry, and the table
//! shrinks: what is empty keeps nothing.

use crate::ranges::NumberHasher;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

/// What can be a key.
pub(super) trait Number: Copy {
    fn number(self) -> u64;
    fn numbered(number: u64) -> Self;
}

impl Number for u32 {
    fn number(self) -> u64 {
        self.into()
    }

    fn numbered(number: u64) -> Self {
        number as u32
    }
}

impl Number for u64 {
    fn number(self) -> u64 {
        self
    }

    fn numbered(number: u64) -> Self {
        number
    }
}

impl Number for crate::nfs4::ClientId {
    fn number(self) -> u64 {
        self.0
    }

    fn numbered(number: u64) -> Self {
        Self(number)
    }
}

impl Number for crate::ranges::OwnerId {
    fn number(self) -> u64 {
        self.0
    }

    fn numbered(number: u64) -> Self {
        Self(number)
    }
}

/// Entries in a page.
const PAGE: u64 = 8;

struct Page<V> {
    used: u32,
    slots: [Option<V>; PAGE as usize],
}

impl<V> Page<V> {
    fn empty() -> Box<Self> {
        Box::new(Self { used: 0, slots: [const { None }; PAGE as usize] })
    }
}

/// See the module. What is iterated over comes in the order of the keys, unless it says otherwise.
pub(super) struct Paged<K, V> {
    len: usize,
    pages: HashMap<u64, Box<Page<V>>, NumberHasher>,
    keys: PhantomData<K>,
}

impl<K, V> Default for Paged<K, V> {
    fn default() -> Self {
        Self { len: 0, pages: HashMap::default(), keys: PhantomData }
    }
}

fn at(number: u64) -> (u64, usize) {
    (number / PAGE, (number % PAGE) as usize)
}

impl<K: Number, V> Paged<K, V> {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn get(&self, key: &K) -> Option<&V> {
        let (page, slot) = at(key.number());
        self.pages.get(&page)?.slots[slot].as_ref()
    }

    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let (page, slot) = at(key.number());
        self.pages.get_mut(&page)?.slots[slot].as_mut()
    }

    pub fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// Answers what was there before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let (page, slot) = at(key.number());
        let page = self.pages.entry(page).or_insert_with(Page::empty);
        let before = page.slots[slot].replace(value);
        if before.is_none() {
            page.used += 1;
            self.len += 1;
        }
        before
    }

    /// What is there, or else what `new` makes.
    pub fn entry(&mut self, key: K, new: impl FnOnce() -> V) -> &mut V {
        let (page, slot) = at(key.number());
        let page = self.pages.entry(page).or_insert_with(Page::empty);
        if page.slots[slot].is_none() {
            page.used += 1;
            self.len += 1;
        }
        page.slots[slot].get_or_insert_with(new)
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        let (number, slot) = at(key.number());
        let page = self.pages.get_mut(&number)?;
        let value = page.slots[slot].take()?;
        page.used -= 1;
        self.len -= 1;
        if page.used == 0 {
            self.pages.remove(&number);
            give_back(&mut self.pages);
        }
        Some(value)
    }

    /// Keys of whole pages, `most` or a few more, or all that there are. In no order, but the same in each run.
    pub fn some_keys(&self, most: usize) -> Vec<K> {
        let mut keys = Vec::with_capacity(self.len.min(most.saturating_add(PAGE as usize)));
        for (number, page) in &self.pages {
            if keys.len() >= most {
                break;
            }
            let slots = (number * PAGE..).zip(&page.slots);
            keys.extend(slots.filter(|(_, value)| value.is_some()).map(|(number, _)| K::numbered(number)));
        }
        keys
    }

    /// In no order, but the same in each run.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.pages.values().flat_map(|page| page.slots.iter().flatten())
    }

    /// In no order, but the same in each run.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.pages.values_mut().flat_map(|page| page.slots.iter_mut().flatten())
    }

    pub fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        let mut pages: Vec<_> = self.pages.iter().collect();
        pages.sort_unstable_by_key(|(number, _)| **number);
        pages.into_iter().flat_map(|(number, page)| {
            let slots = (number * PAGE..).zip(&page.slots);
            slots.filter_map(|(number, value)| Some((K::numbered(number), value.as_ref()?)))
        })
    }
}

impl<K: Number + fmt::Debug, V: fmt::Debug> fmt::Debug for Paged<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Keeps a table in proportion to what is left in it.
pub(super) fn give_back<K: Eq + std::hash::Hash, V, S: std::hash::BuildHasher>(table: &mut HashMap<K, V, S>) {
    if table.capacity() > 8 * table.len() {
        table.shrink_to(2 * table.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn it_is_a_map_that_keeps_nothing_when_it_is_empty() {
        let (mut paged, mut model) = (Paged::<u32, u32>::new(), BTreeMap::new());
        let mut dice = 1u32;
        for round in 0..20_000 {
            dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let key = (dice >> 16) % 500 + u32::from(dice & 64 == 0) * (u32::MAX - 600);
            match dice & 3 {
                0 | 1 => assert_eq!(paged.insert(key, round), model.insert(key, round)),
                _ => assert_eq!(paged.remove(&key), model.remove(&key)),
            }
            assert_eq!((paged.get(&key), paged.len()), (model.get(&key), model.len()));
        }
        assert!(paged.iter().eq(model.iter().map(|(key, value)| (*key, value))));
        assert_eq!(paged.values().count(), model.len());
        let some = paged.some_keys(20);
        assert!((20..28).contains(&some.len()) && some.iter().all(|key| model.contains_key(key)));
        let all = BTreeSet::from_iter(paged.some_keys(usize::MAX));
        assert!(all.iter().eq(model.keys()));
        for key in model.keys() {
            paged.remove(key);
        }
        assert_eq!((paged.len(), paged.pages.capacity()), (0, 0));
    }
}
