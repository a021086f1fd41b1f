//! RFC 8881 §18.36, §18.37, §18.50: CREATE_SESSION, DESTROY_SESSION, DESTROY_CLIENTID.

use crate::support::{Actor, Place, refused, refused_with, status_of};
use lockhouse::client::session::create_session_args;
use lockhouse::client::{Client, Credential, SessionRequest, op, write_lock};
use lockhouse::nfs4::Status;
use lockhouse::xdr::generated::nfs4::*;

const V1: [u8; 8] = *b"boot one";

fn fresh() -> (Place, Client, EXCHANGE_ID4resok) {
    let place = Place::new();
    let mut client = place.stranger_41();
    let made = client.exchange_id(&place.client_id("x"), V1, 0).unwrap();
    (place, client, made)
}

fn args(id: &EXCHANGE_ID4resok, step: u32) -> CREATE_SESSION4args {
    create_session_args(id.eir_clientid, id.eir_sequenceid.wrapping_add(step), 0, 4)
}

/// The bytes of the answer.
fn bytes(client: &mut Client, args: &CREATE_SESSION4args) -> Vec<u8> {
    client.compound_bytes(&[op::create_session(args)]).unwrap()
}

/// §18.36.4: sent again, it makes no second session and gives the same answer, also over another connection.
#[test]
fn replay() {
    let (place, mut client, id) = fresh();
    let first = bytes(&mut client, &args(&id, 0));
    assert_eq!(bytes(&mut client, &args(&id, 0)), first);
    assert_eq!(bytes(&mut place.stranger_41(), &args(&id, 0)), first);
    client.create_session(&args(&id, 1)).unwrap();
}

/// §18.36.4: any sequence id but the last one and the next one.
#[test]
fn misordered() {
    let (_place, mut client, id) = fresh();
    for step in [u32::MAX, 1, 2, 77] {
        refused(client.create_session(&args(&id, step)), Status::SeqMisordered);
    }
    client.create_session(&args(&id, 0)).unwrap();
    for step in [u32::MAX, 2, 77] {
        refused(client.create_session(&args(&id, step)), Status::SeqMisordered);
    }
    client.create_session(&args(&id, 1)).unwrap();
}

/// §18.36.4: one that failed has used its sequence id; its replay says the same.
#[test]
fn replay_of_a_failure() {
    let (_place, mut client, id) = fresh();
    let bad = CREATE_SESSION4args { csa_flags: 0x80, ..args(&id, 0) };
    refused(client.create_session(&bad), Status::Inval);
    match client.create_session(&bad) {
        Err(error) => assert_eq!(error.status(), Some(Status::Inval)),
        Ok(_) => panic!("the replay succeeds"),
    }
}

/// §18.36.4: a clientid that was never given out.
#[test]
fn unknown_clientid() {
    let (_place, mut client, id) = fresh();
    let unknown =
        CREATE_SESSION4args { csa_clientid: id.eir_clientid ^ 0x0123_4567_89ab_cdef, ..args(&id, 0) };
    refused(client.create_session(&unknown), Status::StaleClientid);
}

/// §18.36.3: flags that are not defined.
#[test]
fn undefined_flags() {
    let (_place, mut client, id) = fresh();
    refused(client.create_session(&CREATE_SESSION4args { csa_flags: 0x8, ..args(&id, 0) }), Status::Inval);
}

/// §18.36.3: what is granted is never more than what was asked for, but for the header padding.
#[test]
fn grants_at_most_what_was_asked_for() {
    let (_place, mut client, id) = fresh();
    let asked = args(&id, 0);
    let made = client.create_session(&asked).unwrap();
    assert_eq!(made.csr_sequence, asked.csa_sequence);
    assert_eq!(made.csr_flags & !asked.csa_flags, 0);
    for (got, asked) in [
        (&made.csr_fore_chan_attrs, &asked.csa_fore_chan_attrs),
        (&made.csr_back_chan_attrs, &asked.csa_back_chan_attrs),
    ] {
        assert!(got.ca_maxrequestsize <= asked.ca_maxrequestsize);
        assert!(got.ca_maxresponsesize <= asked.ca_maxresponsesize);
        assert!(got.ca_maxresponsesize_cached <= asked.ca_maxresponsesize_cached);
        assert!(got.ca_maxoperations <= asked.ca_maxoperations);
        assert!((1..=asked.ca_maxrequests).contains(&got.ca_maxrequests));
    }
}

/// §18.36.3: channels too small for anything.
#[test]
fn channels_that_are_too_small() {
    type Change = fn(&mut channel_attrs4);
    let changes: [Change; 2] = [|fore| fore.ca_maxrequestsize = 16, |fore| fore.ca_maxresponsesize = 16];
    for change in changes {
        let (_place, mut client, id) = fresh();
        let mut small = args(&id, 0);
        change(&mut small.csa_fore_chan_attrs);
        refused(client.create_session(&small), Status::TooSmall);
    }
}

/// §18.36.4: only the principal of the EXCHANGE_ID may confirm it.
#[test]
fn another_principal_cannot_confirm() {
    let (_place, mut client, id) = fresh();
    let own = std::mem::replace(&mut client.credential, Credential::sys(4242, 4242));
    refused(client.create_session(&args(&id, 0)), Status::ClidInUse);
    client.credential = own;
    client.create_session(&args(&id, 0)).unwrap();
}

/// §2.10.9: a client may have several sessions; its state belongs to all of them.
#[test]
fn sessions_share_the_state_of_their_client() {
    let place = Place::new();
    let (mut a, mut b) = (place.session_locker("a"), place.session_locker("b"));
    a.lock(write_lock(0, 1)).unwrap();
    let owner = a.actor.id.clone();
    let id = a.actor.exchange_id(&owner, *b"verifier", 0).unwrap();
    let made = a.actor.create_session(&args(&id, 0)).unwrap();
    let first = a.actor.session_id();
    assert_ne!(made.csr_sessionid.0, first);
    assert_eq!(a.actor.bare(&[op::destroy_session(first)]), Status::Ok);
    a.actor.use_session(&made);
    b.lock_denied(write_lock(0, 1));
    a.lock(write_lock(1, 1)).unwrap();
    a.unlock(write_lock(0, 2)).unwrap();
    b.lock(write_lock(0, 1)).unwrap();
}

/// §18.37.3: what is destroyed cannot be destroyed again.
#[test]
fn destroy_unknown_session() {
    let place = Place::new();
    let mut a = place.member("a");
    let id = a.session_id();
    assert_eq!(a.bare(&[op::destroy_session([7; 16])]), Status::BadSession);
    assert_eq!(a.bare(&[op::destroy_session(id)]), Status::Ok);
    assert_eq!(a.bare(&[op::destroy_session(id)]), Status::BadSession);
}

/// §18.37.3: a COMPOUND may destroy its own session with its last operation.
#[test]
fn destroy_from_inside() {
    let mut a = Place::new().member("a");
    let destroy = op::destroy_session(a.session_id());
    let reply = a.sequenced((2, 1, false), std::slice::from_ref(&destroy));
    assert_eq!(reply.statuses(), [Status::Ok, Status::Ok]);
    assert_eq!(a.bare(&[destroy]), Status::BadSession);
}

/// §18.50.3: a client with a session is busy; without one it can go, once.
#[test]
fn destroy_clientid() {
    let mut a = Place::new().member("a");
    let destroy = op::destroy_clientid(a.clientid);
    assert_eq!(a.bare(std::slice::from_ref(&destroy)), Status::ClientidBusy);
    assert_eq!(status_of(a.compound(std::slice::from_ref(&destroy))), Status::ClientidBusy);
    let id = a.session_id();
    assert_eq!(a.bare(&[op::destroy_session(id)]), Status::Ok);
    assert_eq!(a.bare(std::slice::from_ref(&destroy)), Status::Ok);
    assert_eq!(a.bare(&[destroy]), Status::StaleClientid);
}

/// §18.50.3: a client with state and no session is busy too.
#[test]
fn destroy_clientid_with_state() {
    let mut a = Place::new().session_locker("a");
    a.lock(write_lock(0, 1)).unwrap();
    let id = a.actor.session_id();
    assert_eq!(a.actor.bare(&[op::destroy_session(id)]), Status::Ok);
    let destroy = op::destroy_clientid(a.actor.clientid);
    assert_eq!(a.actor.bare(&[destroy]), Status::ClientidBusy);
}

/// §18.50.3: an unconfirmed clientid, and one that was never given out.
#[test]
fn destroy_clientid_that_is_not_confirmed() {
    let (_place, mut client, id) = fresh();
    let mut destroy = |clientid| client.compound_raw(1, &[op::destroy_clientid(clientid)]).unwrap().status;
    assert_eq!(destroy(id.eir_clientid ^ 0x0123_4567_89ab_cdef), Status::StaleClientid);
    assert_eq!(destroy(id.eir_clientid), Status::Ok);
    assert_eq!(destroy(id.eir_clientid), Status::StaleClientid);
}

/// §18.51.3: before RECLAIM_COMPLETE nothing new may be opened or locked.
#[test]
fn reclaim_complete_comes_first() {
    let place = Place::new();
    let mut client = place.stranger();
    client.begin_session(1, &SessionRequest::new(&place.client_id("a"), V1)).unwrap();
    let mut a = Actor::on(client, place.dir.clone(), Vec::new());
    let open = lockhouse::client::OpenRequest::create("f");
    refused(a.open_as("o", &open), Status::Grace);
    a.reclaim_complete().unwrap();
    a.open_as("o", &open).unwrap();
}

/// §18.51.4: and it is said once.
#[test]
fn reclaim_complete_twice() {
    let mut a = Place::new().member("a");
    refused(a.reclaim_complete(), Status::CompleteAlready);
}

/// §18.33, §18.34: the back channel's security, and a connection that is bound again.
#[test]
fn back_channel_ctl() {
    let mut a = Place::new().member("a");
    let parameters = [callback_sec_parms4::Const0, lockhouse::client::session::auth_sys()];
    for parameter in parameters {
        a.compound_ok(&[op::backchannel_ctl(0x4000_0000, vec![parameter])]).unwrap();
    }
    let handle = || gsshandle4_t(b"unknown".to_vec());
    let gss = callback_sec_parms4::Const6(gss_cb_handles4 {
        gcbp_service: rpc_gss_svc_t::RPC_GSS_SVC_NONE,
        gcbp_handle_from_server: handle(),
        gcbp_handle_from_client: handle(),
    });
    refused_with(a.compound_ok(&[op::backchannel_ctl(0x4000_0000, vec![gss])]), &[Status::NoEnt]);
}

/// §18.34.3: a session that is not there.
#[test]
fn bind_to_an_unknown_session() {
    let mut a = Place::new().member("a");
    let bind = op::bind_conn_to_session([9; 16], channel_dir_from_client4::CDFC4_FORE_OR_BOTH);
    assert_eq!(a.bare(&[bind]), Status::BadSession);
}

/// §18.34, §2.10.3.1: a new connection becomes the back channel; who waits is called there.
#[test]
fn new_connection_takes_callbacks() {
    let place = Place::new();
    let (mut a, mut b) = (place.session_locker("a"), place.session_locker("b"));
    a.lock(write_lock(0, 1)).unwrap();
    let connection = place.stranger().connection;
    let bound = b.actor.bind_connection(connection, channel_dir_from_client4::CDFC4_BACK_OR_BOTH).unwrap();
    assert_ne!(bound, channel_dir_from_server4::CDFS4_FORE);
    b.lock_denied(write_lock(0, 1).blocking());
    a.unlock(write_lock(0, 1)).unwrap();
    let (file, owner) = (b.file.filehandle.clone(), b.owner.name.clone());
    let session = b.actor.session.as_mut().unwrap();
    assert!(session.wait_notify(&file, &owner, std::time::Duration::from_secs(10)).is_some());
    b.lock(write_lock(0, 1).blocking()).unwrap();
}

/// §18.46.3: a session without a back channel is told so.
#[test]
fn lost_back_channel_is_reported() {
    let place = Place::new();
    let mut a = place.member("a");
    a.compound_ok(&[op::putrootfh()]).unwrap();
    let down = SEQ4_STATUS_CB_PATH_DOWN | SEQ4_STATUS_CB_PATH_DOWN_SESSION;
    assert_eq!(a.session.as_ref().unwrap().status_flags & down, 0);
    a.connection = place.stranger().connection;
    crate::support::eventually("SEQ4_STATUS_CB_PATH_DOWN", || {
        a.compound_ok(&[op::putrootfh()]).unwrap();
        (a.session.as_ref().unwrap().status_flags & down != 0).then_some(())
    });
}
