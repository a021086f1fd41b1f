//! The requests that a lock server gets most, as records with an RPC header and an AUTH_SYS credential like those of a Linux
//! client, and a server in memory on which they can be carried out again and again.

use lockhouse::client::{compound, op};
use lockhouse::compound::{Nfs, classify, execute};
use lockhouse::files::{CreateFileRequest, CreateMode, Namespace, SetAttr};
use lockhouse::nfs4::{
    Caller, Class, ClientId, ConnectionId, Cred, Filehandle, LockKind, Principal, Range, ShareAccess,
    ShareDeny, Stateid, Time,
};
use lockhouse::rpc::{
    Accepted, Identity, LastCredential, OpaqueAuth, begin_record, finish_record, parse_call, put_accepted,
    put_call,
};
use lockhouse::state::{
    Callback, Changes, Config, Core, CreateSession, ExchangeId, LockCommand, LockReply, Locker, Numbered,
    OpenBegin, OpenCommit, OpenEffects, OpenTurn, SetClientid, Start,
};
use lockhouse::xdr::Encoder;
use lockhouse::xdr::generated::nfs4::{
    LOCK4args, LOCKU4args, exist_lock_owner4, locker4, nfs_argop4, nfs_lock_type4,
};
use std::sync::Arc;
use std::time::Duration;

pub const NOW: Time = Duration::from_secs(1);
const ROOT: Principal = Principal::Sys { uid: 0 };
const CONNECTION: ConnectionId = ConnectionId(1);
/// Ranges that others hold in the file, ten bytes each, in every hundred.
const HELD: u64 = 100;

/// A request as a record without its mark.
#[derive(Clone)]
pub struct Request {
    pub record: Vec<u8>,
    /// Where the arguments of COMPOUND begin.
    pub body: usize,
    /// Bytes from the beginning of `sa_sequenceid` to the end; none without SEQUENCE.
    sequenceid: Option<usize>,
    /// The same of the lock stateid's and of the lock_owner's seqid.
    stateid: usize,
    seqid: usize,
}

impl Request {
    fn new(minor: u32, ops: &[nfs_argop4], stateid: usize, seqid: usize) -> Self {
        let mut record = Vec::new();
        put_call(&mut record, 7, 100_003, 4, 1, OpaqueAuth { flavor: 1, body: &linux_credential() });
        let body = record.len();
        record.extend(compound::encode_args(
            b"",
            minor,
            ops.len() as u32,
            &compound::encode_ops(ops).expect("sizes"),
        ));
        // Tag, minor version, count, SEQUENCE, session.
        let sequenceid = (minor > 0).then(|| record.len() - body - (4 + 4 + 4 + 4 + 16));
        Self { record, body, sequenceid, stateid, seqid }
    }

    fn patch(&mut self, before_end: usize, word: u32) {
        let at = self.record.len() - before_end;
        self.record[at..at + 4].copy_from_slice(&word.to_be_bytes());
    }

    /// The arguments of COMPOUND.
    pub fn args(&self) -> &[u8] {
        &self.record[self.body..]
    }
}

/// `authsys_parms` of root on a machine with a name, in a few groups.
fn linux_credential() -> Vec<u8> {
    let mut body = Encoder::new();
    body.u32(0x1234_5678);
    body.opaque(b"client-17.example");
    [0, 0, 4, 0, 4, 24, 27].into_iter().for_each(|word| body.u32(word));
    body.into_vec()
}

/// The requests there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Lock,
    Locku,
    /// SEQUENCE alone; of no use in NFSv4.0.
    Sequence,
}

/// A server, a client with one open file, and the requests of one of its lock_owners.
pub struct Hot {
    pub nfs: Nfs,
    pub caller: Caller,
    requests: [Request; 3],
    out: Vec<u8>,
    credential: LastCredential,
    stateid: u32,
    seqid: u32,
    sequenceid: u32,
    changes: Changes,
}

impl Hot {
    /// For a client of this minor version, whose replies are kept for a retry if `cache` says so.
    pub fn new(minor: u32, cache: bool) -> Self {
        let files = Namespace::memory().expect("a tree in memory");
        let cred = Cred { uid: 0, gid: 0, groups: Default::default() };
        let made = files.call(
            &files.root(),
            CreateFileRequest {
                cred: &cred,
                name: b"f",
                mode: CreateMode::Unchecked,
                set: &SetAttr::default(),
            },
        );
        let fh = made.expect("a file").object;
        let start = Start { epoch: 1, seed: 1, recorded: Default::default(), now: NOW };
        let mut core = Core::new(Config::default(), start);
        let holder = client(&mut core, b"holder");
        let opened = open(&mut core, holder, &fh, true);
        for number in 0..HELD {
            first_lock(&mut core, &fh, opened, number as u32, number * 100);
        }
        let (client, session) = match minor {
            0 => (client(&mut core, b"caller"), [0; 16]),
            _ => client_with_session(&mut core, b"caller"),
        };
        let opened = open(&mut core, client, &fh, minor == 0);
        let stateid = first_lock(&mut core, &fh, opened, 1000, 50);
        let request = |ops: &[nfs_argop4], stateid, seqid| {
            let sequence = (minor > 0).then(|| op::sequence(session, 0, 1, cache));
            let ops: Vec<_> = sequence.into_iter().chain(ops.iter().cloned()).collect();
            Request::new(minor, &ops, stateid, seqid)
        };
        let requests = [
            request(&[op::putfh(&fh), lock_op(stateid)], 20, 4),
            request(&[op::putfh(&fh), locku_op(stateid)], 32, 36),
            request(&[], 0, 0),
        ];
        Self {
            nfs: Nfs::new(Arc::new(files), core, [1; 8], b"measured"),
            caller: Caller { principal: ROOT, cred, now: NOW, connection: CONNECTION, nonblocking: true },
            requests,
            out: Vec::with_capacity(512),
            credential: LastCredential::default(),
            stateid: stateid.seqid,
            seqid: 1,
            sequenceid: 0,
            changes: Changes::default(),
        }
    }

    /// A request of this kind.
    pub fn request(&self, kind: Kind) -> &Request {
        &self.requests[kind as usize]
    }

    /// Gives the request the next numbers.
    fn number(&mut self, kind: Kind) {
        let request = &mut self.requests[kind as usize];
        let mut seqid = self.seqid;
        if let Some(at) = request.sequenceid {
            seqid = 0;
            self.sequenceid += 1;
            request.patch(at, self.sequenceid);
        }
        if kind != Kind::Sequence {
            request.patch(request.stateid, self.stateid);
            request.patch(request.seqid, seqid);
        }
    }

    /// Carries out a COMPOUND without its RPC header.
    pub fn execute(&mut self, kind: Kind) {
        self.number(kind);
        let mut out = Encoder::on(std::mem::take(&mut self.out));
        out.truncate(0);
        let done = execute(&self.nfs, &self.caller, self.request(kind).args(), &mut out);
        assert!(done.is_ok());
        self.out = out.into_vec();
        self.take_result(kind, 0);
    }

    /// From a record to its reply, as the server does it.
    pub fn answer(&mut self, kind: Kind) {
        self.number(kind);
        let mut out = std::mem::take(&mut self.out);
        let record = &self.requests[kind as usize].record;
        let call = parse_call(record).expect("a call");
        let identity = self.credential.authenticate(call.cred, call.verf).expect("a credential");
        let Identity { principal, cred } = identity.clone();
        let args = &record[call.body_offset..];
        let Class { nonblocking, .. } = classify(args);
        let caller = Caller { principal, cred, now: NOW, connection: CONNECTION, nonblocking };
        begin_record(&mut out);
        put_accepted(&mut out, call.xid, Accepted::Success);
        let mut encoder = Encoder::on(out);
        let done = execute(&self.nfs, &caller, args, &mut encoder);
        self.out = encoder.into_vec();
        assert!(done.is_ok() && finish_record(&mut self.out));
        self.take_result(kind, 28);
    }

    fn take_result(&mut self, kind: Kind, head: usize) {
        assert_eq!(self.out[head..head + 4], [0; 4], "every operation succeeds");
        if kind != Kind::Sequence {
            let at = self.out.len() - 16;
            self.stateid = u32::from_be_bytes(self.out[at..at + 4].try_into().expect("four bytes"));
            self.seqid += 1;
        }
    }

    /// Takes what is to be stored, as is done before replies leave.
    pub fn commit(&mut self) {
        self.nfs.core().take_changes(&mut self.changes);
    }
}

fn client(core: &mut Core, name: &[u8]) -> ClientId {
    let args = SetClientid { name, verifier: [1; 8], principal: ROOT, callback: Callback::default() };
    let (id, confirm) = core.setclientid(NOW, args).expect("a new client");
    core.setclientid_confirm(NOW, id, confirm, ROOT).expect("confirmed");
    id
}

fn client_with_session(core: &mut Core, name: &[u8]) -> (ClientId, [u8; 16]) {
    let args = ExchangeId { name, verifier: [1; 8], principal: ROOT, update: false };
    let found = core.exchange_id(NOW, args).expect("a new client");
    let config = Config::default();
    let command = CreateSession {
        clientid: found.clientid,
        sequence: found.sequence,
        principal: ROOT,
        connection: CONNECTION,
        minor: 1,
        back_channel: false,
        fore: config.fore,
        back: config.back,
        cb_program: 0,
        sec: None,
    };
    let session = core.create_session(NOW, &command).expect("a session").id;
    core.reclaim_complete(NOW, found.clientid).expect("nothing to reclaim");
    (found.clientid, session.0)
}

fn open(core: &mut Core, clientid: ClientId, fh: &Filehandle, confirm: bool) -> Stateid {
    let begin = OpenBegin { clientid, owner: b"opener", seqid: 1, request: 1, reclaim: false };
    let Ok(OpenTurn::Go(ticket)) = core.open_begin(NOW, begin) else { panic!("OPEN is refused") };
    let commit = OpenCommit {
        fh: fh.clone(),
        access: ShareAccess::BOTH,
        deny: ShareDeny::NONE,
        principal: ROOT,
        effects: OpenEffects::default(),
    };
    let stateid = core.open_commit(NOW, ticket, commit).expect("opened").stateid;
    if !confirm {
        return stateid;
    }
    core.open_confirm(NOW, Numbered { fh, stateid, seqid: 2, request: 2 }).expect("confirmed")
}

/// The first LOCK of the owner with this number under an open: ten bytes from `first` on.
fn first_lock(core: &mut Core, fh: &Filehandle, open: Stateid, number: u32, first: u64) -> Stateid {
    let (open_seqid, name) = (3 + number % 1000, number.to_be_bytes());
    let locker = Locker::New {
        open_stateid: open,
        open_seqid,
        clientid: open.clientid(),
        owner: &name,
        lock_seqid: 0,
    };
    let range = Range::new(first, first + 9);
    let (kind, blocking, reclaim) = (LockKind::Write, false, false);
    match core.lock(NOW, &LockCommand { fh, range, kind, blocking, reclaim, locker, request: 0 }) {
        LockReply::Granted(stateid) => stateid,
        other => panic!("{other:?}"),
    }
}

fn lock_op(stateid: Stateid) -> nfs_argop4 {
    nfs_argop4::OP_LOCK(LOCK4args {
        locktype: nfs_lock_type4::WRITE_LT,
        reclaim: false,
        offset: 4050,
        length: 10,
        locker: locker4::FALSE(exist_lock_owner4 { lock_stateid: stateid.into(), lock_seqid: 1 }),
    })
}

fn locku_op(stateid: Stateid) -> nfs_argop4 {
    nfs_argop4::OP_LOCKU(LOCKU4args {
        locktype: nfs_lock_type4::WRITE_LT,
        seqid: 1,
        lock_stateid: stateid.into(),
        offset: 4050,
        length: 10,
    })
}
