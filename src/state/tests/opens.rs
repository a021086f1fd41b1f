//! OPEN, OPEN_CONFIRM, OPEN_DOWNGRADE, CLOSE (RFC 7530 §9.8 to §9.11, §16.2, §16.16 to §16.19).

use super::*;

const ACCESSES: [ShareAccess; 3] = [ShareAccess::READ, ShareAccess::WRITE, ShareAccess::BOTH];
const DENIES: [ShareDeny; 4] = [ShareDeny::NONE, ShareDeny::READ, ShareDeny::WRITE, ShareDeny::BOTH];

#[test]
fn the_first_open_of_an_owner_must_be_confirmed() {
    let mut w = World::new();
    let mut p = Process::of(w.client("a"), "a");
    let reply = w.open_only(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert!(reply.confirm);
    assert_eq!(reply.stateid.seqid, 1);
    // Until then the stateid is good for nothing else.
    let refused = LockReply::Refused(Status::BadStateid);
    assert_eq!(w.lock(&mut p, "f", bytes(0, 9), LockKind::Write), refused);
    assert_eq!(w.core.io(w.now, &fh("f"), &p.opens["f"], ShareAccess::READ), Err(Status::BadStateid));
    assert_eq!(w.close(&mut p, "f"), Err(Status::BadStateid));
    let confirmed = w.open_confirm(&mut p, "f").unwrap();
    assert_eq!(confirmed, reply.stateid.next());
    assert!(is_granted(&w.lock(&mut p, "f", bytes(0, 9), LockKind::Write)));
    assert!(!w.open_only(&mut p, "g", ShareAccess::READ, ShareDeny::NONE).unwrap().confirm);
}

#[test]
fn a_confirmed_owner_cannot_be_confirmed_again() {
    let mut w = World::new();
    let mut p = w.process("a", "f");
    assert_eq!(w.open_confirm(&mut p, "f"), Err(Status::BadStateid));
    assert!(w.close(&mut p, "f").is_ok());
}

#[test]
fn another_open_starts_an_unconfirmed_owner_fresh() {
    let mut w = World::new();
    let mut p = Process::of(w.client("a"), "a");
    w.open_only(&mut p, "f", ShareAccess::BOTH, ShareDeny::BOTH).unwrap();
    let mut old = p.clone();
    // Any seqid: perhaps the first OPEN was an old retransmission and the client never heard of it.
    p.open_seqid = 4711;
    assert!(w.open_only(&mut p, "g", ShareAccess::BOTH, ShareDeny::NONE).unwrap().confirm);
    assert_eq!(w.open_confirm(&mut old, "f"), Err(Status::BadStateid));
    assert!(w.open_confirm(&mut p, "g").is_ok());
    // What the first one opened is closed.
    let mut q = Process::of(w.client("b"), "b");
    assert!(w.open(&mut q, "f", ShareAccess::BOTH, ShareDeny::BOTH).is_ok());
}

#[test]
fn a_repeated_first_open_is_answered_again_and_starts_nothing_again() {
    let mut w = World::new();
    let mut p = Process::of(w.client("a"), "a");
    let mut again = p.clone();
    let first = w.open_only(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE);
    assert_eq!(w.open_only(&mut again, "f", ShareAccess::BOTH, ShareDeny::NONE), first);
    assert!(w.open_confirm(&mut p, "f").is_ok());
}

#[test]
fn another_open_of_the_same_file_and_owner_is_an_upgrade() {
    let mut w = World::new();
    let mut p = Process::of(w.client("a"), "a");
    let first = w.open(&mut p, "f", ShareAccess::READ, ShareDeny::NONE).unwrap();
    let second = w.open(&mut p, "f", ShareAccess::WRITE, ShareDeny::WRITE).unwrap();
    assert_eq!(second, first.next());
    assert!(is_granted(&w.lock(&mut p, "f", bytes(0, 0), LockKind::Write)));
    w.locku(&mut p, "f", bytes(0, 0)).unwrap();
    let mut q = Process::of(w.client("b"), "b");
    assert_eq!(w.open(&mut q, "f", ShareAccess::WRITE, ShareDeny::NONE), Err(Status::ShareDenied));
    assert_eq!(w.open(&mut q, "f", ShareAccess::READ, ShareDeny::READ), Err(Status::ShareDenied));
    assert!(w.close(&mut p, "f").is_ok(), "one close ends both");
    assert!(w.open(&mut q, "f", ShareAccess::WRITE, ShareDeny::BOTH).is_ok());
}

#[test]
fn shares_exclude_each_other_across_clients_and_owners() {
    for (access, deny) in ACCESSES.into_iter().flat_map(|access| DENIES.map(|deny| (access, deny))) {
        for (other, other_deny) in ACCESSES.into_iter().flat_map(|access| DENIES.map(|deny| (access, deny))) {
            let mut w = World::new();
            let client = w.client("a");
            let mut p = Process::of(client, "p");
            let mut q = Process::of(client, "q");
            w.open(&mut p, "f", access, deny).unwrap();
            let excluded = deny.bits() & other.bits() != 0 || other_deny.bits() & access.bits() != 0;
            let want = if excluded { Err(Status::ShareDenied) } else { Ok(()) };
            assert_eq!(w.open(&mut q, "f", other, other_deny).map(drop), want);
            assert!(w.open(&mut q, "g", other, other_deny).is_ok(), "another file is another matter");
        }
    }
}

#[test]
fn a_downgrade_goes_exactly_to_a_union_of_what_was_asked_for() {
    use {ShareAccess as A, ShareDeny as D};
    type Pairs = &'static [(A, D)];
    let scripts: [(Pairs, Pairs); 4] = [
        (&[(A::BOTH, D::NONE)], &[(A::BOTH, D::NONE)]),
        (
            &[(A::READ, D::NONE), (A::WRITE, D::NONE)],
            &[(A::READ, D::NONE), (A::WRITE, D::NONE), (A::BOTH, D::NONE)],
        ),
        (
            &[(A::READ, D::NONE), (A::WRITE, D::WRITE)],
            &[(A::READ, D::NONE), (A::WRITE, D::WRITE), (A::BOTH, D::WRITE)],
        ),
        (
            &[(A::READ, D::READ), (A::WRITE, D::WRITE)],
            &[(A::READ, D::READ), (A::WRITE, D::WRITE), (A::BOTH, D::BOTH)],
        ),
    ];
    for (asked, reachable) in scripts {
        for (access, deny) in ACCESSES.into_iter().flat_map(|access| DENIES.map(|deny| (access, deny))) {
            let mut w = World::new();
            let mut p = Process::of(w.client("a"), "a");
            for (access, deny) in asked {
                w.open(&mut p, "f", *access, *deny).unwrap();
            }
            let next = p.opens["f"].next();
            let want = if reachable.contains(&(access, deny)) { Ok(next) } else { Err(Status::Inval) };
            let downgraded = w.open_downgrade(&mut p, "f", access, deny);
            assert_eq!(downgraded, want, "{asked:?} to {access:?} {deny:?}");
        }
    }
}

#[test]
fn the_owner_that_denies_something_is_denied_it_too() {
    let mut w = World::new();
    let mut p = Process::of(w.client("a"), "a");
    w.open(&mut p, "f", ShareAccess::READ, ShareDeny::WRITE).unwrap();
    assert_eq!(w.open(&mut p, "f", ShareAccess::WRITE, ShareDeny::NONE), Err(Status::ShareDenied));
    assert_eq!(w.open(&mut p, "f", ShareAccess::READ, ShareDeny::READ), Err(Status::ShareDenied));
    assert!(w.open(&mut p, "f", ShareAccess::READ, ShareDeny::NONE).is_ok());
}

#[test]
fn a_downgrade_frees_what_it_gives_up_and_cannot_be_taken_back() {
    let mut w = World::new();
    let mut p = Process::of(w.client("a"), "a");
    w.open(&mut p, "f", ShareAccess::READ, ShareDeny::NONE).unwrap();
    w.open(&mut p, "f", ShareAccess::BOTH, ShareDeny::WRITE).unwrap();
    w.open_downgrade(&mut p, "f", ShareAccess::READ, ShareDeny::NONE).unwrap();
    let mut q = Process::of(w.client("b"), "b");
    assert!(w.open(&mut q, "f", ShareAccess::WRITE, ShareDeny::NONE).is_ok());
    assert_eq!(w.open_downgrade(&mut p, "f", ShareAccess::BOTH, ShareDeny::WRITE), Err(Status::Inval));
    let openmode = LockReply::Refused(Status::OpenMode);
    assert_eq!(w.lock(&mut p, "f", bytes(0, 0), LockKind::Write), openmode);
    assert_eq!(w.core.io(w.now, &fh("f"), &p.opens["f"], ShareAccess::WRITE), Err(Status::OpenMode));
}

#[test]
fn close_is_refused_while_locks_are_held_and_changes_nothing_then() {
    let mut w = World::new();
    let mut p = w.process("a", "f");
    w.lock(&mut p, "f", bytes(0, 9), LockKind::Write);
    assert_eq!(w.close(&mut p, "f"), Err(Status::LocksHeld));
    assert!(w.locku(&mut p, "f", bytes(0, 8)).is_ok());
    assert_eq!(w.close(&mut p, "f"), Err(Status::LocksHeld));
    assert!(w.locku(&mut p, "f", bytes(9, 9)).is_ok());
    assert!(w.close(&mut p, "f").is_ok());
    assert_eq!(w.core.counts(), (1, 0));
    assert_eq!(w.locku(&mut p, "f", bytes(9, 9)), Err(Status::BadStateid));
}

#[test]
fn a_close_that_was_lost_on_the_way_back_is_answered_again() {
    let mut w = World::new();
    let mut p = w.process("a", "f");
    w.open(&mut p, "g", ShareAccess::READ, ShareDeny::NONE).unwrap();
    let before = p.clone();
    let closed = w.close(&mut p, "f");
    assert!(closed.is_ok());
    assert_eq!(w.close(&mut before.clone(), "f"), closed);
    assert_eq!(w.close(&mut before.clone(), "f"), closed);
    // A request that does not use up the seqid does not use up the reply either.
    let mut confused = p.clone();
    assert_eq!(w.close(&mut confused, "f"), Err(Status::BadStateid));
    assert_eq!(w.close(&mut before.clone(), "f"), closed);
    // The next request does.
    assert!(w.close(&mut p, "g").is_ok());
    assert_eq!(w.close(&mut before.clone(), "f"), Err(Status::BadStateid));
}

#[test]
fn stateids_are_checked_for_file_version_and_kind() {
    let mut w = World::new();
    let mut p = w.process("a", "f");
    let old = p.opens["f"];
    w.open(&mut p, "f", ShareAccess::READ, ShareDeny::NONE).unwrap();
    let current = p.opens["f"];
    let mut io = |file: &str, stateid| w.core.io(w.now, &fh(file), &stateid, ShareAccess::READ).map(drop);
    assert_eq!(io("f", current), Ok(()));
    assert_eq!(io("g", current), Err(Status::BadStateid));
    assert_eq!(io("f", old), Err(Status::OldStateid));
    assert_eq!(io("f", current.next()), Err(Status::BadStateid));
    assert_eq!(io("f", Stateid::first(p.client, 999)), Err(Status::BadStateid));
    let mut odd = Stateid::ANONYMOUS;
    odd.seqid = 1;
    assert_eq!(io("f", odd), Err(Status::StaleStateid));
    assert_eq!(io("f", Stateid::ANONYMOUS), Ok(()));
    assert_eq!(io("f", Stateid::READ_BYPASS), Ok(()));
    p.opens.insert("f", Stateid::ANONYMOUS);
    assert_eq!(w.close(&mut p, "f"), Err(Status::BadStateid));
}

#[test]
fn what_an_open_in_progress_reserves_nobody_else_gets() {
    let mut w = World::new();
    let (a, b) = (w.client("a"), w.client("b"));
    let begin = |request| OpenBegin { clientid: a, owner: b"p", seqid: 1, request, reclaim: false };
    let Ok(OpenTurn::Go(mut ticket)) = w.core.open_begin(w.now, begin(1)) else { panic!("no ticket") };
    let reserved = w.core.open_reserve(w.now, &mut ticket, &fh("f"), ShareAccess::WRITE, ShareDeny::BOTH);
    assert_eq!(reserved, Ok(()));
    // Its owner is busy, also for a retransmission.
    assert_eq!(w.core.open_begin(w.now, begin(1)).err(), Some(Status::Resource));
    let mut q = Process::of(b, "q");
    assert_eq!(w.open(&mut q, "f", ShareAccess::READ, ShareDeny::NONE), Err(Status::ShareDenied));
    assert_eq!(w.core.open_fail(w.now, ticket, Status::Io), Status::Io);
    assert!(w.open(&mut q, "f", ShareAccess::READ, ShareDeny::NONE).is_ok());
    // Nothing came of it and its owner has nothing open: when it comes again, it is tried again.
    let Ok(OpenTurn::Go(ticket)) = w.core.open_begin(w.now, begin(1)) else { panic!("no ticket") };
    assert_eq!(w.core.open_fail(w.now, ticket, Status::Io), Status::Io);
}

#[test]
fn the_states_of_a_client_are_bounded_whoever_of_its_owners_has_them() {
    let mut w = World::with(Config { states_per_client_max: 10, ..Config::default() });
    let mut p = Process::of(w.client("a"), "a");
    let files = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"];
    let results = files.map(|file| w.open(&mut p, file, ShareAccess::READ, ShareDeny::NONE));
    assert!(results[..5].iter().all(Result::is_ok));
    assert_eq!(results[11], Err(Status::Resource));
    // Giving something back makes room, and no seqid was used up.
    assert!(w.close(&mut p, "0").is_ok() && w.close(&mut p, "1").is_ok() && w.close(&mut p, "2").is_ok());
    assert!(w.open(&mut p, "12", ShareAccess::READ, ShareDeny::NONE).is_ok());
}

#[test]
fn while_an_open_is_in_progress_its_owner_can_do_nothing_else() {
    let mut w = World::new();
    let mut p = w.process("a", "f");
    let (clientid, seqid) = (p.client, p.open_seqid);
    let begin = OpenBegin { clientid, owner: b"a", seqid, request: 1, reclaim: false };
    let Ok(OpenTurn::Go(ticket)) = w.core.open_begin(w.now, begin) else { panic!("no ticket") };
    let busy = LockReply::Refused(Status::Resource);
    assert_eq!(w.lock(&mut p, "f", bytes(0, 9), LockKind::Write), busy);
    assert_eq!(w.close(&mut p, "f"), Err(Status::Resource));
    w.core.open_fail(w.now, ticket, Status::NoEnt);
    p.open_seqid += 1;
    assert!(is_granted(&w.lock(&mut p, "f", bytes(0, 9), LockKind::Write)));
}

#[test]
fn an_open_for_writing_alone_reads_what_no_other_open_denies() {
    for deny in [ShareDeny::READ, ShareDeny::BOTH] {
        let mut w = World::new();
        let mut p = Process::of(w.client("a"), "a");
        let mut q = Process::of(w.client("b"), "b");
        w.open(&mut p, "f", ShareAccess::WRITE, ShareDeny::NONE).unwrap();
        let read = |w: &mut World, p: &Process| {
            w.core.io(w.now, &fh("f"), &p.opens["f"], ShareAccess::READ).map(drop)
        };
        assert_eq!(read(&mut w, &p), Ok(()));
        let denied = w.open(&mut q, "f", ShareAccess::WRITE, deny);
        if deny == ShareDeny::BOTH {
            assert_eq!(denied, Err(Status::ShareDenied));
            continue;
        }
        assert_eq!(read(&mut w, &p), Err(Status::Locked));
        assert_eq!(read(&mut w, &q), Ok(()), "its own denial is not against itself");
        // Two that deny it: neither reads.
        let mut r = Process::of(w.client("c"), "c");
        w.open(&mut r, "f", ShareAccess::WRITE, deny).unwrap();
        assert_eq!((read(&mut w, &q), read(&mut w, &r)), (Err(Status::Locked), Err(Status::Locked)));
        w.close(&mut q, "f").unwrap();
        assert_eq!((read(&mut w, &p), read(&mut w, &r)), (Err(Status::Locked), Ok(())));
        // Who does not come back does not deny for ever.
        let lease = w.core.lease().as_secs();
        w.pass(lease * 2);
        let mut s = Process::of(w.client("d"), "d");
        w.open(&mut s, "f", ShareAccess::WRITE, ShareDeny::NONE).unwrap();
        assert_eq!(read(&mut w, &s), Ok(()));
    }
}

#[test]
fn nobody_is_told_that_nobody_writes_while_a_change_is_made() {
    let mut w = World::new();
    let mut p = Process::of(w.client("a"), "a");
    w.core.change_begin(&fh("f"));
    w.core.change_begin(&fh("f"));
    for deny in [ShareDeny::WRITE, ShareDeny::BOTH] {
        assert_eq!(w.open(&mut p, "f", ShareAccess::READ, deny), Err(Status::Delay));
    }
    w.core.change_end(&fh("f"));
    w.core.change_end(&fh("g"));
    assert_eq!(w.open(&mut p, "f", ShareAccess::READ, ShareDeny::WRITE), Err(Status::Delay), "one goes on");
    let writer = w.open(&mut p, "f", ShareAccess::WRITE, ShareDeny::READ);
    assert!(writer.is_ok(), "who does not deny writing");
    w.close(&mut p, "f").unwrap();
    assert!(w.open(&mut p, "g", ShareAccess::READ, ShareDeny::WRITE).is_ok(), "another file");
    w.core.change_end(&fh("f"));
    assert!(w.open(&mut p, "f", ShareAccess::READ, ShareDeny::WRITE).is_ok());
}
