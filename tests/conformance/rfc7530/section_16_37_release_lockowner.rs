//! RFC 7530 §16.37: RELEASE_LOCKOWNER.

use crate::support::{Place, refused, two_lockers};
use lockhouse::client::write_lock;
use lockhouse::nfs4::Status;

/// §16.37.4: an owner that holds locks is not released: `NFS4ERR_LOCKS_HELD`, and nothing changes.
#[test]
fn owner_with_locks_is_kept() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, 10)).unwrap();
    refused(a.actor.release_lockowner(&a.owner), Status::LocksHeld);
    b.lock_denied(write_lock(0, 10));
    a.unlock(write_lock(0, 10)).unwrap();
}

/// §16.37.4: without locks its lock stateids are gone, and it is new again with any first seqid.
#[test]
fn released_owner_is_new_again() {
    let (mut a, _) = two_lockers();
    a.lock(write_lock(0, 10)).unwrap();
    let stateid = a.unlock(write_lock(0, 10)).unwrap();
    a.actor.release_lockowner(&a.owner).unwrap();
    refused(a.actor.read(&a.file.filehandle, stateid, 0, 1), Status::BadStateid);
    refused(a.lock(write_lock(0, 1)), Status::BadStateid);
    a.owner.forget(&a.file.filehandle);
    a.owner.seqid = 4711;
    assert_eq!(a.lock(write_lock(0, 1)).unwrap().seqid, 1);
}

/// §16.37.4: an owner that the server does not know is released without complaint.
#[test]
fn unknown_owner_is_released() {
    let mut a = Place::new().actor("a");
    let owner = a.lock_owner("nobody");
    a.release_lockowner(&owner).unwrap();
}

/// §16.37.4: the release is for all files of the owner; a lock on one of them forbids it.
#[test]
fn locks_on_any_file_count() {
    let mut a = Place::new().locker("a");
    let mut second = a.actor.open_new("g");
    a.lock(write_lock(0, 1)).unwrap();
    a.actor.lock(&mut second, &mut a.owner, write_lock(0, 1)).unwrap();
    a.unlock(write_lock(0, 1)).unwrap();
    refused(a.actor.release_lockowner(&a.owner), Status::LocksHeld);
    a.actor.unlock(&second.filehandle, &mut a.owner, write_lock(0, 1)).unwrap();
    a.actor.release_lockowner(&a.owner).unwrap();
}

/// §16.37.5: the clientid must be one that the server gave out.
#[test]
fn clientid_is_checked() {
    let mut a = Place::new().actor("a");
    let mut owner = a.lock_owner("x");
    owner.clientid ^= 0x0123_4567_89ab_cdef;
    refused(a.release_lockowner(&owner), Status::StaleClientid);
}

/// §9.1.5: an owner of the same name of another client is another owner.
#[test]
fn owner_of_another_client_is_untouched() {
    let (mut a, mut b) = two_lockers();
    a.owner.name = b"the same".to_vec();
    b.owner.name = b"the same".to_vec();
    a.lock(write_lock(0, 1)).unwrap();
    b.actor.release_lockowner(&b.owner).unwrap();
    b.lock_denied(write_lock(0, 1));
}
