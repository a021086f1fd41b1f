//! The watermark of commits and the mailboxes of workers under many orders in which threads can run (`shuttle`).
//!
//! Their source files are built here a second time, with the primitives of `shuttle` in the place of those of `std`.

#![allow(dead_code, unused_imports, reason = "the files have more than these tests use")]
#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

mod sync {
    pub use shuttle::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
    pub use shuttle::sync::{Arc, Condvar, Mutex, MutexGuard};
}

#[path = "../../src/commits/watermark.rs"]
mod watermark;

mod receiver;

use receiver::Receiver;
use shuttle::thread;
use sync::{Arc, AtomicU64, AtomicUsize, Ordering};

use watermark::Commits;

/// Orders tried of each test, and most changes of thread in one of them that were not forced.
const RUNS: usize = 2000;
const CHANGES: usize = 4;

fn check(test: fn()) {
    shuttle::check_random(test, RUNS);
    shuttle::check_pct(test, RUNS, CHANGES);
}

/// Threads complete numbers in any order: the watermark comes to the end, never goes back, and never passes a number that
/// is not complete.
#[test]
fn the_watermark_ends_at_the_last_number() {
    check(|| {
        let (commits, completed) = (Arc::new(Commits::default()), Arc::new(AtomicU64::new(0)));
        let threads: Vec<_> = [[2, 5], [3, 1], [4, 6]]
            .into_iter()
            .map(|numbers| {
                let (commits, completed) = (commits.clone(), completed.clone());
                thread::spawn(move || {
                    for number in numbers {
                        let before = commits.durable();
                        completed.fetch_or(1 << number, Ordering::SeqCst);
                        commits.complete(number);
                        let durable = commits.durable();
                        assert!(before <= durable);
                        let all = completed.load(Ordering::SeqCst);
                        assert!((1..=6).all(|number| !durable.covers(number) || all & 1 << number != 0));
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert!(commits.durable().covers(6) && !commits.durable().covers(7));
    });
}

/// A subscriber that goes to sleep after it was told to wait is woken when its number is durable.
#[test]
fn no_wake_up_is_lost() {
    check(|| {
        let commits = Arc::new(Commits::default());
        let woken = Arc::new(AtomicUsize::new(0));
        let count = woken.clone();
        let subscriber = commits.register(move || {
            count.fetch_add(1, Ordering::SeqCst);
        });
        let threads: Vec<_> = [1, 2]
            .into_iter()
            .map(|number| {
                let commits = commits.clone();
                thread::spawn(move || commits.complete(number))
            })
            .collect();
        let sleeps = commits.wake_at(subscriber, 2);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert!(commits.durable().covers(2));
        assert_eq!(woken.load(Ordering::SeqCst), usize::from(sleeps));
    });
}

/// Each message arrives, in the order of its sender, and the receiver never sleeps over one.
#[test]
fn every_message_arrives() {
    check(|| {
        let receiver = Receiver::new();
        let senders: Vec<_> = [10, 20]
            .into_iter()
            .map(|first| {
                let receiver = receiver.clone();
                thread::spawn(move || (first..first + 2).for_each(|message| receiver.send(message)))
            })
            .collect();
        let mut got = Vec::new();
        while got.len() < 4 {
            got.extend(receiver.sleep());
        }
        senders.into_iter().for_each(|sender| sender.join().unwrap());
        for sender in [10, 20] {
            assert!(got.iter().filter(|message| *message / 10 * 10 == sender).is_sorted());
        }
        got.sort_unstable();
        assert_eq!(got, [10, 11, 20, 21]);
    });
}

/// Whoever waits for the end gets there, also when a commit fails.
#[test]
fn a_thread_that_waits_goes_on() {
    check(|| {
        let commits = Arc::new(Commits::default());
        let other = commits.clone();
        let thread = thread::spawn(move || [2, 1, 3].into_iter().for_each(|number| other.complete(number)));
        assert!(commits.wait(2));
        assert!(commits.wait(3));
        thread.join().unwrap();
    });
    check(|| {
        let commits = Arc::new(Commits::default());
        let other = commits.clone();
        let thread = thread::spawn(move || {
            other.complete(1);
            other.fail("as the test wants");
        });
        assert!(!commits.wait(2));
        thread.join().unwrap();
    });
}

/// The protocol of workers as a whole: a reply is held by the newest number and leaves once, when what it has seen is
/// durable, and no worker sleeps over it. Two workers change the same counter under one lock.
#[test]
fn every_reply_leaves_and_none_before_what_it_has_seen() {
    check(|| {
        let commits = Arc::new(Commits::default());
        let core = Arc::new(sync::Mutex::new(0u64));
        let (submit, submitted) = shuttle::sync::mpsc::channel();
        let workers: Vec<_> = [true, false]
            .into_iter()
            .map(|changes| {
                let (commits, core, submit) = (commits.clone(), core.clone(), submit.clone());
                thread::spawn(move || worker(&commits, &core, changes.then_some(submit)))
            })
            .collect();
        drop(submit);
        // The store: completes each pair in the reverse order.
        let mut numbers: Vec<u64> = submitted.iter().collect();
        numbers.reverse();
        numbers.into_iter().for_each(|number| commits.complete(number));
        workers.into_iter().for_each(|worker| worker.join().unwrap());
    });
}

/// Makes two replies, each of which has seen the counter, and waits until they may leave.
fn worker(
    commits: &Arc<Commits>,
    core: &Arc<sync::Mutex<u64>>,
    submit: Option<shuttle::sync::mpsc::Sender<u64>>,
) {
    let receiver = Receiver::new();
    let waker = receiver.clone();
    let subscriber = commits.register(move || waker.wake());
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut core = core.lock().unwrap();
        if let Some(submit) = &submit {
            *core = commits.assign();
            submit.send(*core).unwrap();
        }
        held.push((commits.assigned(), *core));
    }
    drop(submit);
    for (number, seen) in held {
        while !commits.durable().covers(number) {
            if commits.wake_at(subscriber, number) {
                receiver.sleep();
            }
        }
        assert!(commits.durable().covers(seen));
    }
}
