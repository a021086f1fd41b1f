//! RFC 7530 §9.5, §9.6: leases, on a server of our own with a lease of two seconds.

use crate::support::server::{self, Server, Target};
use crate::support::{Locker, Place, eventually, refused_with};
use lockhouse::client::{OpenRequest, attr, write_lock};
use lockhouse::nfs4::{Stateid, Status};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

const LEASE: Duration = Duration::from_secs(2);

fn short_lease() -> Option<&'static Target> {
    static SERVER: OnceLock<Option<(Server, Target)>> = OnceLock::new();
    let start = || {
        let server = server::special(&["--lease-time", "2", "--grace-time", "0"])?;
        let target = server.target();
        Some((server, target))
    };
    SERVER.get_or_init(start).as_ref().map(|(_, target)| target)
}

fn place() -> Option<Place> {
    short_lease().cloned().map(Place::on)
}

/// What a client whose lease ran out may hear of its state.
const GONE: [Status; 3] = [Status::Expired, Status::BadStateid, Status::StaleStateid];

/// §5.8.1.11: `lease_time` says how long the lease is.
#[test]
fn lease_time_is_told() {
    let Some(place) = place() else { return };
    let attributes = place.stranger().getattr(&place.dir, &[attr::number::LEASE_TIME]).unwrap();
    assert_eq!(attributes.get_u32(attr::number::LEASE_TIME), Some(2));
}

/// §9.6.3: the locks of a silent client go to who asks for them after the lease; the client then finds its state
/// gone.
#[test]
fn silent_client_loses_its_lock() {
    let Some(place) = place() else { return };
    let (mut a, mut b) = (place.locker("a"), place.locker("b"));
    a.lock(write_lock(0, 10)).unwrap();
    eventually("a's lock, for b", || b.lock(write_lock(5, 1)).ok());
    refused_with(a.unlock(write_lock(0, 10)), &GONE);
    refused_with(a.read(), &GONE);
    refused_with(a.actor.close(&mut a.file), &GONE);
    refused_with(a.actor.renew(), &[Status::Expired, Status::StaleClientid]);
    // It may start again, and then meets what others hold now.
    let id = a.actor.id.clone();
    a.actor.establish(&id, *b"verifier").unwrap();
    let mut again =
        Locker { file: a.actor.open_new("f"), owner: a.actor.lock_owner("again"), actor: a.actor };
    again.lock_denied(write_lock(0, 10));
}

/// §9.6.3: the same for a share reservation.
#[test]
fn silent_client_loses_its_share_reservation() {
    let Some(place) = place() else { return };
    let (mut a, mut b) = (place.actor("a"), place.actor("b"));
    let dir = place.dir.clone();
    let file = a.open_as("denier", &OpenRequest::create("f").share(3, 3)).unwrap();
    let mut owner = b.open_owner("b");
    eventually("a's open, out of b's way", || b.open(&mut owner, &dir, &OpenRequest::existing("f")).ok());
    refused_with(a.read(&file.filehandle, file.stateid, 0, 1), &GONE);
}

/// Runs `renewal` of a client that holds byte 0 until the lease of another client, silent since, has run out; then
/// the byte must still be held. A run in which this machine was too slow to renew in time says nothing and is
/// repeated.
fn keeps_its_lease(renewal: impl Fn(&mut Locker)) {
    let Some(place) = place() else { return };
    for attempt in 0..20 {
        let file = |who: &str| format!("{who} {attempt}");
        let (mut a, mut b, mut silent) =
            (place.locker(&file("a")), place.locker(&file("b")), place.locker(&file("silent")));
        let (held, clock) = (write_lock(attempt * 10, 1), write_lock(attempt * 10 + 1, 1));
        a.lock(held).unwrap();
        silent.lock(clock).unwrap();
        let (mut last, mut longest) = (Instant::now(), Duration::ZERO);
        eventually("the silent client's lock, for b", || {
            renewal(&mut a);
            longest = longest.max(last.elapsed());
            last = Instant::now();
            b.lock(clock).ok()
        });
        let denied = b.lock(held);
        if longest.max(last.elapsed()) < LEASE / 2 {
            assert_eq!(crate::support::denied(denied).clientid, a.actor.clientid);
            return;
        }
    }
    panic!("this machine is too slow to renew a lease of {LEASE:?}");
}

/// §9.5: RENEW renews.
#[test]
fn renew_keeps_the_lease() {
    keeps_its_lease(|a| a.actor.renew().unwrap());
}

/// §9.5: an operation with a valid stateid renews: READ.
#[test]
fn read_keeps_the_lease() {
    keeps_its_lease(|a| drop(a.actor.read(&a.file.filehandle, a.file.stateid, 0, 1).unwrap()));
}

/// §9.5: WRITE with a lock stateid.
#[test]
fn write_keeps_the_lease() {
    keeps_its_lease(|a| assert_eq!(a.write().unwrap().count, 1));
}

/// §9.5: an operation with a valid clientid renews: LOCKT.
#[test]
fn lockt_keeps_the_lease() {
    keeps_its_lease(|a| a.test(write_lock(1 << 40, 1)).unwrap());
}

/// §9.5: LOCK and LOCKU.
#[test]
fn lock_and_unlock_keep_the_lease() {
    keeps_its_lease(|a| {
        a.lock(write_lock(1 << 50, 1)).unwrap();
        a.unlock(write_lock(1 << 50, 1)).unwrap();
    });
}

/// §9.5: operations that name no client do not renew: a client that only looks at attributes is silent.
#[test]
fn getattr_does_not_keep_the_lease() {
    let Some(place) = place() else { return };
    let (mut a, mut b) = (place.locker("a"), place.locker("b"));
    a.lock(write_lock(0, 1)).unwrap();
    eventually("a's lock, for b", || {
        a.actor.getattr(&a.file.filehandle, &[attr::number::SIZE]).unwrap();
        a.actor.read(&a.file.filehandle, Stateid::ANONYMOUS, 0, 1).unwrap();
        b.lock(write_lock(0, 1)).ok()
    });
}
