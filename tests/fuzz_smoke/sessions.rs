//! Dialogues of clients with sessions (NFSv4.1).

use crate::dialogue::{Compound, Dialogue, Fate, compound_of};
use lockhouse::client::session::create_session_args;
use lockhouse::client::{Attributes, OpenHow, OpenOwner, OpenRequest, op};
use lockhouse::nfs4::Stateid;
use lockhouse::xdr::generated::nfs4::*;

/// The flag that asks for callbacks.
const BACK_CHANNEL: u32 = 2;
/// One second later, connection 0.
const SOON: u8 = 1;

/// A client, its session and the number of its last request there.
pub struct Peer {
    pub sender: u8,
    pub connection: u8,
    minor: u32,
    pub clientid: u64,
    pub session: [u8; 16],
    number: u32,
}

/// One operation alone in its COMPOUND.
fn alone(minor: u32, op: nfs_argop4) -> Compound {
    compound_of(minor).arg(op)
}

fn read_stateid(from: stateid4) -> Stateid {
    Stateid { seqid: from.seqid, other: from.other }
}

/// The stateid that OPEN, LOCK, LOCKU or CLOSE gave.
pub fn stateid(result: &COMPOUND4res) -> Stateid {
    let found = result.resarray.iter().rev().find_map(|result| match result {
        nfs_resop4::OP_OPEN(OPEN4res::NFS4_OK(ok)) => Some(ok.stateid),
        nfs_resop4::OP_LOCK(LOCK4res::NFS4_OK(ok)) => Some(ok.lock_stateid),
        nfs_resop4::OP_LOCKU(LOCKU4res::NFS4_OK(stateid)) => Some(*stateid),
        _ => None,
    });
    read_stateid(found.expect("a stateid"))
}

impl Peer {
    /// EXCHANGE_ID, CREATE_SESSION, RECLAIM_COMPLETE.
    pub fn new(d: &mut Dialogue, (sender, connection): (u8, u8), minor: u32, name: &str) -> Self {
        let by = (SOON, sender, connection);
        let exchange = alone(minor, op::exchange_id(name.as_bytes(), [7; 8], 0));
        let result = d.send_by(by, Fate::Waits, exchange, nfsstat4::NFS4_OK);
        let Some(nfs_resop4::OP_EXCHANGE_ID(EXCHANGE_ID4res::NFS4_OK(ok))) = result.resarray.first() else {
            panic!("{result:?}")
        };
        let args = create_session_args(ok.eir_clientid, ok.eir_sequenceid, BACK_CHANNEL, 8);
        let create = alone(minor, op::create_session(&args));
        let result = d.send_by(by, Fate::Waits, create, nfsstat4::NFS4_OK);
        let Some(nfs_resop4::OP_CREATE_SESSION(CREATE_SESSION4res::NFS4_OK(made))) = result.resarray.first()
        else {
            panic!("{result:?}")
        };
        let (clientid, session) = (ok.eir_clientid, made.csr_sessionid.0);
        let mut peer = Self { sender, connection, minor, clientid, session, number: 0 };
        peer.ok(d, [op::reclaim_complete(false)]);
        peer
    }

    fn by(&self, wait: u8) -> (u8, u8, u8) {
        (wait, self.sender, self.connection)
    }

    /// A COMPOUND behind the next SEQUENCE.
    pub fn next(&mut self, ops: impl IntoIterator<Item = nfs_argop4>) -> Compound {
        self.number += 1;
        self.last(ops)
    }

    /// The same under the number of the last one.
    fn last(&self, ops: impl IntoIterator<Item = nfs_argop4>) -> Compound {
        compound_of(self.minor).arg(op::sequence(self.session, 0, self.number, true)).all(ops)
    }

    pub fn send(
        &mut self,
        d: &mut Dialogue,
        fate: Fate,
        ops: impl IntoIterator<Item = nfs_argop4>,
        want: nfsstat4,
    ) -> COMPOUND4res {
        let compound = self.next(ops);
        d.send_by(self.by(SOON), fate, compound, want)
    }

    pub fn ok(&mut self, d: &mut Dialogue, ops: impl IntoIterator<Item = nfs_argop4>) -> COMPOUND4res {
        self.send(d, Fate::Waits, ops, nfsstat4::NFS4_OK)
    }

    /// PUTROOTFH and OPEN for reading and writing, made if not there.
    pub fn open_ops(&self, file: &str) -> [nfs_argop4; 2] {
        let owner = OpenOwner::new(self.clientid, "opener");
        let everybody = Attributes::new().mode(0o666);
        [op::putrootfh(), OpenRequest::existing(file).how(OpenHow::Unchecked(everybody)).op(&owner)]
    }

    pub fn open(&mut self, d: &mut Dialogue, file: &str) -> Stateid {
        let ops = self.open_ops(file);
        stateid(&self.ok(d, ops))
    }

    /// LOCK for a lock owner of that name, new to the file.
    pub fn lock(&self, kind: nfs_lock_type4, bytes: (u64, u64), open: Stateid, owner: &str) -> nfs_argop4 {
        let owner = lock_owner4 { clientid: self.clientid, owner: owner.into() };
        lock_args(
            kind,
            bytes,
            locker4::TRUE(open_to_lock_owner4 {
                open_seqid: 0,
                open_stateid: op::stateid(open),
                lock_seqid: 0,
                lock_owner: owner,
            }),
        )
    }
}

fn lock_args(locktype: nfs_lock_type4, (offset, length): (u64, u64), locker: locker4) -> nfs_argop4 {
    nfs_argop4::OP_LOCK(LOCK4args { locktype, reclaim: false, offset, length, locker })
}

/// LOCK for the owner of a lock stateid.
fn lock_again(kind: nfs_lock_type4, bytes: (u64, u64), lock: Stateid) -> nfs_argop4 {
    let owner = exist_lock_owner4 { lock_stateid: op::stateid(lock), lock_seqid: 0 };
    lock_args(kind, bytes, locker4::FALSE(owner))
}

/// PUTROOTFH, LOOKUP and these.
pub fn at(file: &str, ops: impl IntoIterator<Item = nfs_argop4>) -> Vec<nfs_argop4> {
    [op::putrootfh(), op::lookup(file)].into_iter().chain(ops).collect()
}

fn locku(lock: Stateid, offset: u64, length: u64) -> nfs_argop4 {
    op::locku(nfs_lock_type4::WRITE_LT, 0, lock, offset, length)
}

/// One client does everything that it can do with state, some of it twice.
pub fn state() -> Dialogue {
    let mut d = Dialogue::default();
    let mut a = Peer::new(&mut d, (0, 0), 1, "a");
    let open = a.open(&mut d, "f");
    let lock = a.lock(nfs_lock_type4::WRITE_LT, (0, 10), open, "locker");
    let held = stateid(&a.send(&mut d, Fate::Again, at("f", [lock]), nfsstat4::NFS4_OK));
    a.ok(&mut d, at("f", [lock_again(nfs_lock_type4::READ_LT, (20, u64::MAX), held)]));
    a.ok(&mut d, [op::test_stateid(&[open, held, Stateid::ANONYMOUS])]);
    a.send(&mut d, Fate::Waits, [op::free_stateid(open)], nfsstat4::NFS4ERR_LOCKS_HELD);
    let all = Stateid { seqid: 0, ..held };
    a.send(&mut d, Fate::Again, at("f", [locku(all, 0, u64::MAX)]), nfsstat4::NFS4_OK);
    a.ok(&mut d, [op::free_stateid(all)]);
    let again = a.last([op::free_stateid(all)]);
    d.send_by(a.by(0), Fate::Waits, again, nfsstat4::NFS4_OK);
    let falsely = a.last([op::putrootfh()]);
    d.send_by(a.by(0), Fate::Waits, falsely, nfsstat4::NFS4ERR_SEQ_FALSE_RETRY);
    a.ok(&mut d, at("f", [op::close(0, open)]));
    // The current stateid: all in one COMPOUND.
    let lock = a.lock(nfs_lock_type4::WRITE_LT, (0, 10), Stateid::CURRENT, "other");
    let rest = [lock, locku(Stateid::CURRENT, 0, 10), op::free_stateid(Stateid::CURRENT)];
    let ops = a.open_ops("g").into_iter().chain(rest).collect::<Vec<_>>();
    a.ok(&mut d, ops);
    let ops = a.open_ops("g").into_iter().chain([op::close(0, Stateid::CURRENT)]).collect::<Vec<_>>();
    a.ok(&mut d, ops);
    d
}

/// Two clients want the same bytes; the one that waits is called, over the second connection after the first is lost.
pub fn notices() -> Dialogue {
    let mut d = Dialogue::default();
    let mut a = Peer::new(&mut d, (0, 0), 1, "a");
    let mut b = Peer::new(&mut d, (1, 1), 1, "b");
    let (mine, theirs) = (a.open(&mut d, "f"), b.open(&mut d, "f"));
    let take = a.lock(nfs_lock_type4::WRITE_LT, (0, 100), mine, "locker");
    let want = b.lock(nfs_lock_type4::WRITEW_LT, (50, 100), theirs, "locker");
    let mut held = stateid(&a.ok(&mut d, at("f", [take.clone()])));
    b.send(&mut d, Fate::Waits, at("f", [want.clone()]), nfsstat4::NFS4ERR_DENIED);
    held = stateid(&a.ok(&mut d, at("f", [locku(held, 0, u64::MAX)])));
    assert_eq!(d.calls(), 1, "b is called");
    // At once, while the lock is kept for b.
    let take_again = a.next(at("f", [take.clone()]));
    d.send_by(a.by(0), Fate::AnsweredElsewhere, take_again, nfsstat4::NFS4ERR_DENIED);
    // The call is lost with its connection, and comes again over the next.
    b.send(&mut d, Fate::Lost, [], nfsstat4::NFS4_OK);
    let bind = op::bind_conn_to_session(b.session, channel_dir_from_client4::CDFC4_FORE_OR_BOTH);
    d.send_by(b.by(0), Fate::Waits, alone(1, bind), nfsstat4::NFS4_OK);
    assert_eq!(d.calls(), 1, "b is called again");
    let won = stateid(&b.send(&mut d, Fate::Answered, at("f", [want.clone()]), nfsstat4::NFS4_OK));
    // The other way round; a refuses the call, and b may lock again at once.
    let poll = |held| at("f", [lock_again(nfs_lock_type4::READW_LT, (60, 10), held)]);
    let release = |held| at("f", [locku(held, 0, u64::MAX)]);
    a.send(&mut d, Fate::Waits, poll(held), nfsstat4::NFS4ERR_DENIED);
    let free = stateid(&b.ok(&mut d, release(won)));
    assert_eq!(d.calls(), 1, "a is called");
    let again = at("f", [lock_again(nfs_lock_type4::WRITE_LT, (60, 1), free)]);
    let won = stateid(&b.send(&mut d, Fate::Refused, again, nfsstat4::NFS4_OK));
    a.send(&mut d, Fate::Waits, poll(held), nfsstat4::NFS4ERR_DENIED);
    let free = stateid(&b.ok(&mut d, release(won)));
    held = stateid(&a.send(&mut d, Fate::AnsweredTwice, poll(held), nfsstat4::NFS4_OK));
    // What is no answer at all; then b is not called any more.
    let want = at("f", [lock_again(nfs_lock_type4::WRITEW_LT, (0, 100), free)]);
    b.send(&mut d, Fate::Waits, want.clone(), nfsstat4::NFS4ERR_DENIED);
    held = stateid(&a.ok(&mut d, release(held)));
    assert_eq!(d.calls(), 1, "b is called");
    d.reply(&[[0, 0, 0, 1], [0; 4], [0; 4], [0; 4], [0; 4], [0; 4]].concat());
    b.send(&mut d, Fate::Denied, want, nfsstat4::NFS4_OK);
    a.send(&mut d, Fate::Waits, poll(held), nfsstat4::NFS4ERR_DENIED);
    d
}

/// Sessions are made, bound, addressed again and taken away.
pub fn session_ends() -> Dialogue {
    let mut d = Dialogue::default();
    let mut a = Peer::new(&mut d, (0, 0), 1, "a");
    let none = vec![callback_sec_parms4::Const0];
    a.ok(&mut d, [op::backchannel_ctl(0x4000_0001, none)]);
    let bind = op::bind_conn_to_session(a.session, channel_dir_from_client4::CDFC4_BACK_OR_BOTH);
    d.send_by((1, 0, 2), Fate::Waits, alone(1, bind), nfsstat4::NFS4_OK);
    let style = secinfo_style4::SECINFO_STYLE4_CURRENT_FH;
    a.ok(&mut d, [op::putrootfh(), op::secinfo_no_name(style)]);
    a.open(&mut d, "f");
    let setattr = op::setattr(Stateid::ANONYMOUS, &Attributes::new().mode(0o600));
    d.send(0, alone(1, setattr), nfsstat4::NFS4ERR_OP_NOT_IN_SESSION);
    // A second session, whose reply is asked for twice.
    let args = create_session_args(a.clientid, 2, 0, 8);
    let create = || alone(1, op::create_session(&args));
    d.ok(0, create());
    d.ok(0, create());
    d.send(0, alone(1, op::destroy_clientid(a.clientid)), nfsstat4::NFS4ERR_CLIENTID_BUSY);
    a.ok(&mut d, [op::destroy_session(a.session)]);
    d.send(0, a.next([]), nfsstat4::NFS4ERR_BADSESSION);
    let update = 0x4000_0000;
    d.ok(0, alone(1, op::exchange_id(b"a", [7; 8], update)));
    d.send(0, alone(1, op::exchange_id(b"a", [8; 8], update)), nfsstat4::NFS4ERR_NOT_SAME);
    // The client restarts, and goes.
    let b = Peer::new(&mut d, (0, 0), 2, "b");
    d.ok(0, alone(2, op::destroy_session(b.session)));
    d.ok(0, alone(2, op::destroy_clientid(b.clientid)));
    // Two hours of silence take a.
    d.send_by((255, 0, 0), Fate::Waits, compound_of(0), nfsstat4::NFS4_OK);
    d.send(0, alone(1, op::destroy_clientid(a.clientid)), nfsstat4::NFS4ERR_STALE_CLIENTID);
    d
}
