//! Byte ranges (RFC 7530 §16.10.4).

use std::fmt;

/// Holds a non-empty range of bytes, both ends included, anywhere in the 64-bit space.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    first: u64,
    last: u64,
}

/// Says why a wire pair (offset, length) is not a range; answered with `NFS4ERR_INVAL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmptyOrOverflow {
    /// The length is 0.
    Empty,
    /// offset + length does not fit into 64 bits.
    Overflow,
}

impl Range {
    /// Contains every byte.
    pub const WHOLE: Range = Range { first: 0, last: u64::MAX };

    /// Returns `first..=last`; `None` when `first > last`.
    pub const fn new(first: u64, last: u64) -> Option<Self> {
        if first <= last { Some(Self { first, last }) } else { None }
    }

    /// Converts a wire (offset, length) to a range; no other code does. A length of all ones means up to the last byte, and
    /// is the only one that reaches it: any other length must leave offset + length inside 64 bits (§16.10.4).
    pub const fn from_wire(offset: u64, length: u64) -> Result<Self, EmptyOrOverflow> {
        match length {
            0 => Err(EmptyOrOverflow::Empty),
            u64::MAX => Ok(Self { first: offset, last: u64::MAX }),
            _ => match offset.checked_add(length) {
                Some(end) => Ok(Self { first: offset, last: end - 1 }),
                None => Err(EmptyOrOverflow::Overflow),
            },
        }
    }

    /// Returns the wire (offset, length) of this range; a range to the last byte has the length all ones.
    pub const fn to_wire(self) -> (u64, u64) {
        if self.last == u64::MAX { (self.first, u64::MAX) } else { (self.first, self.last - self.first + 1) }
    }

    /// Returns the first byte.
    pub const fn first(self) -> u64 {
        self.first
    }

    /// Returns the last byte, included.
    pub const fn last(self) -> u64 {
        self.last
    }

    /// Tells whether the two share a byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Returns the shortest range that contains both.
    pub fn hull(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }

    /// Tells whether every byte of `other` is in this range.
    pub const fn contains(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }
}

impl fmt::Debug for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..={}", self.first, self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_pairs_become_ranges_and_come_back() {
        let cases = [
            (0, 1, Ok((0, 0))),
            (0, u64::MAX, Ok((0, u64::MAX))),
            (7, u64::MAX, Ok((7, u64::MAX))),
            (u64::MAX, u64::MAX, Ok((u64::MAX, u64::MAX))),
            (u64::MAX, 1, Err(EmptyOrOverflow::Overflow)),
            (u64::MAX - 1, 1, Ok((u64::MAX - 1, u64::MAX - 1))),
            (1, u64::MAX - 1, Ok((1, u64::MAX - 1))),
            (2, u64::MAX - 1, Err(EmptyOrOverflow::Overflow)),
            (1 << 62, 1 << 62, Ok((1 << 62, (1 << 63) - 1))),
            (5, 0, Err(EmptyOrOverflow::Empty)),
        ];
        for (offset, length, want) in cases {
            let got = Range::from_wire(offset, length);
            assert_eq!(got.map(|r| (r.first(), r.last())), want, "{offset}+{length}");
            if let Ok(range) = got {
                let (o, l) = range.to_wire();
                assert_eq!(Range::from_wire(o, l), Ok(range));
            }
        }
    }
}
