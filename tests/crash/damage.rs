//! Parts of the state directory are damaged while the server is down, and what it then makes of them: either everything
//! is as it was, or all state is gone and nobody gets anything new before its holders can have heard of it. Never may a
//! holder keep what a rival gets.

use crate::load::{Shared, connect};
use crate::oracle::Oracle;
use crate::random::Random;
use lockhouse::client::{
    Client, Connection, Error, LockOwner, OpenFile, OpenOwner, OpenRequest, op, write_lock,
};
use lockhouse::nfs4::Status;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Files longer than this are not kept to be put back.
const KEPT_BYTES_MAX: u64 = 1 << 20;
/// Of a hundred damages so many are of two files.
const TWO: u64 = 20;
/// Of a hundred damages after so many the files are kept, to be put back later.
const KEEP: u64 = 40;

/// What becomes of a file.
#[derive(Clone, Copy, Debug)]
enum Act {
    Delete,
    Empty,
    Cut,
    Flip,
    SetBack,
}

/// What was done over a run, and what came of it.
#[derive(Debug, Default)]
pub struct Damages {
    /// How often which part was damaged: warm, cold, refused.
    outcomes: BTreeMap<String, [u64; 3]>,
    /// Clientids that were given to sentinels: none is given twice, whatever is lost.
    clientids: BTreeSet<u64>,
    /// Files as they once were.
    copies: BTreeMap<PathBuf, Vec<u8>>,
    /// Sentinels and rivals there were.
    named: u64,
}

/// What was done to the directory, and how to undo it.
pub struct Done {
    what: Vec<String>,
    parts: Vec<String>,
    before: Vec<(PathBuf, Vec<u8>)>,
    /// Where the whole store is, when it was taken away.
    store_aside: Option<PathBuf>,
}

/// Which of two ways the server began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything should be as it was.
    Warm,
    /// All state is gone.
    Cold,
    /// It did not start before the damage was undone.
    Refused,
}

/// Somebody who holds a lock while the server is down.
pub struct Sentinel {
    client: Client,
    file: OpenFile,
    owner: LockOwner,
    name: String,
}

impl Damages {
    fn name(&mut self, what: &str) -> String {
        self.named += 1;
        format!("crash {what} {}", self.named)
    }

    /// A client with a lock on a file of its own.
    pub fn sentinel(&mut self, addr: SocketAddr, minor: u32, oracle: &Oracle) -> Result<Sentinel, Error> {
        let name = self.name("sentinel");
        let mut client = connect(addr, minor, &name)?;
        if !self.clientids.insert(client.clientid) {
            oracle.violation("a clientid is given out twice", "damage", &format!("  {:x}", client.clientid));
        }
        let root = client.root()?;
        let mut opener = OpenOwner::new(client.clientid, "opener");
        let mut file = client.open(&mut opener, &root, &OpenRequest::create(&*name))?;
        let mut owner = LockOwner::new(client.clientid, "locker");
        client.lock(&mut file, &mut owner, write_lock(0, 10))?;
        Ok(Sentinel { client, file, owner, name })
    }

    /// Damages something in the state directory, whose server is down.
    pub fn apply(&mut self, state: &Path, random: &mut Random) -> Done {
        let mut done = Done { what: Vec::new(), parts: Vec::new(), before: Vec::new(), store_aside: None };
        let count = if random.percent(TWO) { 2 } else { 1 };
        for _ in 0..count {
            let part = random.pick(&["epoch", "clients", "handle-secret", "handles-", "store/", "store"]);
            if part == "store" && done.what.is_empty() {
                let aside = state.join("taken-away");
                std::fs::rename(state.join("store"), &aside).expect("the store is there");
                done.note("store", "Delete", "");
                done.store_aside = Some(aside);
                continue;
            }
            let act = random.pick(&[Act::Delete, Act::Empty, Act::Cut, Act::Flip, Act::SetBack]);
            // Two that are put back together are the past, which nobody can tell from the present.
            let act = if matches!(act, Act::SetBack) && count > 1 { Act::Flip } else { act };
            let files = files(state);
            // What was set aside, or was being written, says nothing.
            let of_part = |path: &&PathBuf| {
                let name = relative(path, state);
                name.starts_with(part) && !name.ends_with(".damaged") && !name.ends_with(".new")
            };
            let candidates: Vec<_> = files.iter().filter(of_part).collect();
            if candidates.is_empty() {
                continue;
            }
            let path = candidates[random.index(candidates.len())];
            self.damage(path, part, act, state, random, &mut done);
        }
        if random.percent(KEEP) {
            self.keep(state);
        }
        done
    }

    fn damage(&self, path: &Path, part: &str, act: Act, state: &Path, random: &mut Random, done: &mut Done) {
        let before = std::fs::read(path).expect("it is there");
        let mut after = before.clone();
        match act {
            Act::Delete => {}
            Act::Empty => after.clear(),
            Act::Cut => after.truncate(random.index(before.len().max(1))),
            Act::Flip if before.is_empty() => after.push(1),
            Act::Flip => after[random.index(before.len())] ^= 1 << random.below(8),
            Act::SetBack => match self.copies.get(path) {
                Some(copy) => after.clone_from(copy),
                None => return,
            },
        }
        match act {
            Act::Delete => std::fs::remove_file(path).expect("removed"),
            _ => std::fs::write(path, after).expect("written"),
        }
        done.before.push((path.to_owned(), before));
        done.note(part, &format!("{act:?}"), &relative(path, state));
    }

    fn keep(&mut self, state: &Path) {
        let short = |path: &PathBuf| std::fs::metadata(path).is_ok_and(|found| found.len() <= KEPT_BYTES_MAX);
        let files = files(state).into_iter().filter(short);
        self.copies = files.filter_map(|path| Some((path.clone(), std::fs::read(path).ok()?))).collect();
    }

    /// Notes what came of it.
    pub fn came_of(&mut self, done: &Done, outcome: Outcome) {
        for part in &done.parts {
            self.outcomes.entry(part.clone()).or_default()[outcome as usize] += 1;
        }
    }

    /// What was done, and what came of it, a line for each part.
    pub fn report(&self) -> String {
        let line = |(part, [warm, cold, refused]): (&String, &[u64; 3])| {
            format!("  {part:24} warm {warm:4}  cold {cold:4}  refused {refused:4}\n")
        };
        self.outcomes.iter().map(line).collect()
    }

    /// Everything is as it was: a file has the handle that it had, who holds a lock holds it, and no rival gets it.
    pub fn check_warm(&mut self, shared: &Shared, sentinels: Vec<Sentinel>) -> Result<(), String> {
        let name = self.name("rival");
        let mut rival = connect(shared.addr, 0, &name).map_err(text)?;
        for file in &shared.files {
            let found = rival.lookup(&file.directory, &file.name).map_err(text)?;
            if found != file.filehandle {
                return Err(format!("{} has another handle", file.name));
            }
        }
        let root = rival.root().map_err(text)?;
        for mut sentinel in sentinels {
            sentinel.client.use_connection(Connection::connect(shared.addr).map_err(text)?);
            let found = rival.lookup(&root, &sentinel.name).map_err(text)?;
            let owner = LockOwner::new(rival.clientid, "rival");
            match rival.test_lock(&found, &owner, write_lock(0, 10)) {
                Err(Error::Denied(_)) => {}
                other => return Err(format!("a rival of {} is told {other:?}", sentinel.name)),
            }
            let file = sentinel.file.filehandle.clone();
            sentinel.client.unlock(&file, &mut sentinel.owner, write_lock(0, 10)).map_err(text)?;
            sentinel.client.close(&mut sentinel.file).map_err(text)?;
        }
        Ok(())
    }

    /// All state is gone, its holders are told so, and rivals have to wait.
    pub fn check_cold(&mut self, addr: SocketAddr, sentinels: Vec<Sentinel>) -> Result<(), String> {
        for mut sentinel in sentinels {
            sentinel.client.use_connection(Connection::connect(addr).map_err(text)?);
            let (status, want) = match sentinel.client.session {
                None => (sentinel.client.renew().map_err(|error| error.status()), Status::StaleClientid),
                Some(_) => {
                    (sentinel.client.root().map(drop).map_err(|error| error.status()), Status::BadSession)
                }
            };
            if status != Err(Some(want)) {
                return Err(format!("{} is told {status:?} and not {want}", sentinel.name));
            }
            let name = self.name("rival");
            let mut rival = connect(addr, 0, &name).map_err(text)?;
            if !self.clientids.insert(rival.clientid) {
                return Err(format!("the clientid {:x} is given out twice", rival.clientid));
            }
            let root = rival.root().map_err(text)?;
            let found = rival.lookup(&root, &sentinel.name).map_err(text)?;
            let stateid = sentinel.owner.stateid(&sentinel.file.filehandle).ok_or("no stateid")?;
            let read = rival.compound(&[op::putfh(&found), op::read(stateid, 0, 1)]).map_err(text)?;
            if read.status == Status::Ok {
                return Err("the stateid of a lock that is gone is good".to_owned());
            }
            let mut opener = OpenOwner::new(rival.clientid, "opener");
            let opened = rival.open(&mut opener, &root, &OpenRequest::existing(&*sentinel.name));
            if opened.as_ref().err().and_then(Error::status) != Some(Status::Grace) {
                return Err(format!("a rival's OPEN is answered {:?}", opened.map(|_| ())));
            }
        }
        Ok(())
    }
}

impl Done {
    fn note(&mut self, part: &str, act: &str, path: &str) {
        self.what.push(format!("{act} {part} {path}"));
        self.parts.push(format!("{part} {act}"));
    }

    /// What was done, for people.
    pub fn story(&self) -> String {
        self.what.join(", ")
    }

    /// Brings everything back.
    pub fn undo(self, state: &Path) {
        if let Some(aside) = &self.store_aside {
            let _ = std::fs::remove_dir_all(state.join("store"));
            std::fs::rename(aside, state.join("store")).expect("put back");
        }
        for (path, bytes) in self.before.into_iter().rev() {
            std::fs::write(path, bytes).expect("put back");
        }
    }

    /// It stays as it is.
    pub fn keep(self) {
        if let Some(aside) = self.store_aside {
            let _ = std::fs::remove_dir_all(aside);
        }
    }
}

/// All files of the state directory that say something.
fn files(state: &Path) -> Vec<PathBuf> {
    let of = |dir: PathBuf| {
        let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| path.is_file())
    };
    let mut files: Vec<_> = of(state.to_owned()).chain(of(state.join("store"))).collect();
    files.sort();
    files
}

fn relative(path: &Path, state: &Path) -> String {
    path.strip_prefix(state).unwrap_or(path).to_string_lossy().into_owned()
}

fn text(error: Error) -> String {
    error.to_string()
}
