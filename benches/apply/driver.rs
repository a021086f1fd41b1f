//! A client of the state core alone: what a hot COMPOUND does to it, without wire and store.

use lockhouse::nfs4::{
    ClientId, ConnectionId, Filehandle, LockKind, Principal, Range, SessionId, ShareAccess, ShareDeny,
    Stateid, Time,
};
use lockhouse::state::{
    Callback, Changes, ChannelAttrs, Config, Core, CreateSession, ExchangeId, LockCommand, LockReply, Locker,
    Numbered, OpenBegin, OpenCommit, OpenEffects, OpenTurn, SequenceCommand, SequenceTurn, SetClientid,
    Start,
};
use std::time::Duration;

pub const NOW: Time = Duration::from_secs(1);
const ROOT: Principal = Principal::Sys { uid: 0 };
/// Requests in flight.
const SLOTS: u32 = 64;
/// Bytes of the result of `SEQUENCE PUTFH LOCK`, which Linux asks to keep.
const REPLY_BYTES: usize = 96;
const CHANNEL: ChannelAttrs = ChannelAttrs {
    maxrequestsize: 1 << 20,
    maxresponsesize: 1 << 20,
    maxresponsesize_cached: 4096,
    maxoperations: 16,
    maxrequests: SLOTS,
};

/// A session in which requests go round the slots.
struct Session {
    id: SessionId,
    sent: u32,
}

/// A core and one client of it.
pub struct Driver {
    pub core: Core,
    pub changes: Changes,
    pub client: ClientId,
    /// Of NFSv4.1 and later.
    session: Option<Session>,
    reply: Vec<u8>,
}

/// A lock_owner that has a lock stateid, and its next seqid.
#[derive(Clone, Copy)]
pub struct Owner {
    pub stateid: Stateid,
    pub seqid: u32,
}

/// The filehandle of the file with this number, as long as those of real directories.
pub fn file(number: u64) -> Filehandle {
    let mut bytes = [7; 44];
    bytes[4..12].copy_from_slice(&number.to_be_bytes());
    Filehandle::new(&bytes).expect("short enough")
}

/// The bytes of the owner with this number, as long as Linux's.
pub fn owner_bytes(number: u64) -> [u8; 32] {
    let mut bytes = *b"lock id:........................";
    bytes[8..16].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// Ten bytes, of every hundred the first or those after fifty.
pub fn held(number: u64) -> Range {
    Range::new(number * 100, number * 100 + 9).expect("in order")
}

/// See [`held`].
pub fn free(number: u64) -> Range {
    Range::new(number * 100 + 50, number * 100 + 59).expect("in order")
}

pub fn core() -> Core {
    let start = Start { epoch: 1, seed: 1, recorded: Default::default(), now: NOW };
    Core::new(Config::default(), start)
}

fn with_session(core: &mut Core, name: &[u8]) -> (ClientId, Session) {
    let args = ExchangeId { name, verifier: [1; 8], principal: ROOT, update: false };
    let found = core.exchange_id(NOW, args).expect("a new client");
    let created = core.create_session(
        NOW,
        &CreateSession {
            clientid: found.clientid,
            sequence: found.sequence,
            principal: ROOT,
            connection: ConnectionId(1),
            minor: 1,
            back_channel: false,
            fore: CHANNEL,
            back: CHANNEL,
            cb_program: 0,
            sec: None,
        },
    );
    core.reclaim_complete(NOW, found.clientid).expect("nothing to reclaim");
    (found.clientid, Session { id: created.expect("a session").id, sent: 0 })
}

fn without_session(core: &mut Core, name: &[u8]) -> ClientId {
    let args = SetClientid { name, verifier: [1; 8], principal: ROOT, callback: Callback::default() };
    let (id, confirm) = core.setclientid(NOW, args).expect("a new client");
    core.setclientid_confirm(NOW, id, confirm, ROOT).expect("confirmed");
    id
}

impl Driver {
    /// A client of `core`, of NFSv4.0 or of a later version.
    pub fn new(mut core: Core, name: &[u8], sessions: bool) -> Self {
        let (client, session) = match sessions {
            true => {
                let (client, session) = with_session(&mut core, name);
                (client, Some(session))
            }
            false => (without_session(&mut core, name), None),
        };
        Self { core, changes: Changes::default(), client, session, reply: vec![0; REPLY_BYTES] }
    }

    /// One request, numbered by its slot if there is a session, and its changes.
    pub fn request<T>(&mut self, run: impl FnOnce(&mut Core) -> T) -> T {
        let Some(session) = &mut self.session else {
            let answer = run(&mut self.core);
            self.core.take_changes(&mut self.changes);
            return answer;
        };
        let command = SequenceCommand {
            sessionid: session.id,
            sequenceid: session.sent / SLOTS + 1,
            slotid: session.sent % SLOTS,
            highest_slotid: SLOTS - 1,
            cachethis: true,
            connection: ConnectionId(1),
            request: u64::from(session.sent),
            request_bytes: 200,
            operations: 3,
        };
        session.sent += 1;
        let Ok(SequenceTurn::Go(_, ticket)) = self.core.sequence(NOW, &command) else {
            panic!("out of sequence")
        };
        let answer = run(&mut self.core);
        self.core.sequence_end(&ticket, Some(&self.reply), true);
        self.core.take_changes(&mut self.changes);
        answer
    }

    /// OPEN of an open_owner of its own, and OPEN_CONFIRM if need be: the open stateid. The owner's next seqid is 3.
    pub fn open(&mut self, fh: &Filehandle, owner: u64) -> Stateid {
        let clientid = self.client;
        let owner = &owner_bytes(owner)[..];
        let opened = self.request(|core| {
            let begin = OpenBegin { clientid, owner, seqid: 1, request: 1, reclaim: false };
            let Ok(OpenTurn::Go(ticket)) = core.open_begin(NOW, begin) else { panic!("OPEN is refused") };
            let commit = OpenCommit {
                fh: fh.clone(),
                access: ShareAccess::BOTH,
                deny: ShareDeny::NONE,
                principal: ROOT,
                effects: OpenEffects::default(),
            };
            core.open_commit(NOW, ticket, commit).expect("opened")
        });
        if !opened.confirm {
            return opened.stateid;
        }
        let request = Numbered { fh, stateid: opened.stateid, seqid: 2, request: 2 };
        self.request(|core| core.open_confirm(NOW, request).expect("confirmed"))
    }

    fn lock_as(
        &mut self,
        fh: &Filehandle,
        locker: Locker<'_>,
        range: Range,
        kind: LockKind,
        request: u64,
    ) -> LockReply {
        let (blocking, reclaim) = (false, false);
        let command = LockCommand { fh, range: Some(range), kind, blocking, reclaim, locker, request };
        self.request(|core| core.lock(NOW, &command))
    }

    /// The first LOCK of the owner with this number, which is the open_owner's request `open_seqid`.
    pub fn lock_new(
        &mut self,
        fh: &Filehandle,
        open_stateid: Stateid,
        number: u64,
        open_seqid: u32,
        range: Range,
        kind: LockKind,
    ) -> Owner {
        let owner = &owner_bytes(number)[..];
        let clientid = self.client;
        let locker = Locker::New { open_stateid, open_seqid, clientid, owner, lock_seqid: 0 };
        match self.lock_as(fh, locker, range, kind, u64::from(open_seqid)) {
            LockReply::Granted(stateid) => Owner { stateid, seqid: 1 },
            other => panic!("{other:?}"),
        }
    }

    /// LOCK by an owner that has a lock stateid; answers whether it was granted.
    pub fn lock(&mut self, fh: &Filehandle, owner: &mut Owner, range: Range, kind: LockKind) -> bool {
        let locker = Locker::Existing { lock_stateid: owner.stateid, lock_seqid: owner.seqid };
        let reply = self.lock_as(fh, locker, range, kind, u64::from(owner.seqid));
        owner.seqid += 1;
        match reply {
            LockReply::Granted(stateid) => owner.stateid = stateid,
            LockReply::Denied(_) => return false,
            LockReply::Refused(status) => panic!("{status}"),
        }
        true
    }

    /// LOCKU.
    pub fn unlock(&mut self, fh: &Filehandle, owner: &mut Owner, range: Range) {
        let Owner { stateid, seqid } = *owner;
        let request = u64::from(seqid);
        let unlocked = self.request(|core| core.locku(NOW, fh, stateid, seqid, Some(range), request));
        *owner = Owner { stateid: unlocked.expect("unlocked"), seqid: seqid + 1 };
    }
}
