//! The end of a lease as an alarm: who waits does not depend on anybody's next request, and how many courtesy clients
//! there are (RFC 7530 §9.6.3, RFC 8881 §8.3).

use super::*;
use LockKind::{Read, Write};

const ALL: Range = Range::WHOLE;

/// `dead` holds all of `f` and is not heard of any more. `waiter` has a back channel and waits; it lives.
fn waiter_behind_the_dead() -> (World, Process, Process) {
    let mut w = World::new();
    let mut dead = w.process("dead", "f");
    assert!(is_granted(&w.lock(&mut dead, "f", ALL, Write)));
    let (_, mut waiter) = w.session_process("waiter", 1, "f");
    w.pass(LEASE - 30);
    assert_eq!(denied_by(&w.lockw(&mut waiter, "f", bytes(0, 9), Read)), "dead");
    (w, dead, waiter)
}

#[test]
fn the_end_of_a_lease_calls_who_waits_behind_it() {
    let (mut w, mut dead, mut waiter) = waiter_behind_the_dead();
    w.pass(29);
    assert_eq!(w.core.take_callbacks(w.now), []);
    assert_eq!(w.core.next_alarm(), w.now + Duration::from_secs(1));
    w.pass(1);
    assert_eq!(w.core.take_callbacks(w.now).len(), 1);
    assert!(w.take_changes().contains(&ClientChange::ClientForgotten(b"dead"[..].into())));
    assert!(is_granted(&w.lockw(&mut waiter, "f", bytes(0, 9), Read)));
    assert_eq!(w.locku(&mut dead, "f", ALL), Err(Status::Expired));
}

#[test]
fn who_is_heard_of_in_time_keeps_its_lock() {
    let (mut w, dead, waiter) = waiter_behind_the_dead();
    w.pass_renewing(29, &[dead.client, waiter.client]);
    w.pass(LEASE - 1);
    assert_eq!(w.core.take_callbacks(w.now), []);
    assert_eq!(w.core.renew(w.now, dead.client), Ok(()));
}

#[test]
fn a_waiter_that_polls_gets_the_lock_of_a_dead_client_at_the_end_of_its_lease() {
    let mut w = World::new();
    let [mut dead, mut polls] = ["dead", "polls"].map(|name| w.process(name, "f"));
    assert!(is_granted(&w.lock(&mut dead, "f", ALL, Write)));
    w.pass(LEASE - 2);
    assert_eq!(denied_by(&w.lockw(&mut polls, "f", ALL, Write)), "dead");
    w.pass(2);
    assert_eq!(w.core.renew(w.now, dead.client), Err(Status::Expired));
    assert!(is_granted(&w.lockw(&mut polls, "f", ALL, Write)));
}

/// One reader is alive and one is dead: when the living one goes, the lock is free at once.
#[test]
fn a_courtesy_lock_goes_when_nothing_else_is_in_the_way() {
    for dies_first in [true, false] {
        let mut w = World::new();
        let [mut alive, mut dead] = ["alive", "dead"].map(|name| w.process(name, "f"));
        let (_, mut waiter) = w.session_process("waiter", 1, "f");
        for reader in [&mut alive, &mut dead] {
            assert!(is_granted(&w.lock(reader, "f", ALL, Read)));
        }
        w.pass_renewing(LEASE - 10, &[alive.client, waiter.client]);
        if dies_first {
            w.pass(10);
        }
        assert_eq!(denied_by(&w.lockw(&mut waiter, "f", ALL, Write)), "alive");
        w.pass(10);
        w.locku(&mut alive, "f", ALL).unwrap();
        assert_eq!(w.core.take_callbacks(w.now).len(), 1);
        assert_eq!(w.core.renew(w.now, dead.client), Err(Status::Expired), "{dies_first}");
    }
}

#[test]
fn who_gave_up_waiting_takes_nothing() {
    let mut w = World::new();
    let [mut silent, mut polled_once] = ["silent", "polled once"].map(|name| w.process(name, "f"));
    assert!(is_granted(&w.lock(&mut silent, "f", ALL, Write)));
    assert_eq!(denied_by(&w.lockw(&mut polled_once, "f", ALL, Write)), "silent");
    w.pass_renewing(LEASE, &[polled_once.client]);
    assert_eq!(w.core.renew(w.now, silent.client), Ok(()));
}

#[test]
fn its_own_waiters_take_nothing_from_a_client() {
    let mut w = World::new();
    let mut holder = w.process("holder", "f");
    assert!(is_granted(&w.lock(&mut holder, "f", ALL, Write)));
    let mut own = Process::of(holder.client, "own");
    w.open(&mut own, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert_eq!(denied_by(&w.lockw(&mut own, "f", ALL, Write)), "holder");
    w.pass(LEASE);
    assert_eq!(w.core.renew(w.now, holder.client), Ok(()));
}

#[test]
fn of_too_many_courtesy_clients_those_silent_for_longest_go() {
    let mut w = World::with(Config { courtesy_max: 2, ..Config::default() });
    let processes = ["a", "b", "c", "d"].map(|name| {
        w.pass(1);
        w.process(name, "f")
    });
    // It holds nothing, so it does not count.
    w.client("idle");
    w.core.renew(w.now, processes[0].client).unwrap();
    w.pass(LEASE);
    assert_eq!(w.core.census().courtesy, 2);
    let back = processes.map(|process| w.core.renew(w.now, process.client));
    // `a` and `d` were heard of last; of clients silent for as long the one that came first goes first.
    assert_eq!(back, [Ok(()), Err(Status::Expired), Err(Status::Expired), Ok(())]);
    assert_eq!(w.core.census().courtesy, 0);
    w.pass(LEASE);
    assert_eq!(w.core.census().courtesy, 2);
}
