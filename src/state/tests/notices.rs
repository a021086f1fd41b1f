//! CB_NOTIFY_LOCK where a client cannot be called at once: no connection, no free slot (RFC 8881 §20.11).

use super::callbacks::{ALL, DONE, Scene, UNKNOWN, called, scene};
use super::session_client::{CHANNEL, create};
use super::*;
use LockKind::{Read, Write};

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

/// What the host takes is all there is, once, and a notice comes with the record of its slot.
#[test]
fn output_is_taken_once_and_a_notice_comes_with_its_record() {
    let mut s = scene();
    let _ = s.w.take_changes();
    s.release();
    s.w.core.prepare_output(s.w.now);
    assert!(s.w.core.has_output());
    let (mut output, before) = (Output::default(), s.w.core.change_count());
    s.w.core.take_output(&mut output);
    assert_eq!(output.notices.iter().map(called).collect::<Vec<_>>(), ["first"]);
    let mut keys = output.changes.records().filter_map(|(key, _)| Key::read(key));
    assert!(keys.any(|key| matches!(key, Key::BackSlot(..))), "{output:?}");
    s.w.kept.apply(&output.changes);
    assert!(!s.w.core.has_output());
    s.w.core.prepare_output(s.w.now);
    assert_eq!((s.w.core.has_output(), s.w.core.change_count()), (false, before), "nothing is left");
}
