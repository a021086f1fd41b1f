//! RFC 8881 §18.10 to §18.12, §9: byte ranges in sessions. The rules are those of 4.0; what differs is how one asks.

use crate::support::{TO_EOF, denied, refused, two_session_lockers};
use lockhouse::client::{LockRequest, read_lock, write_lock};
use lockhouse::nfs4::{LockKind, Status};
use lockhouse::xdr::generated::nfs4::nfs_lock_type4;

/// How many bytes the table of pairs looks at.
const BYTES: u64 = 4;

/// All pairs of ranges within a few bytes, of both kinds: a second client is denied exactly where bytes are shared and
/// one of the two writes, and told what it met; LOCKT says what LOCK says.
#[test]
fn every_pair_of_ranges() {
    let (mut a, mut b) = two_session_lockers();
    let ranges = (0..BYTES).flat_map(|first| (first + 1..=BYTES).map(move |end| (first, end - first)));
    let ranges: Vec<_> = ranges.chain([(0, TO_EOF), (2, TO_EOF)]).collect();
    for held in
        ranges.iter().flat_map(|&(offset, length)| [read_lock(offset, length), write_lock(offset, length)])
    {
        a.lock(held).unwrap();
        for asked in ranges
            .iter()
            .flat_map(|&(offset, length)| [read_lock(offset, length), write_lock(offset, length)])
        {
            check_pair(held, asked, b.test(asked), a.actor.clientid);
            let locked = b.lock(asked).map(drop);
            let granted = locked.is_ok();
            check_pair(held, asked, locked, a.actor.clientid);
            if granted {
                b.unlock(asked).unwrap();
            }
        }
        a.unlock(write_lock(0, TO_EOF)).unwrap();
    }
}

fn check_pair(
    held: LockRequest,
    asked: LockRequest,
    got: Result<(), lockhouse::client::Error>,
    clientid: u64,
) {
    let end = |request: LockRequest| request.offset.saturating_add(request.length);
    let overlap = held.offset < end(asked) && asked.offset < end(held);
    let writes = [held, asked].iter().any(|one| one.kind == nfs_lock_type4::WRITE_LT);
    if !(overlap && writes) {
        got.unwrap_or_else(|error| panic!("{held:?}, {asked:?}: {error}"));
        return;
    }
    let met = denied(got);
    assert_eq!((met.offset, met.length, met.clientid), (held.offset, held.length, clientid), "{asked:?}");
    assert_eq!(met.kind == LockKind::Write, held.kind == nfs_lock_type4::WRITE_LT);
}

/// §18.12: unlocking the middle leaves both ends.
#[test]
fn unlock_splits() {
    let (mut a, mut b) = two_session_lockers();
    a.lock(write_lock(0, 30)).unwrap();
    a.unlock(write_lock(10, 10)).unwrap();
    b.lock(write_lock(10, 10)).unwrap();
    let left = b.lock_denied(write_lock(0, 11));
    assert_eq!((left.offset, left.length), (0, 10));
    let right = b.lock_denied(write_lock(19, TO_EOF));
    assert_eq!((right.offset, right.length), (20, 10));
}

/// §9.3: an upgrade that others' locks forbid changes nothing; a downgrade lets readers in.
#[test]
fn upgrade_and_downgrade() {
    let (mut a, mut b) = two_session_lockers();
    a.lock(read_lock(0, 10)).unwrap();
    b.lock(read_lock(5, 10)).unwrap();
    a.lock_denied(write_lock(0, 10));
    b.unlock(read_lock(5, 10)).unwrap();
    a.lock(write_lock(0, 10)).unwrap();
    b.lock_denied(read_lock(5, 1));
    a.lock(read_lock(0, 10)).unwrap();
    b.lock(read_lock(5, 1)).unwrap();
}

/// §18.10.4: ranges that are none.
#[test]
fn ranges_that_are_none() {
    let (mut a, _) = two_session_lockers();
    for request in [write_lock(0, 0), write_lock(2, TO_EOF - 1), read_lock(TO_EOF, 2)] {
        refused(a.lock(request), Status::Inval);
        refused(a.test(request), Status::Inval);
    }
    a.lock(write_lock(TO_EOF, TO_EOF)).unwrap();
}

/// §18.10.3: a new lock owner is new as often as it says so; its state on the file is one.
#[test]
fn new_lock_owner_again() {
    let (mut a, _) = two_session_lockers();
    let first = a.lock(write_lock(0, 1)).unwrap();
    let file = a.file.filehandle.clone();
    a.owner.forget(&file);
    let second = a.lock(write_lock(1, 1)).unwrap();
    assert_eq!((second.other, second.seqid), (first.other, first.seqid + 1));
}

/// §18.10.3: the clientid inside an owner is of no meaning, the session says who asks.
#[test]
fn clientid_inside_an_owner_is_ignored() {
    let (mut a, mut b) = two_session_lockers();
    a.owner.clientid = 0;
    a.lock(write_lock(0, 1)).unwrap();
    assert_eq!(b.lock_denied(write_lock(0, 1)).clientid, a.actor.clientid);
    b.owner.clientid = a.actor.clientid;
    b.owner.name.clone_from(&a.owner.name);
    b.test_denied(write_lock(0, 1));
}
