//! RFC 7530 §16.12: LOCKU.

use crate::support::{Place, TO_EOF, refused, refused_with, two_lockers};
use lockhouse::client::{op, read_lock, write_lock};
use lockhouse::nfs4::{Stateid, Status};

/// §16.12.4: unlocking what is not held succeeds (`NFS4ERR_LOCK_RANGE` would be for servers without POSIX locks).
#[test]
fn unlocking_what_is_not_held_succeeds() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock(write_lock(50, 10)).unwrap();
    a.unlock(write_lock(100, 10)).unwrap();
    // What others hold stays.
    a.unlock(write_lock(0, TO_EOF)).unwrap();
    a.lock_denied(write_lock(50, 1));
    a.unlock(write_lock(0, TO_EOF)).unwrap();
}

/// §16.12.4: the lock type of LOCKU is of no meaning.
#[test]
fn any_type_unlocks() {
    let (mut a, mut b) = two_lockers();
    for (lock, unlock) in [
        (write_lock(0, 1), read_lock(0, 1)),
        (read_lock(1, 1), write_lock(1, 1)),
        (write_lock(2, 1), read_lock(2, 1).blocking()),
    ] {
        a.lock(lock).unwrap();
        a.unlock(unlock).unwrap();
        b.lock(write_lock(lock.offset, 1)).unwrap();
    }
}

/// §16.12.5: the lock stateid comes back raised by one, also if nothing was held there.
#[test]
fn stateid_is_raised() {
    let (mut a, _) = two_lockers();
    let locked = a.lock(write_lock(0, 10)).unwrap();
    let unlocked = a.unlock(write_lock(0, 10)).unwrap();
    assert_eq!(unlocked, locked.next());
    assert_eq!(a.unlock(write_lock(0, 10)).unwrap(), unlocked.next());
    // The stateid lives on without locks.
    assert_eq!(a.lock(write_lock(0, 10)).unwrap(), unlocked.next().next());
}

/// §16.12.4: the rules for ranges are those of LOCK.
#[test]
fn range_is_checked() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, 10)).unwrap();
    refused(a.unlock(write_lock(0, 0)), Status::Inval);
    refused(a.unlock(write_lock(3, TO_EOF - 1)), Status::Inval);
    b.lock_denied(write_lock(5, 1));
}

/// §16.12: LOCKU wants a lock stateid; an open stateid is not one.
#[test]
fn open_stateid_does_not_unlock() {
    let mut a = Place::new().locker("a");
    a.lock(write_lock(0, 10)).unwrap();
    for wrong in [a.file.stateid, Stateid::ANONYMOUS, Stateid::READ_BYPASS] {
        let unlock = op::locku(write_lock(0, 1).kind, a.owner.seqid, wrong, 0, 10);
        refused(a.actor.compound_ok(&[op::putfh(&a.file.filehandle), unlock]), Status::BadStateid);
    }
    a.unlock(write_lock(0, 10)).unwrap();
}

/// §16.12: LOCKU works on the current filehandle, and the stateid must be of it.
#[test]
fn unlock_needs_its_filehandle() {
    let mut a = Place::new().locker("a");
    let other = a.actor.open_new("g");
    a.lock(write_lock(0, 10)).unwrap();
    let unlock = op::locku(write_lock(0, 1).kind, a.owner.seqid, a.lock_stateid(), 0, 10);
    refused(a.actor.compound_ok(std::slice::from_ref(&unlock)), Status::NoFilehandle);
    refused_with(a.actor.compound_ok(&[op::putfh(&other.filehandle), unlock]), &[Status::BadStateid]);
    a.unlock(write_lock(0, 10)).unwrap();
}

/// §16.12: unlocking one owner's lock leaves those of the other owners of the same open.
#[test]
fn unlock_is_for_one_owner() {
    let (mut a, mut b) = two_lockers();
    let mut second = a.actor.lock_owner("second");
    a.lock(read_lock(0, 10)).unwrap();
    a.lock_as(&mut second, read_lock(0, 10)).unwrap();
    a.unlock(read_lock(0, 10)).unwrap();
    assert_eq!(b.lock_denied(write_lock(0, 10)).owner, second.name);
}
