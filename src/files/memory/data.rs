//! The data of a file: blocks that are there only where something was written.

use std::collections::BTreeMap;

/// Bytes of a full block.
const BLOCK: u64 = 64 * 1024;
/// Blocks grow in these steps, so that a small file is small.
const STEP: usize = 4096;

/// How many bytes the whole tree may use, and uses.
#[derive(Debug)]
pub(super) struct Budget {
    pub(super) used: u64,
    pub(super) bytes_max: u64,
}

impl Budget {
    /// Takes `bytes`, unless there are not as many left.
    pub(super) fn take(&mut self, bytes: u64) -> bool {
        let fits = bytes <= self.bytes_max.saturating_sub(self.used);
        if fits {
            self.used += bytes;
        }
        fits
    }

    /// Gives back what was taken.
    pub(super) fn give(&mut self, bytes: u64) {
        self.used = self.used.saturating_sub(bytes);
    }
}

/// Sparse data. A block may be shorter than [`BLOCK`]; what is missing reads as zeros.
#[derive(Debug, Default)]
pub(super) struct Data {
    blocks: BTreeMap<u64, Vec<u8>>,
    size: u64,
    allocated: u64,
}

impl Data {
    /// Size in bytes.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Bytes taken from the budget.
    pub(super) fn allocated(&self) -> u64 {
        self.allocated
    }

    /// Appends up to `count` bytes from `offset` to `out`; answers whether the end was reached.
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

    /// Writes `data` at `offset`, or as much as the budget lets it; answers how many bytes. `offset` and the length
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

    /// Makes block `number` `length` bytes long, or as long as the budget lets it; answers how long it is.
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

    /// Cuts off what is beyond `size`, or makes a hole up to it.
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
                // What is cut off must not come back when the file grows again.
                block.iter_mut().skip(start).for_each(|octet| *octet = 0);
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

    #[derive(Clone, Debug)]
    enum Step {
        Write(u64, u8, usize),
        Size(u64),
        Read(u64, u32),
    }

    fn step() -> impl Strategy<Value = Step> {
        let offset = 0..4 * BLOCK;
        prop_oneof![
            (offset.clone(), 1..=255u8, 0..100_000usize)
                .prop_map(|(at, octet, length)| Step::Write(at, octet, length)),
            offset.clone().prop_map(Step::Size),
            (offset, 0..200_000u32).prop_map(|(at, count)| Step::Read(at, count)),
        ]
    }

    proptest! {
        #[test]
        fn data_is_like_a_vector(steps in prop::collection::vec(step(), 1..30)) {
            let (mut data, mut budget, mut model) = (Data::default(), budget(1 << 30), Vec::<u8>::new());
            for step in steps {
                match step {
                    Step::Write(at, octet, length) => {
                        data.write(at, &vec![octet; length], &mut budget);
                        let end = at as usize + length;
                        if length > 0 && model.len() < end {
                            model.resize(end, 0);
                        }
                        if length > 0 {
                            model[at as usize..end].fill(octet);
                        }
                    }
                    Step::Size(size) => {
                        data.set_size(size, &mut budget);
                        model.resize(size as usize, 0);
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
