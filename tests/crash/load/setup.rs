//! How clients and the files they share come to be.

use super::owners::{Locker, Open};
use super::private::Private;
use super::{Phase, Shared, Worker};
use crate::oracle::Oracle;
use crate::random::Random;
use lockhouse::client::{Client, Credential, Error, OpenOwner, OpenRequest, SessionRequest};
use lockhouse::nfs4::Filehandle;
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64};
use std::sync::{Arc, Barrier};

/// Files that are locked; each second one is in the directory `locks`.
const LOCKED: usize = 10;
/// Files that are opened for what that denies to others.
const DENIED: usize = 6;
/// Open_owners and lock_owners of each client.
const OPENS: usize = 48;
const LOCKERS: usize = 400;
/// Slots that a session asks for.
const SLOTS: u32 = 32;

/// A file that all clients use.
#[derive(Clone, Debug)]
pub struct SharedFile {
    /// Where it is.
    pub directory: Filehandle,
    /// Its name there.
    pub name: String,
    /// Itself.
    pub filehandle: Filehandle,
    /// It is opened for what that denies to others, and hardly locked.
    pub denied: bool,
}

/// A client with a clientid or a session.
pub fn connect(addr: SocketAddr, minor: u32, name: &str) -> Result<Client, Error> {
    let mut client = Client::connect(addr, Credential::sys(0, 0))?;
    let verifier = *b"crashing";
    if minor == 0 {
        client.establish(name.as_bytes(), verifier)?;
    } else {
        let mut request = SessionRequest::new(name.as_bytes(), verifier);
        request.slots = SLOTS;
        client.begin_session(minor, &request)?;
        client.reclaim_complete()?;
    }
    Ok(client)
}

impl Shared {
    /// Makes the files and what the clients share; a holder has them open, so that their state never ends.
    pub fn new(addr: SocketAddr, clients: usize, holder: &mut Client) -> Result<Self, Error> {
        let root = holder.root()?;
        let locks = holder.mkdir(&root, "locks")?;
        let mut owner = OpenOwner::new(holder.clientid, "holder");
        let mut files = Vec::new();
        for number in 0..LOCKED + DENIED {
            let denied = number >= LOCKED;
            let directory = if number % 2 == 0 { root.clone() } else { locks.clone() };
            let name = format!("{}{number}", if denied { "denied" } else { "locked" });
            let mut file = holder.open(&mut owner, &directory, &OpenRequest::create(&name))?;
            if denied {
                holder.close(&mut file)?;
                owner = file.owner;
            }
            files.push(SharedFile { directory, name, filehandle: file.filehandle, denied });
        }
        Ok(Self {
            addr,
            oracle: Oracle::new(files.len()),
            files,
            gate: Barrier::new(clients + 1),
            clients,
            breaks: AtomicU64::new(0),
            saboteur: AtomicU64::new(0),
            thorough: AtomicBool::new(false),
            phase: AtomicU8::new(Phase::Run as u8),
        })
    }
}

impl Worker {
    /// Client number `id` of this minor version.
    pub fn new(shared: &Arc<Shared>, id: usize, minor: u32, seed: u64) -> Result<Self, Error> {
        let mut client = connect(shared.addr, minor, &format!("crash client {id}"))?;
        let clientid = client.clientid;
        let private = Private::make(&mut client, &format!("private{id}"))?;
        let opens = (0..OPENS).map(|open| Open::new(clientid, &format!("opener {open}"), open % 2 == 1));
        let lockers = (0..LOCKERS).map(|locker| Locker::new(clientid, &format!("locker {locker}")));
        Ok(Self {
            id,
            shared: Arc::clone(shared),
            random: Random::new(seed),
            opens: opens.collect(),
            lockers: lockers.collect(),
            pending: BTreeMap::new(),
            slots: BTreeMap::new(),
            lost: false,
            again: false,
            prober: OpenOwner::new(clientid, "prober"),
            history: VecDeque::new(),
            breaks: 0,
            private,
            client,
        })
    }
}
