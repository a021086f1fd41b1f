//! RFC 7530 §9.1.4: stateids, their versions and the special ones.

use crate::support::{Actor, Place, refused, refused_with};
use lockhouse::client::{OpenFile, OpenRequest, write_lock};
use lockhouse::nfs4::{Stateid, Status};

fn opened() -> (Place, Actor, OpenFile) {
    let place = Place::new();
    let mut actor = place.actor("a");
    let file = actor.open_new("f");
    (place, actor, file)
}

/// §9.1.4.2: the seqid of a stateid starts at 1 and grows by one with each change; `other` stays.
#[test]
fn versions_are_counted_from_one() {
    let mut a = Place::new().actor("a");
    let dir = a.dir.clone();
    let mut owner = a.open_owner("o");
    let first = a.open_unconfirmed(&mut owner, &dir, &OpenRequest::create("f").share(1, 0)).unwrap();
    assert_eq!(first.stateid.seqid, 1);
    let mut file = first.clone();
    if first.must_confirm() {
        a.open_confirm(&mut file).unwrap();
        assert_eq!(file.stateid, first.stateid.next());
    }
    let before = file.stateid;
    let mut file = a.open(&mut file.owner, &dir, &OpenRequest::existing("f").share(2, 0)).unwrap();
    assert_eq!(file.stateid, before.next());
    a.open_downgrade(&mut file, 1, 0).unwrap();
    assert_eq!(file.stateid, before.next().next());
}

/// §9.1.4.4: an earlier version of an open stateid is `NFS4ERR_OLD_STATEID`, a later one `NFS4ERR_BAD_STATEID`.
#[test]
fn other_versions_of_an_open_stateid() {
    let (_place, mut a, file) = opened();
    let dir = a.dir.clone();
    // A second open of the same owner makes a version after which there are earlier ones.
    let mut owner = file.owner.clone();
    let now = a.open(&mut owner, &dir, &OpenRequest::existing("f")).unwrap();
    let mut old = now.clone();
    old.stateid.seqid -= 1;
    refused(a.read(&now.filehandle, old.stateid, 0, 1), Status::OldStateid);
    refused(a.write(&now.filehandle, old.stateid, 0, b"x"), Status::OldStateid);
    refused(a.close(&mut old), Status::OldStateid);
    let mut early = now.clone();
    early.stateid.seqid += 1;
    // The owner's seqid was counted by the CLOSE that was answered OLD_STATEID.
    early.owner = old.owner.clone();
    refused(a.read(&now.filehandle, early.stateid, 0, 1), Status::BadStateid);
    refused(a.close(&mut early), Status::BadStateid);
    early.stateid = now.stateid;
    a.close(&mut early).unwrap();
}

/// §9.1.4.4: the same for lock stateids.
#[test]
fn other_versions_of_a_lock_stateid() {
    let mut a = Place::new().locker("a");
    let file = a.file.filehandle.clone();
    let old = a.lock(write_lock(0, 1)).unwrap();
    let now = a.lock(write_lock(1, 1)).unwrap();
    refused(a.actor.read(&file, old, 0, 1), Status::OldStateid);
    refused(a.actor.read(&file, now.next(), 0, 1), Status::BadStateid);
    a.owner.set_stateid(&file, old);
    refused(a.lock(write_lock(2, 1)), Status::OldStateid);
    refused(a.unlock(write_lock(0, 1)), Status::OldStateid);
    a.owner.set_stateid(&file, now.next());
    refused(a.lock(write_lock(2, 1)), Status::BadStateid);
    refused(a.unlock(write_lock(0, 1)), Status::BadStateid);
    a.owner.set_stateid(&file, now);
    a.unlock(write_lock(0, 1)).unwrap();
}

/// §9.1.4.2: only 4.1 knows seqid 0 as "the current version"; here it is an earlier one.
#[test]
fn version_zero_is_not_the_current_one() {
    let (_place, mut a, file) = opened();
    let zero = Stateid { seqid: 0, ..file.stateid };
    refused_with(a.read(&file.filehandle, zero, 0, 1), &[Status::OldStateid, Status::BadStateid]);
}

/// §9.1.4.4: a stateid that was never given out is bad, or stale if the server takes it for one of an earlier
/// instance.
#[test]
fn invented_stateid_is_bad_or_stale() {
    let (_place, mut a, file) = opened();
    for other in [[0x5a; 12], [0xff; 12], [0; 12]] {
        let invented = Stateid { seqid: 1, other };
        let allowed = &[Status::BadStateid, Status::StaleStateid];
        refused_with(a.read(&file.filehandle, invented, 0, 1), allowed);
        refused_with(a.write(&file.filehandle, invented, 0, b"x"), allowed);
        let mut wrong = OpenFile { stateid: invented, ..file.clone() };
        refused_with(a.close(&mut wrong), allowed);
    }
}

/// §9.1.4.4: the stateid must be for the current filehandle.
#[test]
fn stateid_is_of_one_file() {
    let (_place, mut a, file) = opened();
    let other = a.open_new("g");
    refused(a.read(&other.filehandle, file.stateid, 0, 1), Status::BadStateid);
    refused(a.write(&other.filehandle, file.stateid, 0, b"x"), Status::BadStateid);
}

/// §16.2, §9.1.4.4: after CLOSE the open stateid is bad.
#[test]
fn closed_stateid_is_bad() {
    let (_place, mut a, mut file) = opened();
    let open = file.stateid;
    a.close(&mut file).unwrap();
    for stateid in [open, file.stateid] {
        let allowed = &[Status::BadStateid, Status::OldStateid];
        refused_with(a.read(&file.filehandle, stateid, 0, 1), allowed);
        refused_with(a.write(&file.filehandle, stateid, 0, b"x"), allowed);
        file.stateid = stateid;
        refused_with(a.open_downgrade(&mut file, 1, 0), allowed);
    }
}

/// §9.1.4.3: READ and WRITE work with the anonymous stateid; READ also with the one of all ones.
#[test]
fn special_stateids_read_and_write() {
    let (_place, mut a, file) = opened();
    let fh = file.filehandle.clone();
    a.write(&fh, Stateid::ANONYMOUS, 0, b"hello").unwrap();
    for stateid in [Stateid::ANONYMOUS, Stateid::READ_BYPASS] {
        let got = a.read(&fh, stateid, 0, 100).unwrap();
        assert_eq!((got.data.as_slice(), got.eof), (&b"hello"[..], true));
    }
}

/// §9.1.4.3: the anonymous stateid obeys share reservations; the bypass one may ignore them for READ only.
#[test]
fn anonymous_stateid_obeys_deny() {
    let place = Place::new();
    let (mut a, mut b) = (place.actor("a"), place.actor("b"));
    a.open_new("f");
    let file = b.open_as("denier", &OpenRequest::existing("f").share(3, 3));
    let fh = match file {
        Ok(file) => panic!("{file:?} although a has the file open"),
        Err(_) => b.open_as("denier", &OpenRequest::create("g").share(3, 3)).unwrap().filehandle,
    };
    refused_with(a.write(&fh, Stateid::ANONYMOUS, 0, b"x"), &[Status::Locked, Status::ShareDenied]);
    refused_with(a.read(&fh, Stateid::ANONYMOUS, 0, 1), &[Status::Locked, Status::ShareDenied]);
    refused_with(
        a.write(&fh, Stateid::READ_BYPASS, 0, b"x"),
        &[Status::Locked, Status::ShareDenied, Status::BadStateid],
    );
    match a.read(&fh, Stateid::READ_BYPASS, 0, 1) {
        Ok(_) => {}
        refusal => refused_with(refusal, &[Status::Locked, Status::ShareDenied]),
    }
}

/// §9.1.4.3: special stateids do not close or downgrade anything.
#[test]
fn special_stateids_name_no_open() {
    let (_place, mut a, file) = opened();
    for special in [Stateid::ANONYMOUS, Stateid::READ_BYPASS] {
        let mut wrong = OpenFile { stateid: special, ..file.clone() };
        refused(a.close(&mut wrong), Status::BadStateid);
        refused(a.open_downgrade(&mut wrong, 1, 0), Status::BadStateid);
    }
}
