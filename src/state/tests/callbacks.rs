//! CB_NOTIFY_LOCK: who is called when, and what the answers do (RFC 8881 §20.11).

use super::session_client::SessionClient;
use super::*;
use LockKind::{Read, Write};

pub const ALL: Range = Range::WHOLE;

pub struct Scene {
    pub w: World,
    pub holder: Process,
    /// Two waiters with back channels over connections 1 and 2, in this order.
    pub clients: [SessionClient; 2],
    pub waiters: [Process; 2],
}

/// Somebody without sessions holds all of `f`, and two others wait.
pub fn scene() -> Scene {
    scene_with(Config::default())
}

pub fn scene_with(config: Config) -> Scene {
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
    pub fn release(&mut self) {
        self.w.locku(&mut self.holder, "f", ALL).unwrap();
    }

    /// The calls that are due, by the names of those called.
    pub fn calls(&mut self) -> Vec<CallbackCall> {
        self.w.core.take_callbacks(self.w.now)
    }

    pub fn the_call(&mut self) -> CallbackCall {
        let mut calls = self.calls();
        assert_eq!(calls.len(), 1, "{calls:?}");
        calls.remove(0)
    }

    pub fn nobody_is_called(&mut self) {
        assert_eq!(self.calls(), []);
    }

    pub fn answer(&mut self, call: &CallbackCall, answer: CallbackAnswer) {
        self.w.core.callback_answered(self.w.now, call.connection, call.id, answer);
    }

    pub fn ask(&mut self, waiter: usize) -> LockReply {
        self.w.lockw(&mut self.waiters[waiter], "f", ALL, Write)
    }
}

pub const DONE: CallbackAnswer = CallbackAnswer::Done(Status::Ok);

pub fn called(call: &CallbackCall) -> &str {
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
pub const UNKNOWN: u64 = 250;
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
