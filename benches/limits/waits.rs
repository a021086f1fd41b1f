//! Waiters, and calls to them.

use super::meter::Calls;
use super::world::{Owner, World, file, held};
use lockhouse::nfs4::{ConnectionId, LockKind, Range};
use lockhouse::state::{CallbackAnswer, CallbackId, Config};
use std::time::Duration;

const WRITE: LockKind = LockKind::Write;

/// `files` files that one client holds, each with a full queue of another.
fn queues(minor: u32, files: u64) -> (World, Vec<(Owner, Owner)>, Vec<Owner>) {
    let mut world = World::new();
    let (holder, waiter) = match minor {
        0 => (world.client(b"holder"), world.client(b"waiter")),
        _ => (world.client_41(b"holder").0, world.client_41(b"waiter").0),
    };
    let most = Config::default().waiters_per_file_max as u64;
    let (mut holders, mut opens) = (Vec::new(), Vec::new());
    let mut calls = Calls::default();
    for number in 0..files {
        let fh = file(number);
        let mut open = world.open(&mut Calls::default(), holder, &fh, number);
        let owner = world.lock_new(&mut Calls::default(), &fh, &mut open, number, Range::WHOLE, WRITE);
        holders.push((open, owner));
        let mut open = world.open(&mut Calls::default(), waiter, &fh, 1000 + number);
        for place in 0..most {
            let name = number * 10_000 + place;
            world.try_lock_new(&mut calls, &fh, &mut open, name, Range::WHOLE, (WRITE, true));
        }
        opens.push(open);
        world.skip();
    }
    calls.print(&format!("4.{minor} LOCK that begins to wait, {files} × {most} waiters"));
    (world, holders, opens)
}

fn full(minor: u32, files: u64) {
    let (mut world, mut holders, mut opens) = queues(minor, files);
    let mut calls = Calls::default();
    let fh = file(0);
    for place in 0..Config::default().waiters_per_file_max as u64 {
        world.try_lock_new(&mut calls, &fh, &mut opens[0], place, Range::WHOLE, (WRITE, true));
    }
    calls.print(&format!("4.{minor} LOCK, a poll, {files} queues full"));
    let (mut unlock, mut take) = (Calls::default(), Calls::default());
    for (number, (_, owner)) in (0..).zip(&mut holders) {
        world.unlock(&mut unlock, &file(number), owner, Range::WHOLE);
    }
    unlock.print(&format!("4.{minor} LOCKU, {files} queues full"));
    let mut sent = Vec::new();
    for _ in 0..20 {
        let now = world.now;
        sent.extend(take.call(&mut world.core, |core| core.take_callbacks(now)));
    }
    take.print(&format!("4.{minor} take_callbacks, {files} queues full, none answered"));
    let mut answers = Calls::default();
    for call in sent.iter().take(8) {
        let (now, id) = (world.now, call.id);
        answers.call(&mut world.core, |core| {
            core.callback_answered(now, ConnectionId(1), id, CallbackAnswer::Refused);
        });
    }
    answers.print(&format!("4.{minor} callback_answered, {files} queues full"));
    let now = world.now;
    world.core.callback_answered(now, ConnectionId(9), CallbackId(9), CallbackAnswer::Refused);
    for _ in 0..5 {
        world.now += Duration::from_secs(6);
        world.alarms(&format!("4.{minor} on_alarm, reservations end, {files} queues full"));
    }
    world.once(&format!("4.{minor} connection_lost, {files} queues full"), |core, _| {
        core.connection_lost(ConnectionId(1));
    });
    world.now += Duration::from_secs(70);
    world.alarms(&format!("4.{minor} on_alarm, the leases end, {files} queues full"));
}

/// `count` readers hold, and `waiters` wait for all of them.
fn readers(count: u64, waiters: u64) {
    let mut world = World::new();
    let (holder, waiter) = (world.client(b"holder"), world.client(b"waiter"));
    let fh = file(0);
    let (_, mut owners) = world.many_owners(&mut Calls::default(), holder, &fh, count, LockKind::Read);
    let mut open = world.open(&mut Calls::default(), waiter, &fh, 1);
    let mut calls = Calls::default();
    for place in 0..waiters {
        world.try_lock_new(&mut calls, &fh, &mut open, 1_000_000 + place, Range::WHOLE, (WRITE, true));
    }
    calls.print(&format!("LOCK that begins to wait behind {count} readers, {waiters} waiters"));
    let mut calls = Calls::default();
    for owner in owners.iter_mut().take(100) {
        world.unlock(&mut calls, &fh, owner, held(0));
    }
    calls.print(&format!("LOCKU of one of {count} readers, {waiters} waiters"));
}

pub fn run(count: u64) {
    let files = if count > 10_000 { 16 } else { 2 };
    full(0, files);
    full(1, files);
    readers(count.min(100_000), 1000.min(count));
}
