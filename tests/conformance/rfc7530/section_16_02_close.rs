//! RFC 7530 §16.2: CLOSE.

use crate::support::{Place, refused, refused_with, two_lockers};
use lockhouse::client::{OpenRequest, op, write_lock};
use lockhouse::nfs4::Status;

/// §16.2.4: locks held through the open: the server frees them, or refuses with `NFS4ERR_LOCKS_HELD` and keeps all.
#[test]
fn close_with_locks_held() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, 10)).unwrap();
    match a.actor.close(&mut a.file) {
        Ok(()) => {
            b.lock(write_lock(0, 10)).unwrap();
            refused_with(a.lock(write_lock(20, 1)), &[Status::BadStateid, Status::OldStateid]);
        }
        refusal => {
            refused(refusal, Status::LocksHeld);
            b.lock_denied(write_lock(0, 10));
            a.unlock(write_lock(0, 10)).unwrap();
            a.actor.close(&mut a.file).unwrap();
        }
    }
}

/// §16.2.4: after the locks are given up CLOSE succeeds, and the lock stateid goes with the open.
#[test]
fn close_after_unlock_ends_the_lock_stateid() {
    let (mut a, _) = two_lockers();
    a.lock(write_lock(0, 10)).unwrap();
    let stateid = a.unlock(write_lock(0, 10)).unwrap();
    a.actor.close(&mut a.file).unwrap();
    refused(a.actor.read(&a.file.filehandle, stateid, 0, 1), Status::BadStateid);
    refused(a.lock(write_lock(0, 1)), Status::BadStateid);
}

/// §9.9, §16.2: CLOSE ends the share reservation.
#[test]
fn close_frees_the_share_reservation() {
    let place = Place::new();
    let (mut a, mut b) = (place.actor("a"), place.actor("b"));
    let mut file = a.open_as("denier", &OpenRequest::create("f").share(3, 3)).unwrap();
    refused(b.open_as("one", &OpenRequest::existing("f")), Status::ShareDenied);
    a.close(&mut file).unwrap();
    b.open_as("two", &OpenRequest::existing("f")).unwrap();
}

/// §16.2: one open is closed, those of other owners stay.
#[test]
fn close_is_for_one_open() {
    let place = Place::new();
    let mut a = place.actor("a");
    let mut one = a.open_as("one", &OpenRequest::create("f")).unwrap();
    let two = a.open_as("two", &OpenRequest::existing("f")).unwrap();
    a.close(&mut one).unwrap();
    a.write(&two.filehandle, two.stateid, 0, b"still open").unwrap();
}

/// §16.2: CLOSE works on the current filehandle, with a stateid of that file.
#[test]
fn close_needs_its_filehandle() {
    let mut a = Place::new().actor("a");
    let file = a.open_new("f");
    let other = a.open_new("g");
    let close = || op::close(file.owner.seqid, file.stateid);
    refused(a.compound_ok(&[close()]), Status::NoFilehandle);
    refused(a.compound_ok(&[op::putfh(&other.filehandle), close()]), Status::BadStateid);
    let mut file = file.clone();
    a.close(&mut file).unwrap();
}

/// §16.2: a lock stateid is not an open stateid.
#[test]
fn lock_stateid_cannot_be_closed() {
    let mut a = Place::new().locker("a");
    a.lock(write_lock(0, 1)).unwrap();
    let mut wrong = a.file.clone();
    wrong.stateid = a.lock_stateid();
    refused(a.actor.close(&mut wrong), Status::BadStateid);
}

/// §16.2, §9.10: a file that was removed while open stays readable until CLOSE (a POSIX server's promise), and CLOSE
/// works.
#[test]
fn close_after_remove() {
    let place = Place::new();
    let mut a = place.actor("a");
    let mut file = a.open_new("f");
    a.write(&file.filehandle, file.stateid, 0, b"x").unwrap();
    match a.remove(&place.dir, "f") {
        Ok(()) => match a.read(&file.filehandle, file.stateid, 0, 1) {
            Ok(read) => assert_eq!(read.data, b"x"),
            refusal => refused(refusal, Status::Stale),
        },
        refusal => refused(refusal, Status::FileOpen),
    }
    match a.close(&mut file) {
        Ok(()) => {}
        refusal => refused(refusal, Status::Stale),
    }
}
