//! Knowing the sum of a node without looking through it.

use super::Entry;

/// How many parts of a node – entries or children – have another sum than one of them has or had. That is all there is to
/// know where any two different sums make [`Entry::SEVERAL`].
#[derive(Clone)]
pub struct Alike<E: Entry> {
    one: E::Sum,
    others: u32,
}

impl<E: Entry> Alike<E> {
    /// Of no parts, the first of which will have this sum.
    pub fn new(one: E::Sum) -> Self {
        Self { one, others: 0 }
    }

    /// A part has come.
    pub fn came(&mut self, sum: E::Sum) {
        if E::SEVERAL.is_some() {
            self.others += u32::from(sum != self.one);
        }
    }

    /// A part has gone.
    pub fn went(&mut self, sum: E::Sum) {
        if E::SEVERAL.is_some() {
            self.others -= u32::from(sum != self.one);
        }
    }

    /// Counts anew, when parts have gone that were not told of, or when none of `len` is like the one.
    pub fn count_if(&mut self, wrong: bool, parts: impl Iterator<Item = E::Sum> + Clone, len: usize) {
        if E::SEVERAL.is_some() && (wrong || self.others as usize >= len.max(1)) {
            self.one = parts.clone().next().unwrap_or(self.one);
            self.others = 0;
            parts.for_each(|sum| self.came(sum));
        }
    }

    /// The sum of `len` parts, if it is known.
    pub fn sum(&self, len: usize) -> Option<E::Sum> {
        let several = E::SEVERAL.filter(|_| len > 0)?;
        match self.others as usize {
            0 => Some(self.one),
            others if others < len => Some(several),
            _ => None,
        }
    }
}
