//! Seqids of owners, and replays of every operation that has one (RFC 7530 §9.1.7 to §9.1.9).

use super::*;

/// Runs a command, then twice more as a retransmission: the same reply each time, and what it did is done once.
macro_rules! replayed {
    ($w:ident . $command:ident ( $p:ident $(, $arg:expr)* )) => {{
        let before = $p.clone();
        let reply = $w.$command(&mut $p $(, $arg)*);
        let counts = $w.core.counts();
        for _ in 0..2 {
            assert_eq!($w.$command(&mut before.clone() $(, $arg)*), reply, stringify!($command));
        }
        assert_eq!($w.core.counts(), counts);
        reply
    }};
}

#[test]
fn every_operation_repeated_gives_the_same_reply() {
    let mut w = World::new();
    let mut p = Process::of(w.client("a"), "a");
    let mut rival = w.process("b", "f");
    let (f, whole) = ("f", Range::WHOLE);
    assert!(replayed!(w.open_only(p, f, ShareAccess::READ, ShareDeny::NONE)).is_ok());
    assert!(replayed!(w.open_confirm(p, f)).is_ok());
    assert!(replayed!(w.open_only(p, f, ShareAccess::BOTH, ShareDeny::NONE)).is_ok());
    assert!(replayed!(w.open_only(p, f, ShareAccess::READ, ShareDeny::READ)).is_err());
    w.lock(&mut rival, f, bytes(50, 59), LockKind::Write);
    assert_eq!(denied_by(&replayed!(w.lock(p, f, whole, LockKind::Read))), "b");
    assert!(is_granted(&replayed!(w.lock(p, f, bytes(0, 9), LockKind::Write))));
    assert!(is_granted(&replayed!(w.lock(p, f, bytes(20, 29), LockKind::Read))));
    assert_eq!(denied_by(&replayed!(w.lockw(p, f, whole, LockKind::Read))), "b");
    assert!(replayed!(w.locku(p, f, bytes(5, 24))).is_ok());
    assert_eq!(replayed!(w.close(p, f)), Err(Status::LocksHeld));
    assert!(replayed!(w.locku(p, f, whole)).is_ok());
    assert!(replayed!(w.open_downgrade(p, f, ShareAccess::READ, ShareDeny::NONE)).is_ok());
    assert_eq!(replayed!(w.open_downgrade(p, f, ShareAccess::BOTH, ShareDeny::NONE)), Err(Status::Inval));
    let refused = replayed!(w.lock(p, f, whole, LockKind::Write));
    assert_eq!(refused, LockReply::Refused(Status::OpenMode));
    assert!(replayed!(w.close(p, f)).is_ok());
}

#[test]
fn a_repeated_lock_does_not_lock_again() {
    let mut w = World::new();
    let mut p = w.process("a", "f");
    w.lock(&mut p, "f", bytes(0, 9), LockKind::Write);
    let before = p.clone();
    let unlocked = w.locku(&mut p, "f", bytes(0, 9));
    let mut q = w.process("b", "f");
    assert!(is_granted(&w.lock(&mut q, "f", bytes(0, 9), LockKind::Write)));
    assert_eq!(w.locku(&mut before.clone(), "f", bytes(0, 9)), unlocked);
    assert_eq!(denied_by(&w.lock(&mut p, "f", bytes(0, 0), LockKind::Read)), "b");
}

#[test]
fn a_denied_lock_repeated_stays_denied_though_it_is_free_by_now() {
    let mut w = World::new();
    let mut holder = w.process("a", "f");
    w.lock(&mut holder, "f", bytes(0, 9), LockKind::Write);
    let mut p = w.process("b", "f");
    let mut before = p.clone();
    let denied = w.lock(&mut p, "f", bytes(0, 9), LockKind::Write);
    w.locku(&mut holder, "f", bytes(0, 9)).unwrap();
    assert_eq!(w.lock(&mut before, "f", bytes(0, 9), LockKind::Write), denied);
    assert!(is_granted(&w.lock(&mut p, "f", bytes(0, 9), LockKind::Write)));
}

#[test]
fn a_seqid_that_is_neither_next_nor_last_is_bad_and_changes_nothing() {
    let mut w = World::new();
    let mut p = w.process("a", "f");
    w.lock(&mut p, "f", bytes(0, 9), LockKind::Write);
    for off in [1, 2, 1000, u32::MAX - 1, u32::MAX - 2] {
        let wrong = |p: &Process| {
            let mut wrong = p.clone();
            wrong.open_seqid = wrong.open_seqid.wrapping_add(off);
            wrong.lock_seqid = wrong.lock_seqid.wrapping_add(off);
            wrong
        };
        let bad = Err(Status::BadSeqid);
        assert_eq!(w.close(&mut wrong(&p), "f"), bad);
        assert_eq!(w.open_confirm(&mut wrong(&p), "f"), bad);
        assert_eq!(w.open_downgrade(&mut wrong(&p), "f", ShareAccess::BOTH, ShareDeny::NONE), bad);
        assert_eq!(w.open(&mut wrong(&p), "g", ShareAccess::BOTH, ShareDeny::NONE), bad);
        assert_eq!(w.locku(&mut wrong(&p), "f", bytes(0, 9)), bad);
        let refused = LockReply::Refused(Status::BadSeqid);
        assert_eq!(w.lock(&mut wrong(&p), "f", bytes(20, 29), LockKind::Read), refused);
        let mut new_locker = wrong(&p);
        new_locker.locks.clear();
        assert_eq!(w.lock(&mut new_locker, "f", bytes(20, 29), LockKind::Read), refused);
    }
    assert!(w.locku(&mut p, "f", bytes(0, 9)).is_ok());
    assert!(w.close(&mut p, "f").is_ok());
}

#[test]
fn the_last_seqid_with_other_arguments_or_another_operation_is_bad() {
    let mut w = World::new();
    let mut p = w.process("a", "f");
    let mut again = p.clone();
    w.open_downgrade(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert_eq!(w.close(&mut again, "f"), Err(Status::BadSeqid));
    let other = w.open_downgrade(&mut again, "f", ShareAccess::READ, ShareDeny::NONE);
    assert_eq!(other, Err(Status::BadSeqid));
    w.lock(&mut p, "f", bytes(0, 9), LockKind::Write);
    let mut again = p.clone();
    w.locku(&mut p, "f", bytes(0, 9)).unwrap();
    assert_eq!(w.locku(&mut again, "f", bytes(0, 8)), Err(Status::BadSeqid));
    let lock = w.lock(&mut again, "f", bytes(0, 9), LockKind::Write);
    assert_eq!(lock, LockReply::Refused(Status::BadSeqid));
}

#[test]
fn seqids_go_on_over_the_end_of_their_numbers() {
    let mut w = World::new();
    let mut p = Process::of(w.client("a"), "a");
    (p.open_seqid, p.lock_seqid) = (u32::MAX - 1, u32::MAX);
    w.open(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert_eq!(p.open_seqid, 0);
    assert!(is_granted(&w.lock(&mut p, "f", bytes(0, 9), LockKind::Write)));
    assert!(is_granted(&w.lock(&mut p, "f", bytes(0, 9), LockKind::Read)));
    assert_eq!(p.lock_seqid, 1);
    assert!(w.locku(&mut p, "f", bytes(0, 9)).is_ok());
}

#[test]
fn statuses_that_do_not_use_up_the_seqid_leave_it_as_it_is() {
    let mut w = World::new();
    let mut p = w.process("a", "f");
    w.lock(&mut p, "f", bytes(0, 9), LockKind::Write);
    let seqids = (p.open_seqid, p.lock_seqid);
    let good = p.clone();
    let other = Stateid::first(p.client, 4711);
    p.locks.insert("f", other);
    p.opens.insert("f", other);
    assert_eq!(w.locku(&mut p, "f", bytes(0, 9)), Err(Status::BadStateid));
    assert_eq!(w.close(&mut p, "f"), Err(Status::BadStateid));
    assert_eq!((p.open_seqid, p.lock_seqid), seqids);
    // Found by the stateid, but of another file: known owner, seqid as it was.
    p = good.clone();
    p.opens.insert("g", good.opens["f"]);
    assert_eq!(w.close(&mut p, "g"), Err(Status::BadStateid));
    assert_eq!(p.open_seqid, seqids.0);
    p = good;
    assert!(w.locku(&mut p, "f", bytes(0, 9)).is_ok() && w.close(&mut p, "f").is_ok());
}

#[test]
fn an_old_stateid_uses_up_the_seqid() {
    let mut w = World::new();
    let mut p = w.process("a", "f");
    w.lock(&mut p, "f", bytes(0, 9), LockKind::Write);
    let old = p.locks["f"];
    w.locku(&mut p, "f", bytes(5, 5)).unwrap();
    let current = p.locks.insert("f", old).unwrap();
    let mut before = p.clone();
    assert_eq!(w.locku(&mut p, "f", bytes(0, 9)), Err(Status::OldStateid));
    assert_eq!(w.locku(&mut before, "f", bytes(0, 9)), Err(Status::OldStateid));
    p.locks.insert("f", current);
    assert!(w.locku(&mut p, "f", bytes(0, 9)).is_ok());
}

/// OPEN that fails before it has a file.
fn open_fails(w: &mut World, who: &Process, file: &str, status: Status) -> Result<OpenReply, Status> {
    let begin = OpenBegin {
        clientid: who.client,
        owner: who.name.as_bytes(),
        seqid: who.open_seqid,
        request: digest(("open", who.open_seqid, file)),
        reclaim: false,
    };
    match w.core.open_begin(w.now, begin)? {
        OpenTurn::Go(ticket) => Err(w.core.open_fail(w.now, ticket, status)),
        OpenTurn::Replay(reply) => reply.map(|reply| *reply),
    }
}

#[test]
fn an_owner_with_nothing_open_is_new_when_its_seqid_does_not_go_on() {
    for off in [0, 1, 2, 1000, u32::MAX - 1, u32::MAX] {
        let mut w = World::new();
        let mut p = w.process("a", "f");
        w.close(&mut p, "f").unwrap();
        let goes_on = off == 0;
        p.open_seqid = p.open_seqid.wrapping_add(off);
        let opened = w.open_only(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        assert_eq!(opened.confirm, !goes_on, "{off}: who is new must be confirmed");
        if !goes_on {
            w.open_confirm(&mut p, "f").unwrap();
        }
        assert!(w.close(&mut p, "f").is_ok(), "{off}");
    }
}

#[test]
fn a_failed_open_of_an_owner_with_nothing_open_is_tried_again() {
    let mut w = World::new();
    let mut p = Process::of(w.client("a"), "a");
    for _ in 0..2 {
        assert_eq!(open_fails(&mut w, &p, "missing", Status::NoEnt), Err(Status::NoEnt));
    }
    // It is not told again what it was told before: the file may be there by now.
    assert_eq!(open_fails(&mut w, &p, "missing", Status::Access), Err(Status::Access));
    // The client does not count what failed.
    w.open(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert!(w.close(&mut p, "f").is_ok());
    assert_eq!(open_fails(&mut w, &p, "missing", Status::NoEnt), Err(Status::NoEnt));
    w.open(&mut p, "g", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert!(w.close(&mut p, "g").is_ok());
}

#[test]
fn a_client_that_does_not_count_a_failed_open_keeps_what_it_has_open() {
    let mut w = World::new();
    let mut p = w.process("a", "f");
    for (file, status) in [("g", Status::NoEnt), ("h", Status::Access)] {
        for _ in 0..2 {
            assert_eq!(open_fails(&mut w, &p, file, status), Err(status));
        }
        // While something is open, a retransmission is only answered again.
        assert_eq!(open_fails(&mut w, &p, file, Status::Io), Err(status));
    }
    assert!(is_granted(&w.lock(&mut p, "f", bytes(0, 9), LockKind::Write)));
    open_fails(&mut w, &p, "missing", Status::NoEnt).unwrap_err();
    assert!(!w.open_only(&mut p, "g", ShareAccess::READ, ShareDeny::NONE).unwrap().confirm);
    open_fails(&mut w, &p, "missing", Status::NoEnt).unwrap_err();
    assert!(w.close(&mut p, "g").is_ok());
    w.locku(&mut p, "f", bytes(0, 9)).unwrap();
    assert!(w.close(&mut p, "f").is_ok());
}
