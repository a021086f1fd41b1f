//! RFC 7530 §9.9, §9.11: share reservations.

use crate::support::{Place, refused};
use lockhouse::client::{OpenRequest, read_lock};
use lockhouse::nfs4::{Stateid, Status};

/// §9.9: all 12 × 12 pairs of (access, deny) by two owners: the second open fails exactly if one denies what the
/// other accesses.
#[test]
fn every_pair_of_access_and_deny() {
    let place = Place::new();
    let (mut a, mut b) = (place.actor("a"), place.actor("b"));
    let dir = place.dir.clone();
    a.open_new("f");
    let mut made = a.open_as("maker", &OpenRequest::create("g")).unwrap();
    a.close(&mut made).unwrap();
    let (mut one, mut two) = (a.open_owner("one"), b.open_owner("two"));
    let pairs = || (1..4).flat_map(|access| (0..4).map(move |deny| (access, deny)));
    for (access1, deny1) in pairs() {
        for (access2, deny2) in pairs() {
            let mut first =
                a.open(&mut one, &dir, &OpenRequest::existing("g").share(access1, deny1)).unwrap();
            let second = b.open(&mut two, &dir, &OpenRequest::existing("g").share(access2, deny2));
            let conflict = access1 & deny2 != 0 || access2 & deny1 != 0;
            match second {
                Ok(mut file) if !conflict => {
                    b.close(&mut file).unwrap();
                    two = file.owner;
                }
                refusal if conflict => refused(refusal, Status::ShareDenied),
                other => panic!("{access1}/{deny1} then {access2}/{deny2}: {other:?}"),
            }
            a.close(&mut first).unwrap();
            one = first.owner;
        }
    }
}

/// §16.16.4: an access of 0 or above 3, or a deny above 3, is `NFS4ERR_INVAL`.
#[test]
fn share_bits_out_of_range() {
    let mut a = Place::new().actor("a");
    a.open_new("f");
    for (index, (access, deny)) in
        [(0, 0), (4, 0), (7, 0), (1, 4), (3, 7), (u32::MAX, 0)].into_iter().enumerate()
    {
        let result = a.open_as(&format!("o{index}"), &OpenRequest::existing("f").share(access, deny));
        refused(result, Status::Inval);
    }
}

/// §9.9: two owners of one client exclude each other too.
#[test]
fn owners_of_one_client_conflict() {
    let mut a = Place::new().actor("a");
    a.open_as("one", &OpenRequest::create("f").share(1, 2)).unwrap();
    refused(a.open_as("two", &OpenRequest::existing("f").share(2, 0)), Status::ShareDenied);
    a.open_as("two", &OpenRequest::existing("f").share(1, 0)).unwrap();
}

/// §9.11: a second OPEN of the same owner and file gives the same stateid, raised by one, with the union of the bits.
#[test]
fn second_open_of_the_owner_upgrades() {
    let place = Place::new();
    let (mut a, mut b) = (place.actor("a"), place.actor("b"));
    let dir = place.dir.clone();
    let mut owner = a.open_owner("o");
    let first = a.open(&mut owner, &dir, &OpenRequest::create("f").share(1, 0)).unwrap();
    refused(a.write(&first.filehandle, first.stateid, 0, b"x"), Status::OpenMode);
    let mut both = a.open(&mut owner, &dir, &OpenRequest::existing("f").share(2, 0)).unwrap();
    assert_eq!(both.stateid, first.stateid.next());
    a.write(&both.filehandle, both.stateid, 0, b"x").unwrap();
    assert_eq!(a.read(&both.filehandle, both.stateid, 0, 1).unwrap().data, b"x");
    for deny in [1, 2] {
        let owner = format!("b{deny}");
        refused(b.open_as(&owner, &OpenRequest::existing("f").share(1, deny)), Status::ShareDenied);
    }
    // One CLOSE ends it all.
    a.close(&mut both).unwrap();
    b.open_as("b2", &OpenRequest::existing("f").share(1, 3)).unwrap();
}

/// §9.9: an earlier open of the same owner is no exception: what it denies is denied to its owner as well.
#[test]
fn own_opens_are_no_exception() {
    let mut a = Place::new().actor("a");
    let (dir, mut owner) = (a.dir.clone(), a.open_owner("o"));
    let file = a.open(&mut owner, &dir, &OpenRequest::create("f").share(1, 2)).unwrap();
    refused(a.open(&mut owner, &dir, &OpenRequest::existing("f").share(2, 0)), Status::ShareDenied);
    refused(a.open(&mut owner, &dir, &OpenRequest::existing("f").share(1, 1)), Status::ShareDenied);
    let again = a.open(&mut owner, &dir, &OpenRequest::existing("f").share(1, 2)).unwrap();
    assert_eq!(again.stateid, file.stateid.next());
}

/// §9.11: an upgrade that goes against somebody else's open fails and leaves the open as it was.
#[test]
fn upgrade_may_be_denied() {
    let place = Place::new();
    let (mut a, mut b) = (place.actor("a"), place.actor("b"));
    let dir = place.dir.clone();
    let mut owner = a.open_owner("o");
    let file = a.open(&mut owner, &dir, &OpenRequest::create("f").share(1, 0)).unwrap();
    b.open_as("b", &OpenRequest::existing("f").share(1, 2)).unwrap();
    refused(a.open(&mut owner, &dir, &OpenRequest::existing("f").share(2, 0)), Status::ShareDenied);
    a.read(&file.filehandle, file.stateid, 0, 1).unwrap();
    refused(a.write(&file.filehandle, file.stateid, 0, b"x"), Status::OpenMode);
    let mut file = file;
    file.owner = owner;
    a.close(&mut file).unwrap();
}

/// §16.23, §16.36: READ and WRITE through an open need its access; §9.1.6 lets a server READ with a write-only open.
#[test]
fn io_needs_its_access() {
    let mut a = Place::new().actor("a");
    a.open_new("f");
    let reader = a.open_as("r", &OpenRequest::existing("f").share(1, 0)).unwrap();
    let writer = a.open_as("w", &OpenRequest::existing("f").share(2, 0)).unwrap();
    refused(a.write(&reader.filehandle, reader.stateid, 0, b"x"), Status::OpenMode);
    a.write(&writer.filehandle, writer.stateid, 0, b"x").unwrap();
    a.read(&reader.filehandle, reader.stateid, 0, 1).unwrap();
    match a.read(&writer.filehandle, writer.stateid, 0, 1) {
        Ok(_) => {}
        refusal => refused(refusal, Status::OpenMode),
    }
}

/// §9.1.6: a lock stateid does what its open may do.
#[test]
fn lock_stateid_reads_and_writes() {
    let mut a = Place::new().locker("a");
    let stateid = a.lock(read_lock(0, 1)).unwrap();
    let fh = a.file.filehandle.clone();
    a.actor.write(&fh, stateid, 0, b"data").unwrap();
    assert_eq!(a.actor.read(&fh, stateid, 0, 4).unwrap().data, b"data");
}

/// §9.9: a denied WRITE holds for SETATTR of the size as well (§16.32.4).
#[test]
fn truncation_obeys_deny() {
    let place = Place::new();
    let (mut a, mut b) = (place.actor("a"), place.actor("b"));
    let file = a.open_as("denier", &OpenRequest::create("f").share(3, 2)).unwrap();
    let empty = lockhouse::client::Attributes::new().size(0);
    let result = b.setattr(&file.filehandle, Stateid::ANONYMOUS, &empty);
    crate::support::refused_with(result, &[Status::Locked, Status::ShareDenied]);
    a.setattr(&file.filehandle, file.stateid, &empty).unwrap();
}
