//! What sessions change for owners, stateids and reclaims (RFC 8881 §8.2, §8.13, §18.2, §18.38, §18.48, §18.51).

use super::*;
use LockKind::{Read, Write};

#[test]
fn seqids_of_owners_mean_nothing() {
    let mut w = World::new();
    let (_, mut p) = w.session_process("a", 1, "f");
    for seqid in [0, 77, 3] {
        (p.open_seqid, p.lock_seqid) = (seqid, seqid);
        assert!(w.open(&mut p, "g", ShareAccess::BOTH, ShareDeny::NONE).is_ok());
        (p.open_seqid, p.lock_seqid) = (seqid, seqid);
        assert!(is_granted(&w.lock(&mut p, "f", bytes(0, 9), Write)));
        p.lock_seqid = seqid;
        assert!(w.locku(&mut p, "f", bytes(0, 9)).is_ok());
    }
}

#[test]
fn the_same_request_again_is_a_new_one() {
    let mut w = World::new();
    let (_, mut p) = w.session_process("a", 1, "f");
    assert!(is_granted(&w.lock(&mut p, "f", bytes(0, 9), Write)));
    let mut copy = p.clone();
    let first = w.locku(&mut p, "f", bytes(0, 9)).unwrap();
    assert_eq!(
        w.locku(&mut copy, "f", bytes(0, 9)),
        Err(Status::OldStateid),
        "the slot replays, not the owner"
    );
    assert_eq!(w.locku(&mut p, "f", bytes(0, 9)), Ok(first.next()));
}

#[test]
fn an_open_needs_no_confirmation_and_a_closed_one_is_gone() {
    let mut w = World::new();
    let (_, mut p) = w.session_process("a", 1, "f");
    assert!(!w.open_only(&mut p, "g", ShareAccess::BOTH, ShareDeny::NONE).unwrap().confirm);
    w.close(&mut p, "f").unwrap();
    assert_eq!(w.close(&mut p, "f"), Err(Status::BadStateid));
    w.close(&mut p, "g").unwrap();
    assert_eq!(w.core.counts().1, 0);
    // Nothing is kept for a repeated CLOSE: there is no state, and so nothing to reclaim.
    w.pass(LEASE);
    assert!(w.take_changes().contains(&ClientChange::ClientForgotten(b"a"[..].into())));
}

#[test]
fn version_zero_means_the_current_one_with_sessions_only() {
    let mut w = World::new();
    let (_, mut with) = w.session_process("a", 1, "f");
    let mut without = w.process("b", "f");
    for (p, fine) in [(&mut with, true), (&mut without, false)] {
        w.lock(p, "f", bytes(0, 9), Read);
        w.lock(p, "f", bytes(0, 5), Read);
        let zero = Stateid { seqid: 0, ..p.locks["f"] };
        assert_eq!(w.core.io(w.now, &fh("f"), &zero, ShareAccess::READ).is_ok(), fine);
        let other_file = w.core.io(w.now, &fh("g"), &zero, ShareAccess::READ);
        assert_eq!(other_file, Err(Status::BadStateid));
        p.locks.insert("f", zero);
        assert_eq!(w.locku(p, "f", bytes(0, 9)).is_ok(), fine);
    }
}

#[test]
fn a_lock_stateid_is_freed_when_nothing_is_held_under_it() {
    let mut w = World::new();
    let (_, mut p) = w.session_process("a", 1, "f");
    let open = p.opens["f"];
    assert_eq!(w.core.free_stateid(w.now, &open), Err(Status::LocksHeld));
    w.lock(&mut p, "f", bytes(0, 9), Write);
    let held = p.locks["f"];
    assert_eq!(w.core.free_stateid(w.now, &held), Err(Status::LocksHeld));
    w.locku(&mut p, "f", bytes(0, 9)).unwrap();
    assert_eq!(w.core.free_stateid(w.now, &held), Err(Status::OldStateid));
    let freed = p.locks.remove("f").unwrap();
    assert_eq!(w.core.free_stateid(w.now, &freed), Ok(()));
    assert_eq!(w.core.free_stateid(w.now, &freed), Err(Status::BadStateid));
    assert_eq!(w.core.free_stateid(w.now, &Stateid::ANONYMOUS), Err(Status::BadStateid));
    // The owner is as before its first lock.
    assert!(is_granted(&w.lock(&mut p, "f", bytes(0, 9), Write)));
    w.locku(&mut p, "f", bytes(0, 9)).unwrap();
    assert!(w.close(&mut p, "f").is_ok());
}

#[test]
fn test_stateid_says_what_an_operation_would_hear() {
    let mut w = World::new();
    let (a, mut p) = w.session_process("a", 1, "f");
    let (b, _) = w.session_process("b", 2, "f");
    w.lock(&mut p, "f", bytes(0, 9), Write);
    let old = p.locks["f"];
    w.lock(&mut p, "f", bytes(10, 19), Write);
    let (open, lock) = (p.opens["f"], p.locks["f"]);
    let zero = Stateid { seqid: 0, ..lock };
    for (client, stateid, want) in [
        (a, open, Status::Ok),
        (a, lock, Status::Ok),
        (a, zero, Status::Ok),
        (a, old, Status::OldStateid),
        (a, lock.next(), Status::BadStateid),
        (a, Stateid::first(a.client, 99), Status::BadStateid),
        (b, lock, Status::BadStateid),
        (a, Stateid::ANONYMOUS, Status::BadStateid),
        (a, Stateid::READ_BYPASS, Status::BadStateid),
        (a, Stateid::CURRENT, Status::BadStateid),
        (a, Stateid::INVALID, Status::BadStateid),
    ] {
        assert_eq!(w.core.test_stateid(client.client, &stateid), want, "{stateid:?}");
    }
}

/// In grace or not, RECLAIM_COMPLETE sent or not, reclaim or not: what OPEN answers a client that held state.
#[test]
fn reclaim_complete_divides_reclaims_from_everything_else() {
    for (in_grace, complete, reclaims, want) in [
        (true, false, true, Ok(())),
        (true, false, false, Err(Status::Grace)),
        (true, true, true, Err(Status::NoGrace)),
        (true, true, false, Err(Status::Grace)),
        (false, false, true, Err(Status::NoGrace)),
        (false, false, false, Err(Status::Grace)),
        (false, true, true, Err(Status::NoGrace)),
        (false, true, false, Ok(())),
    ] {
        // Somebody else may still reclaim, so that the grace period does not end early.
        let mut w = World::restarted(&["a", "other"]);
        if !in_grace {
            w.pass(LEASE);
        }
        let mut p = Process::of(w.reclaiming_client("a", 1).client, "a");
        if complete {
            w.core.reclaim_complete(w.now, p.client).unwrap();
        }
        p.reclaims = reclaims;
        let opened = w.open(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE);
        assert_eq!(opened.map(drop), want, "{in_grace} {complete} {reclaims}");
    }
}

#[test]
fn who_held_nothing_reclaims_nothing_and_completes_all_the_same() {
    let mut w = World::restarted(&["other"]);
    let mut p = Process::of(w.reclaiming_client("a", 1).client, "a");
    p.reclaims = true;
    let opened = w.open(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE);
    // RFC 8881 §8.4.3: its locks may have been given to others.
    assert_eq!(opened, Err(Status::NoGrace));
    assert_eq!(w.core.reclaim_complete(w.now, p.client), Ok(()));
    assert_eq!(w.core.reclaim_complete(w.now, p.client), Err(Status::CompleteAlready));
    assert!(w.core.in_grace(w.now), "other may still come");
}

#[test]
fn grace_ends_when_the_last_one_has_reclaimed() {
    let mut w = World::restarted(&["a", "b"]);
    let [mut a, b] = ["a", "b"].map(|name| Process::of(w.reclaiming_client(name, 1).client, name));
    a.reclaims = true;
    w.open(&mut a, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    w.take_changes();
    w.core.reclaim_complete(w.now, a.client).unwrap();
    assert_eq!(w.take_changes(), [ClientChange::ClientRecorded(b"a"[..].into())]);
    assert!(w.core.in_grace(w.now));
    w.core.reclaim_complete(w.now, b.client).unwrap();
    assert_eq!(w.take_changes(), [ClientChange::ClientRecorded(b"b"[..].into())]);
    assert!(!w.core.in_grace(w.now));
    a.reclaims = false;
    assert!(w.open(&mut a, "g", ShareAccess::BOTH, ShareDeny::NONE).is_ok());
}

#[test]
fn a_waiter_of_a_session_outlives_a_short_lease_no_longer_than_its_owner() {
    let mut w = World::with(Config { lease: Duration::from_secs(10), ..Config::default() });
    let (_, mut a) = w.session_process("a", 1, "f");
    let (_, mut b) = w.session_process("b", 2, "f");
    let (_, mut c) = w.session_process("c", 3, "f");
    w.lock(&mut a, "f", bytes(0, 9), Read);
    assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 9), Write)), "a");
    // Its client lives, but nothing is heard of the waiter.
    for _ in 0..3 {
        w.pass(9);
        [&a, &b, &c].iter().for_each(|p| w.core.renew(w.now, p.client).unwrap());
        assert_eq!(w.core.census().waiters, 1);
        assert!(is_granted(&w.lock(&mut c, "f", bytes(0, 9), Read)));
    }
}
