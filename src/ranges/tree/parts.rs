//! How many parts – entries or children – a node has, and what is known of their sum without looking at them.

use super::Entry;

/// How many parts there are, and how many of them have another sum than one of them has or had. Where any two different sums
/// make [`Entry::SEVERAL`], that is all there is to know.
#[derive(Clone)]
#[repr(C)]
pub struct Parts<E: Entry> {
    len: u32,
    others: u32,
    one: E::Sum,
}

impl<E: Entry> Parts<E> {
    /// Creates an empty set of parts, the first of which will have this sum.
    pub fn new(one: E::Sum) -> Self {
        Self { len: 0, others: 0, one }
    }

    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Adds a part.
    pub fn came(&mut self, sum: E::Sum) {
        self.len += 1;
        if E::SEVERAL.is_some() {
            self.others += u32::from(sum != self.one);
        }
    }

    /// Removes a part. If then it [`lacks_the_one`](Self::lacks_the_one), the parts are to be counted again.
    pub fn went(&mut self, sum: E::Sum) {
        self.len -= 1;
        if E::SEVERAL.is_some() {
            self.others -= u32::from(sum != self.one);
        }
    }

    /// Sets the number of parts; to be followed by [`recount`](Self::recount).
    pub fn set_len(&mut self, len: usize) {
        self.len = len as u32;
    }

    /// Returns whether the one that the others are compared with has gone, and all that are like it.
    pub fn lacks_the_one(&self) -> bool {
        E::SEVERAL.is_some() && self.others >= self.len
    }

    /// Counts the others again, by the sums of all parts.
    pub fn recount(&mut self, sums: impl Iterator<Item = E::Sum> + Clone) {
        self.one = sums.clone().next().unwrap_or(self.one);
        self.others = sums.filter(|sum| *sum != self.one).count() as u32;
    }

    /// Returns the sum, if it is known.
    pub fn sum(&self) -> Option<E::Sum> {
        let several = E::SEVERAL.filter(|_| self.len > 0)?;
        match self.others {
            0 => Some(self.one),
            others if others < self.len => Some(several),
            _ => None,
        }
    }
}
