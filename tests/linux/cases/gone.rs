//! Waiters that were killed or gave up. A client tells nobody, so a server learns it when it calls them or when they do not
//! ask again; until then they must not be in the way of those who are there.

use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;

use super::flock::flock;
use super::{cases, granted};
use crate::host::link::{PATIENCE, Pending};
use crate::host::stage::{Stage, WAITS_IN, interrupt};
use crate::host::worker::Kind::{Read, Write};
use crate::host::worker::{Fd, Outcome, Worker, finish_within};

cases!("gone":
    readers_that_wait_behind_a_killed_writer, readers_that_try_behind_a_killed_writer,
    another_tries_after_an_interrupted_wait, another_tries_flock_after_an_interrupted_wait,
    another_tries_after_twenty_killed_waiters,
);

/// How long those who wait may take. Sooner than a client that is called asks by itself (30 s), and a small part of
/// the minute after which a waiter that does not ask is surely gone.
const WAIT_MAX: Duration = Duration::from_secs(20);
/// Between two attempts of who tries.
const PAUSE: Duration = Duration::from_millis(50);
/// So often an attempt on a free lock may be refused for the sake of somebody who may be waiting. A slow machine makes
/// these fewer.
const REFUSALS_MAX: u32 = 8;

/// A process on the second client that waits, or waited, for a lock that one on the first holds.
struct Scene {
    path: String,
    holder: Worker,
    held: Fd,
    /// Keeps the file open on the second client, so that no CLOSE tells of a dead process.
    _other: (Worker, Fd),
}

impl Scene {
    fn set(stage: &Stage<'_>) -> Self {
        let path = stage.file("file");
        let (holder, other) = (stage.a(), stage.b());
        let (held, kept) = (holder.open(&path, "rw"), other.open(&path, "rw"));
        Self { path, holder, held, _other: (other, kept) }
    }

    /// A process on the second client that waits; at the return the server has refused it.
    fn waiter(&self, stage: &Stage<'_>, start: impl Fn(&Worker, Fd) -> Pending) -> (Worker, Pending) {
        let worker = stage.b();
        let file = worker.open(&self.path, "rw");
        let pending = start(&worker, file);
        stage.pair.b.await_sleep(&worker, WAITS_IN);
        assert!(pending.ready().is_none(), "the lock is held by another");
        (worker, pending)
    }
}

fn kill(stage: &Stage<'_>, workers: &[(Worker, Pending)]) {
    workers.iter().for_each(|(worker, _)| stage.pair.b.signal(worker, "SIGKILL"));
    workers.iter().for_each(|(worker, _)| stage.pair.b.await_end(worker));
}

/// Tries until it is granted, which must be soon.
#[track_caller]
fn soon(stage: &Stage<'_>, what: &str, mut attempt: impl FnMut() -> Outcome<()>) {
    let begun = Instant::now();
    let mut refusals = 0;
    while let Err(errno) = attempt() {
        assert_eq!(errno, Errno::AGAIN, "{what}");
        refusals += 1;
        assert!(begun.elapsed() < PATIENCE, "{what} is refused for ever");
        thread::sleep(PAUSE);
    }
    stage.tell(&format!("{what}: refused {refusals} times in {} ms", begun.elapsed().as_millis()));
    assert!(refusals <= REFUSALS_MAX, "{what}: refused {refusals} times, for {:?}", begun.elapsed());
}

/// They are all let in when the lock is free, not only the first.
fn readers_that_wait_behind_a_killed_writer(stage: &Stage<'_>) {
    let scene = Scene::set(stage);
    granted(scene.holder.lock(scene.held, Write, 0..));
    let dead = scene.waiter(stage, |worker, file| worker.lock_wait(file, Write, 0..));
    let readers: Vec<_> =
        (0..3).map(|_| scene.waiter(stage, |worker, file| worker.lock_wait(file, Read, 0..))).collect();
    kill(stage, &[dead]);
    let begun = Instant::now();
    scene.holder.unlock(scene.held, 0..);
    for (_, pending) in readers {
        finish_within(pending, WAIT_MAX.saturating_sub(begun.elapsed())).expect("granted");
        stage.tell(&format!("a reader has its lock {} ms after the unlock", begun.elapsed().as_millis()));
    }
}

fn readers_that_try_behind_a_killed_writer(stage: &Stage<'_>) {
    let scene = Scene::set(stage);
    granted(scene.holder.lock(scene.held, Write, 0..));
    let dead = scene.waiter(stage, |worker, file| worker.lock_wait(file, Write, 0..));
    kill(stage, &[dead]);
    scene.holder.unlock(scene.held, 0..);
    for (reader, what) in
        [(stage.a(), "the first reader"), (stage.b(), "the second"), (stage.a(), "the third")]
    {
        let file = reader.open(&scene.path, "r");
        soon(stage, what, || reader.lock(file, Read, 0..));
    }
}

fn another_tries_after_an_interrupted_wait(stage: &Stage<'_>) {
    let scene = Scene::set(stage);
    granted(scene.holder.lock(scene.held, Write, 0..=99));
    let waiter = scene.waiter(stage, |worker, file| worker.lock_wait(file, Write, 50..=149));
    interrupt(&stage.pair.b, &waiter.0, &waiter.1);
    scene.holder.unlock(scene.held, 0..);
    let third = stage.a();
    let file = third.open(&scene.path, "rw");
    assert_eq!(third.test(file, Write, 0..), None, "F_GETLK sees no lock");
    soon(stage, "F_SETLK of another", || third.lock(file, Write, 0..));
}

/// As cron jobs use it: who does not get the lock at once does without.
fn another_tries_flock_after_an_interrupted_wait(stage: &Stage<'_>) {
    let scene = Scene::set(stage);
    granted(flock(&scene.holder, scene.held, "ex"));
    let waiter = scene.waiter(stage, |worker, file| worker.start_on(file, "flock", "ex wait"));
    interrupt(&stage.pair.b, &waiter.0, &waiter.1);
    granted(flock(&scene.holder, scene.held, "un"));
    let third = stage.a();
    let file = third.open(&scene.path, "rw");
    soon(stage, "flock of another", || flock(&third, file, "ex"));
}

/// What each of them costs the others must not add up.
fn another_tries_after_twenty_killed_waiters(stage: &Stage<'_>) {
    let scene = Scene::set(stage);
    granted(scene.holder.lock(scene.held, Write, 0..));
    let dead: Vec<_> =
        (0..20).map(|_| scene.waiter(stage, |worker, file| worker.lock_wait(file, Write, 0..))).collect();
    kill(stage, &dead);
    scene.holder.unlock(scene.held, 0..);
    let third = stage.a();
    let file = third.open(&scene.path, "rw");
    soon(stage, "F_SETLK of another", || third.lock(file, Write, 0..));
}
