//! The same for waiting: queues of one file are lists that a command looks through once or a few times, so work may grow in
//! proportion to the length of one queue, which `Config::waiters_per_file_max` bounds, and to nothing else: not to the
//! number of queues, not to the square of a length, not to the edges of a web of owners.

use super::super::session_client::SessionClient;
use super::*;
use crate::state::{CallbackAnswer, CallbackCall};
use std::collections::BTreeMap;

/// Files with waiters, and waiters of each: more than what an alarm looks at in one go, in both directions.
const BASE: (u64, u64) = (20, 40);
const LONGER: (u64, u64) = (20, 320);
const WIDER: (u64, u64) = (60, 40);
/// How often one command or alarm may go through a queue: 16 offers, 8 alarms and 4 files of a scan, each at most twice.
const PASSES: u64 = 40;
/// Steps that are the same however much there is: 128 of a search are the most of them.
const ALWAYS: u64 = 400;

/// The dearest of each kind of command and alarm.
type Steps = BTreeMap<&'static str, u64>;

fn measure<T>(steps: &mut Steps, what: &'static str, w: &mut World, run: impl FnOnce(&mut World) -> T) -> T {
    w.take_changes();
    take_steps();
    let answer = run(w);
    let most = steps.entry(what).or_default();
    *most = (*most).max(take_steps());
    answer
}

fn alarms(steps: &mut Steps, what: &'static str, w: &mut World, seconds: u64) {
    let until = w.now + Duration::from_secs(seconds);
    while w.core.next_alarm() <= until {
        w.now = w.now.max(w.core.next_alarm());
        measure(steps, what, w, |w| w.core.on_alarm(w.now));
    }
    w.now = until;
}

/// Compares what `run` takes with longer queues, and with more of them.
fn grows_with_one_queue_at_most(what: &str, run: impl Fn(&mut World, &mut Steps, (u64, u64))) {
    let [base, longer, wider] = [BASE, LONGER, WIDER].map(|size| {
        let (mut w, mut steps) = (World::with(config()), Steps::new());
        run(&mut w, &mut steps, size);
        steps
    });
    for (label, most) in &base {
        let (longer, wider) = (longer[label], wider[label]);
        let fine = longer <= PASSES * LONGER.1 + ALWAYS && wider <= most + ALWAYS;
        assert!(fine, "{what}, {label}: {most} steps with {BASE:?}, {longer} {LONGER:?}, {wider} {WIDER:?}");
    }
}

struct Crowd {
    files: Vec<&'static str>,
    holder: Process,
    /// Who waits, as one process at a time, and its client if it can be called.
    waiter: Process,
    called: Option<SessionClient>,
}

/// One client holds all of each file, and each has so many waiters of another client.
fn crowd(w: &mut World, steps: &mut Steps, called: bool, (files, waiters): (u64, u64)) -> Crowd {
    let mut holder = w.process("holder", "another");
    let (called, client) = match called {
        true => {
            let client = w.session_client("waiter", 1);
            (Some(client), client.client)
        }
        false => (None, w.client("waiter")),
    };
    let files: Vec<&'static str> = (0..files).map(|number| &*format!("file {number}").leak()).collect();
    let mut waiter = Process::of(client, "waiter");
    for (number, file) in (0..).zip(&files) {
        for who in [&mut holder, &mut waiter] {
            w.open(who, file, ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        }
        assert!(is_granted(&w.lock(&mut holder, file, ALL, Write)));
        for place in 0..waiters {
            let mut one = another(&waiter, number, place);
            let asks = |w: &mut World| w.lockw(&mut one, file, ALL, Write);
            assert!(!is_granted(&measure(steps, "begin to wait", w, asks)));
            waiter.open_seqid = one.open_seqid;
        }
    }
    Crowd { files, holder, waiter, called }
}

/// Another process of the same machine.
fn another(waiter: &Process, file: u64, place: u64) -> Process {
    let mut one = waiter.clone();
    one.name = format!("{file} {place}").leak();
    one
}

impl Crowd {
    fn hold_again(&mut self, w: &mut World, steps: &mut Steps) {
        for file in self.files.clone() {
            // Whoever has a turn goes before it: that is what is to be counted.
            measure(steps, "LOCK", w, |w| w.lock(&mut self.holder, file, ALL, Write));
        }
    }

    fn unlock(&mut self, w: &mut World, steps: &mut Steps) -> Vec<CallbackCall> {
        let mut calls = Vec::new();
        for file in self.files.clone() {
            measure(steps, "LOCKU", w, |w| w.locku(&mut self.holder, file, ALL)).unwrap();
            calls.extend(measure(steps, "calls", w, |w| w.core.take_callbacks(w.now)));
        }
        calls
    }

    fn renew(&self, w: &mut World) {
        w.core.renew(w.now, self.holder.client).unwrap();
        w.core.renew(w.now, self.waiter.client).unwrap();
    }
}

#[test]
fn locks_and_unlocks_where_very_many_wait() {
    for called in [false, true] {
        grows_with_one_queue_at_most(&format!("called: {called}"), |w, steps, size| {
            let mut crowd = crowd(w, steps, called, size);
            for _ in 0..3 {
                let calls = crowd.unlock(w, steps);
                for (call, refused) in calls.iter().zip([false, true].into_iter().cycle()) {
                    let answer = match refused {
                        true => CallbackAnswer::Refused,
                        false => CallbackAnswer::Done(Status::Ok),
                    };
                    let answered =
                        |w: &mut World| w.core.callback_answered(w.now, call.connection, call.id, answer);
                    measure(steps, "answer", w, answered);
                }
                crowd.hold_again(w, steps);
                let test = |w: &mut World| w.lockt(&crowd.waiter, "file 1", ALL, Write);
                measure(steps, "LOCKT", w, test);
                alarms(steps, "alarm", w, 1);
                crowd.hold_again(w, steps);
                // Of each queue the last one asks again.
                for (number, file) in (0..).zip(crowd.files.clone()) {
                    let mut one = another(&crowd.waiter, number, size.1 + 1);
                    measure(steps, "poll", w, |w| w.lockw(&mut one, file, ALL, Write));
                    measure(steps, "poll", w, |w| w.lockw(&mut one, file, ALL, Write));
                    crowd.waiter.open_seqid = one.open_seqid;
                }
                alarms(steps, "alarm", w, 30);
                crowd.renew(w);
            }
        });
    }
}

/// A client that answers no call, loses its connection, and binds another.
#[test]
fn a_client_with_very_many_waiters_that_answers_nothing() {
    grows_with_one_queue_at_most("silent", |w, steps, size| {
        let mut crowd = crowd(w, steps, true, size);
        crowd.unlock(w, steps);
        alarms(steps, "alarm", w, 10);
        let mut client = crowd.called.unwrap();
        measure(steps, "lost", w, |w| w.core.connection_lost(client.connection));
        alarms(steps, "alarm", w, 1);
        client.connection = ConnectionId(2);
        measure(steps, "SEQUENCE", w, |w| w.flags(&mut client)).unwrap();
        for _ in 0..20 {
            measure(steps, "calls", w, |w| w.core.take_callbacks(w.now));
        }
        alarms(steps, "alarm", w, 60);
    });
}

#[test]
fn very_many_waiters_that_leave_at_once() {
    for called in [false, true] {
        grows_with_one_queue_at_most(&format!("leave, called: {called}"), |w, steps, size| {
            let mut crowd = crowd(w, steps, called, size);
            let files = crowd.files.clone();
            measure(steps, "CLOSE", w, |w| w.close(&mut crowd.waiter, files[0])).unwrap();
            match called {
                true => {
                    let found = w.exchange_id("waiter", 2, ROOT, false).unwrap();
                    let create = super::super::session_client::create(found.clientid, found.sequence);
                    measure(steps, "restart", w, |w| w.create_session(&create)).unwrap();
                }
                false => {
                    let (id, confirm) = w.setclientid("waiter", 2, ROOT).unwrap();
                    let confirmed = |w: &mut World| w.core.setclientid_confirm(w.now, id, confirm, ROOT);
                    measure(steps, "restart", w, confirmed).unwrap();
                }
            }
            alarms(steps, "alarm", w, LEASE);
        });
    }
}

/// Readers that all want to write: each waits for each.
#[test]
fn a_web_of_very_many_owners() {
    grows_with_one_queue_at_most("web", |w, steps, (files, readers)| {
        let client = w.client("client");
        let mut process = Process::of(client, "process");
        let mut all = Vec::new();
        for number in 0..files {
            let file: &'static str = format!("file {number}").leak();
            w.open(&mut process, file, ShareAccess::BOTH, ShareDeny::NONE).unwrap();
            for place in 0..readers {
                let mut one = another(&process, number, place);
                assert!(is_granted(&measure(steps, "LOCK", w, |w| w.lock(&mut one, file, ALL, Read))));
                process.open_seqid = one.open_seqid;
                all.push((one, file));
            }
        }
        for _ in 0..3 {
            for (one, file) in &mut all {
                measure(steps, "LOCKW", w, |w| w.lockw(one, file, ALL, Write));
            }
            alarms(steps, "alarm", w, 5);
        }
    });
}
