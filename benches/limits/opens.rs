//! OPEN, CLOSE and I/O.

use super::meter::Calls;
use super::world::{ROOT, World, bytes, file};
use lockhouse::nfs4::{ShareAccess, ShareDeny, Stateid};
use lockhouse::state::{Numbered, OpenBegin, OpenTurn, SetClientid};
use std::time::Duration;

fn own_owners(count: u64, minor: u32) {
    let mut world = World::new();
    let client = if minor == 0 { world.client(b"holder") } else { world.client_41(b"holder").0 };
    let mut calls = Calls::default();
    let mut owners = Vec::new();
    for number in 0..count {
        owners.push(world.open(&mut calls, client, &file(number), number));
        if number % 1000 == 0 {
            world.skip();
        }
    }
    calls.print(&format!("4.{minor} OPEN of a new owner on a new file"));
    world.skip();
    world.now += Duration::from_secs(46);
    world.core.renew(world.now, client).expect("there");
    world.alarms(&format!("4.{minor} on_alarm, sweep with nothing to forget"));
    let mut down = Calls::default();
    for (number, owner) in (0..1000).zip(&owners) {
        let now = world.now;
        let fh = file(number);
        let request = Numbered { fh: &fh, stateid: owner.stateid, seqid: 0, request: 3 };
        let to = Some((ShareAccess::READ, ShareDeny::NONE));
        let _ = down.call(&mut world.core, |core| core.open_downgrade(now, request, to));
    }
    down.print(&format!("4.{minor} OPEN_DOWNGRADE among as many"));
    let mut calls = Calls::default();
    for (number, owner) in (0..).zip(&owners) {
        let now = world.now;
        let fh = file(number);
        let request = Numbered { fh: &fh, stateid: owner.stateid, seqid: owner.seqid, request: 3 };
        calls.call(&mut world.core, |core| core.close(now, request)).expect("closed");
        if number % 1000 == 0 {
            world.skip();
        }
    }
    calls.print(&format!("4.{minor} CLOSE of each"));
    world.skip();
    if minor == 0 {
        world
            .once("SETCLIENTID of another principal, all opens closed", |core, now| {
                let principal = lockhouse::nfs4::Principal::Sys { uid: 9 };
                let args = SetClientid {
                    name: b"holder",
                    verifier: [1; 8],
                    principal,
                    callback: Default::default(),
                };
                core.setclientid(now, args)
            })
            .expect("nothing is open");
    }
    for _ in 0..3 {
        world.now += Duration::from_secs(60);
        world.core.renew(world.now, client).expect("there");
        world.alarms(&format!("4.{minor} on_alarm, a sweep that forgets the open_owners"));
    }
}

/// `count` opens of one file by as many owners, all of which deny others to write.
fn one_file(count: u64) {
    let mut world = World::new();
    let client = world.client_41(b"holder").0;
    let fh = file(0);
    let (read, deny) = (ShareAccess::READ, ShareDeny::WRITE);
    let mut calls = Calls::default();
    for number in 0..count {
        world.open_as(&mut calls, (client, &fh, number, 1), read, deny);
        if number % 1000 == 0 {
            world.skip();
        }
    }
    calls.print("OPEN of one file by as many owners");
    world.skip();
    let other = world.client_41(b"other").0;
    world.once("OPEN for writing that as many deny", |core, now| {
        let begin = OpenBegin { clientid: other, owner: &bytes(1), seqid: 1, request: 1, reclaim: false };
        let Ok(OpenTurn::Go(mut ticket)) = core.open_begin(now, begin) else { panic!("refused") };
        let reserved = core.open_reserve(now, &mut ticket, &file(0), ShareAccess::WRITE, ShareDeny::NONE);
        let status = reserved.expect_err("denied");
        core.open_fail(now, ticket, status)
    });
    world
        .once("WRITE with the anonymous stateid that as many deny", |core, now| {
            core.io(now, &file(0), &Stateid::ANONYMOUS, ShareAccess::WRITE)
        })
        .expect_err("denied");
    let (clientid, sequence) = {
        let args = lockhouse::state::ExchangeId {
            name: b"holder",
            verifier: [2; 8],
            principal: ROOT,
            update: false,
        };
        let found = world.core.exchange_id(world.now, args).expect("restarted");
        (found.clientid, found.sequence)
    };
    world
        .once("CREATE_SESSION of a restarted client with as many opens of a file", |core, now| {
            core.create_session(now, &super::world::session(clientid, sequence))
        })
        .expect("a session");
}

/// As many opens of one open_owner and file... of one client each.
fn each_a_client(count: u64) {
    let count = count.min(99_000);
    let mut world = World::new();
    let fh = file(0);
    for number in 0..count {
        let client = world.client_41(&bytes(number)).0;
        world.open_as(&mut Calls::default(), (client, &fh, 0, 1), ShareAccess::READ, ShareDeny::WRITE);
        if number % 1000 == 0 {
            world.skip();
        }
    }
    world.skip();
    world
        .once("WRITE with the anonymous stateid that as many clients deny", |core, now| {
            core.io(now, &file(0), &Stateid::ANONYMOUS, ShareAccess::WRITE)
        })
        .expect_err("denied");
    world.now += Duration::from_secs(90);
    world.alarms("on_alarm, the leases of 99,000 clients with an open end at once");
    world
        .once("WRITE with the anonymous stateid that as many courtesy clients deny", |core, now| {
            core.io(now, &file(0), &Stateid::ANONYMOUS, ShareAccess::WRITE)
        })
        .ok();
}

pub fn run(count: u64) {
    own_owners(count, 0);
    own_owners(count, 1);
    one_file(count);
    each_a_client(count);
}
