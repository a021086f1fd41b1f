//! Locks owned by the open file description (F_OFD_SETLK).

use super::{cases, granted, refused};
use crate::host::stage::Stage;
use crate::host::worker::Api::{OpenFile, Posix};
use crate::host::worker::Kind::{Read, Write};
use crate::host::worker::{Fd, Worker, finish, held};

cases!("ofd": exclude, split_and_merge, descriptors_are_owners, outlives_other_close, fork_shares, wait, meets_posix);

fn both(stage: &Stage<'_>) -> (Worker, Fd, Worker, Fd) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    (a, fa, b, fb)
}

/// They keep the other client out and are named as any lock.
fn exclude(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(a.lock_by(OpenFile, fa, Write, 10..=19));
    refused(b.lock_by(OpenFile, fb, Read, 0..=10));
    assert_eq!(b.test_by(OpenFile, fb, Write, 0..), held(Write, 10..=19));
    granted(b.lock_by(OpenFile, fb, Write, 20..));
    a.unlock_by(OpenFile, fa, 0..);
    granted(b.lock_by(OpenFile, fb, Write, 0..));
}

/// The rules of ranges are those of POSIX locks.
fn split_and_merge(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(a.lock_by(OpenFile, fa, Write, 0..=99));
    granted(a.lock_by(OpenFile, fa, Read, 40..=59));
    assert_eq!(b.test_by(OpenFile, fb, Read, 0..), held(Write, 0..=39));
    assert_eq!(b.test_by(OpenFile, fb, Write, 40..=59), held(Read, 40..=59));
    granted(a.lock_by(OpenFile, fa, Write, 40..=59));
    assert_eq!(b.test_by(OpenFile, fb, Read, 50..=50), held(Write, 0..=99));
}

/// Two opens in one process are two owners.
fn descriptors_are_owners(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    let second = a.open(&stage.path("file"), "rw");
    granted(a.lock_by(OpenFile, fa, Write, 0..=9));
    refused(a.lock_by(OpenFile, second, Write, 0..=9));
    granted(a.lock_by(OpenFile, second, Write, 10..=19));
    a.close(fa);
    assert_eq!(b.test(fb, Write, 0..), held(Write, 10..=19));
}

/// Closing another descriptor of the file, which ends POSIX locks, leaves them alone.
fn outlives_other_close(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    let second = a.open(&stage.path("file"), "rw");
    let copy = a.dup(fa);
    granted(a.lock_by(OpenFile, fa, Write, 0..=9));
    granted(a.lock(fa, Write, 20..=29));
    a.close(second);
    assert_eq!(b.test(fb, Write, 0..), held(Write, 0..=9));
    assert_eq!(b.test(fb, Write, 20..), None);
    a.close(fa);
    refused(b.lock(fb, Write, 0..=0));
    a.close(copy);
    granted(b.lock(fb, Write, 0..));
}

/// Parent and child share them; they go with the last descriptor.
fn fork_shares(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(a.lock_by(OpenFile, fa, Write, 0..=9));
    let child = stage.pair.a.fork(&a);
    granted(child.lock_by(OpenFile, fa, Write, 5..=14));
    a.close(fa);
    assert_eq!(b.test(fb, Write, 0..), held(Write, 0..=14));
    child.close(fa);
    granted(b.lock(fb, Write, 0..));
}

/// A waiter gets the lock after the holder has given it up.
fn wait(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(a.lock_by(OpenFile, fa, Write, 0..=9));
    let waiter = b.lock_wait_by(OpenFile, fb, Write, 5..=14);
    a.test(fa, Write, 0..);
    assert!(waiter.ready().is_none(), "the holder has not let go");
    a.unlock_by(OpenFile, fa, 0..);
    finish(waiter).expect("granted");
    assert_eq!(a.test(fa, Read, 0..), held(Write, 5..=14));
}

/// A POSIX lock and one of the description conflict, also within one process.
fn meets_posix(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(a.lock_by(Posix, fa, Read, 0..=9));
    refused(a.lock_by(OpenFile, fa, Write, 0..=9));
    granted(a.lock_by(OpenFile, fa, Read, 0..=9));
    a.unlock_by(Posix, fa, 0..);
    refused(b.lock_by(Posix, fb, Write, 0..=9));
    a.unlock_by(OpenFile, fa, 0..);
    granted(b.lock_by(Posix, fb, Write, 0..=9));
}
