//! RFC 8881 §18.35: EXCHANGE_ID. The cases are those of §18.35.4, by their numbers there.

use crate::support::{Actor, Place, refused, refused_with, two_session_lockers};
use lockhouse::client::session::create_session_args;
use lockhouse::client::{Client, Credential, op, write_lock};
use lockhouse::nfs4::Status;
use lockhouse::xdr::generated::nfs4::*;

const V1: [u8; 8] = *b"boot one";
const V2: [u8; 8] = *b"boot two";
const UPDATE: u32 = EXCHGID4_FLAG_UPD_CONFIRMED_REC_A;

fn fresh() -> (Place, Client, Vec<u8>) {
    let place = Place::new();
    let (client, id) = (place.stranger_41(), place.client_id("x"));
    (place, client, id)
}

/// CREATE_SESSION, which confirms the clientid.
fn confirm(client: &mut Client, id: &EXCHANGE_ID4resok) -> CREATE_SESSION4resok {
    client.create_session(&create_session_args(id.eir_clientid, id.eir_sequenceid, 0, 4)).unwrap()
}

fn is_confirmed(id: &EXCHANGE_ID4resok) -> bool {
    id.eir_flags & EXCHGID4_FLAG_CONFIRMED_R != 0
}

fn other_principal(place: &Place) -> Client {
    let mut thief = place.stranger_41();
    thief.credential = Credential::sys(4242, 4242);
    thief
}

/// Case 1: a new owner gets a clientid that is not confirmed.
#[test]
fn new_owner() {
    let (_place, mut client, id) = fresh();
    let made = client.exchange_id(&id, V1, 0).unwrap();
    assert!(!is_confirmed(&made));
    let other = client.exchange_id(&[&id[..], b"y"].concat(), V1, 0).unwrap();
    assert_ne!(other.eir_clientid, made.eir_clientid);
    assert_eq!(other.eir_server_owner, made.eir_server_owner);
    assert_eq!(other.eir_server_scope, made.eir_server_scope);
}

/// §18.35.3: the server says what it is, and never that it is a data server and no metadata server at once.
#[test]
fn roles() {
    let (_place, mut client, id) = fresh();
    let flags = client.exchange_id(&id, V1, 0).unwrap().eir_flags;
    assert_ne!(flags & EXCHGID4_FLAG_MASK_PNFS, 0);
    let both = EXCHGID4_FLAG_USE_NON_PNFS | EXCHGID4_FLAG_USE_PNFS_MDS;
    assert_ne!(flags & both, both);
    assert_eq!(flags & UPDATE, 0);
}

/// Case 2: the same owner again, confirmed: the same clientid, and everything stays.
#[test]
fn confirmed_owner_again() {
    let (place, mut client, id) = fresh();
    let first = client.exchange_id(&id, V1, 0).unwrap();
    let session = confirm(&mut client, &first);
    let again = place.stranger_41().exchange_id(&id, V1, 0).unwrap();
    assert_eq!(again.eir_clientid, first.eir_clientid);
    assert!(is_confirmed(&again));
    client.use_session(&session);
    client.reclaim_complete().unwrap();
}

/// Case 3: the owner of another principal that holds state is in use.
#[test]
fn collision_with_state() {
    let place = Place::new();
    let mut a = place.session_locker("a");
    a.lock(write_lock(0, 1)).unwrap();
    let mut thief = other_principal(&place);
    for verifier in [*b"verifier", V2] {
        refused(thief.exchange_id(&a.actor.id, verifier, 0), Status::ClidInUse);
    }
    a.lock(write_lock(1, 1)).unwrap();
}

/// Case 3: without state it can be had by another.
#[test]
fn collision_without_state() {
    let (place, mut client, id) = fresh();
    let first = client.exchange_id(&id, V1, 0).unwrap();
    let session = confirm(&mut client, &first);
    assert_eq!(
        client.compound_raw(1, &[op::destroy_session(session.csr_sessionid.0)]).unwrap().status,
        Status::Ok
    );
    let stolen = other_principal(&place).exchange_id(&id, V1, 0).unwrap();
    assert_ne!(stolen.eir_clientid, first.eir_clientid);
    assert!(!is_confirmed(&stolen));
}

/// Case 4: an unconfirmed record is replaced, whoever asks and with whatever verifier.
#[test]
fn unconfirmed_is_replaced() {
    let (place, mut client, id) = fresh();
    let first = client.exchange_id(&id, V1, 0).unwrap();
    let second = client.exchange_id(&id, V2, 0).unwrap();
    let third = other_principal(&place).exchange_id(&id, V2, 0).unwrap();
    assert!(first.eir_clientid != second.eir_clientid && second.eir_clientid != third.eir_clientid);
    for gone in [first, second] {
        let args = create_session_args(gone.eir_clientid, gone.eir_sequenceid, 0, 4);
        refused(client.create_session(&args), Status::StaleClientid);
    }
}

/// Case 5: a restarted client gets a new clientid; its old state goes when that is confirmed, not before.
#[test]
fn restart_drops_the_old_state_when_confirmed() {
    let place = Place::new();
    let (mut a, mut b) = (place.session_locker("a"), place.session_locker("b"));
    a.lock(write_lock(0, 1)).unwrap();
    let mut rebooted = place.stranger_41();
    let made = rebooted.exchange_id(&a.actor.id, V2, 0).unwrap();
    assert_ne!(made.eir_clientid, a.actor.clientid);
    assert!(!is_confirmed(&made));
    b.lock_denied(write_lock(0, 1));
    a.lock(write_lock(1, 1)).unwrap();
    confirm(&mut rebooted, &made);
    b.lock(write_lock(0, 1)).unwrap();
    refused(a.lock(write_lock(2, 1)), Status::BadSession);
}

/// Case 5, never confirmed: the old client goes on, and may say again who it is.
#[test]
fn unconfirmed_restart_is_forgotten() {
    let place = Place::new();
    let mut a = place.session_locker("a");
    place.stranger_41().exchange_id(&a.actor.id, V2, 0).unwrap();
    let again = place.stranger_41().exchange_id(&a.actor.id, *b"verifier", 0).unwrap();
    assert_eq!(again.eir_clientid, a.actor.clientid);
    a.lock(write_lock(0, 1)).unwrap();
}

/// Case 6: an update of a confirmed record.
#[test]
fn update() {
    let (_place, mut client, id) = fresh();
    let first = client.exchange_id(&id, V1, 0).unwrap();
    confirm(&mut client, &first);
    let updated = client.exchange_id(&id, V1, UPDATE).unwrap();
    assert_eq!(updated.eir_clientid, first.eir_clientid);
    assert!(is_confirmed(&updated));
}

/// Case 7: there is nothing to update.
#[test]
fn update_without_a_confirmed_record() {
    let (_place, mut client, id) = fresh();
    refused(client.exchange_id(&id, V1, UPDATE), Status::NoEnt);
    client.exchange_id(&id, V1, 0).unwrap();
    refused(client.exchange_id(&id, V1, UPDATE), Status::NoEnt);
}

/// Cases 8 and 9: an update with another verifier, or of another principal.
#[test]
fn update_by_somebody_else() {
    let (place, mut client, id) = fresh();
    let first = client.exchange_id(&id, V1, 0).unwrap();
    confirm(&mut client, &first);
    refused(client.exchange_id(&id, V2, UPDATE), Status::NotSame);
    refused(other_principal(&place).exchange_id(&id, V1, UPDATE), Status::Perm);
    refused_with(other_principal(&place).exchange_id(&id, V2, UPDATE), &[Status::Perm, Status::NotSame]);
    let args = create_session_args(first.eir_clientid, first.eir_sequenceid + 1, 0, 4);
    client.create_session(&args).unwrap();
}

/// §18.35.3: flags that are not defined, or that only a server sets.
#[test]
fn flags_that_are_not_defined() {
    let (_place, mut client, id) = fresh();
    for flags in [0x8, 0x200, 0x0800_0000, EXCHGID4_FLAG_CONFIRMED_R] {
        refused(client.exchange_id(&id, V1, flags), Status::Inval);
    }
    let all = EXCHGID4_FLAG_SUPP_MOVED_REFER
        | EXCHGID4_FLAG_SUPP_MOVED_MIGR
        | EXCHGID4_FLAG_BIND_PRINC_STATEID
        | EXCHGID4_FLAG_MASK_PNFS;
    client.exchange_id(&id, V1, all).unwrap();
}

/// §18.35.3: state protection needs RPCSEC_GSS, which AUTH_SYS is not; SSV needs algorithms.
#[test]
fn state_protection_without_means() {
    let (_place, mut client, id) = fresh();
    let ops = || state_protect_ops4 { spo_must_enforce: bitmap4(vec![]), spo_must_allow: bitmap4(vec![]) };
    let ssv = |hash: Vec<sec_oid4>, encr: Vec<sec_oid4>| {
        state_protect4_a::SP4_SSV(ssv_sp_parms4 {
            ssp_ops: ops(),
            ssp_hash_algs: hash,
            ssp_encr_algs: encr,
            ssp_window: 8,
            ssp_num_gss_handles: 1,
        })
    };
    let odd = || vec![sec_oid4(b"no such algorithm".to_vec())];
    let wants = [op::machine_credential(&[42], &[]), ssv(vec![], vec![]), ssv(odd(), odd())];
    for protect in wants {
        let reply = client.compound_raw(1, &[op::exchange_id_protected(&id, V1, 0, protect.clone())]);
        let statuses =
            [Status::Inval, Status::HashAlgUnsupp, Status::EncrAlgUnsupp, Status::NotSupp, Status::WrongCred];
        refused_with(reply.and_then(|reply| reply.ok()), &statuses);
    }
}

/// §18.35.1: the longest owner.
#[test]
fn longest_owner() {
    let (_place, mut client, id) = fresh();
    let longest: Vec<u8> = id.iter().copied().cycle().take(NFS4_OPAQUE_LIMIT as usize).collect();
    client.exchange_id(&longest, V1, 0).unwrap();
}

/// §18.35.3: it may also stand behind a SEQUENCE, alone with it or not.
#[test]
fn inside_a_session() {
    let place = Place::new();
    let mut a: Actor = place.member("a");
    let reply = a.sequenced((2, 1, false), &[op::exchange_id(&place.client_id("other"), V1, 0)]);
    assert_eq!(reply.statuses(), [Status::Ok, Status::Ok]);
}

/// Case 5, with very many locks: nobody waits for all of them to be taken away, neither the new incarnation nor others.
#[test]
fn restarted_owner_with_many_locks() {
    let (mut a, mut b) = two_session_lockers();
    for number in 0..1500 {
        a.lock(write_lock(number * 2, 1)).unwrap();
    }
    assert_eq!(b.test_denied(write_lock(2998, 1)).offset, 2998);
    let mut again = Place::new().stranger_41();
    let id = again.exchange_id(&a.actor.id, V2, 0).unwrap();
    let session = confirm(&mut again, &id);
    b.lock(write_lock(2998, 1)).unwrap();
    b.test(write_lock(0, 2000)).unwrap();
    again.use_session(&session);
    again.reclaim_complete().unwrap();
    b.lock(write_lock(0, u64::MAX)).unwrap();
    refused(a.lock(write_lock(0, 1)), Status::BadSession);
}
