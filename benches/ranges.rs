//! What one more lock costs on a file that already has many.
//!
//! `random` goes to another part of the file each time, so that nothing it needs is in a cache; `near` stays among twenty
//! neighbouring ranges, as a program does that works its way through a file.

#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use lockhouse::nfs4::{LockKind, Range};
use lockhouse::ranges::{OwnerId, RangeSet};

const SIZES: [u64; 4] = [1, 1_000, 100_000, 1_000_000];
/// From one range to the next: ten bytes are held, the rest is free.
const STRIDE: u64 = 100;
const STRANGER: OwnerId = OwnerId(1 << 40);

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 32) * end) >> 32
    }
}

fn range(first: u64, last: u64) -> Range {
    Range::new(first, last).unwrap_or(Range::WHOLE)
}

/// The range that is held as number `i`.
fn held(i: u64) -> Range {
    range(i * STRIDE, i * STRIDE + 9)
}

/// Free bytes after it.
fn free(i: u64) -> Range {
    range(i * STRIDE + 50, i * STRIDE + 59)
}

/// `n` disjoint WRITE ranges of `owners` in turn, locked in random order.
fn file(n: u64, owners: u64) -> RangeSet {
    let mut order: Vec<u64> = (0..n).collect();
    let mut dice = Dice(1);
    for i in (1..order.len()).rev() {
        order.swap(i, dice.below(i as u64 + 1) as usize);
    }
    let mut set = RangeSet::default();
    for i in order {
        assert_eq!(set.lock(OwnerId(i % owners), held(i), LockKind::Write), Ok(()));
    }
    set
}

fn lock_and_unlock(set: &mut RangeSet, owner: OwnerId, range: Range, kind: LockKind) {
    assert_eq!(set.lock(owner, range, kind), Ok(()));
    assert!(set.unlock(owner, range));
}

fn disjoint(c: &mut Criterion, owners: u64, name: &str) {
    for n in SIZES {
        let mut set = file(n, owners);
        let mut dice = Dice(2);
        let mut near = (0..20).cycle();
        let mut group = c.benchmark_group(name);
        group.bench_function(BenchmarkId::new("lock_unlock_random", n), |b| {
            b.iter(|| {
                let owner = OwnerId(dice.below(owners));
                lock_and_unlock(&mut set, owner, free(dice.below(n)), LockKind::Write);
            });
        });
        group.bench_function(BenchmarkId::new("lock_unlock_near", n), |b| {
            b.iter(|| {
                let i = n / 2 + near.next().unwrap_or(0);
                lock_and_unlock(&mut set, OwnerId(i % owners), free(i), LockKind::Write);
            });
        });
        group.bench_function(BenchmarkId::new("lockt_hit_random", n), |b| {
            b.iter(|| black_box(set.conflict(STRANGER, held(dice.below(n)), LockKind::Write)).is_some());
        });
        group.bench_function(BenchmarkId::new("lockt_miss_random", n), |b| {
            b.iter(|| black_box(set.conflict(STRANGER, free(dice.below(n)), LockKind::Write)).is_none());
        });
        group.bench_function(BenchmarkId::new("lockt_hit_near", n), |b| {
            b.iter(|| {
                let i = n / 2 + near.next().unwrap_or(0);
                black_box(set.conflict(STRANGER, held(i), LockKind::Write)).is_some()
            });
        });
        group.bench_function(BenchmarkId::new("lockt_whole_file_own", n), |b| {
            b.iter(|| black_box(set.conflict(OwnerId(0), Range::WHOLE, LockKind::Write)));
        });
        group.finish();
    }
}

fn one_owner(c: &mut Criterion) {
    disjoint(c, 1, "one_owner");
}

fn thousand_owners(c: &mut Criterion) {
    disjoint(c, 1_000, "thousand_owners");
}

/// What changes more than one range: in a file of so many, at random places.
fn edits(c: &mut Criterion) {
    for n in SIZES {
        let mut set = file(n, 1);
        let (owner, mut dice) = (OwnerId(0), Dice(4));
        let mut group = c.benchmark_group("edits");
        group.bench_function(BenchmarkId::new("split_merge", n), |b| {
            b.iter(|| {
                let Some(first) = dice.below(n).checked_mul(STRIDE) else { return };
                let middle = range(first + 3, first + 5);
                assert!(set.unlock(owner, middle));
                assert_eq!(set.lock(owner, middle, LockKind::Write), Ok(()));
            });
        });
        group.bench_function(BenchmarkId::new("downgrade_upgrade", n), |b| {
            b.iter(|| {
                let place = held(dice.below(n));
                assert_eq!(set.lock(owner, place, LockKind::Read), Ok(()));
                assert_eq!(set.lock(owner, place, LockKind::Write), Ok(()));
            });
        });
        group.bench_function(BenchmarkId::new("lock_100_and_release_owner", n), |b| {
            b.iter(|| {
                for _ in 0..100 {
                    let _ = black_box(set.lock(STRANGER, free(dice.below(n)), LockKind::Write));
                }
                black_box(set.release(STRANGER))
            });
        });
        group.finish();
    }
}

fn readers(c: &mut Criterion) {
    for readers in [1, 10, 100, 1_000, 10_000] {
        many_readers(c, readers);
    }
}

fn many_readers(c: &mut Criterion, readers: u64) {
    let mut set = RangeSet::default();
    for owner in 0..readers {
        assert_eq!(set.lock(OwnerId(owner), Range::WHOLE, LockKind::Read), Ok(()));
    }
    let mut dice = Dice(3);
    let mut group = c.benchmark_group(format!("{readers}_readers"));
    group.bench_function("lock_unlock", |b| {
        b.iter(|| lock_and_unlock(&mut set, STRANGER, Range::WHOLE, LockKind::Read));
    });
    group.bench_function("unlock_lock_one_of_them", |b| {
        b.iter(|| {
            let owner = OwnerId(dice.below(readers));
            assert!(set.unlock(owner, Range::WHOLE));
            assert_eq!(set.lock(owner, Range::WHOLE, LockKind::Read), Ok(()));
        });
    });
    group.bench_function("write_test", |b| {
        b.iter(|| black_box(set.conflict(STRANGER, held(dice.below(1 << 30)), LockKind::Write)).is_some());
    });
    group.bench_function("read_test", |b| {
        b.iter(|| black_box(set.conflict(STRANGER, held(dice.below(1 << 30)), LockKind::Read)).is_none());
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(2));
    targets = one_owner, thousand_owners, edits, readers
}
criterion_main!(benches);
