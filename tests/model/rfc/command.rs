//! Commands with all their arguments, and what came back.

use lockhouse::nfs4::{
    ClientId, Filehandle, LockKind, Principal, Range, ShareAccess, ShareDeny, Stateid, Status, Time, Verifier,
};
use lockhouse::state::{
    self, Callback, Core, Denied, IoRight, LockCommand, LockReply, Numbered, OpenBegin, OpenCommit,
    OpenEffects, OpenReply, OpenTurn, SetClientid, SetClientidRefused,
};
use std::hash::{DefaultHasher, Hash, Hasher};

/// `locker4`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Locker {
    New { open: Stateid, open_seqid: u32, client: ClientId, owner: u8, lock_seqid: u32 },
    Existing { lock: Stateid, lock_seqid: u32 },
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    Setclientid { name: u8, boot: u8, principal: u32 },
    Confirm { id: ClientId, confirm: Verifier, principal: u32 },
    Renew { client: ClientId },
    Open { client: ClientId, owner: u8, file: u8, access: ShareAccess, deny: ShareDeny, seqid: u32 },
    OpenConfirm { stateid: Stateid, file: u8, seqid: u32 },
    Downgrade { stateid: Stateid, file: u8, access: ShareAccess, deny: ShareDeny, seqid: u32 },
    Close { stateid: Stateid, file: u8, seqid: u32 },
    Io { stateid: Stateid, file: u8, access: ShareAccess },
    Lock { file: u8, range: Option<Range>, kind: LockKind, blocking: bool, locker: Locker },
    Locku { stateid: Stateid, file: u8, range: Option<Range>, seqid: u32 },
    Lockt { client: ClientId, owner: u8, file: u8, range: Option<Range>, kind: LockKind },
    Release { client: ClientId, owner: u8 },
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    Done,
    Client(ClientId, Verifier),
    /// OPEN: the stateid, and whether it must be confirmed.
    Opened(Stateid, bool),
    State(Stateid),
    Denied(Denied),
    Failed(Status),
}

impl From<Result<Stateid, Status>> for Reply {
    fn from(result: Result<Stateid, Status>) -> Self {
        result.map_or_else(Self::Failed, Self::State)
    }
}

impl From<Result<(), Status>> for Reply {
    fn from(result: Result<(), Status>) -> Self {
        result.map_or_else(Self::Failed, |()| Self::Done)
    }
}

impl From<Result<Box<OpenReply>, Status>> for Reply {
    fn from(result: Result<Box<OpenReply>, Status>) -> Self {
        result.map_or_else(Self::Failed, |reply| Self::Opened(reply.stateid, reply.confirm))
    }
}

pub(super) fn fh(file: u8) -> Filehandle {
    Filehandle::new(&[file]).expect("short")
}

fn principal(uid: u32) -> Principal {
    Principal::Sys { uid }
}

impl Reply {
    /// The name of its status, without what all of them begin with.
    pub fn name(&self) -> &'static str {
        let status = match self {
            Self::Failed(status) => *status,
            Self::Denied(_) => Status::Denied,
            _ => Status::Ok,
        };
        status.name().trim_start_matches("NFS4ERR_").trim_start_matches("NFS4_")
    }
}

impl Command {
    /// The name of the operation, in words that tell the two kinds of LOCK apart.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Setclientid { .. } => "SETCLIENTID",
            Self::Confirm { .. } => "SETCLIENTID_CONFIRM",
            Self::Renew { .. } => "RENEW",
            Self::Open { .. } => "OPEN",
            Self::OpenConfirm { .. } => "OPEN_CONFIRM",
            Self::Downgrade { .. } => "OPEN_DOWNGRADE",
            Self::Close { .. } => "CLOSE",
            Self::Io { .. } => "READ or WRITE",
            Self::Lock { locker: Locker::New { .. }, .. } => "LOCK by a new locker",
            Self::Lock { .. } => "LOCK",
            Self::Locku { .. } => "LOCKU",
            Self::Lockt { .. } => "LOCKT",
            Self::Release { .. } => "RELEASE_LOCKOWNER",
        }
    }

    fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }

    /// Whether an owner's seqid numbers it.
    pub fn is_numbered(&self) -> bool {
        use Command::*;
        matches!(
            self,
            Open { .. } | OpenConfirm { .. } | Downgrade { .. } | Close { .. } | Lock { .. } | Locku { .. }
        )
    }

    /// Gives the first part of an OPEN to the core, and never the second. `Err` is a reply that it gives already.
    pub fn begin(&self, core: &mut Core, now: Time) -> Result<(), Reply> {
        let Self::Open { client, owner, file, access, deny, seqid } = *self else { unreachable!() };
        let (owner, request) = (&[owner], self.digest());
        let begin = OpenBegin { clientid: client, owner, seqid, request, reclaim: false };
        match core.open_begin(now, begin).map_err(Reply::Failed)? {
            OpenTurn::Replay(reply) => Err(reply.into()),
            OpenTurn::Go(mut ticket) => {
                core.open_reserve(now, &mut ticket, &fh(file), access, deny).map_err(Reply::Failed)
            }
        }
    }

    /// Gives it to the core.
    pub fn run(&self, core: &mut Core, now: Time) -> Reply {
        let request = self.digest();
        match *self {
            Self::Setclientid { name, boot, principal: uid } => {
                let (name, verifier, callback) = (&[name], [boot; 8], Callback::default());
                let args = SetClientid { name, verifier, principal: principal(uid), callback };
                match core.setclientid(now, args) {
                    Ok((id, confirm)) => Reply::Client(id, confirm),
                    Err(SetClientidRefused::InUse(_)) => Reply::Failed(Status::ClidInUse),
                    Err(SetClientidRefused::Other(status)) => Reply::Failed(status),
                }
            }
            Self::Confirm { id, confirm, principal: uid } => {
                core.setclientid_confirm(now, id, confirm, principal(uid)).into()
            }
            Self::Renew { client } => core.renew(now, client).into(),
            Self::Open { client, owner, file, access, deny, seqid } => {
                let owner = &[owner];
                let begin = OpenBegin { clientid: client, owner, seqid, request, reclaim: false };
                let effects = OpenEffects::default();
                let commit = OpenCommit { fh: fh(file), access, deny, principal: principal(0), effects };
                match core.open_begin(now, begin) {
                    Ok(OpenTurn::Replay(reply)) => reply.into(),
                    Ok(OpenTurn::Go(ticket)) => core.open_commit(now, ticket, commit).into(),
                    Err(status) => Reply::Failed(status),
                }
            }
            Self::OpenConfirm { stateid, file, seqid } => {
                core.open_confirm(now, Numbered { fh: &fh(file), stateid, seqid, request }).into()
            }
            Self::Downgrade { stateid, file, access, deny, seqid } => {
                let numbered = Numbered { fh: &fh(file), stateid, seqid, request };
                core.open_downgrade(now, numbered, Some((access, deny))).into()
            }
            Self::Close { stateid, file, seqid } => {
                core.close(now, Numbered { fh: &fh(file), stateid, seqid, request }).into()
            }
            Self::Io { stateid, file, access } => {
                let right = core.io(now, &fh(file), &stateid, access);
                right.map(|_: IoRight| ()).into()
            }
            Self::Lock { file, range, kind, blocking, ref locker } => {
                let owner;
                let locker = match *locker {
                    Locker::New { open, open_seqid, client, owner: name, lock_seqid } => {
                        owner = [name];
                        let (open_stateid, owner) = (open, &owner[..]);
                        state::Locker::New { open_stateid, open_seqid, clientid: client, owner, lock_seqid }
                    }
                    Locker::Existing { lock, lock_seqid } => {
                        state::Locker::Existing { lock_stateid: lock, lock_seqid }
                    }
                };
                let fh = &fh(file);
                let command = LockCommand { fh, range, kind, blocking, reclaim: false, locker, request };
                match core.lock(now, &command) {
                    LockReply::Granted(stateid) => Reply::State(stateid),
                    LockReply::Denied(denied) => Reply::Denied(*denied),
                    LockReply::Refused(status) => Reply::Failed(status),
                }
            }
            Self::Locku { stateid, file, range, seqid } => {
                core.locku(now, &fh(file), stateid, seqid, range, request).into()
            }
            Self::Lockt { client, owner, file, range, kind } => {
                match core.lockt(now, &fh(file), client, &[owner], range, kind) {
                    Ok(None) => Reply::Done,
                    Ok(Some(denied)) => Reply::Denied(denied),
                    Err(status) => Reply::Failed(status),
                }
            }
            Self::Release { client, owner } => core.release_lockowner(now, client, &[owner]).into(),
        }
    }
}
