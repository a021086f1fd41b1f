//! Lock_owners: when the server knows them, and what their first requests may look like (RFC 7530 §9.1.9, §16.10, §16.37).

use super::*;

/// `a` holds bytes 0 to 9 of `f`; `b` has the file open.
fn holder_and_other() -> (World, Process, Process) {
    let mut w = World::new();
    let mut a = w.process("a", "f");
    w.lock(&mut a, "f", bytes(0, 9), LockKind::Write);
    let b = w.process("b", "f");
    (w, a, b)
}

#[test]
fn a_new_locker_that_was_denied_counts_its_seqids_on() {
    let (mut w, mut a, mut b) = holder_and_other();
    for _ in 0..3 {
        assert_eq!(denied_by(&w.lock(&mut b, "f", bytes(0, 9), LockKind::Write)), "a");
    }
    assert_eq!(b.lock_seqid, 23);
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    assert!(is_granted(&w.lock(&mut b, "f", bytes(0, 9), LockKind::Write)));
    assert!(w.locku(&mut b, "f", bytes(0, 9)).is_ok());
}

#[test]
fn a_new_locker_that_was_denied_may_begin_again_at_any_lock_seqid() {
    for next in [0, 20, 21, 22, 4711] {
        let (mut w, mut a, mut b) = holder_and_other();
        assert_eq!(denied_by(&w.lock(&mut b, "f", bytes(0, 9), LockKind::Write)), "a");
        b.lock_seqid = next;
        assert_eq!(denied_by(&w.lock(&mut b, "f", bytes(0, 9), LockKind::Read)), "a");
        b.lock_seqid = next;
        w.locku(&mut a, "f", bytes(0, 9)).unwrap();
        assert!(is_granted(&w.lock(&mut b, "f", bytes(0, 9), LockKind::Write)), "{next}");
        assert!(w.locku(&mut b, "f", bytes(0, 9)).is_ok());
    }
}

#[test]
fn a_denied_new_locker_has_no_lock_stateid() {
    let (mut w, _, mut b) = holder_and_other();
    w.lock(&mut b, "f", bytes(0, 9), LockKind::Write);
    // Open stateids are even out of the question: the serials after its open's are not given out.
    let open = b.opens["f"];
    let mut guess = open;
    for _ in 0..5 {
        guess.other[11] += 1;
        b.locks.insert("f", Stateid { seqid: 1, ..guess });
        assert_eq!(w.locku(&mut b, "f", bytes(0, 9)), Err(Status::BadStateid));
    }
    b.locks.insert("f", open);
    assert_eq!(w.locku(&mut b, "f", bytes(0, 9)), Err(Status::BadStateid), "an open is no lock");
}

#[test]
fn a_known_locker_that_comes_as_new_must_go_on_with_its_seqid() {
    let (mut w, mut a, _) = holder_and_other();
    w.open(&mut a, "g", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    let mut wrong = a.clone();
    wrong.lock_seqid += 1;
    let refused = LockReply::Refused(Status::BadSeqid);
    assert_eq!(w.lock(&mut wrong, "g", bytes(0, 9), LockKind::Write), refused);
    assert!(is_granted(&w.lock(&mut a, "g", bytes(0, 9), LockKind::Write)));
    // One sequence for both files.
    assert!(w.locku(&mut a, "f", bytes(0, 9)).is_ok());
    assert!(w.locku(&mut a, "g", bytes(0, 9)).is_ok());
}

#[test]
fn one_locker_has_one_lock_stateid_for_each_open() {
    let (mut w, mut a, _) = holder_and_other();
    let first = a.locks["f"];
    // As a new locker for the same open: the stateid that is there goes on.
    a.locks.clear();
    assert!(is_granted(&w.lock(&mut a, "f", bytes(20, 29), LockKind::Write)));
    assert_eq!(a.locks["f"], first.next());
}

#[test]
fn owners_of_the_same_name_of_two_clients_are_two() {
    let mut w = World::new();
    let (one, two) = (w.client("1"), w.client("2"));
    let (mut p, mut q) = (Process::of(one, "p"), Process::of(two, "p"));
    for process in [&mut p, &mut q] {
        w.open(process, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    }
    assert!(is_granted(&w.lock(&mut p, "f", bytes(0, 9), LockKind::Write)));
    let LockReply::Denied(denied) = w.lock(&mut q, "f", bytes(5, 5), LockKind::Read) else { panic!() };
    assert_eq!(denied.owner, crate::nfs4::LockOwner { clientid: one, owner: b"p"[..].into() });
    assert_eq!((denied.range, denied.kind), (bytes(0, 9), LockKind::Write));
}

#[test]
fn a_lock_owner_named_with_another_clients_id_is_refused() {
    let (mut w, a, mut b) = holder_and_other();
    b.client = a.client;
    let refused = LockReply::Refused(Status::BadStateid);
    assert_eq!(w.lock(&mut b, "f", bytes(20, 29), LockKind::Write), refused);
}

#[test]
fn lockers_of_one_open_conflict_and_close_waits_for_all_of_them() {
    let (mut w, mut a, _) = holder_and_other();
    let mut child = Process { name: "child", locks: BTreeMap::new(), ..a.clone() };
    assert_eq!(denied_by(&w.lock(&mut child, "f", bytes(0, 0), LockKind::Write)), "a");
    assert!(is_granted(&w.lock(&mut child, "f", bytes(20, 29), LockKind::Write)));
    a.open_seqid = child.open_seqid;
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    assert_eq!(w.close(&mut a, "f"), Err(Status::LocksHeld));
    w.locku(&mut child, "f", bytes(20, 29)).unwrap();
    assert!(w.close(&mut a, "f").is_ok());
}

#[test]
fn release_lockowner_is_refused_while_it_holds_locks_and_else_forgets_it() {
    let (mut w, mut a, _) = holder_and_other();
    assert_eq!(w.core.release_lockowner(w.now, a.client, b"a"), Err(Status::LocksHeld));
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    assert_eq!(w.core.release_lockowner(w.now, a.client, b"a"), Ok(()));
    assert_eq!(w.locku(&mut a.clone(), "f", bytes(0, 9)), Err(Status::BadStateid));
    assert_eq!(w.core.release_lockowner(w.now, a.client, b"a"), Ok(()), "nobody of that name: no error");
    // The owner starts fresh.
    a.locks.clear();
    a.lock_seqid = 0;
    assert!(is_granted(&w.lock(&mut a, "f", bytes(0, 9), LockKind::Write)));
}

#[test]
fn a_lock_owner_released_while_it_waits_stands_in_nobodys_way() {
    let (mut w, mut a, mut b) = holder_and_other();
    assert_eq!(denied_by(&w.lockw(&mut b, "f", bytes(0, 9), LockKind::Write)), "a");
    assert_eq!(w.core.release_lockowner(w.now, b.client, b"b"), Ok(()));
    w.locku(&mut a, "f", bytes(0, 9)).unwrap();
    let mut c = w.process("c", "f");
    assert!(is_granted(&w.lock(&mut c, "f", bytes(0, 9), LockKind::Write)));
}

#[test]
fn an_owner_that_waits_in_very_many_files_and_is_released_stands_in_nobodys_way() {
    const FILES: [&str; 40] = [
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17",
        "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32", "33", "34",
        "35", "36", "37", "38", "39",
    ];
    let mut w = World::new();
    let (mut a, mut b, mut c) = (w.process("a", "0"), w.process("b", "0"), w.process("c", "0"));
    for file in FILES {
        for process in [&mut a, &mut b, &mut c] {
            w.open(process, file, ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        }
        assert!(is_granted(&w.lock(&mut a, file, bytes(0, 9), LockKind::Write)));
        assert_eq!(denied_by(&w.lockw(&mut b, file, bytes(0, 9), LockKind::Write)), "a");
    }
    assert_eq!(w.core.release_lockowner(w.now, b.client, b"b"), Ok(()));
    for file in FILES {
        w.locku(&mut a, file, bytes(0, 9)).unwrap();
        assert!(is_granted(&w.lock(&mut c, file, bytes(0, 9), LockKind::Write)), "{file}");
    }
}

#[test]
fn owners_without_state_are_forgotten_after_a_lease() {
    let (mut w, a, mut b) = holder_and_other();
    w.lock(&mut b, "f", bytes(0, 9), LockKind::Write);
    w.close(&mut b, "f").unwrap();
    w.pass_renewing(3 * LEASE, &[a.client, b.client]);
    // Both owners of b start like new ones, at any seqid, the open_owner with a confirmation.
    (b.open_seqid, b.lock_seqid) = (4711, 4712);
    assert!(w.open_only(&mut b, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap().confirm);
}
