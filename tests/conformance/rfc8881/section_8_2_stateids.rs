//! RFC 8881 §8.2, §16.2.3.1.2, §18.38, §18.48: stateids in sessions.

use crate::support::{Locker, refused, refused_with, status_of, two_session_lockers};
use lockhouse::client::{Error, OpenRequest, op, write_lock};
use lockhouse::nfs4::{Stateid, Status};
use lockhouse::xdr::generated::nfs4::*;

/// "The stateid that the operation before gave" (§16.2.3.1.2).
const CURRENT: Stateid = Stateid { seqid: 1, other: [0; 12] };

/// The latest version of the same state.
fn latest(stateid: Stateid) -> Stateid {
    Stateid { seqid: 0, ..stateid }
}

fn open_op(who: &Locker, name: &str) -> nfs_argop4 {
    OpenRequest::create(name).op(&who.actor.open_owner("current"))
}

/// §16.2.3.1.2: OPEN, LOCK, WRITE, READ, LOCKU and CLOSE in one COMPOUND.
#[test]
fn current_stateid() {
    let (mut a, _) = two_session_lockers();
    let lock = write_lock(0, 1);
    let mut file = a.file.clone();
    file.stateid = CURRENT;
    let owner = a.actor.lock_owner("current");
    let ops = [
        op::putfh(&a.actor.dir),
        open_op(&a, "g"),
        op::savefh(),
        lock.op_new_owner(&file, &owner),
        op::write(CURRENT, 0, stable_how4::FILE_SYNC4, b"x"),
        op::read(CURRENT, 0, 1),
        op::locku(lock.kind, 0, CURRENT, 0, 1),
        op::free_stateid(CURRENT),
        op::restorefh(),
        op::close(0, CURRENT),
    ];
    let reply = a.actor.compound(&ops).unwrap();
    assert_eq!(reply.statuses(), [Status::Ok; 10]);
}

/// §16.2.3.1.2: SAVEFH and RESTOREFH carry it along.
#[test]
fn current_stateid_is_saved_and_restored() {
    let (mut a, _) = two_session_lockers();
    let ops = [
        op::putfh(&a.actor.dir),
        open_op(&a, "g"),
        op::savefh(),
        op::putrootfh(),
        op::restorefh(),
        op::close(0, CURRENT),
    ];
    assert_eq!(status_of(a.actor.compound(&ops)), Status::Ok);
}

/// §16.2.3.1.2: where there is none.
#[test]
fn no_current_stateid() {
    let (mut a, _) = two_session_lockers();
    let file = a.file.filehandle.clone();
    refused(a.actor.compound_ok(&[op::putfh(&file), op::close(0, CURRENT)]), Status::BadStateid);
    let moved = [op::putfh(&a.actor.dir), open_op(&a, "g"), op::putfh(&file), op::close(0, CURRENT)];
    refused(a.actor.compound_ok(&moved), Status::BadStateid);
}

/// §8.2.2: a seqid of zero means the latest version.
#[test]
fn seqid_zero() {
    let (mut a, _) = two_session_lockers();
    let file = a.file.filehandle.clone();
    let open = latest(a.file.stateid);
    a.actor.write(&file, open, 0, b"x").unwrap();
    a.lock(write_lock(0, 1)).unwrap();
    a.lock(write_lock(1, 1)).unwrap();
    let lock = latest(a.lock_stateid());
    a.actor.read(&file, lock, 0, 1).unwrap();
    a.actor.compound_ok(&[op::putfh(&file), op::locku(write_lock(0, 1).kind, 0, lock, 0, 9)]).unwrap();
    a.actor.free_stateid(lock).unwrap();
    a.actor.compound_ok(&[op::putfh(&file), op::close(0, open)]).unwrap();
}

/// §8.2.2: an older version is old, a newer one is bad.
#[test]
fn versions() {
    let (mut a, _) = two_session_lockers();
    let file = a.file.filehandle.clone();
    let first = a.lock(write_lock(0, 1)).unwrap();
    let second = a.lock(write_lock(1, 1)).unwrap();
    assert_eq!(second.seqid, first.seqid + 1);
    refused(a.actor.read(&file, first, 0, 1), Status::OldStateid);
    refused(a.actor.read(&file, second.next(), 0, 1), Status::BadStateid);
}

/// §8.2.4, §2.10.8: another client cannot use it.
#[test]
fn stateid_of_another_client() {
    let (mut a, mut b) = two_session_lockers();
    a.lock(write_lock(0, 1)).unwrap();
    let (file, open, lock) = (a.file.filehandle.clone(), a.file.stateid, a.lock_stateid());
    for stateid in [open, lock, latest(open)] {
        refused(b.actor.read(&file, stateid, 0, 1), Status::BadStateid);
    }
    let unlock = op::locku(write_lock(0, 1).kind, 0, lock, 0, 1);
    refused(b.actor.compound_ok(&[op::putfh(&file), unlock]), Status::BadStateid);
    refused(b.actor.compound_ok(&[op::putfh(&file), op::close(0, open)]), Status::BadStateid);
    refused(b.actor.free_stateid(lock), Status::BadStateid);
    b.lock_denied(write_lock(0, 1));
}

/// §18.38.3: FREE_STATEID of what holds something.
#[test]
fn free_stateid_in_use() {
    let (mut a, _) = two_session_lockers();
    let open = a.file.stateid;
    refused(a.actor.free_stateid(open), Status::LocksHeld);
    a.lock(write_lock(0, 10)).unwrap();
    let whole = a.lock_stateid();
    refused(a.actor.free_stateid(whole), Status::LocksHeld);
    let half = a.unlock(write_lock(0, 5)).unwrap();
    refused(a.actor.free_stateid(half), Status::LocksHeld);
}

/// §18.38.3: without locks it goes, and the lock owner starts again.
#[test]
fn free_stateid_of_a_lock() {
    let (mut a, _) = two_session_lockers();
    a.lock(write_lock(0, 10)).unwrap();
    a.unlock(write_lock(0, 10)).unwrap();
    let freed = a.lock_stateid();
    a.actor.free_stateid(freed).unwrap();
    refused(a.actor.free_stateid(freed), Status::BadStateid);
    refused(a.unlock(write_lock(0, 10)), Status::BadStateid);
    let file = a.file.filehandle.clone();
    a.owner.forget(&file);
    let again = a.lock(write_lock(0, 10)).unwrap();
    assert_ne!(again.other, freed.other);
}

/// §18.38.3: what was never given out, and what is special.
#[test]
fn free_stateid_of_nothing() {
    let (mut a, _) = two_session_lockers();
    for stateid in [Stateid::ANONYMOUS, Stateid::READ_BYPASS] {
        refused(a.actor.free_stateid(stateid), Status::BadStateid);
    }
    let unknown = Stateid { other: [0x5a; 12], seqid: 1 };
    refused_with(a.actor.free_stateid(unknown), &[Status::BadStateid, Status::StaleStateid]);
}

fn test_stateids(who: &mut Locker, stateids: &[Stateid]) -> Result<Vec<Status>, Error> {
    let reply = who.actor.compound_ok(&[op::test_stateid(stateids)])?;
    reply.find(|result| match result {
        nfs_resop4::OP_TEST_STATEID(TEST_STATEID4res::NFS4_OK(ok)) => {
            Some(ok.tsr_status_codes.iter().map(|status| Status::from(*status)).collect())
        }
        _ => None,
    })
}

/// §18.48.3: one status for each, in order.
#[test]
fn test_stateid() {
    let (mut a, b) = two_session_lockers();
    let first = a.lock(write_lock(0, 1)).unwrap();
    let second = a.lock(write_lock(1, 1)).unwrap();
    let stateids =
        [a.file.stateid, second, first, second.next(), latest(second), Stateid::ANONYMOUS, b.file.stateid];
    let statuses = test_stateids(&mut a, &stateids).unwrap();
    let want = [
        Status::Ok,
        Status::Ok,
        Status::OldStateid,
        Status::BadStateid,
        Status::Ok,
        Status::BadStateid,
        Status::BadStateid,
    ];
    assert_eq!(statuses, want);
    assert_eq!(test_stateids(&mut a, &[]).unwrap(), []);
}
