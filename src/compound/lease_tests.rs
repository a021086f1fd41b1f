//! Which operations renew a lease (RFC 7530 §9.5; RFC 8881 §8.3, §18.46.3), all of them.

use super::tests::{Server, args};
use super::*;
use crate::client::{
    Attributes, CompoundReply, LockOwner, OpenFile, OpenOwner, OpenRequest, op, session, write_lock,
};
use crate::nfs4::{ClientId, Filehandle, Principal, Stateid};
use crate::xdr::generated::nfs4::*;
use std::collections::BTreeSet;
use std::time::Duration;

/// A client of NFSv4.0 that has `f` open and locked, and `g` open and not yet confirmed.
struct Holder {
    server: Server,
    id: ClientId,
    f: OpenFile,
    g: OpenFile,
    lock: Stateid,
    locker: LockOwner,
}

fn stateid(of: &stateid4) -> Stateid {
    Stateid { seqid: of.seqid, other: of.other }
}

fn send(server: &Server, ops: &[nfs_argop4]) -> CompoundReply {
    CompoundReply::decode(&server.execute(&args(0, ops))).unwrap()
}

/// SETCLIENTID, and what confirms it.
fn introduce(server: &Server, name: &[u8], verifier: [u8; 8]) -> (ClientId, [u8; 8]) {
    let reply = send(server, &[op::setclientid(name, verifier)]);
    let found = reply.find(|result| match result {
        nfs_resop4::OP_SETCLIENTID(SETCLIENTID4res::NFS4_OK(ok)) => {
            Some((ClientId(ok.clientid), ok.setclientid_confirm.0))
        }
        _ => None,
    });
    found.unwrap()
}

fn open(server: &Server, owner: &OpenOwner, name: &str) -> OpenFile {
    let reply = send(server, &[op::putrootfh(), OpenRequest::create(name).op(owner), op::getfh()]);
    let opened = reply.find(|result| match result {
        nfs_resop4::OP_OPEN(OPEN4res::NFS4_OK(ok)) => Some((stateid(&ok.stateid), ok.rflags)),
        _ => None,
    });
    let filehandle = reply.find(|result| match result {
        nfs_resop4::OP_GETFH(GETFH4res::NFS4_OK(ok)) => Filehandle::new(&ok.object.0),
        _ => None,
    });
    let ((stateid, result_flags), mut owner) = (opened.unwrap(), owner.clone());
    owner.seqid += 1;
    OpenFile { filehandle: filehandle.unwrap(), stateid, result_flags, owner }
}

impl Holder {
    fn new() -> Self {
        let server = Server::new();
        let (id, confirm) = introduce(&server, b"holder", [1; 8]);
        assert_eq!(send(&server, &[op::setclientid_confirm(id.0, confirm)]).status, Status::Ok);
        let mut f = open(&server, &OpenOwner::new(id.0, "f"), "f");
        let confirmed =
            send(&server, &[op::putfh(&f.filehandle), op::open_confirm(f.stateid, f.owner.seqid)]);
        assert_eq!(confirmed.status, Status::Ok);
        f.stateid.seqid += 1;
        f.owner.seqid += 1;
        let mut locker = LockOwner::new(id.0, "locker");
        let locked = send(&server, &[op::putfh(&f.filehandle), write_lock(0, 9).op_new_owner(&f, &locker)]);
        let lock = locked.find(|result| match result {
            nfs_resop4::OP_LOCK(LOCK4res::NFS4_OK(ok)) => Some(stateid(&ok.lock_stateid)),
            _ => None,
        });
        f.owner.seqid += 1;
        locker.seqid += 1;
        let g = open(&server, &OpenOwner::new(id.0, "g"), "g");
        Self { server, id, f, g, lock: lock.unwrap(), locker }
    }

    /// Lets most of the lease pass, and carries out `ops`. Answers the status and whether the lease was renewed.
    fn try_late(&mut self, ops: &[nfs_argop4]) -> (Status, bool) {
        let before = self.server.nfs.core().renewed(self.id).unwrap();
        self.server.caller.now += self.server.nfs.lease - Duration::from_secs(1);
        let status = send(&self.server, ops).status;
        (status, self.server.nfs.core().renewed(self.id) != Some(before))
    }

    fn on_f(&self, ops: &[nfs_argop4]) -> Vec<nfs_argop4> {
        [&[op::putfh(&self.f.filehandle)], ops].concat()
    }
}

type Row = (&'static str, fn(&Holder) -> Vec<nfs_argop4>);

const SIZE: fn() -> Attributes = || Attributes::new().size(0);

/// Operations of NFSv4.0 made with a valid clientid or stateid: they renew, whether they succeed or not.
const RENEWING: &[Row] = &[
    ("CLOSE", |h| h.on_f(&[op::close(h.f.owner.seqid, h.f.stateid)])),
    ("DELEGPURGE", |h| vec![op::delegpurge(h.id.0)]),
    ("LOCK", |h| h.on_f(&[write_lock(20, 1).op_known_owner(h.lock, h.locker.seqid)])),
    ("LOCK", |h| h.on_f(&[write_lock(0, 1).op_new_owner(&h.f, &LockOwner::new(h.id.0, "denied"))])),
    ("LOCKT", |h| h.on_f(&[op::lockt(nfs_lock_type4::READ_LT, 0, 1, h.id.0, b"other")])),
    ("LOCKU", |h| h.on_f(&[op::locku(nfs_lock_type4::WRITE_LT, h.locker.seqid, h.lock, 0, 1)])),
    ("OPEN", |h| vec![op::putrootfh(), OpenRequest::existing("missing").op(&h.f.owner)]),
    ("OPEN_CONFIRM", |h| vec![op::putfh(&h.g.filehandle), op::open_confirm(h.g.stateid, h.g.owner.seqid)]),
    ("OPEN_DOWNGRADE", |h| h.on_f(&[op::open_downgrade(h.f.stateid, h.f.owner.seqid, 1, 0)])),
    ("READ", |h| h.on_f(&[op::read(h.f.stateid, 0, 1)])),
    ("READ", |h| h.on_f(&[op::read(h.lock, 0, 1)])),
    ("RELEASE_LOCKOWNER", |h| vec![op::release_lockowner(h.id.0, b"locker")]),
    ("RENEW", |h| vec![op::renew(h.id.0)]),
    ("SETATTR", |h| h.on_f(&[op::setattr(h.f.stateid, &SIZE())])),
    ("WRITE", |h| h.on_f(&[op::write(h.lock, 0, stable_how4::FILE_SYNC4, b"x")])),
];

fn old(of: Stateid) -> Stateid {
    Stateid { seqid: of.seqid - 1, ..of }
}

/// Operations that name no client, or by no valid clientid or stateid, and those that never renew.
const NOT_RENEWING: &[Row] = &[
    ("ACCESS", |h| h.on_f(&[op::access(1)])),
    ("CLOSE", |h| h.on_f(&[op::close(h.f.owner.seqid, old(h.f.stateid))])),
    ("CLOSE", |h| vec![op::putrootfh(), op::close(h.f.owner.seqid, h.f.stateid)]),
    ("CLOSE", |h| h.on_f(&[op::close(h.f.owner.seqid + 7, h.f.stateid)])),
    ("COMMIT", |h| h.on_f(&[op::commit(0, 0)])),
    ("CREATE", |_| vec![op::putrootfh(), op::mkdir("d")]),
    ("DELEGPURGE", |h| vec![op::delegpurge(h.id.0 + 1)]),
    ("DELEGRETURN", |h| h.on_f(&[op::delegreturn(h.f.stateid)])),
    ("GETATTR", |h| h.on_f(&[op::getattr(&[4])])),
    ("GETFH", |h| h.on_f(&[op::getfh()])),
    ("LINK", |h| h.on_f(&[op::savefh(), op::putrootfh(), op::link("l")])),
    ("LOCK", |h| vec![op::putfh(&h.g.filehandle), write_lock(20, 1).op_known_owner(h.lock, h.locker.seqid)]),
    ("LOCKU", |h| h.on_f(&[op::locku(nfs_lock_type4::WRITE_LT, h.locker.seqid, h.f.stateid, 0, 1)])),
    ("LOOKUP", |_| vec![op::putrootfh(), op::lookup("f")]),
    ("LOOKUPP", |_| vec![op::putrootfh(), op::lookupp()]),
    ("NVERIFY", |h| h.on_f(&[op::nverify(&SIZE())])),
    ("OPENATTR", |h| h.on_f(&[op::openattr(false)])),
    ("OPEN_CONFIRM", |h| h.on_f(&[op::open_confirm(old(h.f.stateid), h.f.owner.seqid)])),
    ("OPEN_DOWNGRADE", |h| h.on_f(&[op::open_downgrade(old(h.f.stateid), h.f.owner.seqid, 1, 0)])),
    ("PUTFH", |h| h.on_f(&[])),
    ("PUTPUBFH", |_| vec![op::putpubfh()]),
    ("PUTROOTFH", |_| vec![op::putrootfh()]),
    ("READ", |h| h.on_f(&[op::read(Stateid::ANONYMOUS, 0, 1)])),
    ("READ", |h| h.on_f(&[op::read(old(h.f.stateid), 0, 1)])),
    ("READDIR", |_| vec![op::putrootfh(), op::readdir(0, [0; 8], 100, 1000, &[])]),
    ("READLINK", |h| h.on_f(&[op::readlink()])),
    ("REMOVE", |_| vec![op::putrootfh(), op::remove("g")]),
    ("RENAME", |_| vec![op::putrootfh(), op::savefh(), op::rename("g", "h")]),
    ("RESTOREFH", |h| h.on_f(&[op::savefh(), op::restorefh()])),
    ("SAVEFH", |h| h.on_f(&[op::savefh()])),
    ("SECINFO", |_| vec![op::putrootfh(), op::secinfo("f")]),
    ("SETATTR", |h| h.on_f(&[op::setattr(Stateid::ANONYMOUS, &Attributes::new().mode(0o600))])),
    ("SETCLIENTID", |_| vec![op::setclientid(b"holder", [1; 8])]),
    ("SETCLIENTID_CONFIRM", |h| {
        let (id, confirm) = introduce(&h.server, b"holder", [1; 8]);
        vec![op::setclientid_confirm(id.0, confirm)]
    }),
    ("VERIFY", |h| h.on_f(&[op::verify(&SIZE())])),
    ("WRITE", |h| h.on_f(&[op::write(Stateid::ANONYMOUS, 0, stable_how4::FILE_SYNC4, b"x")])),
    ("WRITE", |h| h.on_f(&[op::write(old(h.f.stateid), 0, stable_how4::FILE_SYNC4, b"x")])),
];

#[test]
fn every_operation_without_sessions_renews_or_does_not() {
    for (rows, renews) in [(RENEWING, true), (NOT_RENEWING, false)] {
        for (row, (name, ops)) in rows.iter().enumerate() {
            let mut holder = Holder::new();
            let ops = ops(&holder);
            let (status, renewed) = holder.try_late(&ops);
            assert_eq!(renewed, renews, "row {row}: {name}, answered {status}");
        }
    }
    let named: BTreeSet<_> = RENEWING.iter().chain(NOT_RENEWING).map(|(name, _)| *name).collect();
    let all = ops::all().iter().filter(|op| ops::find(op.number, 0).is_ok()).map(|op| op.name);
    assert_eq!(named, all.collect(), "the operations of NFSv4.0");
}

#[test]
fn a_request_that_comes_again_renews() {
    let mut holder = Holder::new();
    let unlock = holder.on_f(&[op::locku(nfs_lock_type4::WRITE_LT, holder.locker.seqid, holder.lock, 0, 1)]);
    let close = holder.on_f(&[op::close(holder.f.owner.seqid, holder.f.stateid)]);
    for ops in [unlock, close] {
        assert!(holder.try_late(&ops).1);
        assert!(holder.try_late(&ops).1);
    }
}

/// §16.28.5: who sends RENEW must have made the client known or have a file open.
#[test]
fn renew_by_a_principal_that_has_nothing_there_is_refused() {
    let mut holder = Holder::new();
    let renew = [op::renew(holder.id.0)];
    for principal in [Principal::None, Principal::Sys { uid: 1000 }] {
        holder.server.caller.principal = principal;
        assert_eq!(holder.try_late(&renew), (Status::Access, false), "{principal:?}");
        holder.server.caller.now -= holder.server.nfs.lease - Duration::from_secs(1);
    }
    let mut theirs = open(&holder.server, &OpenOwner::new(holder.id.0, "user's"), "f");
    assert_eq!(holder.try_late(&renew), (Status::Ok, true));
    let on_theirs = |op| [op::putfh(&theirs.filehandle), op];
    let confirm = on_theirs(op::open_confirm(theirs.stateid, theirs.owner.seqid));
    assert_eq!(send(&holder.server, &confirm).status, Status::Ok);
    theirs.stateid.seqid += 1;
    let close = [op::putfh(&theirs.filehandle), op::close(theirs.owner.seqid + 1, theirs.stateid)];
    assert_eq!(send(&holder.server, &close).status, Status::Ok);
    assert_eq!(holder.try_late(&renew), (Status::Access, false), "it has nothing open any more");
    holder.server.caller.principal = Principal::Sys { uid: 0 };
    assert!(holder.try_late(&renew).1);
}

/// A session in which most of the lease has passed, and what came of `ops`, sent as they are.
fn in_session(ops: impl FnOnce(&Server) -> Vec<nfs_argop4>) -> (Status, bool) {
    let mut server = Server::new();
    assert_eq!(server.run(&[op::putrootfh()]).status, Status::Ok);
    let before = server.nfs.core().renewed(server.client).unwrap();
    server.caller.now += server.nfs.lease - Duration::from_secs(1);
    let reply = CompoundReply::decode(&server.execute(&args(1, &ops(&server)))).unwrap();
    let renewed = server.nfs.core().renewed(server.client);
    (reply.status, renewed.is_some_and(|renewed| renewed != before))
}

#[test]
fn sequence_renews_and_one_that_fails_does_not() {
    assert_eq!(in_session(|s| vec![s.sequence(false)]), (Status::Ok, true));
    assert_eq!(in_session(|s| vec![s.sequence(false), op::lookup("f")]), (Status::NoFilehandle, true));
    let in_slot = |slot, number| move |s: &Server| vec![op::sequence(s.session(), slot, number, false)];
    assert_eq!(in_session(in_slot(9, 1)), (Status::BadSlot, false));
    assert_eq!(in_session(in_slot(0, 7)), (Status::SeqMisordered, false));
    assert_eq!(in_session(in_slot(0, 1)), (Status::SeqFalseRetry, false));
    let retry = |s: &Server| vec![op::sequence(s.session(), 0, 1, false), op::putrootfh()];
    assert_eq!(in_session(retry), (Status::RetryUncachedRep, true), "its SEQUENCE was right");
    let many = |s: &Server| [vec![s.sequence(false)], vec![op::putrootfh(); 50]].concat();
    assert_eq!(in_session(many), (Status::TooManyOps, false));
    let long = |s: &Server| vec![s.sequence(false), op::putrootfh(), op::lookup("x".repeat(2000))];
    assert_eq!(in_session(long), (Status::ReqTooBig, false));
    let high = |s: &Server| {
        let (sessionid, number) = (sessionid4(s.session()), 2);
        let args = SEQUENCE4args {
            sa_sessionid: sessionid,
            sa_sequenceid: number,
            sa_slotid: 0,
            sa_highest_slotid: 40,
            sa_cachethis: false,
        };
        vec![nfs_argop4::OP_SEQUENCE(args)]
    };
    assert_eq!(in_session(high), (Status::BadHighSlot, false));
}

#[test]
fn what_comes_without_sequence_renews_nothing() {
    let bind = |s: &Server| vec![op::bind_conn_to_session(s.session(), channel_dir_from_client4::CDFC4_FORE)];
    assert_eq!(in_session(bind), (Status::Ok, false));
    assert_eq!(in_session(|_| vec![op::exchange_id(b"client", [1; 8], 0)]), (Status::Ok, false));
    let create = |s: &Server| vec![op::create_session(&session::create_session_args(s.client.0, 2, 0, 1))];
    assert_eq!(in_session(create), (Status::Ok, false));
    assert_eq!(in_session(|s| vec![op::destroy_clientid(s.client.0)]), (Status::ClientidBusy, false));
    let alone: BTreeSet<_> = ops::all().iter().filter(|op| op.needs_no_session()).map(|op| op.name).collect();
    let here =
        ["BIND_CONN_TO_SESSION", "CREATE_SESSION", "DESTROY_CLIENTID", "DESTROY_SESSION", "EXCHANGE_ID"];
    assert_eq!(alone, here.into_iter().collect());
}
