//! OPEN — RFC 7530 §16.16. Opens a regular file, making it if asked to, and makes it the current object.
//!
//! Statuses: ACCESS, ATTRNOTSUPP, BAD_SEQID, BADCHAR, BADNAME, BADOWNER, EXIST, EXPIRED, GRACE, INVAL, ISDIR,
//! NAMETOOLONG, NO_GRACE, NOENT, NOFILEHANDLE, NOTDIR, NOTSUPP, RECLAIM_BAD, RECLAIM_CONFLICT, RESOURCE, SHARE_DENIED,
//! STALE_CLIENTID, SYMLINK, and those of files.

use super::attr::{self, AttrSet};
use super::{Minors, Op, preview, write_change_info};
use crate::files::{
    Applied, ChangeInfo, CreateFileRequest, CreateMode, Created, GetattrRequest, LookupRequest,
    PermissionRequest, SetAttr, SetattrRequest,
};
use crate::nfs4::{FileType, Filehandle, ShareAccess, ShareDeny, Status, Time, check_component};
use crate::ops::context::CoreGuard;
use crate::ops::context::{Context, Outcome, read_with_digest};
use crate::state::{OpenBegin, OpenCommit, OpenEffects, OpenReply, OpenTicket, OpenTurn};
use crate::xdr::Bitmap;
use crate::xdr::decode::{self, CreateHow, OpenArgs, OpenClaim, OpenHow};

pub(super) const OP: Op = Op {
    number: 18,
    name: "OPEN",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::open),
    nonblocking: false,
    idempotent: false,
};

/// `OPEN4_RESULT_CONFIRM`.
const RESULT_CONFIRM: u32 = 2;
/// `OPEN4_RESULT_LOCKTYPE_POSIX`: locks split, merge and change type as POSIX says.
const RESULT_LOCKTYPE_POSIX: u32 = 4;
/// `OPEN4_RESULT_MAY_NOTIFY_LOCK`: who waits for a lock is called (RFC 8881 §18.16.4).
const RESULT_MAY_NOTIFY_LOCK: u32 = 0x20;
/// `OPEN4_SHARE_ACCESS_WANT_DELEG_MASK`.
const WANT_MASK: u32 = 0xff00;
/// `OPEN4_SHARE_ACCESS_WANT_NO_DELEG`.
const WANT_NO_DELEG: u32 = 0x400;
/// `OPEN4_SHARE_ACCESS_WANT_CANCEL`.
const WANT_CANCEL: u32 = 0x500;
/// `OPEN4_SHARE_ACCESS_WANT_SIGNAL_DELEG_WHEN_RESRC_AVAIL` and `OPEN4_SHARE_ACCESS_WANT_PUSH_DELEG_WHEN_UNCONTENDED`.
const WANT_SIGNALS: u32 = 0x3_0000;
/// `OPEN_DELEGATE_NONE_EXT`.
const DELEGATE_NONE_EXT: u32 = 3;
/// `WND4_NOT_WANTED`.
const WHY_NOT_WANTED: u32 = 0;
/// `WND4_RESOURCE`.
const WHY_RESOURCE: u32 = 2;
/// `WND4_CANCELLED`.
const WHY_CANCELLED: u32 = 7;
/// `OPEN_DELEGATE_NONE`.
const DELEGATE_NONE: u32 = 0;

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let (args, request) = read_with_digest(cx, OP.number, input, decode::open)?;
    check_minor(cx, &args)?;
    let begin = OpenBegin {
        clientid: cx.client(args.owner.clientid)?,
        owner: args.owner.owner,
        seqid: args.seqid,
        request,
        reclaim: matches!(args.claim, OpenClaim::Previous(_)),
    };
    cx.current()?;
    let turn = cx.core().open_begin(cx.now(), begin)?;
    let reply = match turn {
        OpenTurn::Replay(reply) => reply?,
        OpenTurn::Go(ticket) => {
            let reply = go(cx, &args, ticket)?;
            cx.hold_opened(reply.fh.clone());
            reply
        }
    };
    write_reply(cx, &reply, args.share_access & WANT_MASK);
    let stateid = reply.stateid;
    cx.set_current(reply.fh);
    cx.set_stateid(stateid);
    Ok(())
}

/// Refuses in NFSv4.0 what NFSv4.1 added to OPEN.
fn check_minor(cx: &Context<'_>, args: &OpenArgs<'_>) -> Result<(), Status> {
    let new_how = matches!(args.openhow, OpenHow::Create(CreateHow::Exclusive41(..)));
    let new_claim = matches!(args.claim, OpenClaim::Fh | OpenClaim::DelegCurFh(_) | OpenClaim::DelegPrevFh);
    if !cx.has_sessions() && (new_how || new_claim) { Err(Status::BadXdr) } else { Ok(()) }
}

/// A ticket on its way; if nobody gives it back, it goes back as failed.
struct Going<'a, 'c> {
    cx: &'a Context<'c>,
    ticket: Option<OpenTicket>,
    now: Time,
}

impl<'a, 'c> Going<'a, 'c> {
    fn core(&self) -> CoreGuard<'a, 'c> {
        self.cx.core()
    }

    fn reserve(&mut self, fh: &Filehandle, access: ShareAccess, deny: ShareDeny) -> Result<(), Status> {
        match &mut self.ticket {
            Some(ticket) => self.cx.core().open_reserve(self.now, ticket, fh, access, deny),
            None => Err(Status::ServerFault),
        }
    }

    fn commit(mut self, commit: OpenCommit) -> Result<Box<OpenReply>, Status> {
        let ticket = self.ticket.take().ok_or(Status::ServerFault)?;
        self.core().open_commit(self.now, ticket, commit)
    }

    fn fail(mut self, status: Status) -> Status {
        match self.ticket.take() {
            Some(ticket) => self.core().open_fail(self.now, ticket, status),
            None => status,
        }
    }
}

impl Drop for Going<'_, '_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.core().open_fail(self.now, ticket, Status::ServerFault);
        }
    }
}

fn go(cx: &Context<'_>, args: &OpenArgs<'_>, ticket: OpenTicket) -> Result<Box<OpenReply>, Status> {
    let mut going = Going { cx, ticket: Some(ticket), now: cx.now() };
    match find_and_prepare(&mut going, args) {
        Ok(commit) => going.commit(commit),
        Err(status) => Err(going.fail(status)),
    }
}

/// Does everything that concerns files: finds or creates the file, checks permissions, truncates.
fn find_and_prepare(going: &mut Going<'_, '_>, args: &OpenArgs<'_>) -> Result<OpenCommit, Status> {
    let cx = going.cx;
    let wants = if cx.has_sessions() { WANT_MASK | WANT_SIGNALS } else { 0 };
    if args.share_access & wants & WANT_MASK > WANT_CANCEL {
        return Err(Status::Inval);
    }
    let access = ShareAccess::from_wire(args.share_access & !wants).ok_or(Status::Inval)?;
    let deny = ShareDeny::from_wire(args.share_deny).ok_or(Status::Inval)?;
    let (created, truncate) = find(cx, args)?;
    let Created { object: fh, change, mut applied, new } = created;
    if !new {
        check_permission(cx, &fh, access, truncate)?;
    }
    // What is granted outlives the server, so the handle has to.
    cx.files().make_lasting(&fh)?;
    if truncate && !new {
        // Whatever the file is opened for, this writes to it (§9.9).
        going.reserve(&fh, access | ShareAccess::WRITE, deny)?;
        let set = SetAttr { size: Some(0), ..SetAttr::default() };
        applied = Applied::default();
        let (cred, applied) = (&cx.cred(&fh), &mut applied);
        cx.files().call(&fh, SetattrRequest { cred, set: &set, has_open: true, applied })?;
    }
    let words = match args.openhow {
        // What the verifier was kept in; the client is to set it afterwards (§16.16.5). And what else was set.
        OpenHow::Create(CreateHow::Exclusive(_) | CreateHow::Exclusive41(..)) => {
            let others = Applied { atime: false, mtime: false, ..applied };
            let mut words = attr::EXCLUSIVE_ATTRSET;
            attr::applied_bitmap(&others).iter().for_each(|number| words.set(number));
            words
        }
        _ => attr::applied_bitmap(&applied),
    };
    let mut attrset = [0; 3];
    attrset.iter_mut().zip(words.words()).for_each(|(to, from)| *to = *from);
    let ChangeInfo { atomic, before, after } = change;
    let effects = OpenEffects { atomic, before, after, attrset };
    Ok(OpenCommit { fh, access, deny, principal: cx.caller.principal, effects })
}

/// Returns the file that the claim names, created if requested; and whether it is to be truncated to size 0.
fn find(cx: &Context<'_>, args: &OpenArgs<'_>) -> Result<(Created, bool), Status> {
    match args.claim {
        OpenClaim::Null(name) => find_by_name(cx, name, &args.openhow),
        OpenClaim::Previous(DELEGATE_NONE) => match args.openhow {
            OpenHow::NoCreate => Ok((found(cx.current_regular()?, ChangeInfo::default()), false)),
            OpenHow::Create(_) => Err(Status::Inval),
        },
        // No delegation was ever given out, so there is none to reclaim or to open under.
        OpenClaim::Previous(_) | OpenClaim::DelegateCur { .. } => Err(Status::ReclaimBad),
        OpenClaim::DelegatePrev(_) | OpenClaim::DelegPrevFh => Err(Status::NotSupp),
        OpenClaim::DelegCurFh(_) => Err(Status::BadStateid),
        OpenClaim::Fh => open_current(cx, &args.openhow),
    }
}

/// Opens the current file (`CLAIM_FH`): it exists already, so at most it is truncated.
fn open_current(cx: &Context<'_>, how: &OpenHow<'_>) -> Result<(Created, bool), Status> {
    let (fh, kind) = cx.current_typed()?;
    check_type(kind)?;
    match how {
        OpenHow::NoCreate => Ok((found(fh, ChangeInfo::default()), false)),
        OpenHow::Create(_) => Err(Status::Inval),
    }
}

fn find_by_name(cx: &Context<'_>, name: &[u8], how: &OpenHow<'_>) -> Result<(Created, bool), Status> {
    let dir = match cx.current_typed()? {
        (fh, FileType::Directory) => fh,
        (_, FileType::Symlink) => return Err(Status::Symlink),
        _ => return Err(Status::NotDir),
    };
    let name = check_component(name)?;
    let cred = cx.cred(&dir);
    let (mode, set) = match how {
        OpenHow::NoCreate => {
            let fh = cx.files().call(&dir, LookupRequest { cred: &cred, name })?;
            check_type(cx.files().file_type(&fh)?)?;
            let change = cx.files().call(&dir, GetattrRequest)?.change;
            return Ok((found(fh, ChangeInfo { atomic: true, before: change, after: change }), false));
        }
        OpenHow::Create(CreateHow::Unchecked(attrs)) => {
            (CreateMode::Unchecked, attr::read_settable(cx.request.minor, attrs)?)
        }
        OpenHow::Create(CreateHow::Guarded(attrs)) => {
            (CreateMode::Guarded, attr::read_settable(cx.request.minor, attrs)?)
        }
        OpenHow::Create(CreateHow::Exclusive(verifier)) => {
            (CreateMode::Exclusive(*verifier), AttrSet::default())
        }
        OpenHow::Create(CreateHow::Exclusive41(verifier, attrs)) => {
            // The rest is where the verifier is kept (RFC 8881 §18.16.3).
            let set = attr::read_settable(cx.request.minor, attrs)?;
            if !attrs.mask.is_subset(&attr::EXCLUSIVE_SETTABLE) {
                return Err(Status::Inval);
            }
            (CreateMode::Exclusive(*verifier), set)
        }
    };
    let set = set.set;
    // No file is made that could not be opened then.
    cx.files().make_lasting(&dir)?;
    let request = CreateFileRequest { cred: &cred, name, mode, set: &set };
    let created = cx.files().call(&dir, request)?;
    Ok((created, mode == CreateMode::Unchecked && set.size == Some(0)))
}

fn found(fh: Filehandle, change: ChangeInfo) -> Created {
    Created { object: fh, change, applied: Default::default(), new: false }
}

/// Checks that the object is a regular file; special files get the status of symbolic links (§16.16.5).
fn check_type(kind: FileType) -> Result<(), Status> {
    match kind {
        FileType::Regular => Ok(()),
        FileType::Directory => Err(Status::IsDir),
        _ => Err(Status::Symlink),
    }
}

/// Checks the permissions of an existing file; whoever has just created a file may do anything with it.
fn check_permission(
    cx: &Context<'_>,
    fh: &Filehandle,
    access: ShareAccess,
    truncate: bool,
) -> Result<(), Status> {
    let permission = cx.files().call(fh, PermissionRequest { cred: &cx.cred(fh) })?;
    let read = access.contains(ShareAccess::READ);
    let write = access.contains(ShareAccess::WRITE) || truncate;
    if read && !permission.read || write && !permission.write { Err(Status::Access) } else { Ok(()) }
}

fn write_reply(cx: &mut Context<'_>, reply: &OpenReply, want: u32) {
    let OpenEffects { atomic, before, after, attrset } = reply.effects;
    cx.out.stateid(&reply.stateid);
    write_change_info(cx.out, &ChangeInfo { atomic, before, after });
    let confirm = if reply.confirm { RESULT_CONFIRM } else { 0 };
    let notify = if reply.may_notify { RESULT_MAY_NOTIFY_LOCK } else { 0 };
    cx.out.u32(RESULT_LOCKTYPE_POSIX | confirm | notify);
    cx.out.bitmap(&Bitmap::from_words(attrset));
    match want {
        0 => cx.out.u32(DELEGATE_NONE),
        WANT_NO_DELEG => [DELEGATE_NONE_EXT, WHY_NOT_WANTED].into_iter().for_each(|word| cx.out.u32(word)),
        WANT_CANCEL => [DELEGATE_NONE_EXT, WHY_CANCELLED].into_iter().for_each(|word| cx.out.u32(word)),
        // There are none and will be none: no use in waiting for a signal.
        _ => [DELEGATE_NONE_EXT, WHY_RESOURCE, 0].into_iter().for_each(|word| cx.out.u32(word)),
    }
}
