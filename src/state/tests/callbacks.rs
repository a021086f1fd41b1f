//! CB_NOTIFY_LOCK: who is called when, and what the answers do (RFC 8881 §20.11).

use super::session_client::{CHANNEL, SessionClient, create};
use super::*;
use LockKind::{Read, Write};

const ALL: Range = Range::WHOLE;

struct Scene {
    w: World,
    holder: Process,
    /// Two waiters with back channels over connections 1 and 2, in this order.
    clients: [SessionClient; 2],
    waiters: [Process; 2],
}

/// Somebody without sessions holds all of `f`, and two others wait.
fn scene() -> Scene {
    scene_with(Config::default())
}

fn scene_with(config: Config) -> Scene {
    let mut w = World::with(config);
    let mut holder = w.process("holder", "f");
    assert!(is_granted(&w.lock(&mut holder, "f", ALL, Write)));
    let (a, mut first) = w.session_process("first", 1, "f");
    let (b, mut second) = w.session_process("second", 2, "f");
    for waiter in [&mut first, &mut second] {
        assert_eq!(denied_by(&w.lockw(waiter, "f", ALL, Write)), "holder");
    }
    assert_eq!(w.core.take_callbacks(w.now), []);
    Scene { w, holder, clients: [a, b], waiters: [first, second] }
}

impl Scene {
    fn release(&mut self) {
        self.w.locku(&mut self.holder, "f", ALL).unwrap();
    }

    /// The calls that are due, by the names of those called.
    fn calls(&mut self) -> Vec<CallbackCall> {
        self.w.core.take_callbacks(self.w.now)
    }

    fn the_call(&mut self) -> CallbackCall {
        let mut calls = self.calls();
        assert_eq!(calls.len(), 1, "{calls:?}");
        calls.remove(0)
    }

    fn nobody_is_called(&mut self) {
        assert_eq!(self.calls(), []);
    }

    fn answer(&mut self, call: &CallbackCall, answer: CallbackAnswer) {
        self.w.core.callback_answered(self.w.now, call.connection, call.id, answer);
    }

    fn ask(&mut self, waiter: usize) -> LockReply {
        self.w.lockw(&mut self.waiters[waiter], "f", ALL, Write)
    }
}

const DONE: CallbackAnswer = CallbackAnswer::Done(Status::Ok);

fn called(call: &CallbackCall) -> &str {
    std::str::from_utf8(&call.owner().owner).unwrap()
}

#[test]
fn whose_turn_it_is_gets_one_call() {
    let mut s = scene();
    s.release();
    let call = s.the_call();
    assert_eq!(called(&call), "first");
    assert_eq!((call.connection, call.sessionid), (ConnectionId(1), s.clients[0].session));
    assert_eq!((call.slotid, call.sequenceid, call.highest_slotid, call.minor), (0, 1, 0, 1));
    assert_eq!((call.fh().clone(), call.owner().clientid), (fh("f"), s.clients[0].client));
    s.nobody_is_called();
    s.answer(&call, DONE);
    s.nobody_is_called();
    assert!(is_granted(&s.ask(0)));
    s.nobody_is_called();
    s.w.locku(&mut s.waiters[0], "f", ALL).unwrap();
    assert_eq!(called(&s.the_call()), "second");
}

/// So many milliseconds after a call that is not answered the next is called, while nothing is known of the client.
const UNKNOWN: u64 = 250;
/// And so many after an answer at most.
const ANSWERED: u64 = 100;

#[test]
fn a_lock_is_kept_for_a_few_round_trips() {
    for (answers, kept) in [(false, UNKNOWN), (true, 20)] {
        let mut s = scene();
        s.release();
        let call = s.the_call();
        if answers {
            // It answers at once: a few of its round trips are nothing.
            s.answer(&call, DONE);
        }
        s.w.pass_ms(kept - 1);
        assert_eq!(denied_by(&s.ask(1)), "first");
        s.nobody_is_called();
        // The end of the turn is an alarm, and wakes the next.
        s.w.pass_ms(1);
        assert_eq!(called(&s.the_call()), "second");
        assert!(is_granted(&s.ask(1)));
    }
}

#[test]
fn a_slow_client_gets_more_time_but_not_much() {
    for (trip, kept) in [(3, 20), (12, 48), (200, ANSWERED)] {
        let mut s = scene();
        s.release();
        let call = s.the_call();
        s.w.pass_ms(trip);
        s.answer(&call, DONE);
        s.w.pass_ms(kept.min(UNKNOWN - trip) - 1);
        assert_eq!(denied_by(&s.ask(1)), "first", "{trip}");
        s.nobody_is_called();
        s.w.pass_ms(1);
        assert_eq!(called(&s.the_call()), "second", "{trip}");
    }
}

/// A waiter that missed its turn counts for nothing until it asks again.
#[test]
fn one_that_was_killed_holds_up_nobody_for_long() {
    let mut s = scene();
    s.release();
    let call = s.the_call();
    s.answer(&call, DONE);
    s.w.pass_ms(ANSWERED);
    let readers = ["r1", "r2", "r3"].map(|name| s.w.process(name, "f"));
    // The second is gone too.
    let call = s.the_call();
    s.answer(&call, DONE);
    s.w.pass_ms(ANSWERED);
    for mut reader in readers {
        assert!(is_granted(&s.w.lock(&mut reader, "f", ALL, Read)));
    }
}

/// Twenty waiters of one client, all killed: together they hold others up no longer than one.
#[test]
fn many_that_were_killed_hold_others_up_no_longer_than_one() {
    for answers in [true, false] {
        let mut w = World::new();
        let mut holder = w.process("holder", "f");
        assert!(is_granted(&w.lock(&mut holder, "f", ALL, Write)));
        let client = w.session_client("many", 1).client;
        for number in 0..20 {
            let mut process = Process::of(client, Box::leak(format!("p{number}").into_boxed_str()));
            w.open(&mut process, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
            assert_eq!(denied_by(&w.lockw(&mut process, "f", ALL, Write)), "holder");
        }
        w.locku(&mut holder, "f", ALL).unwrap();
        let start = w.now;
        while !is_granted(&w.lock(&mut holder, "f", ALL, Write)) {
            for call in w.core.take_callbacks(w.now) {
                if answers {
                    w.core.callback_answered(w.now, call.connection, call.id, DONE);
                }
            }
            w.pass_ms(1);
        }
        assert!(w.now - start <= Duration::from_millis(UNKNOWN), "{answers}: {:?}", w.now - start);
    }
}

/// What shows that an owner does not wait any more ends what it keeps from others.
#[test]
fn signs_that_an_owner_waits_no_more_end_its_turn() {
    type Sign = fn(&mut Scene);
    let signs: [(&str, Sign); 5] = [
        ("LOCK without waiting", |s| drop(s.w.lock(&mut s.waiters[0], "f", bytes(0, 0), Read))),
        ("LOCK of something else", |s| drop(s.w.lockw(&mut s.waiters[0], "g", bytes(0, 0), Read))),
        ("LOCKU", |s| assert!(s.w.locku(&mut s.waiters[0], "g", ALL).is_ok())),
        ("CLOSE", |s| assert!(s.w.close(&mut s.waiters[0], "f").is_ok())),
        ("the end of its client", |s| {
            s.w.core.revoke(s.w.now, Revoke::Client(s.clients[0].client));
        }),
    ];
    for (what, sign) in signs {
        for while_held in [true, false] {
            let mut s = scene();
            let first = &mut s.waiters[0];
            s.w.open(first, "g", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
            assert!(is_granted(&s.w.lock(first, "g", bytes(5, 9), Write)));
            assert_eq!(denied_by(&s.ask(0)), "holder");
            if while_held {
                sign(&mut s);
            }
            s.release();
            let _ = s.calls();
            if !while_held {
                sign(&mut s);
            }
            let _ = s.calls();
            assert!(is_granted(&s.ask(1)), "{what}, {while_held}");
        }
    }
}

/// Linux frees a lock stateid some time after the LOCKU, often behind the next LOCK of the same process.
#[test]
fn one_that_frees_an_old_stateid_is_still_called() {
    let mut s = scene();
    s.w.locku(&mut s.holder, "f", bytes(0, 9)).unwrap();
    assert!(is_granted(&s.w.lock(&mut s.waiters[0], "f", bytes(0, 9), Read)));
    s.w.locku(&mut s.waiters[0], "f", bytes(0, 9)).unwrap();
    assert_eq!(denied_by(&s.ask(0)), "holder");
    let old = s.waiters[0].locks.remove("f").unwrap();
    s.w.core.free_stateid(s.w.now, &old).unwrap();
    s.release();
    assert_eq!(s.calls().iter().map(called).collect::<Vec<_>>(), ["first", "second"]);
    assert!(is_granted(&s.ask(0)), "nobody else has come yet");
}

/// Two processes that share an open file, and so the owner of its `flock`: one unlocks while the other waits.
#[test]
fn one_whose_owner_unlocks_what_it_waits_for_is_still_called() {
    let mut s = scene();
    s.w.locku(&mut s.holder, "f", bytes(0, 9)).unwrap();
    assert!(is_granted(&s.w.lock(&mut s.waiters[0], "f", bytes(0, 9), Read)));
    assert_eq!(denied_by(&s.ask(0)), "holder");
    s.w.locku(&mut s.waiters[0], "f", ALL).unwrap();
    s.release();
    assert_eq!(s.calls().iter().map(called).collect::<Vec<_>>(), ["first", "second"]);
    assert!(is_granted(&s.ask(0)), "nobody else has come yet");
}

#[test]
fn one_that_did_something_else_is_still_called() {
    let mut s = scene();
    s.w.open(&mut s.waiters[0], "g", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    // One of its threads does.
    assert!(is_granted(&s.w.lock(&mut s.waiters[0], "g", ALL, Write)));
    s.release();
    assert_eq!(s.calls().iter().map(called).collect::<Vec<_>>(), ["first", "second"]);
    assert!(is_granted(&s.ask(0)), "nobody else has come yet");
}

/// A writer behind readers that come and go: after a while it is asked whether it waits, and then it is not passed over.
#[test]
fn readers_that_come_and_go_do_not_starve_a_writer() {
    for lives in [true, false] {
        let mut w = World::new();
        let mut readers = ["r", "s"].map(|name| w.process(name, "f"));
        assert!(is_granted(&w.lock(&mut readers[0], "f", ALL, Read)));
        let (_, mut writer) = w.session_process("writer", 1, "f");
        assert_eq!(denied_by(&w.lockw(&mut writer, "f", ALL, Write)), "r");
        let mut turn = 1;
        let mut refused = false;
        for _ in 0..40 {
            refused = !is_granted(&w.lock(&mut readers[turn], "f", ALL, Read));
            if refused {
                break;
            }
            w.locku(&mut readers[1 - turn], "f", ALL).unwrap();
            turn = 1 - turn;
            for call in w.core.take_callbacks(w.now) {
                w.core.callback_answered(w.now, call.connection, call.id, DONE);
                if lives {
                    denied_by(&w.lockw(&mut writer, "f", ALL, Write));
                }
            }
            w.pass_ms(100);
        }
        assert_eq!(refused, lives);
        if lives {
            w.locku(&mut readers[1 - turn], "f", ALL).unwrap();
            assert_eq!(w.core.take_callbacks(w.now).len(), 1);
            assert!(is_granted(&w.lockw(&mut writer, "f", ALL, Write)));
        }
    }
}

#[test]
fn a_refusal_gives_the_next_its_chance_at_once() {
    for answer in [CallbackAnswer::Refused, CallbackAnswer::Done(Status::BadHandle)] {
        let mut s = scene();
        s.release();
        let call = s.the_call();
        s.answer(&call, answer);
        assert_eq!(called(&s.the_call()), "second");
        assert!(is_granted(&s.ask(1)), "{answer:?}");
        assert_eq!(denied_by(&s.ask(0)), "second", "it keeps its place");
        s.w.locku(&mut s.waiters[1], "f", ALL).unwrap();
        // A session at fault is not called again.
        assert_eq!(s.calls().len(), usize::from(answer != CallbackAnswer::Refused));
        assert!(is_granted(&s.ask(0)));
    }
}

#[test]
fn nobody_answers_for_others() {
    let mut s = scene();
    s.release();
    let call = s.the_call();
    s.w.core.callback_answered(s.w.now, ConnectionId(2), call.id, CallbackAnswer::Refused);
    s.nobody_is_called();
    assert_eq!(s.w.flags(&mut s.clients[0]), Ok(0));
    s.answer(&call, CallbackAnswer::Done(Status::BadHandle));
    assert_eq!(called(&s.the_call()), "second");
    s.answer(&call, CallbackAnswer::Refused);
    assert_eq!(s.w.flags(&mut s.clients[0]), Ok(0), "an answer counts once");
}

#[test]
fn a_call_whose_connection_is_lost_goes_out_again_over_another() {
    let mut s = scene();
    let bound = s.w.core.bind_conn_to_session(s.w.now, s.clients[0].session, ConnectionId(5), 2);
    assert_eq!(bound, Ok(2));
    s.release();
    let call = s.the_call();
    assert_eq!(call.connection, ConnectionId(5), "the last one bound");
    // One that carries nothing.
    s.w.core.connection_lost(ConnectionId(9));
    s.nobody_is_called();
    s.w.core.connection_lost(ConnectionId(5));
    let again = s.the_call();
    assert_eq!(again, CallbackCall { connection: ConnectionId(1), ..call.clone() });
    s.answer(&call, CallbackAnswer::Refused);
    s.nobody_is_called();
    s.answer(&again, CallbackAnswer::Done(Status::BadHandle));
    assert_eq!(called(&s.the_call()), "second");
}

#[test]
fn the_loss_of_another_connection_of_the_session_repeats_no_call() {
    let mut s = scene();
    s.w.core.bind_conn_to_session(s.w.now, s.clients[0].session, ConnectionId(5), 2).unwrap();
    s.release();
    assert_eq!(s.the_call().connection, ConnectionId(5));
    s.w.core.connection_lost(ConnectionId(1));
    s.nobody_is_called();
}

#[test]
fn a_call_without_a_connection_waits_for_one() {
    let mut s = scene();
    s.release();
    let call = s.the_call();
    s.w.core.connection_lost(ConnectionId(1));
    s.nobody_is_called();
    s.w.core.bind_conn_to_session(s.w.now, s.clients[0].session, ConnectionId(6), 3).unwrap();
    // Lost again before it went out: it goes out once, over the next.
    s.w.core.connection_lost(ConnectionId(6));
    s.nobody_is_called();
    s.w.core.bind_conn_to_session(s.w.now, s.clients[0].session, ConnectionId(7), 3).unwrap();
    assert_eq!(s.the_call(), CallbackCall { connection: ConnectionId(7), ..call });
    s.nobody_is_called();
}

#[test]
fn a_call_of_a_session_that_is_gone_does_not_go_out() {
    let mut s = scene();
    s.w.core.bind_conn_to_session(s.w.now, s.clients[0].session, ConnectionId(5), 2).unwrap();
    s.release();
    let call = s.the_call();
    s.w.core.connection_lost(ConnectionId(5));
    s.w.core.destroy_session(s.clients[0].session, ConnectionId(1), None).unwrap();
    s.nobody_is_called();
    s.answer(&call, CallbackAnswer::Refused);
    s.nobody_is_called();
}

#[test]
fn one_that_cannot_be_called_is_passed_over_at_once() {
    let mut s = scene();
    s.w.core.connection_lost(ConnectionId(1));
    s.release();
    assert_eq!(called(&s.the_call()), "second");
}

/// The first waiter's client has lost its only connection, and then the lock became free. The second was called and does
/// not come.
fn nobody_could_be_told() -> Scene {
    let mut s = scene();
    s.w.core.connection_lost(ConnectionId(1));
    s.release();
    let call = s.the_call();
    s.answer(&call, DONE);
    s
}

impl Scene {
    fn bind(&mut self, client: usize, connection: u64) {
        let (session, connection) = (self.clients[client].session, ConnectionId(connection));
        assert_eq!(self.w.core.bind_conn_to_session(self.w.now, session, connection, 2), Ok(2));
    }
}

#[test]
fn who_could_not_be_told_is_told_as_soon_as_it_binds_a_connection() {
    for later in [100, 5000, 20_000] {
        let mut s = nobody_could_be_told();
        s.w.pass_ms(later);
        s.nobody_is_called();
        s.bind(0, 6);
        let call = s.the_call();
        assert_eq!((called(&call), call.connection), ("first", ConnectionId(6)));
        s.w.pass_ms(50);
        assert_eq!(denied_by(&s.ask(1)), "first");
        s.answer(&call, DONE);
        assert!(is_granted(&s.ask(0)), "{later}");
    }
}

#[test]
fn who_was_told_once_or_cannot_have_the_lock_is_not_told_again() {
    // It was told over the connection before.
    let mut s = nobody_could_be_told();
    s.w.pass_ms(100);
    s.bind(0, 6);
    assert_eq!(called(&s.the_call()), "first");
    s.bind(0, 7);
    s.nobody_is_called();
    // It asked by itself.
    let mut s = nobody_could_be_told();
    s.w.pass_ms(100);
    assert!(is_granted(&s.ask(0)));
    s.bind(0, 6);
    s.nobody_is_called();
    // Another has the lock by now.
    let mut s = nobody_could_be_told();
    assert!(is_granted(&s.ask(1)));
    s.bind(0, 6);
    s.nobody_is_called();
    // Another client's connection, and one for calls to the server only, are no way to it.
    let mut s = nobody_could_be_told();
    s.w.pass_ms(100);
    s.bind(1, 6);
    s.w.core.bind_conn_to_session(s.w.now, s.clients[0].session, ConnectionId(7), 1).unwrap();
    s.nobody_is_called();
}

/// It asked again when the server, or its connection, had just come back, before it bound the back channel.
#[test]
fn who_asked_before_it_bound_a_connection_is_told_too() {
    for (freed_first, later) in [(true, 0), (true, 5000), (false, 0), (false, 5000)] {
        let mut s = scene();
        s.w.core.connection_lost(ConnectionId(1));
        assert_eq!(denied_by(&s.ask(0)), "holder");
        s.w.pass_ms(later);
        if freed_first {
            s.release();
            let call = s.the_call();
            assert_eq!(called(&call), "second");
            s.answer(&call, CallbackAnswer::Done(Status::BadHandle));
            s.nobody_is_called();
            s.bind(0, 6);
        } else {
            s.bind(0, 6);
            s.release();
        }
        let call = s.the_call();
        assert_eq!((called(&call), call.connection), ("first", ConnectionId(6)), "{freed_first} {later}");
        assert_eq!(denied_by(&s.ask(1)), "first");
        assert!(is_granted(&s.ask(0)));
    }
}

/// The call did not reach the one that waits: it is called again when its client has mended its back channel.
#[test]
fn whose_call_failed_is_called_over_the_next_connection() {
    let mut s = scene();
    s.release();
    let call = s.the_call();
    s.answer(&call, CallbackAnswer::Refused);
    assert_eq!(called(&s.the_call()), "second");
    s.w.pass_ms(5000);
    s.nobody_is_called();
    s.bind(0, 6);
    assert_eq!(called(&s.the_call()), "first");
    assert!(is_granted(&s.ask(0)));
}

#[test]
fn another_session_of_the_client_carries_the_call() {
    let mut s = scene();
    let command = CreateSession { connection: ConnectionId(8), ..create(s.clients[0].client, 2) };
    let other = s.w.create_session(&command).unwrap();
    s.w.core.connection_lost(ConnectionId(1));
    s.release();
    let call = s.the_call();
    assert_eq!((call.connection, call.sessionid), (ConnectionId(8), other.id));
}

/// The first client has one waiter on `f` and four on `g`, more than slots; both files have become free. Answers the
/// last of its waiters, who was not called, and the calls.
fn crowd() -> (Scene, Process, Vec<CallbackCall>) {
    let (mut s, last) = crowd_without_calls();
    let calls = s.calls();
    (s, last, calls)
}

fn crowd_without_calls() -> (Scene, Process) {
    let mut s = scene();
    let client = s.clients[0].client;
    s.w.open(&mut s.holder, "g", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert!(is_granted(&s.w.lock(&mut s.holder, "g", ALL, Write)));
    let mut more = ["p", "q", "r", "s"].map(|name| Process::of(client, name));
    for process in &mut more {
        s.w.open(process, "g", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        assert_eq!(denied_by(&s.w.lockw(process, "g", ALL, Read)), "holder");
    }
    s.release();
    s.w.locku(&mut s.holder, "g", ALL).unwrap();
    let [.., last] = more;
    (s, last)
}

#[test]
fn who_could_not_be_told_is_told_in_the_order_of_files_and_places() {
    let (mut s, _) = crowd_without_calls();
    s.w.core.connection_lost(ConnectionId(1));
    assert_eq!(called(&s.the_call()), "second");
    s.w.pass_ms(UNKNOWN);
    s.bind(0, 6);
    let calls = s.calls();
    assert_eq!(calls.iter().map(called).collect::<Vec<_>>(), ["first", "p", "q", "r"]);
    s.answer(&calls[0], DONE);
    assert_eq!(called(&s.the_call()), "s");
}

#[test]
fn calls_wait_for_a_slot() {
    let (mut s, _, calls) = crowd();
    let used: Vec<_> = calls.iter().map(|call| (call.slotid, call.sequenceid)).collect();
    assert_eq!(used, (0..CHANNEL.maxrequests).map(|slot| (slot, 1)).collect::<Vec<_>>());
    s.nobody_is_called();
    s.answer(&calls[2], DONE);
    let late = s.the_call();
    assert_eq!((late.slotid, late.sequenceid, late.highest_slotid), (2, 2, 3));
    assert_eq!(called(&late), "s");
}

#[test]
fn who_waits_for_a_slot_is_called_once_however_often_its_turn_comes() {
    let (mut s, mut last, calls) = crowd();
    for _ in 0..3 {
        s.w.pass(1);
        assert!(is_granted(&s.w.lock(&mut s.holder, "g", ALL, Write)));
        assert_eq!(denied_by(&s.w.lockw(&mut last, "g", ALL, Read)), "holder");
        s.w.locku(&mut s.holder, "g", ALL).unwrap();
        assert!(s.calls().iter().all(|call| called(call) == "second"));
    }
    s.answer(&calls[1], DONE);
    s.answer(&calls[2], DONE);
    assert_eq!(called(&s.the_call()), "s");
}

#[test]
fn who_is_gone_when_a_slot_is_free_is_not_called() {
    for how in ["granted", "closed", "unlocked elsewhere"] {
        let mut s = scene();
        s.release();
        match how {
            "granted" => assert!(is_granted(&s.ask(0))),
            "closed" => drop(s.w.close(&mut s.waiters[0], "f").unwrap()),
            _ => {
                let second = s.w.core.take_callbacks(s.w.now).remove(0);
                s.answer(&second, CallbackAnswer::Done(Status::BadHandle));
                assert!(is_granted(&s.ask(1)));
            }
        }
        let names: Vec<_> = s.calls().iter().map(|call| called(call).to_string()).collect();
        assert!(names.iter().all(|name| name == "second"), "{how}: {names:?}");
    }
}

#[test]
fn a_courtesy_client_is_not_called() {
    let mut s = scene();
    s.w.pass(LEASE - 1);
    s.w.core.renew(s.w.now, s.holder.client).unwrap();
    s.w.pass(1);
    s.release();
    s.nobody_is_called();
}

/// A lock is kept around the time at which one that polls and was passed over comes. If it does not come, whoever was held up
/// by that is called at once, also where nothing else has happened since the poller was passed over.
#[test]
fn who_is_held_up_by_the_poll_of_another_is_called_when_that_is_over() {
    let mut w = World::new();
    let [mut holder, mut polls] = ["holder", "polls"].map(|name| w.process(name, "f"));
    let (_, mut waits) = w.session_process("waits", 1, "f");
    w.lock(&mut holder, "f", bytes(3, 3), Write);
    assert_eq!(denied_by(&w.lockw(&mut polls, "f", bytes(3, 5), Write)), "holder");
    assert!(is_granted(&w.lock(&mut holder, "f", bytes(4, 4), Write)), "past the poller");
    w.pass_ms(970);
    assert_eq!(denied_by(&w.lockw(&mut waits, "f", bytes(5, 5), Write)), "polls");
    assert_eq!(w.core.take_callbacks(w.now), []);
    w.pass_ms(250);
    let calls = w.core.take_callbacks(w.now);
    assert_eq!(calls.iter().map(called).collect::<Vec<_>>(), ["waits"]);
    assert!(is_granted(&w.lockw(&mut waits, "f", bytes(5, 5), Write)));
}

/// The same where the poller binds a back channel: the lock is not kept for its polls any more.
#[test]
fn who_is_held_up_by_the_poll_of_another_is_called_when_that_can_be_called() {
    let mut w = World::new();
    let mut holder = w.process("holder", "f");
    let (client, mut polls) = w.session_process("polls", 1, "f");
    let (_, mut waits) = w.session_process("waits", 2, "f");
    w.core.connection_lost(ConnectionId(1));
    w.lock(&mut holder, "f", bytes(2, 3), Write);
    assert_eq!(denied_by(&w.lockw(&mut polls, "f", bytes(2, 5), Write)), "holder");
    assert!(is_granted(&w.lock(&mut holder, "f", bytes(4, 4), Write)), "past the poller");
    w.pass_ms(970);
    assert_eq!(denied_by(&w.lockw(&mut waits, "f", bytes(5, 5), Write)), "polls");
    assert_eq!(w.core.bind_conn_to_session(w.now, client.session, ConnectionId(6), 2), Ok(2));
    w.locku(&mut holder, "f", bytes(2, 2)).unwrap();
    let calls = w.core.take_callbacks(w.now);
    assert_eq!(calls.iter().map(called).collect::<Vec<_>>(), ["waits"]);
    assert!(is_granted(&w.lockw(&mut waits, "f", bytes(5, 5), Write)));
}
