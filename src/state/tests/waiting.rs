//! Waiting for locks: order, reservations, starvation and deadlock (RFC 7530 §9.4, §16.10.4).

use super::*;
use LockKind::{Read, Write};

/// `a` write-locks bytes 0 to 9 of `f`; `b` and `c` wait for them, in this order.
fn queue() -> (World, [Process; 3]) {
    let mut w = World::new();
    let [mut a, mut b, mut c] = ["a", "b", "c"].map(|name| w.process(name, "f"));
    assert!(is_granted(&w.lock(&mut a, "f", bytes(0, 9), Write)));
    assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 9), Write)), "a");
    assert_eq!(denied_by(&w.lockw(&mut c, "f", bytes(0, 9), Write)), "a");
    (w, [a, b, c])
}

#[test]
fn a_free_lock_is_not_kept_for_one_that_polls() {
    for blocking in [false, true] {
        let (mut w, [mut a, mut b, _]) = queue();
        let mut d = w.process("d", "f");
        w.locku(&mut a, "f", bytes(0, 9)).unwrap();
        assert!(is_granted(&w.lock_as(&mut d, "f", bytes(0, 9), Write, blocking)), "{blocking}");
        w.locku(&mut d, "f", bytes(0, 9)).unwrap();
        // The one that had it asks again at once, as a loop does.
        assert!(is_granted(&w.lock_as(&mut a, "f", bytes(0, 9), Write, blocking)), "{blocking}");
        w.locku(&mut a, "f", bytes(0, 9)).unwrap();
        assert!(is_granted(&w.lockw(&mut b, "f", bytes(0, 9), Write)));
    }
}

/// pynfs LOCK21: those that ask all the time go in the order in which they came.
#[test]
fn those_that_poll_very_fast_go_in_their_order() {
    let (mut w, [mut a, mut b, mut c]) = queue();
    w.pass_ms(30);
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    assert_eq!(denied_by(&w.lockw(&mut c, "f", bytes(0, 9), Write)), "b");
    assert!(is_granted(&w.lockw(&mut b, "f", bytes(0, 9), Write)));
    w.locku(&mut b, "f", bytes(0, 9)).unwrap();
    assert!(is_granted(&w.lockw(&mut c, "f", bytes(0, 9), Write)));
}

/// The same, but the first does not come back: the turns of many such take no longer than that of one.
#[test]
fn the_turns_of_those_that_do_not_come_are_short() {
    let (mut w, [mut a, ..]) = queue();
    let mut others = ["d", "e", "f", "g"].map(|name| w.process(name, "f"));
    for other in &mut others {
        assert_eq!(denied_by(&w.lockw(other, "f", bytes(0, 9), Write)), "a");
    }
    let [.., last] = &mut others;
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    for _ in 0..19 {
        w.pass_ms(10);
        assert_eq!(denied_by(&w.lockw(last, "f", bytes(0, 9), Write)), "b");
    }
    w.pass_ms(10);
    assert!(is_granted(&w.lockw(last, "f", bytes(0, 9), Write)));
}

/// pynfs LOCK18 and LOCK19: a process that opens the file later than another of its client that waits comes later.
#[test]
fn who_opens_the_file_after_another_of_its_client_comes_after_it() {
    for (polls, gap) in [(0, 0), (4, 45)] {
        let mut w = World::new();
        let mut a = w.process("a", "f");
        let more = |w: &mut World, name| {
            let mut process = Process::of(a.client, name);
            w.open(&mut process, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
            process
        };
        let mut b = more(&mut w, "b");
        assert!(is_granted(&w.lock(&mut a, "f", bytes(0, 9), Write)));
        assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 9), Write)), "a");
        for _ in 0..polls {
            w.pass_renewing(gap, &[a.client]);
            assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 9), Write)), "a");
        }
        w.locku(&mut a, "f", bytes(0, 9)).unwrap();
        let more = |w: &mut World, name| {
            let mut process = Process::of(a.client, name);
            w.open(&mut process, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
            process
        };
        let mut c = more(&mut w, "c");
        w.pass_ms(40);
        assert_eq!(denied_by(&w.lockw(&mut c, "f", bytes(0, 9), Write)), "b");
        assert!(is_granted(&w.lockw(&mut b, "f", bytes(0, 9), Write)));
    }
}

/// pynfs LOCK20: one that asked once, long ago, is not waited for.
#[test]
fn one_that_is_long_overdue_is_not_waited_for() {
    let mut w = World::new();
    let mut a = w.process("a", "f");
    let [mut b, mut c] = ["b", "c"].map(|name| Process::of(a.client, name));
    w.open(&mut b, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert!(is_granted(&w.lock(&mut a, "f", bytes(0, 9), Write)));
    assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 9), Write)), "a");
    w.pass_renewing(135, &[a.client]);
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    w.open(&mut c, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert!(is_granted(&w.lockw(&mut c, "f", bytes(0, 9), Write)));
}

/// pynfs LOCK22: one that polls seldom goes before one that polls often, when it comes at its usual time.
#[test]
fn one_that_polls_seldom_keeps_its_place() {
    let mut w = World::new();
    let mut a = w.process("a", "f");
    let [mut b, mut c] = ["b", "c"].map(|name| Process::of(a.client, name));
    for process in [&mut b, &mut c] {
        w.open(process, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    }
    assert!(is_granted(&w.lock(&mut a, "f", bytes(0, 9), Write)));
    assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 9), Write)), "a");
    for left in (0..=2 * 85 - 1).rev() {
        w.pass(1);
        if left % 2 == 0 {
            assert_eq!(denied_by(&w.lockw(&mut c, "f", bytes(0, 9), Write)), "a");
        }
        if left == 85 {
            assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 9), Write)), "a");
        }
    }
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    assert_eq!(denied_by(&w.lockw(&mut c, "f", bytes(0, 9), Write)), "b");
    assert!(is_granted(&w.lockw(&mut b, "f", bytes(0, 9), Write)));
}

#[test]
fn whoever_waits_for_something_else_is_not_in_the_way() {
    let (mut w, [mut a, mut b, _]) = queue();
    let mut d = w.process("d", "f");
    assert!(is_granted(&w.lock(&mut d, "f", bytes(10, 19), Write)));
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    assert!(is_granted(&w.lock(&mut b, "f", bytes(20, 29), Write)));
}

#[test]
fn a_waiter_is_forgotten_after_a_lease() {
    let (mut w, [a, b, c]) = queue();
    let clients = [a.client, b.client, c.client];
    w.pass_renewing(LEASE - 1, &clients);
    assert_eq!(w.core.census().waiters, 2);
    w.pass_renewing(LEASE, &clients);
    assert_eq!(w.core.census().waiters, 0);
}

#[test]
fn a_client_that_expires_waits_no_longer() {
    let (mut w, [mut a, b, c]) = queue();
    w.pass_renewing(LEASE - 20, &[a.client, c.client]);
    w.pass_renewing(20, &[a.client, c.client]);
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    let mut d = w.process("d", "f");
    assert!(is_granted(&w.lock(&mut d, "f", bytes(0, 9), Write)));
    assert_eq!(w.core.renew(w.now, b.client), Ok(()));
}

#[test]
fn closing_the_file_ends_the_wait() {
    let (mut w, [mut a, mut b, mut c]) = queue();
    w.close(&mut b, "f").unwrap();
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    assert!(is_granted(&w.lockw(&mut c, "f", bytes(0, 9), Write)));
}

#[test]
fn unlocking_what_one_waits_for_ends_the_wait() {
    let (mut w, [mut a, mut b, mut c]) = queue();
    assert!(is_granted(&w.lock(&mut b, "f", bytes(20, 29), Write)));
    w.locku(&mut b, "f", Range::WHOLE).unwrap();
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    assert!(is_granted(&w.lockw(&mut c, "f", bytes(0, 9), Write)));
}

#[test]
fn a_holder_is_not_kept_by_those_who_wait_for_it_from_what_only_it_can_have() {
    // Whatever it asks for in the bytes it holds, it cannot wait for somebody who waits for it.
    for (held, asked) in [(Write, Write), (Write, Read), (Read, Write), (Read, Read)] {
        for blocking in [false, true] {
            let mut w = World::new();
            let [mut a, mut b] = ["a", "b"].map(|name| w.process(name, "f"));
            w.lock(&mut a, "f", bytes(0, 9), held);
            assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 9), Write)), "a");
            let reply = w.lock_as(&mut a, "f", bytes(0, 9), asked, blocking);
            assert!(is_granted(&reply), "{held:?} {asked:?} {blocking}: {reply:?}");
            assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 9), Write)), "a");
        }
    }
}

#[test]
fn the_queue_is_bounded() {
    let mut w = World::with(Config { waiters_per_file_max: 1, ..Config::default() });
    let [mut a, mut b, mut c] = ["a", "b", "c"].map(|name| w.process(name, "f"));
    w.lock(&mut a, "f", bytes(0, 9), Write);
    assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 9), Write)), "a");
    assert_eq!(denied_by(&w.lockw(&mut c, "f", bytes(0, 4), Write)), "a");
    assert_eq!(w.core.census().waiters, 1);
}

/// An owner waits at 32 places at most; a further one takes the place of its oldest.
#[test]
fn the_places_of_an_owner_are_bounded() {
    let mut w = World::new();
    let [mut a, mut b] = ["a", "b"].map(|name| w.process(name, "f"));
    w.lock(&mut a, "f", Range::WHOLE, Write);
    for at in 0..50 {
        assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(at, at), Write)), "a");
    }
    assert_eq!(w.core.census().waiters, 32);
}
