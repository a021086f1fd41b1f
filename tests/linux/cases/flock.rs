//! flock(2), which an NFS client turns into a lock of the whole file owned by the open file description.

use rustix::io::Errno;

use super::{cases, granted, refused};
use crate::host::stage::{Stage, until_granted};
use crate::host::worker::Kind::{Read, Write};
use crate::host::worker::{Fd, Outcome, Worker, finish, held};

cases!("flock": exclusive, shared, convert, wait, fork_shares, descriptors_are_owners, meets_fcntl, needs_write_access);

/// flock(2) without waiting; `how` is `sh`, `ex` or `un`.
#[track_caller]
pub(super) fn flock(worker: &Worker, file: Fd, how: &str) -> Outcome<()> {
    worker.on(file, "flock", &format!("{how} set")).map(drop)
}

fn both(stage: &Stage<'_>) -> (Worker, Fd, Worker, Fd) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    (a, fa, b, fb)
}

/// An exclusive lock keeps the other client out until it is given up.
fn exclusive(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(flock(&a, fa, "ex"));
    refused(flock(&b, fb, "ex"));
    refused(flock(&b, fb, "sh"));
    granted(flock(&a, fa, "un"));
    granted(flock(&b, fb, "ex"));
    refused(flock(&a, fa, "sh"));
}

/// Shared locks live together and keep an exclusive one out.
fn shared(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(flock(&a, fa, "sh"));
    granted(flock(&b, fb, "sh"));
    refused(flock(&b, fb, "ex"));
    granted(flock(&a, fa, "un"));
    until_granted(|| flock(&b, fb, "ex")).expect("no error but EAGAIN");
    refused(flock(&a, fa, "sh"));
}

/// Conversion in both directions.
fn convert(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(flock(&a, fa, "sh"));
    granted(flock(&a, fa, "ex"));
    refused(flock(&b, fb, "sh"));
    granted(flock(&a, fa, "sh"));
    granted(flock(&b, fb, "sh"));
}

/// A waiter gets the lock when the holder closes the file.
fn wait(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(flock(&a, fa, "ex"));
    let waiter = b.start_on(fb, "flock", "ex wait");
    let second = stage.b();
    refused(flock(&second, second.open(&stage.path("file"), "rw"), "sh"));
    assert!(waiter.ready().is_none(), "the holder has not let go");
    a.close(fa);
    finish(waiter).expect("granted");
    let again = a.open(&stage.path("file"), "rw");
    refused(flock(&a, again, "ex"));
}

/// Parent and child share the lock; it goes with the last of their descriptors.
fn fork_shares(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(flock(&a, fa, "ex"));
    let child = stage.pair.a.fork(&a);
    a.close(fa);
    refused(flock(&b, fb, "ex"));
    granted(flock(&child, fa, "ex"));
    child.close(fa);
    granted(flock(&b, fb, "ex"));
}

/// Two opens in one process are two owners, and closing one does not touch the other's lock.
fn descriptors_are_owners(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    let second = a.open(&stage.path("file"), "rw");
    granted(flock(&a, fa, "ex"));
    assert_eq!(flock(&a, second, "sh"), Err(Errno::AGAIN));
    a.close(second);
    refused(flock(&b, fb, "sh"));
}

/// Between clients a flock and an fcntl lock are of the same kind.
fn meets_fcntl(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    granted(flock(&a, fa, "sh"));
    assert_eq!(b.test(fb, Write, 5..=5), held(Read, 0..));
    refused(b.lock(fb, Write, 5..=5));
    granted(b.lock(fb, Read, 5..=5));
    refused(flock(&a, fa, "ex"));
}

/// An NFS client needs write access for an exclusive flock, as flock(2) says.
fn needs_write_access(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "r"), b.open(&path, "rw"));
    assert_eq!(flock(&a, fa, "ex"), Err(Errno::BADF));
    granted(flock(&a, fa, "sh"));
    refused(flock(&b, fb, "ex"));
}
