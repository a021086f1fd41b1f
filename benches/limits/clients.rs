//! Clients, sessions, leases and the grace period.

use super::meter::Calls;
use super::world::{ROOT, World, bytes, file, session};
use lockhouse::nfs4::ConnectionId;
use lockhouse::state::{Callback, Config, ExchangeId, Revoke, SequenceCommand, SetClientid};
use std::time::Duration;

fn sessions(count: u64) {
    let count = count.min(99_000);
    let mut world = World::new();
    let (mut exchange, mut create) = (Calls::default(), Calls::default());
    let mut ids = Vec::new();
    for number in 0..count {
        let now = world.now;
        let name = bytes(number);
        let args = ExchangeId { name: &name, verifier: [1; 8], principal: ROOT, update: false };
        let found = exchange.call(&mut world.core, |core| core.exchange_id(now, args)).expect("a client");
        let each = if number < 10_000 { 16 } else { 1 };
        for more in 0..each {
            let command = session(found.clientid, found.sequence + more);
            let id = create.call(&mut world.core, |core| core.create_session(now, &command));
            ids.push((found.clientid, id.expect("a session").id));
        }
        if number % 100 == 0 {
            world.skip();
        }
    }
    exchange.print("EXCHANGE_ID, 99,000 clients");
    create.print("CREATE_SESSION, 249,000 sessions");
    let mut calls = Calls::default();
    for (number, (_, id)) in (0..).zip(ids.iter().step_by(16).take(5000)) {
        let now = world.now;
        let command = SequenceCommand {
            sessionid: *id,
            sequenceid: 1,
            slotid: 0,
            highest_slotid: 0,
            cachethis: false,
            connection: ConnectionId(1 + number % 1000),
            request: 1,
            request_bytes: 200,
            operations: 1,
        };
        let _ = calls.call(&mut world.core, |core| core.sequence(now, &command));
    }
    calls.print("SEQUENCE among them");
    let mut calls = Calls::default();
    for (number, (_, id)) in (0..).zip(ids.iter().step_by(7).take(5000)) {
        let now = world.now;
        let connection = ConnectionId(1 + number % 1000);
        let bound = calls.call(&mut world.core, |core| core.bind_conn_to_session(now, *id, connection, 3));
        bound.expect("bound");
    }
    calls.print("BIND_CONN_TO_SESSION among them");
    let mut calls = Calls::default();
    for (_, id) in ids.iter().skip(1).step_by(16).take(1000) {
        let gone = calls.call(&mut world.core, |core| core.destroy_session(*id, ConnectionId(1), Some(*id)));
        gone.expect("destroyed");
    }
    calls.print("DESTROY_SESSION among them");
    world.once("connection_lost of the connection of all", |core, _| core.connection_lost(ConnectionId(1)));
    let client = ids[200].0;
    world.once("revoke a client with 16 sessions", |core, now| core.revoke(now, Revoke::Client(client)));
    world.now += Duration::from_secs(91);
    world.alarms("on_alarm, all these clients end");
    world.now += Duration::from_secs(91);
    world.alarms("on_alarm, and are forgotten");
}

fn unconfirmed(count: u64) {
    let count = count.min(99_000);
    let mut world = World::new();
    let mut calls = Calls::default();
    for number in 0..count {
        let now = world.now;
        let name = bytes(number);
        let args =
            SetClientid { name: &name, verifier: [1; 8], principal: ROOT, callback: Callback::default() };
        calls.call(&mut world.core, |core| core.setclientid(now, args)).expect("a client");
        if number % 100 == 0 {
            world.skip();
        }
    }
    calls.print("SETCLIENTID, 99,000 clients");
    world.skip();
    world.now += Duration::from_secs(46);
    world.alarms("on_alarm, none of as many unconfirmed is old");
    world.now += Duration::from_secs(46);
    world.alarms("on_alarm, as many unconfirmed are forgotten");
}

fn confirmed(count: u64) {
    let count = count.min(99_000);
    let mut world = World::new();
    let mut calls = Calls::default();
    for number in 0..count {
        let now = world.now;
        let name = bytes(number);
        let (id, confirm) = world.setclientid(&name, 1);
        calls
            .call(&mut world.core, |core| core.setclientid_confirm(now, id, confirm, ROOT))
            .expect("confirmed");
        world.open(&mut Calls::default(), id, &file(number), 0);
        if number % 100 == 0 {
            world.skip();
        }
    }
    calls.print("SETCLIENTID_CONFIRM, 99,000 clients");
    world.skip();
    world.now += Duration::from_secs(90);
    world.alarms("on_alarm, the leases of as many with an open each end");
    world.now += Duration::from_secs(46);
    world.alarms("on_alarm, the sweep after");
    world.now += Duration::from_secs(91);
    world.alarms("on_alarm, the sweep that forgets them");
}

fn grace(count: u64) {
    let count = count.min(99_000);
    let names: Vec<Box<[u8]>> = (0..count).map(|number| bytes(number).as_slice().into()).collect();
    let mut world = World::with(Config::default(), &names);
    world.skip();
    let name = bytes(1);
    let (id, confirm) = world.setclientid(&name, 1);
    world
        .once("SETCLIENTID_CONFIRM in grace", |core, now| core.setclientid_confirm(now, id, confirm, ROOT))
        .expect("confirmed");
    world.now += Duration::from_secs(91);
    world.alarms("on_alarm, the end of grace, 99,000 did not come back");
}

fn revoked() {
    let mut world = World::new();
    let (client, _) = world.client_41(b"holder");
    let mut stateids = Vec::new();
    for number in 0..10_000 {
        stateids.push(world.open(&mut Calls::default(), client, &file(number), 0).stateid);
    }
    world.core.revoke(world.now, Revoke::Client(client));
    world.skip();
    let mut calls = Calls::default();
    for stateid in &stateids {
        let now = world.now;
        calls.call(&mut world.core, |core| core.free_stateid(now, stateid)).expect("freed");
    }
    calls.print("FREE_STATEID of one of 10,000 that were revoked");
}

pub fn run(count: u64) {
    sessions(count);
    unconfirmed(count);
    confirmed(count);
    grace(count);
    revoked();
}
