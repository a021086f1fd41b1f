//! F_SETLKW between clients. A 4.0 client polls after 1, 2, 4 … s, so each wait here costs seconds; when the lock
//! comes is never judged, only that it comes and to whom.

use super::{cases, granted, refused};
use crate::host::link::Pending;
use crate::host::stage::{Stage, interrupt, until_granted};
use crate::host::worker::Kind::{Read, Write};
use crate::host::worker::{Fd, Worker, finish, held};

cases!("wait":
    granted_after_unlock, granted_after_close, granted_after_kill, granted_after_downgrade, readers_come_in_together,
    upgrade_waits_for_readers, for_a_part, interrupted_waiter_gets_nothing, killed_waiter_blocks_nobody,
);

/// The first holds a write lock on bytes 0 to 99.
fn both(stage: &Stage<'_>) -> (Worker, Fd, Worker, Fd) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    granted(a.lock(fa, Write, 0..=99));
    (a, fa, b, fb)
}

/// A lock on another file goes through the whole path to the server and back; by then a request sent before has
/// reached it too, as far as can be known without looking inside. The waiter must not have got its lock.
#[track_caller]
fn still_waiting(stage: &Stage<'_>, waiter: &Pending) {
    let probe = stage.b();
    let file = probe.open(&stage.path("probe"), "rwc");
    granted(probe.lock(file, Write, 0..));
    probe.close(file);
    assert!(waiter.ready().is_none(), "the lock is held by another");
}

fn granted_after_unlock(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    let waiter = b.lock_wait(fb, Write, 50..=149);
    still_waiting(stage, &waiter);
    a.unlock(fa, 0..);
    finish(waiter).expect("granted");
    assert_eq!(a.test(fa, Read, 0..), held(Write, 50..=149));
    refused(a.lock(fa, Write, 99..=99));
}

fn granted_after_close(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    let waiter = b.lock_wait(fb, Read, 99..=99);
    still_waiting(stage, &waiter);
    a.close(fa);
    finish(waiter).expect("granted");
}

fn granted_after_kill(stage: &Stage<'_>) {
    let (a, _, b, fb) = both(stage);
    let waiter = b.lock_wait(fb, Write, 0..);
    still_waiting(stage, &waiter);
    stage.pair.a.signal(&a, "SIGKILL");
    finish(waiter).expect("granted");
}

fn granted_after_downgrade(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    let waiter = b.lock_wait(fb, Read, 0..=9);
    still_waiting(stage, &waiter);
    granted(a.lock(fa, Read, 0..=9));
    finish(waiter).expect("granted");
    assert_eq!(a.test(fa, Write, 0..), held(Read, 0..=9));
    assert_eq!(b.test(fb, Read, 0..), held(Write, 10..=99));
}

fn readers_come_in_together(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    let second = stage.b();
    let fs = second.open(&stage.path("file"), "rw");
    let waiters = [b.lock_wait(fb, Read, 0..=59), second.lock_wait(fs, Read, 40..=99)];
    waiters.iter().for_each(|waiter| still_waiting(stage, waiter));
    a.unlock(fa, 0..);
    waiters.into_iter().for_each(|waiter| drop(finish(waiter).expect("granted")));
    // Both hold at the same time.
    assert_eq!(a.test(fa, Write, 0..=39), held(Read, 0..=59));
    assert_eq!(a.test(fa, Write, 60..=99), held(Read, 40..=99));
}

fn upgrade_waits_for_readers(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(a.lock(fa, Read, 0..=99));
    granted(b.lock(fb, Read, 0..=99));
    let waiter = a.lock_wait(fa, Write, 0..=99);
    still_waiting(stage, &waiter);
    b.unlock(fb, 0..);
    finish(waiter).expect("granted");
    assert_eq!(b.test(fb, Read, 0..), held(Write, 0..=99));
}

/// Only the bytes in the way need to become free.
fn for_a_part(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    let waiter = b.lock_wait(fb, Write, 90..=109);
    still_waiting(stage, &waiter);
    a.unlock(fa, 90..=99);
    finish(waiter).expect("granted");
    assert_eq!(b.test(fb, Write, 0..), held(Write, 0..=89));
}

/// After EINTR the waiter neither holds nor waits.
fn interrupted_waiter_gets_nothing(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    let waiter = b.lock_wait(fb, Write, 0..=99);
    still_waiting(stage, &waiter);
    interrupt(&stage.pair.b, &b, &waiter);
    a.unlock(fa, 0..);
    let third = stage.a();
    let ft = third.open(&stage.path("file"), "rw");
    until_granted(|| third.lock(ft, Write, 0..)).expect("no error but EAGAIN");
    refused(b.lock(fb, Read, 0..=0));
}

fn killed_waiter_blocks_nobody(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    let waiter = b.lock_wait(fb, Write, 0..=99);
    still_waiting(stage, &waiter);
    stage.pair.b.signal(&b, "SIGKILL");
    stage.pair.b.await_end(&b);
    a.unlock(fa, 0..);
    let third = stage.b();
    let ft = third.open(&stage.path("file"), "rw");
    until_granted(|| third.lock(ft, Write, 0..)).expect("no error but EAGAIN");
}
