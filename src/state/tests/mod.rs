//! The state core, rule by rule: scripts of commands over a hand-moved clock.
//!
//! A [`World`] is a core and the time. A [`Process`] is one process of a client's machine: an open_owner and a
//! lock_owner of the same name, with the seqids and stateids that a well-behaved client keeps. A copy of one, taken
//! before a command, sends the same command again.

mod back_channels;
mod callbacks;
mod clients;
mod courtesy;
mod deadlocks;
mod determinism;
mod generations;
mod grace;
mod kept;
mod leases;
mod limits;
mod locks;
mod long;
mod notices;
mod opens;
mod owners;
mod polling;
mod prefetch;
mod refused_records;
mod restored;
mod revoke;
mod seqids;
mod session_client;
mod session_state;
mod sessions;
mod teardown;
mod waiting;

use super::opens::advances;
use super::*;
use crate::nfs4::{ClientId, Filehandle, Stateid, Status, Time};
use crate::nfs4::{ConnectionId, LockKind, Principal, Range, SessionId, ShareAccess, ShareDeny, Verifier};
use kept::Kept;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::hash::Hasher;
use std::time::Duration;

const LEASE: u64 = 90;
const ROOT: Principal = Principal::Sys { uid: 0 };

/// A file's handle.
fn fh(file: &str) -> Filehandle {
    Filehandle::new(file.as_bytes()).unwrap()
}

/// The bytes `first..=last`.
fn bytes(first: u64, last: u64) -> Range {
    Range::new(first, last).unwrap()
}

/// Equal arguments have equal digests.
fn digest(args: impl Debug) -> Digest {
    let mut hasher = siphasher::sip::SipHasher24::new();
    hasher.write(format!("{args:?}").as_bytes());
    hasher.finish()
}

/// One process of a client's machine.
#[derive(Clone, Debug)]
struct Process {
    client: ClientId,
    name: &'static str,
    /// Seqid of its next request as an open_owner.
    open_seqid: u32,
    /// Seqid of its next request as a lock_owner.
    lock_seqid: u32,
    opens: BTreeMap<&'static str, Stateid>,
    locks: BTreeMap<&'static str, Stateid>,
    /// It reclaims what it opens and locks.
    reclaims: bool,
}

impl Process {
    fn of(client: ClientId, name: &'static str) -> Self {
        let (opens, locks) = (BTreeMap::new(), BTreeMap::new());
        Self { client, name, open_seqid: 10, lock_seqid: 20, opens, locks, reclaims: false }
    }
}

struct World {
    core: Core,
    now: Time,
    config: Config,
    kept: Kept,
}

impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.kept.check(&mut self.core, self.config.clone(), self.now);
        }
    }
}

impl World {
    fn new() -> Self {
        Self::with(Config::default())
    }

    fn with(config: Config) -> Self {
        Self::started(config, 7, &[])
    }

    /// After a restart in which these clients held state.
    fn restarted(recorded: &[&str]) -> Self {
        Self::started(Config::default(), 8, recorded)
    }

    fn started(config: Config, epoch: u32, recorded: &[&str]) -> Self {
        let now = Duration::from_secs(1000);
        let recorded = recorded.iter().map(|name| name.as_bytes().into()).collect();
        let core = Core::new(config.clone(), Start { epoch, seed: 42, recorded, now });
        Self { core, now, config, kept: Kept::default() }
    }

    /// Stores what has changed, and answers which clients may hold state.
    fn take_changes(&mut self) -> Vec<ClientChange> {
        self.kept.take(&mut self.core)
    }

    /// Lets time pass, with all alarms on the way.
    fn pass(&mut self, seconds: u64) {
        self.pass_ms(1000 * seconds);
    }

    fn pass_ms(&mut self, milliseconds: u64) {
        let until = self.now + Duration::from_millis(milliseconds);
        while self.core.next_alarm() <= until {
            self.now = self.core.next_alarm().max(self.now);
            self.core.on_alarm(self.now);
        }
        self.now = until;
    }

    /// Lets time pass while these clients renew their leases often enough.
    fn pass_renewing(&mut self, seconds: u64, clients: &[ClientId]) {
        for step in (0..seconds).step_by(30) {
            clients.iter().for_each(|client| self.core.renew(self.now, *client).unwrap());
            self.pass((seconds - step).min(30));
        }
        clients.iter().for_each(|client| self.core.renew(self.now, *client).unwrap());
    }

    fn setclientid(
        &mut self,
        name: &str,
        boot: u8,
        principal: Principal,
    ) -> Result<(ClientId, Verifier), SetClientidRefused> {
        let callback = Callback { ident: u32::from(boot), ..Callback::default() };
        let args = SetClientid { name: name.as_bytes(), verifier: [boot; 8], principal, callback };
        self.core.setclientid(self.now, args)
    }

    /// A confirmed client.
    fn client(&mut self, name: &str) -> ClientId {
        let (id, confirm) = self.setclientid(name, 1, ROOT).unwrap();
        self.core.setclientid_confirm(self.now, id, confirm, ROOT).unwrap();
        id
    }

    /// A process of a new client of the same name, with `file` open for reading and writing.
    fn process(&mut self, name: &'static str, file: &'static str) -> Process {
        let mut process = Process::of(self.client(name), name);
        self.open(&mut process, file, ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        process
    }

    /// OPEN alone.
    fn open_only(
        &mut self,
        who: &mut Process,
        file: &'static str,
        access: ShareAccess,
        deny: ShareDeny,
    ) -> Result<Box<OpenReply>, Status> {
        let begin = OpenBegin {
            clientid: who.client,
            owner: who.name.as_bytes(),
            seqid: who.open_seqid,
            request: digest(("open", who.open_seqid, file, access, deny, who.reclaims)),
            reclaim: who.reclaims,
        };
        let reply = match self.core.open_begin(self.now, begin) {
            Ok(OpenTurn::Go(ticket)) => {
                let effects = OpenEffects { atomic: true, before: 1, after: 2, attrset: [3, 4, 0] };
                let commit = OpenCommit { fh: fh(file), access, deny, principal: ROOT, effects };
                self.core.open_commit(self.now, ticket, commit)
            }
            Ok(OpenTurn::Replay(reply)) => reply,
            Err(status) => Err(status),
        };
        count(&mut who.open_seqid, reply.as_ref().err());
        if let Ok(reply) = &reply {
            who.opens.insert(file, reply.stateid);
        }
        reply
    }

    /// OPEN, and OPEN_CONFIRM if asked for.
    fn open(
        &mut self,
        who: &mut Process,
        file: &'static str,
        access: ShareAccess,
        deny: ShareDeny,
    ) -> Result<Stateid, Status> {
        let reply = self.open_only(who, file, access, deny)?;
        if reply.confirm { self.open_confirm(who, file) } else { Ok(reply.stateid) }
    }

    fn numbered(
        &mut self,
        who: &mut Process,
        file: &'static str,
        request: Digest,
        run: impl FnOnce(&mut Core, Time, Numbered<'_>) -> Result<Stateid, Status>,
    ) -> Result<Stateid, Status> {
        let fh = fh(file);
        let request = Numbered { fh: &fh, stateid: who.opens[file], seqid: who.open_seqid, request };
        let reply = run(&mut self.core, self.now, request);
        count(&mut who.open_seqid, reply.as_ref().err());
        reply.inspect(|stateid| {
            who.opens.insert(file, *stateid);
        })
    }

    fn open_confirm(&mut self, who: &mut Process, file: &'static str) -> Result<Stateid, Status> {
        let request = digest(("open_confirm", who.open_seqid, file));
        self.numbered(who, file, request, |core, now, request| core.open_confirm(now, request))
    }

    fn open_downgrade(
        &mut self,
        who: &mut Process,
        file: &'static str,
        access: ShareAccess,
        deny: ShareDeny,
    ) -> Result<Stateid, Status> {
        let request = digest(("open_downgrade", who.open_seqid, file, access, deny));
        let to = Some((access, deny));
        self.numbered(who, file, request, |core, now, request| core.open_downgrade(now, request, to))
    }

    fn close(&mut self, who: &mut Process, file: &'static str) -> Result<Stateid, Status> {
        let request = digest(("close", who.open_seqid, file));
        self.numbered(who, file, request, |core, now, request| core.close(now, request))
    }

    /// LOCK without waiting: as a new locker as long as it has no lock stateid for the file.
    fn lock(&mut self, who: &mut Process, file: &'static str, range: Range, kind: LockKind) -> LockReply {
        self.lock_as(who, file, range, kind, false)
    }

    /// LOCK that is to be waited for.
    fn lockw(&mut self, who: &mut Process, file: &'static str, range: Range, kind: LockKind) -> LockReply {
        self.lock_as(who, file, range, kind, true)
    }

    fn lock_as(
        &mut self,
        who: &mut Process,
        file: &'static str,
        range: Range,
        kind: LockKind,
        blocking: bool,
    ) -> LockReply {
        let locker = match who.locks.get(file) {
            Some(&lock_stateid) => Locker::Existing { lock_stateid, lock_seqid: who.lock_seqid },
            None => Locker::New {
                open_stateid: who.opens[file],
                open_seqid: who.open_seqid,
                clientid: who.client,
                owner: who.name.as_bytes(),
                lock_seqid: who.lock_seqid,
            },
        };
        let new = matches!(locker, Locker::New { .. });
        let request = digest((locker, file, range, kind, blocking, who.reclaims));
        let command = LockCommand {
            fh: &fh(file),
            range: Some(range),
            kind,
            blocking,
            reclaim: who.reclaims,
            locker,
            request,
        };
        let reply = self.core.lock(self.now, &command);
        let failed = match &reply {
            LockReply::Refused(status) => Some(status),
            _ => None,
        };
        count(&mut who.lock_seqid, failed);
        if new {
            count(&mut who.open_seqid, failed);
        }
        if let LockReply::Granted(stateid) = reply {
            who.locks.insert(file, stateid);
        }
        reply
    }

    fn locku(&mut self, who: &mut Process, file: &'static str, range: Range) -> Result<Stateid, Status> {
        let (stateid, seqid) = (who.locks[file], who.lock_seqid);
        let request = digest(("locku", seqid, file, range));
        let reply = self.core.locku(self.now, &fh(file), stateid, seqid, Some(range), request);
        count(&mut who.lock_seqid, reply.as_ref().err());
        reply.inspect(|stateid| {
            who.locks.insert(file, *stateid);
        })
    }

    fn lockt(&mut self, who: &Process, file: &str, range: Range, kind: LockKind) -> Option<Denied> {
        let owner = who.name.as_bytes();
        self.core.lockt(self.now, &fh(file), who.client, owner, Some(range), kind).unwrap()
    }
}

/// What a client does with its seqid after a reply.
fn count(seqid: &mut u32, failed: Option<&Status>) {
    if failed.is_none_or(|status| advances(*status)) {
        *seqid = seqid.wrapping_add(1);
    }
}

/// The name of the owner that stands in the way. Panics when the reply is no denial.
fn denied_by(reply: &LockReply) -> &str {
    match reply {
        LockReply::Denied(denied) => std::str::from_utf8(&denied.owner.owner).unwrap(),
        other => panic!("not denied: {other:?}"),
    }
}

fn is_granted(reply: &LockReply) -> bool {
    matches!(reply, LockReply::Granted(_))
}
