//! Sets of attribute numbers.

use std::ops::{BitAnd, BitOr};

/// Words that NFSv4 defines attributes in; 4.0 uses two of them.
const WORDS: usize = 3;

/// `bitmap4`: a set of attribute numbers (RFC 7530 §3.3.7, §5).
///
/// Numbers below 96 are kept one by one. Of higher ones, which no NFSv4 defines, it only remembers that there were any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bitmap {
    words: [u32; WORDS],
    beyond: bool,
}

impl Bitmap {
    /// No attribute.
    pub const EMPTY: Self = Self { words: [0; WORDS], beyond: false };

    /// Returns the set of these attribute numbers.
    pub const fn of(attributes: &[u32]) -> Self {
        let mut set = Self::EMPTY;
        let mut index = 0;
        while index < attributes.len() {
            set.set(attributes[index]);
            index += 1;
        }
        set
    }

    /// Makes the set whose bits are these words, the lowest numbers first.
    pub fn from_words(words: impl IntoIterator<Item = u32>) -> Self {
        let mut set = Self::EMPTY;
        for (index, word) in words.into_iter().enumerate() {
            match set.words.get_mut(index) {
                Some(slot) => *slot = word,
                None => set.beyond |= word != 0,
            }
        }
        set
    }

    /// Returns whether `attribute` is in the set; of numbers from 96 up this is unknown and the answer is no.
    pub const fn contains(&self, attribute: u32) -> bool {
        let index = (attribute / 32) as usize;
        index < WORDS && self.words[index] & (1 << (attribute % 32)) != 0
    }

    /// Adds `attribute`.
    pub const fn set(&mut self, attribute: u32) {
        let index = (attribute / 32) as usize;
        if index < WORDS {
            self.words[index] |= 1 << (attribute % 32);
        } else {
            self.beyond = true;
        }
    }

    /// Takes `attribute` out.
    pub const fn clear(&mut self, attribute: u32) {
        let index = (attribute / 32) as usize;
        if index < WORDS {
            self.words[index] &= !(1 << (attribute % 32));
        }
    }

    /// Returns what is in it and not in `other`, of the numbers below 96.
    pub const fn without(&self, other: &Self) -> Self {
        let ([a, b, c], [x, y, z]) = (self.words, other.words);
        Self { words: [a & !x, b & !y, c & !z], beyond: false }
    }

    /// Returns whether numbers from 96 up were in it.
    pub const fn has_beyond(&self) -> bool {
        self.beyond
    }

    /// Returns whether nothing is in it, not even a number from 96 up.
    pub const fn is_empty(&self) -> bool {
        !self.beyond && self.words[0] == 0 && self.words[1] == 0 && self.words[2] == 0
    }

    /// Returns whether everything in it is also in `other`; never so when it has numbers from 96 up.
    pub const fn is_subset(&self, other: &Self) -> bool {
        !self.beyond
            && self.words[0] & !other.words[0] == 0
            && self.words[1] & !other.words[1] == 0
            && self.words[2] & !other.words[2] == 0
    }

    /// Returns the numbers below 96 in it, ascending: the order in which values stand in a `fattr4`.
    pub fn iter(&self) -> impl Iterator<Item = u32> + use<> {
        let words = self.words;
        (0u32..).zip(words).flat_map(|(index, word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros();
                left &= left.wrapping_sub(1);
                (bit < 32).then_some(index * 32 + bit)
            })
        })
    }

    /// Returns the words as they go over the wire: none of the last ones that are zero.
    pub fn words(&self) -> &[u32] {
        let len = self.words.iter().rposition(|&word| word != 0).map_or(0, |last| last + 1);
        self.words.get(..len).unwrap_or_default()
    }
}

impl BitAnd for Bitmap {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        let [a, b, c] = self.words;
        let [x, y, z] = other.words;
        Self { words: [a & x, b & y, c & z], beyond: false }
    }
}

impl BitOr for Bitmap {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        let [a, b, c] = self.words;
        let [x, y, z] = other.words;
        Self { words: [a | x, b | y, c | z], beyond: self.beyond || other.beyond }
    }
}

impl FromIterator<u32> for Bitmap {
    fn from_iter<T: IntoIterator<Item = u32>>(attributes: T) -> Self {
        attributes.into_iter().fold(Self::EMPTY, |mut set, attribute| {
            set.set(attribute);
            set
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_in_and_come_out_in_order() {
        let mut set = Bitmap::of(&[64, 0, 33, 31, 95, 32]);
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 31, 32, 33, 64, 95]);
        assert_eq!(set.words(), [0x8000_0001, 3, 0x8000_0001]);
        assert!(set.contains(95) && !set.contains(94) && !set.contains(96) && !set.contains(u32::MAX));
        set.clear(64);
        set.clear(95);
        assert_eq!(set.words(), [0x8000_0001, 3]);
        assert_eq!(set, set.iter().collect());
        assert!(set.is_subset(&Bitmap::from_words([u32::MAX, 3])) && !set.is_subset(&Bitmap::of(&[0])));
    }

    #[test]
    fn numbers_that_nobody_defines_are_remembered_as_a_whole() {
        let set = Bitmap::from_words([0, 0, 0, 0, 1]);
        assert!(set.has_beyond() && !set.is_empty() && set.words().is_empty());
        assert!(!set.is_subset(&Bitmap::from_words([u32::MAX; 8])));
        assert!(!(set & Bitmap::from_words([u32::MAX; 3])).has_beyond());
        assert!(Bitmap::from_words([0; 8]).is_empty());
        assert!(Bitmap::of(&[96]).has_beyond());
        assert_eq!(Bitmap::of(&[96]) | Bitmap::of(&[1]), Bitmap::from_words([2, 0, 0, 9]));
    }
}
