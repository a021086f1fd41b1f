//! Whole COMPOUNDs of NFSv4.1 on a tree in memory: where operations may stand, retries, limits, the current stateid.

use super::*;
use crate::client::op;
use crate::client::{
    CompoundReply, LockOwner, OpenFile, OpenOwner, OpenRequest, compound, session, write_lock,
};
use crate::files::Namespace;
use crate::nfs4::{ClientId, ConnectionId, Cred, Filehandle, Principal, Stateid};
use crate::state::{ChannelAttrs, Config, Core, CreateSession, ExchangeId, Start};
use crate::xdr::generated::nfs4::{
    OPEN4res, channel_dir_from_client4, nfs_argop4, nfs_lock_type4, nfs_resop4, stable_how4,
};
use std::sync::Arc;
use std::time::Duration;

const CHANNEL: ChannelAttrs = ChannelAttrs {
    maxrequestsize: 1000,
    maxresponsesize: 600,
    maxresponsesize_cached: 400,
    maxoperations: 40,
    maxrequests: 2,
};

/// A server, and a client with a session.
pub(super) struct Server {
    pub nfs: Nfs,
    pub caller: Caller,
    pub client: ClientId,
    session: [u8; 16],
    pub sequence: u32,
}

impl Server {
    pub fn new() -> Self {
        let now = Duration::from_secs(1);
        let start = Start { epoch: 3, seed: 1, recorded: Default::default(), now };
        let files = Arc::new(Namespace::memory().unwrap());
        let nfs = Nfs::new(files, Core::new(Config::default(), start), *b"verifier", b"owner");
        let cred = Cred { uid: 0, gid: 0, groups: Default::default() };
        let (principal, connection) = (Principal::Sys { uid: 0 }, ConnectionId(1));
        let caller = Caller { principal, cred, now, connection, nonblocking: false };
        let mut server = Self { nfs, caller, client: ClientId(0), session: [0; 16], sequence: 0 };
        server.introduce(b"client");
        server
    }

    /// Goes on as a new client of this name.
    fn introduce(&mut self, name: &[u8]) {
        let (now, principal) = (self.caller.now, self.caller.principal);
        let mut core = self.nfs.core();
        let args = ExchangeId { name, verifier: [1; 8], principal, update: false };
        let found = core.exchange_id(now, args).unwrap();
        let command = CreateSession {
            clientid: found.clientid,
            sequence: found.sequence,
            principal,
            connection: self.caller.connection,
            minor: 1,
            back_channel: false,
            fore: CHANNEL,
            back: CHANNEL,
            cb_program: 0,
            sec: None,
        };
        let session = core.create_session(now, &command).unwrap().id;
        core.reclaim_complete(now, found.clientid).unwrap();
        (self.client, self.session, self.sequence) = (found.clientid, session.0, 0);
    }

    /// The bytes of the reply to `args`.
    pub fn execute(&self, args: &[u8]) -> Vec<u8> {
        let mut out = Encoder::new();
        execute(&self.nfs, &self.caller, args, &mut out).unwrap();
        out.into_vec()
    }

    fn send(&self, ops: &[nfs_argop4]) -> CompoundReply {
        CompoundReply::decode(&self.execute(&args(1, ops))).unwrap()
    }

    pub fn session(&self) -> [u8; 16] {
        self.session
    }

    /// SEQUENCE with the next number of slot 0, not yet used up.
    pub fn sequence(&self, cache: bool) -> nfs_argop4 {
        op::sequence(self.session, 0, self.sequence + 1, cache)
    }

    /// `ops` behind SEQUENCE.
    pub fn run(&mut self, ops: &[nfs_argop4]) -> CompoundReply {
        let reply = self.send(&behind(self.sequence(false), ops));
        self.sequence += 1;
        reply
    }

    fn exists(&mut self, name: &str) -> bool {
        let reply = self.run(&[op::putrootfh(), op::lookup(name)]);
        assert!([Status::Ok, Status::NoEnt].contains(&reply.status));
        reply.status == Status::Ok
    }

    pub fn open(&self, name: &str) -> nfs_argop4 {
        OpenRequest::create(name).op(&OpenOwner::new(self.client.0, "opener"))
    }
}

pub(super) fn args(minor: u32, ops: &[nfs_argop4]) -> Vec<u8> {
    compound::encode_args(b"tag", minor, ops.len() as u32, &compound::encode_ops(ops).unwrap())
}

pub(super) fn behind(sequence: nfs_argop4, ops: &[nfs_argop4]) -> Vec<nfs_argop4> {
    [&[sequence], ops].concat()
}

/// How many results, and the last status.
fn end(reply: &CompoundReply) -> (usize, Status) {
    assert_eq!(reply.results.last().map_or(Status::Ok, |last| last.status), reply.status);
    (reply.results.len(), reply.status)
}

#[test]
fn operations_stand_where_sessions_let_them() {
    let s = Server::new();
    let sequence = || s.sequence(false);
    let exchange = || op::exchange_id(b"other", [2; 8], 0);
    let create = || op::create_session(&session::create_session_args(s.client.0, 2, 0, 1));
    let table = [
        (vec![], (0, Status::Ok)),
        (vec![op::putrootfh()], (1, Status::OpNotInSession)),
        (vec![op::putrootfh(), sequence()], (1, Status::OpNotInSession)),
        (vec![op::reclaim_complete(false)], (1, Status::OpNotInSession)),
        (vec![op::test_stateid(&[])], (1, Status::OpNotInSession)),
        (vec![op::free_stateid(Stateid::CURRENT)], (1, Status::OpNotInSession)),
        (vec![exchange(), op::putrootfh()], (1, Status::NotOnlyOp)),
        (vec![create(), sequence()], (1, Status::NotOnlyOp)),
        (vec![op::destroy_session(s.session), op::putrootfh()], (1, Status::NotOnlyOp)),
        (vec![op::destroy_clientid(1), op::putrootfh()], (1, Status::NotOnlyOp)),
        (vec![exchange()], (1, Status::Ok)),
        (vec![op::destroy_clientid(1)], (1, Status::StaleClientid)),
        (vec![op::renew(s.client.0)], (1, Status::NotSupp)),
    ];
    for (ops, want) in table {
        assert_eq!(end(&s.send(&ops)), want, "{ops:?}");
    }
    let bind = op::bind_conn_to_session(s.session, channel_dir_from_client4::CDFC4_FORE);
    assert_eq!(end(&s.send(std::slice::from_ref(&bind))), (1, Status::Ok));
    assert_eq!(end(&s.send(&[bind.clone(), op::putrootfh()])), (1, Status::NotOnlyOp));
    let mut s = s;
    for (ops, want) in [
        (vec![s.sequence(false)], (2, Status::SequencePos)),
        (vec![op::putrootfh(), s.sequence(false)], (3, Status::SequencePos)),
        (vec![bind], (2, Status::NotOnlyOp)),
        (vec![op::destroy_session(s.session), op::putrootfh()], (2, Status::NotOnlyOp)),
        (vec![op::exchange_id(b"third", [2; 8], 0), op::putrootfh()], (3, Status::Ok)),
        (vec![op::renew(s.client.0)], (2, Status::NotSupp)),
        (vec![op::destroy_session(s.session)], (2, Status::Ok)),
        (vec![], (1, Status::BadSession)),
    ] {
        assert_eq!(end(&s.run(&ops)), want, "{ops:?}");
    }
}

#[test]
fn a_retry_gets_the_kept_reply_byte_by_byte_and_does_nothing() {
    let mut s = Server::new();
    let make = args(1, &behind(s.sequence(true), &[op::putrootfh(), op::mkdir("d"), op::getfh()]));
    let first = s.execute(&make);
    assert_eq!(CompoundReply::decode(&first).unwrap().status, Status::Ok);
    assert_eq!(s.execute(&make), first);
    s.sequence += 1;
    // A failure is kept too.
    let again = args(1, &behind(s.sequence(true), &[op::putrootfh(), op::mkdir("d"), op::getfh()]));
    let failed = s.execute(&again);
    assert_eq!(CompoundReply::decode(&failed).unwrap().status, Status::Exist);
    assert_eq!(s.execute(&again), failed);
    assert_eq!(end(&CompoundReply::decode(&s.execute(&make)).unwrap()), (1, Status::SeqMisordered));
    s.sequence += 1;
    assert!(s.exists("d"));
}

#[test]
fn a_retry_of_what_was_not_kept_fails_behind_sequence() {
    let mut s = Server::new();
    let make = behind(s.sequence(false), &[op::putrootfh(), op::mkdir("d")]);
    assert_eq!(end(&s.send(&make)), (3, Status::Ok));
    assert_eq!(end(&s.send(&make)), (2, Status::RetryUncachedRep));
    let other = behind(s.sequence(false), &[op::putrootfh(), op::mkdir("e")]);
    assert_eq!(end(&s.send(&other)), (1, Status::SeqFalseRetry));
    s.sequence += 1;
    assert!(s.exists("d") && !s.exists("e"));
    let lone = [s.sequence(false)];
    assert_eq!(end(&s.send(&lone)), (1, Status::Ok));
    assert_eq!(end(&s.send(&lone)), (1, Status::Ok), "it says what it said");
}

#[test]
fn a_failed_sequence_uses_up_no_number() {
    let s = Server::new();
    let many = vec![op::putrootfh(); CHANNEL.maxoperations as usize];
    assert_eq!(end(&s.send(&behind(s.sequence(true), &many))), (1, Status::TooManyOps));
    let ops = compound::encode_ops(&[s.sequence(true), op::putrootfh()]).unwrap();
    let long = compound::encode_args(&[b'x'; CHANNEL.maxrequestsize as usize], 1, 2, &ops);
    let reply = CompoundReply::decode(&s.execute(&long)).unwrap();
    assert_eq!(end(&reply), (1, Status::ReqTooBig));
    let most = &many[1..];
    assert_eq!(end(&s.send(&behind(s.sequence(false), most))), (CHANNEL.maxoperations as usize, Status::Ok));
}

/// Replies of every length around the limits: none is longer, and nothing is done that cannot be told.
#[test]
fn a_reply_keeps_to_its_limits_and_nothing_is_done_that_would_break_them() {
    for (cache, max, too_big) in [
        (false, CHANNEL.maxresponsesize, Status::RepTooBig),
        (true, CHANNEL.maxresponsesize_cached, Status::RepTooBigToCache),
    ] {
        let mut s = Server::new();
        let (mut done, mut refused) = (0, 0);
        for fill in 0..36 {
            for tag in [0, 4, 12, 24, 36] {
                let name = format!("{cache}-{fill}-{tag}");
                let fill = vec![op::getattr(&[1]); fill];
                let make = [op::mkdir(&name), op::savefh(), op::getfh()];
                let ops = [&[op::putrootfh()], &fill[..], &make[..]].concat();
                let ops = behind(s.sequence(cache), &ops);
                let bytes = compound::encode_ops(&ops).unwrap();
                let call = compound::encode_args(&vec![b't'; tag], 1, ops.len() as u32, &bytes);
                let bytes = s.execute(&call);
                s.sequence += 1;
                assert!(bytes.len() <= max as usize, "{name}: {}", bytes.len());
                let reply = CompoundReply::decode(&bytes).unwrap();
                assert!([Status::Ok, too_big].contains(&reply.status), "{name}: {}", reply.status);
                let made = reply.results.iter().any(|result| {
                    matches!(result.body, nfs_resop4::OP_CREATE(_)) && result.status == Status::Ok
                });
                assert_eq!(s.exists(&name), made, "{name}");
                *if made { &mut done } else { &mut refused } += 1;
            }
        }
        assert!(done > 10 && refused > 10, "{done} {refused}");
    }
}

#[test]
fn a_denied_lock_keeps_to_the_limit_too() {
    let mut s = Server::new();
    let lock = |s: &Server, owner: &[u8]| {
        let (owner, opener) = (LockOwner::new(s.client.0, owner), OpenOwner::new(s.client.0, "opener"));
        let filehandle = Filehandle::new(b"unused").unwrap();
        let open = OpenFile { filehandle, stateid: Stateid::CURRENT, result_flags: 0, owner: opener };
        [op::putrootfh(), s.open("f"), write_lock(0, 10).op_new_owner(&open, &owner)]
    };
    for (holder_bytes, want) in [(100, Status::Denied), (500, Status::RepTooBig)] {
        s.introduce(format!("holder{holder_bytes}").as_bytes());
        let holds = lock(&s, &vec![b'x'; holder_bytes]);
        assert_eq!(end(&s.run(&holds)), (4, Status::Ok));
        let holder = (s.client, s.session, s.sequence);
        s.introduce(format!("other{holder_bytes}").as_bytes());
        let asks = lock(&s, b"y");
        assert_eq!(end(&s.run(&asks)), (4, want));
        (s.client, s.session, s.sequence) = holder;
        let unlock = op::locku(nfs_lock_type4::WRITE_LT, 0, Stateid::CURRENT, 0, 10);
        let again = [&holds[..], &[unlock]].concat();
        assert_eq!(end(&s.run(&again)), (5, Status::Ok));
    }
}

/// What stands behind SEQUENCE and an OPEN of a new file, and how it ends.
#[test]
fn the_current_stateid_goes_with_the_current_filehandle() {
    const CURRENT: Stateid = Stateid::CURRENT;
    let close = || op::close(0, CURRENT);
    let write = || op::write(CURRENT, 0, stable_how4::FILE_SYNC4, b"data");
    let read = || op::read(CURRENT, 0, 4);
    let bad = Status::BadStateid;
    for (ops, want) in [
        (vec![write(), read(), close()], Status::Ok),
        (vec![op::getfh(), op::getattr(&[1]), close()], Status::Ok),
        (vec![op::open_downgrade(CURRENT, 0, 3, 0), close()], Status::Ok),
        (vec![close(), close()], bad),
        (vec![close(), read()], bad),
        // Another current filehandle: no stateid, so that it is the anonymous one.
        (vec![op::putrootfh(), op::lookup("f"), close()], bad),
        (vec![op::putrootfh(), op::lookup("f"), read()], Status::Ok),
        (vec![op::savefh(), op::putrootfh(), op::restorefh(), close()], Status::Ok),
        (vec![op::savefh(), close(), op::restorefh(), close()], bad),
        (vec![op::free_stateid(CURRENT)], Status::LocksHeld),
    ] {
        let mut s = Server::new();
        let ops = [vec![op::putrootfh(), s.open("f")], ops].concat();
        let reply = s.run(&ops);
        assert_eq!(reply.status, want, "{ops:?}");
        let tried = if want == Status::Ok { ops.len() + 1 } else { reply.results.len() };
        assert_eq!(reply.results.len(), tried);
    }
}

#[test]
fn a_stateid_of_another_client_is_bad() {
    let mut s = Server::new();
    let reply = s.run(&[op::putrootfh(), s.open("f")]);
    let Some(nfs_resop4::OP_OPEN(OPEN4res::NFS4_OK(open))) = reply.last() else { panic!("{reply:?}") };
    let stateid = Stateid { seqid: open.stateid.seqid, other: open.stateid.other };
    let owner = (s.client, s.session, s.sequence);
    let uses = |op: nfs_argop4| [op::putrootfh(), op::lookup("f"), op];
    s.introduce(b"other");
    for steal in [op::close(0, stateid), op::read(stateid, 0, 1), op::free_stateid(stateid)] {
        assert_eq!(s.run(&uses(steal.clone())).status, Status::BadStateid, "{steal:?}");
    }
    (s.client, s.session, s.sequence) = owner;
    assert_eq!(s.run(&uses(op::close(0, stateid))).status, Status::Ok);
}

#[test]
fn without_sessions_there_is_no_current_stateid() {
    let s = Server::new();
    let ops = [op::putrootfh(), op::read(Stateid::CURRENT, 0, 1)];
    let reply = CompoundReply::decode(&s.execute(&args(0, &ops))).unwrap();
    assert!([Status::BadStateid, Status::StaleStateid, Status::IsDir].contains(&reply.status), "{reply:?}");
}
