//! A warm restart: the core that comes back from records goes on where the old one was.

use super::session_client::create;
use super::*;
use LockKind::{Read, Write};

const ALL: Range = Range::WHOLE;

impl World {
    /// The server is killed and started again; all that was stored is there.
    pub(super) fn restart(&mut self) {
        self.take_changes();
        let epoch = self.core.instance.epoch() + 1;
        self.core = self.kept.restore(self.config.clone(), epoch, self.now).unwrap();
    }

    /// A request in a slot that was answered with `reply`, or not yet.
    fn in_slot(&mut self, command: &SequenceCommand, reply: Option<&[u8]>) -> SlotTicket {
        match self.sequence(command) {
            Ok(SequenceTurn::Go(_, ticket)) => {
                if let Some(reply) = reply {
                    self.core.sequence_end(&ticket, Some(reply), true);
                }
                ticket
            }
            other => panic!("not carried out: {other:?}"),
        }
    }
}

#[test]
fn locks_opens_and_stateids_are_as_they_were() {
    let mut w = World::new();
    let (mut a, mut b) = (w.process("a", "f"), w.process("b", "f"));
    let (client, mut c) = w.session_process("c", 1, "f");
    assert!(is_granted(&w.lock(&mut a, "f", bytes(0, 99), Write)));
    w.locku(&mut a, "f", bytes(10, 19)).unwrap();
    assert!(is_granted(&w.lock(&mut a, "f", bytes(50, 59), Read)));
    assert!(is_granted(&w.lock(&mut c, "f", bytes(10, 19), Write)));
    let generation = w.core.generation(&fh("f"));
    w.restart();
    assert!(!w.core.in_grace(w.now));
    assert_eq!(w.core.generation(&fh("f")), generation);
    assert_eq!(denied_by(&w.lock(&mut b, "f", bytes(15, 15), Read)), "c");
    assert_eq!(denied_by(&w.lock(&mut b, "f", bytes(20, 30), Read)), "a");
    assert_eq!(w.lockt(&b, "f", bytes(50, 59), Read), None);
    assert_eq!(w.locks_version(&a, "f"), 3);
    // Seqids and versions go on.
    assert!(is_granted(&w.lock(&mut a, "f", bytes(50, 59), Write)));
    assert_eq!(w.locks_version(&a, "f"), 4);
    assert!(w.core.generation(&fh("f")) > generation);
    w.locku(&mut a, "f", ALL).unwrap();
    w.locku(&mut c, "f", ALL).unwrap();
    assert!(w.close(&mut a, "f").is_ok() && w.close(&mut c, "f").is_ok());
    assert_eq!(w.core.renew(w.now, client.client), Ok(()));
}

impl World {
    fn locks_version(&self, who: &Process, file: &str) -> u32 {
        who.locks[file].seqid
    }
}

#[test]
fn the_last_reply_of_an_owner_is_given_again() {
    let mut w = World::new();
    let mut a = w.process("a", "f");
    let mut b = w.process("b", "f");
    let locked = (a.open_seqid, a.lock_seqid, a.locks.clone());
    let granted = w.lock(&mut a, "f", ALL, Write);
    let denied_at = (b.open_seqid, b.lock_seqid);
    let denied = w.lock(&mut b, "f", ALL, Write);
    w.restart();
    (a.open_seqid, a.lock_seqid, a.locks) = locked;
    assert_eq!(w.lock(&mut a, "f", ALL, Write), granted);
    (b.open_seqid, b.lock_seqid) = denied_at;
    assert_eq!(w.lock(&mut b, "f", ALL, Write), denied);
    let seqid = a.lock_seqid;
    let unlocked = w.locku(&mut a, "f", ALL);
    w.restart();
    a.lock_seqid = seqid;
    a.locks.get_mut("f").unwrap().seqid -= 1;
    assert_eq!(w.locku(&mut a, "f", ALL), unlocked);
    let seqid = a.open_seqid;
    let closed = w.close(&mut a, "f");
    w.restart();
    a.open_seqid = seqid;
    a.opens.get_mut("f").unwrap().seqid -= 1;
    assert_eq!(w.close(&mut a, "f"), closed);
}

#[test]
fn an_unconfirmed_client_and_an_unconfirmed_owner_can_still_be_confirmed() {
    let mut w = World::new();
    let (id, confirm) = w.setclientid("a", 1, ROOT).unwrap();
    let found = w.exchange_id("b", 1, ROOT, false).unwrap();
    w.restart();
    assert_eq!(w.core.setclientid_confirm(w.now, id, confirm, ROOT), Ok(()));
    assert!(w.create_session(&create(found.clientid, found.sequence)).is_ok());
    let mut p = Process::of(id, "p");
    assert!(w.open_only(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap().confirm);
    w.restart();
    assert!(w.open_confirm(&mut p, "f").is_ok());
    assert!(is_granted(&w.lock(&mut p, "f", ALL, Write)));
}

#[test]
fn a_create_session_is_answered_again_and_numbers_go_on() {
    let mut w = World::new();
    let found = w.exchange_id("a", 1, ROOT, false).unwrap();
    let created = w.create_session(&create(found.clientid, found.sequence)).unwrap();
    w.restart();
    assert_eq!(w.create_session(&create(found.clientid, found.sequence)), Ok(created));
    let second = w.create_session(&create(found.clientid, found.sequence + 1)).unwrap();
    assert_ne!(second.id, created.id);
    assert_eq!(w.core.census().sessions, 2);
}

#[test]
fn a_slot_answers_what_it_has_and_takes_any_later_number_once() {
    let mut w = World::new();
    let client = w.session_client("a", 1);
    let at = |sequenceid| SequenceCommand { sequenceid, cachethis: true, ..client.next() };
    w.in_slot(&at(1), Some(b"one"));
    let kept = w.kept.clone();
    // What is not stored is forgotten: 2 to 5 have changed nothing.
    for number in 2..6 {
        let ticket = w.in_slot(&at(number), None);
        w.core.sequence_end(&ticket, Some(b"read"), false);
    }
    w.restart();
    assert!(matches!(w.sequence(&at(1)), Ok(SequenceTurn::Replay(reply)) if *reply == *b"one"));
    assert_eq!(w.sequence(&at(0)).unwrap_err(), Status::SeqMisordered);
    let other = SequenceCommand { request: 77, ..at(1) };
    assert_eq!(w.sequence(&other).unwrap_err(), Status::SeqFalseRetry);
    w.in_slot(&at(6), Some(b"six"));
    assert_eq!(w.sequence(&at(9)).unwrap_err(), Status::SeqMisordered);
    assert!(matches!(w.sequence(&at(6)), Ok(SequenceTurn::Replay(_))));
    // A slot of which nothing was stored takes any number.
    assert!(kept.records.len() <= w.kept.records.len());
    let unused = SequenceCommand { slotid: 2, highest_slotid: 2, ..at(41) };
    w.in_slot(&unused, Some(b"x"));
    assert_eq!(w.sequence(&SequenceCommand { sequenceid: 43, ..unused }).unwrap_err(), Status::SeqMisordered);
}

#[test]
fn what_was_being_carried_out_is_carried_out_again_but_for_what_was_done() {
    let mut w = World::new();
    let client = w.session_client("a", 1);
    let command = SequenceCommand { cachethis: true, ..client.next() };
    w.in_slot(&command, None);
    w.restart();
    // Nothing of it was stored.
    let ticket = w.in_slot(&command, None);
    let done = Done { index: 2, result: b"closed"[..].into(), fh: Some(fh("f")), stateid: Stateid::INVALID };
    w.core.sequence_progress(&ticket, std::slice::from_ref(&done));
    w.restart();
    let ticket = match w.sequence(&command) {
        Ok(SequenceTurn::Resume(reply, ticket, all)) => {
            assert_eq!((reply.sequenceid, &*all), (command.sequenceid, &[done][..]));
            ticket
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(w.sequence(&command).unwrap_err(), Status::Delay);
    w.core.sequence_end(&ticket, Some(b"all"), true);
    w.restart();
    assert!(matches!(w.sequence(&command), Ok(SequenceTurn::Replay(reply)) if *reply == *b"all"));
}

#[test]
fn waiters_keep_their_places() {
    let mut w = World::new();
    let mut holder = w.process("holder", "f");
    let (mut first, mut second) = (w.process("first", "f"), w.process("second", "f"));
    let mut third = w.process("third", "f");
    assert!(is_granted(&w.lock(&mut holder, "f", ALL, Write)));
    for waiter in [&mut first, &mut second] {
        assert_eq!(denied_by(&w.lockw(waiter, "f", ALL, Write)), "holder");
    }
    w.restart();
    w.locku(&mut holder, "f", ALL).unwrap();
    // Both ask very fast.
    for _ in 0..2 {
        assert_eq!(denied_by(&w.lockw(&mut second, "f", ALL, Write)), "first");
    }
    assert!(is_granted(&w.lockw(&mut first, "f", ALL, Write)));
    w.restart();
    assert_eq!(w.core.census().waiters, 1);
    w.locku(&mut first, "f", ALL).unwrap();
    assert!(is_granted(&w.lock(&mut third, "f", ALL, Write)), "second polls");
}

#[test]
fn a_call_that_was_not_answered_goes_out_again_with_its_number() {
    let mut w = World::new();
    let mut holder = w.process("holder", "f");
    let (client, mut waiter) = w.session_process("waiter", 1, "f");
    assert!(is_granted(&w.lock(&mut holder, "f", ALL, Write)));
    assert_eq!(denied_by(&w.lockw(&mut waiter, "f", ALL, Write)), "holder");
    w.locku(&mut holder, "f", ALL).unwrap();
    let call = w.core.take_callbacks(w.now).pop().unwrap();
    w.restart();
    // There is no connection to call over.
    assert_eq!(w.core.take_callbacks(w.now), []);
    let connection = ConnectionId(9);
    assert_eq!(w.core.bind_conn_to_session(w.now, client.session, connection, 3), Ok(3));
    let calls = w.core.take_callbacks(w.now);
    let again = calls.iter().find(|again| again.slotid == call.slotid).unwrap();
    assert_eq!((again.sequenceid, again.fh(), again.owner()), (call.sequenceid, call.fh(), call.owner()));
    assert_eq!(again.connection, connection);
    assert!(is_granted(&w.lockw(&mut waiter, "f", ALL, Write)));
}

#[test]
fn who_waits_is_told_when_it_is_back_however_late() {
    for (freed_before, late) in [(true, 0), (true, 10), (false, 0), (false, 10)] {
        let mut w = World::new();
        let mut holder = w.process("holder", "f");
        let mut other = w.process("other", "f");
        let (client, mut waiter) = w.session_process("waiter", 1, "f");
        assert!(is_granted(&w.lock(&mut holder, "f", ALL, Write)));
        assert_eq!(denied_by(&w.lockw(&mut waiter, "f", ALL, Write)), "holder");
        if freed_before {
            w.locku(&mut holder, "f", ALL).unwrap();
        }
        // No connection comes over a restart.
        w.restart();
        if !freed_before {
            w.locku(&mut holder, "f", ALL).unwrap();
        }
        assert_eq!(w.core.take_callbacks(w.now), []);
        w.pass(late);
        let connection = ConnectionId(9);
        assert_eq!(w.core.bind_conn_to_session(w.now, client.session, connection, 3), Ok(3));
        let calls = w.core.take_callbacks(w.now);
        let told: Vec<_> = calls.iter().map(|call| (&*call.owner().owner, call.connection)).collect();
        assert_eq!(told, [(&b"waiter"[..], connection)]);
        w.pass_ms(200);
        assert_eq!(denied_by(&w.lock(&mut other, "f", ALL, Write)), "waiter");
        assert!(is_granted(&w.lockw(&mut waiter, "f", ALL, Write)));
    }
}

#[test]
fn a_lease_starts_again_and_a_grace_period_too() {
    let mut w = World::restarted(&["a", "b"]);
    let mut a = Process::of(w.client("a"), "a");
    a.reclaims = true;
    w.pass(LEASE / 2);
    w.open(&mut a, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    w.restart();
    assert!(w.core.in_grace(w.now));
    assert!(is_granted(&w.lock(&mut a, "f", ALL, Write)));
    w.pass(LEASE - 1);
    assert_eq!(w.core.renew(w.now, a.client), Ok(()));
    w.pass(1);
    assert!(!w.core.in_grace(w.now));
    let mut c = w.process("c", "f");
    assert_eq!(denied_by(&w.lock(&mut c, "f", ALL, Write)), "a");
}

#[test]
fn what_a_client_held_alone_is_gone_with_it() {
    let mut w = World::new();
    let mut a = w.process("a", "f");
    assert!(is_granted(&w.lock(&mut a, "f", bytes(0, 9), Write)));
    assert!(is_granted(&w.lock(&mut a, "f", bytes(20, 29), Read)));
    // It restarts: its state goes, and the file, which nobody else had open, with it.
    let (id, confirm) = w.setclientid("a", 2, ROOT).unwrap();
    w.core.setclientid_confirm(w.now, id, confirm, ROOT).unwrap();
    w.restart();
    let mut b = w.process("b", "f");
    assert!(is_granted(&w.lock(&mut b, "f", ALL, Write)));
}

#[test]
fn who_expired_is_told_so_for_as_long_as_ever() {
    let mut w = World::new();
    // Between two looks at everything, so that both are there when the second expires.
    w.pass(1);
    let before = w.client("a");
    let (id, confirm) = w.setclientid("a", 2, ROOT).unwrap();
    w.core.setclientid_confirm(w.now, id, confirm, ROOT).unwrap();
    let mut a = Process::of(id, "a");
    w.open(&mut a, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert!(is_granted(&w.lock(&mut a, "f", ALL, Write)));
    w.pass(LEASE);
    let mut b = w.process("b", "f");
    assert!(is_granted(&w.lock(&mut b, "f", ALL, Write)));
    assert_eq!([before, id].map(|id| w.core.renew(w.now, id)), [Err(Status::Expired); 2]);
    w.restart();
    // What was replaced is forgotten after a lease, the last of the name is not.
    w.pass(2 * LEASE);
    assert_eq!(w.core.renew(w.now, before), Err(Status::StaleClientid));
    assert_eq!(w.core.renew(w.now, id), Err(Status::Expired));
}

#[test]
fn a_clientid_of_an_earlier_run_is_not_stale_where_another_was_to_stand() {
    let mut w = World::new();
    let (a, b) = (w.process("a", "f"), w.client("b"));
    w.restart();
    let c = w.client("c");
    let ask = |w: &mut World, client: ClientId| {
        let (open_stateid, open_seqid, lock_seqid) = (a.opens["f"], a.open_seqid, a.lock_seqid);
        let locker = Locker::New { open_stateid, open_seqid, clientid: client, owner: b"a", lock_seqid };
        let (range, kind, request) = (Some(ALL), Write, 1);
        let (fh, blocking, reclaim) = (&fh("f"), false, false);
        w.core.lock(w.now, &LockCommand { fh, range, kind, blocking, reclaim, locker, request })
    };
    for other in [b, c] {
        assert_eq!(ask(&mut w, other), LockReply::Refused(Status::BadStateid));
    }
    let stale = ClientId::new(6, 1);
    assert_eq!(ask(&mut w, stale), LockReply::Refused(Status::StaleClientid));
}

#[test]
fn clientids_and_serials_are_not_given_out_twice() {
    let mut w = World::new();
    let mut a = w.process("a", "f");
    let old = a.opens["f"];
    w.close(&mut a, "f").unwrap();
    // The next request of the owner makes the server forget the closed open.
    w.open(&mut a, "g", ShareAccess::READ, ShareDeny::NONE).unwrap();
    w.restart();
    w.open(&mut a, "h", ShareAccess::READ, ShareDeny::NONE).unwrap();
    assert!(a.opens["h"].serial() > a.opens["g"].serial() && a.opens["g"].serial() > old.serial());
    let b = w.client("b");
    assert!(b.epoch() > a.client.epoch());
    w.restart();
    assert!(w.core.renew(w.now, a.client).is_ok() && w.core.renew(w.now, b).is_ok());
    let before = ClientId::new(6, 1);
    assert_eq!(
        w.core.io(w.now, &fh("f"), &Stateid::first(before, 1), ShareAccess::READ),
        Err(Status::StaleStateid)
    );
}

#[test]
fn records_that_make_no_sense_are_refused() {
    let mut w = World::new();
    let (_, mut a) = w.session_process("a", 1, "f");
    let mut b = w.process("b", "f");
    assert!(is_granted(&w.lock(&mut a, "f", ALL, Write)));
    w.lockw(&mut b, "f", ALL, Write);
    w.take_changes();
    let restore = |kept: &Kept, w: &World| kept.restore(w.config.clone(), 8, w.now).map(|_| ());
    assert_eq!(restore(&w.kept, &w), Ok(()));
    let keys: Vec<_> = w.kept.records.keys().cloned().collect();
    for key in keys {
        let mut kept = w.kept.clone();
        let value = kept.records.remove(&key).unwrap();
        // Whatever is missing, nothing panics; what others refer to is missed.
        let _ = restore(&kept, &w);
        for cut in 0..value.len() {
            kept.records.insert(key.clone(), value[..cut].to_vec());
            assert!(restore(&kept, &w).is_err(), "{key:02x?} cut at {cut}");
        }
        let longer = [&value[..], &[0]].concat();
        kept.records.insert(key.clone(), longer);
        assert!(restore(&kept, &w).is_err(), "{key:02x?} and more");
        for bit in 0..value.len() * 8 {
            let mut value = value.clone();
            value[bit / 8] ^= 1 << (bit % 8);
            kept.records.insert(key.clone(), value);
            let _ = restore(&kept, &w);
        }
    }
    let mut kept = w.kept.clone();
    kept.records.insert(vec![254], vec![]);
    assert_eq!(restore(&kept, &w), Err(RestoreError::Key));
    kept.records.clear();
    assert_eq!(restore(&kept, &w), Err(RestoreError::NoInstance));
}
