//! A long random sequence of locks, unlocks and tests by four owners on two clients, each answer compared with a
//! model that knows nothing but bytes.

use super::cases;
use crate::host::stage::Stage;
use crate::host::worker::Kind::{Read, Write};
use crate::host::worker::{Bytes, Fd, Holder, Kind, Worker};

cases!("random": against_model);

/// Bytes that the model tells apart; the last one stands for everything from there to the end.
const CELLS: usize = 48;
const OWNERS: usize = 4;
const STEPS: u32 = 1500;

/// What each owner holds on each byte.
struct Model {
    held: Vec<[Option<Kind>; CELLS]>,
}

impl Model {
    fn new() -> Self {
        Self { held: vec![[None; CELLS]; OWNERS] }
    }

    /// The ranges of others, in one piece each, that are in the way of `kind` on `cells`.
    fn in_the_way(&self, owner: usize, kind: Kind, (first, last): (usize, usize)) -> Vec<(Kind, Bytes)> {
        let others = (0..OWNERS).filter(|other| *other != owner);
        let ranges = others.flat_map(|other| ranges(&self.held[other]));
        let overlaps =
            |bytes: &Bytes| bytes.first <= bytes_of((first, last)).last && bytes.last >= first as i64;
        ranges.filter(|(theirs, bytes)| theirs.conflicts(kind) && overlaps(bytes)).collect()
    }

    fn set(&mut self, owner: usize, kind: Option<Kind>, (first, last): (usize, usize)) {
        self.held[owner][first..=last].fill(kind);
    }
}

/// Runs of equal cells.
fn ranges(cells: &[Option<Kind>; CELLS]) -> Vec<(Kind, Bytes)> {
    let mut ranges = Vec::new();
    let mut first = 0;
    for run in cells.chunk_by(|one, next| one == next) {
        if let Some(kind) = run[0] {
            ranges.push((kind, bytes_of((first, first + run.len() - 1))));
        }
        first += run.len();
    }
    ranges
}

fn bytes_of((first, last): (usize, usize)) -> Bytes {
    let last = if last == CELLS - 1 { i64::MAX } else { last as i64 };
    Bytes { first: first as i64, last }
}

/// splitmix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((value ^ (value >> 31)) % limit as u64) as usize
    }

    /// Mostly short ranges, so that many live together; now and then one to the end.
    fn cells(&mut self) -> (usize, usize) {
        let first = self.below(CELLS);
        let length = if self.below(12) == 0 { CELLS } else { self.below(10) };
        (first, (first + length).min(CELLS - 1))
    }
}

fn against_model(stage: &Stage<'_>) {
    let seed = std::env::var("LOCKHOUSE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20);
    let path = stage.file("file");
    let workers = [stage.a(), stage.b(), stage.a(), stage.b()];
    let owners: Vec<(&Worker, Fd)> =
        workers.iter().map(|worker| (worker, worker.open(&path, "rw"))).collect();
    let (mut model, mut dice) = (Model::new(), Dice(seed));
    let mut history = Vec::new();
    for step in 0..STEPS {
        let (owner, cells) = (dice.below(OWNERS), dice.cells());
        let kind = if dice.below(2) == 0 { Read } else { Write };
        let what = dice.below(10);
        let wrong = one_step(owners[owner], owner, &mut model, what, kind, cells);
        history.push(format!("{step}: owner {owner} does {what} {kind:?} {:?}", bytes_of(cells)));
        if let Err(wrong) = wrong {
            let recent = history[history.len().saturating_sub(40)..].join("\n");
            panic!(
                "LOCKHOUSE_SEED={seed}: {wrong}; others hold what the model says: {:?}\n{recent}",
                model.held
            );
        }
    }
}

/// Actions 0 to 4 lock, 5 to 7 unlock, 8 and 9 test.
fn one_step(
    (worker, file): (&Worker, Fd),
    owner: usize,
    model: &mut Model,
    what: usize,
    kind: Kind,
    cells: (usize, usize),
) -> Result<(), String> {
    let (bytes, in_the_way) = (bytes_of(cells), model.in_the_way(owner, kind, cells));
    match what {
        0..=4 => {
            let outcome = worker.lock(file, kind, bytes);
            let expected = if in_the_way.is_empty() { Ok(()) } else { Err(rustix::io::Errno::AGAIN) };
            if outcome != expected {
                return Err(format!("the answer is {outcome:?}, in the way is {in_the_way:?}"));
            }
            if outcome.is_ok() {
                model.set(owner, Some(kind), cells);
            }
        }
        5..=7 => {
            worker.unlock(file, bytes);
            model.set(owner, None, cells);
        }
        _ => {
            let holder: Holder = worker.test(file, kind, bytes);
            let right = holder.map_or(in_the_way.is_empty(), |holder| in_the_way.contains(&holder));
            if !right {
                return Err(format!("the holder is {holder:?}, in the way is {in_the_way:?}"));
            }
        }
    }
    Ok(())
}
