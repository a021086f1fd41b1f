//! A place of the test's own on the server, and the clients that meet there.

use super::server::{self, Target};
use lockhouse::client::{
    Client, Credential, Denied, Error, LockOwner, LockRequest, OpenFile, OpenOwner, OpenRequest, ReadOk,
    WriteOk,
};
use lockhouse::nfs4::{Filehandle, Stateid};
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A directory that only this test uses.
pub struct Place {
    /// The server it is on.
    pub target: Target,
    /// The directory, open to all users.
    pub dir: Filehandle,
    /// Different for each place, also between runs.
    pub name: String,
}

impl Place {
    /// A new place on the shared server.
    pub fn new() -> Self {
        Self::on(server::shared().clone())
    }

    /// A new place on this server.
    pub fn on(target: Target) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_micros();
        let name = format!("t{}-{}-{now}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut client = connect(&target, Credential::sys(0, 0));
        let mut dir = client.root().expect("a root");
        for component in &target.path {
            dir = client.lookup(&dir, component).expect("the path of the target");
        }
        let dir = client.mkdir(&dir, &name).expect("a directory for the test");
        let open = lockhouse::client::Attributes::new().mode(0o777);
        client.setattr(&dir, Stateid::ANONYMOUS, &open).expect("its mode can be set");
        Self { target, dir, name }
    }

    /// A connection without a clientid, as user 0.
    pub fn stranger(&self) -> Client {
        connect(&self.target, Credential::sys(0, 0))
    }

    /// A client with a confirmed clientid, as user 0.
    pub fn actor(&self, label: &str) -> Actor {
        self.actor_as(label, Credential::sys(0, 0))
    }

    /// A client with a confirmed clientid, as this user.
    pub fn actor_as(&self, label: &str, credential: Credential) -> Actor {
        let mut client = connect(&self.target, credential);
        let id = self.client_id(label);
        client.establish(&id, *b"verifier").expect("a clientid");
        Actor { client, dir: self.dir.clone(), id }
    }

    /// The `nfs_client_id4.id` that [`actor`](Self::actor) uses.
    pub fn client_id(&self, label: &str) -> Vec<u8> {
        format!("{} {label}", self.name).into_bytes()
    }

    /// A client with the file `f` open for reading and writing and a lock owner.
    pub fn locker(&self, label: &str) -> Locker {
        Locker::of(self.actor(label), label)
    }
}

/// Two clients with the same file open.
pub fn two_lockers() -> (Locker, Locker) {
    let place = Place::new();
    (place.locker("a"), place.locker("b"))
}

fn connect(target: &Target, credential: Credential) -> Client {
    Client::connect(target.addr.as_str(), credential).expect("a connection")
}

/// A client with a clientid. Its methods that start a test panic where the test makes no sense without them.
pub struct Actor {
    client: Client,
    /// The directory of the place.
    pub dir: Filehandle,
    /// Its `nfs_client_id4.id`.
    pub id: Vec<u8>,
}

impl Deref for Actor {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Actor {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}

impl Actor {
    /// A client that may use this directory.
    pub fn on(client: Client, dir: Filehandle, id: Vec<u8>) -> Self {
        Self { client, dir, id }
    }

    /// An open owner that has not opened anything yet.
    pub fn open_owner(&self, name: &str) -> OpenOwner {
        OpenOwner::new(self.clientid, name)
    }

    /// A lock owner that has not locked anything yet.
    pub fn lock_owner(&self, name: &str) -> LockOwner {
        LockOwner::new(self.clientid, name)
    }

    /// Opens a file for reading and writing, creating it if needed, as an owner named after the file.
    pub fn open_new(&mut self, name: &str) -> OpenFile {
        self.open_as(&format!("opener of {name}"), &OpenRequest::create(name)).expect("an open")
    }

    /// Opens in the place's directory as a new owner with this name.
    pub fn open_as(&mut self, owner: &str, request: &OpenRequest) -> Result<OpenFile, Error> {
        let (mut owner, dir) = (self.open_owner(owner), self.dir.clone());
        self.client.open(&mut owner, &dir, request)
    }
}

/// A client, a file it has open, and a lock owner there.
pub struct Locker {
    /// The client.
    pub actor: Actor,
    /// The file.
    pub file: OpenFile,
    /// The lock owner.
    pub owner: LockOwner,
}

impl Locker {
    /// Opens the file `f`.
    pub fn of(mut actor: Actor, label: &str) -> Self {
        let file = actor.open_new("f");
        let owner = actor.lock_owner(&format!("{label}'s lock owner"));
        Self { actor, file, owner }
    }

    /// LOCK.
    pub fn lock(&mut self, request: LockRequest) -> Result<Stateid, Error> {
        self.actor.lock(&mut self.file, &mut self.owner, request)
    }

    /// LOCK by another lock owner of the same client.
    pub fn lock_as(&mut self, owner: &mut LockOwner, request: LockRequest) -> Result<Stateid, Error> {
        self.actor.lock(&mut self.file, owner, request)
    }

    /// LOCKU.
    pub fn unlock(&mut self, range: LockRequest) -> Result<Stateid, Error> {
        self.actor.unlock(&self.file.filehandle, &mut self.owner, range)
    }

    /// LOCKT.
    pub fn test(&mut self, request: LockRequest) -> Result<(), Error> {
        self.actor.test_lock(&self.file.filehandle, &self.owner, request)
    }

    /// LOCK that must be denied: by what.
    #[track_caller]
    pub fn lock_denied(&mut self, request: LockRequest) -> Denied {
        super::denied(self.lock(request))
    }

    /// LOCKT that must be denied: by what.
    #[track_caller]
    pub fn test_denied(&mut self, request: LockRequest) -> Denied {
        super::denied(self.test(request))
    }

    /// READ of one byte with the lock stateid.
    pub fn read(&mut self) -> Result<ReadOk, Error> {
        let stateid = self.lock_stateid();
        self.actor.read(&self.file.filehandle, stateid, 0, 1)
    }

    /// WRITE of one byte with the lock stateid.
    pub fn write(&mut self) -> Result<WriteOk, Error> {
        let stateid = self.lock_stateid();
        self.actor.write(&self.file.filehandle, stateid, 0, b"x")
    }

    /// The lock stateid on the file, after a LOCK.
    pub fn lock_stateid(&self) -> Stateid {
        self.owner.stateid(&self.file.filehandle).expect("a lock before")
    }
}
