//! The restart decision as one table: store × boot × client record × what the client asks for.

use super::*;
use crate::files::DependencyKind;
use crate::nfs4::{
    ClientId, ConnectionId, Filehandle, LockKind, Principal, Range, ShareAccess, ShareDeny, Stateid, Status,
    Time,
};
use crate::state::{
    Callback, ChannelAttrs, CreateSession, ExchangeId, LockCommand, LockReply, Locker, OpenBegin, OpenCommit,
    OpenEffects, OpenTurn, SetClientid,
};
use std::fs;
use std::time::Duration;

const WHO: Principal = Principal::Sys { uid: 0 };
const NOW: Time = Duration::from_secs(1);
/// Has an open and a lock when the first run ends.
const HOLDER: &[u8] = b"holder";
/// Is a client, and has nothing.
const IDLE: &[u8] = b"idle";
/// Comes only after the restart.
const STRANGER: &[u8] = b"stranger";

/// What becomes of the store between two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// The server was killed.
    Killed,
    /// It was told to stop.
    Closed,
    /// The store was lost, and the client records were not.
    Lost,
    /// A byte of it was changed.
    Flipped,
    /// It is sound, but its records make no sense.
    Nonsense,
    /// The whole state directory is new.
    AllLost,
    /// The store is as it was, and what handles depend on is not.
    Unfounded,
    /// That, and the client records were lost: the store has them too.
    UnfoundedAndUnrecorded,
}

const FATES: [Fate; 8] = [
    Fate::Killed,
    Fate::Closed,
    Fate::Lost,
    Fate::Flipped,
    Fate::Nonsense,
    Fate::AllLost,
    Fate::Unfounded,
    Fate::UnfoundedAndUnrecorded,
];

fn run(dir: &Path, boot_id: &str, epoch: u32) -> Restarted {
    run_with(dir, boot_id, epoch, b"as ever")
}

/// As `run`, where handles depend on a secret with this mark.
fn run_with(dir: &Path, boot_id: &str, epoch: u32, mark: &[u8]) -> Restarted {
    let secret = Dependency { kind: DependencyKind::Secret, export: String::new(), mark: mark.into() };
    let restart = Restart {
        state_dir: dir,
        boot_id,
        config: Config::default(),
        seed: 1,
        now: NOW,
        dependencies: &[secret],
        epoch: &|known| {
            let lower = known.is_none_or(|known| known < epoch);
            assert!(lower, "the store knows of {known:?}");
            Ok(epoch)
        },
    };
    restart.run().expect("a start")
}

fn fh() -> Filehandle {
    Filehandle::new(b"file").expect("short")
}

/// A client of this name, of one of the two kinds, after what every client begins with.
fn client(core: &mut Core, name: &[u8], sessions: bool) -> ClientId {
    let verifier = *b"verifier";
    if !sessions {
        let args = SetClientid { name, verifier, principal: WHO, callback: Callback::default() };
        let (id, confirm) = core.setclientid(NOW, args).expect("a clientid");
        core.setclientid_confirm(NOW, id, confirm, WHO).expect("confirmed");
        return id;
    }
    let args = ExchangeId { name, verifier, principal: WHO, update: false };
    let found = core.exchange_id(NOW, args).expect("a clientid");
    let channel = ChannelAttrs {
        maxrequestsize: 4096,
        maxresponsesize: 4096,
        maxresponsesize_cached: 1024,
        maxoperations: 8,
        maxrequests: 4,
    };
    let command = CreateSession {
        clientid: found.clientid,
        sequence: found.sequence,
        principal: WHO,
        connection: ConnectionId(1),
        minor: 1,
        back_channel: false,
        fore: channel,
        back: channel,
        cb_program: 0,
        sec: None,
    };
    core.create_session(NOW, &command).expect("a session");
    found.clientid
}

fn open(core: &mut Core, clientid: ClientId, seqid: u32, reclaim: bool) -> Result<Stateid, Status> {
    let begin = OpenBegin { clientid, owner: b"opener", seqid, request: seqid.into(), reclaim };
    let ticket = match core.open_begin(NOW, begin)? {
        OpenTurn::Go(ticket) => ticket,
        OpenTurn::Replay(reply) => return reply.map(|reply| reply.stateid),
    };
    let effects = OpenEffects::default();
    let (access, deny) = (ShareAccess::BOTH, ShareDeny::NONE);
    let commit = OpenCommit { fh: fh(), access, deny, principal: WHO, effects };
    let reply = core.open_commit(NOW, ticket, commit)?;
    if !reply.confirm {
        return Ok(reply.stateid);
    }
    let fh = fh();
    let numbered = crate::state::Numbered { fh: &fh, stateid: reply.stateid, seqid: seqid + 1, request: 99 };
    core.open_confirm(NOW, numbered)
}

fn lock(core: &mut Core, open_stateid: Stateid, open_seqid: u32, reclaim: bool) -> Status {
    let command = LockCommand {
        fh: &fh(),
        range: Range::new(0, 9),
        kind: LockKind::Write,
        blocking: false,
        reclaim,
        locker: Locker::New {
            open_stateid,
            open_seqid,
            clientid: open_stateid.clientid(),
            owner: b"locker",
            lock_seqid: 1,
        },
        request: 100,
    };
    match core.lock(NOW, &command) {
        LockReply::Granted(_) => Status::Ok,
        LockReply::Denied(_) => Status::Denied,
        LockReply::Refused(status) => status,
    }
}

fn commit(core: &mut Core, committer: &mut Committer) {
    core.take_changes(committer.changes());
    committer.commit();
}

/// The first run: one client holds a lock, another nothing. Answers the holder's clientid.
fn first_run(dir: &Path, sessions: bool, clean: bool) -> ClientId {
    let Restarted { mut core, mut committer, kind } = run(dir, "boot-1", 10);
    assert_eq!(kind, StartKind::First);
    assert!(!core.in_grace(NOW));
    let holder = client(&mut core, HOLDER, sessions);
    let idle = client(&mut core, IDLE, sessions);
    if sessions {
        core.reclaim_complete(NOW, holder).expect("complete");
        core.reclaim_complete(NOW, idle).expect("complete");
    }
    let stateid = open(&mut core, holder, 1, false).expect("opened");
    assert_eq!(lock(&mut core, stateid, 3, false), Status::Ok);
    commit(&mut core, &mut committer);
    if clean {
        committer.close();
    }
    holder
}

/// The files of the store, the longest first.
fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir.join("store")).expect("a store");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("entry").path()).collect();
    files.sort_by_key(|path| std::cmp::Reverse(fs::metadata(path).map_or(0, |metadata| metadata.len())));
    files
}

fn disturb(dir: &Path, store: Fate) {
    match store {
        Fate::Killed | Fate::Closed | Fate::Unfounded => {}
        Fate::UnfoundedAndUnrecorded => fs::remove_file(dir.join("clients")).expect("remove"),
        Fate::Lost => fs::remove_dir_all(dir.join("store")).expect("remove"),
        Fate::AllLost => {
            fs::remove_dir_all(dir.join("store")).expect("remove");
            fs::remove_file(dir.join("clients")).expect("remove");
        }
        Fate::Flipped => {
            for path in files(dir).into_iter().filter(|path| path.is_file()) {
                let mut bytes = fs::read(&path).expect("read");
                // In what is written at the beginning of each file, whichever it is.
                for at in [4, 8, 40, 60] {
                    bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 0x55);
                }
                fs::write(&path, bytes).expect("write");
            }
        }
        Fate::Nonsense => {
            let opened = Embedded::open(&dir.join("store"), "boot-1", Box::new(|| true)).expect("open");
            let (mut store, mut batch) = (opened.store, Batch::new());
            batch.put(&[254, 1, 2], b"what no version writes");
            store.commit(&batch, crate::store::Durability::Machine).expect("commit");
            Box::new(store).close().expect("close");
        }
    }
}

/// How the second run should begin.
fn want_start(store: Fate, same_boot: bool) -> StartKind {
    match (store, same_boot) {
        (Fate::Killed, true) | (Fate::Closed, _) => StartKind::Warm,
        (Fate::Killed, false) | (Fate::Lost | Fate::Flipped | Fate::Nonsense, _) => StartKind::Cold,
        (Fate::Unfounded | Fate::UnfoundedAndUnrecorded, _) => StartKind::Cold,
        (Fate::AllLost, _) => StartKind::First,
    }
}

#[test]
fn store_boot_client_record_and_request_decide() {
    for store in FATES {
        for same_boot in [true, false] {
            if store == Fate::UnfoundedAndUnrecorded && !same_boot {
                // Then the store is not relied on, so nobody knows who may reclaim.
                continue;
            }
            for sessions in [false, true] {
                let dir = tempfile::tempdir().expect("temporary directory");
                let holder = first_run(dir.path(), sessions, store == Fate::Closed);
                disturb(dir.path(), store);
                let boot = if same_boot { "boot-1" } else { "boot-2" };
                let unfounded = matches!(store, Fate::Unfounded | Fate::UnfoundedAndUnrecorded);
                let mark = if unfounded { &b"another"[..] } else { b"as ever" };
                let second = run_with(dir.path(), boot, 11, mark);
                let want = want_start(store, same_boot);
                let case = format!("{store:?} same boot {same_boot} sessions {sessions}");
                assert_eq!(second.kind, want, "{case}");
                assert_eq!(second.core.in_grace(NOW), want == StartKind::Cold, "{case}");
                match want {
                    StartKind::Warm => warm(second.core, holder, &case),
                    StartKind::Cold => cold(second, dir.path(), mark, sessions, holder, &case),
                    StartKind::First => first(second.core, sessions, holder, &case),
                }
            }
        }
    }
}

/// Nothing has changed for anybody.
fn warm(mut core: Core, holder: ClientId, case: &str) {
    assert_eq!(core.renew(NOW, holder), Ok(()), "{case}");
    let stranger = client(&mut core, STRANGER, false);
    assert_eq!(open(&mut core, stranger, 1, true), Err(Status::NoGrace), "{case}");
    let stateid = open(&mut core, stranger, 2, false).expect("opened");
    assert_eq!(lock(&mut core, stateid, 4, false), Status::Denied, "{case}");
}

/// Only who is recorded may reclaim, and nobody gets anything new. With sessions a client is recorded also when it has
/// nothing open.
fn cold(second: Restarted, dir: &Path, mark: &[u8], sessions: bool, holder: ClientId, case: &str) {
    let Restarted { mut core, committer, .. } = second;
    assert_eq!(core.renew(NOW, holder), Err(Status::StaleClientid), "{case}");
    for (name, may) in [(IDLE, sessions), (STRANGER, false), (HOLDER, true)] {
        let id = client(&mut core, name, sessions);
        assert_eq!(open(&mut core, id, 1, false), Err(Status::Grace), "{case}");
        let reclaimed = open(&mut core, id, 2, true);
        let refused = if sessions { Status::NoGrace } else { Status::ReclaimBad };
        assert_eq!(reclaimed.map(|_| ()), if may { Ok(()) } else { Err(refused) }, "{case}");
        if name == HOLDER
            && let Ok(stateid) = reclaimed
        {
            assert_eq!(lock(&mut core, stateid, 3, false), Status::Grace, "{case}");
            assert_eq!(lock(&mut core, stateid, 4, true), Status::Ok, "{case}");
        }
    }
    // A third run that finds the second one killed in its grace period goes on with it; in another boot, it starts over.
    let mut committer = committer;
    commit(&mut core, &mut committer);
    drop(committer);
    let boot = if case.contains("same boot true") { "boot-1" } else { "boot-2" };
    let third = run_with(dir, boot, 12, mark);
    assert_eq!((third.kind, third.core.in_grace(NOW)), (StartKind::Warm, true), "{case}");
    drop(third);
    let fourth = run_with(dir, "boot-3", 13, mark);
    assert_eq!((fourth.kind, fourth.core.in_grace(NOW)), (StartKind::Cold, true), "{case}");
    let want = if sessions { &[HOLDER, IDLE][..] } else { &[HOLDER] };
    assert_eq!(fourth.core.may_reclaim().map(|name| &**name).collect::<Vec<_>>(), want, "{case}");
}

/// Whoever comes is new.
fn first(mut core: Core, sessions: bool, holder: ClientId, case: &str) {
    assert_eq!(core.renew(NOW, holder), Err(Status::StaleClientid), "{case}");
    let id = client(&mut core, HOLDER, sessions);
    let want = if sessions { Status::ReclaimBad } else { Status::NoGrace };
    let reclaimed = open(&mut core, id, 1, true).expect_err("nothing to reclaim");
    assert!(reclaimed == want || reclaimed == Status::NoGrace, "{case}: {reclaimed}");
    if sessions {
        core.reclaim_complete(NOW, id).expect("complete");
    }
    let stateid = open(&mut core, id, 2, false).expect("opened");
    assert_eq!(lock(&mut core, stateid, 4, false), Status::Ok, "{case}");
}

#[test]
fn a_store_that_cannot_be_used_is_kept_to_be_looked_at() {
    let dir = tempfile::tempdir().expect("temporary directory");
    first_run(dir.path(), true, false);
    disturb(dir.path(), Fate::Nonsense);
    assert_eq!(run(dir.path(), "boot-1", 11).kind, StartKind::Cold);
    let kept = fs::read_dir(dir.path()).expect("read").filter_map(|entry| entry.ok());
    assert_eq!(kept.filter(|entry| entry.file_name().to_string_lossy().contains("damaged")).count(), 1);
}

/// Nobody may reclaim, and nobody gets anything before who lost something can have heard of it.
#[test]
fn clients_whose_records_are_lost_are_waited_for() {
    for (damaged, boot) in [(true, "boot-1"), (true, "boot-2"), (false, "boot-2")] {
        let dir = tempfile::tempdir().expect("temporary directory");
        first_run(dir.path(), false, false);
        fs::remove_file(dir.path().join("clients")).expect("remove");
        if damaged {
            disturb(dir.path(), Fate::Flipped);
        }
        let Restarted { mut core, kind, .. } = run(dir.path(), boot, 11);
        assert_eq!((kind, core.in_grace(NOW)), (StartKind::Cold, true), "{damaged} {boot}");
        let id = client(&mut core, HOLDER, false);
        assert_eq!(open(&mut core, id, 1, false), Err(Status::Grace));
        assert_eq!(open(&mut core, id, 2, true), Err(Status::ReclaimBad));
        let later = NOW + Config::default().grace;
        core.on_alarm(later);
        assert!(!core.in_grace(later));
    }
}

/// Each of three places tells the epoch; the highest counts.
#[test]
fn the_epoch_is_known_from_the_store_and_from_the_client_records() {
    let last = |dir: &Path, boot_id: &str| {
        let known = std::cell::Cell::new(None);
        let restart = Restart {
            state_dir: dir,
            boot_id,
            config: Config::default(),
            seed: 1,
            now: NOW,
            dependencies: &[],
            epoch: &|told| {
                known.set(told);
                Ok(told.unwrap_or(20) + 1)
            },
        };
        let restarted = restart.run().expect("a start");
        (known.get(), restarted.kind)
    };
    let dir = tempfile::tempdir().expect("temporary directory");
    assert_eq!(last(dir.path(), "boot-1"), (None, StartKind::First));
    assert_eq!(last(dir.path(), "boot-1"), (Some(21), StartKind::Warm));
    fs::remove_file(dir.path().join("clients")).expect("remove");
    assert_eq!(last(dir.path(), "boot-1"), (Some(22), StartKind::Warm));
    disturb(dir.path(), Fate::Flipped);
    assert_eq!(last(dir.path(), "boot-1").0, Some(23), "from the client records");
    assert_eq!(last(dir.path(), "boot-2").0, Some(24), "from a store that is not relied on");
    fs::remove_dir_all(dir.path().join("store")).expect("remove");
    assert_eq!(last(dir.path(), "boot-2").0, Some(25));
}
