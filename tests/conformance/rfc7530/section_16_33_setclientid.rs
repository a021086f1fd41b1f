//! RFC 7530 §16.33, §16.34, §16.28: SETCLIENTID, its confirmation, RENEW. `v`, `x`, `c`, `s` as in §16.33.5.

use crate::support::{Place, refused, refused_with};
use lockhouse::client::{Client, Credential, Error, write_lock};
use lockhouse::nfs4::Status;

const V1: [u8; 8] = *b"boot one";
const V2: [u8; 8] = *b"boot two";

fn fresh(label: &str) -> (Place, Client, Vec<u8>) {
    let place = Place::new();
    let (client, id) = (place.stranger(), place.client_id(label));
    (place, client, id)
}

/// §16.33.5: a clientid is of no use before it is confirmed.
#[test]
fn unconfirmed_clientid_is_stale() {
    let (place, mut client, id) = fresh("x");
    let (c, s) = client.setclientid(&id, V1).unwrap();
    client.clientid = c;
    refused(client.renew(), Status::StaleClientid);
    let mut owner = lockhouse::client::OpenOwner::new(c, "o");
    let open = lockhouse::client::OpenRequest::create("f");
    refused(client.open(&mut owner, &place.dir, &open), Status::StaleClientid);
    client.setclientid_confirm(c, s).unwrap();
    client.renew().unwrap();
}

/// §16.33.5, last case: different clients have different clientids.
#[test]
fn clientids_differ() {
    let (_place, mut client, id) = fresh("x");
    client.establish(&id, V1).unwrap();
    let first = client.clientid;
    client.establish(&[&id[..], b"y"].concat(), V1).unwrap();
    assert_ne!(client.clientid, first);
}

/// §16.33.5 case 2: the same client with the same verifier updates its callback: same clientid, new confirmation
/// verifier; state stays.
#[test]
fn callback_update_keeps_clientid_and_state() {
    let place = Place::new();
    let (mut a, mut b) = (place.locker("a"), place.locker("b"));
    a.lock(write_lock(0, 1)).unwrap();
    let id = a.actor.id.clone();
    let (c, s) = a.actor.setclientid(&id, *b"verifier").unwrap();
    assert_eq!(c, a.actor.clientid);
    a.actor.renew().unwrap();
    a.actor.setclientid_confirm(c, s).unwrap();
    a.lock(write_lock(1, 1)).unwrap();
    b.lock_denied(write_lock(0, 1));
}

/// §16.33.5 case 3: a restarted client (new verifier) gets a new clientid; its old state goes when that is confirmed,
/// not before.
#[test]
fn reboot_drops_the_old_state_when_confirmed() {
    let place = Place::new();
    let (mut a, mut b) = (place.locker("a"), place.locker("b"));
    a.lock(write_lock(0, 1)).unwrap();
    let mut rebooted = place.stranger();
    let (c, s) = rebooted.setclientid(&a.actor.id, V2).unwrap();
    assert_ne!(c, a.actor.clientid);
    b.lock_denied(write_lock(0, 1));
    a.actor.renew().unwrap();
    rebooted.setclientid_confirm(c, s).unwrap();
    b.lock(write_lock(0, 1)).unwrap();
    refused_with(a.actor.renew(), &[Status::StaleClientid, Status::Expired]);
    let gone = [Status::BadStateid, Status::StaleStateid, Status::Expired, Status::StaleClientid];
    refused_with(a.read(), &gone);
    refused_with(a.unlock(write_lock(0, 1)), &gone);
}

/// §16.33.5 case 3: the share reservations go with it too.
#[test]
fn reboot_drops_opens() {
    let place = Place::new();
    let (mut a, mut b) = (place.actor("a"), place.actor("b"));
    let all = lockhouse::client::OpenRequest::create("f").share(3, 3);
    a.open_as("o", &all).unwrap();
    refused(b.open_as("o", &all), Status::ShareDenied);
    place.stranger().establish(&a.id, V2).unwrap();
    b.open_as("o2", &all).unwrap();
}

/// §16.33.5 case 4: a second SETCLIENTID before the first is confirmed replaces it.
#[test]
fn second_unconfirmed_replaces_the_first() {
    let (_place, mut client, id) = fresh("x");
    let (c1, s1) = client.setclientid(&id, V1).unwrap();
    let (c2, s2) = client.setclientid(&id, V2).unwrap();
    refused(client.setclientid_confirm(c1, s1), Status::StaleClientid);
    client.setclientid_confirm(c2, s2).unwrap();
}

/// §16.33.5 case 1: another principal cannot take over a client that has state: `NFS4ERR_CLID_INUSE`.
#[test]
fn another_principal_is_refused() {
    let place = Place::new();
    let mut a = place.locker("a");
    a.lock(write_lock(0, 1)).unwrap();
    let mut thief = place.stranger();
    thief.credential = Credential::sys(4242, 4242);
    for verifier in [*b"verifier", V2] {
        refused(thief.setclientid(&a.actor.id, verifier), Status::ClidInUse);
    }
    a.actor.renew().unwrap();
}

/// §16.34.5: a confirmation that is sent again is OK.
#[test]
fn confirmation_may_be_repeated() {
    let (_place, mut client, id) = fresh("x");
    let (c, s) = client.setclientid(&id, V1).unwrap();
    client.setclientid_confirm(c, s).unwrap();
    client.setclientid_confirm(c, s).unwrap();
}

/// §16.34.5: a clientid or verifier that belongs to no SETCLIENTID is `NFS4ERR_STALE_CLIENTID`.
#[test]
fn wrong_confirmation_is_stale() {
    let (_place, mut client, id) = fresh("x");
    let (c, s) = client.setclientid(&id, V1).unwrap();
    refused(client.setclientid_confirm(c ^ 0x55aa, s), Status::StaleClientid);
    let mut wrong = s;
    wrong[7] ^= 0xff;
    refused(client.setclientid_confirm(c, wrong), Status::StaleClientid);
    client.setclientid_confirm(c, s).unwrap();
}

/// §16.34.5: only the principal of the SETCLIENTID may confirm it.
#[test]
fn another_principal_cannot_confirm() {
    let (_place, mut client, id) = fresh("x");
    let (c, s) = client.setclientid(&id, V1).unwrap();
    let own = std::mem::replace(&mut client.credential, Credential::sys(4242, 4242));
    refused_with(client.setclientid_confirm(c, s), &[Status::ClidInUse, Status::StaleClientid]);
    client.credential = own;
    client.setclientid_confirm(c, s).unwrap();
}

/// §16.33.5 case 3, §16.34.5: a reboot whose confirmation never comes changes nothing; the old client may even update
/// its callback.
#[test]
fn unconfirmed_reboot_is_forgotten() {
    let place = Place::new();
    let mut a = place.locker("a");
    a.lock(write_lock(0, 1)).unwrap();
    let id = a.actor.id.clone();
    place.stranger().setclientid(&id, V2).unwrap();
    a.actor.establish(&id, *b"verifier").unwrap();
    a.lock(write_lock(1, 1)).unwrap();
}

/// §3.2.10: the id is at most 1024 bytes long; what is longer cannot be decoded. The longest works.
#[test]
fn longest_id() {
    let (_place, mut client, id) = fresh("x");
    let longest: Vec<u8> = id.iter().copied().cycle().take(1024).collect();
    client.establish(&longest, V1).unwrap();
}

/// §16.28: RENEW of a clientid that was never given out.
#[test]
fn renew_of_an_unknown_clientid_is_stale() {
    let (_place, mut client, id) = fresh("x");
    client.establish(&id, V1).unwrap();
    client.clientid ^= 0x0123_4567_89ab_cdef;
    match client.renew() {
        Err(Error::Status { status: Status::StaleClientid, .. }) => {}
        other => panic!("{other:?}"),
    }
}
