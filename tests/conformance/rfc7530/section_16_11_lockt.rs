//! RFC 7530 §16.11: LOCKT.

use crate::support::{Place, TO_EOF, refused, refused_with, two_lockers};
use lockhouse::client::{OpenRequest, read_lock, write_lock};
use lockhouse::nfs4::{LockKind, Status};

/// §16.11.4: what conflicts is told exactly as LOCK tells it; what does not is OK.
#[test]
fn test_tells_what_lock_would_meet() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(100, 50)).unwrap();
    a.lock(read_lock(1000, TO_EOF)).unwrap();
    b.test(write_lock(0, 100)).unwrap();
    b.test(write_lock(150, 850)).unwrap();
    b.test(read_lock(1000, TO_EOF)).unwrap();
    for request in [read_lock(149, 1), write_lock(0, 101), read_lock(0, TO_EOF)] {
        let denied = b.test_denied(request);
        assert_eq!((denied.offset, denied.length, denied.kind), (100, 50, LockKind::Write));
        assert_eq!((denied.clientid, &denied.owner), (a.actor.clientid, &a.owner.name));
    }
    let denied = b.test_denied(write_lock(1 << 62, 1));
    assert_eq!((denied.offset, denied.length, denied.kind), (1000, TO_EOF, LockKind::Read));
}

/// §16.11.4: the owner's own locks do not stand in its way, whatever their type.
#[test]
fn own_locks_do_not_matter() {
    let (mut a, _) = two_lockers();
    a.lock(read_lock(0, 10)).unwrap();
    a.lock(write_lock(20, 10)).unwrap();
    a.test(write_lock(0, TO_EOF)).unwrap();
    a.test(read_lock(0, TO_EOF)).unwrap();
}

/// §16.11.4: LOCKT needs no open, no stateid and no owner that the server knows.
#[test]
fn test_needs_no_open() {
    let place = Place::new();
    let (mut a, mut b) = (place.locker("a"), place.actor("b"));
    a.lock(write_lock(0, 1)).unwrap();
    let owner = b.lock_owner("never seen before");
    b.test_lock(&a.file.filehandle, &owner, write_lock(1, 1)).unwrap();
    let denied = crate::support::denied(b.test_lock(&a.file.filehandle, &owner, read_lock(0, 1)));
    assert_eq!(denied.owner, a.owner.name);
}

/// §16.11.4: LOCKT takes no lock and leaves no state: another may lock, and the owner is as new as before.
#[test]
fn test_creates_no_state() {
    let (mut a, mut b) = two_lockers();
    a.test(write_lock(0, 10)).unwrap();
    b.lock(write_lock(0, 10)).unwrap();
    a.test_denied(write_lock(0, 10));
    a.test_denied(write_lock(0, 10).blocking());
    b.unlock(write_lock(0, 10)).unwrap();
    // A test with a waiting type is no place in a queue.
    b.lock(write_lock(0, 10)).unwrap();
    a.owner.seqid = 17;
    a.lock(write_lock(50, 1)).unwrap();
}

/// §16.11.4: the rules for ranges are those of LOCK.
#[test]
fn test_checks_the_range() {
    let (mut a, _) = two_lockers();
    refused(a.test(write_lock(0, 0)), Status::Inval);
    refused(a.test(read_lock(3, TO_EOF - 1)), Status::Inval);
    a.test(read_lock(TO_EOF, TO_EOF)).unwrap();
}

/// §16.11.4: the clientid must be one that the server gave out.
#[test]
fn test_checks_the_clientid() {
    let (mut a, _) = two_lockers();
    a.owner.clientid ^= 0x0123_4567_89ab_cdef;
    refused_with(a.test(write_lock(0, 1)), &[Status::StaleClientid]);
}

/// §16.11.5: directories are `NFS4ERR_ISDIR`; and there must be a current filehandle.
#[test]
fn test_wants_a_file() {
    let place = Place::new();
    let mut a = place.locker("a");
    refused(a.actor.test_lock(&place.dir, &a.owner, write_lock(0, 1)), Status::IsDir);
    let test = lockhouse::client::op::lockt(write_lock(0, 1).kind, 0, 1, a.actor.clientid, b"x");
    refused(a.actor.compound_ok(&[test]), Status::NoFilehandle);
}

/// §9.9: a share reservation is not a lock: LOCKT on a file that somebody denies says nothing of it.
#[test]
fn test_ignores_share_reservations() {
    let place = Place::new();
    let (mut a, mut b) = (place.actor("a"), place.actor("b"));
    let file = a.open_as("denier", &OpenRequest::create("f").share(3, 3)).unwrap();
    let owner = b.lock_owner("b");
    b.test_lock(&file.filehandle, &owner, write_lock(0, 1)).unwrap();
}
