//! The grace period after a restart (RFC 7530 §9.6.2, §9.6.3; RFC 8881 §8.4.2, §8.4.3).

use super::session_client::create;
use super::*;

/// What a store makes of changes: who may reclaim after the next restart.
#[derive(Default)]
struct Records(BTreeSet<Box<[u8]>>);

impl Records {
    fn store(&mut self, w: &mut World) {
        for change in w.take_changes() {
            match change {
                ClientChange::ClientRecorded(name) => drop(self.0.insert(name)),
                ClientChange::ClientForgotten(name) => drop(self.0.remove(&name)),
            }
        }
    }

    /// A restart that leaves nothing but these.
    fn restart(&self, w: World) -> World {
        let names: Vec<_> = self.0.iter().map(|name| std::str::from_utf8(name).unwrap()).collect();
        World::started(Config::default(), w.core.instance.epoch() + 1, &names)
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains(name.as_bytes())
    }
}

#[test]
fn nobody_recorded_means_no_grace() {
    let w = World::restarted(&[]);
    assert!(!w.core.in_grace(w.now));
}

#[test]
fn grace_lasts_as_long_as_configured() {
    let mut w = World::restarted(&["a"]);
    w.pass(LEASE - 1);
    assert!(w.core.in_grace(w.now));
    assert!(w.core.next_alarm() <= w.now + Duration::from_secs(1));
    w.pass(1);
    assert!(!w.core.in_grace(w.now));
}

/// In grace or not, reclaim or not, recorded or not.
#[test]
fn who_may_open_and_lock_when() {
    let matrix = [
        (true, true, true, Ok(())),
        (true, true, false, Err(Status::ReclaimBad)),
        (true, false, true, Err(Status::Grace)),
        (true, false, false, Err(Status::Grace)),
        (false, true, true, Err(Status::NoGrace)),
        (false, true, false, Err(Status::NoGrace)),
        (false, false, true, Ok(())),
        (false, false, false, Ok(())),
    ];
    for (in_grace, reclaims, recorded, want) in matrix {
        let mut w = World::restarted(&["recorded"]);
        if !in_grace {
            w.pass(LEASE);
        }
        let mut p = Process::of(w.client(if recorded { "recorded" } else { "other" }), "p");
        p.reclaims = reclaims;
        let opened = w.open(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE);
        assert_eq!(opened.map(drop), want, "{in_grace} {reclaims} {recorded}");
    }
}

/// The same for LOCK, under an open that was reclaimed or made after grace.
#[test]
fn who_may_lock_when() {
    for (in_grace, reclaims, want) in [
        (true, true, None),
        (true, false, Some(Status::Grace)),
        (false, true, Some(Status::NoGrace)),
        (false, false, None),
    ] {
        let mut w = World::restarted(&["a"]);
        let mut p = Process::of(w.client("a"), "a");
        p.reclaims = true;
        w.open(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        if !in_grace {
            w.pass(LEASE - 1);
            w.core.renew(w.now, p.client).unwrap();
            w.pass(1);
        }
        p.reclaims = reclaims;
        let reply = w.lock(&mut p, "f", bytes(0, 9), LockKind::Write);
        match want {
            None => assert!(is_granted(&reply), "{in_grace} {reclaims}"),
            Some(status) => assert_eq!(reply, LockReply::Refused(status), "{in_grace} {reclaims}"),
        }
    }
}

#[test]
fn a_reclaimed_open_needs_no_confirmation_and_goes_on_with_any_seqid() {
    let mut w = World::restarted(&["a"]);
    let mut p = Process::of(w.client("a"), "a");
    (p.reclaims, p.open_seqid, p.lock_seqid) = (true, 815, 4711);
    assert!(!w.open_only(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap().confirm);
    assert!(is_granted(&w.lock(&mut p, "f", bytes(0, 9), LockKind::Write)));
    assert!(is_granted(&w.lock(&mut p, "f", bytes(20, 29), LockKind::Read)));
}

#[test]
fn reclaims_that_exclude_each_other_conflict() {
    let mut w = World::restarted(&["a", "b"]);
    let (mut a, mut b) = (Process::of(w.client("a"), "a"), Process::of(w.client("b"), "b"));
    (a.reclaims, b.reclaims) = (true, true);
    w.open(&mut a, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    w.open(&mut b, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert!(is_granted(&w.lock(&mut a, "f", bytes(0, 9), LockKind::Write)));
    let conflict = LockReply::Refused(Status::ReclaimConflict);
    assert_eq!(w.lock(&mut b, "f", bytes(9, 9), LockKind::Read), conflict);
    w.open(&mut a, "g", ShareAccess::BOTH, ShareDeny::BOTH).unwrap();
    let opened = w.open(&mut b, "g", ShareAccess::READ, ShareDeny::NONE);
    assert_eq!(opened, Err(Status::ReclaimConflict));
}

#[test]
fn in_grace_other_requests_wait() {
    let mut w = World::restarted(&["a"]);
    let mut p = Process::of(w.client("a"), "a");
    let lockt = w.core.lockt(w.now, &fh("f"), p.client, b"a", Some(bytes(0, 9)), LockKind::Read);
    assert_eq!(lockt, Err(Status::Grace));
    let write = w.core.io(w.now, &fh("f"), &Stateid::ANONYMOUS, ShareAccess::WRITE);
    assert_eq!(write, Err(Status::Grace));
    p.reclaims = true;
    w.open(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    w.lock(&mut p, "f", bytes(0, 9), LockKind::Write);
    // Giving back needs no waiting.
    assert!(w.locku(&mut p, "f", bytes(0, 9)).is_ok());
    assert!(w.close(&mut p, "f").is_ok());
}

#[test]
fn a_refused_open_in_grace_uses_up_its_seqid() {
    let mut w = World::restarted(&["a"]);
    w.pass(LEASE - 10);
    let mut p = Process::of(w.client("b"), "b");
    let before = p.clone();
    assert_eq!(w.open(&mut p, "f", ShareAccess::READ, ShareDeny::NONE), Err(Status::Grace));
    assert_eq!(p.open_seqid, before.open_seqid + 1);
    w.pass(10);
    assert!(w.open(&mut p, "f", ShareAccess::READ, ShareDeny::NONE).is_ok());
}

#[test]
fn who_did_not_come_back_in_grace_is_forgotten_and_who_did_is_not() {
    let mut w = World::restarted(&["gone", "idle", "back"]);
    w.client("idle");
    let mut p = Process::of(w.client("back"), "back");
    p.reclaims = true;
    w.open(&mut p, "f", ShareAccess::READ, ShareDeny::NONE).unwrap();
    assert_eq!(w.take_changes(), [ClientChange::ClientRecorded(b"back"[..].into())]);
    w.pass(LEASE);
    let mut changes = w.take_changes();
    changes.sort_by_key(|change| format!("{change:?}"));
    let forgotten = |name: &[u8]| ClientChange::ClientForgotten(name.into());
    assert_eq!(changes, [b"gone", b"idle"].map(|name| forgotten(name)));
}

/// Grace until 90 s after the start, 180 s if somebody reclaims without a pause.
#[test]
fn reclaims_move_the_end_of_grace_within_bounds() {
    let mut w = World::restarted(&["a"]);
    let mut p = Process::of(w.client("a"), "a");
    p.reclaims = true;
    w.open(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    w.pass(LEASE - 2);
    let mut reclaimed = 0;
    while is_granted(&w.lock(&mut p, "f", bytes(reclaimed, reclaimed), LockKind::Write)) {
        reclaimed += 2;
        w.pass(2);
    }
    assert_eq!(reclaimed, LEASE + 2);
    assert!(!w.core.in_grace(w.now));
}

#[test]
fn a_pause_after_a_reclaim_ends_grace() {
    let mut w = World::restarted(&["a"]);
    w.pass(LEASE - 1);
    let mut p = Process::of(w.client("a"), "a");
    p.reclaims = true;
    w.open(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    w.pass(4);
    assert!(w.core.in_grace(w.now));
    w.pass(1);
    assert!(!w.core.in_grace(w.now));
}

/// First edge condition of RFC 8881 §8.4.3 and RFC 7530 §9.6.3.4.2: its lease ran out and its lock went to another.
#[test]
fn who_lost_its_lock_to_another_reclaims_nothing_after_a_restart() {
    for sessions in [false, true] {
        let (mut w, mut records) = (World::new(), Records::default());
        let mut a = match sessions {
            true => w.session_process("a", 1, "f").1,
            false => w.process("a", "f"),
        };
        w.lock(&mut a, "f", bytes(0, 9), LockKind::Write);
        let mut b = w.process("b", "f");
        w.pass_renewing(LEASE, &[b.client]);
        records.store(&mut w);
        assert!(records.has("a"), "nobody has taken anything yet");
        assert!(is_granted(&w.lock(&mut b, "f", bytes(0, 9), LockKind::Write)));
        w.locku(&mut b, "f", bytes(0, 9)).unwrap();
        records.store(&mut w);
        let mut w = records.restart(w);
        let client = if sessions { w.reclaiming_client("a", 1).client } else { w.client("a") };
        let mut a = Process::of(client, "a");
        a.reclaims = true;
        let refused = if sessions { Status::NoGrace } else { Status::ReclaimBad };
        assert_eq!(w.open(&mut a, "f", ShareAccess::BOTH, ShareDeny::NONE), Err(refused));
    }
}

/// Second edge condition: it was cut off during a grace period, in which it could have reclaimed, and another restart
/// follows. What decides is stored before the first new lock is granted, even if the alarm comes late.
#[test]
fn who_missed_a_grace_period_reclaims_nothing_in_the_next() {
    let mut w = World::restarted(&["cut off", "half"]);
    let mut records = Records([b"cut off"[..].into(), b"half"[..].into()].into());
    // This one reclaims something, but never says that this was all.
    let mut half = Process::of(w.reclaiming_client("half", 1).client, "half");
    half.reclaims = true;
    w.open(&mut half, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    records.store(&mut w);
    assert!(records.has("half") && records.has("cut off"), "the grace period lasts");
    w.now += Duration::from_secs(LEASE);
    let b = w.session_process("b", 2, "f").1;
    records.store(&mut w);
    assert_eq!((records.has("cut off"), records.has("half"), records.has("b")), (false, false, true));
    assert!(b.opens.contains_key("f"));
    // Having learned that it cannot reclaim more, it may reclaim what it has.
    w.core.reclaim_complete(w.now, half.client).unwrap();
    records.store(&mut w);
    assert!(records.has("half"));
}

#[test]
fn two_restarts_in_one_grace_period_take_nothing_away() {
    let mut records = Records([b"early"[..].into(), b"late"[..].into()].into());
    let mut w = World::restarted(&["early", "late"]);
    let mut early = Process::of(w.reclaiming_client("early", 1).client, "early");
    early.reclaims = true;
    w.open(&mut early, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    w.core.reclaim_complete(w.now, early.client).unwrap();
    w.close(&mut early, "f").unwrap();
    records.store(&mut w);
    let mut w = records.restart(w);
    for name in ["early", "late"] {
        assert!(w.core.in_grace(w.now));
        let mut p = Process::of(w.reclaiming_client(name, 1).client, name);
        p.reclaims = true;
        w.open(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        w.core.reclaim_complete(w.now, p.client).unwrap();
    }
    assert!(!w.core.in_grace(w.now));
}

/// A client with sessions is waited for also when it had nothing open.
#[test]
fn a_client_with_sessions_is_recorded_from_its_reclaim_complete_to_its_end() {
    let (mut w, mut records) = (World::new(), Records::default());
    let a = w.reclaiming_client("a", 1);
    records.store(&mut w);
    assert!(!records.has("a"));
    w.core.reclaim_complete(w.now, a.client).unwrap();
    w.pass_renewing(3 * LEASE, &[a.client]);
    records.store(&mut w);
    assert!(records.has("a"));
    w.core.destroy_session(a.session, a.connection, None).unwrap();
    w.core.destroy_clientid(w.now, a.client).unwrap();
    records.store(&mut w);
    assert!(!records.has("a"));
}

#[test]
fn nobody_waits_for_a_client_that_left_or_restarted() {
    for leaves in [true, false] {
        let mut w = World::restarted(&["a"]);
        let a = w.reclaiming_client("a", 1);
        assert!(w.core.in_grace(w.now));
        if leaves {
            w.core.destroy_session(a.session, a.connection, None).unwrap();
            w.core.destroy_clientid(w.now, a.client).unwrap();
        } else {
            let id = w.exchange_id("a", 2, ROOT, false).unwrap().clientid;
            w.create_session(&create(id, 1)).unwrap();
        }
        assert!(!w.core.in_grace(w.now), "{leaves}");
        assert_eq!(w.take_changes(), [ClientChange::ClientForgotten(b"a"[..].into())]);
    }
}
