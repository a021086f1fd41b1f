//! RFC 7530 §9.1.7, §9.1.9: seqids of open and lock owners.

use crate::support::{Place, refused, two_lockers};
use lockhouse::client::{Error, OpenRequest, op, read_lock, write_lock};
use lockhouse::nfs4::{Stateid, Status};

/// §9.1.7 ¶2: a seqid that is neither the last one nor the next is `NFS4ERR_BAD_SEQID`, and is not counted.
#[test]
fn wrong_open_seqid_is_refused() {
    let mut a = Place::new().actor("a");
    let dir = a.dir.clone();
    let mut owner = a.open_owner("o");
    let mut file = a.open(&mut owner, &dir, &OpenRequest::create("f")).unwrap();
    let right = owner.seqid;
    for wrong in [right.wrapping_add(1), right.wrapping_sub(2), right.wrapping_add(0x8000_0000)] {
        owner.seqid = wrong;
        refused(a.open(&mut owner, &dir, &OpenRequest::existing("f")), Status::BadSeqid);
        file.owner.seqid = wrong;
        refused(a.open_downgrade(&mut file, 1, 0), Status::BadSeqid);
        refused(a.close(&mut file), Status::BadSeqid);
    }
    file.owner.seqid = right;
    a.close(&mut file).unwrap();
}

/// §9.1.7: the first seqid of an owner may be any number.
#[test]
fn first_seqid_is_free() {
    let mut a = Place::new().actor("a");
    let dir = a.dir.clone();
    for (name, first) in [("zero", 0), ("one", 1), ("many", 0x7fff_ffff), ("last", u32::MAX)] {
        let mut owner = a.open_owner(name);
        owner.seqid = first;
        let mut file = a.open(&mut owner, &dir, &OpenRequest::create("f")).unwrap();
        let mut locker = a.lock_owner(name);
        locker.seqid = first;
        a.lock(&mut file, &mut locker, read_lock(0, 1)).unwrap();
        a.lock(&mut file, &mut locker, read_lock(1, 1)).unwrap();
    }
}

/// §9.1.7: seqids wrap from all ones to 0.
#[test]
fn seqid_wraps_to_zero() {
    let mut a = Place::new().locker("a");
    a.owner.seqid = u32::MAX - 1;
    for byte in 0..4 {
        a.lock(write_lock(byte, 1)).unwrap();
    }
    assert_eq!(a.owner.seqid, 2);
}

/// §9.1.7 ¶2: the same for LOCK with a known lock owner and LOCKU.
#[test]
fn wrong_lock_seqid_is_refused() {
    let mut a = Place::new().locker("a");
    a.lock(write_lock(0, 10)).unwrap();
    let right = a.owner.seqid;
    for wrong in [right.wrapping_add(1), right.wrapping_sub(2), right.wrapping_add(1000)] {
        a.owner.seqid = wrong;
        refused(a.lock(write_lock(20, 1)), Status::BadSeqid);
        refused(a.unlock(write_lock(0, 10)), Status::BadSeqid);
    }
    a.owner.seqid = right;
    a.unlock(write_lock(0, 10)).unwrap();
}

/// §9.1.9: LOCK for a new lock owner is counted by the open owner; its open seqid must be the next.
#[test]
fn wrong_open_seqid_in_lock_is_refused() {
    let mut a = Place::new().locker("a");
    let right = a.file.owner.seqid;
    a.file.owner.seqid = right.wrapping_add(1);
    refused(a.lock(write_lock(0, 1)), Status::BadSeqid);
    a.file.owner.seqid = right;
    a.lock(write_lock(0, 1)).unwrap();
    a.actor.close(&mut a.file).unwrap_or_else(|error| assert_eq!(error.status(), Some(Status::LocksHeld)));
}

/// §9.1.7 ¶4: the seqid counts for errors too, except those that say that it could not be looked at.
#[test]
fn refused_requests_are_counted() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock(write_lock(20, 1)).unwrap();
    let before = b.owner.seqid;
    b.lock_denied(write_lock(0, 1));
    refused(b.lock(write_lock(0, 0)), Status::Inval);
    assert_eq!(b.owner.seqid, before.wrapping_add(2));
    b.lock(write_lock(30, 1)).unwrap();
}

/// §9.1.7 ¶4: `NFS4ERR_BAD_STATEID` does not count.
#[test]
fn bad_stateid_is_not_counted() {
    let mut a = Place::new().locker("a");
    a.lock(write_lock(0, 1)).unwrap();
    let good = a.lock_stateid();
    let file = a.file.filehandle.clone();
    a.owner.set_stateid(&file, Stateid { seqid: 99, ..good });
    refused(a.lock(write_lock(1, 1)), Status::BadStateid);
    a.owner.set_stateid(&file, good);
    a.lock(write_lock(1, 1)).unwrap();
}

/// §9.1.9, and what Linux does: a new lock owner that was denied comes again as new, with both seqids going on.
#[test]
fn denied_new_lock_owner_comes_again_as_new() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, 1)).unwrap();
    for _ in 0..3 {
        b.lock_denied(write_lock(0, 1));
    }
    assert_eq!(b.owner.seqid, 3);
    a.unlock(write_lock(0, 1)).unwrap();
    assert_eq!(b.lock(write_lock(0, 1)).unwrap().seqid, 1);
    b.unlock(write_lock(0, 1)).unwrap();
}

/// §9.1.9, §16.10.4: an owner to whom nothing was ever granted has no lock state, so its next first seqid is free
/// again.
#[test]
fn denied_new_lock_owner_may_start_again() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, 1)).unwrap();
    for seqid in [0, 0, 77] {
        b.owner.seqid = seqid;
        b.lock_denied(write_lock(0, 1));
    }
    a.unlock(write_lock(0, 1)).unwrap();
    b.owner.seqid = 5;
    b.lock(write_lock(0, 1)).unwrap();
}

/// §16.10.4: a lock owner that already has locks through this open must not say that it is new; the open seqid was
/// right, so it is counted. Servers answer `NFS4ERR_BAD_SEQID`; those that follow the seqid of the lock owner instead
/// grant it.
#[test]
fn known_lock_owner_that_says_it_is_new() {
    let mut a = Place::new().locker("a");
    a.lock(write_lock(0, 1)).unwrap();
    let lock = write_lock(10, 1).op_new_owner(&a.file, &a.owner);
    let reply = a.actor.compound_ok(&[op::putfh(&a.file.filehandle), lock]);
    match reply {
        Ok(_) => {}
        Err(Error::Status { status, .. }) => assert_eq!(status, Status::BadSeqid),
        Err(other) => panic!("{other:?}"),
    }
}

/// §9.1.5: one lock owner, two files: one sequence of seqids, two lock stateids.
#[test]
fn one_lock_owner_on_two_files_has_one_sequence() {
    let mut a = Place::new().locker("a");
    let mut second = a.actor.open_new("g");
    let first = a.lock(write_lock(0, 1)).unwrap();
    let other = a.actor.lock(&mut second, &mut a.owner, write_lock(0, 1)).unwrap();
    assert_ne!(first.other, other.other);
    a.lock(write_lock(1, 1)).unwrap();
    assert_eq!(a.owner.seqid, 3);
}

/// §9.1.7: an open owner has one sequence over all its files.
#[test]
fn one_open_owner_on_two_files_has_one_sequence() {
    let mut a = Place::new().actor("a");
    let dir = a.dir.clone();
    let mut owner = a.open_owner("o");
    let mut f = a.open(&mut owner, &dir, &OpenRequest::create("f")).unwrap();
    let mut g = a.open(&mut owner, &dir, &OpenRequest::create("g")).unwrap();
    assert_ne!(f.stateid.other, g.stateid.other);
    f.owner = g.owner.clone();
    a.close(&mut f).unwrap();
    g.owner = f.owner.clone();
    a.close(&mut g).unwrap();
}
