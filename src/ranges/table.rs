//! A hash table of which no operation moves more than a small part: extendible hashing.
//!
//! Up to [`SEGMENT_MAX`] entries it is one table. A larger one is many such tables, *segments*, and a directory that is
//! indexed by some bits of the hash. A segment that is full is split in two by one more bit; the others stay where they
//! are. So no insertion among millions waits for all of them to be moved, and what is iterated over can be taken in parts: an
//! entry moves only to a segment of a greater number.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use std::fmt;

use super::steps::step;
use super::tree::Arena;

/// Most entries of a segment: as many as its table holds in 512 places. To split it takes some 10 µs.
const SEGMENT_MAX: usize = 448;
/// Entries down to which the segments become one table again.
const FEW: usize = SEGMENT_MAX / 4;
/// Most bits that tell segments apart. Beyond that, with some 20 million entries, they grow.
const DEPTH_MAX: u8 = 16;
/// Where in a hash these bits begin. The table of a segment uses those below and the highest.
const DEPTH_SHIFT: u32 = 32;

#[derive(Clone)]
struct Segment<T> {
    table: HashTable<T>,
    /// How many bits of the hash all of its entries have in common.
    depth: u8,
}

#[derive(Clone)]
struct Segments<T> {
    len: usize,
    depth: u8,
    /// Number of the segment by the first `depth` bits.
    directory: Vec<u32>,
    segments: Arena<Segment<T>>,
}

/// See the module. Who calls supplies hashes: of an entry always the same one, well mixed.
#[derive(Clone)]
pub(crate) struct Table<T> {
    few: HashTable<T>,
    many: Option<Box<Segments<T>>>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { few: HashTable::new(), many: None }
    }
}

impl<T> Table<T> {
    /// Returns how many entries there are.
    pub fn len(&self) -> usize {
        self.many.as_ref().map_or(self.few.len(), |many| many.len)
    }

    /// Returns for how many entries there is room.
    #[cfg(test)]
    pub fn capacity(&self) -> usize {
        let segments = || self.many.iter().flat_map(|many| many.segments.iter());
        self.few.capacity() + segments().map(|segment| segment.table.capacity()).sum::<usize>()
    }

    /// Returns the entry with this hash for which `is_it` holds.
    #[inline(always)]
    pub fn find(&self, hash: u64, is_it: impl FnMut(&T) -> bool) -> Option<&T> {
        self.table(hash).find(hash, is_it)
    }

    /// Finds as [`Table::find`].
    #[inline(always)]
    pub fn find_mut(&mut self, hash: u64, is_it: impl FnMut(&T) -> bool) -> Option<&mut T> {
        self.table_mut(hash).find_mut(hash, is_it)
    }

    /// Returns the table in which an entry with this hash is, if it is anywhere.
    #[inline]
    fn table(&self, hash: u64) -> &HashTable<T> {
        step();
        match &self.many {
            None => &self.few,
            Some(many) => &many.segments.get(many.number_of(hash)).table,
        }
    }

    #[inline]
    fn table_mut(&mut self, hash: u64) -> &mut HashTable<T> {
        step();
        match &mut self.many {
            None => &mut self.few,
            Some(many) => &mut many.segments.get_mut(many.number_of(hash)).table,
        }
    }

    /// Adds an entry, of which there is none yet. `hash_of` answers the hash of any entry.
    pub fn insert(&mut self, hash: u64, entry: T, hash_of: impl Fn(&T) -> u64) -> &mut T {
        self.make_room(hash, &hash_of);
        if let Some(many) = &mut self.many {
            many.len += 1;
        }
        self.table_mut(hash).insert_unique(hash, entry, hash_of).into_mut()
    }

    /// Returns the entry with this hash for which `is_it` holds, or else the one that `new` makes.
    #[inline]
    pub fn or_insert(
        &mut self,
        hash: u64,
        is_it: impl FnMut(&T) -> bool,
        new: impl FnOnce() -> T,
        hash_of: impl Fn(&T) -> u64,
    ) -> &mut T {
        self.make_room(hash, &hash_of);
        let Self { few, many } = self;
        let (table, len) = match many {
            None => (few, None),
            Some(many) => {
                let number = many.number_of(hash);
                (&mut many.segments.get_mut(number).table, Some(&mut many.len))
            }
        };
        match table.entry(hash, is_it, hash_of) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(place) => {
                if let Some(len) = len {
                    *len += 1;
                }
                place.insert(new()).into_mut()
            }
        }
    }

    /// Splits the segment in which an entry with this hash is to be, if it is full.
    #[inline]
    fn make_room(&mut self, hash: u64, hash_of: &impl Fn(&T) -> u64) {
        if self.table(hash).len() >= SEGMENT_MAX {
            if self.many.is_none() {
                self.many = Some(Box::new(Segments::of(std::mem::take(&mut self.few))));
            }
            if let Some(many) = &mut self.many {
                many.make_room(hash, hash_of);
            }
        }
    }

    /// Takes out the entry with this hash for which `is_it` holds.
    pub fn remove(
        &mut self,
        hash: u64,
        is_it: impl FnMut(&T) -> bool,
        hash_of: impl Fn(&T) -> u64,
    ) -> Option<T> {
        let Some(many) = &mut self.many else { return take(&mut self.few, hash, is_it, hash_of) };
        let number = many.number_of(hash);
        let entry = take(&mut many.segments.get_mut(number).table, hash, is_it, &hash_of)?;
        many.len -= 1;
        if many.len <= FEW {
            self.few = many.join(hash_of);
            self.many = None;
        }
        Some(entry)
    }

    /// Returns of how many parts it is. An entry moves only to one of a greater number, so who goes through them in
    /// order by and by misses none, if there are as many as before or more.
    pub fn parts(&self) -> usize {
        self.many.as_ref().map_or(1, |many| many.segments.len())
    }

    /// Returns the entries of a part: none if there is no such part. At most some hundreds.
    pub fn part(&self, number: usize) -> impl Iterator<Item = &T> {
        let table = match &self.many {
            None => Some(&self.few).filter(|_| number == 0),
            Some(many) if number < many.segments.len() => Some(&many.segments.get(number as u32).table),
            Some(_) => None,
        };
        table.into_iter().flat_map(|table| table.iter()).inspect(|_| step())
    }

    /// Iterates in no order, but in the same one where hashes and what was done are the same.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        let many = self.many.iter().flat_map(|many| many.segments.iter());
        self.few.iter().chain(many.flat_map(|segment| segment.table.iter())).inspect(|_| step())
    }

    /// Iterates as [`Table::iter`].
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        let many = self.many.iter_mut().flat_map(|many| many.segments.iter_mut());
        self.few.iter_mut().chain(many.flat_map(|segment| segment.table.iter_mut())).inspect(|_| step())
    }
}

impl<T> Segments<T> {
    fn of(table: HashTable<T>) -> Self {
        let mut segments = Arena::new();
        let len = table.len();
        segments.push(Segment { table, depth: 0 });
        Self { len, depth: 0, directory: vec![0], segments }
    }

    #[inline]
    fn number_of(&self, hash: u64) -> u32 {
        self.directory[(hash >> DEPTH_SHIFT) as usize & (self.directory.len() - 1)]
    }

    #[cold]
    fn make_room(&mut self, hash: u64, hash_of: impl Fn(&T) -> u64) {
        loop {
            let number = self.number_of(hash);
            let segment = self.segments.get(number);
            if segment.table.len() < SEGMENT_MAX || segment.depth == DEPTH_MAX {
                return;
            }
            self.split(number, &hash_of);
        }
    }

    /// Moves half of a segment to a new one.
    fn split(&mut self, number: u32, hash_of: impl Fn(&T) -> u64) {
        let segment = self.segments.get_mut(number);
        let bit = segment.depth;
        segment.depth += 1;
        let moves = |entry: &mut T| hash_of(entry) >> DEPTH_SHIFT >> bit & 1 == 1;
        let moved: Vec<T> = segment.table.extract_if(moves).inspect(|_| step()).collect();
        let mut table = HashTable::with_capacity(moved.len().max(SEGMENT_MAX / 2));
        let hash = moved.first().map(&hash_of);
        for entry in moved {
            table.insert_unique(hash_of(&entry), entry, &hash_of);
        }
        let new = self.segments.push(Segment { table, depth: bit + 1 });
        if bit == self.depth {
            self.directory.extend_from_within(..);
            self.depth += 1;
        }
        // Those places of the directory that led to the old one and have the bit.
        let common = (1_usize << bit) - 1;
        let at = hash.map_or_else(
            || self.directory.iter().position(|other| *other == number).unwrap_or(0),
            |hash| (hash >> DEPTH_SHIFT) as usize,
        );
        let first = at & common | 1 << bit;
        for place in (first..self.directory.len()).step_by(1 << (bit + 1)) {
            self.directory[place] = new;
        }
    }

    /// Returns all entries, of which there are few, as one table.
    fn join(&mut self, hash_of: impl Fn(&T) -> u64) -> HashTable<T> {
        let mut few = HashTable::with_capacity(self.len);
        for segment in self.segments.iter_mut().filter(|segment| !segment.table.is_empty()) {
            for entry in segment.table.drain() {
                few.insert_unique(hash_of(&entry), entry, &hash_of);
            }
        }
        few
    }
}

/// Takes an entry out of a table, which stays in proportion to what is left in it. A small one stays as it is: who is alone on
/// a file comes and goes with each lock.
fn take<T>(
    table: &mut HashTable<T>,
    hash: u64,
    is_it: impl FnMut(&T) -> bool,
    hash_of: impl Fn(&T) -> u64,
) -> Option<T> {
    let (entry, _) = table.find_entry(hash, is_it).ok()?.remove();
    if table.capacity() > 8 * table.len().max(1) {
        table.shrink_to(2 * table.len(), hash_of);
    }
    Some(entry)
}

impl<T: fmt::Debug> fmt::Debug for Table<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn hash_of(number: &u64) -> u64 {
        let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ mixed >> 32
    }

    fn insert(table: &mut Table<u64>, number: u64) {
        table.insert(hash_of(&number), number, hash_of);
    }

    fn remove(table: &mut Table<u64>, number: u64) -> Option<u64> {
        table.remove(hash_of(&number), |other| *other == number, hash_of)
    }

    #[test]
    fn it_is_a_set_of_any_size_that_keeps_next_to_nothing_when_it_is_empty() {
        let (mut table, mut model, mut dice) = (Table::default(), BTreeSet::new(), 1u64);
        for goal in [300, 20_000, 100, 3000, 0] {
            while model.len() != goal {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let number = dice >> 48;
                match model.len() < goal {
                    true if model.insert(number) => insert(&mut table, number),
                    true => assert!(table.find(hash_of(&number), |other| *other == number).is_some()),
                    false => {
                        assert_eq!(remove(&mut table, number), model.take(&number));
                        if let Some(first) = model.pop_first() {
                            assert_eq!(remove(&mut table, first), Some(first));
                        }
                    }
                }
            }
            assert_eq!(table.len(), model.len());
            assert_eq!(table.iter().copied().collect::<BTreeSet<_>>(), model);
            let found = |number: &u64| table.find(hash_of(number), |other| other == number).is_some();
            assert!(model.iter().all(found));
            let parts = (0..table.parts()).flat_map(|number| table.part(number));
            assert_eq!(parts.count(), model.len());
        }
        assert!(table.capacity() <= 8);
        assert!(table.many.is_none());
    }

    /// What moves on insertion is half a segment at most, whatever the size: counted by the hashes asked for.
    #[test]
    fn no_insertion_moves_more_than_a_segment() {
        use std::cell::Cell;
        let (mut table, asked, mut most) = (Table::default(), Cell::new(0), 0);
        for number in 0..200_000_u64 {
            asked.set(0);
            table.insert(hash_of(&number), number, |other| {
                asked.set(asked.get() + 1);
                hash_of(other)
            });
            most = most.max(asked.get());
        }
        assert!(most <= 3 * SEGMENT_MAX, "{most}");
        assert!(table.parts() < 200_000 / SEGMENT_MAX * 4, "{}", table.parts());
    }

    /// Hashes that are all alike where the directory looks.
    #[test]
    fn entries_that_cannot_be_told_apart_are_found_all_the_same() {
        let mut table = Table::default();
        let alike = |number: &u64| *number & 0xffff | 0xabcd << 32;
        for number in 0..1000_u64 {
            table.insert(alike(&number), number, alike);
        }
        assert!((0..1000).all(|number| table.find(alike(&number), |other| *other == number).is_some()));
        for number in 0..1000 {
            assert_eq!(table.remove(alike(&number), |other| *other == number, alike), Some(number));
        }
    }

    /// Who goes through the parts while entries come in misses none that was there from the beginning.
    #[test]
    fn parts_can_be_gone_through_while_it_grows() {
        let (mut table, mut seen, mut next) = (Table::default(), BTreeSet::new(), 5000);
        (0..5000).for_each(|number| insert(&mut table, number));
        let mut part = 0;
        while part < table.parts() {
            seen.extend(table.part(part).copied());
            part += 1;
            for _ in 0..100 {
                insert(&mut table, next);
                next += 1;
            }
        }
        assert!((0..5000).all(|number| seen.contains(&number)));
        assert!(table.part(table.parts()).next().is_none());
    }
}
