//! A client that polls, among clients that the server calls.
//!
//! A 4.0 client asks after 1, 2, 4, 8, 16 and then each 30 s. The others ask the moment the lock is free, so it is never
//! free when the poller asks, unless the server sees to it.

use std::thread;
use std::time::{Duration, Instant};

use super::{cases, granted};
use crate::host::own::Times;
use crate::host::stage::Stage;
use crate::host::worker::Kind::Write;
use crate::host::worker::{Worker, finish_within};

cases!("fairness" since "4.2", Some(Times { lease: 90, grace: 5 }); poller_among_called);

/// After so long the poller asks each 30 s: it has asked after 61 s and will after 91 s.
const POLLS_SLOWLY: Duration = Duration::from_secs(64);
/// Twice the poller's interval, and what a busy machine needs.
const SERVED_MAX: Duration = Duration::from_secs(72);

/// It is not passed over for more than twice its own interval.
fn poller_among_called(stage: &Stage<'_>) {
    let path = stage.file("file");
    let polling = stage.mount_in_a("4.0", "");
    let other = stage.extra_mount(",nosharecache");
    let holder = stage.b();
    let held = holder.open(&path, "rw");
    granted(holder.lock(held, Write, 0..));
    let poller = stage.a();
    let file = poller.open(&format!("{polling}/file"), "rw");
    let waiter = poller.lock_wait(file, Write, 0..);
    thread::sleep(POLLS_SLOWLY);
    assert!(waiter.ready().is_none(), "the lock is held by another");
    // The same file under each mount; on one mount a client would decide it between its own processes.
    let paths = [path.clone(), path, format!("{other}/file"), format!("{other}/file")];
    let workers = [stage.a(), stage.b(), stage.a(), stage.b()];
    holder.must_on(held, "write", "0 0");
    let start =
        |(worker, path): (&Worker, &String)| worker.start(&format!("counter fcntl-wait {path} 1000000 0"));
    let _running: Vec<_> = workers.iter().zip(&paths).map(start).collect();
    holder.unlock(held, 0..);
    let begun = Instant::now();
    finish_within(waiter, SERVED_MAX).expect("granted");
    let count = poller.must_on(file, "read", "0 20");
    stage.tell(&format!(
        "the poller has the lock after {:.1} s; the others had it {} times",
        begun.elapsed().as_secs_f64(),
        number(&count)
    ));
}

/// The number that is written in these bytes, given in hex.
fn number(hex: &str) -> String {
    let digits = hex.as_bytes().chunks(2).take_while(|pair| pair.starts_with(b"3"));
    digits.filter_map(|pair| pair.get(1).map(|digit| char::from(*digit))).collect()
}
