//! The clients of the scripts: who they are, what they send, and over what they are called.

use super::plain::{OWNERS, Want};
use lockhouse::nfs4::{
    ClientId, ConnectionId, Filehandle, LockKind, Principal, Range, SessionId, ShareAccess, ShareDeny,
    Stateid, Time,
};
use lockhouse::state::{
    Callback, CallbackSec, ChannelAttrs, Config, Core, CreateSession, ExchangeId, LockCommand, LockReply,
    Locker, Numbered, OpenBegin, OpenCommit, OpenEffects, OpenTurn, SetClientid,
};

/// Slots of a back channel: fewer than a client can have waiters.
pub const BACK_SLOTS: usize = 2;
const ROOT: Principal = Principal::Sys { uid: 0 };
/// Which client each owner belongs to. The first and the last do without sessions, the others have them.
pub const CLIENT_OF: [usize; OWNERS] = [0, 0, 1, 1, 2, 3];
pub const CLIENTS: usize = 4;

pub struct Client {
    pub id: ClientId,
    pub session: Option<SessionId>,
}

/// One process: an open of the file, and its locks.
pub struct Process {
    client: ClientId,
    name: Vec<u8>,
    open_seqid: u32,
    lock_seqid: u32,
    open: Stateid,
    lock: Option<Stateid>,
    /// How many opens there were before.
    pub opened: u64,
}

pub fn fh() -> Filehandle {
    Filehandle::new(b"f").expect("short")
}

pub fn name_of(owner: usize) -> Vec<u8> {
    vec![b'a' + owner as u8]
}

pub fn range(first: usize, last: usize) -> Range {
    Range::new(first as u64, last as u64).expect("in order")
}

/// A confirmed client; the number tells whether it has sessions.
pub fn client(core: &mut Core, now: Time, number: usize, connection: ConnectionId) -> Client {
    let name = [number as u8];
    if number == 0 || number == CLIENTS - 1 {
        let callback = Callback::default();
        let args = SetClientid { name: &name, verifier: [1; 8], principal: ROOT, callback };
        let (id, confirm) = core.setclientid(now, args).expect("a new name");
        core.setclientid_confirm(now, id, confirm, ROOT).expect("just made");
        return Client { id, session: None };
    }
    let args = ExchangeId { name: &name, verifier: [1; 8], principal: ROOT, update: false };
    let found = core.exchange_id(now, args).expect("a new name");
    let channel = Config::default().fore;
    let command = CreateSession {
        clientid: found.clientid,
        sequence: found.sequence,
        principal: ROOT,
        connection,
        minor: 1,
        back_channel: true,
        fore: channel,
        back: ChannelAttrs { maxrequests: BACK_SLOTS as u32, ..channel },
        cb_program: 1,
        sec: Some(CallbackSec::None),
    };
    let session = core.create_session(now, &command).expect("its first").id;
    core.reclaim_complete(now, found.clientid).expect("the first time");
    Client { id: found.clientid, session: Some(session) }
}

impl Process {
    pub fn new(core: &mut Core, now: Time, client: ClientId, owner: usize) -> Self {
        let (name, open, lock) = (name_of(owner), Stateid::ANONYMOUS, None);
        let mut process =
            Self { client, name, open_seqid: 0, lock_seqid: 0, open, lock, opened: owner as u64 };
        process.open(core, now);
        process
    }

    /// The next seqid of its open_owner. No two requests of it need another digest.
    fn next_open(&mut self) -> u32 {
        self.open_seqid += 1;
        self.open_seqid
    }

    fn next_lock(&mut self) -> u32 {
        self.lock_seqid += 1;
        self.lock_seqid
    }

    fn open(&mut self, core: &mut Core, now: Time) {
        let (clientid, seqid) = (self.client, self.next_open());
        let begin =
            OpenBegin { clientid, owner: &self.name, seqid, request: u64::from(seqid), reclaim: false };
        let Ok(OpenTurn::Go(ticket)) = core.open_begin(now, begin) else { panic!("OPEN goes on") };
        let (access, deny, effects) = (ShareAccess::BOTH, ShareDeny::NONE, OpenEffects::default());
        let commit = OpenCommit { fh: fh(), access, deny, principal: ROOT, effects };
        let reply = core.open_commit(now, ticket, commit).expect("nobody denies it");
        self.open = reply.stateid;
        if reply.confirm {
            self.open = self.numbered(core, |core, request| core.open_confirm(now, request));
        }
    }

    fn numbered<E: std::fmt::Debug>(
        &mut self,
        core: &mut Core,
        run: impl FnOnce(&mut Core, Numbered<'_>) -> Result<Stateid, E>,
    ) -> Stateid {
        let seqid = self.next_open();
        let request = Numbered { fh: &fh(), stateid: self.open, seqid, request: u64::from(seqid) };
        run(core, request).expect("the right seqid and stateid")
    }

    /// CLOSE, after LOCKU of everything, and OPEN again, as the open of this number.
    pub fn reopen(&mut self, core: &mut Core, now: Time, opened: u64) {
        self.numbered(core, |core, request| core.close(now, request));
        (self.lock, self.opened) = (None, opened);
        self.open(core, now);
    }

    pub fn lock(&mut self, core: &mut Core, now: Time, want: &Want, blocking: bool) -> LockReply {
        let seqid = self.next_lock();
        let open_seqid = if self.lock.is_none() { self.next_open() } else { 0 };
        let locker = match self.lock {
            Some(lock_stateid) => Locker::Existing { lock_stateid, lock_seqid: seqid },
            None => Locker::New {
                open_stateid: self.open,
                open_seqid,
                clientid: self.client,
                owner: &self.name,
                lock_seqid: seqid,
            },
        };
        let (fh, range) = (fh(), Some(range(want.first, want.last)));
        let (kind, request) = (want.kind, u64::from(seqid));
        let reply =
            core.lock(now, &LockCommand { fh: &fh, range, kind, blocking, reclaim: false, locker, request });
        if let LockReply::Granted(stateid) = reply {
            self.lock = Some(stateid);
        }
        reply
    }

    /// Whether a lock was granted under its open.
    pub fn had_lock(&self) -> bool {
        self.lock.is_some()
    }

    /// LOCKU; answers whether it has a lock stateid to do it with.
    pub fn unlock(&mut self, core: &mut Core, now: Time, first: usize, last: usize) -> bool {
        let Some(stateid) = self.lock else { return false };
        let seqid = self.next_lock();
        let bytes = Some(range(first, last));
        let reply = core.locku(now, &fh(), stateid, seqid, bytes, u64::from(seqid));
        self.lock = Some(reply.expect("the right seqid and stateid"));
        true
    }

    /// LOCKT of one byte by somebody unknown: who holds it.
    pub fn holder(&self, core: &mut Core, now: Time, byte: usize) -> Option<usize> {
        let all = Some(range(byte, byte));
        let denied = core.lockt(now, &fh(), self.client, b"nobody", all, LockKind::Write);
        denied.expect("a good clientid").map(|denied| usize::from(denied.owner.owner[0] - b'a'))
    }
}
