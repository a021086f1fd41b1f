//! What ends a lock besides unlocking it.

use super::{cases, granted, refused};
use crate::host::stage::{Stage, until_granted};
use crate::host::worker::Kind::{Read, Write};
use crate::host::worker::{Fd, Worker, held};

cases!("release": by_close, by_close_of_any_descriptor, by_exit, by_kill, of_one_process_only, not_by_fork);

fn both(stage: &Stage<'_>) -> (Worker, Fd, Worker, Fd) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    granted(a.lock(fa, Write, 0..=9));
    granted(a.lock(fa, Read, 100..));
    refused(b.lock(fb, Write, 0..));
    (a, fa, b, fb)
}

/// Closing the file.
fn by_close(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    a.close(fa);
    granted(b.lock(fb, Write, 0..));
}

/// Closing any descriptor of the file in the process, as POSIX has it.
fn by_close_of_any_descriptor(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    let second = a.open(&stage.path("file"), "r");
    a.close(second);
    granted(b.lock(fb, Write, 0..));
    refused(a.lock(fa, Read, 0..=0));
}

/// The end of the process.
fn by_exit(stage: &Stage<'_>) {
    let (a, _, b, fb) = both(stage);
    a.must("exit");
    stage.pair.a.await_end(&a);
    granted(b.lock(fb, Write, 0..));
}

/// A sudden end. The client may send the unlock after the process is gone, so the lock follows soon, not at once.
fn by_kill(stage: &Stage<'_>) {
    let (a, _, b, fb) = both(stage);
    stage.pair.a.signal(&a, "SIGKILL");
    stage.pair.a.await_end(&a);
    until_granted(|| b.lock(fb, Write, 0..)).expect("no error but EAGAIN");
}

/// The locks of another process of the same client stay.
fn of_one_process_only(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    let second = stage.a();
    let fs = second.open(&stage.path("file"), "rw");
    granted(second.lock(fs, Write, 50..=59));
    granted(second.lock(fs, Read, 150..=159));
    a.close(fa);
    assert_eq!(b.test(fb, Write, 0..=99), held(Write, 50..=59));
    assert_eq!(b.test(fb, Write, 100..), held(Read, 150..=159));
    granted(b.lock(fb, Write, 0..=49));
}

/// A child does not inherit the locks, and its end does not end the parent's.
fn not_by_fork(stage: &Stage<'_>) {
    let (a, fa, b, fb) = both(stage);
    let child = stage.pair.a.fork(&a);
    refused(child.lock(fa, Read, 0..=9));
    child.must("exit");
    stage.pair.a.await_end(&child);
    assert_eq!(b.test(fb, Write, 0..=99), held(Write, 0..=9));
    a.unlock(fa, 0..);
    granted(b.lock(fb, Write, 0..));
}
