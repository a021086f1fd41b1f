//! Restarts of the server on a machine that stays up: nobody but the connections notices.
//!
//! The grace time is longer than anything here waits, so a server that has one fails. So is the lease: else a silent
//! client would renew, notice a cold restart, reclaim, and with that end the grace period before it is seen.

use std::fs;
use std::time::Duration;

use super::restart::{Claims, count_through, new_lock, restart};
use super::{cases, granted, refused};
use crate::host::own::{End, Machine, Times};
use crate::host::stage::{Stage, until};
use crate::host::worker::Kind::Write;
use crate::host::worker::{finish, finish_within};

cases!("warm" with Times { lease: 300, grace: 300 };
    io_and_locks_go_on, twice_and_a_clean_stop, clean_stop_before_reboot, contention_fcntl, contention_flock,
    contention_waiting, waiter_is_not_forgotten,
);

/// Much longer than clients take to connect again, much shorter than the grace time.
const SOON: Duration = Duration::from_secs(60);

/// So much is written in all, and so much must be written when the server is killed.
const IO_BYTES: u64 = 16 << 20;
const IO_BEGUN_BYTES: u64 = 2 << 20;

/// A client writes a file under a lock all the time, and its other locks of every kind stay what they were.
fn io_and_locks_go_on(stage: &Stage<'_>) {
    let claims = Claims::take(stage, "lock", &stage.pair.a, &stage.pair.b);
    claims.are_held(SOON);
    let writer = stage.a();
    let file = writer.open(&stage.path("big"), "rwcd");
    granted(writer.lock(file, Write, 0..));
    let pattern = format!("0 {IO_BYTES} 1");
    let writing = writer.start_on(file, "fill", &pattern);
    await_size(stage, "big", IO_BEGUN_BYTES);
    stage.end_server(End::Kill);
    assert!(writing.ready().is_none(), "the server was killed too late");
    stage.start_server(Machine::Stays);
    claims.are_held(SOON);
    new_lock(stage, &stage.pair.b, SOON);
    finish_within(writing, SOON).expect("written");
    writer.must_on(file, "verify", &pattern);
    let rival = stage.b();
    let wanted = rival.open(&stage.path("big"), "rw");
    refused(rival.lock(wanted, Write, 0..));
    claims.are_held(SOON);
    claims.give_up();
    writer.close(file);
    granted(rival.lock(wanted, Write, 0..));
    rival.must_on(wanted, "verify", &pattern);
}

/// Waits until the server has so much of a file.
#[track_caller]
fn await_size(stage: &Stage<'_>, name: &str, bytes: u64) {
    let path = stage.host_path(name).expect("the server is ours");
    until("the file has grown", || fs::metadata(&path).map_or(0, |found| found.len()) >= bytes);
}

/// What a restart found is there for the next one, and a clean end keeps as much as a crash.
fn twice_and_a_clean_stop(stage: &Stage<'_>) {
    let ends = [End::Kill, End::Kill, End::Stop, End::Kill];
    kept(stage, &ends.map(|end| (end, Machine::Stays)));
}

/// A server that ended cleanly has written everything to the disk: the reboot loses nothing.
fn clean_stop_before_reboot(stage: &Stage<'_>) {
    kept(stage, &[(End::Stop, Machine::Reboots), (End::Kill, Machine::Stays)]);
}

/// Both clients keep locks of every kind over these restarts, and get new ones at once after each.
#[track_caller]
fn kept(stage: &Stage<'_>, restarts: &[(End, Machine)]) {
    let (a, b) = (&stage.pair.a, &stage.pair.b);
    let claims = [Claims::take(stage, "a", a, b), Claims::take(stage, "b", b, a)];
    for (end, machine) in restarts {
        restart(stage, *end, *machine);
        new_lock(stage, b, SOON);
        claims.iter().for_each(|claims| claims.are_held(SOON));
        new_lock(stage, a, SOON);
    }
    claims.into_iter().for_each(Claims::give_up);
}

fn contention_fcntl(stage: &Stage<'_>) {
    count_through(stage, "fcntl-try", 40, 2, Machine::Stays);
}

fn contention_flock(stage: &Stage<'_>) {
    count_through(stage, "flock-try", 40, 2, Machine::Stays);
}

/// Processes wait in the kernel, so the queue is rarely empty when the server is killed.
fn contention_waiting(stage: &Stage<'_>) {
    count_through(stage, "fcntl-wait", 3, 1, Machine::Stays);
}

/// F_SETLKW behind the other client's lock: after the restart it still waits, and gets the lock when that is given up.
fn waiter_is_not_forgotten(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    granted(a.lock(fa, Write, 0..));
    let waiter = b.lock_wait(fb, Write, 0..);
    // By then the LOCK of the waiter, sent before over the same connection, has been denied.
    new_lock(stage, &stage.pair.b, SOON);
    restart(stage, End::Kill, Machine::Stays);
    new_lock(stage, &stage.pair.b, SOON);
    assert!(waiter.ready().is_none(), "the holder has not let go");
    a.unlock(fa, 0..);
    finish(waiter).expect("granted");
    refused(a.lock(fa, Write, 0..));
}
