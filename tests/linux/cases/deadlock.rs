//! Owners on two clients that wait for each other on one file, and owners that only seem to. Over two files no server can
//! tell: Linux names a process by another lock owner in each file.

use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;

use super::flock::flock;
use super::{cases, granted};
use crate::host::link::{Answer, Pending};
use crate::host::stage::{Stage, WAITS_IN, interrupt};
use crate::host::worker::Api::OpenFile;
use crate::host::worker::Kind::{Read, Write};
use crate::host::worker::{Fd, Worker, finish, held, outcome};

cases!("deadlock":
    two_ranges, upgrade_of_two_readers, none_if_threads_share_an_open_file, none_if_forked_processes_share_a_flock,
    none_if_one_gave_up_waiting,
);

/// A deadlock is to be told within 5 s; the rest is for a busy machine. A 4.0 client asks after 1, 3, 7 and 15 s, and one that
/// is called after 30 s: who is told sooner was called.
const UNNOTICED_MAX: Duration = Duration::from_secs(14);
/// So long owners that share look as if they waited for each other. Each does something in every part of it.
const LOOKS_LIKE_ONE: Duration = Duration::from_secs(6);
const PART: Duration = Duration::from_millis(300);

/// A waiting owner, with what it holds and would have to give up.
struct Side {
    worker: Worker,
    holds: Fd,
    waiter: Pending,
}

/// One of the two must be told EDEADLK; when it gives up its lock, the other must be granted.
fn resolve(stage: &Stage<'_>, sides: [Side; 2]) {
    let [first, second] = sides;
    let start = Instant::now();
    let (answer, victim, other) = loop {
        assert!(start.elapsed() < UNNOTICED_MAX, "nobody is told that they wait for each other");
        if let Some(answer) = first.waiter.ready() {
            break (answer, first, second);
        }
        if let Some(answer) = second.waiter.ready() {
            break (answer, second, first);
        }
        thread::sleep(Duration::from_millis(20));
    };
    expect_deadlock(answer);
    stage.tell(&format!("the deadlock is told after {:.1} s", start.elapsed().as_secs_f64()));
    assert!(other.waiter.ready().is_none(), "one victim is enough, and nobody has let go");
    victim.worker.unlock(victim.holds, 0..);
    finish(other.waiter).expect("the other is granted");
}

#[track_caller]
fn expect_deadlock(answer: Answer) {
    assert_eq!(outcome("one of two who wait for each other", answer), Err(Errno::DEADLK));
}

/// Bytes of one file.
fn two_ranges(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    granted(a.lock(fa, Write, 0..=9));
    granted(b.lock(fb, Write, 10..=19));
    let (wa, wb) = (a.lock_wait(fa, Write, 10..=19), b.lock_wait(fb, Write, 0..=9));
    resolve(stage, [Side { worker: a, holds: fa, waiter: wa }, Side { worker: b, holds: fb, waiter: wb }]);
}

/// Two readers who both want to write: each waits for the other's read lock.
fn upgrade_of_two_readers(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    granted(a.lock(fa, Read, 0..=9));
    granted(b.lock(fb, Read, 0..=9));
    let (wa, wb) = (a.lock_wait(fa, Write, 0..=9), b.lock_wait(fb, Write, 0..=9));
    resolve(stage, [Side { worker: a, holds: fa, waiter: wa }, Side { worker: b, holds: fb, waiter: wb }]);
    let third = stage.a();
    let ft = third.open(&path, "rw");
    assert_eq!(third.test(ft, Read, 0..), held(Write, 0..=9));
}

/// Nobody is stuck: for a while `act` does what the owner does that seems to wait and works on, and neither waiter is told of
/// a deadlock.
#[track_caller]
fn seems_stuck(waiters: &[&Pending], act: impl Fn()) {
    let start = Instant::now();
    while start.elapsed() < LOOKS_LIKE_ONE {
        act();
        for waiter in waiters {
            if let Some(answer) = waiter.ready() {
                panic!("nobody has let go of a lock, but a waiter is answered {answer:?}");
            }
        }
        thread::sleep(PART);
    }
}

/// One thread waits for a lock of the other client, which waits for one that another thread of the first has and gives up.
/// The owner is the open file, which both threads have; processes that share it by fork are the same to the server.
fn none_if_threads_share_an_open_file(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (waits, other) = (stage.a(), stage.b());
    let (shared, fo) = (waits.open(&path, "rw"), other.open(&path, "rw"));
    let works = stage.pair.a.fork(&waits);
    granted(works.lock_by(OpenFile, shared, Write, 0..=9));
    granted(other.lock_by(OpenFile, fo, Write, 10..=19));
    let first = waits.lock_wait_by(OpenFile, shared, Write, 10..=19);
    let second = other.lock_wait_by(OpenFile, fo, Write, 0..=9);
    seems_stuck(&[&first, &second], || {
        granted(works.lock_by(OpenFile, shared, Read, 100..=109));
        works.unlock_by(OpenFile, shared, 100..=109);
    });
    works.unlock_by(OpenFile, shared, 0..=9);
    finish(second).expect("granted: the first client's other thread has let go");
    other.unlock_by(OpenFile, fo, 0..);
    finish(first).expect("granted");
}

/// Two want to turn a shared flock into an exclusive one, but one of them has it together with a child, which lets go.
fn none_if_forked_processes_share_a_flock(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (waits, other) = (stage.a(), stage.b());
    let (shared, fo) = (waits.open(&path, "rw"), other.open(&path, "rw"));
    let child = stage.pair.a.fork(&waits);
    granted(flock(&child, shared, "sh"));
    granted(flock(&other, fo, "sh"));
    let first = waits.start_on(shared, "flock", "ex wait");
    let second = other.start_on(fo, "flock", "ex wait");
    seems_stuck(&[&first, &second], || granted(flock(&child, shared, "sh")));
    granted(flock(&child, shared, "un"));
    finish(second).expect("granted: the child has let go");
    granted(flock(&other, fo, "un"));
    finish(first).expect("granted");
}

/// Who no longer waits keeps nobody waiting for ever, although the server has not been told.
fn none_if_one_gave_up_waiting(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    granted(a.lock(fa, Write, 0..=9));
    granted(b.lock(fb, Write, 10..=19));
    let gives_up = b.lock_wait(fb, Write, 0..=9);
    stage.pair.b.await_sleep(&b, WAITS_IN);
    interrupt(&stage.pair.b, &b, &gives_up);
    let waiter = a.lock_wait(fa, Write, 10..=19);
    seems_stuck(&[&waiter], || {
        granted(b.lock(fb, Read, 100..=109));
        b.unlock(fb, 100..=109);
    });
    b.unlock(fb, 10..=19);
    finish(waiter).expect("granted");
    assert_eq!(b.test(fb, Write, 0..), held(Write, 0..=19));
}
