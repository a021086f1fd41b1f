//! How long a warm restart with many locks takes, from the start of the new process to the first LOCK that a client is
//! granted that was there before. Only prints: timing decides nothing.

use crate::from_environment;
use crate::load::{PAUSE, connect};
use crate::server::{End, Site};
use lockhouse::client::{Client, Connection, LockOwner, OpenOwner, OpenRequest, op, write_lock};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Clients; a server takes some more connections than that.
const CLIENTS: usize = 1000;
/// Files that they share.
const FILES: usize = 100;
/// Threads that make the locks.
const THREADS: usize = 4;
/// LOCKs in flight of one client.
const WINDOW: usize = 16;

/// A client, what it has open, and who locks.
struct Holder {
    id: usize,
    client: Client,
    file: lockhouse::client::OpenFile,
    owner: LockOwner,
}

/// Client number `id`, with so many locks in one file, no two of them side by side.
fn holder(addr: SocketAddr, id: usize, locks: usize) -> Holder {
    let mut client = connect(addr, 1, &format!("measured client {id}")).expect("a session");
    let root = client.root().expect("a root");
    let request = OpenRequest::create(format!("f{}", id % FILES));
    let mut opener = OpenOwner::new(client.clientid, "opener");
    let mut file = client.open(&mut opener, &root, &request).expect("an open");
    let mut owner = LockOwner::new(client.clientid, "locker");
    let offset = |lock: usize| ((id / FILES * locks + lock) * 4) as u64;
    let first = client.lock(&mut file, &mut owner, write_lock(offset(0), 1)).expect("a lock");
    let newest = lockhouse::nfs4::Stateid { seqid: 0, ..first };
    for window in (1..locks).collect::<Vec<_>>().chunks(WINDOW) {
        let calls: Vec<_> = window
            .iter()
            .map(|lock| {
                let lock = write_lock(offset(*lock), 1).op_known_owner(newest, 0);
                client.send(&[op::putfh(&file.filehandle), lock]).expect("a slot")
            })
            .collect();
        calls.into_iter().for_each(|call| drop(client.receive(call).and_then(|r| r.ok()).expect("a lock")));
    }
    owner.set_stateid(&file.filehandle, newest);
    Holder { id, client, file, owner }
}

/// All clients with all their locks.
fn holders(addr: SocketAddr, locks: usize) -> Vec<Holder> {
    let each = locks.div_ceil(CLIENTS);
    let ids: Vec<_> = (0..CLIENTS).collect();
    std::thread::scope(|scope| {
        let make = |ids: &[usize]| ids.iter().map(|id| holder(addr, *id, each)).collect::<Vec<_>>();
        let threads = ids.chunks(CLIENTS.div_ceil(THREADS)).map(|ids| scope.spawn(move || make(ids)));
        let threads: Vec<_> = threads.collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("its locks are made")).collect()
    })
}

/// The first LOCK after the restart, on a new connection, and how the time went: until the connection, until the grant.
fn first_lock(
    addr: SocketAddr,
    holder: &mut Holder,
    started: Instant,
) -> Result<(Duration, Duration), String> {
    let connection = loop {
        match Connection::connect(addr) {
            Ok(connection) => break connection,
            Err(_) if started.elapsed() < Duration::from_secs(120) => std::thread::sleep(PAUSE / 4),
            Err(error) => return Err(error.to_string()),
        }
    };
    let connected = started.elapsed();
    holder.client.use_connection(connection);
    let Holder { id, client, file, owner } = holder;
    let free = write_lock((1 << 40) + *id as u64 * 4, 1);
    let granted = client.lock(file, owner, free).map(|_| started.elapsed());
    granted.map(|granted| (connected, granted)).map_err(|error| error.to_string())
}

/// Bytes of all files in the state directory.
fn bytes_in(state: &std::path::Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(state) else { return 0 };
    let bytes = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(data) if data.is_dir() => bytes_in(&entry.path()),
        Ok(data) => data.len(),
        Err(_) => 0,
    };
    entries.flatten().map(bytes).sum()
}

/// `LOCKHOUSE_CRASH_MEASURE=100000`: with so many locks of 1000 clients.
#[test]
fn measure() {
    let Some(locks) = from_environment("LOCKHOUSE_CRASH_MEASURE") else { return };
    let site = Site::new(false);
    let server = site.start();
    server.wait_listening().expect("the server starts");
    let begun = Instant::now();
    let mut holders = holders(site.addr, locks as usize);
    eprintln!("{locks} locks of {CLIENTS} clients made in {:.1?}", begun.elapsed());
    server.end(End::Kill).expect("a kill needs no answer");
    eprintln!("state directory: {} bytes", bytes_in(site.state()));
    let started = Instant::now();
    let server = site.start();
    let first = first_lock(site.addr, &mut holders[0], started);
    match first {
        Ok((connected, granted)) => {
            eprintln!("restart: connected after {connected:.1?}, first LOCK after {granted:.1?}")
        }
        Err(error) => eprintln!("restart: no LOCK: {error}"),
    }
    server.wait_listening().expect("the server listens");
    let again = Instant::now();
    let rest = holders.iter_mut().skip(1);
    let back = rest.map(|holder| first_lock(site.addr, holder, again)).filter(Result::is_ok).count();
    eprintln!("{back} of the other clients got a LOCK within {:.1?}", again.elapsed());
}
