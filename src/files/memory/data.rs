//! The data of a file: blocks that exist only where something was written.

use std::collections::BTreeMap;

/// Bytes of a full block.
const BLOCK: u64 = 64 * 1024;
/// Blocks grow in these steps, so that a small file is small.
const STEP: usize = 4096;

/// Counts how many bytes the whole tree may use, and uses.
#[derive(Debug)]
pub(super) struct Budget {
    pub(super) used: u64,
    pub(super) bytes_max: u64,
}

impl Budget {
    /// Takes `bytes`, unless fewer are left; tells whether it did.
    pub(super) fn take(&mut self, bytes: u64) -> bool {
        let fits = bytes <= self.bytes_max.saturating_sub(self.used);
        if fits {
            self.used += bytes;
        }
        fits
    }

    /// Returns `bytes` to the budget.
    pub(super) fn give(&mut self, bytes: u64) {
        self.used = self.used.saturating_sub(bytes);
    }
}

/// Holds sparse data. A block may be shorter than [`BLOCK`]; what is missing reads as zeros.
#[derive(Debug, Default)]
pub(super) struct Data {
    blocks: BTreeMap<u64, Vec<u8>>,
    size: u64,
    allocated: u64,
}

impl Data {
    /// Returns the size in bytes.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Returns the number of bytes taken from the budget.
    pub(super) fn allocated(&self) -> u64 {
        self.allocated
    }

    /// Appends up to `count` bytes from `offset` to `out`; tells whether the end was reached.
    pub(super) fn read(&self, offset: u64, count: u32, out: &mut Vec<u8>) -> bool {
        let end = offset.saturating_add(u64::from(count)).min(self.size);
        let mut at = offset;
        while at < end {
            let (number, start) = (at / BLOCK, (at % BLOCK) as usize);
            let stop = (end - number * BLOCK).min(BLOCK) as usize;
            let block = self.blocks.get(&number).map_or(&[][..], Vec::as_slice);
            let there = block.get(start..stop.min(block.len())).unwrap_or(&[]);
            out.extend_from_slice(there);
            out.resize(out.len() + (stop - start - there.len()), 0);
            at = number * BLOCK + stop as u64;
        }
        end >= self.size || offset >= self.size
    }

    /// Writes `data` at `offset`, or as much as the budget permits; returns the number of bytes. `offset` and the length
    /// together fit an `i64`.
    pub(super) fn write(&mut self, offset: u64, data: &[u8], budget: &mut Budget) -> usize {
        let mut done = 0;
        while let Some(rest) = data.get(done..).filter(|rest| !rest.is_empty()) {
            let at = offset + done as u64;
            let (number, start) = (at / BLOCK, (at % BLOCK) as usize);
            let length = rest.len().min(BLOCK as usize - start);
            let length = self.grow(number, start + length, budget).saturating_sub(start).min(length);
            if length == 0 {
                break;
            }
            let target = self.blocks.get_mut(&number).and_then(|block| block.get_mut(start..start + length));
            if let (Some(target), Some(source)) = (target, rest.get(..length)) {
                target.copy_from_slice(source);
            }
            done += length;
            self.size = self.size.max(at + length as u64);
        }
        done
    }

    /// Makes block `number` `length` bytes long, or as long as the budget permits; returns its length.
    fn grow(&mut self, number: u64, length: usize, budget: &mut Budget) -> usize {
        let have = self.blocks.get(&number).map_or(0, Vec::len);
        let left = usize::try_from(budget.bytes_max.saturating_sub(budget.used)).unwrap_or(usize::MAX);
        let want = length.next_multiple_of(STEP).min(have.saturating_add(left / STEP * STEP));
        let more = want.saturating_sub(have);
        if more == 0 || !budget.take(more as u64) {
            return have;
        }
        self.allocated += more as u64;
        let block = self.blocks.entry(number).or_default();
        block.reserve_exact(more);
        block.resize(want, 0);
        want
    }

    /// Returns the first byte from `offset` on that is in a block, or a number beyond the size.
    pub(super) fn next_data(&self, offset: u64) -> u64 {
        let blocks = self.blocks.range(offset / BLOCK..);
        let mut ends = blocks.map(|(number, block)| (number * BLOCK, number * BLOCK + block.len() as u64));
        ends.find(|(_, end)| *end > offset).map_or(u64::MAX, |(start, _)| start.max(offset))
    }

    /// Returns the first byte from `offset` on that is in no block.
    pub(super) fn next_hole(&self, offset: u64) -> u64 {
        let mut at = offset;
        for (number, block) in self.blocks.range(offset / BLOCK..) {
            let end = number * BLOCK + block.len() as u64;
            if number * BLOCK > at || end <= at {
                break;
            }
            at = end;
        }
        at
    }

    /// Makes blocks for `length` bytes at `offset`, or none when the budget does not permit it; tells whether it did.
    /// `offset` and `length` together fit an `i64`.
    pub(super) fn allocate(&mut self, offset: u64, length: u64, budget: &mut Budget) -> bool {
        let end = offset + length;
        let left = budget.bytes_max.saturating_sub(budget.used);
        // Bounds the loop by the number of blocks that can exist.
        if length > left.saturating_add(self.allocated) {
            return false;
        }
        let wanted = (offset / BLOCK..end.div_ceil(BLOCK)).map(|number| {
            let stop = (end - number * BLOCK).min(BLOCK) as usize;
            (number, stop.next_multiple_of(STEP))
        });
        let have = |number| self.blocks.get(&number).map_or(0, Vec::len);
        let more = wanted.clone().map(|(number, want)| want.saturating_sub(have(number)) as u64).sum::<u64>();
        if more > left {
            return false;
        }
        for (number, want) in wanted {
            self.grow(number, want, budget);
        }
        self.size = self.size.max(end);
        true
    }

    /// Makes a hole of `length` bytes at `offset`; the size stays. `offset` and `length` together fit an `i64`.
    pub(super) fn deallocate(&mut self, offset: u64, length: u64, budget: &mut Budget) {
        let end = offset + length;
        let mut whole = Vec::new();
        for (&number, block) in self.blocks.range_mut(offset / BLOCK..end.div_ceil(BLOCK)) {
            let first = number * BLOCK;
            let (start, stop) = (offset.saturating_sub(first), end - first);
            if start == 0 && stop >= block.len() as u64 {
                whole.push(number);
                continue;
            }
            // Both are within a block, so they fit.
            let (start, stop) = (start as usize, stop.min(block.len() as u64) as usize);
            block.get_mut(start..stop).unwrap_or_default().fill(0);
        }
        for number in whole {
            let freed = self.blocks.remove(&number).map_or(0, |block| block.len() as u64);
            self.allocated -= freed;
            budget.give(freed);
        }
    }

    /// Truncates the data to `size`, or extends it by a hole.
    pub(super) fn set_size(&mut self, size: u64, budget: &mut Budget) {
        if size < self.size {
            let gone = self.blocks.split_off(&size.div_ceil(BLOCK));
            let mut freed: u64 = gone.values().map(|block| block.len() as u64).sum();
            if let Some(block) = self.blocks.get_mut(&(size / BLOCK)) {
                let start = (size % BLOCK) as usize;
                let keep = start.next_multiple_of(STEP).min(block.len());
                freed += (block.len() - keep) as u64;
                block.truncate(keep);
                block.shrink_to_fit();
                // Truncated bytes must not reappear when the file grows again.
                block.iter_mut().skip(start).for_each(|byte| *byte = 0);
            }
            self.allocated -= freed;
            budget.give(freed);
        }
        self.size = size;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn budget(bytes_max: u64) -> Budget {
        Budget { used: 0, bytes_max }
    }

    fn read(data: &Data, offset: u64, count: u32) -> Vec<u8> {
        let mut out = Vec::new();
        data.read(offset, count, &mut out);
        out
    }

    #[test]
    fn holes_cost_nothing() {
        let (mut data, mut budget) = (Data::default(), budget(1 << 20));
        data.set_size(1 << 60, &mut budget);
        assert_eq!(data.write((1 << 62) - 1, b"x", &mut budget), 1);
        assert_eq!((data.size(), budget.used), (1 << 62, BLOCK));
        assert_eq!(read(&data, (1 << 62) - 3, 10), b"\0\0x");
        data.set_size(0, &mut budget);
        assert_eq!((budget.used, data.allocated()), (0, 0));
    }

    #[test]
    fn what_does_not_fit_is_not_written() {
        let (mut data, mut budget) = (Data::default(), budget(BLOCK + 5000));
        let fits = BLOCK + STEP as u64;
        assert_eq!(data.write(0, &vec![1; 3 * BLOCK as usize], &mut budget), fits as usize);
        assert_eq!((data.size(), budget.used), (fits, fits));
        assert_eq!(data.write(2 * BLOCK, b"x", &mut budget), 0);
        assert_eq!(data.write(fits, b"x", &mut budget), 0);
        assert_eq!(data.size(), fits);
        assert_eq!(data.write(10, b"xyz", &mut budget), 3, "what is there can be written again");
    }

    #[test]
    fn space_is_reserved_whole_or_not_at_all() {
        let (mut data, mut budget) = (Data::default(), budget(2 * BLOCK));
        for length in [2 * BLOCK + 1, 1 << 62] {
            assert!(!data.allocate(0, length, &mut budget));
            assert_eq!((data.size(), budget.used), (0, 0));
        }
        assert!(data.allocate(BLOCK / 2, 2 * BLOCK - BLOCK / 2, &mut budget));
        assert_eq!((data.size(), budget.used), (2 * BLOCK, 2 * BLOCK));
        assert!(data.allocate(0, 2 * BLOCK, &mut budget), "existing blocks need no more space");
        assert_eq!(data.write(0, &vec![1; 2 * BLOCK as usize], &mut budget), 2 * BLOCK as usize);
        data.deallocate(BLOCK, i64::MAX as u64 - BLOCK, &mut budget);
        assert_eq!((data.size(), budget.used), (2 * BLOCK, BLOCK));
        assert_eq!((data.next_hole(0), data.next_data(BLOCK)), (BLOCK, u64::MAX));
    }

    #[derive(Clone, Debug)]
    enum Step {
        Write(u64, u8, usize),
        Size(u64),
        Read(u64, u32),
        Allocate(u64, u64),
        Deallocate(u64, u64),
        Seek(u64),
    }

    fn step() -> impl Strategy<Value = Step> {
        let offset = 0..4 * BLOCK;
        prop_oneof![
            (offset.clone(), 1..=255u8, 0..100_000usize)
                .prop_map(|(at, byte, length)| Step::Write(at, byte, length)),
            offset.clone().prop_map(Step::Size),
            (offset.clone(), 1..3 * BLOCK).prop_map(|(at, length)| Step::Allocate(at, length)),
            (offset.clone(), 1..3 * BLOCK).prop_map(|(at, length)| Step::Deallocate(at, length)),
            offset.clone().prop_map(Step::Seek),
            (offset, 0..200_000u32).prop_map(|(at, count)| Step::Read(at, count)),
        ]
    }

    proptest! {
        #[test]
        fn data_is_like_a_vector(steps in prop::collection::vec(step(), 1..30)) {
            let (mut data, mut budget, mut model) = (Data::default(), budget(1 << 30), Vec::<u8>::new());
            for step in steps {
                match step {
                    Step::Write(at, byte, length) => {
                        data.write(at, &vec![byte; length], &mut budget);
                        let end = at as usize + length;
                        if length > 0 && model.len() < end {
                            model.resize(end, 0);
                        }
                        if length > 0 {
                            model[at as usize..end].fill(byte);
                        }
                    }
                    Step::Size(size) => {
                        data.set_size(size, &mut budget);
                        model.resize(size as usize, 0);
                    }
                    Step::Allocate(at, length) => {
                        prop_assert!(data.allocate(at, length, &mut budget));
                        let end = (at + length) as usize;
                        model.resize(model.len().max(end), 0);
                        prop_assert!(data.next_hole(at) >= at + length);
                    }
                    Step::Deallocate(at, length) => {
                        data.deallocate(at, length, &mut budget);
                        let end = model.len().min((at + length) as usize);
                        model.iter_mut().take(end).skip(at as usize).for_each(|byte| *byte = 0);
                    }
                    Step::Seek(at) => {
                        let (next, hole) = (data.next_data(at), data.next_hole(at));
                        prop_assert!(next >= at && hole >= at && next != hole);
                        let skipped = (at as usize..model.len()).take_while(|at| (*at as u64) < next);
                        prop_assert!(skipped.into_iter().all(|at| model[at] == 0), "data was passed over");
                        prop_assert!(model.get(hole as usize).is_none_or(|byte| *byte == 0));
                    }
                    Step::Read(at, count) => {
                        let mut out = Vec::new();
                        let eof = data.read(at, count, &mut out);
                        let start = (at as usize).min(model.len());
                        let end = (start + count as usize).min(model.len());
                        prop_assert_eq!(&out, &model[start..end]);
                        prop_assert_eq!(eof, at as usize + count as usize >= model.len());
                    }
                }
                prop_assert_eq!(data.size(), model.len() as u64);
                prop_assert_eq!(budget.used, data.allocated());
                prop_assert_eq!(data.allocated(), data.blocks.values().map(|block| block.len() as u64).sum::<u64>());
            }
        }
    }
}
