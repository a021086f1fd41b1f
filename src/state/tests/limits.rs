//! The most that a command has to do, where there is much of everything: counted in steps (`ranges::step`), and compared with
//! the same where there is less. What takes its time in proportion to what there is fails here, be it the command or one
//! of the alarms that carry it on.

mod waiting;

use super::*;
use crate::ranges::take_steps;
use LockKind::{Read, Write};

const ALL: Range = Range::WHOLE;
/// Things of a slice.
const SLICE: usize = 50;
/// Sizes that are compared: both more than what is done in one go.
const LITTLE: u64 = 500;
const MUCH: u64 = 5000;
/// How many times as much may be to be done where there is ten times as much: trees are a level higher,
const RATIO: u64 = 2;
/// and so many steps more: slices and parts of tables that are the same however much there is, and greater than little.
const MORE: (u64, u64) = (250, 5000);

fn config() -> Config {
    Config { slice: SLICE, request_at_once: SLICE, ..Config::default() }
}

/// The dearest command and the dearest alarm so far.
#[derive(Debug, Default)]
struct Dearest {
    command: u64,
    alarm: u64,
}

impl Dearest {
    fn command<T>(&mut self, w: &mut World, run: impl FnOnce(&mut World) -> T) -> T {
        w.take_changes();
        take_steps();
        let answer = run(w);
        self.command = self.command.max(take_steps());
        answer
    }

    /// All alarms until so many seconds have passed.
    fn alarms(&mut self, w: &mut World, seconds: u64) {
        let until = w.now + Duration::from_secs(seconds);
        while w.core.next_alarm() <= until {
            w.now = w.now.max(w.core.next_alarm());
            w.take_changes();
            take_steps();
            w.core.on_alarm(w.now);
            self.alarm = self.alarm.max(take_steps());
        }
        w.now = until;
    }
}

/// Compares what `run` finds dearest where there is little and where there is much.
fn bounded(what: &str, run: impl Fn(&mut World, &mut Dearest, u64)) {
    let [little, much] = [LITTLE, MUCH].map(|count| {
        let (mut w, mut dearest) = (World::with(config()), Dearest::default());
        run(&mut w, &mut dearest, count);
        dearest
    });
    let near = |little: u64, much: u64, more: u64| much <= RATIO * little + more;
    let fine = near(little.command, much.command, MORE.0) && near(little.alarm, much.alarm, MORE.1);
    assert!(fine, "{what}: {little:?} among {LITTLE}, {much:?} among {MUCH}");
}

fn place(number: u64) -> Range {
    bytes(number * 20, number * 20 + 9)
}

/// One owner that holds so many ranges.
fn with_ranges(w: &mut World, count: u64, kind: LockKind) -> Process {
    let mut holder = w.process("holder", "f");
    for number in 0..count {
        assert!(is_granted(&w.lock(&mut holder, "f", place(number), kind)));
    }
    holder
}

/// So many owners of one client that hold a range each.
fn with_owners(w: &mut World, count: u64, hold: bool) -> Process {
    let mut process = w.process("holder", "f");
    for number in 0..count {
        become_another(&mut process, number);
        assert!(is_granted(&w.lock(&mut process, "f", place(number), Write)));
        if !hold {
            w.locku(&mut process, "f", ALL).unwrap();
        }
    }
    process
}

/// Another process of the same client, which has the file open as the same open_owner.
fn become_another(process: &mut Process, number: u64) {
    process.name = format!("process {number}").leak();
    process.lock_seqid = 20;
    process.locks.clear();
}

/// As many files, each opened by an open_owner of its own.
fn with_files(w: &mut World, client: ClientId, count: u64) -> Vec<Process> {
    let opened = (0..count).map(|number| {
        let name: &'static str = format!("file {number}").leak();
        let mut process = Process::of(client, name);
        w.open(&mut process, name, ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        process
    });
    opened.collect()
}

#[test]
fn lock_unlock_and_test_of_one_range_among_many() {
    bounded("one range", |w, dearest, count| {
        let mut holder = with_ranges(w, count, Write);
        let mut other = w.process("other", "f");
        for range in [bytes(count * 10 + 12, count * 10 + 13), bytes(count * 20, count * 20)] {
            let lock = |w: &mut World| w.lock(&mut holder, "f", range, Write);
            assert!(is_granted(&dearest.command(w, lock)));
            dearest.command(w, |w| w.locku(&mut holder, "f", range)).unwrap();
        }
        assert!(!is_granted(&dearest.command(w, |w| w.lock(&mut other, "f", ALL, Write))));
        assert!(dearest.command(w, |w| w.lockt(&other, "f", ALL, Read)).is_some());
        assert!(dearest.command(w, |w| w.lockt(&holder, "f", ALL, Write)).is_none());
    });
}

#[test]
fn lock_and_locku_of_all_ranges() {
    for kind in [None, Some(Read), Some(Write)] {
        for held in [Read, Write] {
            bounded(&format!("{held:?} to {kind:?}"), |w, dearest, count| {
                let mut holder = with_ranges(w, count, held);
                let mut change = |w: &mut World| match kind {
                    None => w.locku(&mut holder, "f", ALL).is_ok(),
                    Some(kind) => is_granted(&w.lock(&mut holder, "f", ALL, kind)),
                };
                assert!(!dearest.command(w, &mut change));
                dearest.alarms(w, 0);
                assert!(dearest.command(w, &mut change));
                assert_eq!(w.core.held().count(), usize::from(kind.is_some()));
            });
        }
    }
}

#[test]
fn a_revocation_of_many_stateids() {
    bounded("revocation", |w, dearest, count| {
        let holder = with_owners(w, count, true);
        let client = holder.client;
        let held = |w: &World| w.core.clients.get(client).map_or(0, |client| client.states().held());
        let before = held(w);
        assert!(before as u64 > count);
        let begun = dearest.command(w, |w| w.core.revoke(w.now, Revoke::Client(client)));
        assert_eq!((begun, held(w)), (before, before - SLICE), "one slice goes at once");
        dearest.alarms(w, 1);
        assert_eq!((held(w), w.core.held().count()), (0, 0), "the others follow in alarms");
    });
}

#[test]
fn close_with_many_lock_stateids() {
    for hold in [true, false] {
        bounded(&format!("close, held: {hold}"), |w, dearest, count| {
            let mut process = with_owners(w, count, hold);
            let first = dearest.command(w, |w| w.close(&mut process, "f"));
            dearest.alarms(w, 0);
            let second = dearest.command(w, |w| w.close(&mut process, "f"));
            assert_eq!((first.is_ok(), second.is_ok()), (false, !hold));
        });
    }
}

#[test]
fn commands_of_an_owner_on_many_files() {
    bounded("an owner on many files", |w, dearest, count| {
        let client = w.client("client");
        let files = with_files(w, client, count);
        let mut locker = Process::of(client, "locker");
        for process in &files {
            let name = process.name;
            w.open(&mut locker, name, ShareAccess::BOTH, ShareDeny::NONE).unwrap();
            assert!(is_granted(&dearest.command(w, |w| w.lock(&mut locker, name, ALL, Write))));
            dearest.command(w, |w| w.locku(&mut locker, name, ALL)).unwrap();
        }
        let stateid = locker.locks["file 7"];
        assert_eq!(dearest.command(w, |w| w.core.test_stateid(client, &stateid)), Status::Ok);
        dearest.command(w, |w| w.core.free_stateid(w.now, &stateid)).unwrap();
        let release = |w: &mut World| w.core.release_lockowner(w.now, client, b"locker");
        assert_eq!(dearest.command(w, release), Err(Status::Delay));
        dearest.alarms(w, 0);
        dearest.command(w, release).unwrap();
    });
}

#[test]
fn opens_downgrades_and_closes_among_many() {
    bounded("opens", |w, dearest, count| {
        let client = w.client("client");
        let mut files = with_files(w, client, count);
        let mut more = Process::of(client, "more");
        let (both, none) = (ShareAccess::BOTH, ShareDeny::NONE);
        dearest.command(w, |w| w.open_only(&mut more, "file 1", both, none)).unwrap();
        dearest.command(w, |w| w.open_confirm(&mut more, "file 1")).unwrap();
        dearest.command(w, |w| w.open(&mut more, "more", both, none)).unwrap();
        for process in &mut files {
            let name = process.name;
            dearest.command(w, |w| w.close(process, name)).unwrap();
        }
        let setclientid = |w: &mut World| w.setclientid("client", 1, Principal::Sys { uid: 9 });
        assert!(dearest.command(w, setclientid).is_err(), "it has something open");
        for name in ["file 1", "more"] {
            w.close(&mut more, name).unwrap();
        }
        dearest.command(w, setclientid).unwrap();
    });
}

#[test]
fn what_very_many_opens_of_a_file_deny() {
    bounded("denied", |w, dearest, count| {
        let client = w.client("client");
        for number in 0..count {
            let mut process = Process::of(client, format!("process {number}").leak());
            w.open(&mut process, "f", ShareAccess::READ, ShareDeny::WRITE).unwrap();
        }
        let mut other = Process::of(w.client("other"), "other");
        let open = |w: &mut World| w.open(&mut other, "f", ShareAccess::WRITE, ShareDeny::NONE);
        assert_eq!(dearest.command(w, open), Err(Status::ShareDenied));
        let write =
            |w: &mut World| w.core.io(w.now, &fh("f"), &Stateid::ANONYMOUS, ShareAccess::WRITE).unwrap_err();
        assert_eq!(dearest.command(w, write), Status::Locked);
    });
}

/// Clients that are silent have the file open, but only one that is not denies anything.
#[test]
fn very_many_opens_of_courtesy_clients_that_deny_nothing() {
    bounded("harmless", |w, dearest, count| {
        for number in 0..10 {
            let client = w.client(format!("silent {number}").leak());
            for place in 0..count {
                let mut process = Process::of(client, format!("process {place}").leak());
                w.open(&mut process, "f", ShareAccess::READ, ShareDeny::NONE).unwrap();
            }
        }
        w.now += Duration::from_secs(LEASE);
        let mut holder = Process::of(w.client("holder"), "holder");
        w.open(&mut holder, "f", ShareAccess::READ, ShareDeny::WRITE).unwrap();
        let write =
            |w: &mut World| w.core.io(w.now, &fh("f"), &Stateid::ANONYMOUS, ShareAccess::WRITE).is_err();
        assert!(dearest.command(w, write));
    });
}

#[test]
fn a_client_that_restarts_expires_or_is_forgotten() {
    for restarts in [true, false] {
        bounded(&format!("gone, restarts: {restarts}"), |w, dearest, count| {
            let holder = with_owners(w, count, true);
            with_files(w, holder.client, count);
            if restarts {
                let (id, confirm) = w.setclientid("holder", 2, ROOT).unwrap();
                let confirmed = |w: &mut World| w.core.setclientid_confirm(w.now, id, confirm, ROOT);
                dearest.command(w, confirmed).unwrap();
            }
            dearest.alarms(w, LEASE);
            let mut other = w.process("other", "f");
            let lock = |w: &mut World| w.lock(&mut other, "f", place(7), Write);
            assert!(is_granted(&dearest.command(w, lock)));
            dearest.alarms(w, 3 * LEASE);
        });
    }
}

/// The sweep: of owners that are idle, and of those that are not.
#[test]
fn sweeps_over_very_many_owners() {
    for hold in [true, false] {
        bounded(&format!("sweep, held: {hold}"), |w, dearest, count| {
            // A slice looks at so many things that there have to be more of them.
            let process = with_owners(w, count * 2, hold);
            let mut files = with_files(w, process.client, count * 2);
            if !hold {
                for file in &mut files {
                    w.close(file, file.name).unwrap();
                }
            }
            w.take_changes();
            for _ in 0..8 {
                w.core.renew(w.now, process.client).unwrap();
                dearest.alarms(w, 30);
            }
        });
    }
}

#[test]
fn very_many_clients() {
    bounded("clients", |w, dearest, count| {
        for number in 0..count {
            let name = format!("client {number}").leak();
            dearest.command(w, |w| w.setclientid(name, 1, ROOT)).unwrap();
            let client = dearest.command(w, |w| w.client(name));
            let mut process = Process::of(client, name);
            w.open(&mut process, "f", ShareAccess::READ, ShareDeny::WRITE).unwrap();
            let unconfirmed = format!("nobody {number}").leak();
            w.setclientid(unconfirmed, 1, ROOT).unwrap();
        }
        dearest.alarms(w, LEASE);
        let write =
            |w: &mut World| w.core.io(w.now, &fh("f"), &Stateid::ANONYMOUS, ShareAccess::WRITE).is_ok();
        dearest.command(w, write);
        dearest.alarms(w, 3 * LEASE);
    });
}

#[test]
fn very_many_sessions_over_one_connection() {
    bounded("sessions", |w, dearest, count| {
        let clients: Vec<_> = (0..count)
            .map(|number| {
                let name = format!("client {number}").leak();
                dearest.command(w, |w| w.session_client(name, 1))
            })
            .collect();
        for client in clients.iter().take(100) {
            let destroy =
                |w: &mut World| w.core.destroy_session(client.session, ConnectionId(1), Some(client.session));
            dearest.command(w, destroy).unwrap();
        }
        dearest.command(w, |w| w.core.connection_lost(ConnectionId(1)));
        dearest.alarms(w, 3 * LEASE);
        assert_eq!(w.core.census().connections, 0);
    });
}

/// Who did not come back is forgotten in slices; nothing is granted before the last of them is.
#[test]
fn a_grace_period_for_very_many_ends_when_none_of_them_is_left() {
    let names: Vec<String> = (0..LITTLE).map(|number| format!("client {number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut w = World::started(config(), 8, &names);
    w.now += Duration::from_secs(LEASE);
    for slice in 1..LITTLE as usize / SLICE {
        w.core.on_alarm(w.now);
        assert_eq!(w.core.may_reclaim().count(), names.len() - slice * SLICE);
        assert!(w.core.next_alarm() <= w.now);
    }
    assert_eq!(w.core.unlink_allowed(w.now), Ok(()), "whoever asks takes the last slice");
    assert_eq!(w.core.may_reclaim().count(), 0);
}
