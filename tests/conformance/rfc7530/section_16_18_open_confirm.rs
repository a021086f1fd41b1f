//! RFC 7530 §16.18, §16.19, §9.1.11, §9.11: OPEN_CONFIRM and OPEN_DOWNGRADE.

use crate::support::{Actor, Place, refused, refused_with};
use lockhouse::client::{OpenFile, OpenRequest, op, write_lock};
use lockhouse::nfs4::Status;

/// A file opened for reading, then also for writing and denying nothing, by one owner.
fn read_then_write(a: &mut Actor) -> OpenFile {
    let (dir, mut owner) = (a.dir.clone(), a.open_owner("o"));
    a.open(&mut owner, &dir, &OpenRequest::create("f").share(1, 0)).unwrap();
    a.open(&mut owner, &dir, &OpenRequest::existing("f").share(2, 2)).unwrap()
}

/// §9.1.11: where the server asks for confirmation, the open is of no use before it, and has its next version after
/// it.
#[test]
fn unconfirmed_open_is_of_no_use() {
    let mut a = Place::new().actor("a");
    let (dir, mut owner) = (a.dir.clone(), a.open_owner("o"));
    let mut file = a.open_unconfirmed(&mut owner, &dir, &OpenRequest::create("f")).unwrap();
    if file.must_confirm() {
        refused(a.write(&file.filehandle, file.stateid, 0, b"x"), Status::BadStateid);
        let mut locker = a.lock_owner("l");
        refused(a.lock(&mut file.clone(), &mut locker, write_lock(0, 1)), Status::BadStateid);
        let before = file.stateid;
        a.open_confirm(&mut file).unwrap();
        assert_eq!(file.stateid, before.next());
    }
    a.write(&file.filehandle, file.stateid, 0, b"x").unwrap();
}

/// §9.1.11: an owner that is confirmed is not asked again.
#[test]
fn owner_confirms_once() {
    let mut a = Place::new().actor("a");
    let (dir, mut owner) = (a.dir.clone(), a.open_owner("o"));
    a.open(&mut owner, &dir, &OpenRequest::create("f")).unwrap();
    let second = a.open_unconfirmed(&mut owner, &dir, &OpenRequest::create("g")).unwrap();
    assert!(!second.must_confirm());
}

/// §16.18.5: OPEN_CONFIRM of what needs none is `NFS4ERR_BAD_STATEID`.
#[test]
fn confirmed_open_cannot_be_confirmed() {
    let mut a = Place::new().actor("a");
    let mut file = a.open_new("f");
    refused(a.open_confirm(&mut file), Status::BadStateid);
    a.close(&mut file).unwrap();
}

/// §9.1.11: another OPEN of an unconfirmed owner, with any seqid, starts again: the earlier open is given up.
#[test]
fn unconfirmed_owner_may_start_again() {
    let mut a = Place::new().actor("a");
    let (dir, mut owner) = (a.dir.clone(), a.open_owner("o"));
    let first = a.open_unconfirmed(&mut owner, &dir, &OpenRequest::create("f").share(3, 3)).unwrap();
    if !first.must_confirm() {
        return;
    }
    owner.seqid = 1000;
    let second = a.open(&mut owner, &dir, &OpenRequest::create("f").share(3, 3)).unwrap();
    a.write(&second.filehandle, second.stateid, 0, b"x").unwrap();
    let confirm = op::open_confirm(first.stateid, first.owner.seqid);
    let allowed = &[Status::BadStateid, Status::BadSeqid, Status::OldStateid];
    refused_with(a.compound_ok(&[op::putfh(&first.filehandle), confirm]), allowed);
}

/// §16.19.4: the bits can go back to those of one of the opens; the rest is given up at once.
#[test]
fn downgrade_gives_up_bits() {
    let place = Place::new();
    let (mut a, mut b) = (place.actor("a"), place.actor("b"));
    let mut file = read_then_write(&mut a);
    refused(b.open_as("one", &OpenRequest::existing("f").share(2, 0)), Status::ShareDenied);
    let before = file.stateid;
    a.open_downgrade(&mut file, 1, 0).unwrap();
    assert_eq!(file.stateid, before.next());
    refused(a.write(&file.filehandle, file.stateid, 0, b"x"), Status::OpenMode);
    b.open_as("two", &OpenRequest::existing("f").share(2, 1)).unwrap_err();
    b.open_as("three", &OpenRequest::existing("f").share(2, 0)).unwrap();
}

/// §16.19.4: a downgrade to what is held already changes nothing but the version.
#[test]
fn downgrade_to_the_same() {
    let mut a = Place::new().actor("a");
    let mut file = read_then_write(&mut a);
    a.open_downgrade(&mut file, 3, 2).unwrap();
    a.write(&file.filehandle, file.stateid, 0, b"x").unwrap();
}

/// §16.19.4: the bits must be a union of those of earlier opens, else `NFS4ERR_INVAL`: never more than is held.
#[test]
fn downgrade_cannot_add() {
    let mut a = Place::new().actor("a");
    let mut file = read_then_write(&mut a);
    for (access, deny) in [(3, 3), (1, 1), (0, 0), (4, 0), (1, 4), (7, 7)] {
        refused(a.open_downgrade(&mut file, access, deny), Status::Inval);
    }
    a.open_downgrade(&mut file, 1, 0).unwrap();
    // What was given up does not come back this way.
    refused(a.open_downgrade(&mut file, 3, 0), Status::Inval);
    refused(a.open_downgrade(&mut file, 2, 0), Status::Inval);
}

/// §16.19.4: bits that only came together, in one OPEN, cannot be taken apart.
#[test]
fn downgrade_to_what_was_never_opened() {
    let mut a = Place::new().actor("a");
    let mut file = a.open_new("f");
    refused(a.open_downgrade(&mut file, 1, 0), Status::Inval);
    a.write(&file.filehandle, file.stateid, 0, b"x").unwrap();
}

/// §16.18, §16.19: both work on the current filehandle.
#[test]
fn filehandle_is_needed() {
    let mut a = Place::new().actor("a");
    let file = read_then_write(&mut a);
    let downgrade = op::open_downgrade(file.stateid, file.owner.seqid, 1, 0);
    refused(a.compound_ok(&[downgrade]), Status::NoFilehandle);
    refused(a.compound_ok(&[op::open_confirm(file.stateid, file.owner.seqid)]), Status::NoFilehandle);
}
