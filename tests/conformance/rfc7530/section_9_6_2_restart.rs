//! RFC 7530 §9.6.2, §9.6.3: reboots of the server's machine and reclaims, on servers of our own that are killed and
//! started again over the same directory, as in another boot.

use crate::support::disk::{Disk, LONG};
use crate::support::server::Server;
use crate::support::{Actor, Locker, Place, denied, eventually, refused, refused_with};
use lockhouse::client::{Claim, Client, Credential, Error, OpenFile, OpenRequest, op, write_lock};
use lockhouse::nfs4::{Filehandle, Stateid, Status};

/// A locker as it comes back to another instance of the server: same id and verifier, new clientid, its seqids going
/// on.
fn come_back(server: &Server, before: &Locker) -> Client {
    let mut client = Client::connect(server.addr, Credential::sys(0, 0)).expect("a connection");
    client.establish(&before.actor.id, *b"verifier").expect("a clientid");
    client
}

fn reclaim_open(client: &mut Client, before: &Locker) -> Result<OpenFile, Error> {
    let reclaim = OpenRequest { claim: Claim::Previous, ..OpenRequest::existing("") };
    let mut owner = before.file.owner.clone();
    owner.clientid = client.clientid;
    client.open(&mut owner, &before.file.filehandle, &reclaim)
}

/// A lock that is held when the server is killed, and the server that comes after it.
fn restarted(disk: &Disk, grace: &str) -> Option<(Server, Locker)> {
    let first = disk.serve(LONG)?;
    let mut before = Place::on(first.target()).locker("a");
    before.lock(write_lock(10, 10)).unwrap();
    drop(first);
    Some((disk.serve(grace)?, before))
}

fn open_op(clientid: u64, dir: &Filehandle) -> [lockhouse::xdr::generated::nfs4::nfs_argop4; 2] {
    let owner = lockhouse::client::OpenOwner::new(clientid, "opener");
    [op::putfh(dir), OpenRequest::create("new").op(&owner)]
}

/// §9.6.2: another instance knows neither clientids nor stateids of the one before.
#[test]
fn everything_of_the_earlier_instance_is_stale() {
    let disk = Disk::new();
    let Some((server, before)) = restarted(&disk, "0") else { return };
    let mut client = Client::connect(server.addr, Credential::sys(0, 0)).unwrap();
    let old = before.actor.clientid;
    refused(client.compound_ok(&[op::renew(old)]), Status::StaleClientid);
    refused(client.compound_ok(&open_op(old, &before.actor.dir)), Status::StaleClientid);
    refused(client.compound_ok(&[op::release_lockowner(old, b"x")]), Status::StaleClientid);
    let fh = &before.file.filehandle;
    for stateid in [before.file.stateid, before.lock_stateid()] {
        refused(client.read(fh, stateid, 0, 1), Status::StaleStateid);
        refused(client.write(fh, stateid, 0, b"x"), Status::StaleStateid);
        refused(client.compound_ok(&[op::putfh(fh), op::close(1, stateid)]), Status::StaleStateid);
    }
    let unlock = op::locku(write_lock(0, 1).kind, 1, before.lock_stateid(), 0, 1);
    refused(client.compound_ok(&[op::putfh(fh), unlock]), Status::StaleStateid);
}

/// §9.6.2: a client reclaims its opens and locks in the grace period, with its seqids going on as those of Linux do;
/// then they hold.
#[test]
fn client_reclaims_what_it_had() {
    let disk = Disk::new();
    let Some((server, before)) = restarted(&disk, LONG) else { return };
    let mut client = come_back(&server, &before);
    let mut file = reclaim_open(&mut client, &before).unwrap();
    assert!(!file.must_confirm(), "a reclaimed open needs no confirmation (§9.1.11)");
    let mut owner = client_owner(&before, client.clientid);
    client.lock(&mut file, &mut owner, write_lock(10, 10).reclaim()).unwrap();
    client.write(&file.filehandle, owner.stateid(&file.filehandle).unwrap(), 0, b"mine").unwrap();
    client.unlock(&file.filehandle, &mut owner, write_lock(10, 5)).unwrap();
    client.close(&mut file).unwrap_or_else(|error| assert_eq!(error.status(), Some(Status::LocksHeld)));
}

/// The lock owner of `before` under its new clientid: name and seqid go on, its stateids are gone.
fn client_owner(before: &Locker, clientid: u64) -> lockhouse::client::LockOwner {
    let mut owner = lockhouse::client::LockOwner::new(clientid, &before.owner.name);
    owner.seqid = before.owner.seqid;
    owner
}

/// §9.6.2: in the grace period nothing else is granted: `NFS4ERR_GRACE`, for reclaiming clients as for others.
#[test]
fn nothing_new_in_the_grace_period() {
    let disk = Disk::new();
    let Some((server, before)) = restarted(&disk, LONG) else { return };
    let mut other = Client::connect(server.addr, Credential::sys(0, 0)).unwrap();
    other.establish(b"somebody else", *b"verifier").unwrap();
    refused(other.compound_ok(&open_op(other.clientid, &before.actor.dir)), Status::Grace);
    let fh = before.file.filehandle.clone();
    let test = op::lockt(write_lock(0, 1).kind, 0, 1, other.clientid, b"x");
    refused(other.compound_ok(&[op::putfh(&fh), test]), Status::Grace);
    // Special stateids might go against what is reclaimed later (§9.6.2 ¶4: a server may know better).
    match other.write(&fh, Stateid::ANONYMOUS, 0, b"x") {
        Ok(_) => {}
        refusal => refused(refusal, Status::Grace),
    }
    // Nor may a name go whose file somebody has still to reclaim.
    let dir = op::putfh(&before.actor.dir);
    refused(other.compound_ok(&[dir.clone(), op::remove("whatever")]), Status::Grace);
    refused(other.compound_ok(&[dir, op::savefh(), op::rename("whatever", "else")]), Status::Grace);
    let mut client = come_back(&server, &before);
    let mut file = reclaim_open(&mut client, &before).unwrap();
    let mut owner = client_owner(&before, client.clientid);
    refused(client.lock(&mut file, &mut owner, write_lock(10, 10)), Status::Grace);
    // That answer was counted by both owners.
    client.lock(&mut file, &mut owner, write_lock(10, 10).reclaim()).unwrap();
}

/// §9.6.3: who held nothing before the restart has nothing to reclaim.
#[test]
fn stranger_reclaims_nothing() {
    let disk = Disk::new();
    let Some((server, before)) = restarted(&disk, LONG) else { return };
    let mut thief = Client::connect(server.addr, Credential::sys(0, 0)).unwrap();
    thief.establish(b"a thief", *b"verifier").unwrap();
    let allowed = [Status::ReclaimBad, Status::NoGrace];
    refused_with(reclaim_open(&mut thief, &before), &allowed);
}

/// §9.6.2: when the grace period is over, new locks are granted, what was reclaimed holds, and reclaims are
/// `NFS4ERR_NO_GRACE`.
#[test]
fn after_the_grace_period() {
    let disk = Disk::new();
    let Some((server, before)) = restarted(&disk, "3") else { return };
    let mut client = come_back(&server, &before);
    let reclaimed = reclaim_open(&mut client, &before).map(|mut file| {
        let mut owner = client_owner(&before, client.clientid);
        let lock = client.lock(&mut file, &mut owner, write_lock(10, 10).reclaim());
        (file, owner, lock)
    });
    let mut other = Client::connect(server.addr, Credential::sys(0, 0)).unwrap();
    other.establish(b"somebody else", *b"verifier").unwrap();
    let mut opener = lockhouse::client::OpenOwner::new(other.clientid, "opener");
    let request = OpenRequest::existing("f");
    let mut theirs = eventually("an open after the grace period", || {
        other.open(&mut opener, &before.actor.dir, &request).ok()
    });
    let mut locker = lockhouse::client::LockOwner::new(other.clientid, "locker");
    match reclaimed {
        Ok((mut file, mut owner, Ok(_))) => {
            denied(other.lock(&mut theirs, &mut locker, write_lock(0, 11)));
            other.lock(&mut theirs, &mut locker, write_lock(0, 10)).unwrap();
            refused(client.lock(&mut file, &mut owner, write_lock(50, 1).reclaim()), Status::NoGrace);
        }
        // This machine was too slow to reclaim within three seconds: then the lock is free.
        Ok((_, _, late)) => refused(late, Status::NoGrace),
        late => refused(late.map(|_| ()), Status::NoGrace),
    }
}

/// §9.6.3.4.3, the first edge condition's sister: a client that did not come back after one restart cannot reclaim
/// after the next, for others may have had its locks in between.
#[test]
fn client_that_missed_a_whole_instance() {
    let disk = Disk::new();
    let Some((second, before)) = restarted(&disk, "1") else { return };
    // The second instance grants the bytes to somebody else, who gives them back.
    let place = Place { target: second.target(), dir: before.actor.dir.clone(), name: "other".to_owned() };
    let mut other: Actor = place.actor("b");
    let (dir, mut opener) = (place.dir.clone(), other.open_owner("o"));
    let request = OpenRequest::existing("f");
    let mut file =
        eventually("an open after the grace period", || other.open(&mut opener, &dir, &request).ok());
    let mut owner = other.lock_owner("l");
    other.lock(&mut file, &mut owner, write_lock(10, 10)).unwrap();
    other.unlock(&file.filehandle, &mut owner, write_lock(10, 10)).unwrap();
    drop(second);
    let Some(third) = disk.serve(LONG) else { return };
    let mut client = come_back(&third, &before);
    refused_with(reclaim_open(&mut client, &before), &[Status::NoGrace, Status::ReclaimBad]);
}

/// §9.6.2: a reclaim that was made may be made again after a further restart.
#[test]
fn reclaim_after_two_restarts() {
    let disk = Disk::new();
    let Some((second, before)) = restarted(&disk, LONG) else { return };
    let mut client = come_back(&second, &before);
    let mut file = reclaim_open(&mut client, &before).unwrap();
    let mut owner = client_owner(&before, client.clientid);
    client.lock(&mut file, &mut owner, write_lock(10, 10).reclaim()).unwrap();
    drop(second);
    let Some(third) = disk.serve(LONG) else { return };
    let mut client = come_back(&third, &before);
    let mut file = reclaim_open(&mut client, &before).unwrap();
    let mut owner = client_owner(&before, client.clientid);
    client.lock(&mut file, &mut owner, write_lock(10, 10).reclaim()).unwrap();
}

/// §9.6.2: a server that nobody held anything of has nobody to wait for: it grants at once.
#[test]
fn no_grace_period_without_clients() {
    let disk = Disk::new();
    let Some(first) = disk.serve(LONG) else { return };
    drop(Place::on(first.target()));
    drop(first);
    let Some(second) = disk.serve(LONG) else { return };
    Place::on(second.target()).locker("a").lock(write_lock(0, 1)).unwrap();
}
