//! A counter in a file, incremented by several processes under a lock. The sum is right only if no two are ever inside
//! at once and the lock makes what is read fresh. And it must go on: a lock that is free is not kept idle.

use std::time::{Duration, Instant};

use super::cases;
use crate::host::link::Pending;
use crate::host::stage::Stage;
use crate::host::worker::{Worker, finish, finish_within};

cases!("exclusion":
    fcntl_try, fcntl_wait, flock_try, flock_wait, ofd_try, ofd_wait, ofd_wait_in_one_client, append_in_one_client,
);

/// Increments of each process where the program tries again by itself.
const TRIES: u32 = 25;
/// Increments of each process that waits in the kernel.
const WAITS: u32 = 60;
/// Increments of each of six processes of one client.
const WAITS_IN_ONE_CLIENT: u32 = 15;
/// Records of each of eight processes of one client.
const RECORDS: u32 = 10;
/// So long each of these may take. Alone on a machine it is 5 to 25 s; a server that keeps a free lock for a client which
/// asks again after some time needs several times this.
const WAITS_TIME_MAX: Duration = Duration::from_secs(120);

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
    start_workers(&workers, how, path, count)
}

/// Starts `workers`, each of which increments `count` times.
#[track_caller]
fn start_workers(workers: &[Worker], how: &str, path: &str, count: u32) -> Vec<Pending> {
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
        assert_eq!(text, in_hex(&format!("{sum:<20}")));
    }
}

fn in_hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// Waits for processes that wait in their kernels: all of them must be done in time. Tells how long they took.
#[track_caller]
fn in_time(stage: &Stage<'_>, what: &str, begun: Instant, running: Vec<Pending>) -> Vec<String> {
    let answers = running
        .into_iter()
        .map(|pending| {
            finish_within(pending, WAITS_TIME_MAX.saturating_sub(begun.elapsed())).expect("no error")
        })
        .collect();
    stage.tell(&format!("{what} in {:.1} s", begun.elapsed().as_secs_f64()));
    answers
}

/// Lets `workers` count under a lock for which they wait.
#[track_caller]
fn wait_and_count(stage: &Stage<'_>, how: &str, workers: &[Worker], count: u32) {
    let (path, sum) = (stage.path("count"), count * workers.len() as u32);
    let begun = Instant::now();
    let running = start_workers(workers, how, &path, count);
    let last = in_time(stage, &format!("{sum} increments"), begun, running);
    let last: Vec<u32> = last.iter().map(|text| text.parse().expect("a number")).collect();
    assert_eq!(last.iter().max(), Some(&sum), "the last increment of each: {last:?}");
    finish_counting(stage, start_another(stage, how, &path), &path, sum + 1);
}

/// Starts one more increment, by a process that has not had the lock before.
#[track_caller]
fn start_another(stage: &Stage<'_>, how: &str, path: &str) -> Vec<Pending> {
    vec![stage.b().start(&format!("counter {how} {path} 1 9"))]
}

fn fcntl_try(stage: &Stage<'_>) {
    count_up(stage, "fcntl-try", &stage.path("count"), TRIES);
}

fn flock_try(stage: &Stage<'_>) {
    count_up(stage, "flock-try", &stage.path("count"), TRIES);
}

fn ofd_try(stage: &Stage<'_>) {
    count_up(stage, "ofd-try", &stage.path("count"), TRIES);
}

fn fcntl_wait(stage: &Stage<'_>) {
    wait_and_count(stage, "fcntl-wait", &[stage.a(), stage.b(), stage.a(), stage.b()], WAITS);
}

fn flock_wait(stage: &Stage<'_>) {
    wait_and_count(stage, "flock-wait", &[stage.a(), stage.b(), stage.a(), stage.b()], WAITS);
}

fn ofd_wait(stage: &Stage<'_>) {
    wait_and_count(stage, "ofd-wait", &[stage.a(), stage.b(), stage.a(), stage.b()], WAITS);
}

/// The client lets its next waiter ask before the server has had the unlock, so each of them is refused once.
fn ofd_wait_in_one_client(stage: &Stage<'_>) {
    let workers: Vec<Worker> = (0..6).map(|_| stage.a()).collect();
    wait_and_count(stage, "ofd-wait", &workers, WAITS_IN_ONE_CLIENT);
}

/// A log to which several programs of one machine append.
fn append_in_one_client(stage: &Stage<'_>) {
    let path = stage.file("log");
    let workers: Vec<Worker> = (0..8).map(|_| stage.a()).collect();
    let begun = Instant::now();
    let start = |(worker, who): (&Worker, u32)| worker.start(&format!("append {path} {RECORDS} {who}"));
    let running = workers.iter().zip(0..).map(start).collect();
    in_time(stage, &format!("{} records", 8 * RECORDS), begun, running);
    let reader = stage.b();
    let text = reader.must_on(reader.open(&path, "r"), "read", "0 4096");
    let mut lines: Vec<&str> = text.split("0a").filter(|line| !line.is_empty()).collect();
    lines.sort_unstable();
    let all = (0..8).flat_map(|who| (0..RECORDS).map(move |number| in_hex(&format!("{who:04} {number:04}"))));
    assert_eq!(lines, all.collect::<Vec<_>>(), "each record once and whole");
}
