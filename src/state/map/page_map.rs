//! A map by numbers that are given out in ascending order: serials, owner ids, clientids, numbers of files.
//!
//! Eight neighbours share a page, so that things made one after the other lie together, an entry costs two bytes beside
//! itself, and a look-up is one of a small table and one of an array. A page goes with its last entry, and the table
//! shrinks: what is empty keeps nothing. No insertion moves more than some hundred pages (`ranges::Table`).

use crate::ranges::{Table, mix};
use std::fmt;
use std::marker::PhantomData;

/// What can be a key.
pub(in crate::state) trait Number: Copy {
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

/// A page and its number.
struct Numbered<V>(u64, Box<Page<V>>);

impl<V> Numbered<V> {
    fn hash(&self) -> u64 {
        mix(self.0)
    }

    fn entries(&self) -> impl Iterator<Item = (u64, &V)> {
        let slots = (self.0 * PAGE..).zip(&self.1.slots);
        slots.filter_map(|(number, value)| Some((number, value.as_ref()?)))
    }
}

/// See the module. What is iterated over comes in the order of the keys, unless it says otherwise.
pub(in crate::state) struct PageMap<K, V> {
    len: usize,
    pages: Table<Numbered<V>>,
    keys: PhantomData<K>,
}

impl<K, V> Default for PageMap<K, V> {
    fn default() -> Self {
        Self { len: 0, pages: Table::default(), keys: PhantomData }
    }
}

fn at(number: u64) -> (u64, usize) {
    (number / PAGE, (number % PAGE) as usize)
}

impl<K: Number, V> PageMap<K, V> {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[inline(always)]
    pub fn get(&self, key: &K) -> Option<&V> {
        let (page, slot) = at(key.number());
        self.pages.find(mix(page), |other| other.0 == page)?.1.slots[slot].as_ref()
    }

    #[inline(always)]
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let (page, slot) = at(key.number());
        self.pages.find_mut(mix(page), |other| other.0 == page)?.1.slots[slot].as_mut()
    }

    pub fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// Returns the page of this number, which is made if there is none, and the count of all entries.
    fn page(&mut self, number: u64) -> (&mut Page<V>, &mut usize) {
        let new = || Numbered(number, Page::empty());
        let page = self.pages.or_insert(mix(number), |other| other.0 == number, new, Numbered::hash);
        (&mut page.1, &mut self.len)
    }

    /// Answers what was there before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let (number, slot) = at(key.number());
        let (page, len) = self.page(number);
        let before = page.slots[slot].replace(value);
        if before.is_none() {
            page.used += 1;
            *len += 1;
        }
        before
    }

    /// Returns what is there, or else what `new` makes.
    pub fn entry(&mut self, key: K, new: impl FnOnce() -> V) -> &mut V {
        let (number, slot) = at(key.number());
        let (page, len) = self.page(number);
        if page.slots[slot].is_none() {
            page.used += 1;
            *len += 1;
        }
        page.slots[slot].get_or_insert_with(new)
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        let (number, slot) = at(key.number());
        let is_it = |other: &Numbered<V>| other.0 == number;
        let page = &mut self.pages.find_mut(mix(number), is_it)?.1;
        let value = page.slots[slot].take()?;
        page.used -= 1;
        let empty = page.used == 0;
        self.len -= 1;
        if empty {
            self.pages.remove(mix(number), is_it, Numbered::hash);
        }
        Some(value)
    }

    /// Returns the keys of whole pages, `most` or a few more, or all that there are. In no order, but the same in each run.
    pub fn some_keys(&self, most: usize) -> Vec<K> {
        let mut keys = Vec::with_capacity(self.len.min(most.saturating_add(PAGE as usize)));
        for page in self.pages.iter() {
            if keys.len() >= most {
                break;
            }
            keys.extend(page.entries().map(|(number, _)| K::numbered(number)));
        }
        keys
    }

    /// Returns of how many parts it is; see `Table::parts`.
    pub fn parts(&self) -> usize {
        self.pages.parts()
    }

    /// Returns the entries of a part: at most some thousands, in no order, but the same in each run.
    pub fn part(&self, number: usize) -> impl Iterator<Item = (K, &V)> {
        let entries = self.pages.part(number).flat_map(Numbered::entries);
        entries.map(|(number, value)| (K::numbered(number), value))
    }

    /// Iterates in no order, but the same in each run.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.pages.iter_mut().flat_map(|page| page.1.slots.iter_mut().flatten())
    }

    pub fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        let mut pages: Vec<_> = self.pages.iter().collect();
        pages.sort_unstable_by_key(|page| page.0);
        pages.into_iter().flat_map(Numbered::entries).map(|(number, value)| (K::numbered(number), value))
    }
}

impl<K: Number + fmt::Debug, V: fmt::Debug> fmt::Debug for PageMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn it_is_a_map_that_keeps_nothing_when_it_is_empty() {
        let (mut map, mut model) = (PageMap::<u32, u32>::new(), BTreeMap::new());
        let mut dice = 1u32;
        for round in 0..20_000 {
            dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let key = (dice >> 16) % 500 + u32::from(dice & 64 == 0) * (u32::MAX - 600);
            match dice & 3 {
                0 | 1 => assert_eq!(map.insert(key, round), model.insert(key, round)),
                _ => assert_eq!(map.remove(&key), model.remove(&key)),
            }
            assert_eq!((map.get(&key), map.len()), (model.get(&key), model.len()));
        }
        assert!(map.iter().eq(model.iter().map(|(key, value)| (*key, value))));
        assert_eq!((0..map.parts()).flat_map(|part| map.part(part)).count(), model.len());
        let some = map.some_keys(20);
        assert!((20..28).contains(&some.len()) && some.iter().all(|key| model.contains_key(key)));
        let all = BTreeSet::from_iter(map.some_keys(usize::MAX));
        assert!(all.iter().eq(model.keys()));
        for key in model.keys() {
            map.remove(key);
        }
        assert!(map.is_empty() && map.pages.capacity() <= 8);
    }
}
