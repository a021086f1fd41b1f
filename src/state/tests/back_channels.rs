//! The ways to a client: BIND_CONN_TO_SESSION, BACKCHANNEL_CTL, lost connections, and what SEQUENCE tells of them (RFC
//! 8881 §18.33, §18.34, §18.46).

use super::session_client::{SessionClient, create};
use super::*;
use LockKind::Write;

const CB_PATH_DOWN: u32 = 1;
const CB_PATH_DOWN_SESSION: u32 = 0x200;
const BACKCHANNEL_FAULT: u32 = 0x400;
const FORE: u32 = 1;
const BACK: u32 = 2;
const BOTH: u32 = 3;
const BACK_OR_BOTH: u32 = 7;

#[test]
fn a_lost_back_channel_shows_until_another_is_bound() {
    let mut w = World::new();
    let mut a = w.session_client("a", 1);
    assert_eq!(w.flags(&mut a), Ok(0));
    w.core.connection_lost(ConnectionId(1));
    a.connection = ConnectionId(2);
    assert_eq!(w.flags(&mut a), Ok(CB_PATH_DOWN | CB_PATH_DOWN_SESSION));
    // Another session of the client can carry callbacks: only this one cannot.
    let other = CreateSession { connection: ConnectionId(3), ..create(a.client, 2) };
    w.create_session(&other).unwrap();
    assert_eq!(w.flags(&mut a), Ok(CB_PATH_DOWN_SESSION));
    for (dir, bound, flags) in [(FORE, FORE, CB_PATH_DOWN_SESSION), (BOTH, BOTH, 0)] {
        assert_eq!(w.core.bind_conn_to_session(w.now, a.session, ConnectionId(2), dir), Ok(bound));
        assert_eq!(w.flags(&mut a), Ok(flags));
    }
}

#[test]
fn a_client_that_wants_no_callbacks_hears_nothing_of_them() {
    let mut w = World::new();
    let found = w.exchange_id("a", 1, ROOT, false).unwrap();
    let made = w.create_session(&CreateSession { back_channel: false, ..create(found.clientid, 1) }).unwrap();
    assert!(!made.back_channel);
    let connection = ConnectionId(1);
    let mut a = SessionClient { client: found.clientid, session: made.id, connection, sequenceid: 0 };
    assert_eq!(w.flags(&mut a), Ok(0));
    assert_eq!(w.core.bind_conn_to_session(w.now, a.session, connection, BACK), Ok(BACK));
    assert_eq!(w.flags(&mut a), Ok(0));
    w.core.connection_lost(connection);
    assert_eq!(w.flags(&mut a), Ok(CB_PATH_DOWN | CB_PATH_DOWN_SESSION), "now it does");
}

/// RFC 8881 §18.46.3: `SEQ4_STATUS_CB_PATH_DOWN` is about the client, and said in each of its sessions.
#[test]
fn a_session_that_wants_no_callbacks_hears_that_those_of_its_client_are_lost() {
    for wish in ["created", "bound"] {
        let mut w = World::new();
        let found = w.exchange_id("a", 1, ROOT, false).unwrap();
        let create = |sequence, back_channel, connection| CreateSession {
            back_channel,
            connection: ConnectionId(connection),
            ..create(found.clientid, sequence)
        };
        let made = w.create_session(&create(1, false, 1)).unwrap();
        let (session, connection) = (made.id, ConnectionId(1));
        let mut a = SessionClient { client: found.clientid, session, connection, sequenceid: 0 };
        let other = w.create_session(&create(2, wish == "created", 2)).unwrap();
        if wish == "bound" {
            assert_eq!(w.flags(&mut a), Ok(0));
            assert_eq!(w.core.bind_conn_to_session(w.now, other.id, ConnectionId(2), BACK), Ok(BACK));
        }
        assert_eq!(w.flags(&mut a), Ok(0), "{wish}");
        w.core.connection_lost(ConnectionId(2));
        assert_eq!(w.flags(&mut a), Ok(CB_PATH_DOWN), "{wish}");
        // No connection outlives the server.
        w.restart();
        assert_eq!(w.flags(&mut a), Ok(CB_PATH_DOWN), "{wish}");
        assert!(w.core.bind_conn_to_session(w.now, other.id, ConnectionId(3), BACK).is_ok());
        assert_eq!(w.flags(&mut a), Ok(0), "{wish}");
    }
}

#[test]
fn without_credentials_nobody_is_called_until_they_come() {
    let mut w = World::new();
    let found = w.exchange_id("a", 1, ROOT, false).unwrap();
    let made = w.create_session(&CreateSession { sec: None, ..create(found.clientid, 1) }).unwrap();
    assert!(!made.back_channel);
    let connection = ConnectionId(1);
    let mut a = SessionClient { client: found.clientid, session: made.id, connection, sequenceid: 0 };
    let down = CB_PATH_DOWN | CB_PATH_DOWN_SESSION;
    assert_eq!(w.flags(&mut a), Ok(down));
    for (dir, bound) in [(BOTH, FORE), (BACK, BACK), (BACK_OR_BOTH, BOTH)] {
        assert_eq!(w.core.bind_conn_to_session(w.now, a.session, connection, dir), Ok(bound), "{dir}");
        assert_eq!(w.flags(&mut a), Ok(down));
    }
    assert_eq!(w.core.backchannel_ctl(a.session, 5, None), Err(Status::NoEnt));
    assert_eq!(w.flags(&mut a), Ok(down));
    assert_eq!(w.core.backchannel_ctl(a.session, 5, Some(CallbackSec::None)), Ok(()));
    assert_eq!(w.flags(&mut a), Ok(0));
}

#[test]
fn a_refused_call_is_a_fault_of_the_session_until_its_back_channel_is_mended() {
    for mend in ["bind", "ctl"] {
        let mut w = World::new();
        let (mut a, mut p) = w.session_process("a", 1, "f");
        let mut holder = w.process("b", "f");
        w.lock(&mut holder, "f", bytes(0, 9), Write);
        w.lockw(&mut p, "f", bytes(0, 9), Write);
        w.locku(&mut holder, "f", bytes(0, 9)).unwrap();
        let call = w.core.take_callbacks(w.now).remove(0);
        assert_eq!(w.flags(&mut a), Ok(0));
        w.core.callback_answered(w.now, call.connection, call.id, CallbackAnswer::Refused);
        assert_eq!(w.flags(&mut a), Ok(BACKCHANNEL_FAULT));
        match mend {
            "bind" => drop(w.core.bind_conn_to_session(w.now, a.session, a.connection, BACK)),
            _ => w.core.backchannel_ctl(a.session, 5, Some(CallbackSec::None)).unwrap(),
        }
        assert_eq!(w.flags(&mut a), Ok(0), "{mend}");
        // The waiter knows of nothing: it is called again. What was refused did not count: this call has its number.
        let next = w.core.take_callbacks(w.now).remove(0);
        assert_eq!((next.slotid, next.sequenceid), (call.slotid, call.sequenceid));
        w.core.callback_answered(w.now, next.connection, next.id, CallbackAnswer::Done(Status::BadHandle));
        assert!(is_granted(&w.lock(&mut holder, "f", bytes(0, 9), Write)));
        assert_eq!(denied_by(&w.lockw(&mut p, "f", bytes(0, 9), Write)), "b");
        w.locku(&mut holder, "f", bytes(0, 9)).unwrap();
        assert_eq!(w.core.take_callbacks(w.now)[0].sequenceid, call.sequenceid + 1, "that one counted");
    }
}
