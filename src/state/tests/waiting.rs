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
fn the_first_to_wait_is_the_first_to_get_it() {
    let (mut w, [mut a, mut b, mut c]) = queue();
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    assert_eq!(denied_by(&w.lockw(&mut c, "f", bytes(0, 9), Write)), "b");
    assert_eq!(denied_by(&w.lock(&mut a, "f", bytes(0, 9), Read)), "b");
    assert!(is_granted(&w.lockw(&mut b, "f", bytes(0, 9), Write)));
    w.locku(&mut b, "f", bytes(0, 9)).unwrap();
    assert!(is_granted(&w.lockw(&mut c, "f", bytes(0, 9), Write)));
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
fn a_reservation_ends() {
    for (later, granted) in [(RESERVATION - 1, false), (RESERVATION, true)] {
        let (mut w, [mut a, _, mut c]) = queue();
        w.locku(&mut a, "f", bytes(0, 9)).unwrap();
        w.pass(later);
        assert_eq!(is_granted(&w.lockw(&mut c, "f", bytes(0, 9), Write)), granted, "{later} s");
    }
}

#[test]
fn a_missed_reservation_is_not_renewed_until_the_waiter_polls() {
    let (mut w, [mut a, mut b, mut c]) = queue();
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    w.pass(RESERVATION);
    assert!(is_granted(&w.lockw(&mut c, "f", bytes(0, 9), Write)));
    w.locku(&mut c, "f", bytes(0, 9)).unwrap();
    let mut d = w.process("d", "f");
    assert!(is_granted(&w.lock(&mut d, "f", bytes(0, 9), Write)), "b had its chance");
    assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 9), Write)), "d");
    w.locku(&mut d, "f", bytes(0, 9)).unwrap();
    assert_eq!(denied_by(&w.lock(&mut d, "f", bytes(0, 9), Write)), "b");
    assert!(is_granted(&w.lockw(&mut b, "f", bytes(0, 9), Write)));
}

#[test]
fn a_lapsed_waiter_keeps_its_place_for_when_it_comes_back() {
    let (mut w, [mut a, mut b, mut c]) = queue();
    w.pass(40);
    // While nobody hears of b, c does not wait behind it, only for the holder.
    assert_eq!(denied_by(&w.lockw(&mut c, "f", bytes(0, 9), Write)), "a");
    assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 9), Write)), "a");
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    assert_eq!(denied_by(&w.lockw(&mut c, "f", bytes(0, 9), Write)), "b");
}

#[test]
fn a_waiter_is_forgotten_after_a_lease() {
    let (mut w, [mut a, b, c]) = queue();
    w.pass_renewing(LEASE, &[a.client, b.client, c.client]);
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    let mut d = w.process("d", "f");
    assert!(is_granted(&w.lock(&mut d, "f", bytes(0, 9), Write)));
}

#[test]
fn a_waiter_that_polls_with_growing_gaps_is_believed() {
    let (mut w, [mut a, mut b, _]) = queue();
    let mut d = w.process("d", "f");
    for gap in [1, 2, 4, 8, 16, 30, 30] {
        w.pass(gap);
        w.core.renew(w.now, a.client).unwrap();
        assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 9), Write)), "a");
    }
    w.pass(30);
    w.core.renew(w.now, d.client).unwrap();
    // Somebody who could be granted: reads what a only reads.
    w.lock(&mut a, "f", bytes(0, 9), Read);
    assert_eq!(denied_by(&w.lock(&mut d, "f", bytes(0, 9), Read)), "b");
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
fn readers_that_come_and_go_do_not_starve_a_writer() {
    let mut w = World::new();
    let [mut reader, mut other, mut writer] = ["r", "s", "w"].map(|name| w.process(name, "f"));
    assert!(is_granted(&w.lock(&mut reader, "f", bytes(0, 9), Read)));
    assert_eq!(denied_by(&w.lockw(&mut writer, "f", bytes(0, 9), Write)), "r");
    assert_eq!(denied_by(&w.lock(&mut other, "f", bytes(0, 9), Read)), "w");
    w.locku(&mut reader, "f", bytes(0, 9)).unwrap();
    assert_eq!(denied_by(&w.lock(&mut reader, "f", bytes(0, 9), Read)), "w");
    assert!(is_granted(&w.lockw(&mut writer, "f", bytes(0, 9), Write)));
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
fn a_reader_waiting_for_another_is_still_ahead_of_a_holder_that_does_not_block_it() {
    let mut w = World::new();
    let [mut a, mut b, mut c] = ["a", "b", "c"].map(|name| w.process(name, "f"));
    w.lock(&mut a, "f", bytes(0, 9), Read);
    w.lock(&mut c, "f", bytes(10, 19), Write);
    assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 19), Read)), "c");
    assert_eq!(denied_by(&w.lock(&mut a, "f", bytes(0, 9), Write)), "b");
}

#[test]
fn the_queue_is_bounded() {
    let mut w = World::with(Config { waiters_per_file_max: 1, ..Config::default() });
    let [mut a, mut b, mut c] = ["a", "b", "c"].map(|name| w.process(name, "f"));
    w.lock(&mut a, "f", bytes(0, 9), Write);
    assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 9), Write)), "a");
    assert_eq!(denied_by(&w.lockw(&mut c, "f", bytes(0, 4), Write)), "a");
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    assert!(is_granted(&w.lockw(&mut b, "f", bytes(0, 9), Write)));
    w.locku(&mut b, "f", bytes(0, 9)).unwrap();
    assert!(is_granted(&w.lock(&mut a, "f", bytes(0, 9), Write)), "c never stood in it");
}

#[test]
fn two_that_wait_for_each_other_are_told() {
    let mut w = World::new();
    let [mut a, mut b] = ["a", "b"].map(|name| w.process(name, "f"));
    w.lock(&mut a, "f", bytes(0, 0), Write);
    w.lock(&mut b, "f", bytes(1, 1), Write);
    assert_eq!(denied_by(&w.lockw(&mut a, "f", bytes(1, 1), Write)), "b");
    assert_eq!(w.lockw(&mut b, "f", bytes(0, 0), Write), LockReply::Refused(Status::Deadlock));
    // Only a request that would wait is refused for it.
    assert_eq!(denied_by(&w.lock(&mut b, "f", bytes(0, 0), Write)), "a");
    w.locku(&mut b, "f", bytes(1, 1)).unwrap();
    assert!(is_granted(&w.lockw(&mut a, "f", bytes(1, 1), Write)));
}

#[test]
fn two_upgrades_of_a_shared_lock_are_a_deadlock() {
    let mut w = World::new();
    let [mut a, mut b] = ["a", "b"].map(|name| w.process(name, "f"));
    w.lock(&mut a, "f", bytes(0, 9), Read);
    w.lock(&mut b, "f", bytes(0, 9), Read);
    assert_eq!(denied_by(&w.lockw(&mut a, "f", bytes(0, 9), Write)), "b");
    assert_eq!(w.lockw(&mut b, "f", bytes(0, 9), Write), LockReply::Refused(Status::Deadlock));
    w.locku(&mut b, "f", bytes(0, 9)).unwrap();
    assert!(is_granted(&w.lockw(&mut a, "f", bytes(0, 9), Write)));
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
    let [a, b, c] = &mut processes;
    assert_eq!(denied_by(&w.lockw(a, "g", bytes(0, 9), Write)), "b");
    assert_eq!(denied_by(&w.lockw(b, "h", bytes(0, 9), Write)), "c");
    assert_eq!(w.lockw(c, "f", bytes(0, 9), Read), LockReply::Refused(Status::Deadlock));
    w.locku(c, "h", bytes(0, 9)).unwrap();
    assert_eq!(denied_by(&w.lockw(c, "f", bytes(0, 9), Read)), "a", "no circle any more");
}

#[test]
fn a_waiter_long_unheard_of_closes_no_circle() {
    let mut w = World::new();
    let [mut a, mut b] = ["a", "b"].map(|name| w.process(name, "f"));
    w.lock(&mut a, "f", bytes(0, 0), Write);
    w.lock(&mut b, "f", bytes(1, 1), Write);
    assert_eq!(denied_by(&w.lockw(&mut a, "f", bytes(1, 1), Write)), "b");
    // The wait was interrupted; a client says nothing then.
    w.pass_renewing(40, &[a.client, b.client]);
    assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 0), Write)), "a");
}

#[test]
fn a_waiter_behind_a_waiter_of_the_asker_is_a_circle_too() {
    let mut w = World::new();
    let [mut a, mut b, mut c] = ["a", "b", "c"].map(|name| w.process(name, "f"));
    w.lock(&mut a, "f", bytes(0, 0), Read);
    w.lock(&mut b, "f", bytes(5, 5), Write);
    assert_eq!(denied_by(&w.lockw(&mut c, "f", bytes(0, 0), Write)), "a");
    assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 0), Read)), "c");
    assert_eq!(w.lockw(&mut a, "f", bytes(5, 5), Write), LockReply::Refused(Status::Deadlock));
}
