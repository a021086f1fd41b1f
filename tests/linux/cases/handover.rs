//! Locks that go from hand to hand because the server calls the waiter (CB_NOTIFY_LOCK).
//!
//! With the callback Linux sleeps 30 s between two requests, in `wait_woken`; without it, it polls after 1, 2, 4 … s and
//! sleeps elsewhere. So a waiter that slept there, and has its lock sooner than 30 s after it began, was called.

use std::thread;
use std::time::{Duration, Instant};

use super::{cases, granted};
use crate::host::guest::Guest;
use crate::host::link::{PATIENCE, Pending};
use crate::host::stage::Stage;
use crate::host::worker::Kind::Write;
use crate::host::worker::{Fd, Worker, finish, outcome};

cases!("handover" since "4.1": by_callback, in_order, past_a_killed_waiter);

/// Where a process sleeps whose LOCK was denied and that is going to be called.
const SLEEPS: &str = "wait_woken";
/// Sooner than this is without a poll: Linux's 30 s, less what clocks may differ.
const POLL: Duration = Duration::from_secs(25);
/// Handovers of `by_callback`, unless the variable says how many to measure.
const HANDOVERS: u32 = 5;
/// Set, figures are measured and told.
pub const MEASURE: &str = "LOCKHOUSE_LINUX_MEASURE";

/// A process that waits for the whole file, and since when.
struct Waiter {
    pending: Pending,
    begun: Instant,
}

impl Waiter {
    /// Lets `worker` wait; at the return the server has put it into its queue.
    #[track_caller]
    fn join(guest: &Guest, worker: &Worker, file: Fd) -> Self {
        let begun = Instant::now();
        let pending = worker.lock_wait(file, Write, 0..);
        guest.await_sleep(worker, SLEEPS);
        assert!(pending.ready().is_none(), "the lock is held by another");
        Self { pending, begun }
    }

    /// Waits until it has the lock, which it must not have got by polling.
    #[track_caller]
    fn called(self) {
        finish(self.pending).expect("granted");
        let took = self.begun.elapsed();
        assert!(took < POLL, "granted {took:?} after it began to wait: by a poll");
    }
}

/// The lock goes to the waiter at once.
fn by_callback(stage: &Stage<'_>) {
    let measured = std::env::var(MEASURE).ok().map(|count| count.parse().expect("a count of handovers"));
    let path = stage.file("file");
    let (a, b) = (stage.a(), stage.b());
    let (fa, fb) = (a.open(&path, "rw"), b.open(&path, "rw"));
    let (mut free, mut handovers, mut trips) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..measured.unwrap_or(HANDOVERS) {
        free.push(timed(|| granted(a.lock(fa, Write, 0..))));
        let waiter = Waiter::join(&stage.pair.b, &b, fb);
        let start = Instant::now();
        let unlocked = a.start_unlock(fa, 0..);
        waiter.called();
        handovers.push(start.elapsed());
        finish(unlocked).expect("unlocked");
        b.unlock(fb, 0..);
        trips.push(timed(|| drop(b.must_on(fb, "read", "0 0"))));
    }
    if measured.is_some() {
        stage.tell(&format!("unlock of the holder to grant of the waiter: {}", summary(handovers)));
        stage.tell(&format!("lock that is free, for comparison: {}", summary(free)));
        stage.tell(&format!("command to a guest without the server: {}", summary(trips)));
    }
}

fn timed(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

/// `N times, median M ms (min .. max)`.
fn summary(mut times: Vec<Duration>) -> String {
    times.sort();
    let ms = |index: usize| times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0);
    let count = times.len();
    format!(
        "{count} times, median {:.1} ms, min {:.1} ms, max {:.1} ms",
        ms(count / 2),
        ms(0),
        ms(count.saturating_sub(1))
    )
}

/// Ten waiters of two clients get the lock in the order in which they came. The holder has a mount of its own, else
/// the waiters of its client would wait in their kernel.
fn in_order(stage: &Stage<'_>) {
    let path = stage.file("file");
    let holder = stage.a();
    let held = holder.open(&format!("{}/file", stage.extra_mount(",nosharecache")), "rw");
    granted(holder.lock(held, Write, 0..));
    let guests = [&stage.pair.a, &stage.pair.b];
    let workers: Vec<_> = (0..10).map(|index| guests[index % 2].worker()).collect();
    let files: Vec<_> = workers.iter().map(|worker| worker.open(&path, "rw")).collect();
    let queue: Vec<_> = workers
        .iter()
        .zip(&files)
        .enumerate()
        .map(|(index, (worker, file))| Waiter::join(guests[index % 2], worker, *file).pending)
        .collect();
    holder.close(held);
    let mut served = Vec::new();
    for _ in &queue {
        let next = first_ready(&queue);
        served.push(next);
        workers[next].unlock(files[next], 0..);
    }
    assert_eq!(served, (0..10).collect::<Vec<_>>(), "served in another order than they came");
}

/// Which of them has got its lock; each is named once.
#[track_caller]
fn first_ready(queue: &[Pending]) -> usize {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        for (index, waiter) in queue.iter().enumerate() {
            if let Some(answer) = waiter.ready() {
                outcome("a waiting command", answer).expect("granted");
                return index;
            }
        }
        thread::sleep(Duration::from_millis(1));
    }
    panic!("nobody gets the lock")
}

/// Linux answers the call for a dead process as for a living one; the next in the queue must not wait long for it.
fn past_a_killed_waiter(stage: &Stage<'_>) {
    let path = stage.file("file");
    let (a, first, second) = (stage.a(), stage.b(), stage.b());
    let held = a.open(&path, "rw");
    let (f1, f2) = (first.open(&path, "rw"), second.open(&path, "rw"));
    granted(a.lock(held, Write, 0..));
    let _dead = Waiter::join(&stage.pair.b, &first, f1);
    let waiter = Waiter::join(&stage.pair.b, &second, f2);
    stage.pair.b.signal(&first, "SIGKILL");
    stage.pair.b.await_end(&first);
    let took = timed(|| {
        a.unlock(held, 0..);
        waiter.called();
    });
    if std::env::var_os(MEASURE).is_some() {
        stage.tell(&format!(
            "unlock of the holder to grant of the waiter behind a dead one: {}",
            summary(vec![took])
        ));
    }
}
