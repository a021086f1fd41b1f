//! Cycles of waiting owners (RFC 7530 §16.10.4): denied first, `Deadlock` when they have stood for a while in which nobody did
//! anything, and everybody has asked again.

use super::session_client::SessionClient;
use super::*;
use LockKind::{Read, Write};

/// After so many milliseconds a cycle is a deadlock.
const STANDS: u64 = 2500;

/// `a` holds byte 0 and waits for byte 1, `b` the other way round; neither has asked again.
fn crossed() -> (World, [Process; 2]) {
    let mut w = World::new();
    let [mut a, mut b] = ["a", "b"].map(|name| w.process(name, "f"));
    w.lock(&mut a, "f", bytes(0, 0), Write);
    w.lock(&mut b, "f", bytes(1, 1), Write);
    assert_eq!(denied_by(&w.lockw(&mut a, "f", bytes(1, 1), Write)), "b");
    w.pass_ms(300);
    assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 0), Write)), "a");
    (w, [a, b])
}

#[test]
fn two_that_poll_and_wait_for_each_other_are_told() {
    let (mut w, [mut a, mut b]) = crossed();
    // As Linux polls: a at 1.0 and 3.0 s, b at 1.3 and 3.3 s.
    w.pass_ms(700);
    assert_eq!(denied_by(&w.lockw(&mut a, "f", bytes(1, 1), Write)), "b");
    w.pass_ms(300);
    assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 0), Write)), "a");
    w.pass_ms(1700);
    assert_eq!(w.lockw(&mut a, "f", bytes(1, 1), Write), LockReply::Refused(Status::Deadlock));
    w.pass_ms(300);
    assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 0), Write)), "a", "only one of them is refused");
    w.locku(&mut a, "f", bytes(0, 0)).unwrap();
    assert!(is_granted(&w.lockw(&mut b, "f", bytes(0, 0), Write)));
}

#[test]
fn one_that_gave_up_closes_no_circle() {
    let (mut w, [_, mut b]) = crossed();
    // a was interrupted, and says nothing.
    for gap in [1, 2, 4, 8] {
        w.pass(gap);
        assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 0), Write)), "a");
    }
}

#[test]
fn an_owner_that_does_something_else_is_not_stuck() {
    let (mut w, [mut a, mut b]) = crossed();
    for _ in 0..5 {
        w.pass(1);
        // Another task that shares the owner.
        assert!(is_granted(&w.lock(&mut a, "f", bytes(50, 50), Write)));
        assert_eq!(denied_by(&w.lockw(&mut a, "f", bytes(1, 1), Write)), "b");
        assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 0), Write)), "a");
    }
    w.locku(&mut a, "f", bytes(0, 0)).unwrap();
    assert!(is_granted(&w.lockw(&mut b, "f", bytes(0, 0), Write)));
}

#[test]
fn only_a_request_that_waits_is_refused() {
    let (mut w, [mut a, mut b]) = crossed();
    for _ in 0..4 {
        w.pass(1);
        assert_eq!(denied_by(&w.lockw(&mut a, "f", bytes(1, 1), Write)), "b");
        assert_eq!(denied_by(&w.lock(&mut b, "f", bytes(0, 0), Write)), "a");
    }
}

#[test]
fn none_is_looked_for_where_that_is_turned_off() {
    let mut w = World::with(Config { deadlock: None, ..Config::default() });
    let [mut a, mut b] = ["a", "b"].map(|name| w.process(name, "f"));
    w.lock(&mut a, "f", bytes(0, 0), Write);
    w.lock(&mut b, "f", bytes(1, 1), Write);
    for _ in 0..10 {
        assert_eq!(denied_by(&w.lockw(&mut a, "f", bytes(1, 1), Write)), "b");
        assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 0), Write)), "a");
        w.pass(1);
    }
}

/// All ask each second, in turn; answers who was refused, and after how many rounds.
fn ask_in_turn<const N: usize>(
    w: &mut World,
    processes: &mut [Process; N],
    wants: [(&'static str, Range, LockKind); N],
) -> (usize, u64) {
    for round in 0..6 {
        for (index, (process, (file, range, kind))) in processes.iter_mut().zip(wants).enumerate() {
            match w.lockw(process, file, range, kind) {
                LockReply::Refused(Status::Deadlock) => return (index, round),
                reply => drop(denied_by(&reply)),
            }
        }
        w.pass(1);
    }
    panic!("nobody was refused");
}

#[test]
fn two_upgrades_of_a_shared_lock_are_a_deadlock() {
    // Also where a third reads, who waits for nothing.
    for third in [false, true] {
        let mut w = World::new();
        let mut both = ["a", "b"].map(|name| w.process(name, "f"));
        let mut c = w.process("c", "f");
        both.iter_mut().for_each(|process| drop(w.lock(process, "f", bytes(0, 9), Read)));
        if third {
            w.lock(&mut c, "f", bytes(0, 9), Read);
        }
        let upgrade = ("f", bytes(0, 9), Write);
        let (refused, round) = ask_in_turn(&mut w, &mut both, [upgrade, upgrade]);
        assert_eq!(round, 3);
        w.locku(&mut both[refused], "f", bytes(0, 9)).unwrap();
        if third {
            w.locku(&mut c, "f", bytes(0, 9)).unwrap();
        }
        assert!(is_granted(&w.lockw(&mut both[1 - refused], "f", bytes(0, 9), Write)));
    }
}

#[test]
fn three_in_a_circle_over_three_files_are_told() {
    let mut w = World::new();
    let mut processes = ["a", "b", "c"].map(|name| w.process(name, "f"));
    let files = ["f", "g", "h"];
    for (p, own) in processes.iter_mut().zip(files) {
        for file in files {
            w.open(p, file, ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        }
        assert!(is_granted(&w.lock(p, own, bytes(0, 9), Write)));
    }
    let wants = [("g", bytes(0, 9), Write), ("h", bytes(0, 9), Write), ("f", bytes(0, 9), Read)];
    let (refused, round) = ask_in_turn(&mut w, &mut processes, wants);
    assert!(round <= 4, "{round}");
    w.locku(&mut processes[refused], files[refused], bytes(0, 9)).unwrap();
    let before = (refused + 2) % 3;
    let (file, range, kind) = wants[before];
    assert!(is_granted(&w.lockw(&mut processes[before], file, range, kind)));
}

#[test]
fn a_holder_among_very_many_readers_is_found() {
    let mut w = World::with(Config { lease: Duration::from_secs(600), ..Config::default() });
    let mut both = ["a", "b"].map(|name| w.process(name, "f"));
    w.lock(&mut both[0], "f", bytes(1000, 1000), Write);
    for at in 0..200 {
        let mut reader = Process::of(both[0].client, Box::leak(format!("r{at}").into_boxed_str()));
        w.open(&mut reader, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        assert!(is_granted(&w.lock(&mut reader, "f", bytes(at, at), Read)));
    }
    w.lock(&mut both[1], "f", bytes(500, 500), Read);
    let wants = [("f", bytes(0, 500), Write), ("f", bytes(1000, 1000), Write)];
    let (_, round) = ask_in_turn(&mut w, &mut both, wants);
    assert!(round <= 4, "{round}");
}

/// Two with back channels that wait for each other, and do not ask by themselves.
fn called_and_crossed() -> (World, [(SessionClient, Process); 2]) {
    let mut w = World::new();
    let mut both = [("a", 1), ("b", 2)].map(|(name, connection)| w.session_process(name, connection, "f"));
    for (at, (_, process)) in both.iter_mut().enumerate() {
        let at = at as u64;
        assert!(is_granted(&w.lock(process, "f", bytes(at, at), Write)));
    }
    for (at, (_, process)) in both.iter_mut().enumerate() {
        let other = 1 - at as u64;
        denied_by(&w.lockw(process, "f", bytes(other, other), Write));
    }
    assert_eq!(w.core.take_callbacks(w.now), []);
    (w, both)
}

fn answer(w: &mut World, call: &CallbackCall) {
    w.core.callback_answered(w.now, call.connection, call.id, CallbackAnswer::Done(Status::Ok));
}

#[test]
fn those_that_are_called_are_called_so_that_one_can_be_told() {
    let (mut w, mut both) = called_and_crossed();
    let mut refused = Vec::new();
    let start = w.now;
    while refused.is_empty() {
        assert!(w.now < start + Duration::from_secs(5), "within 5 s");
        w.pass_ms(100);
        for call in w.core.take_callbacks(w.now) {
            let at = usize::from(&*call.owner().owner == b"b");
            answer(&mut w, &call);
            let other = 1 - at as u64;
            let reply = w.lockw(&mut both[at].1, "f", bytes(other, other), Write);
            if reply == LockReply::Refused(Status::Deadlock) {
                refused.push(at);
            }
        }
    }
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(w.now >= start + Duration::from_millis(STANDS));
    w.pass(3);
    let calls = w.core.take_callbacks(w.now);
    assert_eq!(calls, [], "the other one waits on");
    let gave_way = refused[0] as u64;
    w.locku(&mut both[refused[0]].1, "f", bytes(gave_way, gave_way)).unwrap();
    assert_eq!(w.core.take_callbacks(w.now).len(), 1);
    assert!(is_granted(&w.lockw(&mut both[1 - refused[0]].1, "f", bytes(gave_way, gave_way), Write)));
}

#[test]
fn one_that_is_called_and_does_not_come_closes_no_circle() {
    let (mut w, mut both) = called_and_crossed();
    for _ in 0..60 {
        w.pass_ms(100);
        for call in w.core.take_callbacks(w.now) {
            answer(&mut w, &call);
            // The process behind b was killed.
            if &*call.owner().owner == b"a" {
                denied_by(&w.lockw(&mut both[0].1, "f", bytes(1, 1), Write));
            }
        }
    }
    for gap in [10, 10, 10] {
        w.pass(gap);
        w.core.renew(w.now, both[0].0.client).unwrap();
        w.core.renew(w.now, both[1].0.client).unwrap();
        denied_by(&w.lockw(&mut both[0].1, "f", bytes(1, 1), Write));
    }
}

/// Each of three waits for both others. `a` and `b` have asked again when the circles with `c` are found, and do not ask by
/// themselves when `c` gives way: they are in a circle without it.
#[test]
fn a_deadlock_that_is_left_when_another_is_broken_is_found_too() {
    let mut w = World::new();
    let names = [("a", 1), ("b", 2), ("c", 3)];
    let mut all = names.map(|(name, connection)| w.session_process(name, connection, "f"));
    for (_, process) in &mut all {
        assert!(is_granted(&w.lock(process, "f", bytes(0, 9), Read)));
    }
    for at in [0, 1, 2, 0, 1] {
        w.pass_ms(10);
        denied_by(&w.lockw(&mut all[at].1, "f", bytes(0, 9), Write));
    }
    let (mut broken, mut refused) = (w.now, Vec::new());
    while refused.len() < 2 {
        assert!(w.now < broken + Duration::from_secs(5), "within 5 s, after {refused:?}");
        w.pass_ms(100);
        for call in w.core.take_callbacks(w.now) {
            answer(&mut w, &call);
            let at = names.iter().position(|(name, _)| name.as_bytes() == &*call.owner().owner).unwrap();
            if w.lockw(&mut all[at].1, "f", bytes(0, 9), Write) == LockReply::Refused(Status::Deadlock) {
                refused.push(at);
                broken = w.now;
            }
        }
    }
    let left = (0..3).find(|at| !refused.contains(at)).unwrap();
    for at in refused {
        w.locku(&mut all[at].1, "f", bytes(0, 9)).unwrap();
    }
    assert_eq!(w.core.take_callbacks(w.now).len(), 1);
    assert!(is_granted(&w.lockw(&mut all[left].1, "f", bytes(0, 9), Write)));
}
