//! SETCLIENTID and SETCLIENTID_CONFIRM (RFC 7530 §16.33, §16.34).

use super::*;

#[test]
fn clientids_that_come_round_pass_over_living_clients() {
    let mut w = World::new();
    w.core.clients.count_from((1 << 31) - 3);
    let mut a = w.process("a", "f");
    let sessions = w.session_client("s", 1);
    let (unconfirmed, _) = w.setclientid("u", 1, ROOT).unwrap();
    assert_eq!(unconfirmed.count(), 0, "the counter has come round");
    w.core.clients.count_from((1 << 31) - 3);
    let (other, confirm) = w.setclientid("b", 1, ROOT).unwrap();
    let with_sessions = w.exchange_id("c", 1, ROOT, false).unwrap().clientid;
    let known = [a.client, sessions.client, unconfirmed].map(|id| id.with_sessions());
    assert!(!known.contains(&other.with_sessions()) && !known.contains(&with_sessions));
    assert_ne!(other.with_sessions(), with_sessions);
    w.core.setclientid_confirm(w.now, other, confirm, ROOT).unwrap();
    assert!(w.close(&mut a, "f").is_ok());
    assert_eq!(w.core.renew(w.now, sessions.client), Ok(()));
}

const USER: Principal = Principal::Sys { uid: 1000 };

#[test]
fn a_new_name_gets_a_clientid_that_counts_once_confirmed() {
    let mut w = World::new();
    let (id, confirm) = w.setclientid("a", 1, ROOT).unwrap();
    assert_eq!(id.epoch(), 7);
    assert_eq!(w.core.renew(w.now, id), Err(Status::StaleClientid));
    assert_eq!(w.core.setclientid_confirm(w.now, id, confirm, ROOT), Ok(()));
    assert_eq!(w.core.renew(w.now, id), Ok(()));
    assert_eq!(w.core.client_name(id), Some(&b"a"[..]));
}

#[test]
fn the_same_incarnation_again_keeps_its_clientid_and_state() {
    let mut w = World::new();
    let mut p = w.process("a", "f");
    let (id, confirm) = w.setclientid("a", 1, ROOT).unwrap();
    assert_eq!(id, p.client);
    // As long as the update is not confirmed, everything goes on.
    assert!(is_granted(&w.lock(&mut p, "f", bytes(0, 9), LockKind::Write)));
    assert_eq!(w.core.setclientid_confirm(w.now, id, confirm, ROOT), Ok(()));
    assert!(w.locku(&mut p, "f", bytes(0, 9)).is_ok());
}

#[test]
fn an_update_gets_a_confirm_verifier_of_its_own() {
    let mut w = World::new();
    let (id, first) = w.setclientid("a", 1, ROOT).unwrap();
    w.core.setclientid_confirm(w.now, id, first, ROOT).unwrap();
    let (again, second) = w.setclientid("a", 1, ROOT).unwrap();
    assert_eq!(again, id);
    assert_ne!(first, second);
    assert_eq!(w.core.setclientid_confirm(w.now, id, second, ROOT), Ok(()));
    assert_eq!(w.core.setclientid_confirm(w.now, id, first, ROOT), Err(Status::StaleClientid));
}

#[test]
fn another_principal_is_refused_while_the_client_has_state() {
    let mut w = World::new();
    let p = w.process("a", "f");
    let refused = SetClientidRefused::InUse(Box::new(Callback { ident: 1, ..Callback::default() }));
    assert_eq!(w.setclientid("a", 1, USER), Err(refused.clone()));
    assert_eq!(w.setclientid("a", 2, USER), Err(refused));
    assert_eq!(w.core.renew(w.now, p.client), Ok(()));
}

#[test]
fn another_principal_takes_over_a_name_without_state() {
    let mut w = World::new();
    let old = w.client("a");
    let (new, confirm) = w.setclientid("a", 1, USER).unwrap();
    assert_ne!(new, old);
    assert_eq!(w.core.setclientid_confirm(w.now, new, confirm, USER), Ok(()));
    assert_eq!(w.core.renew(w.now, old), Err(Status::Expired));
}

#[test]
fn another_principal_takes_over_the_name_of_a_courtesy_client() {
    let mut w = World::new();
    let p = w.process("a", "f");
    w.pass(LEASE);
    let (new, confirm) = w.setclientid("a", 1, USER).unwrap();
    assert_ne!(new, p.client);
    assert_eq!(w.core.setclientid_confirm(w.now, new, confirm, USER), Ok(()));
    assert_eq!(w.core.counts().1, 0, "what was open is closed");
}

#[test]
fn another_principal_cannot_confirm_over_state_made_since() {
    let mut w = World::new();
    let mut p = Process::of(w.client("a"), "a");
    let (new, confirm) = w.setclientid("a", 1, USER).unwrap();
    w.open(&mut p, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
    assert_eq!(w.core.setclientid_confirm(w.now, new, confirm, USER), Err(Status::ClidInUse));
    assert!(w.close(&mut p, "f").is_ok());
}

#[test]
fn a_restarted_client_loses_its_state_when_it_confirms() {
    let mut w = World::new();
    let mut p = w.process("a", "f");
    let mut other = w.process("b", "f");
    w.lock(&mut p, "f", bytes(0, 9), LockKind::Write);
    let (new, confirm) = w.setclientid("a", 2, ROOT).unwrap();
    assert_ne!(new, p.client);
    // Not before the confirmation: anybody can claim a restart.
    assert_eq!(denied_by(&w.lock(&mut other, "f", bytes(0, 9), LockKind::Write)), "a");
    w.core.setclientid_confirm(w.now, new, confirm, ROOT).unwrap();
    assert!(is_granted(&w.lock(&mut other, "f", bytes(0, 9), LockKind::Write)));
    // For a lease its late requests are told what happened, then nobody remembers it.
    assert_eq!(w.core.renew(w.now, p.client), Err(Status::Expired));
    assert_eq!(w.close(&mut p, "f"), Err(Status::Expired));
    w.pass_renewing(2 * LEASE, &[new, other.client]);
    assert_eq!(w.core.renew(w.now, p.client), Err(Status::StaleClientid));
    assert_eq!(w.close(&mut p, "f"), Err(Status::BadStateid));
}

#[test]
fn an_unconfirmed_clientid_is_replaced_by_the_next_setclientid() {
    let mut w = World::new();
    let (first, first_confirm) = w.setclientid("a", 1, ROOT).unwrap();
    let (second, confirm) = w.setclientid("a", 1, ROOT).unwrap();
    assert_ne!(first, second);
    assert_eq!(w.core.setclientid_confirm(w.now, first, first_confirm, ROOT), Err(Status::StaleClientid));
    assert_eq!(w.core.setclientid_confirm(w.now, second, confirm, ROOT), Ok(()));
    assert_eq!(w.core.counts(), (1, 0));
}

#[test]
fn an_unconfirmed_restart_is_replaced_and_leaves_the_confirmed_client_alone() {
    let mut w = World::new();
    let old = w.client("a");
    let (second, second_confirm) = w.setclientid("a", 2, ROOT).unwrap();
    let (third, third_confirm) = w.setclientid("a", 3, ROOT).unwrap();
    assert_eq!(w.core.setclientid_confirm(w.now, second, second_confirm, ROOT), Err(Status::StaleClientid));
    assert_eq!(w.core.renew(w.now, old), Ok(()));
    assert_eq!(w.core.setclientid_confirm(w.now, third, third_confirm, ROOT), Ok(()));
    assert_eq!(w.core.renew(w.now, old), Err(Status::Expired));
}

#[test]
fn a_confirmation_needs_the_right_verifier_and_principal_and_can_be_repeated() {
    let mut w = World::new();
    let (id, confirm) = w.setclientid("a", 1, ROOT).unwrap();
    let mut wrong = confirm;
    wrong[7] ^= 1;
    assert_eq!(w.core.setclientid_confirm(w.now, id, wrong, ROOT), Err(Status::StaleClientid));
    assert_eq!(w.core.setclientid_confirm(w.now, id, confirm, USER), Err(Status::ClidInUse));
    assert_eq!(w.core.setclientid_confirm(w.now, id, confirm, ROOT), Ok(()));
    assert_eq!(w.core.setclientid_confirm(w.now, id, confirm, ROOT), Ok(()));
    assert_eq!(w.core.setclientid_confirm(w.now, id, confirm, USER), Err(Status::ClidInUse));
    assert_eq!(w.core.setclientid_confirm(w.now, id, wrong, ROOT), Err(Status::StaleClientid));
}

#[test]
fn an_unconfirmed_clientid_is_forgotten_after_a_lease() {
    let mut w = World::new();
    let (id, confirm) = w.setclientid("a", 1, ROOT).unwrap();
    assert_eq!(w.core.counts().0, 1);
    w.pass(2 * LEASE);
    assert_eq!(w.core.counts().0, 0);
    assert_eq!(w.core.setclientid_confirm(w.now, id, confirm, ROOT), Err(Status::StaleClientid));
}

#[test]
fn clients_are_bounded() {
    let mut w = World::with(Config { clients_max: 2, ..Config::default() });
    w.client("a");
    w.setclientid("b", 1, ROOT).unwrap();
    let full = Err(SetClientidRefused::Other(Status::Resource));
    assert_eq!(w.setclientid("c", 1, ROOT), full);
    // An update of one that is there needs no room.
    assert!(w.setclientid("a", 1, ROOT).is_ok());
}

#[test]
fn a_clientid_of_another_run_is_stale() {
    let mut old = World::new();
    let p = old.process("a", "f");
    let mut w = World::restarted(&["a"]);
    assert_eq!(w.core.renew(w.now, p.client), Err(Status::StaleClientid));
    let mut p = p;
    assert_eq!(w.open(&mut p, "g", ShareAccess::READ, ShareDeny::NONE), Err(Status::StaleClientid));
    assert_eq!(w.close(&mut p, "f"), Err(Status::StaleStateid));
    let refused = LockReply::Refused(Status::StaleStateid);
    assert_eq!(w.lock(&mut p, "f", bytes(0, 9), LockKind::Write), refused);
    let lockt = w.core.lockt(w.now, &fh("f"), p.client, b"a", Some(bytes(0, 9)), LockKind::Read);
    assert_eq!(lockt, Err(Status::StaleClientid));
    assert_eq!(w.core.release_lockowner(w.now, p.client, b"a"), Err(Status::StaleClientid));
}

#[test]
fn another_principal_takes_over_a_name_whose_opens_are_all_closed() {
    let mut w = World::new();
    let mut p = w.process("a", "f");
    w.close(&mut p, "f").unwrap();
    assert!(w.setclientid("a", 1, USER).is_ok());
}
