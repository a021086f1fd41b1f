//! An ordered map that mostly has at most one entry, and then owns no memory.

use crate::ranges::step;
use std::collections::BTreeMap;

/// See the module.
#[derive(Clone, Debug, Default)]
#[allow(clippy::box_collection, reason = "one word less in what is mostly empty")]
pub(in crate::state) enum SmallMap<K, V = ()> {
    #[default]
    None,
    One(K, V),
    Many(Box<BTreeMap<K, V>>),
}

impl<K: Copy + Ord, V: Copy> SmallMap<K, V> {
    pub fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::One(..) => 1,
            Self::Many(all) => all.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, key: K) -> Option<V> {
        match self {
            Self::One(only, value) if *only == key => Some(*value),
            Self::None | Self::One(..) => None,
            Self::Many(all) => all.get(&key).copied(),
        }
    }

    pub fn put(&mut self, key: K, value: V) {
        step();
        match self {
            Self::None => *self = Self::One(key, value),
            Self::One(only, before) if *only == key => *before = value,
            Self::One(only, before) => {
                *self = Self::Many(Box::new(BTreeMap::from([(*only, *before), (key, value)])));
            }
            Self::Many(all) => {
                all.insert(key, value);
            }
        }
    }

    pub fn remove(&mut self, key: K) {
        step();
        match self {
            Self::One(only, _) if *only == key => *self = Self::None,
            Self::None | Self::One(..) => {}
            Self::Many(all) => {
                all.remove(&key);
                if let (1, Some((key, value))) = (all.len(), all.first_key_value()) {
                    *self = Self::One(*key, *value);
                }
            }
        }
    }

    /// Iterates in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = (K, V)> {
        let (one, many) = match self {
            Self::None => (None, None),
            Self::One(key, value) => (Some((*key, *value)), None),
            Self::Many(all) => (None, Some(all.iter().map(|(key, value)| (*key, *value)))),
        };
        one.into_iter().chain(many.into_iter().flatten()).inspect(|_| step())
    }

    /// Returns the keys from `first` to `last`, ascending.
    pub fn keys_within(&self, first: K, last: K) -> impl Iterator<Item = K> {
        let (one, many) = match self {
            Self::None => (None, None),
            Self::One(key, _) => (Some(*key).filter(|key| (first..=last).contains(key)), None),
            Self::Many(all) => (None, Some(all.range(first..=last).map(|(key, _)| *key))),
        };
        one.into_iter().chain(many.into_iter().flatten()).inspect(|_| step())
    }

    /// Iterates in ascending order.
    pub fn keys(&self) -> impl Iterator<Item = K> {
        self.iter().map(|(key, _)| key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_map_of_none_one_or_many() {
        let (mut few, mut model) = (SmallMap::default(), BTreeMap::new());
        let steps =
            [(3, true), (3, true), (5, true), (1, true), (3, false), (9, false), (5, false), (1, false)];
        for (step, (key, put)) in steps.into_iter().enumerate() {
            if put {
                few.put(key, step);
                model.insert(key, step);
            } else {
                few.remove(key);
                model.remove(&key);
            }
            assert!(few.iter().eq(model.iter().map(|(key, value)| (*key, *value))));
            assert_eq!((few.len(), few.get(5)), (model.len(), model.get(&5).copied()));
            assert!(few.keys_within(2, 5).eq(model.range(2..=5).map(|(key, _)| *key)));
        }
        assert!(few.is_empty() && few.keys().next().is_none());
    }
}
