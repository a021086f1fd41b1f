//! Clients that are gone and not yet taken apart: what they had is in nobody's way, and goes by and by, also over a restart.

use super::session_client::create;
use super::*;
use LockKind::{Read, Write};

/// A core that takes clients apart `slice` things at a time.
fn sliced(slice: usize) -> World {
    World::with(Config { slice, ..Config::default() })
}

/// Its client has started again, and lost what it had.
fn start_again(w: &mut World, name: &str) -> ClientId {
    let (id, confirm) = w.setclientid(name, 2, ROOT).unwrap();
    w.core.setclientid_confirm(w.now, id, confirm, ROOT).unwrap();
    id
}

/// A process that holds every other ten bytes of `f`, `count` times.
fn holder(w: &mut World, name: &'static str, count: u64) -> Process {
    let mut holder = w.process(name, "f");
    for number in 0..count {
        assert!(is_granted(&w.lock(&mut holder, "f", bytes(number * 20, number * 20 + 9), Write)));
    }
    holder
}

/// Lets the core take apart what is due, without time passing; answers how many slices that took.
fn finish(w: &mut World) -> usize {
    let mut slices = 0;
    while w.core.next_alarm() <= w.now {
        assert!(w.core.census().in_teardown > 0, "nothing else is due");
        w.core.on_alarm(w.now);
        slices += 1;
    }
    assert_eq!(w.core.census().in_teardown, 0);
    slices
}

/// How many things are stored of a client that is gone, beside the client.
fn left(w: &mut World, client: ClientId) -> usize {
    w.take_changes();
    let remains = w.core.teardown.iter().find(|(id, _)| *id == client);
    remains.map_or(0, |(_, remains)| remains.parts().2.len() + remains.lock_owners().count())
}

#[test]
fn locks_of_who_is_gone_are_in_nobodys_way() {
    let mut w = sliced(1);
    let gone = holder(&mut w, "gone", 50);
    let mut other = w.process("other", "f");
    let again = start_again(&mut w, "gone");
    assert_eq!(w.core.census().in_teardown, 1);
    assert_eq!(w.lockt(&other, "f", bytes(0, 9), Write), None);
    assert!(is_granted(&w.lock(&mut other, "f", bytes(20, 45), Write)));
    let mut again = Process::of(again, "gone");
    w.open(&mut again, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert!(is_granted(&w.lock(&mut again, "f", bytes(60, 69), Write)), "the same bytes, at once");
    assert_eq!(denied_by(&w.lock(&mut other, "f", bytes(60, 69), Write)), "gone");
    let mut old = gone.clone();
    assert_eq!(w.locku(&mut old, "f", bytes(0, 9)), Err(Status::Expired));
    assert_eq!(w.close(&mut gone.clone(), "f"), Err(Status::Expired));
    assert_eq!(w.core.renew(w.now, gone.client), Err(Status::Expired));
    assert_eq!(w.core.census().in_teardown, 1);
    finish(&mut w);
    assert_eq!(w.core.held().count(), 2, "what the others have locked, and nothing else");
}

#[test]
fn shares_of_who_is_gone_keep_nobody_out() {
    let mut w = sliced(1);
    let mut gone = holder(&mut w, "gone", 20);
    w.open(&mut gone, "g", ShareAccess::BOTH, ShareDeny::BOTH).unwrap();
    let mut other = Process::of(w.client("other"), "other");
    assert_eq!(w.open(&mut other, "g", ShareAccess::READ, ShareDeny::NONE), Err(Status::ShareDenied));
    let anonymous = Stateid::ANONYMOUS;
    let read = |w: &mut World| w.core.io(w.now, &fh("g"), &anonymous, ShareAccess::READ);
    assert_eq!(read(&mut w), Err(Status::Locked));
    start_again(&mut w, "gone");
    assert_eq!(read(&mut w), Ok(IoRight::Unopened));
    w.open(&mut other, "g", ShareAccess::BOTH, ShareDeny::BOTH).unwrap();
    assert_eq!(w.core.census().in_teardown, 1);
    finish(&mut w);
    assert_eq!(read(&mut w), Err(Status::Locked), "the other's is still there");
    w.close(&mut other, "g").unwrap();
    assert_eq!(read(&mut w), Ok(IoRight::Unopened));
}

#[test]
fn a_slice_is_due_at_once_and_takes_no_more_than_it_may() {
    for slice in [1, 2, 7, 100] {
        let mut w = sliced(slice);
        holder(&mut w, "gone", 60);
        start_again(&mut w, "gone");
        w.take_changes();
        while w.core.next_alarm() <= w.now {
            w.core.on_alarm(w.now);
            let mut changes = Changes::default();
            w.core.take_changes(&mut changes);
            let records = changes.records().count();
            assert!((1..=slice + 2).contains(&records), "{records} of {slice}");
            w.kept.records.retain(|key, _| changes.records().all(|changed| changed.0 != &key[..]));
        }
        assert_eq!(w.core.census().in_teardown, 0);
    }
}

#[test]
fn many_small_ones_at_one_moment_are_not_gone_at_once() {
    let mut w = sliced(10);
    let names = ["a", "b", "c", "d", "e", "f"];
    names.iter().for_each(|name| drop(w.process(name, "f")));
    w.now += Duration::from_secs(1);
    for name in names {
        start_again(&mut w, name);
    }
    let in_teardown = w.core.census().in_teardown;
    assert!((1..6).contains(&in_teardown), "{in_teardown}");
    finish(&mut w);
    assert_eq!(w.core.counts(), (12, 0));
}

#[test]
fn who_waits_is_told_first_and_in_order() {
    let mut w = sliced(4);
    let mut gone = holder(&mut w, "gone", 200);
    w.open(&mut gone, "z", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert!(is_granted(&w.lock(&mut gone, "z", Range::WHOLE, Write)));
    let (_, mut first) = w.session_process("first", 1, "z");
    let (_, mut second) = w.session_process("second", 1, "z");
    assert_eq!(denied_by(&w.lockw(&mut first, "z", Range::WHOLE, Write)), "gone");
    assert_eq!(denied_by(&w.lockw(&mut second, "z", Range::WHOLE, Write)), "gone");
    start_again(&mut w, "gone");
    let calls = w.core.take_callbacks(w.now);
    assert_eq!(calls.len(), 1, "the first, and before anything else is done");
    assert_eq!(&*calls[0].owner().owner, b"first");
    assert_eq!(denied_by(&w.lock(&mut second, "z", Range::WHOLE, Write)), "first");
    assert!(is_granted(&w.lockw(&mut first, "z", Range::WHOLE, Write)));
    finish(&mut w);
}

#[test]
fn who_is_gone_waits_for_nothing() {
    let mut w = sliced(1);
    let mut gone = holder(&mut w, "gone", 20);
    let [mut other, mut late] = ["other", "late"].map(|name| w.process(name, "g"));
    w.open(&mut gone, "g", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert!(is_granted(&w.lock(&mut other, "g", Range::WHOLE, Write)));
    assert_eq!(denied_by(&w.lockw(&mut gone, "g", Range::WHOLE, Write)), "other");
    // It waits for the other, and the other for it: but it is gone, so that is no circle.
    start_again(&mut w, "gone");
    w.open(&mut other, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert!(is_granted(&w.lockw(&mut other, "f", Range::WHOLE, Write)));
    w.locku(&mut other, "g", Range::WHOLE).unwrap();
    assert!(is_granted(&w.lock(&mut late, "g", Range::WHOLE, Write)), "nothing is kept for who is gone");
    finish(&mut w);
}

#[test]
fn a_request_takes_so_much_out_of_its_way_and_no_more() {
    let mut w = sliced(1);
    let gone = holder(&mut w, "gone", 6000);
    let mut other = w.process("other", "f");
    start_again(&mut w, "gone");
    assert_eq!(w.lock(&mut other, "f", Range::WHOLE, Write), LockReply::Refused(Status::Delay));
    assert_eq!(w.core.census().in_teardown, 1);
    assert!(is_granted(&w.lock(&mut other, "f", Range::WHOLE, Write)));
    assert_eq!(w.core.renew(w.now, gone.client), Err(Status::Expired));
    finish(&mut w);
}

#[test]
fn a_courtesy_client_is_torn_down_too() {
    let mut w = sliced(1);
    let gone = holder(&mut w, "gone", 30);
    w.pass(LEASE);
    let mut other = w.process("other", "f");
    assert_eq!(w.core.census().in_teardown, 0);
    assert!(is_granted(&w.lock(&mut other, "f", bytes(0, 9), Read)));
    assert_eq!(w.core.census().in_teardown, 1);
    assert!(is_granted(&w.lock(&mut other, "f", Range::WHOLE, Write)));
    assert_eq!(w.core.renew(w.now, gone.client), Err(Status::Expired));
    finish(&mut w);
}

/// It is gone at once for whoever asks, however long it takes.
#[test]
fn a_forgotten_client_is_not_known_while_it_is_taken_apart() {
    let mut w = sliced(1);
    let gone = holder(&mut w, "gone", 30);
    w.pass(24 * 3600 - 100);
    w.now += Duration::from_secs(200);
    w.core.on_alarm(w.now);
    assert_eq!(w.core.census().in_teardown, 1);
    assert_eq!((w.core.counts(), w.core.clients().count()), ((0, 0), 0));
    for restarted in [false, true] {
        if restarted {
            w.restart();
        }
        assert_eq!(w.core.renew(w.now, gone.client), Err(Status::StaleClientid), "{restarted}");
        assert_eq!(w.locku(&mut gone.clone(), "f", bytes(0, 9)), Err(Status::BadStateid), "{restarted}");
        assert_eq!((w.core.census().in_teardown, w.core.counts()), (1, (0, 0)), "{restarted}");
    }
    assert!(finish(&mut w) > 30);
    w.take_changes();
    assert_eq!(w.kept.records.len(), 1, "only that of the instance");
}

/// The server is killed after each slice, and each time what comes back goes on with it.
#[test]
fn a_restart_after_any_slice_goes_on_with_it() {
    let mut w = sliced(1);
    let mut gone = holder(&mut w, "gone", 5);
    w.open(&mut gone, "g", ShareAccess::READ, ShareDeny::BOTH).unwrap();
    let mut other = w.process("other", "f");
    let again = start_again(&mut w, "gone");
    w.take_changes();
    let mut before = left(&mut w, gone.client);
    let mut restarts = 0;
    while w.core.census().in_teardown > 0 {
        w.restart();
        restarts += 1;
        assert_eq!(w.core.renew(w.now, gone.client), Err(Status::Expired));
        assert_eq!(w.locku(&mut gone.clone(), "f", bytes(0, 9)), Err(Status::Expired));
        assert_eq!(w.core.renew(w.now, again), Ok(()));
        assert_eq!(w.core.held().count(), 0);
        w.core.on_alarm(w.now);
        let after = left(&mut w, gone.client);
        assert!(after <= before);
        before = after;
    }
    assert!(restarts > 5, "{restarts}");
    assert!(is_granted(&w.lock(&mut other, "f", Range::WHOLE, Write)));
    w.open(&mut other, "g", ShareAccess::BOTH, ShareDeny::BOTH).unwrap();
}

#[test]
fn tables_fit_what_is_left() {
    let mut w = sliced(1000);
    let mut gone = w.process("gone", "f");
    let mut other = w.process("other", "f");
    for number in 0..8000 {
        gone.name = format!("process {number}").leak();
        gone.locks.clear();
        assert!(is_granted(&w.lock(&mut gone, "f", bytes(number * 20, number * 20 + 9), Write)));
    }
    let room = |w: &World| w.core.files.get(&fh("f")).map_or(0, |file| file.ranges().owner_room());
    let held = |w: &World| w.core.files.get(&fh("f")).map_or(0, |file| file.ranges().len());
    start_again(&mut w, "gone");
    for number in 0..100 {
        w.core.on_alarm(w.now);
        assert!(is_granted(&w.lock(&mut other, "f", bytes(number * 20 + 10, number * 20 + 19), Write)));
        w.locku(&mut other, "f", Range::WHOLE).unwrap();
        assert!(room(&w) <= 16 * (held(&w) + 16), "{} for {} after {number}", room(&w), held(&w));
    }
    finish(&mut w);
    drop(w.core.take_deferred_drops());
    assert!(room(&w) < 8, "{}", room(&w));
}

#[test]
fn clients_take_turns() {
    let mut w = sliced(1);
    let [a, b] = ["a", "b"].map(|name| {
        let mut process = w.process(name, name);
        for number in 0..20 {
            assert!(is_granted(&w.lock(&mut process, name, bytes(number * 20, number * 20), Write)));
        }
        process
    });
    let held = |w: &World, file| w.core.files.get(&fh(file)).map_or(0, |file| file.ranges().len());
    for name in ["a", "b"] {
        start_again(&mut w, name);
    }
    assert_eq!(w.core.teardown.count(), 2);
    for _ in 0..20 {
        w.core.on_alarm(w.now);
        assert!(held(&w, "a").abs_diff(held(&w, "b")) <= 2);
    }
    assert!(a.client != b.client);
    finish(&mut w);
}

/// Without a single alarm: who adds something takes away more.
#[test]
fn teardowns_do_not_pile_up() {
    let mut w = sliced(8);
    let mut most = 0;
    for boot in 1..60 {
        let (id, confirm) = w.setclientid("again", boot, ROOT).unwrap();
        w.core.setclientid_confirm(w.now, id, confirm, ROOT).unwrap();
        let mut process = Process::of(id, "p");
        w.open(&mut process, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        for number in 0..100 {
            assert!(is_granted(&w.lock(&mut process, "f", bytes(number * 20, number * 20 + 9), Write)));
        }
        w.take_changes();
        most = most.max(w.kept.records.len());
    }
    assert!(most < 300, "{most} records at once, of 100 locks");
    finish(&mut w);
}

#[test]
fn nothing_of_who_is_gone_is_shown() {
    let mut w = sliced(1);
    let gone = holder(&mut w, "gone", 30);
    let mut other = w.process("other", "g");
    w.open(&mut other, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    let again = start_again(&mut w, "gone");
    w.close(&mut other, "f").unwrap();
    assert_eq!((w.core.held().count(), w.core.counts()), (0, (3, 1)));
    assert_eq!(w.core.open_files().collect::<Vec<_>>(), [&fh("g")]);
    w.take_changes();
    let mut inventory = Inventory::default();
    w.kept.records.iter().for_each(|(key, value)| inventory.record(key, value).unwrap());
    let nothing = |expired| Holdings { name: "gone".into(), expired, ..Holdings::default() };
    assert_eq!(inventory.clients[&gone.client], nothing(true));
    assert_eq!(inventory.clients[&again], nothing(false));
    assert_eq!(inventory.clients.len(), 3);
}

#[test]
fn sessions_go_with_the_mark() {
    let mut w = sliced(1);
    let (session, mut gone) = w.session_process("gone", 1, "f");
    for number in 0..30 {
        assert!(is_granted(&w.lock(&mut gone, "f", bytes(number * 20, number * 20 + 9), Write)));
    }
    let found = w.exchange_id("gone", 2, ROOT, false).unwrap();
    w.create_session(&create(found.clientid, found.sequence)).unwrap();
    assert_eq!(w.core.census().in_teardown, 1);
    assert!(matches!(w.sequence(&session.next()), Err(Status::BadSession)));
    w.core.reclaim_complete(w.now, found.clientid).unwrap();
    let mut again = Process::of(found.clientid, "gone");
    w.open(&mut again, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert_eq!(w.core.test_stateid(gone.client, &gone.locks["f"]), Status::BadStateid);
    assert!(is_granted(&w.lock(&mut again, "f", Range::WHOLE, Write)));
    finish(&mut w);
    assert_eq!(w.core.held().count(), 1);
}
