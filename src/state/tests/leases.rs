//! Leases, courtesy and expiry (RFC 7530 §9.5, §9.6.3).

use super::*;

/// `a` write-locks bytes of `f` and falls silent for longer than its lease; `b` is alive.
fn silent_holder() -> (World, Process, Process) {
    let mut w = World::new();
    let mut a = w.process("a", "f");
    w.lock(&mut a, "f", bytes(0, 9), LockKind::Write);
    let b = w.process("b", "f");
    w.pass_renewing(LEASE + 1, &[b.client]);
    (w, a, b)
}

#[test]
fn a_lock_within_the_lease_is_safe_and_one_second_later_it_is_not() {
    for (silent, granted) in [(LEASE - 1, false), (LEASE, true)] {
        let mut w = World::new();
        let mut a = w.process("a", "f");
        w.lock(&mut a, "f", bytes(0, 9), LockKind::Write);
        let mut b = w.process("b", "f");
        w.pass_renewing(silent, &[b.client]);
        let reply = w.lock(&mut b, "f", bytes(5, 5), LockKind::Read);
        assert_eq!(is_granted(&reply), granted, "{silent} s");
    }
}

#[test]
fn a_lock_conflict_takes_all_state_of_a_courtesy_client() {
    let (mut w, mut a, mut b) = silent_holder();
    assert!(is_granted(&w.lock(&mut b, "f", bytes(9, 20), LockKind::Write)));
    let refused = LockReply::Refused(Status::Expired);
    assert_eq!(w.lock(&mut a.clone(), "f", bytes(50, 60), LockKind::Read), refused);
    assert_eq!(w.locku(&mut a, "f", bytes(0, 9)), Err(Status::Expired));
    assert_eq!(w.close(&mut a, "f"), Err(Status::Expired));
    assert_eq!(w.core.renew(w.now, a.client), Err(Status::Expired));
    assert_eq!(w.open(&mut a, "g", ShareAccess::READ, ShareDeny::NONE), Err(Status::Expired));
}

#[test]
fn a_courtesy_client_that_returns_in_time_keeps_everything() {
    let (mut w, mut a, mut b) = silent_holder();
    w.pass_renewing(5 * LEASE, &[b.client]);
    assert_eq!(w.core.renew(w.now, a.client), Ok(()));
    assert_eq!(denied_by(&w.lock(&mut b, "f", bytes(9, 20), LockKind::Write)), "a");
    assert!(w.locku(&mut a, "f", bytes(0, 9)).is_ok());
    assert!(is_granted(&w.lock(&mut b, "f", bytes(9, 20), LockKind::Write)));
}

#[test]
fn a_request_beside_a_courtesy_lock_does_not_take_it() {
    let (mut w, mut a, mut b) = silent_holder();
    assert!(is_granted(&w.lock(&mut b, "f", bytes(10, 20), LockKind::Write)));
    assert!(w.locku(&mut a, "f", bytes(0, 9)).is_ok());
}

#[test]
fn lockt_takes_a_courtesy_lock_too() {
    let (mut w, mut a, b) = silent_holder();
    assert_eq!(w.lockt(&b, "f", bytes(0, 9), LockKind::Write), None);
    assert_eq!(w.locku(&mut a, "f", bytes(0, 9)), Err(Status::Expired));
}

#[test]
fn a_share_conflict_takes_a_courtesy_client() {
    let mut w = World::new();
    let mut a = Process::of(w.client("a"), "a");
    w.open(&mut a, "f", ShareAccess::READ, ShareDeny::WRITE).unwrap();
    let mut b = Process::of(w.client("b"), "b");
    assert_eq!(w.open(&mut b, "f", ShareAccess::WRITE, ShareDeny::NONE), Err(Status::ShareDenied));
    w.pass_renewing(LEASE, &[b.client]);
    assert!(w.open(&mut b, "f", ShareAccess::WRITE, ShareDeny::NONE).is_ok());
    assert_eq!(w.close(&mut a, "f"), Err(Status::Expired));
}

#[test]
fn a_share_conflict_with_others_leaves_a_courtesy_client_alone() {
    let mut w = World::new();
    let mut silent = Process::of(w.client("a"), "a");
    w.open(&mut silent, "f", ShareAccess::READ, ShareDeny::NONE).unwrap();
    let mut denier = Process::of(w.client("b"), "b");
    w.open(&mut denier, "f", ShareAccess::READ, ShareDeny::WRITE).unwrap();
    let mut c = Process::of(w.client("c"), "c");
    w.pass_renewing(LEASE, &[denier.client, c.client]);
    assert_eq!(w.open(&mut c, "f", ShareAccess::WRITE, ShareDeny::NONE), Err(Status::ShareDenied));
    let io = w.core.io(w.now, &fh("f"), &Stateid::ANONYMOUS, ShareAccess::WRITE);
    assert_eq!(io, Err(Status::Locked));
    assert!(w.close(&mut silent, "f").is_ok(), "nothing of it stood in anybody's way");
}

#[test]
fn anonymous_io_takes_a_courtesy_client_that_denies_it() {
    let mut w = World::new();
    let mut a = Process::of(w.client("a"), "a");
    w.open(&mut a, "f", ShareAccess::READ, ShareDeny::WRITE).unwrap();
    let io = |w: &mut World| w.core.io(w.now, &fh("f"), &Stateid::ANONYMOUS, ShareAccess::WRITE);
    assert_eq!(io(&mut w), Err(Status::Locked));
    w.pass(LEASE);
    assert_eq!(io(&mut w), Ok(IoRight::Unopened));
    assert_eq!(w.close(&mut a, "f"), Err(Status::Expired));
}

#[test]
fn after_a_long_gap_the_leases_that_ran_start_again() {
    for (gap, safe) in [(LEASE / 2 - 1, false), (LEASE / 2, true), (10 * LEASE, true)] {
        let (mut w, mut silent, mut b) = silent_holder();
        let mut a = w.process("late", "g");
        w.lock(&mut a, "g", bytes(0, 9), LockKind::Write);
        w.pass_renewing(LEASE - 1, &[b.client]);
        w.core.on_gap(w.now, Duration::from_secs(gap));
        w.pass_renewing(LEASE - 1, &[b.client]);
        w.open(&mut b, "g", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        assert_eq!(is_granted(&w.lock(&mut b, "g", bytes(0, 9), LockKind::Write)), !safe, "{gap} s");
        // A lease that had run out before is not brought back.
        assert!(is_granted(&w.lock(&mut b, "f", bytes(0, 9), LockKind::Write)));
        assert_eq!(w.close(&mut silent, "f"), Err(Status::Expired));
    }
}

#[test]
fn every_use_of_state_renews_the_lease() {
    let mut w = World::new();
    let mut a = w.process("a", "f");
    w.lock(&mut a, "f", bytes(0, 9), LockKind::Write);
    let mut b = w.process("b", "f");
    for use_state in [0, 1, 2, 3] {
        w.pass_renewing(LEASE - 1, &[b.client]);
        match use_state {
            0 => assert!(is_granted(&w.lock(&mut a, "f", bytes(20, 29), LockKind::Read))),
            1 => assert!(w.locku(&mut a, "f", bytes(20, 29)).is_ok()),
            2 => assert_eq!(w.lockt(&a, "f", bytes(0, 0), LockKind::Write), None),
            _ => assert!(w.core.io(w.now, &fh("f"), &a.opens["f"], ShareAccess::READ).is_ok()),
        }
    }
    w.pass_renewing(LEASE - 1, &[b.client]);
    assert_eq!(denied_by(&w.lock(&mut b, "f", bytes(0, 0), LockKind::Read)), "a");
}

#[test]
fn a_courtesy_client_nobody_wants_anything_of_is_forgotten_in_the_end() {
    let mut w = World::with(Config { courtesy: Duration::from_secs(1000), ..Config::default() });
    let a = w.process("a", "f");
    w.pass(999);
    assert_eq!(w.core.counts(), (1, 1));
    w.pass(LEASE);
    assert_eq!(w.core.counts(), (0, 0));
    assert_eq!(w.core.renew(w.now, a.client), Err(Status::StaleClientid));
}

#[test]
fn an_expired_client_starts_again_with_another_clientid() {
    let (mut w, a, mut b) = silent_holder();
    w.lock(&mut b, "f", bytes(0, 9), LockKind::Write);
    // Same verifier: the client did not restart, it was only cut off.
    let again = w.process("a", "f");
    assert_ne!(again.client, a.client);
    assert_eq!(w.core.renew(w.now, again.client), Ok(()));
}

#[test]
fn what_must_be_stored_is_told_once() {
    let mut w = World::new();
    let recorded = ClientChange::ClientRecorded(b"a"[..].into());
    let mut a = Process::of(w.client("a"), "a");
    assert_eq!(w.take_changes(), []);
    w.open(&mut a, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    w.open(&mut a, "g", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert_eq!(w.take_changes(), [recorded]);
    let mut b = w.process("b", "f");
    w.pass_renewing(LEASE, &[b.client]);
    w.take_changes();
    w.lock(&mut b, "f", bytes(0, 9), LockKind::Write);
    assert_eq!(w.take_changes(), [], "beside a courtesy client nothing changes");
    w.open(&mut b, "g", ShareAccess::BOTH, ShareDeny::BOTH).unwrap();
    assert_eq!(w.take_changes(), [ClientChange::ClientForgotten(b"a"[..].into())]);
}
