//! The grace period after a restart (RFC 7530 §9.6.2).

use super::*;

#[test]
fn nobody_recorded_means_no_grace() {
    let w = World::restarted(&[]);
    assert!(!w.core.in_grace(w.now));
}

#[test]
fn grace_lasts_as_long_as_configured() {
    let mut w = World::restarted(&["a"]);
    w.pass(LEASE - 1);
    assert!(w.core.in_grace(w.now));
    assert!(w.core.next_alarm() <= w.now + Duration::from_secs(1));
    w.pass(1);
    assert!(!w.core.in_grace(w.now));
}

/// In grace or not, reclaim or not, recorded or not.
#[test]
fn who_may_open_and_lock_when() {
    let matrix = [
        (true, true, true, Ok(())),
        (true, true, false, Err(Status::ReclaimBad)),
        (true, false, true, Err(Status::Grace)),
        (true, false, false, Err(Status::Grace)),
        (false, true, true, Err(Status::NoGrace)),
        (false, true, false, Err(Status::NoGrace)),
        (false, false, true, Ok(())),
        (false, false, false, Ok(())),
    ];
    for (in_grace, reclaims, recorded, want) in matrix {
        let mut w = World::restarted(&["recorded"]);
        if !in_grace {
            w.pass(LEASE);
        }
        let mut p = Process::of(w.client(if recorded { "recorded" } else { "other" }), "p");
        p.reclaims = reclaims;
        let opened = w.open(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE);
        assert_eq!(opened.map(drop), want, "{in_grace} {reclaims} {recorded}");
    }
}

/// The same for LOCK, under an open that was reclaimed or made after grace.
#[test]
fn who_may_lock_when() {
    for (in_grace, reclaims, want) in [
        (true, true, None),
        (true, false, Some(Status::Grace)),
        (false, true, Some(Status::NoGrace)),
        (false, false, None),
    ] {
        let mut w = World::restarted(&["a"]);
        let mut p = Process::of(w.client("a"), "a");
        p.reclaims = true;
        w.open(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        if !in_grace {
            w.pass(LEASE - 1);
            w.core.renew(w.now, p.client).unwrap();
            w.pass(1);
        }
        p.reclaims = reclaims;
        let reply = w.lock(&mut p, "f", bytes(0, 9), LockKind::Write);
        match want {
            None => assert!(is_granted(&reply), "{in_grace} {reclaims}"),
            Some(status) => assert_eq!(reply, LockReply::Refused(status), "{in_grace} {reclaims}"),
        }
    }
}

#[test]
fn a_reclaimed_open_needs_no_confirmation_and_goes_on_with_any_seqid() {
    let mut w = World::restarted(&["a"]);
    let mut p = Process::of(w.client("a"), "a");
    (p.reclaims, p.open_seqid, p.lock_seqid) = (true, 815, 4711);
    assert!(!w.open_only(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap().confirm);
    assert!(is_granted(&w.lock(&mut p, "f", bytes(0, 9), LockKind::Write)));
    assert!(is_granted(&w.lock(&mut p, "f", bytes(20, 29), LockKind::Read)));
}

#[test]
fn reclaims_that_exclude_each_other_conflict() {
    let mut w = World::restarted(&["a", "b"]);
    let (mut a, mut b) = (Process::of(w.client("a"), "a"), Process::of(w.client("b"), "b"));
    (a.reclaims, b.reclaims) = (true, true);
    w.open(&mut a, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    w.open(&mut b, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert!(is_granted(&w.lock(&mut a, "f", bytes(0, 9), LockKind::Write)));
    let conflict = LockReply::Refused(Status::ReclaimConflict);
    assert_eq!(w.lock(&mut b, "f", bytes(9, 9), LockKind::Read), conflict);
    w.open(&mut a, "g", ShareAccess::BOTH, ShareDeny::BOTH).unwrap();
    let opened = w.open(&mut b, "g", ShareAccess::READ, ShareDeny::NONE);
    assert_eq!(opened, Err(Status::ReclaimConflict));
}

#[test]
fn in_grace_other_requests_wait() {
    let mut w = World::restarted(&["a"]);
    let mut p = Process::of(w.client("a"), "a");
    let lockt = w.core.lockt(w.now, &fh("f"), p.client, b"a", Some(bytes(0, 9)), LockKind::Read);
    assert_eq!(lockt, Err(Status::Grace));
    let write = w.core.io(w.now, &fh("f"), &Stateid::ANONYMOUS, ShareAccess::WRITE);
    assert_eq!(write, Err(Status::Grace));
    p.reclaims = true;
    w.open(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    w.lock(&mut p, "f", bytes(0, 9), LockKind::Write);
    // Giving back needs no waiting.
    assert!(w.locku(&mut p, "f", bytes(0, 9)).is_ok());
    assert!(w.close(&mut p, "f").is_ok());
}

#[test]
fn a_refused_open_in_grace_uses_up_its_seqid() {
    let mut w = World::restarted(&["a"]);
    w.pass(LEASE - 10);
    let mut p = Process::of(w.client("b"), "b");
    let before = p.clone();
    assert_eq!(w.open(&mut p, "f", ShareAccess::READ, ShareDeny::NONE), Err(Status::Grace));
    assert_eq!(p.open_seqid, before.open_seqid + 1);
    w.pass(10);
    let again = w.open(&mut before.clone(), "f", ShareAccess::READ, ShareDeny::NONE);
    assert_eq!(again, Err(Status::Grace), "a retransmission");
    assert!(w.open(&mut p, "f", ShareAccess::READ, ShareDeny::NONE).is_ok());
}

#[test]
fn who_did_not_come_back_in_grace_is_forgotten_and_who_did_is_not() {
    let mut w = World::restarted(&["gone", "idle", "back"]);
    w.client("idle");
    let mut p = Process::of(w.client("back"), "back");
    p.reclaims = true;
    w.open(&mut p, "f", ShareAccess::READ, ShareDeny::NONE).unwrap();
    assert_eq!(w.take_changes(), [Change::ClientRecorded(b"back"[..].into())]);
    w.pass(LEASE);
    let mut changes = w.take_changes();
    changes.sort_by_key(|change| format!("{change:?}"));
    let forgotten = |name: &[u8]| Change::ClientForgotten(name.into());
    assert_eq!(changes, [b"gone", b"idle"].map(|name| forgotten(name)));
}
