//! Owners on two clients that wait for each other on one file. Over two files no server can tell: Linux names a
//! process by another lock owner in each file.

use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;

use super::{cases, granted};
use crate::host::link::{Answer, Pending};
use crate::host::stage::Stage;
use crate::host::worker::Kind::{Read, Write};
use crate::host::worker::{Fd, Worker, finish, held, outcome};

cases!("deadlock": two_ranges, upgrade_of_two_readers);

/// So long a 4.0 client polls seven times, each of which could be answered with the deadlock.
const UNNOTICED_MAX: Duration = Duration::from_secs(100);

/// A waiting owner, with what it holds and would have to give up.
struct Side {
    worker: Worker,
    holds: Fd,
    waiter: Pending,
}

/// One of the two must be told EDEADLK; when it gives up its lock, the other must be granted.
fn resolve(sides: [Side; 2]) {
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
    resolve([Side { worker: a, holds: fa, waiter: wa }, Side { worker: b, holds: fb, waiter: wb }]);
}

/// Two readers who both want to write: each waits for the other's read lock.
fn upgrade_of_two_readers(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    granted(a.lock(fa, Read, 0..=9));
    granted(b.lock(fb, Read, 0..=9));
    let (wa, wb) = (a.lock_wait(fa, Write, 0..=9), b.lock_wait(fb, Write, 0..=9));
    resolve([Side { worker: a, holds: fa, waiter: wa }, Side { worker: b, holds: fb, waiter: wb }]);
    let third = stage.a();
    let ft = third.open(&path, "rw");
    assert_eq!(third.test(ft, Read, 0..), held(Write, 0..=9));
}
