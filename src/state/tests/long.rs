//! Requests that are carried out in slices.

use super::session_client::SessionClient;
use super::*;
use LockKind::{Read, Write};

const ALL: Range = Range::WHOLE;
/// Things of a slice.
const SLICE: usize = 8;
/// Ranges, owners, files.
const MANY: u64 = 50;
const LATER: LockReply = LockReply::Refused(Status::Delay);

fn sliced() -> World {
    World::with(Config { slice: SLICE, request_at_once: SLICE, ..Config::default() })
}

/// A client that holds ten bytes of each twenty of `f`.
fn holder(w: &mut World) -> Process {
    let mut holder = w.process("holder", "f");
    for number in 0..MANY {
        assert!(is_granted(&w.lock(&mut holder, "f", bytes(number * 20, number * 20 + 9), Write)));
    }
    holder
}

/// All slices that are due, each of which is stored; answers how many there were.
fn finish(w: &mut World) -> usize {
    let mut slices = 0;
    while w.core.next_alarm() <= w.now {
        w.core.on_alarm(w.now);
        w.take_changes();
        slices += 1;
        assert!(slices < 1000, "there is no end to it");
    }
    slices
}

fn held(w: &World) -> usize {
    w.core.held().count()
}

#[test]
fn locku_of_very_many_ranges_is_sliced() {
    let mut w = sliced();
    let (mut holder, mut other) = (holder(&mut w), w.process("other", "f"));
    assert_eq!(w.locku(&mut holder, "f", ALL), Err(Status::Delay));
    assert_eq!(w.locku(&mut holder, "f", ALL), Err(Status::Delay), "again: it goes on");
    assert_eq!(w.lock(&mut holder, "f", bytes(3000, 3009), Write), LATER);
    w.core.on_alarm(w.now);
    assert!(is_granted(&w.lock(&mut other, "f", bytes(0, 99), Write)), "the first bytes are free");
    assert!(held(&w) > 10);
    assert!(finish(&mut w) >= MANY as usize / SLICE - 1);
    w.locku(&mut holder, "f", ALL).unwrap();
    assert_eq!(held(&w), 1);
    assert!(is_granted(&w.lock(&mut other, "f", ALL, Write)));
    w.locku(&mut other, "f", ALL).unwrap();
    assert!(is_granted(&w.lock(&mut holder, "f", ALL, Read)), "nothing goes on behind its back");
    assert_eq!(finish(&mut w), 0);
    assert_eq!(held(&w), 1);
}

/// A part in the middle: what is around stays.
#[test]
fn locku_of_a_part_takes_that_part() {
    let mut w = sliced();
    let mut holder = holder(&mut w);
    assert_eq!(w.locku(&mut holder, "f", bytes(105, 905)), Err(Status::Delay));
    finish(&mut w);
    w.locku(&mut holder, "f", bytes(105, 905)).unwrap();
    let edges = w.core.held().map(|(_, held)| (held.range.first(), held.range.last()));
    let want = (0..MANY).map(|number| (number * 20, number * 20 + 9));
    let want = want.filter_map(|(first, last)| match (first, last) {
        (100, _) => Some((100, 104)),
        (900, _) => Some((906, 909)),
        (first, _) if (100..900).contains(&first) => None,
        both => Some(both),
    });
    assert_eq!(edges.collect::<Vec<_>>(), want.collect::<Vec<_>>());
}

/// Merging, downgrade, upgrade: nobody gets in between before it is done.
#[test]
fn lock_of_very_many_ranges_is_sliced_and_whole() {
    for kind in [Write, Read] {
        let mut w = sliced();
        let (mut holder, mut other) = (holder(&mut w), w.process("other", "f"));
        assert_eq!(w.lock(&mut holder, "f", ALL, kind), LATER);
        assert_eq!(denied_by(&w.lock(&mut other, "f", bytes(2015, 2016), Write)), "holder");
        assert!(w.lockt(&other, "f", bytes(995, 995), Write).is_some());
        w.core.on_alarm(w.now);
        assert_eq!(w.lock(&mut holder, "f", ALL, kind), LATER);
        assert_eq!(w.locku(&mut holder, "f", ALL), Err(Status::Delay));
        assert_eq!(denied_by(&w.lock(&mut other, "f", bytes(5000, 5000), Write)), "holder");
        finish(&mut w);
        assert!(is_granted(&w.lock(&mut holder, "f", ALL, kind)));
        assert_eq!(held(&w), 1);
        assert_eq!(is_granted(&w.lock(&mut other, "f", bytes(5, 5), Read)), kind == Read);
        w.locku(&mut holder, "f", ALL).unwrap();
        assert!(is_granted(&w.lock(&mut other, "f", ALL, Write)), "no claim is left");
    }
}

/// What stands in the way is found before anything is changed.
#[test]
fn lock_of_very_many_ranges_that_is_denied_changes_nothing() {
    let mut w = sliced();
    let (mut holder, mut other) = (holder(&mut w), w.process("other", "f"));
    assert!(is_granted(&w.lock(&mut other, "f", bytes(7000, 7000), Read)));
    assert_eq!(denied_by(&w.lock(&mut holder, "f", ALL, Write)), "other");
    assert_eq!((finish(&mut w), held(&w)), (0, MANY as usize + 1));
}

/// After a restart nobody knows of it: the client, which has no answer, asks again.
#[test]
fn a_restart_in_between_loses_nothing_that_was_answered() {
    for unlock in [true, false] {
        let mut w = sliced();
        let mut holder = holder(&mut w);
        match unlock {
            true => assert_eq!(w.locku(&mut holder, "f", ALL), Err(Status::Delay)),
            false => assert_eq!(w.lock(&mut holder, "f", ALL, Write), LATER),
        }
        w.core.on_alarm(w.now);
        w.take_changes();
        w.core = w.kept.restore(w.config.clone(), 9, w.now).unwrap();
        assert!((2..MANY as usize).contains(&held(&w)));
        match unlock {
            true => assert_eq!(w.locku(&mut holder, "f", ALL), Err(Status::Delay)),
            false => assert_eq!(w.lock(&mut holder, "f", ALL, Write), LATER),
        }
        finish(&mut w);
        match unlock {
            true => drop(w.locku(&mut holder, "f", ALL).unwrap()),
            false => assert!(is_granted(&w.lock(&mut holder, "f", ALL, Write))),
        }
        assert_eq!(held(&w), usize::from(!unlock));
    }
}

/// LOCKU, or LOCK of some kind.
fn ask(w: &mut World, process: &mut Process, range: Range, kind: Option<LockKind>) -> Status {
    match kind {
        None if !process.locks.contains_key("f") => Status::Ok,
        None => w.locku(process, "f", range).err().unwrap_or(Status::Ok),
        Some(kind) => match w.lock(process, "f", range, kind) {
            LockReply::Granted(_) => Status::Ok,
            LockReply::Denied(_) => Status::Denied,
            LockReply::Refused(status) => status,
        },
    }
}

/// Whatever is locked and unlocked: once the slices are done and the request was sent again, all is as if there were none.
#[test]
fn what_is_sliced_ends_as_what_is_not() {
    let (mut dice, mut later) = (1_u64, 0);
    let mut roll = |sides: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % sides
    };
    for _ in 0..20 {
        let mut worlds =
            [World::with(Config { slice: 1, request_at_once: 1, ..Config::default() }), World::new()];
        let mut processes = worlds.each_mut().map(|w| ["a", "b"].map(|name| w.process(name, "f")));
        for _ in 0..100 {
            let (who, first, length) = (roll(2) as usize, roll(30), roll(20));
            let (range, kind) =
                (bytes(first, first + length), [None, None, Some(Read), Some(Write)][roll(4) as usize]);
            let [sliced, whole] = [0, 1].map(|world| {
                let (w, process) = (&mut worlds[world], &mut processes[world][who]);
                let first = ask(w, process, range, kind);
                if first != Status::Delay {
                    return first;
                }
                later += 1;
                finish(w);
                ask(w, process, range, kind)
            });
            assert_eq!(sliced, whole, "{kind:?} {range:?}");
            let [sliced, whole] = worlds.each_ref().map(|w| {
                let held = w.core.held().map(|(_, held)| (held.range, held.kind));
                held.collect::<Vec<_>>()
            });
            assert_eq!(sliced, whole);
        }
    }
    assert!(later > 100, "{later}");
}

/// A client that goes in between takes its claim along.
#[test]
fn a_client_that_expires_in_between_is_in_nobodys_way() {
    let mut w = sliced();
    let (mut gone, mut other) = (holder(&mut w), w.process("other", "f"));
    assert_eq!(w.lock(&mut gone, "f", ALL, Write), LATER);
    w.pass_renewing(200, &[other.client]);
    assert!(
        is_granted(&w.lock(&mut other, "f", ALL, Write)) || {
            finish(&mut w);
            is_granted(&w.lock(&mut other, "f", ALL, Write))
        }
    );
    finish(&mut w);
    assert_eq!(held(&w), 1);
}

/// One open with as many lock stateids, each of another owner, of which those from `holding` on hold something.
fn opened(w: &mut World, holding: u64) -> Process {
    let mut process = w.process("holder", "f");
    for number in 0..MANY {
        let range = bytes(number * 20, number * 20 + 9);
        process.name = format!("process {number}").leak();
        process.lock_seqid = 20;
        process.locks.clear();
        assert!(is_granted(&w.lock(&mut process, "f", range, Write)));
        if number < holding {
            w.locku(&mut process, "f", range).unwrap();
        }
    }
    process
}

#[test]
fn close_with_very_many_lock_stateids_is_sliced() {
    let mut w = sliced();
    let mut process = opened(&mut w, MANY);
    assert_eq!(w.close(&mut process, "f"), Err(Status::Delay));
    assert_eq!(w.lock(&mut process, "f", ALL, Write), LATER, "it is being closed");
    assert_eq!(w.close(&mut process, "f"), Err(Status::Delay));
    assert!(finish(&mut w) >= 2 * (MANY as usize / SLICE));
    w.close(&mut process, "f").unwrap();
    assert_eq!(w.core.counts(), (1, 0));
}

/// The one that holds something may be the first or the last.
#[test]
fn close_with_very_many_lock_stateids_is_refused_while_one_holds() {
    for holding in [0, MANY / 2, MANY - 1] {
        let mut w = sliced();
        let mut process = opened(&mut w, holding);
        let first = w.close(&mut process, "f");
        assert_eq!(first.unwrap_err(), if holding == 0 { Status::LocksHeld } else { Status::Delay });
        finish(&mut w);
        assert_eq!(w.close(&mut process, "f"), Err(Status::LocksHeld));
        // All lock stateids are there as before.
        assert_eq!(w.core.clients.get(process.client).unwrap().states().held(), 1 + MANY as usize);
        let range = bytes((MANY - 1) * 20, MANY * 20);
        w.locku(&mut process, "f", range).unwrap();
        if holding == MANY - 1 {
            assert_eq!(w.close(&mut process, "f"), Err(Status::Delay), "nothing is held any more");
            finish(&mut w);
            w.close(&mut process, "f").unwrap();
        }
    }
}

/// One owner with a lock stateid on each of very many files.
#[test]
fn release_of_an_owner_with_very_many_lock_stateids_is_sliced() {
    let mut w = sliced();
    let mut process = w.process("holder", "0");
    let names: Vec<&'static str> = (0..MANY).map(|number| &*format!("{number}").leak()).collect();
    for name in &names {
        if !process.opens.contains_key(name) {
            w.open(&mut process, name, ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        }
        assert!(is_granted(&w.lock(&mut process, name, ALL, Write)));
        if *name != "40" {
            w.locku(&mut process, name, ALL).unwrap();
        }
    }
    let release = |w: &mut World| w.core.release_lockowner(w.now, process.client, b"holder");
    assert_eq!(release(&mut w), Err(Status::Delay), "the first do not hold anything");
    finish(&mut w);
    assert_eq!(release(&mut w), Err(Status::LocksHeld));
    let mut holder = Process { locks: process.locks.clone(), ..process.clone() };
    w.locku(&mut holder, "40", ALL).unwrap();
    let release = |w: &mut World| w.core.release_lockowner(w.now, process.client, b"holder");
    assert_eq!(release(&mut w), Err(Status::Delay));
    finish(&mut w);
    assert_eq!(release(&mut w), Ok(()));
    assert_eq!(w.core.clients.get(process.client).unwrap().states().held(), MANY as usize);
}

/// Who has sessions is served the same way.
#[test]
fn with_sessions_too() {
    let mut w = sliced();
    let (_client, mut holder): (SessionClient, Process) = w.session_process("holder", 1, "f");
    for number in 0..MANY {
        assert!(is_granted(&w.lock(&mut holder, "f", bytes(number * 20, number * 20 + 9), Write)));
    }
    assert_eq!(w.locku(&mut holder, "f", ALL), Err(Status::Delay));
    finish(&mut w);
    w.locku(&mut holder, "f", ALL).unwrap();
    assert_eq!(held(&w), 0);
}

/// Whoever is looked at is looked at to the end: what is to be forgotten is, however many there are.
#[test]
fn the_sweep_goes_through_all_in_slices() {
    let mut w = World::new();
    let mut process = w.process("holder", "f");
    for number in 0..3000_u64 {
        process.name = format!("process {number}").leak();
        process.lock_seqid = 20;
        process.locks.clear();
        let range = bytes(number, number);
        assert!(is_granted(&w.lock(&mut process, "f", range, Write)));
        w.locku(&mut process, "f", range).unwrap();
        w.core.free_stateid(w.now, &process.locks["f"]).unwrap();
    }
    let owners = |w: &World| w.core.clients.get(process.client).unwrap().lock_owners().len();
    assert_eq!(owners(&w), 3000);
    w.take_changes();
    let (mut slices, mut most) = (0, 0);
    let until = w.now + Duration::from_secs(200);
    while w.core.next_alarm() <= until {
        w.now = w.core.next_alarm();
        w.core.renew(w.now, process.client).unwrap();
        let before = owners(&w);
        w.core.on_alarm(w.now);
        w.take_changes();
        most = most.max(before - owners(&w));
        slices += 1;
    }
    w.now = until;
    assert_eq!(owners(&w), 0);
    assert!(most < 1000 && slices > 5, "{most} at once, {slices} slices");
}
