//! RFC 8881 §8.4.2, §8.4.3, §18.51: reboots of the server's machine and reclaims of clients with sessions, on servers of
//! our own that are killed and started again over the same directory, as in another boot.

use crate::support::disk::{Disk, LONG};
use crate::support::server::Server;
use crate::support::{Locker, Place, eventually, refused};
use lockhouse::client::{
    Claim, Client, Credential, Error, OpenFile, OpenOwner, OpenRequest, SessionRequest, op, write_lock,
};
use lockhouse::nfs4::Status;

/// The client of this id, with a session on another instance of the server.
fn come_back(server: &Server, id: &[u8]) -> Client {
    let mut client = Client::connect(server.addr, Credential::sys(0, 0)).expect("a connection");
    client.begin_session(1, &SessionRequest::new(id, *b"verifier")).expect("a session");
    client
}

fn open(client: &mut Client, before: &Locker, claim: Claim) -> Result<OpenFile, Error> {
    let mut owner = OpenOwner::new(client.clientid, "opener of f");
    client.open(&mut owner, &before.file.filehandle, &OpenRequest::existing("").claim(claim))
}

/// §8.4.2.1, §18.51.3: reclaims until RECLAIM_COMPLETE, nothing new before all clients are back, also those that had
/// nothing open.
#[test]
fn grace_lasts_until_everybody_is_back() {
    let disk = Disk::new();
    let Some(first) = disk.serve(LONG) else { return };
    let place = Place::on(first.target());
    let mut before = place.session_locker("holder");
    before.lock(write_lock(10, 10)).unwrap();
    let idle = place.member("idle").id.clone();
    drop(first);
    let Some(server) = disk.serve(LONG) else { return };
    let mut client = come_back(&server, &before.actor.id);
    refused(open(&mut client, &before, Claim::Fh), Status::Grace);
    let mut file = open(&mut client, &before, Claim::Previous).unwrap();
    let mut owner = before.owner.clone();
    owner = lockhouse::client::LockOwner::new(client.clientid, std::str::from_utf8(&owner.name).unwrap());
    client.lock(&mut file, &mut owner, write_lock(10, 10).reclaim()).unwrap();
    client.reclaim_complete().unwrap();
    refused(client.reclaim_complete(), Status::CompleteAlready);
    refused(open(&mut client, &before, Claim::Previous), Status::NoGrace);
    refused(open(&mut client, &before, Claim::Fh), Status::Grace);
    refused(client.lock(&mut file, &mut owner, write_lock(50, 1)), Status::Grace);
    // The other one has nothing to reclaim, and says so.
    come_back(&server, &idle).reclaim_complete().unwrap();
    open(&mut client, &before, Claim::Fh).unwrap();
    client.lock(&mut file, &mut owner, write_lock(50, 1)).unwrap();
}

/// §8.4.3, second edge condition: it did not say that it had reclaimed everything before grace ended, and the server
/// gave out new locks since.
#[test]
fn half_a_reclaim_is_no_claim_in_the_next_grace_period() {
    let disk = Disk::new();
    let Some(first) = disk.serve(LONG) else { return };
    let before = Place::on(first.target()).session_locker("holder");
    drop(first);
    let Some(second) = disk.serve("1") else { return };
    open(&mut come_back(&second, &before.actor.id), &before, Claim::Previous).unwrap();
    let place = Place::on(second.target());
    let mut other = place.member("other");
    eventually("the end of grace", || other.open_as("o", &OpenRequest::create("f")).ok());
    drop(second);
    let Some(third) = disk.serve(LONG) else { return };
    let mut client = come_back(&third, &before.actor.id);
    refused(open(&mut client, &before, Claim::Previous), Status::NoGrace);
    client.reclaim_complete().unwrap();
}

/// §8.4.2.1: the sessions and clientids of the earlier instance are not known.
#[test]
fn sessions_of_the_earlier_instance_are_gone() {
    let disk = Disk::new();
    let Some(first) = disk.serve(LONG) else { return };
    let mut before = Place::on(first.target()).session_locker("holder");
    let (session, clientid) = (before.actor.session_id(), before.actor.clientid);
    before.lock(write_lock(10, 10)).unwrap();
    drop(first);
    let Some(server) = disk.serve(LONG) else { return };
    let mut client = Client::connect(server.addr, Credential::sys(0, 0)).unwrap();
    client.minor = 1;
    let reply = client.compound_raw(1, &[op::sequence(session, 0, 9, false)]).unwrap();
    assert_eq!(reply.status, Status::BadSession);
    let reply = client.compound_raw(1, &[op::destroy_clientid(clientid)]).unwrap();
    assert_eq!(reply.status, Status::StaleClientid);
}
