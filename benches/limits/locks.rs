//! LOCK, LOCKT, LOCKU, and what takes locks away.

use super::meter::Calls;
use super::world::{ROOT, World, bytes, file, held};
use lockhouse::nfs4::{LockKind, LockOwner, Range, Stateid};
use lockhouse::state::{Numbered, Revoke};
use std::time::Duration;

const WRITE: LockKind = LockKind::Write;
const READ: LockKind = LockKind::Read;

/// One owner that holds `count` ranges.
fn holding(count: u64, kind: LockKind) -> (World, super::world::Owner, super::world::Owner) {
    let mut world = World::new();
    let client = world.client(b"holder");
    let mut calls = Calls::default();
    let (open, owner) = world.many_ranges(&mut calls, client, &file(0), count, kind);
    if kind == WRITE && std::env::var_os("LIMITS_QUIET").is_none() {
        calls.print("LOCK, one more range of one owner");
    }
    (world, open, owner)
}

fn one_owner(count: u64) {
    let fh = file(0);
    let (mut world, _, owner) = holding(count, WRITE);
    let owner_of = |world: &mut World| world.client(b"other");
    let other = owner_of(&mut world);
    let mut other = world.open(&mut Calls::default(), other, &fh, 1);
    let mut calls = Calls::default();
    for _ in 0..20 {
        let reply = world.try_lock_new(&mut calls, &fh, &mut other, 7, Range::WHOLE, (WRITE, false));
        assert!(matches!(reply, lockhouse::state::LockReply::Denied(_)));
    }
    calls.print("LOCK, denied by the owner of all ranges");
    let all = |what: &str, world: &mut World, owner: super::world::Owner, range: Range, kind| {
        let super::world::Owner { stateid, seqid } = owner;
        world.once(what, |core, now| {
            let locker = lockhouse::state::Locker::Existing { lock_stateid: stateid, lock_seqid: seqid };
            let fh = file(0);
            let command = lockhouse::state::LockCommand {
                fh: &fh,
                range: Some(range),
                kind,
                blocking: false,
                reclaim: false,
                locker,
                request: 77,
            };
            core.lock(now, &command)
        });
    };
    all("LOCK that merges all ranges", &mut world, owner, Range::WHOLE, WRITE);
    let (mut world, _, owner) = holding(count, WRITE);
    all("LOCK that downgrades all ranges", &mut world, owner, Range::WHOLE, READ);
    let (mut world, _, owner) = holding(count, READ);
    all("LOCK that upgrades all ranges", &mut world, owner, Range::WHOLE, WRITE);
    for (what, first, last) in [
        ("LOCKU of all ranges", 0, u64::MAX),
        ("LOCKU of the middle half of the ranges", count * 25 + 5, count * 75 + 5),
    ] {
        let (mut world, _, owner) = holding(count, WRITE);
        let range = Range::new(first, last);
        let (stateid, seqid) = (owner.stateid, owner.seqid);
        world.until_done(what, |core, now, attempt| {
            core.locku(now, &file(0), stateid, seqid + attempt, range, u64::from(attempt))
        });
    }
    let (mut world, _, owner) = holding(count, WRITE);
    world.once("revoke a lock of all ranges", |core, now| core.revoke(now, Revoke::Stateid(owner.stateid)));
    let (mut world, _, _) = holding(count, WRITE);
    let (id, confirm) = world.setclientid(b"holder", 2);
    world
        .once("SETCLIENTID_CONFIRM of a restarted client, one owner, all ranges", |core, now| {
            core.setclientid_confirm(now, id, confirm, ROOT)
        })
        .expect("confirmed");
}

fn own_owners(count: u64) {
    let fh = file(0);
    let mut world = World::new();
    let client = world.client(b"holder");
    let mut calls = Calls::default();
    let (open, mut owners) = world.many_owners(&mut calls, client, &fh, count, WRITE);
    calls.print("LOCK of a new owner");
    world.skip();
    for name in ["on_alarm, sweep with nothing to forget", "on_alarm, the same again"] {
        world.now += Duration::from_secs(46);
        world.core.renew(world.now, client).expect("there");
        world.alarms(name);
    }
    let mut calls = Calls::default();
    for (number, owner) in (0..).zip(&mut owners) {
        world.unlock(&mut calls, &fh, owner, held(number));
        if number % 1000 == 0 {
            world.skip();
        }
    }
    calls.print("LOCKU of one range, each its owner's");
    world.skip();
    world.until_done("CLOSE with all lock stateids", |core, now, attempt| {
        let (seqid, request) = (open.seqid + attempt, u64::from(attempt));
        core.close(now, Numbered { fh: &file(0), stateid: open.stateid, seqid, request })
    });
    world.now += Duration::from_secs(60);
    world.core.renew(world.now, client).expect("there");
    world.alarms("on_alarm, before owners are forgotten");
    world.now += Duration::from_secs(60);
    world.core.renew(world.now, client).expect("there");
    world.alarms("on_alarm, a sweep that forgets all lock_owners");
    world.now += Duration::from_secs(60);
    world.core.renew(world.now, client).expect("there");
    world.alarms("on_alarm, the sweep after it");

    let hold = |kind| {
        let mut world = World::new();
        let client = world.client(b"holder");
        let (open, owners) = world.many_owners(&mut Calls::default(), client, &file(0), count, kind);
        (world, client, open, owners)
    };
    let (mut world, client, open, _) = hold(WRITE);
    world
        .once("CLOSE, refused because of the last of all owners", |core, now| {
            let request = Numbered { fh: &file(0), stateid: open.stateid, seqid: open.seqid, request: 5 };
            core.close(now, request)
        })
        .expect_err("held");
    world.once("revoke a client with all owners", |core, now| core.revoke(now, Revoke::Client(client)));
    let (mut world, _, open, _) = hold(WRITE);
    world.once("revoke an open with all lock stateids", |core, now| {
        core.revoke(now, Revoke::Stateid(open.stateid))
    });
    let (mut world, client, _, _) = hold(WRITE);
    world.now += Duration::from_secs(90);
    world.alarms("on_alarm, the end of the lease of a client with all owners");
    let last = owner_name(client, count - 1);
    world.once("revoke one lock of a courtesy client", |core, now| {
        core.revoke(now, Revoke::Lock { fh: &file(0), owner: &last, range: Range::WHOLE })
    });
    let (mut world, _, _, owners) = hold(READ);
    let other = world.client(b"other");
    let mut calls = Calls::default();
    for number in 0..20 {
        let now = world.now;
        let _ = calls.call(&mut world.core, |core| {
            core.lockt(now, &file(0), other, &bytes(number), Some(Range::WHOLE), WRITE)
        });
    }
    calls.print("LOCKT among as many readers");
    let mut opened = world.open(&mut Calls::default(), other, &file(0), 1);
    let mut calls = Calls::default();
    world.try_lock_new(&mut calls, &file(0), &mut opened, 7, Range::WHOLE, (WRITE, true));
    calls.print("LOCK that begins to wait behind as many readers");
    let mut calls = Calls::default();
    for owner in owners.iter().take(1000) {
        let now = world.now;
        calls.call(&mut world.core, |core| core.test_stateid(owner.stateid.clientid(), &owner.stateid));
        let _ = calls.call(&mut world.core, |core| core.free_stateid(now, &owner.stateid));
    }
    calls.print("TEST_STATEID, FREE_STATEID among as many");
}

fn owner_name(clientid: lockhouse::nfs4::ClientId, number: u64) -> LockOwner {
    LockOwner { clientid, owner: bytes(number).as_slice().into() }
}

/// One lock_owner with a lock stateid on each of `count` files.
fn own_files(count: u64) {
    let mut world = World::new();
    let (client, _) = world.client_41(b"holder");
    let (mut opens, mut locks) = (Calls::default(), Calls::default());
    let mut last = Stateid::first(client, 1);
    for number in 0..count {
        let fh = file(number);
        let mut open = world.open(&mut opens, client, &fh, 0);
        let mut owner = world.lock_new(&mut locks, &fh, &mut open, 0, held(0), WRITE);
        world.unlock(&mut locks, &fh, &mut owner, held(0));
        last = owner.stateid;
        if number % 1000 == 0 {
            world.skip();
        }
    }
    opens.print("OPEN of as many files by one owner");
    locks.print("LOCK and LOCKU of one owner on as many files");
    let mut calls = Calls::default();
    let now = world.now;
    calls.call(&mut world.core, |core| core.free_stateid(now, &last)).expect("freed");
    calls.print("FREE_STATEID of one of an owner on as many files");
    world.until_done("RELEASE_LOCKOWNER of an owner with as many lock stateids", |core, now, _| {
        core.release_lockowner(now, client, &bytes(0))
    });
    world.once("revoke a client with as many files", |core, now| core.revoke(now, Revoke::Client(client)));
}

pub fn run(count: u64) {
    one_owner(count);
    own_owners(count);
    own_files(count);
}
