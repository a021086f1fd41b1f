//! Clients that fall silent for longer than a lease: they keep their locks until somebody else wants them.

use std::thread;
use std::time::{Duration, Instant};

use super::handover::MEASURE;
use super::restart::{Claims, is_lost, restart, write_through};
use super::{cases, granted};
use crate::host::link::PATIENCE;
use crate::host::own::{End, Machine, Times};
use crate::host::stage::{Stage, until_granted};
use crate::host::worker::Kind::Write;
use crate::host::worker::finish_within;

const TIMES: Times = Times { lease: 12, grace: 12 };
const LEASE: Duration = Duration::from_secs(TIMES.lease as u64);
/// A waiter polls at last each 30 s, so it has the lock by then even if nobody calls it.
const GRANT_MAX: Duration = Duration::from_secs(TIMES.lease as u64 + 45);

cases!("silence" with TIMES; dead_client, back_before_anybody_asked, taken_before_a_reboot);

/// The lock of a client that is never heard again goes to the waiter when the lease is over.
fn dead_client(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    let before = Instant::now();
    granted(a.lock(fa, Write, 0..));
    stage.pair.a.pull_plug();
    let cut = Instant::now();
    let waiter = b.lock_wait(fb, Write, 0..);
    finish_within(waiter, GRANT_MAX).expect("granted");
    assert!(before.elapsed() >= LEASE, "granted {:?} after the holder's last call", before.elapsed());
    if std::env::var_os(MEASURE).is_some() {
        let late = cut.elapsed().saturating_sub(LEASE);
        stage.tell(&format!(
            "end of a dead client's lease to grant of the waiter: {:.1} s",
            late.as_secs_f64()
        ));
    }
    stage.pair.a.plug_in();
    is_lost(stage, &stage.pair.a, &a, fa);
}

/// The lease runs out and nobody cares: the client goes on as if nothing had been.
fn back_before_anybody_asked(stage: &Stage<'_>) {
    let claims = Claims::take(stage, "lock", &stage.pair.a, &stage.pair.b);
    let a = stage.a();
    let fa = a.open(&stage.file("file"), "rw");
    granted(a.lock(fa, Write, 0..));
    stage.pair.a.pull_plug();
    // This is about time that passes. A renewal that was under way when the plug was pulled is in the second.
    thread::sleep(LEASE + Duration::from_secs(1));
    stage.pair.a.plug_in();
    assert_eq!(write_through(&a, fa), Ok(()), "I/O under a lock that nobody else had");
    claims.are_held(PATIENCE);
    claims.give_up();
}

/// The lease runs out, another has the lock for a while, and then the server loses what it had in memory. In the grace
/// period the silent client must not get back what it last heard that it held (RFC 8881 §8.4.3, the first edge condition).
fn taken_before_a_reboot(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    granted(a.lock(fa, Write, 0..));
    stage.pair.a.pull_plug();
    until_granted(|| b.lock(fb, Write, 0..)).expect("no error but EAGAIN");
    b.unlock(fb, 0..);
    // The server waits for B, which has the file open: A meets a grace period.
    stage.pair.b.pull_plug();
    restart(stage, End::Kill, Machine::Reboots);
    stage.pair.a.plug_in();
    is_lost(stage, &stage.pair.a, &a, fa);
    stage.pair.b.plug_in();
    assert_eq!(write_through(&b, fb), Ok(()), "I/O of a client that came back");
    granted(b.lock(fb, Write, 0..));
}
