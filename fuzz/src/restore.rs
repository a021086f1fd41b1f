//! Records of state as a store may give them: they become a core or are refused. A core that comes of them, however odd,
//! answers alarms and commands without a panic.
//!
//! Bytes: for each record the length of its key, two bytes of the length of its value, key, value.

use lockhouse::nfs4::{
    ClientId, Filehandle, LockKind, Principal, Range, ShareAccess, ShareDeny, Stateid, Time,
};
use lockhouse::state::{
    Callback, ChannelAttrs, Config, Core, CreateSession, ExchangeId, LockCommand, LockReply, Locker,
    OpenBegin, OpenCommit, OpenEffects, OpenTurn, Restoring, Revoke, SetClientid, Start,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const NOW: Time = Duration::from_secs(1);
const WHO: Principal = Principal::Sys { uid: 0 };

fn start(epoch: u32) -> Start {
    Start { epoch, seed: 1, recorded: BTreeSet::new(), now: NOW }
}

/// Takes records apart.
fn records(mut bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        let ([key, high, low], rest) = bytes.split_first_chunk::<3>()?;
        let (key, rest) = rest.split_at_checked(usize::from(*key))?;
        let (value, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes([*high, *low])))?;
        bytes = rest;
        Some((key, value))
    })
}

/// Restores what can be restored, and lives with it for a while.
pub fn run(bytes: &[u8]) {
    restore(bytes);
}

/// Answers whether a core came of it.
pub fn restore(bytes: &[u8]) -> bool {
    let mut restoring = Restoring::new(Config::default(), start(9));
    for (key, value) in records(bytes) {
        if restoring.record(key, value).is_err() {
            return false;
        }
    }
    let Ok(mut core) = restoring.finish() else { return false };
    let clients: Vec<_> = core.clients().collect();
    let files: Vec<_> = core.open_files().cloned().collect();
    core.take_callbacks(NOW);
    for file in &files {
        for client in &clients {
            let _ = core.lockt(NOW, file, *client, b"somebody", Some(Range::WHOLE), LockKind::Write);
        }
        for kind in [ShareAccess::READ, ShareAccess::WRITE] {
            let _ = core.io(NOW, file, &Stateid::ANONYMOUS, kind);
        }
    }
    for step in 1..20 {
        core.on_alarm(NOW + Duration::from_secs(step * 10));
    }
    for client in clients {
        core.revoke(NOW, Revoke::Client(client));
    }
    core.records();
    core.on_alarm(NOW + Duration::from_secs(1_000_000));
    true
}

/// What a core with a bit of everything stores.
pub fn seed() -> Vec<u8> {
    let mut core = Core::new(Config::default(), Start { recorded: [b"gone"[..].into()].into(), ..start(3) });
    core.on_alarm(NOW + Config::default().grace);
    let now = NOW + Config::default().grace;
    let args = SetClientid { name: b"old", verifier: [1; 8], principal: WHO, callback: Callback::default() };
    let (old, confirm) = core.setclientid(now, args).expect("a clientid");
    core.setclientid_confirm(now, old, confirm, WHO).expect("confirmed");
    let args = ExchangeId { name: b"new", verifier: [2; 8], principal: WHO, update: false };
    let new = core.exchange_id(now, args).expect("a clientid");
    let channel = ChannelAttrs {
        maxrequestsize: 4096,
        maxresponsesize: 4096,
        maxresponsesize_cached: 1024,
        maxoperations: 8,
        maxrequests: 2,
    };
    let session = CreateSession {
        clientid: new.clientid,
        sequence: new.sequence,
        principal: WHO,
        connection: lockhouse::nfs4::ConnectionId(1),
        minor: 1,
        back_channel: true,
        fore: channel,
        back: channel,
        cb_program: 1,
        sec: None,
    };
    core.create_session(now, &session).expect("a session");
    core.reclaim_complete(now, new.clientid).expect("complete");
    lock(&mut core, now, new.clientid, Range::WHOLE);
    lock(&mut core, now, old, Range::WHOLE);
    let mut bytes = Vec::new();
    let all = core.records();
    // In the order in which a store gives them.
    let sorted: BTreeMap<_, _> = all.records().map(|(key, value)| (key, value.get())).collect();
    for (key, value) in sorted {
        let value = value.unwrap_or_default();
        bytes.push(key.len() as u8);
        bytes.extend_from_slice(&(value.len() as u16).to_be_bytes());
        bytes.extend_from_slice(key);
        bytes.extend_from_slice(value);
    }
    bytes
}

/// Opens a file, and asks for a lock of it, to wait if it must.
fn lock(core: &mut Core, now: Time, clientid: ClientId, range: Range) {
    let fh = Filehandle::new(b"file").expect("short");
    let begin = OpenBegin { clientid, owner: b"opener", seqid: 1, request: 1, reclaim: false };
    let Ok(OpenTurn::Go(ticket)) = core.open_begin(now, begin) else { panic!("a first open") };
    let effects = OpenEffects::default();
    let (access, deny) = (ShareAccess::BOTH, ShareDeny::NONE);
    let commit = OpenCommit { fh: fh.clone(), access, deny, principal: WHO, effects };
    let opened = core.open_commit(now, ticket, commit).expect("opened");
    let mut stateid = opened.stateid;
    if opened.confirm {
        let numbered = lockhouse::state::Numbered { fh: &fh, stateid, seqid: 2, request: 2 };
        stateid = core.open_confirm(now, numbered).expect("confirmed");
    }
    let locker =
        Locker::New { open_stateid: stateid, open_seqid: 3, clientid, owner: b"locker", lock_seqid: 1 };
    let (range, kind) = (Some(range), LockKind::Write);
    let command = LockCommand { fh: &fh, range, kind, blocking: true, reclaim: false, locker, request: 3 };
    assert!(!matches!(core.lock(now, &command), LockReply::Refused(_)));
}
