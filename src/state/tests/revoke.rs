//! State taken back by hand, and what its client sees of it (RFC 7530 §9.8; RFC 8881 §8.4.3, §8.5, §18.38, §18.46,
//! §18.48).

use super::session_client::SessionClient;
use super::*;
use LockKind::{Read, Write};

const ALL: Range = Range::WHOLE;
const REVOKED: Status = Status::AdminRevoked;
/// `SEQ4_STATUS_ADMIN_STATE_REVOKED`.
const FLAG: u32 = 0x20;

impl World {
    fn revoke_stateid(&mut self, stateid: Stateid) -> usize {
        self.core.revoke(self.now, Revoke::Stateid(stateid))
    }

    fn revoke_lock(&mut self, who: &Process, file: &str, range: Range) -> usize {
        let owner = crate::nfs4::LockOwner { clientid: who.client, owner: who.name.as_bytes().into() };
        self.core.revoke(self.now, Revoke::Lock { fh: &fh(file), owner: &owner, range })
    }

    fn free(&mut self, stateid: Stateid) -> Result<(), Status> {
        self.core.free_stateid(self.now, &stateid)
    }

    fn io(&mut self, stateid: Stateid) -> Result<(), Status> {
        self.core.io(self.now, &fh("f"), &stateid, ShareAccess::WRITE).map(drop)
    }

    /// A client with sessions that holds all of `f`.
    fn session_holder(&mut self) -> (SessionClient, Process) {
        let (client, mut holder) = self.session_process("holder", 1, "f");
        assert!(is_granted(&self.lock(&mut holder, "f", ALL, Write)));
        (client, holder)
    }

    /// One without.
    fn holder(&mut self) -> Process {
        let mut holder = self.process("holder", "f");
        assert!(is_granted(&self.lock(&mut holder, "f", ALL, Write)));
        holder
    }
}

fn recorded() -> ClientChange {
    ClientChange::ClientRecorded(b"holder"[..].into())
}

fn forgotten() -> ClientChange {
    ClientChange::ClientForgotten(b"holder"[..].into())
}

#[test]
fn a_revoked_lock_is_known_until_it_is_freed() {
    for after_restart in [false, true] {
        let mut w = World::new();
        let (client, mut holder) = w.session_holder();
        let stateid = holder.locks["f"];
        assert_eq!(w.revoke_lock(&holder, "f", bytes(7, 7)), 1);
        if after_restart {
            w.restart();
        }
        let asked = w.lock(&mut holder.clone(), "f", bytes(0, 9), Write);
        assert_eq!(asked, LockReply::Refused(REVOKED));
        assert_eq!(w.locku(&mut holder.clone(), "f", ALL), Err(REVOKED));
        assert_eq!(w.io(stateid), Err(REVOKED));
        assert_eq!(w.core.test_stateid(client.client, &stateid), REVOKED);
        assert_eq!(w.free(Stateid { seqid: 99, ..stateid }), Err(Status::BadStateid));
        assert_eq!(w.free(stateid), Ok(()));
        assert_eq!(w.core.test_stateid(client.client, &stateid), Status::BadStateid);
        assert_eq!(w.free(stateid), Err(Status::BadStateid));
        // The open is as good as before.
        assert_eq!(w.io(holder.opens["f"]), Ok(()));
        holder.locks.clear();
        assert!(is_granted(&w.lock(&mut holder, "f", ALL, Write)));
        assert_ne!(holder.locks["f"].other, stateid.other);
    }
}

#[test]
fn a_version_that_the_client_has_not_heard_of_keeps_nobody_from_freeing() {
    let mut w = World::new();
    let (_, mut holder) = w.session_holder();
    let heard_of = holder.locks["f"];
    assert!(is_granted(&w.lock(&mut holder, "f", bytes(0, 9), Read)));
    assert_eq!(w.revoke_stateid(heard_of), 1);
    assert_eq!(w.free(heard_of), Ok(()));
}

#[test]
fn sequence_tells_until_all_are_freed() {
    let mut w = World::new();
    let (mut client, mut holder) = w.session_holder();
    w.open(&mut holder, "g", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert_eq!(w.flags(&mut client), Ok(0));
    let stateids = [holder.locks["f"], holder.opens["f"], holder.opens["g"]];
    assert_eq!(w.core.revoke(w.now, Revoke::Client(client.client)), 3);
    for stateid in stateids {
        assert_eq!(w.flags(&mut client), Ok(FLAG));
        assert_eq!(w.core.test_stateid(client.client, &stateid), REVOKED);
        assert_eq!(w.free(stateid), Ok(()));
    }
    assert_eq!(w.flags(&mut client), Ok(0));
    // It goes on with the session that it has.
    assert!(w.open(&mut holder, "f", ShareAccess::BOTH, ShareDeny::BOTH).is_ok());
}

#[test]
fn who_waits_behind_it_gets_its_turn() {
    let mut w = World::new();
    let (_, holder) = w.session_holder();
    let (_, mut waiter) = w.session_process("waiter", 2, "f");
    assert_eq!(denied_by(&w.lockw(&mut waiter, "f", bytes(0, 9), Read)), "holder");
    assert_eq!(w.revoke_stateid(holder.opens["f"]), 2);
    assert_eq!(w.core.take_callbacks(w.now).len(), 1);
    assert!(is_granted(&w.lockw(&mut waiter, "f", bytes(0, 9), Read)));
}

#[test]
fn a_revoked_open_denies_nobody_anything() {
    let mut w = World::new();
    let mut denier = Process::of(w.client("denier"), "denier");
    w.open(&mut denier, "f", ShareAccess::BOTH, ShareDeny::BOTH).unwrap();
    let mut other = Process::of(w.client("other"), "other");
    assert_eq!(w.open(&mut other, "f", ShareAccess::READ, ShareDeny::NONE), Err(Status::ShareDenied));
    assert_eq!(w.revoke_stateid(denier.opens["f"]), 1);
    assert!(w.open(&mut other, "f", ShareAccess::READ, ShareDeny::NONE).is_ok());
    assert_eq!(w.io(denier.opens["f"]), Err(REVOKED));
}

/// An owner's locks on a file are one thing, under however many opens it asked for them.
#[test]
fn a_lock_is_revoked_under_all_opens() {
    let mut w = World::new();
    let (_, mut holder) = w.session_holder();
    let mut second = Process::of(holder.client, "second opener");
    w.open(&mut second, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    second.name = holder.name;
    assert!(is_granted(&w.lock(&mut second, "f", bytes(0, 9), Read)));
    assert_ne!(second.locks["f"].other, holder.locks["f"].other);
    w.open(&mut holder, "g", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert!(is_granted(&w.lock(&mut holder, "g", ALL, Write)));
    assert_eq!(w.revoke_stateid(second.locks["f"]), 2);
    for stateid in [second.locks["f"], holder.locks["f"]] {
        assert_eq!(w.io(stateid), Err(REVOKED));
    }
    assert!(w.locku(&mut holder, "g", ALL).is_ok(), "on another file");
    assert_eq!(w.core.held().count(), 0);
}

#[test]
fn nothing_is_revoked_where_nothing_is_held() {
    let mut w = World::new();
    let mut holder = w.process("holder", "f");
    assert!(is_granted(&w.lock(&mut holder, "f", bytes(10, 19), Read)));
    assert_eq!(w.revoke_lock(&holder, "f", bytes(20, 29)), 0);
    assert_eq!(w.revoke_lock(&holder, "g", ALL), 0);
    assert_eq!(w.revoke_lock(&Process::of(holder.client, "nobody"), "f", ALL), 0);
    assert_eq!(w.revoke_stateid(Stateid::first(holder.client, 99)), 0);
    assert_eq!(w.revoke_stateid(Stateid::ANONYMOUS), 0);
    assert_eq!(w.core.revoke(w.now, Revoke::Client(ClientId(1))), 0);
    assert!(w.locku(&mut holder, "f", ALL).is_ok());
    w.close(&mut holder, "f").unwrap();
    assert_eq!(w.core.revoke(w.now, Revoke::Client(holder.client)), 0, "a closed open is nothing");
}

/// RFC 7530 §9.1.7: `ADMIN_REVOKED` uses up a seqid, and is answered again to a retransmission.
#[test]
fn seqids_go_on_over_a_revoked_lock() {
    let mut w = World::new();
    let mut holder = w.holder();
    w.revoke_stateid(holder.locks["f"]);
    let before = holder.clone();
    assert_eq!(w.locku(&mut holder, "f", ALL), Err(REVOKED));
    assert_eq!(holder.lock_seqid, before.lock_seqid + 1);
    assert_eq!(w.locku(&mut before.clone(), "f", ALL), Err(REVOKED), "again");
    assert_eq!(w.lock(&mut holder, "f", ALL, Read), LockReply::Refused(REVOKED));
    let other = w.locku(&mut before.clone(), "f", ALL);
    assert_eq!(other, Err(Status::BadSeqid), "an earlier one");
    // As a new lock_owner under the same open.
    holder.locks.clear();
    assert!(is_granted(&w.lock(&mut holder, "f", ALL, Write)));
    assert!(w.locku(&mut holder, "f", ALL).is_ok());
    assert!(w.close(&mut holder, "f").is_ok());
}

#[test]
fn seqids_go_on_over_a_revoked_open() {
    let mut w = World::new();
    let mut holder = w.holder();
    assert_eq!(w.revoke_stateid(holder.opens["f"]), 2);
    let lock = holder.locks.remove("f").unwrap();
    assert_eq!(w.lock(&mut holder, "f", ALL, Read), LockReply::Refused(REVOKED));
    let downgraded = w.open_downgrade(&mut holder, "f", ShareAccess::READ, ShareDeny::NONE);
    assert_eq!(downgraded, Err(REVOKED));
    let before = holder.clone();
    assert_eq!(w.close(&mut holder, "f"), Err(REVOKED));
    assert_eq!(w.close(&mut before.clone(), "f"), Err(REVOKED), "again");
    // Now the client knows.
    for stateid in [holder.opens["f"], lock] {
        assert_eq!(w.io(stateid), Err(Status::BadStateid));
    }
    assert!(w.open(&mut holder, "f", ShareAccess::BOTH, ShareDeny::NONE).is_ok());
    assert!(is_granted(&w.lock(&mut holder, "f", ALL, Write)));
}

#[test]
fn a_client_without_sessions_acknowledges_locks_by_their_owner_or_their_open() {
    for by_owner in [true, false] {
        let mut w = World::new();
        let mut holder = w.holder();
        let stateid = holder.locks["f"];
        w.revoke_stateid(stateid);
        assert_eq!(w.io(stateid), Err(REVOKED));
        if by_owner {
            w.core.release_lockowner(w.now, holder.client, b"holder").unwrap();
        } else {
            w.close(&mut holder, "f").unwrap();
        }
        assert_eq!(w.io(stateid), Err(Status::BadStateid), "{by_owner}");
        assert_eq!(w.core.renew(w.now, holder.client), Ok(()));
    }
}

/// RFC 8881 §8.4.3: as long as a revocation is not acknowledged, its client reclaims nothing after a restart.
#[test]
fn nothing_is_reclaimed_before_a_revocation_is_acknowledged() {
    let mut w = World::new();
    let (_, mut holder) = w.session_holder();
    w.take_changes();
    let stateid = holder.locks["f"];
    w.revoke_stateid(stateid);
    assert_eq!(w.take_changes(), [forgotten()]);
    w.open(&mut holder, "g", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert_eq!(w.take_changes(), []);
    w.free(stateid).unwrap();
    assert_eq!(w.take_changes(), [recorded()]);

    let mut w = World::new();
    let mut holder = w.holder();
    w.open(&mut holder, "g", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    w.take_changes();
    w.revoke_stateid(holder.opens["f"]);
    assert_eq!(w.take_changes(), [forgotten()]);
    assert_eq!(w.close(&mut holder, "f"), Err(REVOKED));
    assert_eq!(w.take_changes(), [recorded()]);
}

#[test]
fn what_was_revoked_in_a_grace_period_is_not_reclaimed_again() {
    let mut w = World::restarted(&["holder", "other"]);
    let mut holder = Process::of(w.reclaiming_client("holder", 1).client, "holder");
    holder.reclaims = true;
    w.open(&mut holder, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert_eq!(w.revoke_stateid(holder.opens["f"]), 1);
    assert_eq!(w.take_changes(), [forgotten()]);
    let again = w.open(&mut holder, "f", ShareAccess::BOTH, ShareDeny::NONE);
    assert_eq!(again, Err(Status::NoGrace));
    w.core.reclaim_complete(w.now, holder.client).unwrap();
    assert_eq!(w.take_changes(), []);
}

#[test]
fn of_too_many_the_first_are_forgotten() {
    let mut w = World::with(Config { revoked_per_client_max: 2, ..Config::default() });
    let (mut client, mut holder) = w.session_holder();
    let mut revoked = Vec::new();
    for _ in 0..4 {
        revoked.push(holder.locks["f"]);
        assert_eq!(w.revoke_lock(&holder, "f", ALL), 1);
        holder.locks.clear();
        assert!(is_granted(&w.lock(&mut holder, "f", ALL, Write)));
    }
    let tested = revoked.iter().map(|stateid| w.core.test_stateid(client.client, stateid));
    assert_eq!(tested.collect::<Vec<_>>(), [Status::BadStateid, Status::BadStateid, REVOKED, REVOKED]);
    assert_eq!(w.flags(&mut client), Ok(FLAG));
    // Ranges are given back each time.
    assert_eq!(w.core.clients.get(client.client).unwrap().range_count(), 1);
}

#[test]
fn a_client_may_leave_with_what_it_did_not_free() {
    let mut w = World::new();
    let (client, _) = w.session_holder();
    assert_eq!(w.core.revoke(w.now, Revoke::Client(client.client)), 2);
    w.core.destroy_session(client.session, client.connection, None).unwrap();
    assert_eq!(w.core.destroy_clientid(w.now, client.client), Ok(()));
    let again = w.session_client("holder", 1);
    assert_ne!(again.client, client.client);
}
