//! A counter in a file, incremented by two processes on each of two clients under a lock. The sum is right only if
//! no two are ever inside at once and the lock makes what is read fresh.

use super::cases;
use crate::host::link::Pending;
use crate::host::stage::Stage;
use crate::host::worker::{Worker, finish};

cases!("exclusion": fcntl_try, fcntl_wait, flock_try, flock_wait, ofd_try);

/// Increments of each process where the program tries again by itself.
const TRIES: u32 = 25;
/// Increments of each process that waits in the kernel, which polls and so takes seconds for each.
const WAITS: u32 = 3;

/// Runs four processes at the same time; `path` must hold the sum of their increments afterwards.
#[track_caller]
pub fn count_up(stage: &Stage<'_>, how: &str, path: &str, count: u32) {
    let running = start_counting(stage, how, path, count);
    finish_counting(stage, running, path, count * 4);
}

/// Starts four processes, two on each client, that increment `count` times each.
#[track_caller]
pub fn start_counting(stage: &Stage<'_>, how: &str, path: &str, count: u32) -> Vec<Pending> {
    let workers = [stage.a(), stage.b(), stage.a(), stage.b()];
    let file = workers[0].open(path, "rwc");
    workers[0].must_on(file, "write", "0 0");
    workers[0].close(file);
    let start = |(worker, who): (&Worker, u32)| worker.start(&format!("counter {how} {path} {count} {who}"));
    workers.iter().zip(0..).map(start).collect()
}

/// Waits for the processes; `sum` is what they must have counted to.
#[track_caller]
pub fn finish_counting(stage: &Stage<'_>, running: Vec<Pending>, path: &str, sum: u32) {
    let last: Vec<u32> = running
        .into_iter()
        .map(|pending| finish(pending).expect("counting").parse().expect("a number"))
        .collect();
    assert_eq!(last.iter().max(), Some(&sum), "the last increment of each: {last:?}");
    for worker in [stage.a(), stage.b()] {
        let file = worker.open(path, "r");
        let text = worker.must_on(file, "read", "0 20");
        assert_eq!(text, format!("{sum:<20}").bytes().map(|byte| format!("{byte:02x}")).collect::<String>());
    }
}

fn fcntl_try(stage: &Stage<'_>) {
    count_up(stage, "fcntl-try", &stage.path("count"), TRIES);
}

fn fcntl_wait(stage: &Stage<'_>) {
    count_up(stage, "fcntl-wait", &stage.path("count"), WAITS);
}

fn flock_try(stage: &Stage<'_>) {
    count_up(stage, "flock-try", &stage.path("count"), TRIES);
}

fn flock_wait(stage: &Stage<'_>) {
    count_up(stage, "flock-wait", &stage.path("count"), WAITS);
}

fn ofd_try(stage: &Stage<'_>) {
    count_up(stage, "ofd-try", &stage.path("count"), TRIES);
}
