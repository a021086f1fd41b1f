//! Clients that poll as Linux does, in a simulation of their own: who gets the lock when, and how long the work takes.

use super::*;
use LockKind::Write;
use std::collections::BTreeMap;

const ALL: Range = Range::WHOLE;
/// A round trip, and how long the lock is held, in milliseconds.
const TRIP: u64 = 1;

/// One process that locks, works and unlocks in a loop, polling as Linux does.
struct Worker {
    process: Process,
    hold: u64,
    left: u32,
    /// What it does next: unlock, or ask.
    holds: bool,
    backoff: u64,
    /// When it was last served.
    served: Time,
    longest: Duration,
}

/// Lets all work, until they are done or the time is over. Answers the seconds that took.
fn work(w: &mut World, workers: &mut [Worker], limit: u64) -> f64 {
    let start = w.now;
    let mut due: BTreeMap<(Time, usize), ()> = (0..workers.len())
        .map(|index| ((w.now + Duration::from_millis(7 * index as u64), index), ()))
        .collect();
    let mut end = w.now;
    while let Some(((when, index), ())) = due.pop_first() {
        if when > start + Duration::from_secs(limit) {
            break;
        }
        w.pass_ms(when.saturating_sub(w.now).as_millis() as u64);
        let worker = &mut workers[index];
        w.core.renew(w.now, worker.process.client).unwrap();
        let wait = if worker.holds {
            w.locku(&mut worker.process, "f", ALL).unwrap();
            worker.holds = false;
            worker.left -= 1;
            end = w.now;
            if worker.left == 0 {
                worker.longest = worker.longest.max(Duration::ZERO);
                continue;
            }
            worker.served = w.now;
            TRIP
        } else if is_granted(&w.lockw(&mut worker.process, "f", ALL, Write)) {
            worker.longest = worker.longest.max(w.now.saturating_sub(worker.served));
            (worker.holds, worker.backoff) = (true, 0);
            worker.hold
        } else {
            worker.backoff = (worker.backoff * 2).clamp(1000, 30_000);
            worker.backoff
        };
        due.insert((w.now + Duration::from_millis(wait.max(1)), index), ());
    }
    (end - start).as_secs_f64()
}

fn workers(w: &mut World, clients: usize, each: usize, hold: u64, left: u32) -> Vec<Worker> {
    let mut all = Vec::new();
    for client in 0..clients {
        let name: &'static str = Box::leak(format!("client {client}").into_boxed_str());
        let first = w.process(name, "f");
        for number in 0..each {
            let name: &'static str = Box::leak(format!("{client}.{number}").into_boxed_str());
            let mut process = Process::of(first.client, name);
            w.open(&mut process, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
            let (holds, backoff, served, longest) = (false, 0, w.now, Duration::ZERO);
            all.push(Worker { process, hold, left, holds, backoff, served, longest });
        }
    }
    all
}

/// Two guests with two processes each increment a counter 240 times: other servers need 5 to 8 seconds.
#[test]
fn a_counter_is_incremented_at_the_pace_of_who_holds_the_lock() {
    for (clients, each) in [(2, 2), (4, 1), (1, 4)] {
        for hold in [4, 8, 15] {
            let mut w = World::new();
            let mut all = workers(&mut w, clients, each, hold, 60);
            let took = work(&mut w, &mut all, 200);
            assert!(all.iter().all(|worker| worker.left == 0), "{clients} × {each}, {hold} ms: {took} s");
            assert!(took < 8.0 + 240.0 * hold as f64 / 1000.0, "{clients} × {each}, {hold} ms: {took} s");
        }
    }
}

/// Six threads of one client, as OFD locks or flock.
#[test]
fn six_of_one_client_get_their_work_done() {
    let mut w = World::new();
    let mut all = workers(&mut w, 1, 6, 10, 15);
    let took = work(&mut w, &mut all, 200);
    assert!(all.iter().all(|worker| worker.left == 0) && took < 24.0, "{took} s");
}

/// Nobody waits for ever behind those that ask all the time: not for longer than the polls up to twice its own interval.
#[test]
fn nobody_that_polls_starves() {
    for hold in [3, 40, 400] {
        let mut w = World::new();
        let mut all = workers(&mut w, 3, 1, hold, u32::MAX);
        work(&mut w, &mut all, 600);
        for worker in &all {
            let waits = w.now.saturating_sub(worker.served).max(worker.longest);
            assert!(waits < Duration::from_secs(1 + 2 + 4 + 8 + 16), "{hold} ms: {waits:?}");
        }
    }
}

/// One that polls each 30 seconds among clients that are called and come at once.
#[test]
fn one_that_polls_seldom_is_not_passed_over_for_ever() {
    for hold in [5, 300, 2000] {
        let mut w = World::new();
        let mut poller = w.process("poller", "f");
        let (_, first) = w.session_process("first", 1, "f");
        let (_, second) = w.session_process("second", 2, "f");
        let mut called = [first, second];
        assert!(is_granted(&w.lock(&mut called[0], "f", ALL, Write)));
        denied_by(&w.lockw(&mut called[1], "f", ALL, Write));
        denied_by(&w.lockw(&mut poller, "f", ALL, Write));
        let (mut polls_at, start, mut holder) = (w.now + Duration::from_secs(30), w.now, Some(0));
        let mut grants = 0;
        loop {
            assert!(w.now < start + Duration::from_secs(95), "{hold} ms: passed over {grants} times");
            w.core.renew(w.now, poller.client).unwrap();
            if let Some(at) = holder.take() {
                w.pass_ms(hold);
                w.locku(&mut called[at], "f", ALL).unwrap();
                // It asks again at once.
                denied_by(&w.lockw(&mut called[at], "f", ALL, Write));
            } else {
                w.pass_ms(5);
            }
            if w.now >= polls_at {
                if is_granted(&w.lockw(&mut poller, "f", ALL, Write)) {
                    break;
                }
                polls_at += Duration::from_secs(30);
            }
            for call in w.core.take_callbacks(w.now) {
                let at = usize::from(&*call.owner().owner == b"second");
                w.core.callback_answered(w.now, call.connection, call.id, CallbackAnswer::Done(Status::Ok));
                if is_granted(&w.lockw(&mut called[at], "f", ALL, Write)) {
                    (holder, grants) = (Some(at), grants + 1);
                }
            }
        }
        assert!(grants > 0);
    }
}
