//! Waiters over a restart: who was denied and waits is served after it, and what the holder still has goes to nobody else.

use crate::load::{PAUSE, SharedFile, connect};
use crate::oracle::{Counts, Oracle};
use crate::random::Random;
use crate::verify::generation;
use lockhouse::client::{
    Client, Connection, Error, LockOwner, LockRequest, OpenFile, OpenOwner, OpenRequest, Patience, Reconnect,
    write_lock,
};
use lockhouse::nfs4::{Stateid, Status};
use lockhouse::xdr::generated::nfs4::channel_dir_from_client4;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// The minor versions of who is here; the roles change.
const MINORS: [u32; 4] = [0, 1, 2, 0];
/// How often waiters ask, and for how long: far longer than anybody may be passed over at this pace.
const PATIENCE: Patience = Patience { poll: Duration::from_millis(200), give_up: Duration::from_secs(60) };
/// How long the server may be away.
const AWAY: Duration = Duration::from_secs(120);
/// What they fight for.
const LOCK: LockRequest = write_lock(0, 10);

struct Actor {
    client: Client,
    file: OpenFile,
    owner: LockOwner,
}

/// Who holds, who waits and who comes late, and what was true before the restart.
struct Scene {
    holder: usize,
    first: usize,
    second: usize,
    late: usize,
    generation: u64,
}

/// A file of its own, with four clients.
pub struct Queue {
    addr: SocketAddr,
    actors: Vec<Actor>,
    scene: Option<Scene>,
    random: Random,
}

impl Actor {
    fn lock(&mut self, request: LockRequest) -> Result<Stateid, Error> {
        self.client.lock(&mut self.file, &mut self.owner, request)
    }

    fn unlock(&mut self) -> Result<(), Error> {
        self.client.unlock(&self.file.filehandle, &mut self.owner, LOCK).map(drop)
    }

    fn is_denied(&mut self, request: LockRequest) -> Result<bool, Error> {
        match self.lock(request) {
            Ok(_) => Ok(false),
            Err(error) if error.status() == Some(Status::Denied) => Ok(true),
            Err(error) => Err(error),
        }
    }
}

/// Connects however often it takes.
fn reconnect(addr: SocketAddr) -> Reconnect {
    Reconnect(Box::new(move || {
        let deadline = Instant::now() + AWAY;
        loop {
            match Connection::connect(addr) {
                Err(_) if Instant::now() < deadline => std::thread::sleep(PAUSE),
                outcome => return outcome,
            }
        }
    }))
}

impl Queue {
    /// Opens the file.
    pub fn new(addr: SocketAddr, beside: &SharedFile, seed: u64) -> Result<Self, Error> {
        let mut actors = Vec::new();
        for (index, minor) in MINORS.into_iter().enumerate() {
            let mut client = connect(addr, minor, &format!("crash waiter {index}"))?;
            client.reconnect = Some(reconnect(addr));
            if let Some(session) = &mut client.session {
                session.cache = true;
            }
            let mut opener = OpenOwner::new(client.clientid, "opener");
            let file = client.open(&mut opener, &beside.directory, &OpenRequest::create("queue"))?;
            let owner = LockOwner::new(client.clientid, "locker");
            actors.push(Actor { client, file, owner });
        }
        Ok(Self { addr, actors, scene: None, random: Random::new(seed) })
    }

    /// Before the restart: one holds the lock, two wait for it.
    pub fn before(&mut self, oracle: &Oracle) {
        match self.try_before() {
            Ok(scene) => self.scene = Some(scene),
            Err(error) => oracle.violation("locks and waiters cannot be set up", "waiters", &error),
        }
    }

    fn try_before(&mut self) -> Result<Scene, String> {
        let text = |error: Error| error.to_string();
        let mut roles = [0, 1, 2, 3];
        self.random.shuffle(&mut roles);
        let [holder, first, second, late] = roles;
        for actor in self.actors.iter_mut().filter(|actor| actor.client.session.is_some()) {
            if self.random.percent(50) {
                let connection = Connection::connect(self.addr).map_err(text)?;
                let both = channel_dir_from_client4::CDFC4_FORE_OR_BOTH;
                actor.client.bind_connection(connection, both).map_err(text)?;
            }
        }
        self.actors[holder].lock(LOCK).map_err(text)?;
        let generation = self.generation()?;
        for waiter in [first, second] {
            if !self.actors[waiter].is_denied(LOCK.blocking()).map_err(text)? {
                return Err("two hold the lock".to_owned());
            }
        }
        Ok(Scene { holder, first, second, late, generation })
    }

    fn generation(&mut self) -> Result<u64, String> {
        let file = self.actors[2].file.filehandle.clone();
        generation(&mut self.actors[2].client, &file).map_err(|(kind, details)| format!("{kind}: {details}"))
    }

    /// After the restart: all is as it was.
    pub fn after(&mut self, oracle: &Oracle) {
        let Some(scene) = self.scene.take() else { return };
        match self.try_after(&scene) {
            Ok(()) => Counts::add(&oracle.counts.waiters),
            Err((kind, details)) => {
                let minors = [scene.holder, scene.first, scene.second, scene.late].map(|role| MINORS[role]);
                let who = "waiters";
                oracle.violation(
                    &kind,
                    who,
                    &format!("  {details}; versions of holder, waiters, late: {minors:?}"),
                );
            }
        }
    }

    fn try_after(&mut self, scene: &Scene) -> Result<(), (String, String)> {
        let Scene { holder, first, second, late, .. } = *scene;
        let fails = |error: Error| ("a waiter or holder is refused".to_owned(), error.to_string());
        let number = self.generation().map_err(|error| ("a generation cannot be read".to_owned(), error))?;
        if number != scene.generation {
            let details = format!("{number} after {}, and the lock is held", scene.generation);
            return Err(("a restart changes a lock generation".to_owned(), details));
        }
        if !self.actors[late].is_denied(LOCK).map_err(fails)? {
            return Err(("a granted lock is lost".to_owned(), "its holder had not given it up".to_owned()));
        }
        self.actors[holder].unlock().map_err(fails)?;
        for waiter in [first, second] {
            self.serve(waiter, late)?;
        }
        let number = self.generation().map_err(|error| ("a generation cannot be read".to_owned(), error))?;
        self.release_all().map_err(fails)?;
        if number <= scene.generation {
            let details = format!("{number} after {} and a grant", scene.generation);
            return Err(("a lock generation does not grow".to_owned(), details));
        }
        Ok(())
    }

    /// One that waits gets the lock, nobody else has it then, and it gives it back.
    fn serve(&mut self, waiter: usize, late: usize) -> Result<(), (String, String)> {
        let fails = |error: Error| ("a waiter is not served".to_owned(), error.to_string());
        let Actor { client, file, owner } = &mut self.actors[waiter];
        client.lock_wait(file, owner, LOCK, PATIENCE).map_err(fails)?;
        if !self.actors[late].is_denied(LOCK).map_err(fails)? {
            return Err(("two hold a lock".to_owned(), "one that waited, and one that came late".to_owned()));
        }
        self.actors[waiter].unlock().map_err(fails)
    }

    /// Nobody holds anything or waits.
    fn release_all(&mut self) -> Result<(), Error> {
        for actor in &mut self.actors {
            if actor.owner.stateid(&actor.file.filehandle).is_some() {
                actor.unlock()?;
            }
        }
        for actor in &mut self.actors {
            actor.client.lock_wait(&mut actor.file, &mut actor.owner, LOCK, PATIENCE)?;
            actor.unlock()?;
        }
        Ok(())
    }
}
