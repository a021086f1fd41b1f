//! RFC 7530 §9.1.8: the last request of an owner, sent again, gets the same answer and does nothing twice.

use crate::support::{Actor, Place, two_lockers};
use lockhouse::client::{OpenFile, OpenOwner, OpenRequest, op, read_lock, write_lock};
use lockhouse::nfs4::{Filehandle, Status};
use lockhouse::xdr::generated::nfs4::{nfs_argop4, nfs_lock_type4};

/// Sends the operations twice, as two calls, and gives the status; the two replies must be the same bytes.
#[track_caller]
fn twice(actor: &mut Actor, ops: &[nfs_argop4]) -> Status {
    let first = actor.compound_bytes(ops).unwrap();
    let second = actor.compound_bytes(ops).unwrap();
    assert_eq!(first, second, "the replay is answered differently");
    lockhouse::client::CompoundReply::decode(&first).unwrap().status
}

/// OPEN that creates: the replay finds its file there and says that it made it all the same. (Of an owner that is not
/// confirmed yet a server need not remember anything.)
#[test]
fn open_that_creates() {
    let mut a = Place::new().actor("a");
    let (dir, owner) = (a.dir.clone(), a.open_new("other").owner);
    let how = lockhouse::client::OpenHow::Guarded(Default::default());
    let open = OpenRequest::create("f").how(how).op(&owner);
    assert_eq!(twice(&mut a, &[op::putfh(&dir), open, op::getfh()]), Status::Ok);
}

/// OPEN that fails is remembered too (once the owner is known).
#[test]
fn open_that_fails() {
    let mut a = Place::new().actor("a");
    let file = a.open_new("f");
    let dir = a.dir.clone();
    let open = OpenRequest::existing("missing").op(&file.owner);
    assert_eq!(twice(&mut a, &[op::putfh(&dir), open]), Status::NoEnt);
}

/// The answer is remembered, not worked out again: the file is there now, the replay still says that it is not.
#[test]
fn replay_does_not_look_again() {
    let place = Place::new();
    let (mut a, mut b) = (place.actor("a"), place.actor("b"));
    let file = a.open_new("f");
    let ops = [op::putfh(&place.dir), OpenRequest::existing("late").op(&file.owner)];
    let first = a.compound_bytes(&ops).unwrap();
    b.open_new("late");
    assert_eq!(a.compound_bytes(&ops).unwrap(), first);
}

/// OPEN_CONFIRM, if the server asks for one.
#[test]
fn open_confirm() {
    let mut a = Place::new().actor("a");
    let (dir, mut owner) = (a.dir.clone(), a.open_owner("o"));
    let file = a.open_unconfirmed(&mut owner, &dir, &OpenRequest::create("f")).unwrap();
    if file.must_confirm() {
        let confirm = op::open_confirm(file.stateid, owner.seqid);
        assert_eq!(twice(&mut a, &[op::putfh(&file.filehandle), confirm]), Status::Ok);
    }
}

/// OPEN_DOWNGRADE.
#[test]
fn open_downgrade() {
    let mut a = Place::new().actor("a");
    let dir = a.dir.clone();
    let mut owner = a.open_owner("o");
    a.open(&mut owner, &dir, &OpenRequest::create("f").share(1, 0)).unwrap();
    let file = a.open(&mut owner, &dir, &OpenRequest::existing("f").share(2, 0)).unwrap();
    let downgrade = op::open_downgrade(file.stateid, file.owner.seqid, 1, 0);
    assert_eq!(twice(&mut a, &[op::putfh(&file.filehandle), downgrade]), Status::Ok);
}

/// CLOSE: the state is gone, its last answer is not.
#[test]
fn close() {
    let mut a = Place::new().actor("a");
    let file = a.open_new("f");
    let close = op::close(file.owner.seqid, file.stateid);
    assert_eq!(twice(&mut a, &[op::putfh(&file.filehandle), close]), Status::Ok);
}

/// LOCK of a new lock owner, granted and denied.
#[test]
fn lock_of_a_new_owner() {
    let (mut a, mut b) = two_lockers();
    let lock = write_lock(0, 10).op_new_owner(&a.file, &a.owner);
    assert_eq!(twice(&mut a.actor, &[op::putfh(&a.file.filehandle), lock]), Status::Ok);
    let lock = write_lock(5, 10).op_new_owner(&b.file, &b.owner);
    assert_eq!(twice(&mut b.actor, &[op::putfh(&b.file.filehandle), lock]), Status::Denied);
}

/// LOCK of a known lock owner, granted and denied.
#[test]
fn lock_of_a_known_owner() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, 1)).unwrap();
    b.lock(write_lock(1, 1)).unwrap();
    let lock = read_lock(10, 10).op_known_owner(a.lock_stateid(), a.owner.seqid);
    assert_eq!(twice(&mut a.actor, &[op::putfh(&a.file.filehandle), lock]), Status::Ok);
    let lock = write_lock(0, 10).op_known_owner(b.lock_stateid(), b.owner.seqid);
    assert_eq!(twice(&mut b.actor, &[op::putfh(&b.file.filehandle), lock]), Status::Denied);
}

/// A replayed LOCK that was denied stays denied, even when the way is free by then.
#[test]
fn denied_lock_is_not_granted_by_its_replay() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, 1)).unwrap();
    let ops = [op::putfh(&b.file.filehandle), write_lock(0, 1).op_new_owner(&b.file, &b.owner)];
    let first = b.actor.compound_bytes(&ops).unwrap();
    a.unlock(write_lock(0, 1)).unwrap();
    assert_eq!(b.actor.compound_bytes(&ops).unwrap(), first);
    a.lock(write_lock(0, 1)).unwrap();
}

/// LOCKU: the replay does not take away what was locked since by somebody else, and does not count twice.
#[test]
fn locku() {
    let (mut a, mut b) = two_lockers();
    a.lock(write_lock(0, 10)).unwrap();
    let unlock = op::locku(nfs_lock_type4::WRITE_LT, a.owner.seqid, a.lock_stateid(), 0, 10);
    let ops = [op::putfh(&a.file.filehandle), unlock];
    let first = a.actor.compound_bytes(&ops).unwrap();
    b.lock(write_lock(0, 10)).unwrap();
    assert_eq!(a.actor.compound_bytes(&ops).unwrap(), first);
    assert_eq!(a.test_denied(write_lock(0, 1)).owner, b.owner.name);
}

/// LOCKU that fails.
#[test]
fn locku_that_fails() {
    let mut a = Place::new().locker("a");
    a.lock(write_lock(0, 10)).unwrap();
    let unlock = op::locku(nfs_lock_type4::WRITE_LT, a.owner.seqid, a.lock_stateid(), 0, 0);
    assert_eq!(twice(&mut a.actor, &[op::putfh(&a.file.filehandle), unlock]), Status::Inval);
}

/// A retransmission on a new connection is a replay as well.
#[test]
fn replay_over_another_connection() {
    let place = Place::new();
    let mut a = place.locker("a");
    let ops = [op::putfh(&a.file.filehandle), write_lock(0, 10).op_new_owner(&a.file, &a.owner)];
    let first = a.actor.compound_bytes(&ops).unwrap();
    assert_eq!(place.stranger().compound_bytes(&ops).unwrap(), first);
}

/// A request for one filehandle, and then the same bytes for another: the statuses of the two.
struct Elsewhere {
    a: Actor,
    here: Filehandle,
    there: Filehandle,
}

impl Elsewhere {
    /// The directories `here` and `there`, with a file `f` in each that the owner has open.
    fn new() -> (Self, OpenOwner, [OpenFile; 2]) {
        let mut a = Place::new().actor("a");
        let dir = a.dir.clone();
        let [here, there] = ["here", "there"].map(|name| a.mkdir(&dir, name).unwrap());
        let mut owner = a.open_owner("o");
        let files = [&here, &there].map(|dir| {
            let file = a.open(&mut owner, dir, &OpenRequest::create("f").share(3, 0)).unwrap();
            owner = file.owner.clone();
            file
        });
        (Self { a, here, there }, owner, files)
    }

    /// The two files instead of their directories.
    fn of_files() -> (Self, OpenOwner, [OpenFile; 2]) {
        let (mut this, owner, files) = Self::new();
        [this.here, this.there] = [&files[0], &files[1]].map(|file| file.filehandle.clone());
        (this, owner, files)
    }

    /// Sends `request` here, there, and here again, where it must be answered as before. Gives the first two statuses.
    #[track_caller]
    fn send(&mut self, request: &nfs_argop4) -> (Status, Status) {
        let bytes = |fh: &Filehandle, a: &mut Actor| {
            a.compound_bytes(&[op::putfh(fh), request.clone(), op::getfh()]).unwrap()
        };
        let status = |reply: &[u8]| lockhouse::client::CompoundReply::decode(reply).unwrap().status;
        let first = bytes(&self.here, &mut self.a);
        let second = bytes(&self.there, &mut self.a);
        assert_eq!(bytes(&self.here, &mut self.a), first, "the replay, filehandle included");
        (status(&first), status(&second))
    }
}

/// The filehandle is a part of the request: OPEN of a name in another directory is no retransmission.
#[test]
fn open_in_another_directory_is_no_replay() {
    let (mut e, owner, _) = Elsewhere::new();
    let open = OpenRequest::existing("f").op(&owner);
    assert_eq!(e.send(&open), (Status::Ok, Status::BadSeqid));
}

/// The same for the operations that name the open by its stateid.
#[test]
fn operations_of_an_open_on_another_file_are_no_replay() {
    let (mut e, owner, [file, _]) = Elsewhere::of_files();
    let downgrade = op::open_downgrade(file.stateid, owner.seqid, 1, 0);
    assert_eq!(e.send(&downgrade), (Status::Inval, Status::BadSeqid), "a stored error");
    let close = op::close(owner.seqid + 1, file.stateid);
    assert_eq!(e.send(&close), (Status::Ok, Status::BadSeqid));
}

/// The same for OPEN_CONFIRM.
#[test]
fn open_confirm_on_another_file_is_no_replay() {
    let (mut e, _, [file, _]) = Elsewhere::of_files();
    let (mut owner, dir) = (e.a.open_owner("new"), e.a.dir.clone());
    let new = e.a.open_unconfirmed(&mut owner, &dir, &OpenRequest::create("new")).unwrap();
    (e.here, e.there) = (new.filehandle.clone(), file.filehandle);
    assert_eq!(e.send(&op::open_confirm(new.stateid, owner.seqid)), (Status::Ok, Status::BadSeqid));
}

/// The same for LOCK of a new lock owner, granted and denied.
#[test]
fn lock_of_a_new_owner_on_another_file_is_no_replay() {
    let (mut e, owner, [mut file, _]) = Elsewhere::of_files();
    file.owner = owner;
    let locker = e.a.lock_owner("l");
    assert_eq!(e.send(&write_lock(0, 10).op_new_owner(&file, &locker)), (Status::Ok, Status::BadSeqid));
    file.owner.seqid += 1;
    let rival = e.a.lock_owner("rival");
    assert_eq!(e.send(&write_lock(5, 1).op_new_owner(&file, &rival)), (Status::Denied, Status::BadSeqid));
}

/// The same for LOCK of a known lock owner and LOCKU, done and refused.
#[test]
fn lock_and_locku_on_another_file_are_no_replay() {
    let (mut e, owner, [mut file, _]) = Elsewhere::of_files();
    file.owner = owner;
    let mut locker = e.a.lock_owner("l");
    let mut stateid = e.a.lock(&mut file, &mut locker, write_lock(0, 10)).unwrap();
    let lock = write_lock(20, 10).op_known_owner(stateid, locker.seqid);
    assert_eq!(e.send(&lock), (Status::Ok, Status::BadSeqid));
    stateid.seqid += 1;
    let unlock = |seqid, length| op::locku(nfs_lock_type4::WRITE_LT, seqid, stateid, 0, length);
    assert_eq!(e.send(&unlock(locker.seqid + 1, 0)), (Status::Inval, Status::BadSeqid), "a stored error");
    assert_eq!(e.send(&unlock(locker.seqid + 2, 10)), (Status::Ok, Status::BadSeqid));
}

/// Who asks is a part of the request too.
#[test]
fn request_of_another_principal_is_no_replay() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f");
    let ops = [op::putfh(&file.filehandle), op::close(file.owner.seqid, file.stateid)];
    assert_eq!(a.compound(&ops).unwrap().status, Status::Ok);
    let mut other = place.actor_as("other", lockhouse::client::Credential::sys(1000, 1000));
    assert_eq!(other.compound(&ops).unwrap().status, Status::BadSeqid);
    assert_eq!(a.compound(&ops).unwrap().status, Status::Ok);
}
