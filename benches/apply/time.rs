//! Nanoseconds and allocations.

use super::counting::count;
use super::driver::{Driver, Owner, core, file, free, held};
use lockhouse::nfs4::{Filehandle, LockKind, Range};
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 32) * end) >> 32
    }
}

/// What this thread has had of the processors: it is not charged for those who share them.
fn now() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// How much is measured.
#[derive(Clone, Copy)]
struct Effort {
    samples: usize,
    /// Rounds in a sample.
    rounds: u64,
}

fn measure(effort: Effort, name: &str, mut round: impl FnMut()) {
    for _ in 0..effort.rounds {
        round();
    }
    let calls = count().calls;
    let mut nanos: Vec<f64> = (0..effort.samples)
        .map(|_| {
            let start = now();
            (0..effort.rounds).for_each(|_| round());
            (now() - start).as_nanos() as f64 / effort.rounds as f64
        })
        .collect();
    let rounds = effort.rounds as f64 * effort.samples as f64;
    // One is the vector of samples.
    let allocations = (count().calls - calls - 1) as f64 / rounds;
    nanos.sort_by(f64::total_cmp);
    println!(
        "{name:<44} {:>8.0} {:>8.0} {allocations:>8.2}",
        nanos[nanos.len() / 2],
        nanos[nanos.len() / 20]
    );
}

/// A file with `count` locks.
struct File {
    driver: Driver,
    fh: Filehandle,
    owners: Vec<Owner>,
    /// Holds nothing.
    caller: Owner,
    count: u64,
}

/// The number of the owner that asks.
const CALLER: u64 = u64::MAX;

impl File {
    /// Held by one owner or by as many as there are, each at its own place or all at the first.
    fn new(sessions: bool, count: u64, each_its_own: bool, kind: LockKind, place: fn(u64) -> Range) -> Self {
        let mut driver = Driver::new(core(), b"client", sessions);
        let fh = file(0);
        let open = driver.open(&fh, 0);
        let mut owners: Vec<Owner> = Vec::new();
        for number in 0..count {
            match owners.first_mut().filter(|_| !each_its_own) {
                Some(owner) => assert!(driver.lock(&fh, owner, place(number), kind)),
                None => {
                    let owner = driver.lock_new(&fh, open, number, 3 + number as u32, place(number), kind);
                    owners.push(owner);
                }
            }
        }
        let open_seqid = 3 + owners.len() as u32;
        let mut caller = driver.lock_new(&fh, open, CALLER, open_seqid, free(0), LockKind::Write);
        driver.unlock(&fh, &mut caller, Range::WHOLE);
        Self { driver, fh, owners, caller, count }
    }

    fn pair_of_caller(&mut self, range: Range, kind: LockKind) {
        assert!(self.driver.lock(&self.fh, &mut self.caller, range, kind));
        self.driver.unlock(&self.fh, &mut self.caller, range);
    }

    fn pair_of_holder(&mut self, at: u64, range: Range) {
        let owner = &mut self.owners[at as usize];
        assert!(self.driver.lock(&self.fh, owner, range, LockKind::Write));
        self.driver.unlock(&self.fh, owner, range);
    }
}

fn many_ranges(effort: Effort, sessions: bool, count: u64) {
    let mut held_by_one = File::new(sessions, count, false, LockKind::Write, held);
    let mut dice = Dice(2);
    let version = if sessions { "4.1" } else { "4.0" };
    let mut next = 0;
    measure(effort, &format!("{version} one holder, another asks, near, {count}"), || {
        next = (next + 1) % 20;
        held_by_one.pair_of_caller(free(count / 2 + next), LockKind::Write);
    });
    measure(effort, &format!("{version} one holder, another asks, random, {count}"), || {
        let at = dice.below(count);
        held_by_one.pair_of_caller(free(at), LockKind::Write);
    });
    measure(effort, &format!("{version} one holder asks, random, {count}"), || {
        let at = dice.below(count);
        held_by_one.pair_of_holder(0, free(at));
    });
}

fn many_owners(effort: Effort, sessions: bool, count: u64) {
    let mut dice = Dice(3);
    let start = now();
    let mut file = File::new(sessions, count, true, LockKind::Write, held);
    let version = if sessions { "4.1" } else { "4.0" };
    let nanos = (now() - start).as_nanos() as f64 / count as f64;
    println!("{:<44} {nanos:>8.0}", format!("{version} LOCK of a new owner, {count}"));
    measure(effort, &format!("{version} each its own, another asks, random, {count}"), || {
        let at = dice.below(count);
        file.pair_of_caller(free(at), LockKind::Write);
    });
    measure(effort, &format!("{version} each its own, any asks, random, {count}"), || {
        let at = dice.below(file.count);
        file.pair_of_holder(at, free(at));
    });
}

fn readers(effort: Effort, count: u64) {
    let mut file = File::new(true, count, true, LockKind::Read, |_| held(0));
    measure(effort, &format!("one more reader of {count}"), || file.pair_of_caller(held(0), LockKind::Read));
    measure(effort, &format!("a denied writer (one LOCK) among {count}"), || {
        assert!(!file.driver.lock(&file.fh, &mut file.caller, held(0), LockKind::Write));
    });
}

pub fn run(bench: bool) {
    let effort = match bench {
        true => Effort { samples: 400, rounds: 2_000 },
        false => Effort { samples: 2, rounds: 2 },
    };
    let many = if bench { 1_000_000 } else { 2_000 };
    println!("{:<44} {:>8} {:>8} {:>8}", "nanoseconds of LOCK and LOCKU", "median", "good", "allocs");
    for count in [1_000, many] {
        many_ranges(effort, true, count);
        many_owners(effort, true, count);
    }
    many_ranges(effort, false, 1_000);
    many_owners(effort, false, 1_000);
    for count in [10, 10_000] {
        readers(effort, count);
    }
}
