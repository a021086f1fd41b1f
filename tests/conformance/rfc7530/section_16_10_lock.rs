//! RFC 7530 §16.10: LOCK.

use crate::support::{Place, TO_EOF, refused, refused_with, two_lockers};
use lockhouse::client::{OpenRequest, op, read_lock, write_lock};
use lockhouse::nfs4::{LockKind, Stateid, Status};

/// §16.10.4: a granted lock excludes a conflicting one of another owner.
#[test]
fn write_lock_excludes_every_lock_of_another_owner() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(10, 10)).unwrap();
    b.lock_denied(write_lock(19, 1));
    b.lock_denied(read_lock(0, 11));
    b.lock(write_lock(0, 10)).unwrap();
    b.lock(write_lock(20, TO_EOF)).unwrap();
}

/// §16.10.4: READ locks of different owners share bytes; a WRITE lock does not join them.
#[test]
fn read_locks_are_shared() {
    let (mut a, mut b) = two_lockers();
    a.lock(read_lock(0, 100)).unwrap();
    b.lock(read_lock(50, 100)).unwrap();
    assert_eq!(b.lock_denied(write_lock(99, 1)).kind, LockKind::Read);
    b.lock(write_lock(100, 50)).unwrap();
}

/// §9.3, §16.10.4: an owner never conflicts with itself.
#[test]
fn own_locks_do_not_conflict() {
    let (mut a, _) = two_lockers();
    a.lock(write_lock(0, 10)).unwrap();
    a.lock(read_lock(0, 10)).unwrap();
    a.lock(write_lock(5, 10)).unwrap();
}

/// §16.10.4: two lock owners of one client are as strange to each other as those of two clients.
#[test]
fn two_owners_of_one_client_conflict() {
    let (mut a, _) = two_lockers();
    a.lock(write_lock(0, 10)).unwrap();
    let mut other = a.actor.lock_owner("another");
    let denied = crate::support::denied(a.lock_as(&mut other, write_lock(9, 1)));
    assert_eq!((denied.clientid, denied.owner), (a.actor.clientid, a.owner.name.clone()));
}

/// §9.1.5: owners of two clients with the same name are different.
#[test]
fn owner_names_are_per_client() {
    let (mut a, mut b) = two_lockers();
    a.owner.name = b"the same".to_vec();
    b.owner.name = b"the same".to_vec();
    a.lock(write_lock(0, 1)).unwrap();
    assert_eq!(b.lock_denied(write_lock(0, 1)).clientid, a.actor.clientid);
}

/// §16.10.4 ¶1: length 0 is `NFS4ERR_INVAL`.
#[test]
fn length_zero_is_invalid() {
    let (mut a, _) = two_lockers();
    refused(a.lock(write_lock(0, 0)), Status::Inval);
    refused(a.lock(write_lock(TO_EOF, 0)), Status::Inval);
}

/// §16.10.4 ¶1: a length other than all ones must not reach past 2^64-1 when added to the offset.
#[test]
fn range_past_the_last_byte_is_invalid() {
    let (mut a, _) = two_lockers();
    for (offset, length) in [(100, TO_EOF - 1), (TO_EOF, 2), (1 << 63, (1 << 63) + 1), (3, TO_EOF - 1)] {
        refused(a.lock(write_lock(offset, length)), Status::Inval);
    }
    // The sum itself must fit into 64 bits, so the last byte is reached by all ones only.
    for (offset, length) in [(TO_EOF, 1), (2, TO_EOF - 1), (1 << 63, 1 << 63)] {
        refused(a.lock(write_lock(offset, length)), Status::Inval);
        refused(a.test(write_lock(offset, length)), Status::Inval);
    }
    a.lock(write_lock(1, TO_EOF - 1)).unwrap();
}

/// §16.10.4 ¶1: ranges around 2^31, 2^32, 2^62, 2^63 and 2^64 are exact.
#[test]
fn ranges_at_the_edges_of_integers() {
    let (mut a, mut b) = two_lockers();
    for bit in [31, 32, 62, 63] {
        let edge = 1u64 << bit;
        a.lock(write_lock(edge - 1, 2)).unwrap();
        b.lock_denied(write_lock(edge - 1, 1));
        b.lock_denied(read_lock(edge, 1));
        b.lock(write_lock(edge - 2, 1)).unwrap();
        b.lock(write_lock(edge + 1, 1)).unwrap();
    }
}

/// §16.10.4 ¶1: length all ones means to the end of the file, however long it gets; at the last offset it is one
/// byte.
#[test]
fn length_all_ones_reaches_the_last_byte() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(TO_EOF, TO_EOF)).unwrap();
    assert_eq!(b.lock_denied(write_lock(0, TO_EOF)).offset, TO_EOF);
    b.lock(write_lock(0, TO_EOF - 1)).unwrap();
    assert_eq!(a.lock_denied(read_lock(TO_EOF - 2, 1)).length, TO_EOF - 1);
}

/// §16.10.5: the denied reply describes the conflicting lock exactly: offset, length, type and owner.
#[test]
fn denied_names_the_lock_in_the_way() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(100, 50)).unwrap();
    a.lock(read_lock(1000, TO_EOF)).unwrap();

    let denied = b.lock_denied(read_lock(0, 101));
    assert_eq!((denied.offset, denied.length, denied.kind), (100, 50, LockKind::Write));
    assert_eq!((denied.clientid, &denied.owner), (a.actor.clientid, &a.owner.name));

    let denied = b.lock_denied(write_lock(5000, 1));
    assert_eq!((denied.offset, denied.length, denied.kind), (1000, TO_EOF, LockKind::Read));
}

/// §16.10.5: a denied LOCK gives nothing, not even the part without conflict.
#[test]
fn denied_lock_holds_nothing() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(50, 1)).unwrap();
    b.lock_denied(write_lock(0, 100));
    a.lock(write_lock(0, 50)).unwrap();
    a.lock(write_lock(51, 49)).unwrap();
}

/// §16.10.4: a WRITE lock needs an open for writing, a READ lock one for reading (§9.1.6 names `NFS4ERR_OPENMODE`).
#[test]
fn lock_must_fit_the_open() {
    let place = Place::new();
    let mut a = place.actor("a");
    a.open_new("f");
    let mut reader = a.open_as("reader", &OpenRequest::existing("f").share(1, 0)).unwrap();
    let mut writer = a.open_as("writer", &OpenRequest::existing("f").share(2, 0)).unwrap();
    let mut owner = a.lock_owner("r");
    refused(a.lock(&mut reader, &mut owner, write_lock(0, 1)), Status::OpenMode);
    a.lock(&mut reader, &mut owner, read_lock(0, 1)).unwrap();
    // Upgrading through the lock stateid of that open is no different.
    refused(a.lock(&mut reader, &mut owner, write_lock(0, 1)), Status::OpenMode);
    let mut owner = a.lock_owner("w");
    a.lock(&mut writer, &mut owner, write_lock(1, 1)).unwrap();
    // POSIX wants read access for a shared lock; a server may let writers read-lock (§9.1.6 allows READ with a write
    // open).
    match a.lock(&mut writer, &mut owner, read_lock(2, 1)) {
        Ok(_) => {}
        refusal => refused(refusal, Status::OpenMode),
    }
}

/// §16.10.5: locks are for regular files: `NFS4ERR_ISDIR` for a directory, `NFS4ERR_INVAL` for what else there is.
#[test]
fn only_regular_files_are_locked() {
    let place = Place::new();
    let mut a = place.locker("a");
    let dir = a.actor.dir.clone();
    let link = a.actor.symlink(&dir, "link", "f").unwrap();
    for (object, allowed) in [(dir, &[Status::IsDir][..]), (link, &[Status::Inval, Status::Symlink])] {
        let lock = write_lock(0, 1).op_new_owner(&a.file, &a.owner);
        let reply = a.actor.compound_ok(&[op::putfh(&object), lock]);
        // A stateid of another file may be noticed before the type of the object.
        refused_with(reply.map(drop), &[allowed, &[Status::BadStateid]].concat());
        let test = a.actor.test_lock(&object, &a.owner, write_lock(0, 1));
        refused_with(test, allowed);
    }
}

/// §16.10: LOCK works on the current filehandle.
#[test]
fn lock_needs_a_filehandle() {
    let mut a = Place::new().locker("a");
    let lock = write_lock(0, 1).op_new_owner(&a.file, &a.owner);
    refused(a.actor.compound_ok(&[lock]), Status::NoFilehandle);
}

/// §9.1.4.4: the stateid must belong to the current file.
#[test]
fn stateid_of_another_file_is_bad() {
    let mut a = Place::new().locker("a");
    let other = a.actor.open_new("g");
    let lock = write_lock(0, 1).op_new_owner(&a.file, &a.owner);
    refused(a.actor.compound_ok(&[op::putfh(&other.filehandle), lock]), Status::BadStateid);
}

/// §9.1.4.3: special stateids cannot lock.
#[test]
fn special_stateids_cannot_lock() {
    let mut a = Place::new().locker("a");
    for special in [Stateid::ANONYMOUS, Stateid::READ_BYPASS] {
        let mut file = a.file.clone();
        file.stateid = special;
        refused(a.actor.lock(&mut file, &mut a.owner, read_lock(0, 1)), Status::BadStateid);
        let lock = op::putfh(&a.file.filehandle);
        let reply = a.actor.compound_ok(&[lock, read_lock(0, 1).op_known_owner(special, 0)]);
        refused(reply, Status::BadStateid);
    }
}

/// §16.10.5: the first LOCK of an owner on an open gives a lock stateid with seqid 1; each further LOCK raises it by
/// one.
#[test]
fn lock_stateid_counts_its_versions() {
    let (mut a, mut b) = two_lockers();
    let first = a.lock(write_lock(0, 1)).unwrap();
    let second = a.lock(read_lock(0, 1)).unwrap();
    assert_eq!((first.seqid, second.seqid), (1, 2));
    assert_eq!(first.other, second.other);
    assert_ne!(first.other, a.file.stateid.other);
    // A denied one changes nothing.
    b.lock(read_lock(0, 1)).unwrap();
    a.lock_denied(write_lock(0, 1));
    assert_eq!(a.lock(read_lock(5, 1)).unwrap().seqid, 3);
}

/// §9.6.2, §16.10.4: a reclaim outside the grace period is `NFS4ERR_NO_GRACE`.
#[test]
fn reclaim_without_grace_is_refused() {
    let (mut a, _) = two_lockers();
    refused(a.lock(write_lock(0, 1).reclaim()), Status::NoGrace);
    a.lock(write_lock(0, 1)).unwrap();
    refused(a.lock(write_lock(5, 1).reclaim()), Status::NoGrace);
}

/// §16.10.4: `lock_owner` must be of a client that the server knows and that owns the open.
#[test]
fn lock_owner_of_another_client_is_refused() {
    let (mut a, b) = two_lockers();
    a.owner.clientid = b.actor.clientid;
    refused_with(a.lock(write_lock(0, 1)), &[Status::BadStateid, Status::Inval, Status::StaleClientid]);
    let mut stranger = a.actor.lock_owner("x");
    stranger.clientid ^= 0x5555_5555_5555_5555;
    let result = a.lock_as(&mut stranger, write_lock(0, 1));
    refused_with(result, &[Status::StaleClientid, Status::BadStateid, Status::Inval]);
}
