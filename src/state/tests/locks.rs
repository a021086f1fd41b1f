//! What LOCK, LOCKT and LOCKU decide (RFC 7530 §9.2 to §9.4, §16.10 to §16.12).

use super::*;

fn two() -> (World, Process, Process) {
    let mut w = World::new();
    let (a, b) = (w.process("a", "f"), w.process("b", "f"));
    (w, a, b)
}

#[test]
fn readers_share_and_writers_exclude() {
    use LockKind::{Read, Write};
    for (held, wanted, granted) in
        [(Read, Read, true), (Read, Write, false), (Write, Read, false), (Write, Write, false)]
    {
        let (mut w, mut a, mut b) = two();
        w.lock(&mut a, "f", bytes(10, 19), held);
        assert_eq!(is_granted(&w.lock(&mut b, "f", bytes(19, 30), wanted)), granted);
        assert!(is_granted(&w.lock(&mut b, "f", bytes(20, 30), wanted)));
        assert!(is_granted(&w.lock(&mut b, "f", bytes(0, 9), wanted)));
    }
}

#[test]
fn the_answer_to_a_denied_request_is_a_lock_that_stands_in_its_way() {
    let (mut w, mut a, mut b) = two();
    w.lock(&mut a, "f", bytes(10, 19), LockKind::Read);
    w.lock(&mut a, "f", bytes(20, u64::MAX), LockKind::Write);
    let LockReply::Denied(denied) = w.lock(&mut b, "f", bytes(0, 100), LockKind::Read) else { panic!() };
    assert_eq!((denied.range, denied.kind), (bytes(20, u64::MAX), LockKind::Write));
    let LockReply::Denied(denied) = w.lock(&mut b, "f", bytes(0, 100), LockKind::Write) else { panic!() };
    assert_eq!((denied.range, denied.kind), (bytes(10, 19), LockKind::Read));
    assert_eq!(denied.owner.clientid, a.client);
}

#[test]
fn own_locks_never_conflict_and_change_as_posix_says() {
    let (mut w, mut a, b) = two();
    for kind in [LockKind::Write, LockKind::Read, LockKind::Write, LockKind::Read] {
        assert!(is_granted(&w.lock(&mut a, "f", bytes(0, 99), kind)));
    }
    assert!(is_granted(&w.lock(&mut a, "f", bytes(40, 59), LockKind::Write)));
    w.locku(&mut a, "f", bytes(45, 49)).unwrap();
    let held = |w: &mut World, at, kind| w.lockt(&b, "f", bytes(at, at), kind).map(|denied| denied.range);
    assert_eq!(held(&mut w, 0, LockKind::Read), None);
    assert_eq!(held(&mut w, 0, LockKind::Write), Some(bytes(0, 39)));
    assert_eq!(held(&mut w, 40, LockKind::Read), Some(bytes(40, 44)));
    assert_eq!(held(&mut w, 45, LockKind::Write), None);
    assert_eq!(held(&mut w, 50, LockKind::Read), Some(bytes(50, 59)));
    assert_eq!(held(&mut w, 99, LockKind::Write), Some(bytes(60, 99)));
}

#[test]
fn a_failed_upgrade_keeps_the_lock_that_was_held() {
    let (mut w, mut a, mut b) = two();
    w.lock(&mut a, "f", bytes(0, 9), LockKind::Read);
    w.lock(&mut b, "f", bytes(5, 5), LockKind::Read);
    assert_eq!(denied_by(&w.lock(&mut a, "f", bytes(0, 9), LockKind::Write)), "b");
    assert_eq!(denied_by(&w.lock(&mut b, "f", bytes(0, 0), LockKind::Write)), "a");
}

#[test]
fn each_grant_and_each_unlock_makes_the_next_version_of_the_stateid() {
    let (mut w, mut a, _) = two();
    w.lock(&mut a, "f", bytes(0, 9), LockKind::Write);
    let first = a.locks["f"];
    assert_eq!(first.seqid, 1);
    w.lock(&mut a, "f", bytes(0, 9), LockKind::Write);
    w.locku(&mut a, "f", bytes(100, 109)).unwrap();
    assert_eq!(a.locks["f"], first.next().next(), "also when nothing was held there");
    w.locku(&mut a, "f", Range::WHOLE).unwrap();
    assert!(is_granted(&w.lock(&mut a, "f", bytes(0, 9), LockKind::Write)), "it outlives its last range");
    assert_eq!(a.locks["f"].other, first.other);
}

#[test]
fn locks_need_an_open_of_their_mode() {
    for (access, kind, granted) in [
        (ShareAccess::READ, LockKind::Read, true),
        (ShareAccess::READ, LockKind::Write, false),
        (ShareAccess::WRITE, LockKind::Read, false),
        (ShareAccess::WRITE, LockKind::Write, true),
        (ShareAccess::BOTH, LockKind::Read, true),
        (ShareAccess::BOTH, LockKind::Write, true),
    ] {
        let mut w = World::new();
        let mut p = Process::of(w.client("a"), "a");
        w.open(&mut p, "f", access, ShareDeny::NONE).unwrap();
        let reply = w.lock(&mut p, "f", bytes(0, 9), kind);
        assert_eq!(is_granted(&reply), granted, "{access:?} {kind:?}");
        assert_eq!(reply == LockReply::Refused(Status::OpenMode), !granted);
    }
}

#[test]
fn no_range_is_invalid_everywhere() {
    let (mut w, mut a, _) = two();
    w.lock(&mut a, "f", bytes(0, 9), LockKind::Write);
    let file = fh("f");
    let locker = Locker::Existing { lock_stateid: a.locks["f"], lock_seqid: a.lock_seqid };
    let (kind, blocking, reclaim) = (LockKind::Write, false, false);
    let command = LockCommand { fh: &file, range: None, kind, blocking, reclaim, locker, request: 1 };
    assert_eq!(w.core.lock(w.now, &command), LockReply::Refused(Status::Inval));
    a.lock_seqid += 1;
    let unlocked = w.core.locku(w.now, &file, a.locks["f"], a.lock_seqid, None, 2);
    assert_eq!(unlocked, Err(Status::Inval));
    a.lock_seqid += 1;
    assert_eq!(w.core.lockt(w.now, &file, a.client, b"a", None, kind), Err(Status::Inval));
    assert!(w.locku(&mut a, "f", bytes(0, 9)).is_ok(), "each used up its seqid");
}

#[test]
fn lockt_sees_what_lock_would_and_changes_nothing() {
    let (mut w, mut a, b) = two();
    w.lock(&mut a, "f", bytes(10, 19), LockKind::Read);
    assert_eq!(w.lockt(&b, "f", bytes(0, 100), LockKind::Read), None);
    let denied = w.lockt(&b, "f", bytes(0, 100), LockKind::Write).unwrap();
    assert_eq!((denied.range, denied.kind), (bytes(10, 19), LockKind::Read));
    assert_eq!(w.lockt(&a, "f", bytes(0, 100), LockKind::Write), None, "its own locks do not count");
    let unknown = w.core.lockt(w.now, &fh("f"), a.client, b"x", Some(bytes(10, 10)), LockKind::Write);
    assert!(unknown.unwrap().is_some(), "an owner nobody knows conflicts with every holder");
    assert_eq!(w.lockt(&b, "nowhere", bytes(0, 100), LockKind::Write), None);
    assert_eq!(w.core.counts(), (2, 1));
}

#[test]
fn locks_of_one_file_do_not_concern_another() {
    let (mut w, mut a, mut b) = two();
    w.lock(&mut a, "f", Range::WHOLE, LockKind::Write);
    w.open(&mut b, "g", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert!(is_granted(&w.lock(&mut b, "g", Range::WHOLE, LockKind::Write)));
}

#[test]
fn the_ranges_of_a_client_are_bounded() {
    let mut w = World::with(Config { states_per_client_max: 10, ..Config::default() });
    let mut p = w.process("a", "f");
    let mut refused = None;
    for number in 0..=10 {
        if let LockReply::Refused(status) =
            w.lock(&mut p, "f", bytes(number * 20, number * 20 + 9), LockKind::Write)
        {
            refused = Some((number, status));
            break;
        }
    }
    assert_eq!(refused, Some((10, Status::Resource)));
    assert!(w.locku(&mut p, "f", bytes(0, 99)).is_ok());
    assert!(matches!(w.lock(&mut p, "f", bytes(0, 9), LockKind::Write), LockReply::Granted(_)));
}
