//! A core with as much of everything as a bench wants.

use super::meter::Calls;
use lockhouse::host::{Committer, Restart, Restarted};
use lockhouse::nfs4::{
    ClientId, ConnectionId, Filehandle, LockKind, Principal, Range, SessionId, ShareAccess, ShareDeny,
    Stateid, Status, Time, Verifier,
};
use lockhouse::state::{
    Callback, Changes, ChannelAttrs, Config, Core, CreateSession, ExchangeId, LockCommand, LockReply, Locker,
    Numbered, OpenBegin, OpenCommit, OpenEffects, OpenReply, OpenTurn, SetClientid, Start,
};
use std::time::Duration;

pub const ROOT: Principal = Principal::Sys { uid: 0 };
const CHANNEL: ChannelAttrs = ChannelAttrs {
    maxrequestsize: 1 << 20,
    maxresponsesize: 1 << 20,
    maxresponsesize_cached: 4096,
    maxoperations: 16,
    maxrequests: 16,
};

/// The file with this number.
pub fn file(number: u64) -> Filehandle {
    let mut bytes = [7; 44];
    bytes[4..12].copy_from_slice(&number.to_be_bytes());
    Filehandle::new(&bytes).expect("short enough")
}

/// The bytes of the owner with this number, as long as Linux's.
pub fn bytes(number: u64) -> [u8; 32] {
    let mut bytes = *b"lock id:........................";
    bytes[8..16].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// Ten bytes of every hundred.
pub fn held(number: u64) -> Range {
    Range::new(number * 100, number * 100 + 9).expect("in order")
}

/// A lock_owner or open_owner that has a stateid, and its next seqid.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    pub stateid: Stateid,
    pub seqid: u32,
}

/// A core, its store, and the time.
pub struct World {
    pub core: Core,
    pub committer: Committer,
    pub changes: Changes,
    pub now: Time,
    _dir: tempfile::TempDir,
}

impl World {
    pub fn new() -> Self {
        Self::with(Config::default(), &[])
    }

    /// With a grace period for clients of these names.
    pub fn with(config: Config, recorded: &[Box<[u8]>]) -> Self {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let now = Duration::from_secs(1);
        let restart = Restart {
            state_dir: dir.path(),
            boot_id: "boot",
            config: config.clone(),
            seed: 1,
            now,
            dependencies: &[],
            epoch: &|_| Ok(1),
        };
        let Restarted { mut core, committer, .. } = restart.run().expect("a store");
        if !recorded.is_empty() {
            let recorded = recorded.iter().cloned().collect();
            core = Core::new(config, Start { epoch: 1, seed: 1, recorded, now });
        }
        Self { core, committer, changes: Changes::default(), now, _dir: dir }
    }

    /// Forgets what has changed.
    pub fn skip(&mut self) {
        self.core.take_changes(&mut self.changes);
        drop(self.core.take_closed());
        drop(self.core.take_deferred_drops());
    }

    /// Makes and stores one call.
    pub fn once<T>(&mut self, what: &str, run: impl FnOnce(&mut Core, Time) -> T) -> T {
        self.skip();
        let (mut calls, now) = (Calls::default(), self.now);
        let answer = calls.call(&mut self.core, |core| run(core, now));
        calls.store(&mut self.core, &mut self.committer);
        calls.print(what);
        self.alarms(&format!("- and the alarms after: {what}"));
        answer
    }

    /// One call, again as long as it is answered `Delay`: it is told which attempt this is.
    pub fn until_done<T>(
        &mut self,
        what: &str,
        mut run: impl FnMut(&mut Core, Time, u32) -> Result<T, Status>,
    ) -> T {
        let mut attempt = 0;
        loop {
            let again = if attempt == 0 { "" } else { ", again" };
            match self.once(&format!("{what}{again}"), |core, now| run(core, now, attempt)) {
                Ok(done) => return done,
                Err(status) => assert!(status == Status::Delay && attempt < 5, "{what}: {status:?}"),
            }
            attempt += 1;
        }
    }

    /// All alarms that are due.
    pub fn alarms(&mut self, what: &str) {
        let (mut calls, now) = (Calls::default(), self.now);
        let mut any = false;
        while self.core.next_alarm() <= now {
            any = true;
            calls.call(&mut self.core, |core| core.on_alarm(now));
            calls.store(&mut self.core, &mut self.committer);
        }
        if any {
            calls.print(what);
        }
    }

    pub fn setclientid(&mut self, name: &[u8], boot: u8) -> (ClientId, Verifier) {
        let args = SetClientid { name, verifier: [boot; 8], principal: ROOT, callback: Callback::default() };
        self.core.setclientid(self.now, args).expect("a new client")
    }

    /// A client of 4.0.
    pub fn client(&mut self, name: &[u8]) -> ClientId {
        let (id, confirm) = self.setclientid(name, 1);
        self.core.setclientid_confirm(self.now, id, confirm, ROOT).expect("confirmed");
        id
    }

    /// A client of 4.1 with one session, on connection 1.
    pub fn client_41(&mut self, name: &[u8]) -> (ClientId, SessionId) {
        let args = ExchangeId { name, verifier: [1; 8], principal: ROOT, update: false };
        let found = self.core.exchange_id(self.now, args).expect("a new client");
        let id = self.session(found.clientid, found.sequence);
        self.core.reclaim_complete(self.now, found.clientid).expect("nothing to reclaim");
        (found.clientid, id)
    }

    pub fn session(&mut self, clientid: ClientId, sequence: u32) -> SessionId {
        self.core.create_session(self.now, &session(clientid, sequence)).expect("a session").id
    }

    /// OPEN, and OPEN_CONFIRM for a new owner of 4.0. The owner's next seqid is in it.
    pub fn open(&mut self, calls: &mut Calls, clientid: ClientId, fh: &Filehandle, owner: u64) -> Owner {
        let (access, deny) = (ShareAccess::BOTH, ShareDeny::NONE);
        self.open_as(calls, (clientid, fh, owner, 1), access, deny)
    }

    pub fn open_as(
        &mut self,
        calls: &mut Calls,
        (clientid, fh, owner, seqid): (ClientId, &Filehandle, u64, u32),
        access: ShareAccess,
        deny: ShareDeny,
    ) -> Owner {
        let now = self.now;
        let open = |core: &mut Core| {
            let begin = OpenBegin { clientid, owner: &bytes(owner), seqid, request: 1, reclaim: false };
            let Ok(OpenTurn::Go(ticket)) = core.open_begin(now, begin) else { panic!("OPEN is refused") };
            let commit =
                OpenCommit { fh: fh.clone(), access, deny, principal: ROOT, effects: OpenEffects::default() };
            core.open_commit(now, ticket, commit)
        };
        let opened: Box<OpenReply> = calls.call(&mut self.core, open).expect("opened");
        if !opened.confirm {
            return Owner { stateid: opened.stateid, seqid: seqid + 1 };
        }
        let request = Numbered { fh, stateid: opened.stateid, seqid: seqid + 1, request: 2 };
        Owner { stateid: self.core.open_confirm(now, request).expect("confirmed"), seqid: seqid + 2 }
    }

    /// The first LOCK of the lock_owner with this number.
    pub fn lock_new(
        &mut self,
        calls: &mut Calls,
        fh: &Filehandle,
        open: &mut Owner,
        number: u64,
        range: Range,
        kind: LockKind,
    ) -> Owner {
        let reply = self.try_lock_new(calls, fh, open, number, range, (kind, false));
        match reply {
            LockReply::Granted(stateid) => Owner { stateid, seqid: 1 },
            other => panic!("{other:?}"),
        }
    }

    pub fn try_lock_new(
        &mut self,
        calls: &mut Calls,
        fh: &Filehandle,
        open: &mut Owner,
        number: u64,
        range: Range,
        (kind, blocking): (LockKind, bool),
    ) -> LockReply {
        let locker = Locker::New {
            open_stateid: open.stateid,
            open_seqid: open.seqid,
            clientid: open.stateid.clientid(),
            owner: &bytes(number),
            lock_seqid: 0,
        };
        open.seqid += 1;
        let request = u64::from(open.seqid);
        let command = LockCommand { fh, range: Some(range), kind, blocking, reclaim: false, locker, request };
        let now = self.now;
        calls.call(&mut self.core, |core| core.lock(now, &command))
    }

    pub fn lock(
        &mut self,
        calls: &mut Calls,
        fh: &Filehandle,
        owner: &mut Owner,
        range: Range,
        kind: LockKind,
    ) -> LockReply {
        let locker = Locker::Existing { lock_stateid: owner.stateid, lock_seqid: owner.seqid };
        let request = u64::from(owner.seqid);
        let command =
            LockCommand { fh, range: Some(range), kind, blocking: false, reclaim: false, locker, request };
        let now = self.now;
        let reply = calls.call(&mut self.core, |core| core.lock(now, &command));
        owner.seqid += 1;
        if let LockReply::Granted(stateid) = reply {
            owner.stateid = stateid;
        }
        reply
    }

    /// An owner of `client` with `count` ranges of ten bytes on `fh`, under an open of its own.
    pub fn many_ranges(
        &mut self,
        calls: &mut Calls,
        client: ClientId,
        fh: &Filehandle,
        count: u64,
        kind: LockKind,
    ) -> (Owner, Owner) {
        let mut open = self.open(&mut Calls::default(), client, fh, 0);
        let mut owner = self.lock_new(&mut Calls::default(), fh, &mut open, 0, held(0), kind);
        for number in 1..count {
            let reply = self.lock(calls, fh, &mut owner, held(number), kind);
            assert!(matches!(reply, LockReply::Granted(_)), "{reply:?}");
            if number % 1000 == 0 {
                self.skip();
            }
        }
        (open, owner)
    }

    /// `count` owners of `client` with a range of ten bytes each on `fh`, under one open.
    pub fn many_owners(
        &mut self,
        calls: &mut Calls,
        client: ClientId,
        fh: &Filehandle,
        count: u64,
        kind: LockKind,
    ) -> (Owner, Vec<Owner>) {
        let mut open = self.open(&mut Calls::default(), client, fh, 0);
        let mut owners = Vec::new();
        for number in 0..count {
            let range = if kind == LockKind::Read { held(0) } else { held(number) };
            owners.push(self.lock_new(calls, fh, &mut open, number, range, kind));
            if number % 1000 == 0 {
                self.skip();
            }
        }
        (open, owners)
    }

    pub fn unlock(&mut self, calls: &mut Calls, fh: &Filehandle, owner: &mut Owner, range: Range) {
        let (Owner { stateid, seqid }, now) = (*owner, self.now);
        let request = u64::from(seqid);
        let unlocked =
            calls.call(&mut self.core, |core| core.locku(now, fh, stateid, seqid, Some(range), request));
        *owner = Owner { stateid: unlocked.expect("unlocked"), seqid: seqid + 1 };
    }
}

/// A CREATE_SESSION over connection 1.
pub fn session(clientid: ClientId, sequence: u32) -> CreateSession {
    CreateSession {
        clientid,
        sequence,
        principal: ROOT,
        connection: ConnectionId(1),
        minor: 1,
        back_channel: true,
        fore: CHANNEL,
        back: CHANNEL,
        cb_program: 1,
        sec: Some(lockhouse::state::CallbackSec::None),
    }
}
