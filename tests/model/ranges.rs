//! [`RangeSet`] against a table: the 64-bit space cut into cells, and for each cell and owner how it is held.
//!
//! Every range of a test starts where a cell starts and ends where one ends, so a cell stands for all of its bytes. In the
//! small space the cells are single bytes and one rest; in the edge space they are single bytes around the ends and the
//! signed middle, with wide cells between.

use std::collections::BTreeMap;

use lockhouse::nfs4::{LockKind, Range};
use lockhouse::ranges::{Held, OwnerId, RangeSet};
use proptest::prelude::*;

const OWNERS: u64 = 4;

#[derive(Clone, Debug)]
enum Op {
    Lock(OwnerId, usize, usize, LockKind),
    Unlock(OwnerId, usize, usize),
    Release(OwnerId),
}

/// What everybody holds, cell by cell.
struct Model {
    /// The first byte of each cell, ascending from 0.
    starts: Vec<u64>,
    held: BTreeMap<OwnerId, Vec<Option<LockKind>>>,
}

impl Model {
    fn new(starts: Vec<u64>) -> Self {
        let nothing = vec![None; starts.len()];
        Self { held: (0..OWNERS).map(|owner| (OwnerId(owner), nothing.clone())).collect(), starts }
    }

    /// The bytes of the cells from `a` to `b`.
    fn range(&self, a: usize, b: usize) -> Range {
        let last = self.starts.get(b + 1).map_or(u64::MAX, |next| next - 1);
        Range::new(self.starts[a], last).expect("cells ascend")
    }

    /// What one owner holds: its runs of cells of one kind.
    fn ranges_of(&self, owner: OwnerId) -> Vec<Held> {
        let cells = &self.held[&owner];
        let mut found = Vec::new();
        let mut from = 0;
        for run in cells.chunk_by(|a, b| a == b) {
            if let Some(kind) = run[0] {
                found.push(Held { owner, range: self.range(from, from + run.len() - 1), kind });
            }
            from += run.len();
        }
        found
    }

    fn all(&self) -> Vec<Held> {
        let mut all: Vec<Held> = self.held.keys().flat_map(|owner| self.ranges_of(*owner)).collect();
        all.sort_by_key(|held| (held.range.first(), held.owner));
        all
    }

    fn conflicts(&self, owner: OwnerId, range: Range, kind: LockKind) -> Vec<Held> {
        let exclusive = |held: &Held| held.kind == LockKind::Write || kind == LockKind::Write;
        self.all()
            .into_iter()
            .filter(|held| held.owner != owner && held.range.overlaps(range) && exclusive(held))
            .collect()
    }

    fn fill(&mut self, owner: OwnerId, a: usize, b: usize, kind: Option<LockKind>) -> bool {
        let cells = self.held.get_mut(&owner).expect("a known owner");
        let any = cells[a..=b].iter().any(Option::is_some);
        cells[a..=b].fill(kind);
        any
    }
}

/// Does the op to both and compares the answers.
fn step(set: &mut RangeSet, model: &mut Model, op: &Op) -> Result<(), TestCaseError> {
    match *op {
        Op::Lock(owner, a, b, kind) => {
            let range = model.range(a, b);
            let conflicts = model.conflicts(owner, range, kind);
            let want = conflicts.first().copied();
            prop_assert_eq!(set.conflict(owner, range, kind), want);
            prop_assert_eq!(set.conflicts(owner, range, kind).collect::<Vec<_>>(), conflicts);
            prop_assert_eq!(set.lock(owner, range, kind), want.map_or(Ok(()), Err));
            if want.is_none() {
                model.fill(owner, a, b, Some(kind));
            }
        }
        Op::Unlock(owner, a, b) => {
            let any = model.fill(owner, a, b, None);
            prop_assert_eq!(set.unlock(owner, model.range(a, b)), any);
        }
        Op::Release(owner) => {
            let count = model.ranges_of(owner).len();
            model.fill(owner, 0, model.starts.len() - 1, None);
            prop_assert_eq!(set.release(owner), count);
        }
    }
    Ok(())
}

/// Compares everything that can be seen.
fn compare(set: &RangeSet, model: &Model) -> Result<(), TestCaseError> {
    let all = model.all();
    prop_assert_eq!(set.iter().collect::<Vec<_>>(), all.clone());
    prop_assert_eq!(set.len(), all.len());
    prop_assert_eq!(set.is_empty(), all.is_empty());
    for owner in model.held.keys() {
        let want: Vec<_> = model.ranges_of(*owner).iter().map(|held| (held.range, held.kind)).collect();
        prop_assert_eq!(set.is_held_by(*owner), !want.is_empty());
        prop_assert_eq!(set.held_by(*owner).collect::<Vec<_>>(), want);
    }
    Ok(())
}

fn run(starts: Vec<u64>, ops: &[Op]) -> Result<(), TestCaseError> {
    let mut model = Model::new(starts);
    let mut set = RangeSet::default();
    for op in ops {
        step(&mut set, &mut model, op)?;
        compare(&set, &model)?;
    }
    Ok(())
}

fn kind() -> impl Strategy<Value = LockKind> {
    prop_oneof![2 => Just(LockKind::Read), 1 => Just(LockKind::Write)]
}

/// Two cells in order, often close together so that many ranges come to be.
fn span(cells: usize) -> impl Strategy<Value = (usize, usize)> {
    prop_oneof![
        4 => (0..cells, 0..3_usize).prop_map(move |(a, more)| (a, (a + more).min(cells - 1))),
        1 => (0..cells, 0..cells).prop_map(|(a, b)| (a.min(b), a.max(b))),
    ]
}

fn ops(cells: usize, count: usize) -> impl Strategy<Value = Vec<Op>> {
    let owner = || (0..OWNERS).prop_map(OwnerId);
    let op = prop_oneof![
        12 => (owner(), span(cells), kind()).prop_map(|(who, (a, b), kind)| Op::Lock(who, a, b, kind)),
        6 => (owner(), span(cells)).prop_map(|(who, (a, b))| Op::Unlock(who, a, b)),
        1 => owner().prop_map(Op::Release),
    ];
    proptest::collection::vec(op, 1..count)
}

/// Single bytes at the ends of the space and at its powers of two, and the wide cells between them.
fn edges() -> Vec<u64> {
    let middle = [1 << 62, 1 << 63].into_iter().flat_map(|at: u64| [at - 2, at - 1, at, at + 1]);
    [0, 1, 2].into_iter().chain(middle).chain([u64::MAX - 2, u64::MAX - 1, u64::MAX]).collect()
}

const EDGES: usize = 14;

proptest! {
    #[test]
    fn small_space(ops in ops(24, 120)) {
        run((0..24).collect(), &ops)?;
    }

    #[test]
    fn edges_of_the_space(ops in ops(EDGES, 120)) {
        prop_assert_eq!(edges().len(), EDGES);
        run(edges(), &ops)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Enough ranges that every part of the set outgrows its small form several times over and shrinks back.
    #[test]
    fn many_ranges(ops in ops(3000, 2500)) {
        let mut model = Model::new((0..3000).map(|cell| cell * 7).collect());
        let mut set = RangeSet::default();
        for (i, op) in ops.iter().enumerate() {
            step(&mut set, &mut model, op)?;
            if i % 100 == 0 {
                compare(&set, &model)?;
            }
        }
        compare(&set, &model)?;
        for owner in 0..OWNERS {
            step(&mut set, &mut model, &Op::Release(OwnerId(owner)))?;
            compare(&set, &model)?;
        }
        prop_assert!(set.is_empty());
    }
}
