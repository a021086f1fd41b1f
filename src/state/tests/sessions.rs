//! EXCHANGE_ID, CREATE_SESSION, SEQUENCE and what else makes, mends and ends sessions (RFC 8881 §18.33 to §18.37,
//! §18.46, §18.50).

use super::session_client::{CHANNEL, create};
use super::*;

const USER: Principal = Principal::Sys { uid: 1000 };
const BOTH: u32 = 3;

/// What the server knows of the name before.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Before {
    Nothing,
    Unconfirmed,
    Confirmed,
    WithState,
    /// With state, but its lease ran out.
    Courtesy,
    /// A client of SETCLIENTID.
    Without,
    WithoutWithState,
}

/// What EXCHANGE_ID answers.
#[derive(Debug, PartialEq)]
enum Answer {
    New,
    Same,
    Refused(Status),
}

fn prepare(w: &mut World, before: Before) -> Option<ClientId> {
    let open = |w: &mut World, client| {
        w.open(&mut Process::of(client, "p"), "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        client
    };
    Some(match before {
        Before::Nothing => return None,
        Before::Unconfirmed => w.exchange_id("a", 1, ROOT, false).unwrap().clientid,
        Before::Confirmed => w.session_client("a", 1).client,
        Before::WithState | Before::Courtesy => {
            let client = w.session_client("a", 1).client;
            open(w, client)
        }
        Before::Without => w.client("a"),
        Before::WithoutWithState => {
            let client = w.client("a");
            open(w, client)
        }
    })
}

/// The nine cases of §18.35.4, and those of a client that has changed to sessions.
#[test]
fn exchange_id_answers_by_what_is_known_of_the_name() {
    use Answer::{New, Refused, Same};
    use Before::*;
    let (in_use, no_ent) = (Refused(Status::ClidInUse), Refused(Status::NoEnt));
    // Before, same verifier, same principal, update, answer.
    let table = [
        (Nothing, true, true, false, &New),
        (Confirmed, true, true, false, &Same),
        (WithState, true, true, false, &Same),
        (Courtesy, true, true, false, &Same),
        (Confirmed, true, false, false, &in_use),
        (WithState, true, false, false, &in_use),
        (WithState, false, false, false, &in_use),
        (Courtesy, true, false, false, &New),
        (Unconfirmed, true, true, false, &New),
        (Unconfirmed, false, false, false, &New),
        (Confirmed, false, true, false, &New),
        (WithState, false, true, false, &New),
        (Confirmed, true, true, true, &Same),
        (Nothing, true, true, true, &no_ent),
        (Unconfirmed, true, true, true, &no_ent),
        (Confirmed, false, true, true, &Refused(Status::NotSame)),
        (Confirmed, true, false, true, &Refused(Status::Perm)),
        (WithState, false, false, true, &Refused(Status::Perm)),
        (Without, true, true, false, &New),
        (WithoutWithState, true, true, false, &New),
        (WithoutWithState, true, false, false, &in_use),
        (Without, true, true, true, &Refused(Status::NotSame)),
    ];
    for (before, verifier, principal, update, want) in table {
        let mut w = World::new();
        let known = prepare(&mut w, before);
        if before == Courtesy {
            w.pass(LEASE);
        }
        let boot = if verifier { 1 } else { 2 };
        let found = w.exchange_id("a", boot, if principal { ROOT } else { USER }, update);
        let got = match found {
            Ok(found) => {
                let same = known == Some(found.clientid);
                assert_eq!(same && before != Unconfirmed, found.confirmed);
                assert_eq!(found.sequence, if found.confirmed { 2 } else { 1 });
                if same { Same } else { New }
            }
            Err(status) => Refused(status),
        };
        assert_eq!(got, *want, "{before:?} {verifier} {principal} {update}");
    }
}

#[test]
fn an_unconfirmed_clientid_is_replaced_and_the_old_one_is_stale() {
    let mut w = World::new();
    let first = w.exchange_id("a", 1, ROOT, false).unwrap();
    let second = w.exchange_id("a", 1, ROOT, false).unwrap();
    assert_eq!(w.create_session(&create(first.clientid, 1)), Err(Status::StaleClientid));
    assert!(w.create_session(&create(second.clientid, 1)).is_ok());
    assert_eq!(w.core.counts().0, 1);
}

#[test]
fn the_first_session_confirms_and_drops_the_old_incarnation() {
    let mut w = World::new();
    let (mut old, mut p) = w.session_process("a", 1, "f");
    let mut other = w.process("b", "f");
    assert!(is_granted(&w.lock(&mut p, "f", bytes(0, 9), LockKind::Write)));
    let new = w.exchange_id("a", 2, ROOT, false).unwrap();
    // Not before CREATE_SESSION: anybody can claim a restart.
    assert_eq!(w.flags(&mut old), Ok(0));
    assert_eq!(denied_by(&w.lock(&mut other, "f", bytes(0, 9), LockKind::Write)), "a");
    assert!(w.create_session(&create(new.clientid, new.sequence)).is_ok());
    assert_eq!(w.flags(&mut old), Err(Status::BadSession));
    assert!(is_granted(&w.lock(&mut other, "f", bytes(0, 9), LockKind::Write)));
    assert_eq!(w.close(&mut p, "f"), Err(Status::Expired));
    assert_eq!(w.create_session(&create(old.client, 2)), Err(Status::StaleClientid));
}

#[test]
fn a_client_that_changes_to_sessions_loses_what_it_had_without() {
    let mut w = World::new();
    let mut p = w.process("a", "f");
    let new = w.session_client("a", 1);
    assert!(new.client.has_sessions() && !p.client.has_sessions());
    assert_eq!(w.close(&mut p, "f"), Err(Status::Expired));
    // And back again.
    let (id, confirm) = w.setclientid("a", 1, ROOT).unwrap();
    w.core.setclientid_confirm(w.now, id, confirm, ROOT).unwrap();
    assert_eq!(w.sequence(&new.next()).err(), Some(Status::BadSession));
}

#[test]
fn create_session_is_numbered_and_replayed() {
    let mut w = World::new();
    let found = w.exchange_id("a", 1, ROOT, false).unwrap();
    let id = found.clientid;
    for wrong in [found.sequence - 1, found.sequence + 1] {
        assert_eq!(w.create_session(&create(id, wrong)), Err(Status::SeqMisordered));
    }
    let first = w.create_session(&create(id, found.sequence)).unwrap();
    assert_eq!(w.create_session(&create(id, found.sequence)), Ok(first), "a retry");
    let second = w.create_session(&create(id, found.sequence + 1)).unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(second.sequence, found.sequence + 1);
    assert_eq!(w.create_session(&create(id, found.sequence)), Err(Status::SeqMisordered));
    assert_eq!(w.exchange_id("a", 1, ROOT, false).unwrap().sequence, found.sequence + 2);
}

#[test]
fn a_refused_create_session_uses_up_no_number_and_confirms_nothing() {
    let small = |part: &str| {
        let mut attrs = CHANNEL;
        *match part {
            "request" => &mut attrs.maxrequestsize,
            "response" => &mut attrs.maxresponsesize,
            "operations" => &mut attrs.maxoperations,
            _ => &mut attrs.maxrequests,
        } = 0;
        attrs
    };
    for part in ["request", "response", "operations", "requests"] {
        let mut w = World::new();
        let found = w.exchange_id("a", 1, ROOT, false).unwrap();
        let right = create(found.clientid, found.sequence);
        let tight = CreateSession { fore: small(part), ..right.clone() };
        assert_eq!(w.create_session(&tight), Err(Status::TooSmall), "{part}");
        let foreign = CreateSession { principal: USER, ..right.clone() };
        assert_eq!(w.create_session(&foreign), Err(Status::ClidInUse));
        assert_eq!(w.core.renew(w.now, found.clientid), Err(Status::StaleClientid), "not confirmed");
        assert!(w.create_session(&right).is_ok());
        // Once it is confirmed, it may come as anybody.
        let foreign = CreateSession { principal: USER, ..create(found.clientid, found.sequence + 1) };
        assert!(w.create_session(&foreign).is_ok());
    }
}

#[test]
fn channels_get_what_both_sides_can_do() {
    let mut w = World::new();
    let found = w.exchange_id("a", 1, ROOT, false).unwrap();
    let huge = ChannelAttrs {
        maxrequestsize: u32::MAX,
        maxresponsesize: u32::MAX,
        maxresponsesize_cached: u32::MAX,
        maxoperations: u32::MAX,
        maxrequests: u32::MAX,
    };
    let made =
        w.create_session(&CreateSession { fore: huge, back: huge, ..create(found.clientid, 1) }).unwrap();
    assert_eq!((made.fore, made.back), (Config::default().fore, Config::default().back));
    let made = w.create_session(&create(found.clientid, 2)).unwrap();
    assert_eq!(made.fore, CHANNEL);
}

#[test]
fn sessions_of_a_client_are_bounded() {
    let mut w = World::with(Config { sessions_per_client_max: 2, ..Config::default() });
    let client = w.session_client("a", 1);
    assert!(w.create_session(&create(client.client, 2)).is_ok());
    assert_eq!(w.create_session(&create(client.client, 3)), Err(Status::NoSpc));
    w.core.destroy_session(client.session, client.connection, None).unwrap();
    assert!(w.create_session(&create(client.client, 3)).is_ok());
}

#[test]
fn sequence_renews_the_lease() {
    let mut w = World::new();
    let (mut client, mut p) = w.session_process("a", 1, "f");
    let mut other = w.process("b", "f");
    w.lock(&mut p, "f", bytes(0, 9), LockKind::Write);
    for _ in 0..4 {
        w.pass(LEASE - 1);
        w.flags(&mut client).unwrap();
        w.core.renew(w.now, other.client).unwrap();
        assert_eq!(denied_by(&w.lock(&mut other, "f", bytes(0, 9), LockKind::Write)), "a");
    }
}

#[test]
fn a_courtesy_client_that_expires_loses_its_sessions() {
    let mut w = World::new();
    let (mut idle, mut p) = w.session_process("a", 1, "f");
    let mut other = w.process("b", "f");
    w.lock(&mut p, "f", bytes(0, 9), LockKind::Write);
    w.pass(LEASE - 1);
    w.core.renew(w.now, other.client).unwrap();
    w.pass(1);
    assert!(is_granted(&w.lock(&mut other, "f", bytes(0, 9), LockKind::Write)));
    assert_eq!(w.flags(&mut idle), Err(Status::BadSession));
    let bound = w.core.bind_conn_to_session(w.now, idle.session, ConnectionId(2), BOTH);
    assert_eq!(bound, Err(Status::BadSession));
    assert_eq!(w.create_session(&create(idle.client, 2)), Err(Status::StaleClientid));
    assert_ne!(w.exchange_id("a", 1, ROOT, false).unwrap().clientid, idle.client);
}

#[test]
fn a_courtesy_client_that_nobody_minds_goes_on() {
    let mut w = World::new();
    let (mut client, mut p) = w.session_process("a", 1, "f");
    w.pass(3 * LEASE);
    assert_eq!(w.flags(&mut client), Ok(0));
    assert!(is_granted(&w.lock(&mut p, "f", bytes(0, 9), LockKind::Write)));
}

/// Nothing is lost with them: who comes back makes a new clientid and a new session.
#[test]
fn sessions_of_a_silent_client_that_holds_nothing_go() {
    let mut w = World::new();
    let mut idle = w.session_client("a", 1);
    let (mut holder, _p) = w.session_process("b", 2, "f");
    w.pass(LEASE - 1);
    w.core.on_alarm(w.now);
    assert_eq!(w.flags(&mut idle), Ok(0), "its lease runs");
    w.pass(3 * LEASE);
    w.core.on_alarm(w.now);
    assert_eq!(w.flags(&mut idle), Err(Status::BadSession));
    assert_eq!(w.flags(&mut holder), Ok(0), "what it holds is kept for it");
}

#[test]
fn sequence_holds_a_request_against_its_session() {
    let mut w = World::new();
    let client = w.session_client("a", 1);
    let next = client.next();
    let slots = CHANNEL.maxrequests;
    for (command, want) in [
        (SequenceCommand { sessionid: SessionId([7; 16]), ..next }, Status::BadSession),
        (SequenceCommand { slotid: slots, ..next }, Status::BadSlot),
        (SequenceCommand { slotid: slots, highest_slotid: slots, ..next }, Status::BadSlot),
        (SequenceCommand { highest_slotid: slots, ..next }, Status::BadHighSlot),
        (SequenceCommand { sequenceid: 0, ..next }, Status::SeqMisordered),
        (SequenceCommand { sequenceid: 2, ..next }, Status::SeqMisordered),
        (SequenceCommand { operations: CHANNEL.maxoperations + 1, ..next }, Status::TooManyOps),
        (SequenceCommand { request_bytes: CHANNEL.maxrequestsize as usize + 1, ..next }, Status::ReqTooBig),
    ] {
        assert_eq!(w.sequence(&command).err(), Some(want), "{command:?}");
    }
    let most = SequenceCommand {
        operations: CHANNEL.maxoperations,
        request_bytes: CHANNEL.maxrequestsize as usize,
        highest_slotid: slots - 1,
        ..next
    };
    let Ok(SequenceTurn::Go(reply, ticket)) = w.sequence(&most) else { panic!("no number was used up") };
    assert_eq!((reply.highest_slotid, reply.status_flags), (slots - 1, 0));
    assert_eq!(w.sequence(&most).err(), Some(Status::Delay));
    assert!(matches!(w.sequence(&SequenceCommand { slotid: 1, ..most }), Ok(SequenceTurn::Go(..))));
    w.core.sequence_end(&ticket, Some(&[1, 2, 3, 4]), true);
    assert!(matches!(w.sequence(&most), Ok(SequenceTurn::Replay(bytes)) if *bytes == [1, 2, 3, 4]));
    let other = SequenceCommand { request: most.request + 1, ..most };
    assert_eq!(w.sequence(&other).err(), Some(Status::SeqFalseRetry));
}

#[test]
fn a_session_is_destroyed_over_one_of_its_connections_or_from_within() {
    let mut w = World::new();
    let a = w.session_client("a", 1);
    let second = w.create_session(&create(a.client, 2)).unwrap().id;
    let stranger = w.core.destroy_session(a.session, ConnectionId(9), None);
    assert_eq!(stranger, Err(Status::ConnNotBoundToSession));
    let from_other = w.core.destroy_session(a.session, ConnectionId(9), Some(second));
    assert_eq!(from_other, Err(Status::ConnNotBoundToSession));
    assert_eq!(w.core.destroy_session(a.session, ConnectionId(9), Some(a.session)), Ok(()));
    assert_eq!(w.core.destroy_session(a.session, ConnectionId(1), None), Err(Status::BadSession));
    assert_eq!(w.sequence(&a.next()).err(), Some(Status::BadSession));
    assert_eq!(w.core.destroy_session(second, ConnectionId(1), None), Ok(()));
}

#[test]
fn a_clientid_is_destroyed_when_it_has_neither_sessions_nor_state() {
    let mut w = World::new();
    let (a, mut p) = w.session_process("a", 1, "f");
    assert_eq!(w.core.destroy_clientid(w.now, a.client), Err(Status::ClientidBusy));
    w.close(&mut p, "f").unwrap();
    assert_eq!(w.core.destroy_clientid(w.now, a.client), Err(Status::ClientidBusy), "a session");
    w.core.destroy_session(a.session, a.connection, None).unwrap();
    assert_eq!(w.core.destroy_clientid(w.now, a.client), Ok(()));
    assert_eq!(w.core.destroy_clientid(w.now, a.client), Err(Status::StaleClientid));
    let unconfirmed = w.exchange_id("a", 1, ROOT, false).unwrap().clientid;
    assert_eq!(w.core.destroy_clientid(w.now, unconfirmed), Ok(()));
    assert_eq!(w.create_session(&create(unconfirmed, 1)), Err(Status::StaleClientid));
    let without = w.client("b");
    assert_eq!(w.core.destroy_clientid(w.now, without), Err(Status::StaleClientid));
    assert_eq!(w.core.counts().0, 1);
}

#[test]
fn a_client_of_exchange_id_cannot_be_confirmed_by_setclientid_confirm() {
    let mut w = World::new();
    let id = w.exchange_id("a", 1, ROOT, false).unwrap().clientid;
    for _ in 0..2 {
        let confirmed = w.core.setclientid_confirm(w.now, id, Verifier::default(), ROOT);
        assert_eq!(confirmed, Err(Status::StaleClientid));
        let _ = w.create_session(&create(id, 1));
    }
}
